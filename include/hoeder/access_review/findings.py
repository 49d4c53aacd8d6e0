"""What a review finds: one thing that somebody can do and has no need of, or lacks and needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hoeder.pseudonym import ReferenceKey
from hoeder.stores.withdraw import How, Withdrawal


class Kind(StrEnum):
    """What is wrong. The same words as in policy (`AccessKind`) and in the governance database."""

    LEAVER = "leaver"  # somebody who left can still log in
    ORPHAN = "orphan"  # an account that is nobody's
    SHARED = "shared"  # an account that several people use
    SUPERUSER = "superuser"  # an account that may do everything and is no administrator by policy
    PUBLIC_GRANT = "public-grant"  # a right that everybody has
    BEYOND_NEED = "beyond-need"  # a right that the function does not need
    OTHER_CLIENT = "other-client"  # reads outside the client that somebody works for
    NO_SECRECY = "no-secrecy"  # works here without a valid signed confidentiality statement
    NO_TRAINING = "no-training"  # works here without a course that everybody follows, or it is too long ago
    ATTESTATION_ENDING = "attestation-ending"  # what was attested ends soon, or has ended
    USE = "use"  # data of one purpose within reach of another
    EGRESS = "egress"  # data can leave for a reader or server that policy does not name
    CLIENT_SYSTEM = "client-system"  # an account in a client's own system that should be gone
    STAFF_LIST = "staff-list"  # HR's list cannot be relied on
    UNREADABLE = "unreadable"  # nobody could look


class Decision(StrEnum):
    """What the owner decides about a finding."""

    KEEP = "keep"  # it is needed, until a day
    REDUCE = "reduce"  # this right goes, the account stays
    REMOVE = "remove"  # the account is closed


_OF_ACCOUNTS = frozenset({Kind.LEAVER, Kind.ORPHAN, Kind.SHARED, Kind.CLIENT_SYSTEM})
_OF_RIGHTS = frozenset({Kind.PUBLIC_GRANT, Kind.BEYOND_NEED, Kind.OTHER_CLIENT, Kind.USE, Kind.SUPERUSER})
_TABLE_RIGHTS = frozenset({"select", "insert", "update", "delete", "truncate", "references", "trigger", "maintain"})
MEMBER = "member"


@dataclass(frozen=True)
class Finding:
    """One finding. `account` and `person` may name somebody: they are not printed, and stored as references alone.

    `named` says that the account is a program's, a group's or everybody's, so that its name may be told.
    """

    kind: Kind
    system: str
    """A store of policy, or a system as HR's list calls it."""
    place: str = ""
    """A table, group, prefix or role."""
    right: str = ""
    column: str | None = None
    client: str | None = None
    account: str = field(default="", repr=False)
    person: str = field(default="", repr=False)
    named: bool = False
    count: int = 1
    hours: int | None = None
    """Since somebody left."""
    target: str = field(default="", repr=False)
    """The real name of a group that policy does not know: it may be somebody's login, so `place` does not tell it."""
    in_database: bool = False
    """Whether it is a right in a PostgreSQL store, which Hoeder can take away."""

    def proposed(self) -> Decision | None:
        """What Hoeder proposes; None where there is no access to take away, only something to mend."""
        if self.kind in _OF_ACCOUNTS:
            return Decision.REMOVE
        return Decision.REDUCE if self.kind in _OF_RIGHTS else None

    def withdrawal(self, decision: Decision) -> Withdrawal | None:
        """What is taken away under a decision; None where Hoeder cannot, so that somebody does it by hand."""
        if not self.in_database or not self.account or decision is Decision.KEEP:
            return None
        if decision is Decision.REMOVE and self.kind is not Kind.PUBLIC_GRANT:
            return Withdrawal(How.CLOSE, self.account)
        if self.right == MEMBER:
            return Withdrawal(How.LEAVE, self.account, self.target or self.place)
        if self.right in _TABLE_RIGHTS and " " not in self.place:
            return Withdrawal(How.RIGHT, self.account, self.place, self.right, self.column)
        return None

    def account_ref(self, key: ReferenceKey) -> bytes | None:
        """The account, keyed; the same login in two systems gives two references."""
        return key.row(self.system, "account", self.account) if self.account else None

    def person_ref(self, key: ReferenceKey) -> bytes | None:
        return key.subject("employee", self.person) if self.person else None

    def item(self, key: ReferenceKey) -> str:
        """SHA-256 in hex by which the same finding is known again in a later review: without counts and hours."""
        account, person = self.account_ref(key), self.person_ref(key)
        parts = [self.kind, self.system, self.place, self.right, self.column, self.client,
                 account.hex() if account else None, person.hex() if person else None,
                 key.row(self.system, "group", self.target).hex() if self.target else None]  # fmt: skip
        return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Right:
    """One line of the access register: something that an account can do, needed or not."""

    system: str
    account: str = field(repr=False)
    place: str
    right: str
    needed: bool
    person: str = field(default="", repr=False)
    status: str = "none"
    """Of the person: works, left, unknown, or none for a program."""
    function: str = ""
    client: str | None = None
    special: bool = False
    last_used_on: date | None = None


def list_digest(items: Iterable[str]) -> str:
    """SHA-256 in hex over a list of findings, in whatever order: what an answer is bound to."""
    return hashlib.sha256("\n".join(sorted(items)).encode()).hexdigest()
