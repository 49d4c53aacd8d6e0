"""Everything the report knows."""

from dataclasses import dataclass
from datetime import datetime

from hoeder.report.facts.access import Access
from hoeder.report.facts.attention import Attention
from hoeder.report.facts.disclosures import Disclosures, FraudFiles
from hoeder.report.facts.evidence import Evidence
from hoeder.report.facts.incidents import Incidents, QuestionLine
from hoeder.report.facts.indicators import KpiFigure
from hoeder.report.facts.inventory import Inventory
from hoeder.report.facts.marketing import Marketing
from hoeder.report.facts.promises import Promise
from hoeder.report.facts.registers import Registers
from hoeder.report.facts.releases import ReleaseFigures
from hoeder.report.facts.requests import Requests
from hoeder.report.facts.retention import Hold, Retention
from hoeder.report.period import Period


@dataclass(frozen=True)
class Figures:
    """Everything the report says, as it stood at `at`."""

    period: Period
    at: datetime
    """The end of the period, or while it lasts the moment the report is made."""
    policy_digest: str
    inventory: Inventory
    retention: Retention
    holds: tuple[Hold, ...]
    releases: tuple[ReleaseFigures, ...]
    evidence: Evidence
    registers: Registers
    access: Access
    requests: Requests
    marketing: Marketing
    disclosures: Disclosures
    fraud_files: FraudFiles
    incidents: Incidents
    questions: tuple[QuestionLine, ...]
    kpis: tuple[KpiFigure, ...]
    promises: tuple[Promise, ...]
    attention: tuple[Attention, ...] = ()
    """Worked out from all the others."""
