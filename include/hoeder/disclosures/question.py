"""What the officers read in the required actions: in Dutch, in counts, names of fields and words of closed lists.

Each question names its digest in its subject: an answer is worth nothing for anything else. Who it is about stands on
the officer's own terminal (`hoeder disclosures show --persons`), never in Airflow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hoeder.disclosures.case import Case, Verified, What
from hoeder.disclosures.decide import GROUNDS, check_digest, client_digest
from hoeder.disclosures.export import Line, Prepared
from hoeder.disclosures.narrow import Withheld
from hoeder.policy import Policy

_VERIFIED = {
    Verified.CALLED_BACK: "teruggebeld op een nummer dat wij zelf opzochten",
    Verified.PORTAL: "binnengekomen via het beveiligde kanaal van de instantie zelf",
    Verified.IN_PERSON: "aan de balie, met legitimatie",
    Verified.NOT_VERIFIED: "**niet nagegaan**",
}
_WITHHELD = {
    Withheld.BEYOND_POWER: "het artikel dekt dit niet",
    Withheld.EXCLUDED: "het artikel zondert dit uit",
    Withheld.RESTRICTED: "de betrokkene liet de verwerking beperken (AVG 18)",
    Withheld.UNCERTAIN: "misschien van een ander",
    Withheld.NOT_SEARCHED: "bestanden; hierin is niemand gezocht",
}
_MOST_ROWS = 60


@dataclass(frozen=True)
class Text:
    """A question as it is shown."""

    digest: str
    subject: str
    body: str


def check(case: Case, policy: Policy) -> Text:
    """Whether the authority may ask this. Raises Refused where the power was not in force at receipt."""
    power, digest = case.power_of(policy), check_digest(case, policy)
    authority = policy.disclosures.authority(case.authority)
    needs = "\n".join(
        f"- `{word}`: {policy.disclosures.requirements[word].nl}"
        for word in power.requires
        if word in policy.disclosures.requirements
    )
    subjects = case.latest(What.SUBJECTS)
    duty = "wij zijn verplicht" if power.compelled else "wij zijn **niet** verplicht"
    whose = f", klanten van {case.client}" if case.client else ""
    secrecy = f"geheim tot en met {case.secret_until:%d-%m-%Y}" if case.secret_until else "geen geheimhouding opgelegd"
    body = f"""Zaak {case.case_id}, ontvangen {case.received_on:%d-%m-%Y}. Document: SHA-256 {case.document[:16]}…

| | |
|---|---|
| instantie | {authority.nl if authority else case.authority} |
| bevoegdheid | {power.nl} ({power.article}); {duty}; zekerheid van deze tabel: {power.source.certainty} |
| te gebruiken door | {power.used_by} |
| wie er vraagt | {_VERIFIED[case.verified]} |
| gevraagd | {", ".join(case.asked)} |
| gedekt | {", ".join(power.may_ask)}{f"; niet {', '.join(power.never)}" if power.never else ""} |
| over | {subjects.detail["persons"] if subjects else 0} personen{whose} |
| geheimhouding | {secrecy} |

Vink bij `seen` aan wat je in het document hebt gezien. Alles hiervan is nodig voor Covered:

{needs}

Refuse vraagt een `ground`: {", ".join(GROUNDS)}. Schrijf niets over personen in de reden."""
    return Text(digest, f"Bevoegdheid van {case.authority}, zaak {case.case_id}: {digest}", body)


def client_first(case: Case) -> Text:
    """Whether the client knows that its data are asked."""
    digest = client_digest(case)
    barred = "" if case.secret_until else " (hier niet: er is geen bevel)"
    body = f"""Zaak {case.case_id}: {case.authority} vraagt gegevens van klanten van opdrachtgever {case.client}.
De opdrachtgever gaat voor.

- Forwarded: de opdrachtgever beantwoordt de vraag zelf; hier is de zaak klaar.
- Client agrees: de opdrachtgever weet ervan en wij verstrekken.
- Secrecy forbids: een bevel verbiedt ons het te zeggen{barred}."""
    return Text(digest, f"Opdrachtgever eerst, zaak {case.case_id}: {digest}", body)


def release(case: Case, prepared: Prepared) -> Text:
    """Whether exactly this goes out. The person who checked cannot answer it."""
    counts = prepared.counts()
    checked = case.latest(What.CHECKED)
    body = f"""Zaak {case.case_id} voor {case.authority} ({case.power}), over {prepared.persons} personen. De
bevoegdheid is nagegaan door {checked.by if checked else "niemand"}; een ander moet dit antwoord geven.

**Gaat mee**: {counts["fields_given"]} van {counts["fields_asked"]} gevraagde velden, {counts["records"]} records.

{_table(prepared.given) or "niets"}

**Blijft hier**: bevestig deze lijst met `withheld_confirmed`.

{_table(prepared.withheld) or "niets"}

Withhold vraagt een `ground`: {", ".join(GROUNDS)}. Schrijf niets over personen in de reden."""
    return Text(prepared.digest, f"Verstrekken aan {case.authority}, zaak {case.case_id}: {prepared.digest}", body)


def _table(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    rows = [
        f"| {line.place} | {line.field} | {line.records or '–'} | "
        f"{_WITHHELD[Withheld(line.withheld)] if line.withheld else ''} |"
        for line in lines[:_MOST_ROWS]
    ]
    more = f"\n\nen {len(lines) - _MOST_ROWS} meer; zie hoeder disclosures show" if len(lines) > _MOST_ROWS else ""
    return "\n".join(["| plaats | veld | records | waarom niet |", "|---|---|---|---|", *rows]) + more
