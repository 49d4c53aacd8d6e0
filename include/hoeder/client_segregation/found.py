"""What a check finds: counts by client, store and place; nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong. The same words as in policy (`SeparationKind`) and in the governance database."""

    SEES_OTHERS = "sees-others"  # a client's role sees rows of others
    SEES_LESS = "sees-less"  # … or not all of its own
    VIEW_AROUND = "view-around"  # a view shows a role what row level security would not
    ROWS_CROSSED = "rows-crossed"  # a row of one client refers to a row of another
    NAMED_IN_NOTE = "named-in-note"  # a text kept for one client names a customer of another
    STRAY_OBJECT = "stray-object"  # an object in a client's folder that is not known to be its
    ROLE_MISSING = "role-missing"  # a client without a role of its own
    ROLE_UNREADABLE = "role-unreadable"  # nobody could look through its role


@dataclass(frozen=True)
class Separation:
    """One finding; `client` is empty where it is about no single one."""

    kind: Kind
    store: str
    place: str
    client: str = ""
    number: int = 1


@dataclass(frozen=True)
class Trial:
    """What one client's role saw of one table. `own` and `others` are rows; None where nobody could look."""

    store: str
    place: str
    client: str
    outcome: str
    own: int | None = None
    others: int | None = None
