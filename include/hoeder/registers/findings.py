"""What is wrong with a register: differences with the inventory, gaps in law, attestations that ran out. Names only."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of findings; the governance database holds the same list."""

    NOT_FOUND = "not-found"  # in the register, and the inventory did not find it
    NOT_REGISTERED = "not-registered"  # found, and in no register
    NOT_SCANNED = "not-scanned"  # no inventory has read this store yet: nothing can be said
    NO_BASIS = "no-basis"  # GDPR Art. 6
    NO_CONDITION = "no-condition"  # special categories, GDPR Art. 9(2)
    NO_STATUTE = "no-statute"  # citizen service number, UAVG 46
    NO_TERM = "no-term"  # GDPR Art. 5(1)(e), 30(1)(f)
    NO_SAFEGUARD = "no-safeguard"  # transfer outside the EEA, GDPR Art. 44
    NO_AGREEMENT = "no-agreement"  # processor or client, GDPR Art. 28(3)
    ATTESTATION_MISSING = "attestation-missing"
    ATTESTATION_EXPIRING = "attestation-expiring"
    ATTESTATION_EXPIRED = "attestation-expired"
    ATTESTATION_SHORT = "attestation-short"  # it does not cover every store that it has to

    @property
    def counted(self) -> str:
        """Its name among the ledger's counts."""
        return self.value.replace("-", "_")


CONTROLLER = "controller"
"""The register of GDPR Art. 30(1)."""


def of_client(client: str) -> str:
    """The name of a client's register (Art. 30(2))."""
    return f"client-{client}"


@dataclass(frozen=True, order=True)
class Finding:
    """One difference or gap.

    `register` is `controller`, `client-<name>` or nothing where it is about no single register; `subject` a processing,
    recipient, client or kind of attestation; `place` a table, prefix or column; `detail` a category, country or day, or
    `columns:<n>`, `client:<value>`, `no-rows`.
    """

    kind: Kind
    register: str = ""
    subject: str = ""
    place: str = ""
    detail: str = ""

    @property
    def warns_only(self) -> bool:
        """Whether nothing is wrong yet."""
        return self.kind is Kind.ATTESTATION_EXPIRING
