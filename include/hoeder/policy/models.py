"""A policy: all its files together.

Pydantic models of the files in `include/policy`. Each checks what a file can check by itself; `policy.agree` compares
them with each other, `stores.agree` with the stores.
"""

from datetime import date

from pydantic import Field

from hoeder.policy.access_review import AccessReview
from hoeder.policy.attestations import AttestationKind
from hoeder.policy.base import Name, Strict, Text
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.disclosures import DisclosureFile
from hoeder.policy.fraud_files import FraudFile
from hoeder.policy.incidents import IncidentFile, QuestionFile
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.policy.organisation import Organisation
from hoeder.policy.person_facing import PersonFacing
from hoeder.policy.processing import ProcessingFile
from hoeder.policy.promise import Chapter, Promise
from hoeder.policy.release import Release
from hoeder.policy.requests import Requests
from hoeder.policy.retention import RetentionRule


class Policy(Strict):
    """All policy files together, with the digest that evidence cites."""

    organisation: Organisation
    stores: dict[Name, Store]
    datasets: dict[Name, Dataset]
    retention: tuple[RetentionRule, ...]
    releases: tuple[Release, ...]
    processing: ProcessingFile = ProcessingFile()
    attestations: tuple[AttestationKind, ...] = ()
    disclosures: DisclosureFile = DisclosureFile()
    fraud_files: FraudFile | None = None
    """None where no fraud files are kept."""
    access_review: AccessReview | None = None
    """None where nobody reviews who can see what."""
    requests: Requests = Requests()
    incidents: IncidentFile | None = None
    """None where nobody registers incidents."""
    questions: QuestionFile | None = None
    marketing_gate: MarketingGate | None = None
    """None where nobody is approached for marketing."""
    person_facing: PersonFacing = PersonFacing()
    chapters: tuple[Chapter, ...] = ()
    """What was promised, by chapter of the statement."""
    dutch: dict[Text, Text] = Field(default_factory=dict)
    """What policy says in English, as a Dutch reader gets it."""
    digest: str
    """SHA-256 over the canonical JSON of everything above, in hex."""

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every promise, in the order of the statement."""
        return tuple(promise for chapter in self.chapters for promise in chapter.promises)

    def rules_on(self, day: date) -> tuple[RetentionRule, ...]:
        """The retention rules in force on a day."""
        return tuple(rule for rule in self.retention if rule.valid_on(day))
