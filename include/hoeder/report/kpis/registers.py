"""Registers and attestations."""

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span
from hoeder.report.read_registers import read_registers


def register_drift(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_registers(db, policy, span.at)
    rows: list[Row] = [[each.kind, each.register, each.subject, each.place, each.detail] for each in known.findings]
    return Measured(
        None if known.check_entry is None else len(rows),
        entries=() if known.check_entry is None else (known.check_entry,),
        rows={"register_finding": rows},
    )


def attested(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_registers(db, policy, span.at).attested
    rows: list[Row] = [[each.kind, each.state, each.valid_until] for each in known]
    good = sum(1 for each in known if each.state in {"valid", "expiring"})
    return Measured(good if known else None, len(known) or None, rows={"attestation": rows}, by_policy=True)


KPIS = (
    Kpi("register_drift", Unit.DIFFERENCES, register_drift, at_most=0),
    Kpi("attested", Unit.SHARE, attested, all_of_it=True),
)
