"""What a case needs to know of its person, in the vault while the case needs it."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from hoeder.errors import StoreError
from hoeder.persons.person import Person
from hoeder.vault import Vault

FILES = "files/"


class CaseFile(BaseModel):
    """Who asks, and where to answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    identities: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    born_on: date | None = None
    postcode: str | None = None
    answer_to: str | None = None
    """The address at which the person asked."""
    message: str | None = None
    """Where the message lies: `store:key`."""

    def person(self) -> Person:
        """Whom to look for."""
        return Person(frozenset(self.identities), self.names, self.born_on, self.postcode)

    def __repr__(self) -> str:
        return f"CaseFile({len(self.identities)} identities)"


def write(vault: Vault, case_id: UUID, file: CaseFile) -> None:
    """Keep what a case needs to know, instead of what was kept before."""
    vault.put(f"{FILES}{case_id}", file.model_dump_json().encode())


def read(vault: Vault, case_id: UUID) -> CaseFile:
    """What a case needs to know. Raises StoreError where there is nothing, or it cannot be decrypted."""
    try:
        return CaseFile.model_validate_json(vault.get(f"{FILES}{case_id}"))
    except ValidationError:
        raise StoreError(f"the file of case {case_id} was written by another version and cannot be read") from None
