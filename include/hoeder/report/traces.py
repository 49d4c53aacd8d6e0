"""Why a scan takes a column for what it takes it for, in Dutch.

The inventory notes tests and shares in English, once, for both readers. What is not known here stays as it was noted.
"""

import re

_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"identifying columns: (.+?); no rule", r"herkenbare kolommen: \1; geen regel"),
    (r" and (\d+) more\b", r" en \1 andere"),
    (r"(\d+) of (\d+) rows stand under another client than their subject in (\S+)",
     r"\1 van \2 rijen staan bij een andere opdrachtgever dan hun persoon in \3"),
    (r"named as an identity document: (\d+) of (\d+) objects", r"heet naar een identiteitsbewijs: \1 van \2 bestanden"),
    (r"no object under the declared prefix", "geen bestand onder het voorvoegsel van het beleid"),
    (r"nothing recognised", "niets herkend"),
    (r"no values", "geen waarden"),
    (r"images beside data of people", "beelden naast gegevens van mensen"),
    (r"nobody in the table whose it is", "niemand in de tabel van wie het is"),
    (r"the table is about organisations", "de tabel gaat over organisaties"),
    (r"the table is about things", "de tabel gaat over zaken"),
    (r"the name says organisation \(RSIN\)", "de naam zegt organisatie (RSIN)"),
    (r"numbers that organisations have", "nummers die organisaties hebben"),
    (r"name '([^']*)' suggests (\S+), the values do not bear it out", r"de naam '\1' wijst op \2, de waarden niet"),
    (r"name '([^']*)', values of its shape", r"naam '\1', waarden in die vorm"),
    (r"name '([^']*)', values are numbers or codes", r"naam '\1', waarden zijn nummers of codes"),
    (r"name '", "naam '"),
    (r"([\d.]+ %) of its values stand in (\S+)", r"\1 van de waarden staat in \2"),
    (r"refers to (\S+)", r"verwijst naar \1"),
    (r"; holds (\S)", r"; bevat \1"),
    (r"somebody named in", "iemand genoemd in"),
    (r"\bin (\d+) of (\d+) (?:distinct )?values", r"in \1 van \2 verschillende waarden"),
    (r"([\d.]+ %) of (\d+) (?:distinct )?values", r"\1 van \2 verschillende waarden"),
)  # fmt: skip

_TESTS = {
    "card numbers (Luhn)": "nummers van betaalkaarten (Luhn)",
    "card number (Luhn)": "nummer van betaalkaart (Luhn)",
    "serial number of a phone (Luhn)": "serienummer van telefoon (Luhn)",
    "words about health": "woorden over gezondheid",
    "identity documents": "identiteitsbewijzen",
    "identity document": "identiteitsbewijs",
    "machine-readable line": "machineleesbare regel",
    "cookies of measuring software": "cookies van meetsoftware",
    "profile on social media": "profiel op sociale media",
    "hardware address": "hardwareadres",
    "IP address": "IP-adres",
    "licence plate": "kenteken",
    "forms of address": "aanspreekvormen",
    "street and house number": "straat en huisnummer",
    "postcode and town": "postcode en plaats",
    "degrees in the Netherlands": "graden binnen Nederland",
    "dates spread as births are": "datums verdeeld als geboortes",
    "names of people": "namen van mensen",
    "user names made of names": "gebruikersnamen uit namen",
    "words between first and last name": "tussenvoegsels",
    "places on the map": "plaatsen op de kaart",
    "Dutch town": "Nederlandse plaats",
    "job titles": "functies",
    "marital status": "burgerlijke staat",
    "political parties": "politieke partijen",
    "trade unions": "vakbonden",
    "nationalities": "nationaliteiten",
    "ailments": "aandoeningen",
    "beliefs": "overtuigingen",
    "genders": "geslachten",
    "initials": "voorletters",
    "phone in": "telefoon in",
    "phone ": "telefoon ",
    "text: ": "tekst: ",
    "name in": "naam in",
    "street in": "straat in",
    "town in": "plaats in",
}


def in_dutch(noted: str) -> str:
    """The note in Dutch; names of columns and categories stay."""
    for pattern, said in _SENTENCES:
        noted = re.sub(pattern, said, noted)
    quoted = re.split(r"('[^']*')", noted)
    for position in range(0, len(quoted), 2):
        for english, dutch in _TESTS.items():
            quoted[position] = re.sub(rf"(?<![\w-]){re.escape(english)}", dutch, quoted[position])
        quoted[position] = re.sub(r"(\d)\.(\d+ %)", r"\1,\2", quoted[position])
    return "".join(quoted).replace(" %", "\u00a0%")
