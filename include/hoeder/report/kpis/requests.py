"""Requests of data subjects."""

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report import read_requests as requests
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span
from hoeder.rights.case import Case


def _requests(db: Connection, span: Span) -> list[Case]:
    return [one for one in requests.cases(db, span.at) if (at := requests.answered_at(one)) and at >= span.start]


def _case_rows(found: list[Case]) -> dict[str, list[Row]]:
    """By number of the case: nobody's name."""
    return {"subject_case": [[one.case_id, one.received_on, len(one.steps)] for one in found]}


def requests_on_time(db: Connection, policy: Policy, span: Span) -> Measured:
    found = _requests(db, span)
    good = sum(requests.on_time(one, policy) for one in found)
    return Measured(good if found else None, len(found) or None, rows=_case_rows(found))


def requests_overdue(db: Connection, policy: Policy, span: Span) -> Measured:
    today = span.at.astimezone(AMSTERDAM).date()
    waiting = [one for one in requests.cases(db, span.at) if requests.answered_at(one) is None]
    return Measured(sum(one.due.due < today for one in waiting), rows=_case_rows(waiting))


def requests_median(db: Connection, policy: Policy, span: Span) -> Measured:
    found = _requests(db, span)
    return Measured(requests.at_share(sorted(map(requests.days_to_answer, found)), 50), rows=_case_rows(found))


def requests_p90(db: Connection, policy: Policy, span: Span) -> Measured:
    found = _requests(db, span)
    return Measured(requests.at_share(sorted(map(requests.days_to_answer, found)), 90), rows=_case_rows(found))


def requests_extended(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in requests.cases(db, span.at) if span.start <= one.received_at]
    return Measured(sum(one.extended for one in found) if found else None, len(found) or None, rows=_case_rows(found))


def copies_asked(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in requests.cases(db, span.at) if span.start <= one.received_at]
    asked = sum(map(requests.asked_for_a_copy, found))
    return Measured(asked if found else None, len(found) or None, rows=_case_rows(found))


def copies_overstaying(db: Connection, policy: Policy, span: Span) -> Measured:
    counted = requests.copies(db, span.start, span.at)
    return Measured(counted[3], rows={"identity_copy": [list(counted)]})


def recipients_told(db: Connection, policy: Policy, span: Span) -> Measured:
    due, told = requests.recipients(db, span.at)
    return Measured(told if due else None, due or None, rows={"recipient_notice": [[due, told]]})


KPIS = (
    Kpi("requests_on_time", Unit.SHARE, requests_on_time, all_of_it=True),
    Kpi("requests_overdue", Unit.REQUESTS, requests_overdue, at_most=0),
    Kpi("requests_median", Unit.DAYS, requests_median, at_most=14),
    Kpi("requests_p90", Unit.DAYS, requests_p90, at_most=25),
    Kpi("requests_extended", Unit.SHARE, requests_extended),
    Kpi("copies_asked", Unit.SHARE, copies_asked),
    Kpi("copies_overstaying", Unit.DOCUMENTS, copies_overstaying, at_most=0),
    Kpi("recipients_told", Unit.SHARE, recipients_told, all_of_it=True),
)
