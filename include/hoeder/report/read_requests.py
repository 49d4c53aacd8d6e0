"""Requests of data subjects, as they stood at one moment: counts by right and ground, days, and no case by itself."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.deadlines import working_days_after
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.requests import RequestGround, RequestLine, Requests
from hoeder.rights.case import Case, Channel, Right, Step, What


def cases(db: Connection, until: datetime) -> list[Case]:
    """Every request as it stood at a moment, as they were received; duplicates and what asked nothing left out."""
    taken: dict[object, list[Step]] = {}
    for number, what, at, by, detail in db.execute(
        "select case_id, what, at, by_whom, detail from subject_step where at < %s order by step", [until]
    ):
        taken.setdefault(number, []).append(Step(What(what), at, by, detail))
    rows = db.execute(
        """select case_id, received_at, channel, language, policy_digest, stores from subject_case
           where taken_in_at < %s order by received_at, case_id""",
        [until],
    )
    found = [
        Case(row[0], row[1], Channel(row[2]), row[3], row[4], tuple(row[5]), tuple(taken.get(row[0], ())))
        for row in rows
    ]
    return [one for one in found if one.latest(What.DUPLICATE) is None and one.latest(What.NO_REQUEST) is None]


def read_requests(db: Connection, policy: Policy, start: datetime, until: datetime) -> Requests:
    """Open ones as they stood at `until`; received, answered and refused from `start`."""
    known, small = cases(db, until), policy.organisation.small_below
    today = until.astimezone(AMSTERDAM).date()
    received = [one for one in known if start <= one.received_at < until]
    left = [(one.due.due - today).days for one in known if answered_at(one) is None]
    answered = [one for one in known if (at := answered_at(one)) and at >= start]
    days = sorted(map(days_to_answer, answered))
    kept, found, not_kept, overstaying = copies(db, start, until)
    due, told = recipients(db, until)
    return Requests(
        received=len(received),
        answered=len(answered),
        on_time=sum(on_time(one, policy) for one in answered),
        open=len(left),
        overdue=sum(day < 0 for day in left),
        within_a_week=sum(0 <= day <= 7 for day in left),
        median_days=at_share(days, 50),
        p90_days=at_share(days, 90),
        forwarded=sum(one.latest(What.FORWARDED) is not None for one in answered),
        opted_out=_opted_out(db, start, until),
        extended=sum(one.extended for one in received),
        copies_asked=sum(asked_for_a_copy(one) for one in received),
        copies_found=found,
        copies_not_kept=not_kept,
        copies_held=kept,
        copies_overstaying=overstaying,
        recipients_due=due,
        recipients_told=told,
        lines=tuple(_lines(received, answered, _refused(db, start, until), small)),
        grounds=tuple(_grounds(db, received, start, until, small)),
        lacking=tuple(_lacking(db, today)),
    )


def answered_at(one: Case) -> datetime | None:
    """When the person was answered, or their request passed on to the client whose customer they are."""
    step = one.latest(What.ANSWERED) or one.latest(What.FORWARDED)
    return step.at if step else None


def days_to_answer(one: Case) -> int:
    """From receipt."""
    at = answered_at(one)
    return 0 if at is None else (at.astimezone(AMSTERDAM).date() - one.received_on).days


def on_time(one: Case, policy: Policy) -> bool:
    """Before the strict date; what is a client's, within the working days that policy gives."""
    at = answered_at(one)
    if at is None:
        return False
    if one.latest(What.ANSWERED) is None:
        last = working_days_after(one.received_on, policy.requests.forwarded_within_working_days)
        return at.astimezone(AMSTERDAM).date() <= last
    return at.astimezone(AMSTERDAM).date() <= one.due.due


def asked_for_a_copy(one: Case) -> bool:
    """Whether the person was asked for a copy of an identity document."""
    return any(step.what is What.IDENTITY_ASKED and step.detail.get("method") == "shielded-copy" for step in one.steps)


