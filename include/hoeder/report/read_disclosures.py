"""The register of disclosures and the last look at fraud files, as they stood at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Activity, Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.disclosures import DisclosureLine, Disclosures, FraudFiles, FraudLine

_CASES = """
    with step as (select * from disclosure_step where at < %(until)s),
    made as (select distinct on (case_id) case_id, digest from step where what = 'prepared'
              order by case_id, step desc),
    line as (select l.* from disclosure_line l join made using (case_id, digest))
    select d.case_id, d.authority, d.own_report, d.received_on, d.taken_in_at, d.secret_until,
           (select (detail ->> 'persons')::int from step s where s.case_id = d.case_id and s.what = 'subjects'),
           (select min(at) from step s where s.case_id = d.case_id and s.what in ('checked', 'refused')),
           exists (select from step s where s.case_id = d.case_id and s.what = 'refused'),
           exists (select from step s where s.case_id = d.case_id and s.what = 'forwarded'),
           (select at from step s where s.case_id = d.case_id and s.what = 'released'),
           exists (select from step s where s.case_id = d.case_id and s.what = 'received'),
           (select count(*) from line l where l.case_id = d.case_id and l.field <> '*'),
           (select count(*) from line l where l.case_id = d.case_id and l.withheld is null),
           (select coalesce(sum(p.most), 0)::bigint from (
               select max(l.records) as most from line l where l.case_id = d.case_id and l.withheld is null
                group by l.place) p)
      from disclosure d where d.taken_in_at < %(until)s order by d.taken_in_at, d.case_id
"""


@dataclass(frozen=True)
class Asked:
    """One case; nothing of a person."""

    case_id: UUID
    authority: str
    own_report: bool
    received_on: date
    taken_in_at: datetime
    secret_until: date | None
    persons: int
    judged_on: date | None
    refused: bool
    forwarded: bool
    released_on: date | None
    released_at: datetime | None
    received: bool
    fields_asked: int
    fields_given: int
    records: int

    def is_late(self, policy: Policy, today: date) -> bool:
        """Whether its check came, or comes, later than policy allows."""
        days = ((self.judged_on or today) - self.received_on).days
        return days > policy.disclosures.checked_within_days

    def is_unconfirmed(self, policy: Policy, at: datetime) -> bool:
        """Whether nobody said in time that the recipient has it."""
        waits = timedelta(days=policy.disclosures.received_within_days)
        return self.released_at is not None and not self.received and at - self.released_at > waits


def asked(db: Connection, until: datetime) -> list[Asked]:
    """Every case that there was, oldest first, as it stood then."""
    return [_asked(row) for row in db.execute(_CASES, {"until": until}).fetchall()]


def _asked(row: tuple[Any, ...]) -> Asked:
    case_id, authority, own, received_on, taken_in_at, secret_until, persons, judged_at, refused, forwarded, *rest = row
    released_at, received, fields_asked, fields_given, records = rest
    return Asked(
        case_id, authority, own, received_on, taken_in_at, secret_until, persons or 0, _day(judged_at), refused,
        forwarded, _day(released_at), released_at, received, fields_asked, fields_given, records,
    )  # fmt: skip


def read_disclosures(db: Connection, policy: Policy, start: datetime, until: datetime) -> Disclosures:
    """What was asked and given from `start`, and what waits at `until`."""
    everything = asked(db, until)
    today = until.astimezone(AMSTERDAM).date()
    new = [one for one in everything if one.taken_in_at >= start]
    requests = [one for one in new if not one.own_report]
    waiting = [one for one in everything if one.judged_on is None]
    row = db.execute(
        """select count(*) from ledger where activity = %s and phase = 'outcome' and outcome = 'refused'
             and recorded_at >= %s and recorded_at < %s""",
        [Activity.DISCLOSURES_RECEIVE, start, until],
    ).fetchone()
    return Disclosures(
        received=len(requests),
        own_reports=len(new) - len(requests),
        checked=sum(one.judged_on is not None for one in requests),
        forwarded=sum(one.forwarded for one in requests),
        refused_at_door=row[0] if row else 0,
        waiting=len(waiting),
        late=sum(one.is_late(policy, today) for one in waiting),
        unconfirmed=sum(one.is_unconfirmed(policy, until) for one in everything),
        secret=sum(one.secret_until is not None and one.secret_until >= today for one in everything),
        lines=tuple(_lines(new, policy)),
    )


def read_fraud_files(db: Connection, until: datetime) -> FraudFiles:
    """The last look; empty where nobody looked."""
    last = db.execute(
        """select fraud_check, checked_at, entry, rows from fraud_check where checked_at < %s
           order by fraud_check desc limit 1""",
        [until],
    ).fetchone()
    if last is None:
        return FraudFiles()
    check, looked_at, entry, rows = last
    lines = db.execute(
        "select kind, place, subject, number from fraud_finding where fraud_check = %s order by kind, place, subject",
        [check],
    ).fetchall()
    return FraudFiles(looked_at, entry, rows, tuple(FraudLine(*line) for line in lines))


def _lines(new: Iterable[Asked], policy: Policy) -> Iterable[DisclosureLine]:
    by_authority: dict[str, list[Asked]] = {}
    for one in new:
        by_authority.setdefault(one.authority, []).append(one)
    for name, those in sorted(by_authority.items()):
        out = [one for one in those if one.released_on]
        persons = sum(one.persons for one in out)
        few = 0 < persons < policy.organisation.small_below
        known = policy.disclosures.authority(name)
        yield DisclosureLine(
            authority=name,
            nl=known.nl if known else name,
            en=known.en if known else name,
            received=len(those),
            refused=sum(one.refused for one in those),
            released=len(out),
            persons=None if few else persons,
            records=None if few else sum(one.records for one in out),
            fields_asked=sum(one.fields_asked for one in out),
            fields_given=sum(one.fields_given for one in out),
        )


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(AMSTERDAM).date() if moment else None
