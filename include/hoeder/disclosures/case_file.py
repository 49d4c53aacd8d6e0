"""What a case must know of persons, in the vault: the official who asks, whom it is about, and what was made."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hoeder.errors import StoreError
from hoeder.persons.person import Person
from hoeder.vault import Vault

REQUESTS = "disclosures/requests/"
PACKAGES = "disclosures/packages/"
_STRICT = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Official(BaseModel):
    """Who asks, and for whom the file is closed."""

    model_config = _STRICT

    name: str
    unit: str
    reached_at: str
    certificate: str
    """PEM."""

    def __repr__(self) -> str:
        return "Official(…)"


class Subject(BaseModel):
    """Somebody whom the request is about."""

    model_config = _STRICT

    identities: dict[str, str] = Field(default_factory=dict)
    """By kind: email, phone, bank_account, national_id, or a store's own number such as contact."""
    names: tuple[str, ...] = ()
    born_on: date | None = None
    postcode: str | None = None
    client: str | None = None

    def person(self) -> Person:
        """Whom to look for."""
        return Person(frozenset(self.identities.items()), self.names, self.born_on, self.postcode)

    def __repr__(self) -> str:
        return f"Subject({len(self.identities)} identities)"


class CaseFile(BaseModel):
    """All that the vault keeps of a request."""

    model_config = _STRICT

    official: Official
    subjects: tuple[Subject, ...]

    def __repr__(self) -> str:
        return f"CaseFile({len(self.subjects)} subjects)"


def package_name(case_id: UUID) -> str:
    """Where what was made for the recipient lies."""
    return f"{PACKAGES}{case_id}"


def write(vault: Vault, case_id: UUID, file: CaseFile, *, closed_on: date | None = None) -> None:
    """Keep a request, instead of what was kept before; its term begins when the case is closed."""
    term: dict[str, str | date] = {"status": "closed", "closed_on": closed_on} if closed_on else {"status": "open"}
    vault.put(f"{REQUESTS}{case_id}", file.model_dump_json().encode(), term=term)


def put_package(vault: Vault, case_id: UUID, sealed: bytes, *, made_on: date) -> None:
    """Keep what was made for the recipient, closed for them, instead of what was made before."""
    vault.put(package_name(case_id), sealed, term={"made_on": made_on})


def read_file(vault: Vault, case_id: UUID) -> CaseFile:
    """A request. Raises StoreError where there is none, or it cannot be decrypted."""
    try:
        return CaseFile.model_validate_json(vault.get(f"{REQUESTS}{case_id}"))
    except ValidationError:
        raise StoreError(f"the request of case {case_id} was written by another version and cannot be read") from None
