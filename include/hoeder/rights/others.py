"""Other people in what was written about somebody: left out of a copy, the person's own data stay (GDPR 15(4)).

Texts of several words are read by the strict detector, which would sooner take a word too many. What stands in the
person's own record is theirs. What they wrote themselves they know already: policy says where (`provided`).
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from psycopg import sql

from hoeder.detection.entities import Entity, Reason
from hoeder.detection.lexicon import fold
from hoeder.persons import normal
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.rights.gathered import Gathered, Value
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.erasable import find_columns
from hoeder.stores.postgres import said

_OF_OTHERS = frozenset(Entity) - {Entity.CITY, Entity.HEALTH}
"""A town or an ailment in a note is about the person, or about nobody."""
_FIELDS = {
    "user.name": "name", "user.name.first": "first", "user.name.last": "last", "user.contact.email": "email",
    "user.contact.phone_number": "phone", "user.contact.address.street": "street", "user.contact.address.city": "city",
    "user.contact.address.postal_code": "postcode", "user.financial.bank_account": "iban",
    "user.government_id.national_identification_number": "bsn", "user.demographic.date_of_birth": "dob",
    "user.unique_id": "client",
}  # fmt: skip
"""Categories of columns, by the field of a record that the detector knows."""
_WORDS = re.compile(r"\w+")
_WORDY = 3
_LONG = 5
_MOST_STAFF = 50_000


@dataclass(frozen=True)
class Own:
    """What is known of the person, by field of a record; its words are never left out."""

    record: Mapping[str, list[str]]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for values in self.record.values() for value in values for word in _words(value))

    def __repr__(self) -> str:
        return f"Own({len(self.record)} fields)"


def own(found: Found, gathered: Iterable[Gathered], names: Sequence[str] = ()) -> Own:
    """The person's record, from what was found of them and how they signed."""
    record: dict[str, list[str]] = defaultdict(list, {"name": list(names)})
    for kind, value in found.written:
        record[{"bank_account": "iban", "national_id": "bsn"}.get(kind, kind)].append(value)
    for table in gathered:
        for at, category in enumerate(table.categories.values()):
            if field := _FIELDS.get(category):
                record[field] += [str(row[at]) for row in table.rows if row[at] not in (None, "")]
    return Own({name: list(dict.fromkeys(values)) for name, values in record.items() if values})


def leave_out(
    policy: Policy, gathered: Sequence[Gathered], person: Own, mark: str, staff: Sequence[str] = ()
) -> tuple[list[Gathered], int]:
    """The same without what is about others: `mark` stands in its place. With how many times that was."""
    provided = {place: set(shown.provided) for place, shown in policy.person_facing.places.items()}
    cells = [
        (table, row, column)
        for table, each in enumerate(gathered)
        for row, values in enumerate(each.rows)
        for column, name in enumerate(each.columns)
        if name not in provided.get(each.place, ()) and _is_text(each.categories[name], values[column])
    ]
    texts = [str(gathered[table].rows[row][column]) for table, row, column in cells]
    changed, count = _without_others(texts, person, mark, staff)
    rows = [[list(values) for values in each.rows] for each in gathered]
    for (table, row, column), text in zip(cells, changed, strict=True):
        rows[table][row][column] = text
    made = [replace(each, rows=tuple(map(tuple, those))) for each, those in zip(gathered, rows, strict=True)]
    return made, count + sum(each.left_out for each in gathered)


def staff_names(policy: Policy, resolve: Resolver, *, capability: str = "rights") -> list[str]:
    """Names of employees, from tables of which policy says so. Raises StoreError."""
    found: set[str] = set()
    for store, dataset in policy.datasets.items():
        tables = {
            name: [column for column, each in table.columns.items() if each.startswith("user.name")]
            for name, table in dataset.tables.items()
            if table.subject and table.subject.kind == "employee"
        }
        tables = {name: columns for name, columns in tables.items() if columns}
        if not tables:
            continue
        place = policy.stores[store]
        with connect(resolve(f"{place.connection}_{capability}"), autocommit=True) as db, said(f"store {store}: staff"):
            for name, columns in tables.items():
                there = find_columns(db, place.schemas, name)
                if there is None:
                    continue
                query = sql.SQL("select concat_ws(' ', {}) from {} limit {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, columns)), there[0], sql.Literal(_MOST_STAFF)
                )
                found |= {str(said_name) for (said_name,) in db.execute(query)}
    return sorted(found)


def _is_text(category: str, value: Value) -> bool:
    """Content always; of what a system wrote, such as a state, only what is several words long."""
    plain = category.startswith(("user.name", "user.contact", "user.unique_id", "user.account.username"))
    least = 1 if category.startswith("user.content") else _WORDY
    return not plain and isinstance(value, str) and len(value.split()) >= least


def _without_others(texts: Sequence[str], person: Own, mark: str, staff: Sequence[str]) -> tuple[list[str], int]:
    from hoeder.detection import spans

    if not texts:
        return [], 0
    found = spans.find(texts, known=[person.record] * len(texts), staff=staff, strict=True)
    cut: dict[int, list[tuple[int, int]]] = defaultdict(list)
    known = person.words
    for row, span in found:
        by_number = span.reason is Reason.RECORD and span.entity is not Entity.PERSON
        ours = by_number or _is_own(texts[row][span.start : span.end], span.entity, person, known)
        if span.entity in _OF_OTHERS and not ours:
            cut[row].append((span.start, span.end))
    made = [_cut(text, cut[row], mark) if row in cut else text for row, text in enumerate(texts)]
    return made, sum(map(len, cut.values()))


def _is_own(text: str, entity: Entity, person: Own, known: Collection[str]) -> bool:
    """Whether every word of it stands in the person's record, or it is their number however it is written."""
    if entity is Entity.PHONE:
        return normal.phone(text) in {normal.phone(value) for value in person.record.get("phone", ())}
    if entity is Entity.DOB:
        return normal.birth_date(text) in {normal.birth_date(value) for value in person.record.get("dob", ())} - {None}
    words = _words(text)
    return bool(words) and all(word in known or _is_slip(word, known) for word in words)


def _is_slip(word: str, known: Collection[str]) -> bool:
    """Whether it is a word of theirs with one letter wrong: names are typed in a hurry."""
    from rapidfuzz.distance import OSA

    return len(word) >= _LONG and any(
        OSA.distance(word, each, score_cutoff=1) <= 1 for each in known if len(each) >= _LONG
    )


def _words(text: str) -> list[str]:
    return _WORDS.findall(fold(text))


def _cut(text: str, places: Sequence[tuple[int, int]], mark: str) -> str:
    pieces, at = [], 0
    for start, end in sorted(places):
        pieces += [text[at:start], mark]
        at = end
    return "".join([*pieces, text[at:]])
