"""The register of disclosures: what was asked, by which power, what was given and withheld, and what waits too long."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hoeder.clock import AMSTERDAM
from hoeder.disclosures.case import Case, Db, What, cases
from hoeder.policy import Policy


@dataclass(frozen=True)
class Entry:
    """A case as the register has it; nothing of a person. `given` and `asked` are fields of which there are records."""

    case: Case
    persons: int
    asked: int
    given: int
    records: int
    late: str | None
    """What waits for longer than policy allows."""

    @property
    def ground(self) -> str | None:
        """Why it was refused."""
        step = self.case.latest(What.REFUSED)
        return str(step.detail.get("ground")) if step else None


def entries(db: Db, policy: Policy, now: datetime) -> tuple[Entry, ...]:
    """Every case, the latest first."""
    counted = {
        (case_id, digest): tuple(numbers)
        for case_id, digest, *numbers in db.execute(
            """select case_id, digest, count(*) filter (where field <> '*'),
                      count(*) filter (where withheld is null),
                      (select coalesce(sum(p.most), 0)::bigint from (
                          select max(i.records) as most from disclosure_line i
                           where i.case_id = l.case_id and i.digest = l.digest and i.withheld is null
                           group by i.place) p)
                 from disclosure_line l group by case_id, digest"""
        )
    }
    found = []
    for case in cases(db):
        made, subjects = case.latest(What.PREPARED), case.latest(What.SUBJECTS)
        asked, given, records = counted.get((case.case_id, made.digest if made else None), (0, 0, 0))
        persons = int(subjects.detail["persons"]) if subjects else 0
        found.append(Entry(case, persons, asked, given, records, late(case, policy, now)))
    return tuple(found)


def late(case: Case, policy: Policy, now: datetime) -> str | None:
    """What of a case waits for longer than policy allows: its check, or the receipt of what was released."""
    today = now.astimezone(AMSTERDAM).date()
    table = policy.disclosures
    judged = case.latest(What.CHECKED) or case.latest(What.REFUSED)
    if judged is None and _days(case.received_on, today) > table.checked_within_days:
        return "check"
    released = case.latest(What.RELEASED)
    waits = timedelta(days=table.received_within_days)
    if released and case.last is What.RELEASED and now - released.at > waits:
        return "receipt"
    return None


def _days(begin: date, end: date) -> int:
    return (end - begin).days
