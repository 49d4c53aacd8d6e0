"""The erasure journal: what was done to which records, so that a restored backup cannot undo it.

It lies in the governance database, outside the stores and their backups, and holds keyed references only. Whoever acts
on records writes an entry, acts, and confirms:

    entry = journal.record(
        governance, policy, rule.store, rule.target, rule.rule, references, plan=plan.plan, then=rule.then
    )
    governance.commit()             # from here on no crash loses it
    …                               # the store commits
    journal.confirm(governance, entry)
    governance.commit()

An entry that was never confirmed counts as done when a store is restored: its records were chosen under an approval,
due and free of holds. The next attempt at the same plan settles it (`settle`), once it knows what is still there.

Values that a person had corrected are lost in a restore as well. The journal names the records and the case
(`rectified`), never a value: those stand in the case's file, and somebody makes the correction again.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from hoeder.clock import AMSTERDAM
from hoeder.policy import Policy
from hoeder.policy.retention import Act, End
from hoeder.stores.references import WIDTH, References, unpacked

Db = psycopg.Connection[tuple[Any, ...]]
ERASED = End(act=Act.ERASE)
_CHANGES = (Act.NULL, Act.REPLACE, Act.ANONYMIZE)
_RECTIFIED = "rectified"


class NamedBy(StrEnum):
    """Whose references an entry holds: a row's or object's (`ReferenceKey.row`), or a person's (`.subject`)."""

    RECORD = "record"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Entry:
    """One batch of one store. `then` is `erase`, or the change of fields that was made instead."""

    store: str
    target: str
    rule: str
    plan: UUID | None
    named_by: NamedBy
    then: End
    references: frozenset[bytes]
    recorded_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Rectified:
    """Records of one table of which a request had fields corrected."""

    case_id: UUID
    target: str
    references: frozenset[bytes]
    recorded_at: datetime
    confirmed_at: datetime | None


def record(
    governance: Db,
    policy: Policy,
    store: str,
    target: str,
    rule: str,
    references: Collection[bytes],
    *,
    plan: UUID | None = None,
    then: End = ERASED,
    named_by: NamedBy = NamedBy.RECORD,
    on: date | None = None,
) -> int | None:
    """Write down one batch inside the caller's transaction; the entry's number, None where there is nothing to write.

    `rule` is the retention rule, or the ground: `restriction`, `suppression`. `then` is what is done: fields that are
    emptied, replaced or made coarser; anything else takes the record away.
    """
    if not references:
        return None
    action, changes = (then.act, then.changes) if then.act in _CHANGES else (Act.ERASE, {})
    packed = references.packed if isinstance(references, References) else b"".join(sorted(references))
    day = on or datetime.now(AMSTERDAM).date()
    row = governance.execute(
        """insert into erasure_journal (store, target, rule, plan, action, changes, named_by, refs, keep_until)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning entry""",
        [store, target, rule, plan, action, Jsonb(changes), named_by, packed,
         last_backup(policy, store, day)],
    ).fetchone()  # fmt: skip
    return int(row[0]) if row else None


def rectified(
    governance: Db,
    policy: Policy,
    store: str,
    target: str,
    references: Collection[bytes],
    *,
    case_id: UUID,
    on: date | None = None,
) -> int | None:
    """Write down which records (`ReferenceKey.row`) of one table a case corrects, inside the caller's transaction.

    The entry's number, None where there is nothing to write. Confirm it as any other; withdraw it where the store undid
    the correction. It ends when no backup from before it can be restored.
    """
    if not references:
        return None
    day = on or datetime.now(AMSTERDAM).date()
    row = governance.execute(
        """insert into erasure_journal (store, target, rule, action, named_by, refs, case_id, keep_until)
           values (%s, %s, 'rectification', %s, %s, %s, %s, %s) returning entry""",
        [store, target, _RECTIFIED, NamedBy.RECORD, b"".join(sorted(references)), case_id,
         last_backup(policy, store, day)],
    ).fetchone()  # fmt: skip
    return int(row[0]) if row else None


def confirm(governance: Db, entry: int | None) -> None:
    """The batch is committed in its store. Inside the caller's transaction."""
    if entry is not None:
        governance.execute("update erasure_journal set confirmed_at = clock_timestamp() where entry = %s", [entry])


def withdraw(governance: Db, entry: int | None) -> None:
    """The batch was undone by its store before anything of it was committed. Inside the caller's transaction."""
    if entry is not None:
        governance.execute("select journal_settle(%s, '')", [entry])


def settle(governance: Db, plan: UUID, rule: str, still_there: Collection[bytes]) -> int:
    """Take out of unconfirmed entries what is still in the store, and confirm the rest; the number of entries.

    For the start of a new attempt, when no other is under way. Inside the caller's transaction.
    """
    there = still_there if isinstance(still_there, References) else References.of(still_there)
    rows = governance.execute(
        "select entry, refs from erasure_journal where plan = %s and rule = %s and confirmed_at is null", [plan, rule]
    ).fetchall()
    for entry, refs in rows:
        written = unpacked(bytes(refs))
        gone = References(written[there.positions(written) < 0]).packed
        governance.execute("select journal_settle(%s, %s)", [entry, gone])
    return len(rows)


def unconfirmed(governance: Db, plan: UUID, rule: str) -> bool:
    """Whether batches of this plan and rule are left to settle."""
    row = governance.execute(
        "select exists (select from erasure_journal where plan = %s and rule = %s and confirmed_at is null)",
        [plan, rule],
    ).fetchone()
    return bool(row and row[0])


def entries(governance: Db, store: str) -> Iterable[Entry]:
    """What was erased and changed in a store, oldest first, a few batches at a time."""
    with governance.cursor(name="journal") as cursor:
        cursor.itersize = 20
        cursor.execute(
            """select store, target, rule, plan, named_by, action, changes, refs, recorded_at, confirmed_at
               from erasure_journal where store = %s and action <> %s order by entry""",
            [store, _RECTIFIED],
        )
        for name, target, rule, plan, named_by, action, changes, refs, recorded_at, confirmed_at in cursor:
            then = End(act=Act(action), changes=changes)
            references = frozenset(_split(bytes(refs)))
            yield Entry(name, target, rule, plan, NamedBy(named_by), then, references, recorded_at, confirmed_at)


def corrections(governance: Db, store: str, since: datetime) -> list[Rectified]:
    """What a store lost that comes back from a backup begun at `since`, oldest first: a later one of a field wins."""
    rows = governance.execute(
        """select case_id, target, refs, recorded_at, confirmed_at from erasure_journal
           where store = %s and action = %s and (confirmed_at is null or confirmed_at >= %s) order by entry""",
        [store, _RECTIFIED, since],
    )
    return [
        Rectified(case_id, target, frozenset(_split(bytes(refs))), recorded_at, confirmed_at)
        for case_id, target, refs, recorded_at, confirmed_at in rows
    ]


def age_out(governance: Db, day: date) -> int:
    """Remove entries whose records no backup can hold any more on `day`; how many. Inside the caller's transaction."""
    row = governance.execute("select journal_age_out(%s)", [day]).fetchone()
    return int(row[0]) if row else 0


def last_backup(policy: Policy, store: str, day: date) -> date | None:
    """The last day on which a backup of the store can hold what was erased on `day`; None where policy does not say."""
    kept = policy.stores[store].backups_kept_days
    return None if kept is None else day + timedelta(days=kept)


def _split(refs: bytes) -> Iterable[bytes]:
    return (refs[at : at + WIDTH] for at in range(0, len(refs), WIDTH))
