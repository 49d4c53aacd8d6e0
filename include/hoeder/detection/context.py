"""Columns judged together: what their table holds, which columns they refer to, and whose values they share."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hoeder.detection import shapes
from hoeder.detection.columns import Prepared, Surroundings, Verdict, decide
from hoeder.detection.overlap import Known
from hoeder.detection.processes import each
from hoeder.detection.seen import Seen
from hoeder.detection.subject import (
    ENOUGH_COLUMNS,
    OWNER,
    Met,
    Subject,
    about,
    left,
    of_the_organisation,
    organisations_own,
)

_SHARED = (
    "user.unique_id", "user.name", "user.contact.email", "user.contact.phone_number", "user.government_id",
    "user.financial.bank_account", "user.device", "user.account.username",
)  # fmt: skip
"""Categories whose values tell a person apart; where a column holds the same ones, it tells the same."""


WIDER = {
    "user.demographic.citizenship_or_immigration_status": "user.demographic",
    "user.demographic.union_membership": "user.demographic",
}
"""What is told apart here and not in fideslang 3.1."""


def judge(tables: Iterable[tuple[str, Sequence[Seen]]], *, processes: int = 1) -> list[list[Verdict]]:
    """Verdicts on every column of every table, in the order given."""
    given = list(tables)
    first = each(lambda one: _judge_table(*one), given, processes)
    return _by_overlap(given, first)


def _judge_table(table: str, columns: Sequence[Seen]) -> list[Verdict]:
    """Each column alone; then, where people turn up among them, the rest once more in that light, else what is left."""
    around = [Surroundings(table=table, comment=column.comment) for column in columns]
    prepared = [Prepared(c.type, c.values, c.hits) for c in columns]
    verdicts = [decide(c.name, p, a) for c, p, a in zip(columns, prepared, around, strict=True)]
    met = [Met(c, p, v) for c, p, v in zip(columns, prepared, verdicts, strict=True)]
    subject = about(table, met)
    if subject is Subject.PEOPLE or (subject is Subject.ORGANISATIONS and any(one.tells == OWNER for one in met)):
        verdicts = [
            v if v.category else decide(c.name, p, replace(a, among_people=True))
            for v, c, p, a in zip(verdicts, columns, prepared, around, strict=True)
        ]
    elif len(columns) >= ENOUGH_COLUMNS:
        verdicts = [left(one, subject, table, met) for one in met]
    if organisations_own(table, met):
        return [of_the_organisation(one, verdict, met) for one, verdict in zip(met, verdicts, strict=True)]
    return verdicts


def _by_overlap(given: list[tuple[str, Sequence[Seen]]], first: list[list[Verdict]]) -> list[list[Verdict]]:
    """What is still unknown and refers to a known column, or holds its values."""
    known, named = Known(), dict[tuple[str, str], str]()
    for (table, columns), verdicts in zip(given, first, strict=True):
        for column, verdict in zip(columns, verdicts, strict=True):
            if verdict.category and verdict.category.startswith(_SHARED):
                known.add(table, column, verdict.category)
                named[table, column.name] = verdict.category

    def decide(column: Seen, verdict: Verdict) -> Verdict:
        if verdict.category is not None:
            return verdict
        if column.refers_to:
            category = named.get(column.refers_to)
            return Verdict(category, 0.9, f"refers to {'.'.join(column.refers_to)}") if category else verdict
        held = known.holder(column)
        if held is None:
            return verdict
        table, other, category, share = held
        return Verdict(category, 0.7, f"{shapes.percent(share)} of its values stand in {table}.{other}")

    return [
        [_noted(decide(c, v), c.note) for c, v in zip(columns, verdicts, strict=True)]
        for (_, columns), verdicts in zip(given, first, strict=True)
    ]


def _noted(verdict: Verdict, note: str) -> Verdict:
    """The verdict as it is told, in a category that fideslang has."""
    evidence = f"{verdict.evidence}; {note}" if note else verdict.evidence
    return replace(verdict, category=WIDER.get(verdict.category or "", verdict.category), evidence=evidence)
