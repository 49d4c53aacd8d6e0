"""What must be seen to while cases are open and after: clocks, terms that begin, copies that overstay, old cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from hoeder.clock import AMSTERDAM, add_months
from hoeder.deadlines import working_days_after
from hoeder.errors import StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.persons import indexes
from hoeder.persons.person import Scope
from hoeder.policy import Policy
from hoeder.rights import case, case_file, quarantine, recipients
from hoeder.rights.case import Case, What
from hoeder.rights.quarantine import Why
from hoeder.stores.connection import Resolver
from hoeder.vault import Vault

Db = psycopg.Connection[tuple[Any, ...]]


def clocks(db: Db, policy: Policy, *, run: ledger.Run, today: date) -> dict[str, int]:
    """How open requests stand against their clocks; put down in the ledger once a day."""
    open_cases = case.open_cases(db)
    counts = case.matters(open_cases, today)
    counts["overdue"] += sum(_forward_late(found, policy, today) for found in open_cases)
    counts |= recipients.overdue(db, today)
    said = db.execute(
        """select 1 from ledger where activity = %s and phase = 'outcome' and case_id is null
              and (recorded_at at time zone 'Europe/Amsterdam')::date = %s limit 1""",
        [Activity.RIGHTS_CLOCKS, today],
    ).fetchone()
    if said is None:
        with ledger.act(db, run, Activity.RIGHTS_CLOCKS, "clock") as doing:
            doing.counts = dict(counts)
            doing.outcome = Outcome.DONE if open_cases else Outcome.NOTHING
    return counts


def _forward_late(found: Case, policy: Policy, today: date) -> bool:
    """Whether a client's customer still waits for us to pass the request on, though the own month is not over."""
    if found.client is None or found.latest(What.FORWARDED) or today > found.due.due:
        return False
    return today > working_days_after(found.received_on, policy.requests.forwarded_within_working_days)


@dataclass(frozen=True)
class Kept:
    """What was put in order. `overstayed` copies should have been gone already, and now are."""

    files_closed: int = 0
    overstayed: int = 0
    by_term: int = 0
    aged_out: int = 0


def keep_house(db: Db, policy: Policy, vault: Vault, *, run: ledger.Run, today: date) -> Kept:
    """Begin the terms of closed cases' files, destroy copies that nobody needs any more, let old cases go."""
    closed = _close_files(db, vault)
    overstaying = quarantine.overstaying(db, vault)
    gone = sum(quarantine.destroy(db, vault, number, why=Why.CLOSED, run=run) for number in overstaying)
    by_term = quarantine.settle(db, vault)
    before = add_months(today, -12 * policy.requests.cases_kept_years)
    row = db.execute("select cases_age_out(%s)", [before]).fetchone()
    db.commit()
    return Kept(closed, gone, by_term, int(row[0]) if row else 0)


def _close_files(db: Db, vault: Vault) -> int:
    """Files of closed cases whose term has not begun; one that is gone already is done with."""
    rows = db.execute(
        """select case_id, at from (select distinct on (case_id) case_id, what, at from subject_step
                                     order by case_id, step desc) s join subject_case using (case_id)
           where what = 'closed' and not file_closed"""
    ).fetchall()
    there = set(vault.names(case_file.FILES)) if rows else set()
    for number, at in rows:
        if f"{case_file.FILES}{number}" in there:
            case_file.close(vault, number, at.astimezone(AMSTERDAM).date())
        db.execute("update subject_case set file_closed = true where case_id = %s", [number])
        db.commit()
    return len(rows)


def look_at_indexes(db: Db, policy: Policy, resolve: Resolver, *, today: date) -> Mapping[str, str]:
    """Identifying columns that no index helps to find, with the statement that adds one.

    Raises StoreError where a store does not answer: what was known of indexes then stays as it is.
    """
    found = indexes.lacking(policy, resolve, Scope())
    db.execute(
        """update lacking_index set gone_on = %s where gone_on is null and not (store, object, column_name) in
               (select * from unnest(%s::text[], %s::text[], %s::text[]))""",
        [today, [one.store for one in found], [one.table for one in found], [one.column for one in found]],
    )
    for one in found:
        db.execute(
            """insert into lacking_index (store, object, column_name, statement, first_seen) values (%s, %s, %s, %s, %s)
               on conflict (store, object, column_name) do update
                   set statement = excluded.statement, gone_on = null""",
            [one.store, one.table, one.column, one.statement, today],
        )
    db.commit()
    return {f"{one.store}.{one.table}.{one.column}": one.statement for one in found}


def judge(counts: Mapping[str, int], kept: Mapping[str, int]) -> None:
    """Raises StoreError, in counts, where an answer is late or a copy had overstayed."""
    wrong = []
    if counts.get("overdue"):
        wrong.append(f"{counts['overdue']} requests are overdue; `hoeder requests` lists them, the most urgent first")
    if kept.get("overstayed"):
        wrong.append(
            f"{kept['overstayed']} copies of identity documents had overstayed their cases; they are destroyed now"
        )
    if wrong:
        raise StoreError("\n".join(wrong))
