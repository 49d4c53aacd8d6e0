"""The one guarded door: every destructive statement of Hoeder stands in this package.

Whoever comes through brings keys; the door asks again, at the last moment, whether each record is still due and whether
a legal hold protects it. It can erase less than it was asked, never more. A hold cannot be placed while the door is
open: placing one waits for the lock that the door holds (see the trigger on `hold_subject`).
"""

from hoeder.stores.erase.copies import erase_own, replace_object
from hoeder.stores.erase.door import HOLDS_LOCK, Erased, open_door
from hoeder.stores.erase.objects import erase_object
from hoeder.stores.erase.ranges import erase_planned
from hoeder.stores.erase.rows import Journal, RowsTask, erase_in_batches, erase_rows

__all__ = [
    "HOLDS_LOCK",
    "Erased",
    "Journal",
    "RowsTask",
    "erase_in_batches",
    "erase_object",
    "erase_own",
    "erase_planned",
    "erase_rows",
    "open_door",
    "replace_object",
]
