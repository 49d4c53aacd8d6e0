"""What people wrote about an incident, in the vault: encrypted, under its number, with its own term."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from hoeder.clock import AMSTERDAM
from hoeder.incidents.case import Incident
from hoeder.incidents.facts import Texts
from hoeder.vault import Vault

PREFIX = "incidents/"
_OPEN = {"status": "open"}


def _name(incident_id: UUID) -> str:
    return f"{PREFIX}{incident_id}/texts"


def write(vault: Vault, incident_id: UUID, texts: Texts) -> None:
    """Keep texts; what was said before and not now stays. Raises StoreError."""
    kept = read(vault, incident_id).model_dump(exclude_none=True)
    merged = Texts.model_validate(kept | texts.model_dump(exclude_none=True))
    vault.put(_name(incident_id), merged.model_dump_json().encode(), term=_OPEN)


def read(vault: Vault, incident_id: UUID) -> Texts:
    """What was written; nothing where nobody wrote anything, or its term is over. Raises StoreError."""
    name = _name(incident_id)
    if name not in set(vault.names(name)):
        return Texts()
    return Texts.model_validate_json(vault.get(name))


def settle(vault: Vault, incidents: Iterable[Incident]) -> int:
    """Begin the term of what belongs to incidents that ended, stop it where one was reopened; how many changed.

    Raises StoreError.
    """
    there, changed = set(vault.names(PREFIX)), 0
    for found in incidents:
        name = _name(found.incident_id)
        if name not in there:
            continue
        wanted: dict[str, str | date] = dict(_OPEN)
        if not found.is_open:
            wanted = {"status": "closed", "closed_on": found.steps[-1].at.astimezone(AMSTERDAM).date()}
        if vault.term(name) != {key: str(value) for key, value in wanted.items()}:
            vault.put(name, vault.get(name), term=wanted)
            changed += 1
    return changed
