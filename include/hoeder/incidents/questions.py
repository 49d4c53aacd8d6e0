"""What the officer reads in the required actions about an incident: Dutch, in closed words, counts and moments.

Each question names its digest in its subject. What people wrote of it stands on the officer's own terminal
(`hoeder incidents show NUMBER --texts`), never in Airflow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hoeder.deadlines import in_amsterdam
from hoeder.incidents.case import Incident, settings
from hoeder.incidents.decisions import Asks
from hoeder.incidents.state import What
from hoeder.policy import Policy
from hoeder.policy.incident_words import known, said


@dataclass(frozen=True)
class Text:
    """A question as it is shown."""

    digest: str
    subject: str
    body: str


_CLOCKS = {
    "first-check": "eerste onderzoek", "supervisor": "melden aan de AP", "persons": "betrokkenen inlichten",
    "client": "opdrachtgever inlichten", "closing": "afsluiten", "nis2-warning": "NIS2: waarschuwing",
    "nis2-notice": "NIS2: melding", "nis2-report": "NIS2: verslag",
}  # fmt: skip


def _triage(found: Incident, policy: Policy, digest: str) -> Text:
    nis2 = settings(policy).nis2
    scope = {
        "yes": "geldt voor ons",
        "no": "geldt niet voor ons",
        "undecided": "of hij voor ons geldt is niet besloten",
    }
    body = [
        *_facts(found, policy),
        "",
        "**Confirmed**: met redelijke zekerheid zijn persoonsgegevens geraakt. `aware_at` is het moment waarop dat "
        "duidelijk werd (leeg: de ontdekking); de tijd daartussen moet als eerste onderzoek zijn vastgelegd "
        f"({len(found.state.checked)} keer gedaan). Vink `significant` aan als het ook significant is onder "
        f"de Cyberbeveiligingswet ({scope[nis2.scope]}).",
        "",
        "**Near miss**: het ging net goed. **No incident**: er waren geen persoonsgegevens in gevaar. Beide met reden.",
    ]
    return _text(found, digest, "is dit een incident?", body)


def _supervisor(found: Incident, policy: Policy, digest: str) -> Text:
    promise = {
        "undecided": "De verklaring belooft elk incident te melden; de wet vraagt dat niet als een risico "
        "onwaarschijnlijk is. Het bestuur heeft daarover nog niet besloten: niet melden wordt als verschil getoond.",
        "yes": "De organisatie heeft besloten elk incident te melden, zoals de verklaring belooft.",
        "no": "De organisatie heeft besloten de wet te volgen; de tekst van de verklaring belooft meer.",
    }[settings(policy).notify_all]
    body = [
        *_facts(found, policy),
        "",
        f"**Notify** besluit tot melden; het formulier komt met `hoeder incidents form {found.number}`, en na "
        f"verzending `hoeder incidents notified {found.number}`. **Do not notify** vraagt een `ground` en een reden:",
        "",
        *(f"- `{word}`: {said('grounds', word, 'nl')}" for word in known("grounds")),
        "",
        promise,
    ]
    return _text(found, digest, "melden aan de Autoriteit Persoonsgegevens?", body)


def _persons(found: Incident, policy: Policy, digest: str) -> Text:
    body = [
        *_facts(found, policy),
        "",
        "Bij een waarschijnlijk hoog risico horen de betrokkenen het (art. 34). **Tell them** besluit daartoe; "
        f"de brief komt met `hoeder incidents letter {found.number}`. **Do not tell** vraagt `exception` en reden:",
        "",
        *(f"- `{word}`: {said('exceptions', word, 'nl')}" for word in known("exceptions")),
    ]
    return _text(found, digest, "betrokkenen inlichten?", body)


def _closing(found: Incident, policy: Policy, digest: str) -> Text:
    measures = found.state.measures
    detail = measures.detail if measures else {}
    cause = said("causes", detail["cause"], "nl") if detail else "onbekend"
    done = "; ".join(said("measures", each, "nl") for each in detail.get("measures", ()))
    body = [
        *_facts(found, policy),
        "",
        f"Oorzaak: {cause}. Maatregelen: {done}.",
        "",
        f"Behandeld door {', '.join(sorted(found.state.handlers)) or 'niemand'}; een ander sluit af. **Close** sluit, "
        "met reden. **Not yet** laat het incident open.",
    ]
    return _text(found, digest, "afsluiten?", body)


def _facts(found: Incident, policy: Policy) -> list[str]:
    facts = found.facts
    persons = _range(facts.persons_least, facts.persons_most)
    whose = [*(["eigen gegevens"] if facts.own else []), *(f"opdrachtgever {client}" for client in facts.clients)]
    rows = (
        ("wat", said("kinds", facts.kind, "nl")),
        ("raakt", ", ".join(said("aspects", each, "nl") for each in facts.aspects)),
        ("ontdekt", _short(found.discovered_at)),
        ("begonnen", _short(facts.started_at) if facts.started_at else "onbekend"),
        ("van wie", ", ".join(whose)),
        ("gegevens", ", ".join(said("categories", each, "nl") for each in facts.categories) or "onbekend"),
        ("personen", persons),
        ("beveiligd", said("protections", facts.protection, "nl") if facts.protection else "onbekend"),
        ("gevolgen", ", ".join(said("consequences", each, "nl") for each in facts.consequences) or "niet beoordeeld"),
        ("ernst", said("severities", facts.severity, "nl") if facts.severity else "niet beoordeeld"),
        ("waar", ", ".join(facts.places) or "niet vermeld"),
    )
    clocks = [
        f"- {_CLOCKS[clock.what]}{f' {clock.client}' if clock.client else ''}: voor {_short(clock.due)}"
        for clock in found.clocks(policy)
        if clock.running
    ]
    by_itself = [] if found.source == "person" else [f"Gevonden door Hoeder zelf ({found.source}).", ""]
    return [*by_itself, "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows), "", *clocks]


def _range(least: int | None, most: int | None) -> str:
    match least, most:
        case None, None:
            return "onbekend"
        case None, int():
            return f"ten hoogste {most}"
        case int(), None:
            return f"ten minste {least}"
        case _:
            return str(least) if least == most else f"{least} tot {most}"


def _short(moment: datetime) -> str:
    return f"{in_amsterdam(moment):%d-%m-%Y %H:%M}"


def _text(found: Incident, digest: str, question: str, body: list[str]) -> Text:
    follow = " (heropend)" if any(step.what is What.REOPENED for step in found.steps) else ""
    return Text(digest, f"Incident {found.number}{follow}: {question} {digest}", "\n".join(body))


TEXTS: Mapping[Asks, Callable[[Incident, Policy, str], Text]] = {
    Asks.TRIAGE: _triage, Asks.SUPERVISOR: _supervisor, Asks.PERSONS: _persons, Asks.CLOSING: _closing,
}  # fmt: skip
