"""The numbered steps of an erasure: each is a point at which a process can die and another one must take over.

A test sets `interrupt` to stop, or to end the process, at a step; nothing else does.
"""

from collections.abc import Callable
from enum import Enum


class Step(Enum):
    """In the order in which they happen; rows that go as one range change first and are written down then."""

    ROWS_JUDGED = 1  # looked for holds; nothing changed
    ROWS_WRITTEN_DOWN = 2  # in the journal
    ROWS_CHANGED = 3  # inside the store's transaction, not committed
    ROWS_COMMITTED = 4
    PARTITION_INTENDED = 10
    PARTITION_DETACHED = 11
    PARTITION_DROPPED = 12
    PARTITION_RECORDED = 13
    OBJECT_JUDGED = 20
    OBJECT_ERASED = 21
    REWRITE_INTENDED = 30
    REWRITE_SENT = 31  # every part is with the server; the object is as it was
    REWRITE_READY = 32  # what the new version will be is recorded
    REWRITE_WRITTEN = 33
    REWRITE_CHECKED = 34
    REWRITE_PURGED = 35
    REWRITE_RECORDED = 36


interrupt: Callable[[Step], None] | None = None


def reached(step: Step) -> None:
    """Say that a step was reached."""
    if interrupt is not None:
        interrupt(step)
