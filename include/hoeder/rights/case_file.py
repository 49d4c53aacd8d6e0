"""What a case needs to know of its person, in the vault while the case needs it."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from hoeder.errors import StoreError
from hoeder.persons.person import Person
from hoeder.vault import Vault

FILES = "files/"


class Correction(BaseModel):
    """What a person says is wrong: one column of a table, and what it should say."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    place: str
    """`store.table`."""
    column: str
    value: str | None
    """What is right; for an opinion the person's own statement, which is put beside it."""
    record: str | None = None
    """The keyed reference of the record, in hex; None: all records of the person in that table."""

    def __repr__(self) -> str:
        return f"Correction({self.place}.{self.column})"


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
    corrections: tuple[Correction, ...] = ()

    def person(self) -> Person:
        """Whom to look for."""
        return Person(frozenset(self.identities), self.names, self.born_on, self.postcode)

    def __repr__(self) -> str:
        return f"CaseFile({len(self.identities)} identities)"


def write(vault: Vault, case_id: UUID, file: CaseFile) -> None:
    """Keep what a case needs to know, instead of what was kept before."""
    vault.put(f"{FILES}{case_id}", file.model_dump_json().encode(), term={"status": "open"})


def correct(vault: Vault, case_id: UUID, corrections: tuple[Correction, ...]) -> None:
    """Put down what the person says is wrong, instead of what was put down before. Raises StoreError."""
    write(vault, case_id, read(vault, case_id).model_copy(update={"corrections": corrections}))


def close(vault: Vault, case_id: UUID, on: date) -> None:
    """Let the term of a case's file begin. Raises StoreError where there is nothing, or it cannot be decrypted."""
    name = f"{FILES}{case_id}"
    vault.put(name, vault.get(name), term={"status": "closed", "closed_on": on})


def read(vault: Vault, case_id: UUID) -> CaseFile:
    """What a case needs to know. Raises StoreError where there is nothing, or it cannot be decrypted."""
    try:
        return CaseFile.model_validate_json(vault.get(f"{FILES}{case_id}"))
    except ValidationError:
        raise StoreError(f"the file of case {case_id} was written by another version and cannot be read") from None
