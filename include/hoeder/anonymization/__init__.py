"""Anonymization: rows about persons become a table about groups, and only what passes the gate is published.

A release goes through five steps, a module each: `source` says what may be read, `read` reads it, `search` (with
`steps` and `measures`) makes it coarse enough, `gate` checks the file that would be published, `publish` publishes it.
`release` joins them and writes the ledger. k counts persons: many rows of one person are one person.

Known limits of k-anonymity, none of which the gate sees: the versions of one release are not compared with each other,
so a reader of two versions may learn from their difference; a group of k persons who all share one answer gives that
answer away; and one person's many rows may dominate a group.
"""

from hoeder.anonymization.release import Summary, run

__all__ = ["Summary", "run"]
