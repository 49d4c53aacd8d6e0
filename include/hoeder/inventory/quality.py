"""How well the detector does on this company's own data, by what people confirmed.

A label is what a person said of a column: a decision about a finding, or else the category that policy declares. What
the last scans recognised is held against it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hoeder.evidence.ledger import Connection

_NONE = "system"

# The last decision about a column outweighs the declaration. Decisions about terms, clients or absent columns say
# nothing of what a column holds.
_LABELS = """
    with last as (
        select distinct on (store) scan, store from scan where finished_at is not null
        order by store, finished_at desc, scan desc
    ), decided as (
        select distinct on (f.store, f.object, f."column") f.store, f.object, f."column", d.decision, d.found
        from finding_decision d join finding f using (finding)
        where f.kind in ('undeclared', 'unclassified', 'national-id') and f."column" <> '*'
        order by f.store, f.object, f."column", d.decision_id desc
    )
    select c.declared, c.found, d.decision, d.found
    from last join scanned_column c using (scan) left join decided d using (store, object, "column")
    where c."column" <> '*' and c.verdict <> 'not-found' and coalesce(c.evidence, '') not like 'not read%'
"""


@dataclass(frozen=True)
class Quality:
    """One category: columns rightly recognised, wrongly recognised, missed; `decided` of their labels are decisions.

    None where there is nothing to divide by.
    """

    category: str
    right: int
    wrong: int
    missed: int
    decided: int

    @property
    def precision(self) -> float | None:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        return self.right / (self.right + self.missed) if self.right + self.missed else None


def quality(db: Connection) -> list[Quality]:
    """By category, and all together under `all`; categories as fideslang has them two levels below `user`."""
    return measure(db.execute(_LABELS).fetchall())


def measure(rows: Iterable[tuple[str | None, str | None, str | None, str | None]]) -> list[Quality]:
    """The same over rows of declared category, recognised category, decision, and the category decided about."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    for declared, found, decision, about in rows:
        label = _label(declared, decision, about)
        if label is None:
            continue
        for category in {label, _short(found)} - {_NONE}:
            decided[category] += decision is not None
        if label == _short(found):
            right[label] += label != _NONE
        else:
            missed[label] += label != _NONE
            wrong[_short(found)] += found is not None
    names = sorted((right | wrong | missed).keys() - {_NONE})
    each = [Quality(name, right[name], wrong[name], missed[name], decided[name]) for name in names]
    total = Quality("all", *(sum(getattr(q, part) for q in each) for part in ("right", "wrong", "missed", "decided")))
    return [total, *each] if each else []


def _label(declared: str | None, decision: str | None, about: str | None) -> str | None:
    """What a person said of the column; None where nobody did."""
    if decision == "false-alarm":
        return _NONE if declared is None else _short(declared)
    if decision is not None and about is not None:
        return _short(about)
    if decision == "fix":  # nothing was recognised, and it is personal all the same
        return "user"
    if decision == "accept":
        return _NONE
    return None if declared is None else _short(declared)


def _short(category: str | None) -> str:
    if category is None or category.split(".")[0] != "user":
        return _NONE
    return ".".join(category.split(".")[:3])
