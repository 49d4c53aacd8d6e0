"""Letters about an incident, from what the register knows: to the persons concerned (GDPR 34) and to a client (33(2)).

A letter to persons must say in plain words what happened, who can be asked, what it may lead to and what is done
(34(2)). It is not written while one of these is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from hoeder.clock import AMSTERDAM
from hoeder.deadlines import in_amsterdam
from hoeder.errors import Refused
from hoeder.incidents.case import Incident
from hoeder.letter import Language, Letter, Sender, Templates
from hoeder.policy import Policy
from hoeder.policy.incident_words import said
from hoeder.policy.suggest import did_you_mean

_ADVICE = ("access-data", "financial", "national-id", "email", "phone")
_AS_WELL = {"identity-document": "national-id"}
"""Data that need the same advice as others."""


@cache
def templates() -> Templates:
    """The letters and their versions."""
    return Templates(files("hoeder.incidents.templates"))


def to_persons(found: Incident, policy: Policy, language: Language, *, on: date) -> Letter:
    """The letter to whom it concerns. Raises Refused, naming what the law asks and nobody wrote down yet."""
    facts, measures = found.facts, found.state.measures
    lacking = [
        what
        for there, what in (
            (facts.categories, "categories of data"), (facts.consequences, "consequences"),
            (measures, "measures (hoeder incidents measures)"),
        )
        if not there
    ]  # fmt: skip
    if lacking:
        raise Refused(
            f"incident {found.number}: a letter must say more (GDPR 34(2)); not known yet: {', '.join(lacking)}"
        )
    wanted = {_AS_WELL.get(word, word) for word in facts.categories}
    more = {"advice": [word for word in _ADVICE if word in wanted], "notified": found.state.notified is not None}
    return _render("persons", found, policy, language, on, more)


def to_client(found: Incident, policy: Policy, client: str, language: Language, *, on: date) -> Letter:
    """What a client is told. Raises Refused for a client whose data are not concerned."""
    if client not in found.facts.clients:
        raise Refused(
            f"incident {found.number} does not concern client {client}{did_you_mean(client, found.facts.clients)}"
        )
    aware = in_amsterdam(found.state.aware_at or found.discovered_at)
    named = policy.processing.clients.get(client)
    facts = found.facts
    counts = [str(n) for n in (facts.persons_least, facts.persons_most) if n is not None]
    more = {
        "client": named.name if named else client, "aware": f"{aware:%d-%m-%Y %H:%M}",
        "persons": " – ".join(dict.fromkeys(counts)),
    }  # fmt: skip
    return _render("client", found, policy, language, on, more)


def _render(
    name: str, found: Incident, policy: Policy, language: Language, on: date, more: Mapping[str, object]
) -> Letter:
    facts, organisation = found.facts, policy.organisation
    measures = found.state.measures.detail["measures"] if found.state.measures else ()
    dpo = organisation.officers.get("dpo")
    unprotected = facts.protection in (None, "none")

    def words(group: str, chosen: Iterable[str]) -> list[str]:
        return [said(group, word, language) for word in chosen]

    values = {
        "kind": said("kinds", facts.kind, language),
        "discovered": found.discovered_at.astimezone(AMSTERDAM).date(),
        "started": facts.started_at.astimezone(AMSTERDAM).date() if facts.started_at else None,
        "goes_on": bool(facts.goes_on),
        "categories": words("categories", facts.categories),
        "protection": None if unprotected else said("protections", str(facts.protection), language),
        "consequences": words("consequences", facts.consequences),
        "measures": words("measures", measures),
        "contact": {"mailbox": organisation.privacy_mailbox, "officer": dpo.title if dpo else organisation.name},
        **more,
    }
    sender = Sender(organisation.name, organisation.postal_address, organisation.privacy_mailbox, organisation.note)
    return templates().render(name, language, values, sender=sender, reference=f"incident {found.number}", on=on)
