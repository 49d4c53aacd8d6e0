"""The promises of the statement."""

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.promises import Status
from hoeder.report.facts.indicators import Unit
from hoeder.report.grounds import Row
from hoeder.report.kpis.kpi import Kpi, Measured, Span
from hoeder.report.read_promises import assess


def promises_proved(db: Connection, policy: Policy, span: Span) -> Measured:
    judged = assess(db, policy, span.at)
    rows: list[Row] = [[each.promise, each.status.value] for each in judged]
    known = sum(1 for each in judged if each.status is not Status.UNKNOWN)
    return Measured(known if judged else None, len(judged) or None, rows={"promise": rows}, by_policy=True)


KPIS = (Kpi("promises_proved", Unit.SHARE, promises_proved, all_of_it=True),)
