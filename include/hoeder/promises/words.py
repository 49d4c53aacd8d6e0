"""Reasons and statuses in Dutch and English. `{n|record|records}` is a number with its noun."""

import re
from datetime import date

from hoeder.promises.status import Status, Why

STATUS: dict[Status, tuple[str, str]] = {
    Status.KEPT: ("nagekomen", "kept"),
    Status.BROKEN: ("geschonden", "broken"),
    Status.ATTESTED: ("verklaard", "attested"),
    Status.UNKNOWN: ("onbekend", "unknown"),
    Status.SUPERSEDED: ("ingehaald door de wet", "superseded by law"),
}

REASONS: dict[str, tuple[str, str]] = {
    # inventory
    "never-scanned": ("opslag {store} is nog nooit bekeken", "store {store} has never been looked through"),
    "old-scan": (
        "opslag {store} is {days|dag|dagen} geleden bekeken; na {most} telt dat niet meer",
        "store {store} was looked through {days|day|days} ago; after {most} that no longer counts",
    ),
    "scan-failed": (
        "de laatste inventarisatie van {store} is mislukt",
        "the last inventory of {store} failed",
    ),
    "not-seen": (
        "{place} kon niet worden bekeken (in totaal {places|plaats|plaatsen})",
        "{place} could not be looked at ({places|place|places} in all)",
    ),
    "findings-stand": (
        "{findings|bevinding staat|bevindingen staan} open of moet worden hersteld; {accepted} aanvaard",
        "{findings|finding stands|findings stand}, undecided or to be mended; {accepted} accepted",
    ),
    "no-findings": (
        "geen bevinding in {stores|opslag|opslagplaatsen}; {accepted} aanvaard",
        "no finding in {stores|store|stores}; {accepted} accepted",
    ),
    "data-absent": (
        "{absent} van {kinds} soorten gegevens staan niet in {place}",
        "{absent} of {kinds} kinds of data are not in {place}",
    ),
    "data-there": (
        "{place} bevat wat het beleid zegt ({kinds|soort|soorten} gegevens)",
        "{place} holds what policy says ({kinds|kind|kinds} of data)",
    ),
    "fields-beyond": (
        "{place} heeft {fields|veld|velden} meer dan afgesproken",
        "{place} has {fields|field|fields} beyond those agreed",
    ),
    "fields-agreed": (
        "{place} heeft alleen de afgesproken velden ({fields})",
        "{place} has the agreed fields alone ({fields})",
    ),
    "no-clients": (
        "het beleid kent geen gegevens van opdrachtgevers",
        "policy knows no data of clients",
    ),
    "clients-mixed": (
        "in {tables} van {of} tabellen staan rijen bij een andere opdrachtgever dan hun persoon",
        "{tables} of {of} tables hold rows under another client than their person",
    ),
    "clients-apart": (
        "in {tables|tabel|tabellen} staat geen rij bij een andere opdrachtgever dan haar persoon",
        "in {tables|table|tables} no row stands under another client than its person",
    ),
    # registers and policy
    "no-processing": (
        "voor {lacking|doel of groep|doelen of groepen} staat er geen verwerking in het register",
        "the register has no processing for {lacking|purpose or group|purposes or groups}",
    ),
    "no-basis": (
        "{processings|verwerking heeft|verwerkingen hebben} geen grondslag",
        "{processings|processing has|processings have} no legal basis",
    ),
    "elsewhere": (
        "de gegevens staan in systemen van anderen; daar is niet gekeken ({processings|verwerking|verwerkingen})",
        "the data are in systems of others, where nobody looked ({processings|processing|processings})",
    ),
    "places-gone": (
        "{gone} van {places} plaatsen uit het register zijn niet gevonden",
        "{gone} of {places} places of the register were not found",
    ),
    "registered": (
        "{processings|verwerking|verwerkingen} met grondslag; {places|plaats|plaatsen} teruggevonden",
        "{processings|processing|processings} with a legal basis; {places|place|places} found",
    ),
    "no-such-processing": ("het register kent geen verwerking voor dit doel", "the register has no such processing"),
    "recipients-beyond": (
        "{recipients|ontvanger|ontvangers} van een soort die hier niet is toegestaan",
        "{recipients|recipient|recipients} of a kind that is not allowed here",
    ),
    "recipients-agreed": (
        "alleen toegestane soorten ontvangers in {processings|verwerking|verwerkingen}",
        "allowed kinds of recipients alone in {processings|processing|processings}",
    ),
    "terms-lacking": (
        "{places|plaats|plaatsen} met persoonsgegevens zonder bewaartermijn; {early} nog niet vastgesteld",
        "{places|place|places} with personal data and no retention term; {early} not approved yet",
    ),
    "terms-justified": (
        "elke plaats met persoonsgegevens heeft een vastgestelde termijn ({rules|regel|regels})",
        "every place with personal data has an approved term ({rules|rule|rules})",
    ),
    "no-register": ("er is nog geen register opgemaakt", "no register has been drawn up yet"),
    "register-behind": (
        "het register is nog niet naast de laatste inventarisatie gelegd",
        "the register was not yet held against the last inventory",
    ),
    "register-differs": (
        "{differences|verschil|verschillen} tussen register en werkelijkheid",
        "{differences|difference|differences} between register and stores",
    ),
    "register-complete": (
        "geen verschil met de laatste inventarisatie ({registers|register|registers})",
        "no difference with the last inventory ({registers|register|registers})",
    ),
    "policy-says": ("vastgelegd in het beleid ({key})", "laid down in policy ({key})"),
    "policy-differs": ("het beleid zegt iets anders ({key})", "policy says something else ({key})"),
    "supervisor-named": ("{supervisor} staat in het beleid", "{supervisor} is in policy"),
    "supervisor-unknown": ("{supervisor} staat niet in het beleid", "{supervisor} is not in policy"),
    "supervisor-ended": ("{supervisor} bestaat niet meer", "{supervisor} no longer exists"),
    "supervisor-other": (
        "{supervisor} houdt volgens het beleid op iets anders toezicht ({watches})",
        "by policy {supervisor} watches over something else ({watches})",
    ),
    # attestations
    "not-attested": ("niemand heeft dit verklaard ({attestation})", "nobody has attested it ({attestation})"),
    "withdrawn": ("de verklaring is ingetrokken ({attestation})", "the attestation was withdrawn ({attestation})"),
    "expired": (
        "de verklaring liep af op {day} ({attestation})",
        "the attestation ended on {day} ({attestation})",
    ),
    "scope-short": (
        "de verklaring dekt {stores|opslag|opslagplaatsen} niet ({attestation})",
        "the attestation does not cover {stores|store|stores} ({attestation})",
    ),
    "attested": ("verklaard tot {day} ({attestation})", "attested until {day} ({attestation})"),
    # ledger
    "no-capability": (
        "geen onderdeel van Hoeder legt dit al vast ({activity})",
        "no part of Hoeder records this yet ({activity})",
    ),
    "no-entries": (
        "het logboek heeft hier in {days|dag|dagen} geen regel over ({activity})",
        "the ledger has no entry about it in {days|day|days} ({activity})",
    ),
    "activity-late": (
        "van {times|keer|keer}: {late} te laat, {bad} slecht afgelopen",
        "of {times|time|times}: {late} late, {bad} ended badly",
    ),
    "activity-open": (
        "{times|keer|keer} begonnen, nog niet afgelopen",
        "begun {times|time|times}, none has ended yet",
    ),
    "activity-on-time": ("{times|keer|keer}, op tijd en goed afgelopen", "{times|time|times}, in time and well"),
    # incidents
    "incidents-not-watched": (
        "in {days|dag|dagen} is niet naar incidenten gekeken",
        "nobody looked for incidents in {days|day|days}",
    ),
    "incidents-late": (
        "{late} van {incidents} incidenten te laat",
        "{late} of {incidents} incidents late",
    ),
    "incidents-not-notified-undecided": (
        "{declined} van {incidents} incidenten met een grond niet gemeld; de verklaring belooft ze alle te melden, de "
        "wet niet, en het bestuur besliste nog niet",
        "{declined} of {incidents} incidents not reported, with a ground; the statement promises to report all, the "
        "law does not ask it, and the board has not decided",
    ),
    "incidents-not-notified-yes": (
        "{declined} van {incidents} incidenten niet gemeld, terwijl besloten is alles te melden",
        "{declined} of {incidents} incidents not reported, though it was decided to report all",
    ),
    "no-incidents": (
        "geen incident in {days|dag|dagen}; er is gekeken",
        "no incident in {days|day|days}; somebody looked",
    ),
    "incidents-in-time": (
        "{incidents|incident|incidenten}, op tijd",
        "{incidents|incident|incidents}, in time",
    ),
    # disclosures and fraud files
    "nobody-asked": (
        "in {days|dag|dagen} vroeg geen autoriteit iets",
        "no authority asked anything in {days|day|days}",
    ),
    "disclosures-unlawful": (
        "{late|verzoek|verzoeken} te laat nagegaan, {loose|verstrekking|verstrekkingen} zonder tweede persoon",
        "{late|request|requests} checked late, {loose|release|releases} without a second person",
    ),
    "disclosures-open": (
        "{waiting|verzoek wacht|verzoeken wachten} nog op de controle; er ging niets uit",
        "{waiting|request waits|requests wait} for the check; nothing went out",
    ),
    "disclosures-lawful": (
        "{checked|verzoek|verzoeken} nagegaan: {released} verstrekt, {refused} geweigerd",
        "{checked|request|requests} checked: {released} released, {refused} refused",
    ),
    "never-looked-fraud": ("naar fraudedossiers is nog nooit gekeken", "nobody has looked at fraud files yet"),
    "old-look-fraud": (
        "naar fraudedossiers is {days|dag|dagen} geleden gekeken; na {most} telt dat niet meer",
        "fraud files were looked at {days|day|days} ago; after {most} that no longer counts",
    ),
    "fraud-unreasoned": (
        "{findings|bevinding|bevindingen} in {rows|dossier of signaal|dossiers en signalen}",
        "{findings|finding|findings} in {rows|file or signal|files and signals}",
    ),
    "fraud-reasoned": (
        "{rows|dossier of signaal|dossiers en signalen}, geen bevinding",
        "{rows|file or signal|files and signals}, no finding",
    ),
    # letters
    "letter-unknown": ("er is geen brief {letter} met een versienummer", "there is no letter {letter} with a version"),
    "letter-differs": (
        "in brief {letter} {lacking|ontbreekt een woord|ontbreken woorden} van de belofte",
        "letter {letter} lacks {lacking|word|words} of the promise",
    ),
    "letter-says": ("staat in brief {letter}, versie {version}", "stands in letter {letter}, version {version}"),
    "never-published": (
        "van {releases|vrijgave|vrijgaven} is er nog geen gepubliceerd",
        "of {releases|release|releases} none was published yet",
    ),
    "gate-failed": (
        "{releases} van {of} gepubliceerde vrijgaven voldoen niet aan hun drempel",
        "{releases} of {of} published releases do not reach their threshold",
    ),
    "releases-lacking": (
        "van {of} vrijgaven zijn er {lacking} nooit gepubliceerd en {old} te oud",
        "of {of} releases {lacking} were never published and {old} are too old",
    ),
    "releases-anonymous": (
        "{releases|vrijgave|vrijgaven} doorstonden de toets; kleinste groep {smallest} personen",
        "{releases|release|releases} passed the gate; smallest group {smallest} persons",
    ),
    "never-sealed": ("het logboek is nog niet ondertekend", "the ledger was not signed yet"),
    "entries-missing": (
        "{entries|ondertekende regel ontbreekt|ondertekende regels ontbreken} (van {size})",
        "{entries|signed entry is|signed entries are} missing (of {size})",
    ),
    "old-seal": (
        "het logboek is {days|dag|dagen} geleden ondertekend; na {most} telt dat niet meer",
        "the ledger was signed {days|day|days} ago; after {most} that no longer counts",
    ),
    "sealed": ("ondertekend tot en met regel {entries}", "signed up to entry {entries}"),
    # marketing
    "never-looked-marketing": (
        "naar wat er uitging is nog nooit gekeken",
        "nobody has looked at what went out yet",
    ),
    "old-look-marketing": (
        "naar wat er uitging is {days|dag|dagen} geleden gekeken; na {most} telt dat niet meer",
        "what went out was looked at {days|day|days} ago; after {most} that no longer counts",
    ),
    "marketing-found": (
        "{found|keer|keer} gevonden in {deliveries|bericht of gesprek|berichten en gesprekken} en "
        "{passed|doorgifte|doorgiften}",
        "found {found|time|times} in {deliveries|message or call|messages and calls} and "
        "{passed|passing-on|passings-on}",
    ),
    "marketing-clean": (
        "niets gevonden in {deliveries|bericht of gesprek|berichten en gesprekken} en {passed|doorgifte|doorgiften}",
        "nothing found in {deliveries|message or call|messages and calls} and {passed|passing-on|passings-on}",
    ),
    # access, and clients apart
    "never-reviewed": ("de toegang is nog nooit beoordeeld", "access was never reviewed"),
    "old-review": (
        "de toegang is {days|dag|dagen} geleden beoordeeld; na {most} telt dat niet meer",
        "access was reviewed {days|day|days} ago; after {most} that no longer counts",
    ),
    "access-stands": (
        "{findings|bevinding staat|bevindingen staan} open; {settled} besloten of weg",
        "{findings|finding stands|findings stand}; {settled} decided or gone",
    ),
    "staff-list-unusable": (
        "op de personeelslijst kon niet worden vertrouwd",
        "HR's list could not be relied on",
    ),
    "access-unread": (
        "op {places|plaats|plaatsen} kon niet worden gekeken wie wat mag",
        "in {places|place|places} nobody could look who may do what",
    ),
    "access-needed": (
        "niemand kan meer dan nodig is; {settled} besloten of weg",
        "nobody can see more than is needed; {settled} decided or gone",
    ),
    "never-looked-apart": (
        "er is nog nooit als elke opdrachtgever gekeken",
        "nobody has looked as each client yet",
    ),
    "old-look-apart": (
        "als elke opdrachtgever is {days|dag|dagen} geleden gekeken; na {most} telt dat niet meer",
        "as each client was looked {days|day|days} ago; after {most} that no longer counts",
    ),
    "not-apart": (
        "op {findings|punt|punten} staan gegevens van opdrachtgevers niet apart",
        "clients' data are not apart on {findings|point|points}",
    ),
    "roles-unread": (
        "{roles|rol|rollen} van opdrachtgevers konden niet worden bekeken",
        "{roles|role|roles} of clients could not be looked through",
    ),
    "seen-apart": (
        "elke opdrachtgever ziet alleen het eigene ({trials|proef|proeven})",
        "each client sees its own alone ({trials|trial|trials})",
    ),
    # retention
    "no-rules": ("er is geen bewaarregel van kracht", "no retention rule is in force"),
    "never-planned": (
        "voor {rules|regel|regels} is nog nooit gepland wat weg moet",
        "for {rules|rule|rules} nobody has planned yet what is due",
    ),
    "plan-open": (
        "{due|record wacht|records wachten} op goedkeuring of uitvoering; een ouder plan is er niet",
        "{due|record waits|records wait} for approval or execution; there is no earlier plan",
    ),
    "look-partial": (
        "de controle na het wissen van {due|record|records} is niet goed afgelopen",
        "the second look after erasing {due|record|records} did not end well",
    ),
    "old-plan": (
        "het laatste afgeronde plan is {days|dag|dagen} oud; na {most} telt dat niet meer",
        "the last finished plan is {days|day|days} old; after {most} that no longer counts",
    ),
    "not-planned": (
        "{rules|regel|regels} niet in het laatste plan, zoals {rule}",
        "{rules|rule|rules} not in the last plan, such as {rule}",
    ),
    "no-anchor": (
        "van {records|record|records} ontbreekt de begindatum: niemand weet of ze weg moeten",
        "{records|record has|records have} no begin date: nobody knows whether they are due",
    ),
    "records-remain": (
        "{records|record|records} stonden er na het wissen nog",
        "{records|record was|records were} still there after erasing",
    ),
    "plan-rejected": (
        "{records|record|records} voorbij de termijn; het plan is afgewezen",
        "{records|record|records} past the term; the plan was rejected",
    ),
    "records-overdue": (
        "{records|record|records} voorbij de termijn; het plan ligt al {days|dag|dagen}",
        "{records|record|records} past the term; the plan has waited {days|day|days}",
    ),
    "terms-kept": (
        "{rules|regel|regels}, niets over tijd; {erased} gewist, {kept} met reden bewaard, {waiting} wacht",
        "{rules|rule|rules}, nothing overdue; {erased} erased, {kept} kept for a reason, {waiting} waiting",
    ),
    # all together
    "some-broken": (
        "{broken} van {of} beloften geschonden, {unknown} onbekend",
        "{broken} of {of} promises broken, {unknown} unknown",
    ),
    "some-unknown": ("{unknown} van {of} beloften onbekend", "{unknown} of {of} promises unknown"),
    "none-broken": ("geen van {of} beloften geschonden", "none of {of} promises broken"),
    "overtaken": ("ingehaald door {basis}, sinds {day}", "overtaken by {basis}, since {day}"),
}

_FIGURE = re.compile(r"\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}")


def say(why: Why, language: str) -> str:
    """A reason as a clause in Dutch (`nl`) or English (`en`). A key that is not known says itself."""
    english = language == "en"
    text = REASONS.get(why.key, (why.key, why.key))[english]
    figures = dict(why.figures)

    def put(match: re.Match[str]) -> str:
        value = figures.get(match[1], "?")
        shown = _shown(value, english)
        if match[2] is None:
            return shown
        return f"{shown} {match[2] if value == 1 else match[3]}"

    return _FIGURE.sub(put, text)


def status(of: Status, language: str) -> str:
    """The word for a status."""
    return STATUS[of][language == "en"]


def _shown(value: int | str, english: bool) -> str:
    if isinstance(value, int):
        return f"{value:,}" if english else f"{value:,}".replace(",", ".")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"{date.fromisoformat(value):%d-%m-%Y}"
    return value
