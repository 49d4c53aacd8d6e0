"""Which open cases get a run of `subject_request` now, each under a name that Airflow takes once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from hoeder.rights import case
from hoeder.rights.case import Case, Db

_SPREAD = 15 * 60 * 1_000_000
"""Microseconds before the receipt within which the runs of cases begin."""


@dataclass(frozen=True)
class Start:
    """A run to be started: its name, the number of its case, and the moment that alerts run from."""

    run_id: str
    number: str
    begins: datetime


def to_start(db: Db, active: Collection[str], today: date) -> list[Start]:
    """A run for every open case that has none; `active` are the numbers of those that have one.

    A case gets the next one when it moved, when an answer was refused, or the next day: a run that failed for a store
    that did not answer is tried again, and nobody is asked twice in between.
    """
    found = [each for each in case.open_cases(db) if str(each.case_id) not in active]
    refusals: dict[UUID, int] = dict(
        db.execute(
            """select case_id, count(*) from ledger
                where case_id = any(%s) and phase = 'outcome' and outcome = 'refused' group by case_id""",
            [[each.case_id for each in found]],
        ).fetchall()
    )
    return [_start(each, len(each.steps) + refusals.get(each.case_id, 0), today) for each in found]


def _start(found: Case, moved: int, today: date) -> Start:
    # from the receipt, less some minutes in which no other run begins: Airflow wants a moment of each run's own
    spread = (found.case_id.int ^ (moved * 1_000_003) ^ (today.toordinal() * 7_919)) % _SPREAD
    begins = found.received_at - timedelta(microseconds=spread)
    return Start(f"{found.case_id}.{moved}.{today:%Y%m%d}", str(found.case_id), begins)
