"""What granting a right would do now, place by place, with a digest over exactly that.

Made anew whenever it is needed: for the officer's question, and again before anything is done. What differs by then was
never approved.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hoeder.governance.protection import Protections
from hoeder.persons import marks
from hoeder.persons.person import Certainty, Found
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import decide, rectify
from hoeder.rights.case import Right
from hoeder.rights.case_file import Correction
from hoeder.rights.decide import Kept
from hoeder.stores.connection import Resolver

ORDER = (
    Right.RESTRICTION, Right.OBJECTION, Right.WITHDRAWAL, Right.ACCESS, Right.PORTABILITY, Right.RECTIFICATION,
    Right.ERASURE,
)  # fmt: skip
"""In which order rights of one case are carried out: marks first, copies before anything goes, erasure last."""
_HANDED = frozenset({Right.ACCESS, Right.PORTABILITY})


@dataclass(frozen=True)
class Line:
    """One place: how many records it is about, and what stays with its ground."""

    place: str
    records: int
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True)
class Granting:
    """What granting one right would do. `identities` counts those of the person that would be marked."""

    right: Right
    digest: str
    lines: tuple[Line, ...]
    identities: int = 0
    decisions: tuple[decide.Decision, ...] = field(default=(), repr=False)
    """Of an erasure: what goes and what stays, record by record."""

    @property
    def records(self) -> int:
        return sum(line.records for line in self.lines)

    @property
    def withheld(self) -> int:
        return sum(kept.records for line in self.lines for kept in line.kept)


def propose(
    policy: Policy,
    resolve: Resolver,
    key: ReferenceKey,
    protections: Protections,
    found: Found,
    right: Right,
    today: date,
    *,
    corrections: Sequence[Correction] = (),
) -> Granting:
    """What granting a right would do to what was found; `corrections` are what the person says is wrong.

    Raises Refused while a match is not judged, or for a correction that cannot be made, and StoreError.
    """
    if right is Right.ERASURE:
        made = decide.propose_erasure(policy, resolve, protections, found, today)
        lines = tuple(Line(each.place, len(each.erase), each.kept) for each in made)
        return Granting(right, decide.digest_of(made), lines, decisions=made)
    if right is Right.RECTIFICATION:
        planned = rectify.plan(policy, found, corrections)
        changed = Counter(f"{each.match.store}.{each.match.target}" for each in planned)
        return Granting(right, rectify.digest(key, planned), tuple(Line(*each) for each in sorted(changed.items())))
    certain = [match for match in found.matches if match.certainty is Certainty.CERTAIN]
    by_place = Counter(f"{match.store}.{match.target}" for match in certain)
    lines = tuple(Line(place, count) for place, count in sorted(by_place.items()))
    if right in _HANDED:
        return Granting(right, _digest(right, (match.reference for match in certain)), lines)
    marked = marks.references(key, found.written)
    return Granting(right, _digest(right, (reference for _, reference in marked)), lines, len(found.written))


def _digest(right: Right, references: Iterable[bytes]) -> str:
    state = hashlib.sha256(f"{right}\0".encode())
    for reference in sorted(references):
        state.update(reference)
    return state.hexdigest()
