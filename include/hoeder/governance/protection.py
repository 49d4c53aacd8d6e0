"""What protects a record from its end action: a legal hold, or a person's restriction (GDPR Art. 18).

Both suspend the end action and not the clock: what they protect stays due, and goes when they end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from hoeder.pseudonym import ReferenceKey

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Scope:
    """Where and about which period a hold is; by the day of the record's anchor."""

    applies_to: str
    first: date | None = None
    last: date | None = None

    def covers(self, store: str, target: str, anchor: date | None) -> bool:
        """Whether a record lies inside. One without an anchor lies inside every period: nobody knows that it is not."""
        places = ("*", store, f"{store}.{target}", f"{store}:{target}")
        if self.applies_to not in places:
            return False
        if anchor is None:
            return True
        return (self.first is None or self.first <= anchor) and (self.last is None or anchor <= self.last)


@dataclass(frozen=True)
class Hold:
    """A hold in force: persons by reference (none: everybody), and scopes (none: everywhere)."""

    matter: str
    persons: frozenset[tuple[str, bytes]] = frozenset()
    scopes: tuple[Scope, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of identity among its persons."""
        return frozenset(kind for kind, _ in self.persons)


@dataclass(frozen=True)
class Protection:
    """Why a record stays: the matter of a hold, or None for a restriction."""

    matter: str | None = None

    @property
    def is_hold(self) -> bool:
        return self.matter is not None


RESTRICTION = Protection()


class Protections:
    """Every hold and restriction in force at one moment."""

    def __init__(
        self, key: ReferenceKey, holds: tuple[Hold, ...], restricted: Mapping[str, frozenset[tuple[str, bytes]]]
    ) -> None:
        self._key = key
        self.holds = holds
        self._restricted = restricted  # by store, or '*'
        self._kinds = frozenset(kind for hold in holds for kind in hold.kinds) | frozenset(
            kind for persons in restricted.values() for kind, _ in persons
        )

    @classmethod
    def read(cls, governance: Db, key: ReferenceKey) -> "Protections":
        """Those in force now."""
        rows = governance.execute(
            """select h.matter,
                      array(select s.subject_kind from hold_subject s where s.hold = h.hold order by 1, s.subject_ref),
                      array(select s.subject_ref from hold_subject s where s.hold = h.hold order by s.subject_kind, 1)
                 from hold h where h.lifted_on is null or h.lifted_on > today() order by h.hold"""
        ).fetchall()
        scopes: dict[str, list[Scope]] = defaultdict(list)
        for matter, *scope in governance.execute(
            "select h.matter, s.applies_to, s.from_day, s.until_day from hold_scope s join hold h using (hold)"
        ):
            scopes[matter].append(Scope(*scope))
        holds = tuple(
            Hold(matter, frozenset(zip(kinds, map(bytes, references), strict=True)), tuple(scopes[matter]))
            for matter, kinds, references in rows
        )
        restricted: dict[str, set[tuple[str, bytes]]] = defaultdict(set)
        for store, kind, reference in governance.execute(
            """select store, subject_kind, subject_ref from left_out
                where ground = 'restriction' and since <= today() and (until is null or until > today())"""
        ):
            restricted[store].add((kind, bytes(reference)))
        return cls(key, holds, {store: frozenset(persons) for store, persons in restricted.items()})

    @property
    def any(self) -> bool:
        """Whether there is anything that could protect a record."""
        return bool(self.holds or self._restricted)

    def of(
        self, store: str, target: str, identities: Sequence[tuple[str, object]], anchor: date | None = None
    ) -> Protection | None:
        """What protects a record with these identities (kind and value), if anything.

        A person is recognised by any identity of theirs that the record holds. A record that does not say whose it is
        counts as protected while a hold or restriction lies on somebody of a kind that it should name.
        """
        if not self.any:
            return None
        said = [(kind, value) for kind, value in identities if value is not None and value != ""]
        kinds = frozenset(kind for kind, _ in identities)
        references = {(kind, self._key.subject(kind, value)) for kind, value in said if kind in self._kinds}

        def meant(persons: frozenset[tuple[str, bytes]]) -> bool:
            if not said:
                return any(kind in kinds for kind, _ in persons)
            return not references.isdisjoint(persons)

        for hold in self.holds:
            inside = not hold.scopes or any(scope.covers(store, target, anchor) for scope in hold.scopes)
            if inside and (meant(hold.persons) if hold.persons else bool(hold.scopes)):
                return Protection(hold.matter)
        for place in (store, "*"):
            if meant(self._restricted.get(place, frozenset())):
                return RESTRICTION
        return None
