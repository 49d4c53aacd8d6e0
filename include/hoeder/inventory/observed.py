"""Findings of one scan: what a person has to decide about, each of one kind."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hoeder.inventory.findings import WHOLE, ColumnFinding, Verdict
from hoeder.inventory.signals import Signals
from hoeder.policy.dataset import Prefix, Table

IDENTIFYING = (
    "user.name", "user.contact.email", "user.contact.phone_number", "user.contact.fax_number",
    "user.contact.address.street", "user.government_id", "user.financial.bank_account", "user.unique_id",
    "user.device.ip_address", "user.device.cookie_id", "user.account.username", "user.biometric",
)  # fmt: skip
"""Categories of which one value tells, or nearly tells, who it is."""
_SURE = 0.5
"""Confidence from which a category that nobody declared counts as identifying."""


class Kind(StrEnum):
    """Kinds of findings; the governance database holds the same list."""

    UNDECLARED = "undeclared"
    NOT_FOUND = "not-found"
    UNCLASSIFIED = "unclassified"
    NATIONAL_ID = "national-id"
    HEALTH = "health"
    PAYMENT_CARD = "payment-card"
    IDENTITY_DOCUMENT = "identity-document"
    CLIENT_MIXED = "client-mixed"
    NO_RETENTION = "no-retention"


@dataclass(frozen=True)
class Observed:
    """One finding as a scan saw it. `evidence` names tests and shares, never a value."""

    object: str
    column: str
    kind: Kind
    declared: str | None
    found: str | None
    confidence: float
    evidence: str


_BY_VERDICT = {
    Verdict.UNDECLARED: Kind.UNDECLARED,
    Verdict.NOT_FOUND: Kind.NOT_FOUND,
    Verdict.UNCLASSIFIED: Kind.UNCLASSIFIED,
    Verdict.MISPLACED: Kind.NATIONAL_ID,
}


def of_verdicts(columns: Iterable[ColumnFinding]) -> Iterator[Observed]:
    """Every column on which policy and scan disagree."""
    for column in columns:
        if kind := _BY_VERDICT.get(column.verdict):
            yield Observed(
                column.object, column.column, kind, column.declared, column.category, column.confidence, column.evidence
            )


def of_signals(name: str, column: str, signals: Signals, declared: Table | Prefix | None) -> Iterator[Observed]:
    """What a column's values hold that policy does not let the table or prefix hold."""
    allowed = set(declared.may_hold) if declared else set()
    category = declared.columns.get(column) if declared else None
    for kind, test, found, count in (
        (Kind.PAYMENT_CARD, "card numbers (Luhn)", "user.financial.credit_card", signals.cards),
        (Kind.HEALTH, "words about health", "user.health_and_medical", signals.health),
        (Kind.IDENTITY_DOCUMENT, "identity documents", "user.government_id", signals.papers),
    ):
        if count and kind.value not in allowed:
            # A number with check digits needs no second witness; one mention of an illness may be about nobody.
            confidence = 0.9 if kind is Kind.PAYMENT_CARD or count >= 3 else 0.6
            evidence = f"{test} in {count} of {signals.values} distinct values"
            yield Observed(name, column, kind, category, found, confidence, evidence)


def without_rule(name: str, columns: Sequence[ColumnFinding]) -> Iterator[Observed]:
    """An identifying column in a table or prefix that no retention rule is about."""
    telling = {
        column.column: category
        for column in columns
        if column.column != WHOLE and column.verdict is not Verdict.NOT_FOUND and (category := _identifying(column))
    }
    if telling:
        shown = ", ".join(sorted(telling)[:5]) + ("" if len(telling) <= 5 else f" and {len(telling) - 5} more")
        yield Observed(name, WHOLE, Kind.NO_RETENTION, None, None, 1.0, f"identifying columns: {shown}; no rule")


def _identifying(column: ColumnFinding) -> str | None:
    seen = column.category if column.confidence >= _SURE else None
    return next(
        (c for c in (column.declared, seen) if c and any(f"{c}.".startswith(f"{i}.") for i in IDENTIFYING)), None
    )
