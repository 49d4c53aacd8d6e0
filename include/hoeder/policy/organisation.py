"""The organisation: its officers, its supervisors, and where its report goes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hoeder.policy.base import Name, Strict, Text


class Officer(Strict):
    """A function, never a person: the statement names officers by role."""

    title: Text
    tasks: Text
    reports_to: Text | None = None
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]+$")] | None = None
    """Login name in Airflow, for officers who answer required actions."""
    approves: tuple[
        Literal["retention", "rights", "disclosures", "fraud_files", "access_review", "incidents"], ...
    ] = ()
    """Whose plans this officer may approve."""


class Supervisor(Strict):
    """An authority that watches over (part of) what the company does."""

    name: Text
    watches: Text
    until: date | None = None


class ReportMail(Strict):
    """Who is told that there is a new report, over connection `smtp_audit_report`."""

    to: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Mailboxes of functions."""
    attach: bool = False
    """Whether the report itself goes along; without it the mail says where it lies."""


class Organisation(Strict):
    """The company whose statement is kept."""

    name: Text
    statement: Text
    statement_date: date
    note: Text
    """Shown on every page of every report."""
    ledger_kept_years: Annotated[int, Field(ge=1, le=50)]
    """How long ledger entries stay; checkpoints that commit to them stay longer."""
    locked_years: Annotated[int, Field(ge=1, le=20)]
    """How long nobody, administrators included, can delete a report or a checkpoint of the ledger from its bucket."""
    book_year_begins: Annotated[int, Field(ge=1, le=12)] = 1
    """First month of the book year."""
    approvals_last_days: Annotated[int, Field(ge=1, le=90)] = 7
    """How long after an officer's answer its plan may still be executed."""
    decided_within_days: Annotated[int, Field(ge=1, le=90)] = 14
    """What waits longer for somebody's decision is overdue in the report."""
    small_below: Annotated[int, Field(ge=2, le=50)] = 5
    """Fewer persons than this are not counted out in the report."""
    report_mail: ReportMail | None = None
    privacy_mailbox: Text
    postal_address: tuple[Text, ...]
    timezone: Literal["Europe/Amsterdam"] = "Europe/Amsterdam"
    officers: dict[Name, Officer]
    supervisors: tuple[Supervisor, ...]

    def ledger_begins(self, today: date) -> date:
        """The first day of which anything is kept as long as ledger entries are; by whole months."""
        return date(today.year - self.ledger_kept_years, today.month, 1)

    def approvers(self, capability: str) -> frozenset[str]:
        """Login names that may approve plans of a capability, such as `retention`."""
        return frozenset(o.user for o in self.officers.values() if o.user and capability in o.approves)

    def logins(self, who: str) -> frozenset[str]:
        """Logins that `who` stands for: an officer's key, or a login itself."""
        officer = self.officers.get(who)
        return frozenset({who} | ({officer.user} if officer and officer.user else set()))
