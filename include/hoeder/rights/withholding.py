"""Parts of a copy that the person does not get, each with its ground (GDPR 15(4), 20(4); UAVG 41).

An officer who grants a copy may leave out a table or prefix, a column, a category, or single records: the rest is
handed over, and the letter says what is not and why.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hoeder.errors import Refused
from hoeder.persons.person import Certainty, Found
from hoeder.policy import Policy
from hoeder.policy.base import place_of
from hoeder.policy.disclosures import below
from hoeder.policy.person_facing import as_declared, column_name, place_name
from hoeder.policy.vocabulary import vocabulary
from hoeder.rights.case import Case, Right, What
from hoeder.rights.gathered import Gathered
from hoeder.rights.refusal import Refusal

GROUNDS = (Refusal.RIGHTS_OF_OTHERS, Refusal.EXCEPTION)
"""On which part of a copy can be withheld; any other ground is against the request as a whole."""
COPIES = frozenset({Right.ACCESS, Right.PORTABILITY})
_PART = re.compile(r"[A-Za-z0-9_.:/#-]{1,200}")
_RECORD = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Withheld:
    """One part: a place with nothing more is all of it; a column or category is that wherever it stands there."""

    part: str
    """As the officer wrote it: `crm.note`, `crm.note.body`, `user.content.private`, or a record's reference."""
    ground: Refusal
    place: str | None = None
    """Where it is; none for a category."""

    @property
    def record(self) -> bytes | None:
        """The reference of the one record that is meant."""
        return bytes.fromhex(self.part) if _RECORD.fullmatch(self.part) else None


def said(fields: Mapping[str, object]) -> list[list[str]]:
    """Parts with their grounds, of an answer's fields `withhold` and `ground`: `crm.note crm.call=legal-exception`.

    Raises Refused for a part without a ground that allows it, or one that cannot be the name of a part.
    """
    parts: list[list[str]] = []
    for word in str(fields.get("withhold") or "").replace(",", " ").replace(";", " ").split():
        part, _, own = word.partition("=")
        ground = own or str(fields.get("ground") or "")
        if ground not in GROUNDS:
            raise Refused(
                f"part of a copy is withheld on {' or '.join(GROUNDS)}, as ground or as PART=GROUND; not on "
                f"{ground if ground in tuple(Refusal) else 'what was answered'}"
            )
        if not _PART.fullmatch(part):
            raise Refused(
                "withhold names tables, columns, categories or references of records, with spaces between; the answer "
                "has something else there"
            )
        parts.append([part, ground])
    return sorted(parts)


def parts(policy: Policy, found: Found, wanted: Iterable[Sequence[str]]) -> tuple[Withheld, ...]:
    """What is meant by each part. Raises Refused for one that is nothing of what was found of the person."""
    matches = [match for match in found.matches if match.certainty is Certainty.CERTAIN]
    columns = {
        place_of(match.store, match.target): _columns(policy, match.store, match.target) for match in matches
    }  # fmt: skip
    records = {match.reference.hex(): place_of(match.store, match.target) for match in matches}
    made = []
    for part, word in wanted:
        ground = Refusal(word)
        place = as_declared(part)
        table, _, column = part.rpartition(".")
        if place in columns:
            made.append(Withheld(part, ground, place))
        elif column in columns.get(table, {}):
            made.append(Withheld(part, ground, table))
        elif part in records:
            made.append(Withheld(part, ground, records[part]))
        elif any(below(category, (part,)) for each in columns.values() for category in each.values()):
            made.append(Withheld(part, ground))
        else:
            raise Refused(
                f"nothing that was found of the person is called {part}; there are {', '.join(sorted(columns))}, their "
                "columns and categories, and the references that `hoeder requests records` shows"
            )
    return tuple(made)


def decided(found: Case, right: Right) -> tuple[Withheld, ...]:
    """What was withheld when a right was granted."""
    steps = [s for s in found.steps if s.what is What.DECIDED and right in (s.detail.get("granted") or {})]
    those = (steps[-1].detail.get("parts") or {}).get(right, []) if steps else []
    return tuple(Withheld(part, Refusal(ground), place) for part, ground, place in those)


def apply(gathered: Sequence[Gathered], withheld: Collection[Withheld]) -> tuple[list[Gathered], int]:
    """The same without what is withheld; and in how many records that was something."""
    left, count = [], 0
    for each in gathered:
        here = [one for one in withheld if one.place in (None, each.place)]
        if any(as_declared(one.part) == each.place for one in here):
            count += len(each.rows)
            continue
        out = {name for name, category in each.categories.items() for one in here if _is_column(one, name, category)}
        gone = {one.record for one in here} - {None}
        keep = [at for at in range(len(each.rows)) if not each.references or each.references[at] not in gone]
        names = [name for name in each.columns if name not in out]
        wide = [each.columns.index(name) for name in names]
        count += len(each.rows) - len(keep)
        count += sum(
            any(each.rows[at][n] is not None for n in range(len(each.columns)) if n not in wide) for at in keep
        )
        if names:
            left.append(
                replace(
                    each, categories={name: each.categories[name] for name in names},
                    rows=tuple(tuple(each.rows[at][n] for n in wide) for at in keep),
                    until=tuple(each.until[at] for at in keep) if each.until else (),
                    references=tuple(each.references[at] for at in keep) if each.references else (),
                )
            )  # fmt: skip
    return left, count


def lines(policy: Policy, withheld: Collection[Withheld], language: str) -> list[dict[str, str]]:
    """What the person reads: what it is, and its ground with its article. Records of a place stand together."""
    told: dict[tuple[str, Refusal, bool], int] = {}
    for one in withheld:
        kind = (_name(policy, one, language), one.ground, one.record is not None)
        told[kind] = told.get(kind, 0) + 1
    return [
        {"what": f"{_counted(count, language)} {name}" if record else name, "ground": ground, "article": ground.article}
        for (name, ground, record), count in told.items()
    ]


def _counted(count: int, language: str) -> str:
    if language == "nl":
        return f"{count} {'gegeven' if count == 1 else 'gegevens'} uit:"
    return f"{count} {'record' if count == 1 else 'records'} of:"


def _name(policy: Policy, one: Withheld, language: str) -> str:
    if one.place is None:
        word = vocabulary().category(one.part)
        return (word.nl if language == "nl" else word.en) if word else one.part
    where = place_name(policy, one.place, language)
    if one.record or as_declared(one.part) == one.place:
        return where
    store, _, target = one.place.replace(":", ".", 1).partition(".")
    column = one.part.rpartition(".")[2]
    return f"{where}, {column_name(policy, column, _columns(policy, store, target)[column], language)}"


def _is_column(one: Withheld, name: str, category: str) -> bool:
    return below(category, (one.part,)) if one.place is None else one.part == f"{one.place}.{name}"


def _columns(policy: Policy, store: str, target: str) -> Mapping[str, str]:
    dataset = policy.datasets[store]
    return dataset.tables[target].columns if target in dataset.tables else dataset.prefixes[target].columns
