"""Presidio with Dutch recognizers on a blank Dutch spaCy pipeline (it ships no Dutch model): see text.py."""

import json
import re
import sys
from time import perf_counter, process_time

start = perf_counter()

import spacy  # noqa: E402
import tldextract  # noqa: E402
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry  # noqa: E402
from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: E402
from presidio_analyzer.predefined_recognizers import (  # noqa: E402
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    PhoneRecognizer,
)
from spacy.language import Language  # noqa: E402


@Language.component("lemmas")
def lemmas(doc):
    """A blank pipeline has no lemmas, and without them Presidio sees no context words: the word itself will do."""
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class BlankDutch(SpacyNlpEngine):
    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "nl", "model_name": "blank"}])

    def load(self) -> None:
        self.nlp = {"nl": spacy.blank("nl")}
        self.nlp["nl"].add_pipe("lemmas")


class Bsn(PatternRecognizer):
    def validate_result(self, pattern_text: str) -> bool:
        digits = [int(char) for char in pattern_text if char.isdigit()]
        weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
        return len(digits) == 9 and sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 == 0


CAPITALS = ("PERSON", "STREET", "CITY")  # without them, any word after a title or a postcode would be one


def rule(entity: str, regex: str, score: float, context: tuple[str, ...] = (), kind=PatternRecognizer):
    return kind(
        supported_entity=entity,
        patterns=[Pattern(entity, regex, score)],
        context=list(context),
        global_regex_flags=re.MULTILINE if entity in CAPITALS else re.MULTILINE | re.IGNORECASE,
        supported_language="nl",
    )


# Suffixes of e-mail addresses come from the list in the package: nothing is fetched while it measures.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())

MONTH = r"(?:jan|feb|maart|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*\.?"
TITLE = r"(?:mevrouw|mevr\.?|mw\.?|dhr\.?|meneer|de heer|heer|familie|fam\.)"
PARTICLE = r"(?:van der|van den|van de|van|de|den|der|ten|ter|el|in 't|'t)"
ENDINGS = "straat|laan|weg|plein|kade|pad|gracht|singel|dreef|hof|dijk|markt"
PLATES = (
    r"[A-Z]{2}-\d{3}-[A-Z]", r"[A-Z]-\d{3}-[A-Z]{2}", r"\d{2}-[A-Z]{3}-\d", r"\d-[A-Z]{3}-\d{2}",
    r"\d{2}-[A-Z]{2}-[A-Z]{2}", r"[A-Z]{2}-\d{2}-[A-Z]{2}", r"[A-Z]{2}-[A-Z]{2}-\d{2}",
    r"[A-Z]{2}-\d{2}-\d{2}", r"\d{2}-\d{2}-[A-Z]{2}",
)  # fmt: skip
NUMBERS = r"\b\d{9}\b|\b\d{3}[ .]\d{3}[ .]\d{3}\b|\b\d{4}\.\d{2}\.\d{3}\b"
BORN, CLIENT = (
    ("geboren", "geb", "geboortedatum"),
    ("klantnummer", "klantnr", "klant", "relatienummer", "personeelsnummer"),
)
RULES = [
    rule("STREET", rf"\b[A-Z][\w'.-]*(?:{ENDINGS})\s+\d+\s?[-a-zA-Z]{{0,3}}\b", 0.6),
    rule("STREET", r"\b[Pp]ostbus\s+\d+\b", 0.6),
    rule("POSTCODE", r"\b[1-9]\d{3}\s?[A-Z]{2}\b", 0.6),
    rule("CITY", r"(?<=\d{4} [A-Z]{2} )[A-Z][\w'-]+", 0.6),
    rule("BSN", NUMBERS, 0.3, ("bsn", "burgerservicenummer"), Bsn),
    rule("PLATE", rf"\b(?:{'|'.join(PLATES)})\b", 0.6),
    rule("DOB", r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}\b", 0.3, BORN),
    rule("DOB", rf"\b\d{{1,2}} {MONTH} (?:19|20)\d{{2}}\b", 0.3, BORN),
    rule("CLIENT", r"\b[A-Z]?-?\d{5,8}\b", 0.2, CLIENT),
    rule("DOCNR", r"\b[A-NP-Z]{2}[A-NP-Z0-9]{6}\d\b", 0.5, ("paspoort", "identiteitskaart", "id-kaart")),
    rule("DOCNR", r"\b\d{10}\b", 0.2, ("rijbewijs", "rijbewijsnummer")),
    rule("PERSON", rf"(?<=\b)(?i:{TITLE})\s+(?:(?:[A-Z]\.)+\s?)?(?i:{PARTICLE}\s+)?[A-Z][\w'-]+", 0.6),
    rule("PERSON", rf"\b(?:[A-Z]\.){{1,4}}\s?(?:{PARTICLE}\s+)?[A-Z][a-z][\w'-]+", 0.6),
]
LABELS = {"EMAIL_ADDRESS": "EMAIL", "IBAN_CODE": "IBAN", "IP_ADDRESS": "IP", "PHONE_NUMBER": "PHONE"}

registry = RecognizerRegistry(supported_languages=["nl"])
for made in (EmailRecognizer, IbanRecognizer, IpRecognizer):
    registry.add_recognizer(made(supported_language="nl"))
registry.add_recognizer(PhoneRecognizer(supported_language="nl", supported_regions=("NL", "BE")))
for one in RULES:
    registry.add_recognizer(one)
engine = AnalyzerEngine(registry=registry, nlp_engine=BlankDutch(), supported_languages=["nl"])
engine.analyze("Opwarmen: 06-12345678.", language="nl")
print(json.dumps({"start": perf_counter() - start}))
rows = [json.loads(line) for line in sys.stdin]
start = process_time()
answers = [engine.analyze(row["text"], language="nl", score_threshold=0.35) for row in rows]
seconds = process_time() - start
for found in answers:
    spans = [[one.start, one.end, LABELS.get(one.entity_type, one.entity_type), one.score] for one in found]
    print(json.dumps({"spans": spans}))
print(json.dumps({"seconds": seconds}))