def at_share(days: Sequence[int], share: int) -> int | None:
    """The smallest number of days within which so many per cent were answered."""
    return days[-(-len(days) * share // 100) - 1] if days else None


def copies(db: Connection, start: datetime, until: datetime) -> tuple[int, int, int, int]:
    """Copies of identity documents: in the vault now, found since, not kept of these, and overstaying closed cases."""
    row = db.execute(
        """select count(*) filter (where kept and taken_out_at < %(at)s and not coalesce(destroyed_at < %(at)s, false)),
                  count(*) filter (where taken_in_at >= %(start)s),
                  count(*) filter (where taken_in_at >= %(start)s and (not kept or why = 'not-masked')),
                  count(*) filter (where kept and taken_out_at < %(at)s and not coalesce(destroyed_at < %(at)s, false)
                                     and (select what from subject_step s where s.case_id = i.case_id and s.at < %(at)s
                                           order by step desc limit 1) = 'closed')
           from identity_copy i where taken_in_at < %(at)s""",
        {"start": start, "at": until},
    ).fetchone()
    return row or (0, 0, 0, 0)


def recipients(db: Connection, until: datetime) -> tuple[int, int]:
    """Notices to recipients (GDPR 19): those that are due, and those sent or impossible on a ground."""
    row = db.execute(
        """select count(*), count(*) filter (where sent_at < %(at)s or ground is not null)
           from recipient_notice where made_at < %(at)s""",
        {"at": until},
    ).fetchone()
    return row or (0, 0)


def _opted_out(db: Connection, start: datetime, until: datetime) -> int:
    """Persons that were left alone at once, by the messages that asked it."""
    row = db.execute(
        """select count(*) from ledger where activity = 'rights.receive@1' and phase = 'outcome'
              and coalesce((counts ->> 'opted_out')::int, 0) > 0 and recorded_at >= %s and recorded_at < %s""",
        [start, until],
    ).fetchone()
    return int(row[0]) if row else 0


def _refused(db: Connection, start: datetime, until: datetime) -> list[tuple[str, str]]:
    """Right and ground of each refusal."""
    return db.execute(
        """select q.about, coalesce(d.fields ->> 'ground', '')
           from subject_decision d join subject_question q using (question)
           where q.asks = 'decide' and d.choice = 'Refuse' and d.admitted_at >= %s and d.admitted_at < %s
           order by 1, 2""",
        [start, until],
    ).fetchall()


def _lines(
    received: Sequence[Case], answered: Sequence[Case], refused: Sequence[tuple[str, str]], small: int
) -> Iterator[RequestLine]:
    """By right, with small numbers left out."""
    asked = Counter(right for one in received for right in one.rights)
    done = Counter(right for one in answered for right in one.rights)
    no = Counter(right for right, _ in refused)
    for right in Right:
        if asked[right] or done[right] or no[right]:
            yield RequestLine(
                str(right), _large(asked[right], small), _large(done[right], small), _large(no[right], small)
            )


def _grounds(
    db: Connection, received: Sequence[Case], start: datetime, until: datetime, small: int
) -> Iterator[RequestGround]:
    longer = Counter(str(step.detail.get("ground")) for one in received if (step := one.latest(What.EXTENDED)))
    refused = Counter(ground for _, ground in _refused(db, start, until))
    found: Mapping[str, Counter[str]] = {"extended": longer, "refused": refused}
    for kind, counted in found.items():
        for ground in sorted(counted):
            yield RequestGround("extended" if kind == "extended" else "refused", ground, _large(counted[ground], small))


def _large(number: int, small: int) -> int | None:
    """A number, or None where it is of so few persons that they could be told apart."""
    return None if 0 < number < small else number


def _lacking(db: Connection, today: object) -> Iterator[str]:
    for store, table, column in db.execute(
        """select store, object, column_name from lacking_index
           where first_seen <= %(today)s and (gone_on is null or gone_on > %(today)s) order by 1, 2, 3""",
        {"today": today},
    ):
        yield f"{store}.{table}.{column}"
