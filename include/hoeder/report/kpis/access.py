"""Access, and clients apart."""

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span
from hoeder.report.read_access import GONE, findings, read_access


def access_open(db: Connection, policy: Policy, span: Span) -> Measured:
    rows = findings(db, span.at)
    known = read_access(db, span.at, small_below=policy.organisation.small_below)
    still = sum(not kept and outcome not in GONE for *_, kept, outcome in rows)
    return Measured(
        None if known.entry is None else still,
        entries=() if known.entry is None else (known.entry,),
        rows={"access_finding": list(rows)},
    )


def leaver_days(db: Connection, policy: Policy, span: Span) -> Measured:
    rows: list[Row] = [[row[0], row[3]] for row in findings(db, span.at) if row[1] in ("leaver", "client-system")]
    known = read_access(db, span.at, small_below=policy.organisation.small_below)
    if known.entry is None or known.staff_state != "usable":
        return Measured(None)
    return Measured(max((_days(row[1]) for row in rows), default=0), entries=(known.entry,),
                    rows={"access_finding": rows})  # fmt: skip


def _days(hours: object) -> int:
    return -(-hours // 24) if isinstance(hours, int) else 0


def clients_apart(db: Connection, policy: Policy, span: Span) -> Measured:
    known = read_access(db, span.at, small_below=policy.organisation.small_below)
    if known.look_entry is None:
        return Measured(None)
    return Measured(known.apart, known.trials or None, entries=(known.look_entry,))


KPIS = (
    Kpi("access_open", Unit.FINDINGS, access_open, at_most=0),
    Kpi("leaver_days", Unit.DAYS, leaver_days, at_most=1),
    Kpi("clients_apart", Unit.SHARE, clients_apart, all_of_it=True),
)
