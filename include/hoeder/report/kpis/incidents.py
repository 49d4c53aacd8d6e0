"""Incidents and questions."""

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report import read_incidents as incidents
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span


def incidents_notified(db: Connection, policy: Policy, span: Span) -> Measured:
    return _in_time(db, policy, span, "supervisor")


def clients_told(db: Connection, policy: Policy, span: Span) -> Measured:
    return _in_time(db, policy, span, "client")


def _in_time(db: Connection, policy: Policy, span: Span, clock: str) -> Measured:
    good, ended = incidents.in_time(db, policy, span.start, span.at, clock)
    return Measured(good if ended else None, ended or None, rows=_incident_rows(db, span), by_policy=True)


def incidents_detection(db: Connection, policy: Policy, span: Span) -> Measured:
    return Measured(incidents.days_to_detection(db, span.start, span.at), rows=_incident_rows(db, span))


def incidents_overdue(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [each for each in incidents.register(db, span.at) if each.is_open]
    return Measured(
        len(incidents.overdue(found, policy, span.at)), rows=_incident_rows(db, span), by_policy=True
    )  # fmt: skip


def _incident_rows(db: Connection, span: Span) -> dict[str, list[Row]]:
    return {
        "incident_step": [
            [each.number, step.what.value, step.at, step.entry]
            for each in incidents.register(db, span.at)
            for step in each.steps
        ]
    }


def questions_late(db: Connection, policy: Policy, span: Span) -> Measured:
    known = incidents.read_questions(db, span.at)
    return Measured(
        sum(each.late_open for each in known) if known else None,
        entries=tuple(each.entry for each in known),
        rows={"question_count": [[each.source, each.asked, each.answered, each.late_open] for each in known]},
    )


KPIS = (
    Kpi("incidents_notified", Unit.SHARE, incidents_notified, all_of_it=True),
    Kpi("clients_told", Unit.SHARE, clients_told, all_of_it=True),
    Kpi("incidents_detection", Unit.DAYS, incidents_detection),
    Kpi("incidents_overdue", Unit.CLOCKS, incidents_overdue, at_most=0),
    Kpi("questions_late", Unit.QUESTIONS, questions_late, at_most=0),
)
