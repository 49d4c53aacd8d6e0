"""Promises: every line of the privacy statement, held against what the ledger, registers and inventory show.

`assess` only reads, and what it says follows from policy, the ledger up to one entry and the states at one moment.
`record` stores it with that ledger position; `read` gives it back. `say` puts a reason in Dutch or English.
"""

from hoeder.promises.assess import assess
from hoeder.promises.kept import read, record
from hoeder.promises.status import Assessment, Evidence, Status, Why
from hoeder.promises.words import say

__all__ = ["Assessment", "Evidence", "Status", "Why", "assess", "read", "record", "say"]
