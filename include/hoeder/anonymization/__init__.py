"""Anonymization: rows about persons become a table about groups, and only what passes the gate is published.

A release goes through six steps: `source` says what may be read, `read` reads it while `people` leaves out who is not
to be analysed, `making` makes it coarse (rows in groups: `recoding` over `engine`, `table`, `sticky`), counts it
(`counts`) or counts it with noise (`noise`, `budget`), `gate` checks the exact file that would be published
(`recount`, `attacks`, `replay`), `package` and `datasheet` describe it, `publish` publishes it. `release` joins them
and writes the ledger; `history` keeps what later versions are held against. k counts
persons: many rows of one person are one person.

Known limits: k-anonymity bounds what one file gives away and proves nothing about an attacker with other data; the
attacks of the gate are those it knows. Differential privacy does prove something, for counts.
"""

from hoeder.anonymization.release import Summary, catalog, due, run

__all__ = ["Summary", "catalog", "due", "run"]
