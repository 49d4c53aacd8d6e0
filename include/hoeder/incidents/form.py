"""The supervisor's form, filled from the register: every field of every section, and which of them nobody knows yet.

Sections and fields are those of the AP's Meldformulier datalekken, in its order. What people wrote comes from the
vault, so a filled form may name persons: it goes to the officer's own machine and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from hoeder import paper
from hoeder.deadlines import in_amsterdam
from hoeder.incidents.case import Incident, settings
from hoeder.incidents.facts import Facts, Texts
from hoeder.incidents.state import Step, What
from hoeder.policy import Policy
from hoeder.policy.incident_words import said

NOT_KNOWN, NO = "nog niet bekend", "niet van toepassing"
_SPECIAL = ("health", "origin", "politics", "religion", "union", "sex-life", "biometric")


@dataclass(frozen=True)
class Field:
    """One field. `value` is None where nobody knows it yet."""

    key: str
    label: str
    value: str | None


@dataclass(frozen=True)
class Section:
    """One section of the form."""

    number: int
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Form:
    """A filled form: which kind of notice it is, of which incident, as of when."""

    incident: int
    at: datetime
    sections: tuple[Section, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that nobody can fill yet, as `section.key`."""
        return tuple(f"{s.number}.{field.key}" for s in self.sections for field in s.fields if field.value is None)

    def json(self) -> bytes:
        """For a program, or to copy from."""
        plain = {
            "form": "AP Meldformulier datalekken",
            "incident": self.incident,
            "as_of": self.at.isoformat(),
            "missing": list(self.missing),
            "sections": [
                {"number": s.number, "title": s.title, "fields": {field.key: field.value for field in s.fields}}
                for s in self.sections
            ],
        }
        return json.dumps(plain, ensure_ascii=False, indent=1).encode()

    def pdf(self, policy: Policy) -> bytes:
        """PDF/A-2a and PDF/UA-1, in Dutch. Raises ReportError."""
        view = {
            "title": f"Melding datalek, incident {self.incident}",
            "organisation": policy.organisation.name,
            "note": policy.organisation.note,
            "as_of": _moment(self.at),
            "missing": [field.label for s in self.sections for field in s.fields if field.value is None],
            "unknown": NOT_KNOWN,
            "sections": [
                {"number": s.number, "title": s.title, "fields": [[field.label, field.value] for field in s.fields]}
                for s in self.sections
            ],
        }
        template = files("hoeder.incidents").joinpath("form.typ").read_bytes()
        return paper.pdf(template, paper.legible(view), self.at, "the supervisor's form")


def fill(found: Incident, texts: Texts, policy: Policy, *, at: datetime) -> Form:
    """The form as far as everything is known. Raises Refused for an incident that was never described."""
    facts = found.facts
    sections = (
        ("Over deze melding", _notice(found)),
        ("Contact en algemeen", _contact(facts, texts, policy)),
        ("Tijdlijn", _timeline(found, facts, texts)),
        ("Gegevens over het datalek", _breach(facts, texts)),
        ("Persoonsgegevens", _data(facts)),
        ("Groep mensen", _people(facts)),
        ("Maatregelen vooraf", _before(facts, texts)),
        ("Gevolgen", _consequences(facts, texts)),
        ("Vervolgacties", _after(found, facts, texts)),
        ("Overig", _rest(found, texts)),
    )
    made = tuple(Section(number, title, tuple(fields)) for number, (title, fields) in enumerate(sections))
    return Form(found.number, at, made)


def _notice(found: Incident) -> Iterable[Field]:
    state = found.state
    kind = "nieuw" if state.notified is None or state.taken_back else "vervolg"
    yield Field("kind", "Soort melding", kind)
    earlier = state.notified.detail.get("number") if state.notified else None
    yield Field("previous_number", "Nummer van de eerdere melding", earlier if kind == "vervolg" else NO)
    yield Field("regime", "Wettelijke grondslag", said("regimes", "avg", "nl"))


def _contact(facts: Facts, texts: Texts, policy: Policy) -> Iterable[Field]:
    organisation, own = policy.organisation, settings(policy).form
    dpo = organisation.officers.get("dpo")
    yield Field("organisation", "Organisatie", organisation.name)
    yield Field("chamber_of_commerce", "KvK-nummer", own.chamber_of_commerce)
    yield Field("address", "Adres", ", ".join(organisation.postal_address))
    yield Field("sector", "Sector", own.sector)
    yield Field("part", "Onderdeel van de organisatie", own.part)
    yield Field("reporter_name", "Naam van de melder", texts.reporter_name)
    yield Field("reporter_function", "Functie van de melder", texts.reporter_function)
    yield Field("reporter_phone", "Telefoon van de melder", texts.reporter_phone)
    yield Field("reporter_email", "E-mail van de melder", texts.reporter_email)
    yield Field(
        "officer",
        "Functionaris voor gegevensbescherming",
        f"{dpo.title}, {organisation.privacy_mailbox}" if dpo else None,
    )
    others = [facts.processor_involved] if facts.processor_involved else []
    others += [f"opdrachtgever {client}" for client in facts.clients]
    yield Field("others", "Andere organisaties die erbij betrokken zijn", ", ".join(others) or "geen")


