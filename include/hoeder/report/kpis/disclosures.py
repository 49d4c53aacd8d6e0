"""Disclosures and fraud files."""

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span
from hoeder.report.read_disclosures import asked, read_fraud_files


def disclosures_checked(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in asked(db, span.at) if one.taken_in_at >= span.start and not one.own_report]
    rows: list[Row] = [[one.case_id, one.received_on, one.judged_on] for one in found]
    today = span.at.astimezone(AMSTERDAM).date()
    due = [one for one in found if one.judged_on or one.is_late(policy, today)]
    good = sum(not one.is_late(policy, today) for one in due)
    return Measured(good if due else None, len(due) or None, rows={"disclosure": rows}, by_policy=True)


def disclosures_minimised(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in asked(db, span.at) if one.released_on and one.taken_in_at >= span.start]
    rows: list[Row] = [[one.case_id, one.fields_asked, one.fields_given] for one in found]
    whole = sum(one.fields_asked for one in found)
    given = sum(one.fields_given for one in found)
    return Measured(given if whole else None, whole or None, rows={"disclosure_line": rows})


def disclosures_unconfirmed(db: Connection, policy: Policy, span: Span) -> Measured:
    found = [one for one in asked(db, span.at) if one.is_unconfirmed(policy, span.at)]
    rows: list[Row] = [[one.case_id, one.released_on] for one in found]
    return Measured(len(found), rows={"disclosure_step": rows}, by_policy=True)


def fraud_findings(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_fraud_files(db, span.at)
    rows: list[Row] = [[each.kind, each.place, each.subject, each.number] for each in known.lines]
    if known.entry is None:
        return Measured(None)
    return Measured(sum(each.number for each in known.lines), entries=(known.entry,), rows={"fraud_finding": rows})


KPIS = (
    Kpi("disclosures_checked", Unit.SHARE, disclosures_checked, all_of_it=True),
    Kpi("disclosures_minimised", Unit.SHARE, disclosures_minimised),
    Kpi("disclosures_unconfirmed", Unit.DISCLOSURES, disclosures_unconfirmed, at_most=0),
    Kpi("fraud_findings", Unit.FINDINGS, fraud_findings, at_most=0),
)
