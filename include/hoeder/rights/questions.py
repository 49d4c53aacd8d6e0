"""What the officer reads in a required action: in Dutch, in counts and words of closed lists, nothing of a person.

Each question names its digest in its subject: an answer is worth nothing for anything else. Who it is about stands on
the officer's own terminal (`hoeder requests show`, `matches`), never in Airflow.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hoeder.rights.case import Case, Right, What
from hoeder.rights.decide import Ground, Kept
from hoeder.rights.decisions import Asks
from hoeder.rights.granting import Granting
from hoeder.rights.identity import Doubt, Method
from hoeder.rights.refusal import grounds_for
from hoeder.rights.search import Possible
from hoeder.rights.withholding import COPIES
from hoeder.rights.withholding import GROUNDS as REFUSED_IN_PART

_RIGHTS = {
    Right.ACCESS: "inzage (art. 15)",
    Right.RECTIFICATION: "aanpassen (art. 16)",
    Right.ERASURE: "verwijderen (art. 17)",
    Right.RESTRICTION: "beperken (art. 18)",
    Right.PORTABILITY: "meenemen (art. 20)",
    Right.OBJECTION: "bezwaar (art. 21)",
    Right.WITHDRAWAL: "toestemming intrekken (art. 7 lid 3)",
}
_CUES = {"named": "met zoveel woorden", "said": "in gewone taal"}
_METHODS = {
    Method.KNOWN_ADDRESS: "vraagt vanaf een adres dat wij hebben, en weet een gegeven dat wij hebben",
    Method.ACCOUNT: "vraagt vanuit het eigen account, of als ingelogde medewerker",
    Method.CODE: "stuurt een code terug die naar het bekende adres ging",
    Method.CALL_BACK: "neemt op wanneer wij het bekende nummer bellen",
    Method.SHOWN: "laat een document zien, aan de balie of op het scherm; wij bewaren er niets van",
    Method.SHIELDED_COPY: "stuurt een afgeschermde kopie; pas nadat iets lichters niet lukte",
}
_DOUBTS = {
    Doubt.UNKNOWN_ADDRESS: "niemand heeft dit adres bij ons",
    Doubt.WRONG_ANSWER: "wist niet wat die zou moeten weten",
    Doubt.SEVERAL_PERSONS: "meer mensen heten zo",
    Doubt.ON_BEHALF: "vraagt voor een ander",
    Doubt.SIGNS_OF_MISUSE: "het lijkt op misbruik",
}
_GROUNDS = {
    Ground.LEGAL_DUTY: "de wet eist het (art. 17 lid 3 b)",
    Ground.CLAIMS: "nodig voor een rechtsvordering (art. 17 lid 3 e)",
    Ground.UNKNOWN_TERM: "wettelijke termijn waarvan het begin niet vastligt",
    Ground.REFERRED_TO: "een gegeven van een ander verwijst ernaar",
}
_MOST_ROWS = 40
_IN_PART = (
    "",
    f"Een deel achterhouden: antwoord **Grant**, met bij *withhold* wat de persoon niet krijgt en bij *ground* "
    f"{' of '.join(REFUSED_IN_PART)} (art. 15 lid 4 en 20 lid 4 AVG; art. 41 UAVG). Een deel is een plaats "
    "(`crm.call_note`), een kolom (`crm.call_note.body`), een categorie (`user.content.private`) of het kenmerk van "
    "één gegeven; meer delen met een spatie ertussen, een eigen grond als `DEEL=GROND`. Wat erin staat, met kenmerken: "
    "`hoeder requests records ZAAK`. De brief noemt elk deel met zijn grond.",
)


@dataclass(frozen=True)
class Text:
    """A question as it is shown."""

    asks: Asks
    digest: str
    subject: str
    body: str
    about: Right | None = None


def confirm(found: Case) -> Text:
    """Which rights are asked, and whose customer asks."""
    proposed = found.latest(What.PROPOSED)
    detail = dict(proposed.detail) if proposed else {}
    cues = detail.get("rights") or {}
    digest = _digest(Asks.CONFIRM, str(found.case_id), json.dumps(detail, sort_keys=True))
    rights = [f"- {_RIGHTS[Right(right)]}, {_CUES.get(str(cue), cue)}" for right, cue in sorted(cues.items())]
    lines = [
        *_head(found),
        "Voorstel:" if rights else "Er is geen recht herkend; lees het bericht.",
        *rights,
        "",
        *(f"- {_doubtful(detail)}" for _ in [0] if _doubtful(detail)),
        f"Lees het bericht zelf: `hoeder requests show {found.case_id} --message`.",
        "",
        "**As proposed** bevestigt het voorstel, **As ticked** wat hieronder is aangevinkt. **A client's customer** "
        "stuurt het door naar de opdrachtgever. **No request** en **Duplicate** sluiten de zaak, met reden.",
    ]
    return Text(Asks.CONFIRM, digest, f"Verzoek {_short(found)}: wat wordt er gevraagd? {digest}", "\n".join(lines))


def identify(found: Case) -> Text:
    """Whether it is clear who asks, by which rung of the ladder."""
    asked = [step for step in found.steps if step.what is What.IDENTITY_ASKED]
    digest = _digest(Asks.IDENTIFY, str(found.case_id), *(step.at.isoformat() for step in asked))
    lines = [
        *_head(found),
        *(f"- {step.at:%d-%m-%Y} gevraagd: {_METHODS[Method(step.detail['method'])]}" for step in asked),
        "",
        "| Method | Hoe iemand bekend is (het lichtste eerst) |",
        "|---|---|",
        *(f"| {method} | {_METHODS[method]} |" for method in Method),
        "",
        "Meer dan het verzoek zelf vragen mag alleen bij gerede twijfel (art. 12 lid 6): "
        + "; ".join(f"{doubt} = {_DOUBTS[doubt]}" for doubt in Doubt),
        "",
        "**Identified** legt de methode vast. **Ask the person** stuurt de vraag. **Cannot be identified** leidt tot "
        "een brief met de reden (art. 12 lid 2), niet tot stilte.",
    ]
    return Text(Asks.IDENTIFY, digest, f"Verzoek {_short(found)}: is duidelijk wie vraagt? {digest}", "\n".join(lines))


def judge(found: Case, possible: Sequence[Possible]) -> Text:
    """Whose the possible matches are: kinds that agree and differ, never what stands there."""
    digest = _digest(Asks.JUDGE, str(found.case_id), *sorted(match.reference.hex() for match in possible))
    rows = [
        f"| {match.store}.{match.target} | `{match.reference.hex()}` | {', '.join(match.agrees) or '–'} "
        f"| {', '.join(match.differs) or '–'} |"
        for match in possible[:_MOST_ROWS]
    ]
    lines = [
        *_head(found),
        "| Plaats | Gegeven | Komt overeen | Wijkt af |",
        "|---|---|---|---|",
        *rows,
        *([f"| … en nog {len(possible) - _MOST_ROWS} | | | |"] if len(possible) > _MOST_ROWS else []),
        "",
        f"Wat er staat, ziet u met `hoeder requests matches {found.case_id}`; een voor een beoordelen met "
        f"`hoeder requests judge {found.case_id} GEGEVEN yes|no`, daarna **As judged one by one**.",
    ]
    subject = f"Verzoek {_short(found)}: {len(possible)} mogelijke gegevens, van deze persoon? {digest}"
    return Text(Asks.JUDGE, digest, subject, "\n".join(lines))


def decide(found: Case, granting: Granting) -> Text:
    """Whether one right is granted: what exactly would be done, and what stays with its ground."""
    lines = [
        *_head(found),
        f"Toewijzen van **{_RIGHTS[granting.right]}** betekent: {_would(granting)}.",
        "",
        "| Plaats | Gegevens | Blijft staan | Waarom | Tot |",
        "|---|--:|--:|---|---|",
        *(row for line in granting.lines for row in _rows(line.place, line.records, line.kept)),
        "",
        "**Grant** voert precies dit uit. **Refuse** weigert het, op een van deze gronden: "
        f"{', '.join(grounds_for(granting.right))}. "
        "Geef een reden, zonder persoonsgegevens. Het antwoord geldt voor dit verzoek alleen.",
        *(_IN_PART if granting.right in COPIES else ()),
    ]
    subject = f"Verzoek {_short(found)}: {_RIGHTS[granting.right]} toewijzen? {granting.digest}"
    return Text(Asks.DECIDE, granting.digest, subject, "\n".join(lines), granting.right)


def _would(granting: Granting) -> str:
    match granting.right:
        case Right.ERASURE:
            return f"{granting.records} gegevens wissen, {granting.withheld} laten staan"
        case Right.ACCESS | Right.PORTABILITY:
            return f"een kopie van {granting.records} gegevens verstrekken, versleuteld"
        case Right.RECTIFICATION:
            return f"{granting.records} gegevens aanpassen"
        case _:
            return f"{granting.identities} kenmerken van de persoon markeren, voor {granting.records} gegevens"


def _rows(place: str, records: int, kept: Sequence[Kept]) -> Iterator[str]:
    yield f"| {place} | {records} | {sum(each.records for each in kept)} | | |"
    for each in kept:
        until = f"{each.until:%d-%m-%Y}" if each.until else "onbekend"
        basis = f", {each.basis}" if each.basis else ""
        yield f"| | | {each.records} | {_GROUNDS[each.ground]}{basis} | {until} |"


def _head(found: Case) -> list[str]:
    late = f"; uiterlijk {found.lenient.due:%d-%m-%Y}" if found.lenient.due != found.due.due else ""
    return [
        f"Zaak `{found.case_id}`, ontvangen {found.received_on:%d-%m-%Y} ({found.channel}), te beantwoorden voor "
        f"{found.due.due:%d-%m-%Y}{late}.",
        "",
    ]


def _doubtful(detail: dict[str, object]) -> str:
    """What made the reading of a message uncertain, in counts."""
    said = [
        f"{len(value) if isinstance(value, list) else value} {words}"
        for name, words in (
            ("doubts", "twijfels bij het lezen"), ("same_person", "open zaken van dezelfde afzender"),
            ("clients", "opdrachtgevers genoemd"), ("identity_documents", "mogelijke identiteitsbewijzen"),
        )
        if (value := detail.get(name))
    ]  # fmt: skip
    return ", ".join(said)


def _short(found: Case) -> str:
    return str(found.case_id)[:8]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