def _timeline(found: Incident, facts: Facts, texts: Texts) -> Iterable[Field]:
    notified = found.state.notified
    ended = "duurt voort" if facts.goes_on else _moment(facts.ended_at) if facts.ended_at else None
    yield Field("started_at", "Begin", _moment(facts.started_at) if facts.started_at else None)
    yield Field("ended_at", "Einde", ended)
    yield Field("discovered_at", "Ontdekt", _moment(found.discovered_at))
    aware = found.state.aware_at
    yield Field("aware_at", "Moment van kennisneming", _moment(aware) if aware else None)
    late = notified.detail.get("late") if notified else None
    reason = said("late", str(late), "nl") if late else NO
    yield Field(
        "late", "Reden als later dan 72 uur gemeld", f"{reason}. {texts.late}" if late and texts.late else reason
    )


def _breach(facts: Facts, texts: Texts) -> Iterable[Field]:
    yield Field("summary", "Samenvatting", texts.summary)
    yield Field("incident_kind", "Aard van het incident", said("kinds", facts.kind, "nl"))
    yield Field("aspects", "Vertrouwelijkheid, juistheid of beschikbaarheid", _words("aspects", facts.aspects))


def _data(facts: Facts) -> Iterable[Field]:
    special = [word for word in facts.categories if word in _SPECIAL]
    usual = [word for word in facts.categories if word not in _SPECIAL]
    known = bool(facts.categories)
    yield Field(
        "categories", "Soorten persoonsgegevens", _words("categories", usual) or ("geen gewone" if known else None)
    )
    yield Field("special", "Bijzondere persoonsgegevens", _words("categories", special) or ("geen" if known else None))
    yield Field("records", "Aantal gegevensrecords", None if facts.records is None else str(facts.records))


def _people(facts: Facts) -> Iterable[Field]:
    yield Field("groups", "Wie zijn het", _words("groups", facts.groups))
    yield Field(
        "persons_least", "Minste aantal personen", None if facts.persons_least is None else str(facts.persons_least)
    )
    yield Field(
        "persons_most", "Meeste aantal personen", None if facts.persons_most is None else str(facts.persons_most)
    )


def _before(facts: Facts, texts: Texts) -> Iterable[Field]:
    protection = facts.protection
    yield Field(
        "protection",
        "Versleuteld, gehasht of anders onbegrijpelijk",
        said("protections", protection, "nl") if protection else None,
    )
    needed = protection not in (None, "none")
    yield Field("how", "Hoe", texts.protection if needed or protection is None else NO)
    complete = {True: "ja", False: "nee, niet volledig", None: None}[facts.protection_complete]
    yield Field("complete", "Voor alle gegevens", complete if needed or protection is None else NO)


def _consequences(facts: Facts, texts: Texts) -> Iterable[Field]:
    yield Field("consequences", "Mogelijke gevolgen", _words("consequences", facts.consequences))
    yield Field("damage", "Lichamelijke, materiële of immateriële schade", texts.consequences)
    yield Field("severity", "Ernst", said("severities", facts.severity, "nl") if facts.severity else None)
    yield Field("method", "Hoe de ernst is bepaald", said("methods", facts.method, "nl") if facts.method else None)


def _after(found: Incident, facts: Facts, texts: Texts) -> Iterable[Field]:
    state = found.state
    decided = {
        None: None, What.TO_TELL: "ja, dat gebeurt nog", What.ORDERED: "ja, op bevel van de toezichthouder",
        What.NOT_TO_TELL: "nee",
    }[state.persons.what if state.persons else None]  # fmt: skip
    yield Field("told", "Zijn de betrokkenen ingelicht", "ja" if state.told else decided)
    yield from _told(state.told, decided is None)
    kept_from = state.persons is not None and state.persons.what is What.NOT_TO_TELL
    exception = str(state.persons.detail["exception"]) if kept_from and state.persons else None
    yield Field(
        "exception", "Waarom niet",
        said("exceptions", exception, "nl") if exception else None if decided is None else NO,
    )  # fmt: skip
    yield Field(
        "text_told",
        "Tekst aan de betrokkenen",
        texts.persons_told or ("zie de brief" if state.told else NO if exception else None),
    )
    measures = state.measures.detail.get("measures", ()) if state.measures else ()
    told = "; ".join(filter(None, (_words("measures", measures), texts.measures)))
    yield Field("measures", "Maatregelen om het te beëindigen en te voorkomen", told or None)
    border = {True: "ja", False: "nee", None: None}[facts.cross_border]
    yield Field("cross_border", "Personen in andere EU-landen", border)
    yield Field(
        "authorities", "Andere instanties die zijn ingelicht", _words("authorities", facts.authorities) or "geen"
    )


def _told(told: Step | None, undecided: bool) -> Iterable[Field]:
    detail: dict[str, Any] = dict(told.detail) if told else {}
    otherwise = None if undecided or told else NO
    yield Field("told_at", "Wanneer", _moment(datetime.fromisoformat(detail["at"])) if "at" in detail else otherwise)
    yield Field("told_way", "Hoe", said("ways", detail["way"], "nl") if "way" in detail else otherwise)
    yield Field("told_persons", "Hoeveel", str(detail["persons"]) if "persons" in detail else otherwise)


def _rest(found: Incident, texts: Texts) -> Iterable[Field]:
    complete = not found.is_open or not set(found.outstanding) - {"notice to the supervisor"}
    yield Field("complete", "Volledig of voorlopig", "volledig" if complete else "voorlopig; aanvulling volgt")
    yield Field("remarks", "Opmerkingen", texts.remarks or "geen")


def _words(group: str, words: Sequence[str]) -> str | None:
    return ", ".join(said(group, word, "nl") for word in words) or None


def _moment(moment: datetime) -> str:
    return f"{in_amsterdam(moment):%d-%m-%Y %H:%M}"
