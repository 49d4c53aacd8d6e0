"""Which category of personal data a column holds, judged by its distinct values, its name and its neighbourhood.

Values decide where they can be validated; a name counts as far as the values do not contradict it. The shares a
column needs come from measuring: one random nine-digit number in eleven passes the elfproef.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from statistics import median

from hoeder.detection import expected, names, shapes, text
from hoeder.detection.shapes import Kind, Measured
from hoeder.detection.text import TextHits

NATIONAL_ID = "user.government_id.national_identification_number"
CONTENT = "user.content.private"
PHONE = "user.contact.phone_number"
_RSIN = {"rsin", "fi", "fiscaalnummer", "fiscaal", "btw", "vat", "kvk"}
_SCHEME = re.compile(r"^(?:tel|callto|sips?):(\+?[\d() -]+)(?:[@;].*)?$", re.IGNORECASE)
_SPEAKING = 4
"""Different texts from which it says something that none of them has personal data in it."""
_MOST = 20_000
"""Distinct values looked through for the rare one that matters."""
_ENOUGH = 160
"""Distinct values that settle a share, taken evenly from those there are."""


@dataclass(frozen=True)
class Verdict:
    """What a column seems to hold. `evidence` names tests and shares, never a value."""

    category: str | None
    confidence: float
    evidence: str
    national_id: bool = False
    """Citizen service numbers (BSN) were seen, as values or inside text: they may stand only where a law says so."""


@dataclass(frozen=True)
class Surroundings:
    """What stands around a column and says what it is about."""

    table: str = ""
    comment: str = ""
    among_people: bool = False
    """Other columns of the table hold names, addresses or numbers of people."""


NOWHERE = Surroundings()
Meant = tuple[str, bool] | None


class Prepared:
    """A column's values, tested: what does not change with what stands around it."""

    def __init__(self, type: str, values: Sequence[object], hits: TextHits | None = None) -> None:
        kind = shapes.kind_of(type)
        self.distinct = _distinct(values) if kind is not Kind.BOOLEAN else []
        """Printed nowhere: they are somebody's."""
        step = max(1, len(self.distinct) // _ENOUGH)
        self.tests = shapes.measure(kind, [_plain(value) for value in self.distinct[::step][:_ENOUGH]])
        self._hits = hits

    @cached_property
    def hits(self) -> TextHits:
        """What stands in its texts: those given, or in all texts where the reader looked through them."""
        return self._hits or text.search(self.distinct)

    @property
    def of(self) -> str:
        """Of how many texts the hits are."""
        return f"{self.hits.texts} {'values' if self._hits else 'distinct values'}"


@dataclass(frozen=True)
class _Column:
    name: str
    meant: Meant
    around: Surroundings
    prepared: Prepared
    called: str
    """Its name as it stands; in `name` the table's abbreviations are written out."""

    @property
    def tests(self) -> Measured:
        return self.prepared.tests

    @property
    def distinct(self) -> Sequence[str]:
        return self.prepared.distinct

    @property
    def category(self) -> str | None:
        """What the name means, if anything."""
        return self.meant[0] if self.meant else None

    @property
    def who(self) -> bool:
        """Whether the name speaks of somebody, or of a user name."""
        return (self.category or "").startswith(("user.name", "user.account"))

    @property
    def about_a_thing(self) -> bool:
        return names.speaks_of_a_thing(self.name)


def classify(name: str, type: str, values: Sequence[object]) -> Verdict:
    """Judge a column by itself, by a sample of its values, in which values may repeat and None may occur.

    `type` is PostgreSQL's or Arrow's name for it.
    """
    return decide(name, Prepared(type, values))


def decide(name: str, prepared: Prepared, around: Surroundings = NOWHERE) -> Verdict:
    """Judge a column in its surroundings."""
    read = names.in_table(name, around.table)
    meant = None if names.is_own_number(name, around.table) else _meant(read, around)
    column = _Column(read, meant, around, prepared, name)
    if prepared.tests.kind is Kind.BYTES:
        return _bytes(column)
    for judge in (_proven, _inside_text, _likely):
        verdict = judge(column)
        if verdict is not None:
            return verdict
    return _by_name(column)


def _meant(name: str, around: Surroundings) -> Meant:
    """What the name means, or else the comment on it; among people a vague word is about them."""
    found = names.meaning(name, around.table)
    if found is None and around.comment and not names.speaks_of_a_thing(name):
        said = names.meaning(" ".join(around.comment.replace(".", " ").split()[:8]), around.table)
        found = (said[0], said[1]) if said else None
    values_say = found is not None and (found[0] in _SAY_IT_THEMSELVES or names.is_squeezed(name))
    if found is not None and around.among_people and not values_say and not names.words(name)[1]:
        return found[0], True
    return found


def _proven(c: _Column) -> Verdict | None:
    """Check digits and unmistakable shapes, whatever the column is called."""
    tests = c.tests
    if tests.bsn >= (0.5 if c.category == NATIONAL_ID else 0.6) and (c.category == NATIONAL_ID or tests.count >= 4):
        if not _RSIN.isdisjoint(names.tokens(c.name)):
            return Verdict(None, 0.6, f"{tests.say('elfproef', tests.bsn)}; the name says organisation (RSIN)")
        return _verdict(c, NATIONAL_ID, 0.95, tests.say("BSN (elfproef)", tests.bsn), national_id=True)
    found = [
        ("user.financial.bank_account", "IBAN", tests.iban, 0.5, 1),
        ("user.contact.email", "e-mail", tests.email, 0.3, 1),
        ("user.financial.credit_card", "card number (Luhn)", tests.card, 0.7, 3),
        ("user.financial.credit_card", "card number, hidden in part", tests.hidden_card, 0.7, 3),
        (PHONE, "phone", tests.phone, 0.3 if c.category == PHONE else 0.7, 1),
        ("user.government_id.passport_number", "machine-readable line", tests.mrz, 0.5, 1),
        ("user.device.device_id", "hardware address", tests.mac, 0.7, 2),
        ("user.device.device_id", "serial number of a phone (Luhn)", tests.imei, 0.9, 4),
        ("user.device", "browser", tests.agent, 0.5, 1),
        ("user.device.cookie_id", "cookies of measuring software", tests.cookie, 0.5, 2),
        ("user.contact.url", "profile on social media", tests.profile, 0.5, 2),
        ("user.unique_id", "EAN of a home's meter", tests.meter, 0.9, 3),
    ]
    if tests.email < 0.3 and tests.email + tests.desk_email >= 0.8:
        return Verdict(None, 0.7, f"{tests.say('e-mail', tests.desk_email)} of desks, which are nobody's")
    for value_category, test, share, needed, least in found:
        if share >= needed and tests.count >= least:
            if value_category == PHONE and (tests.line >= 0.9 or (c.about_a_thing and tests.mobile < 0.02)):
                return Verdict(None, 0.7, f"{tests.say('phone', share)}; numbers that organisations have")
            return _verdict(c, value_category, 0.9, tests.say(test, share))
    return None


def _inside_text(c: _Column) -> Verdict | None:
    """Longer text that contains contact data or numbers; a code or label of one word is no text."""
    if c.tests.kind is not Kind.TEXT or not c.distinct or c.tests.hashed > 0.5:
        return None
    long = median(len(value.split()) for value in c.distinct[:_ENOUGH])
    if long < 3 and (c.tests.short > 0.9 or max(c.tests.address, c.tests.people.known) > 0.5):
        return None
    hits = c.prepared.hits
    # Of codes one in a hundred has the check digits of an IBAN.
    least = 0.05 * hits.texts
    proven = hits.proven
    if long < 3:
        written = any("@" in value for value in c.distinct)
        proven = {k: n for k, n in proven.items() if (k == "e-mail" and written) or (k == "IBAN" and n >= least)}
    if c.tests.address >= 0.5 and set(proven) <= {"phone"}:
        return None
    if long < 3 and proven.get("e-mail", 0) >= 0.9 * hits.texts:
        return _verdict(
            c, "user.contact.email", 0.9, f"text: e-mail in {shapes.percent(proven['e-mail'] / hits.texts)}"
        )
    if proven:
        seen = {**proven, **hits.others}
        said = ", ".join(f"{kind} in {shapes.percent(count / hits.texts)}" for kind, count in seen.items())
        confidence = 0.9 if sum(proven.values()) >= 3 else 0.7
        evidence = f"text: {said} of {c.prepared.of}"
        return Verdict(CONTENT, confidence, evidence, national_id="BSN" in proven)
    named = hits.names / min(hits.texts, text.ENOUGH_FOR_NAMES)
    spoken = c.category is not None and c.category.startswith("user.content")
    about_a_thing = c.about_a_thing and not names.is_description(c.name)
    if _is_prose(c, long, named, spoken=spoken) and c.tests.company < 0.5 and not about_a_thing:
        return Verdict(
            CONTENT,
            0.7 if spoken else 0.5,
            f"text: somebody named in {shapes.percent(named)} of {c.tests.count} distinct values",
        )
    return None


def _is_prose(c: _Column, long: float, named: float, *, spoken: bool) -> bool:
    """Whether texts of so many words, a share of which names somebody, are about people; a short one can be a name."""
    if long >= 5:
        return named >= (0.03 if spoken else 0.35)
    is_a_name = c.who or max(c.tests.people.known, c.tests.people.titles) >= 0.45
    return long >= 3 and named >= 0.5 and not is_a_name


def _likely(c: _Column) -> Verdict | None:
    """Shapes that mean a person unless the column is named after a thing, an organisation or an event."""
    tests = c.tests
    if c.about_a_thing and max(tests.on_map, tests.dutch_degrees) < 0.95:  # a width has no six decimals
        return None
    place = tests.town >= 0.5 and tests.town >= tests.people.known - 0.1
    found = [
        ("user.device.ip_address", "IP address", tests.ip if _is_a_visitors(c) else 0.0, 0.8, 1),
        ("user.contact.address.postal_code", "postcode", tests.postcode, 0.8, 3),
        ("user.government_id.vehicle_registration", "licence plate", tests.plate, 0.7, 5),
        ("user.government_id.vehicle_registration", "licence plate", tests.bare_plate, 0.9, 20),
        ("user.demographic.date_of_birth", "dates spread as births are", tests.births, 1, 10),
        ("user.demographic.gender", "genders", tests.gender, 1, 2),
        ("user.demographic.marital_status", "marital status", tests.marital, 0.7, 3),
        ("user.demographic.citizenship_or_immigration_status", "nationalities", tests.nationality, 0.6, 3),
        ("user.demographic.religious_belief", "beliefs", tests.belief, 0.7, 3),
        ("user.demographic.political_opinion", "political parties", tests.party, 0.7, 3),
        ("user.government_id.passport_number", "identity document",
         tests.document if tests.document_mixed >= 0.3 else 0.0, 0.5, 5),
        ("user.contact.address", "postcode and town", tests.postal_line, 0.8, 3),
        ("user.demographic.union_membership", "trade unions", tests.union, 0.8, 3),
        ("user.contact.address.street", "street and house number", tests.address, 0.5, 5),
        ("user.location.precise", "places on the map", tests.on_map, 0.8, 5),
        ("user.location", "degrees in the Netherlands", tests.dutch_degrees, 0.95, 5),
        ("user.contact.address.city", "Dutch town", tests.town if place else 0.0, 0.5, 5),
        *_people(c),
        ("user.job_title", "job titles", tests.job if tests.words < 6 else 0.0, 0.6, 4),
        ("user.health_and_medical", "ailments", tests.health, 0.25 if c.around.among_people else 0.5, 4),
    ]  # fmt: skip
    for value_category, test, share, needed, least in found:
        if share >= needed and tests.count >= least:
            if not _elsewhere(c, value_category):
                return _verdict(c, value_category, 0.6, tests.say(test, share))
            if value_category in _PLACES:
                return None  # what is a town is no surname
    return None


def _is_a_visitors(c: _Column) -> bool:
    """Whether addresses are somebody's: machines of one's own have private ones, and so have people at work."""
    own = c.meant is None or names.is_of_machines(c.around.table, c.name)
    return not own or c.tests.ip_private < _OWN


def _people(c: _Column) -> list[tuple[str, str, float, float, int]]:
    people, company = c.tests.people, c.tests.company
    spoken = company < 0.2 and c.tests.country < 0.5 and people.words < (0.35 if people.lower else 0.6)
    known = people.known if spoken else 0.0
    return [
        (people.category, "names of people", known if people.shaped >= 0.6 else 0.0, 0.75 if people.lower else 0.45, 5),
        ("user.name.first", "initials", people.initials, 0.8, 5),
        ("user.name", "forms of address", people.titles, 0.8, 2),
        ("user.name.last", "words between first and last name", people.infix, 0.9, 2),
        ("user.account.username", "user names made of names", people.username, 0.25 if c.who else 0.4, 10),
    ]


def _elsewhere(c: _Column, category: str) -> bool:
    """Addresses of organisations are nobody's unless people are named beside them; a clear name knows better."""
    if _is_everybodys(c, category):
        return True
    if category in _CHANCE and c.meant is None and names.says_something(c.name):
        return not (c.around.among_people and category == "user.location")
    if c.meant and c.meant[1] and category in _LOOSE and c.meant[0].split(".")[1] != category.split(".")[1]:
        return expected.fits(c.meant[0], c.tests, clear=True)
    reached = ("user.contact.address", PHONE, "user.contact.fax_number", "user.location")
    if category.startswith(reached) and not c.around.among_people and "mobile" not in names.words(c.name)[0]:
        return names.is_of_organisations(c.around.table)
    if c.meant is None or not c.meant[1] or not category.startswith("user.name"):
        return False
    if c.meant[0] in ("user.unique_id", "user.contact.address.street"):  # a key or a street in which there are people
        return max(c.tests.address, 1 - c.tests.people.known) >= 0.4
    if c.meant[0].startswith("user.health_and_medical"):
        return c.tests.people.known < _NAMES
    if c.meant[0] == "user.job_title":
        return c.tests.people.titles < 0.8
    if c.meant[0] == "user.account.username":
        return c.tests.words == 1 and c.tests.people.lower
    return not c.meant[0].startswith("user.name")


def _is_everybodys(c: _Column, category: str) -> bool:
    """Towns of a table in which nobody was met, vacancies, and badges that are written as licence plates are."""
    if category in _PLACES:
        return bool(c.around.table) and not c.around.among_people and not (c.meant and c.meant[1])
    if category == "user.job_title":
        return names.is_of_vacancies(c.around.table)
    return category == PLATE and c.category == "user.unique_id"


def _says_who(c: _Column) -> bool:
    """Whether the name says who, of which a key tells as much: `klant`, `caller_id`, `created_by`."""
    if c.category == "user.name":
        return names.is_role(c.name)
    return names.done_by(c.name) or (c.category == PHONE and c.tests.kind is Kind.UUID)


def _bytes(c: _Column) -> Verdict:
    """Binary values are known by their kinds (`image/jpeg`), which the reader tells in their place."""
    kinds = sorted(set(c.distinct))
    said = f"; holds {', '.join(kinds)}" if kinds else ""
    if c.meant and expected.fits(c.meant[0], c.tests, clear=c.meant[1]) and not c.about_a_thing:
        return Verdict(c.meant[0], 0.6 if kinds else 0.4, f"name '{c.called}'{said}")
    if c.around.among_people and any(kind.startswith("image/") for kind in kinds) and not c.about_a_thing:
        return Verdict("user.content.self_image", 0.5, f"images beside data of people{said}")
    return Verdict(None, 0.5 if kinds else 0.0, f"nothing recognised{said}" if kinds else "no values")


def _by_name(c: _Column) -> Verdict:
    """The name alone: believed as far as the values have its shape, and not where they speak against it."""
    if c.meant is None:
        return Verdict(None, 0.5 if c.tests.count else 0.0, "nothing recognised" if c.tests.count else "no values")
    category, clear = c.meant
    if c.tests.coded and _says_who(c):
        return Verdict("user.unique_id", 0.4, f"name '{c.called}', values are numbers or codes")
    if category == "user.name" and names.is_role(c.name) and c.tests.logins >= _LOGINS:
        return Verdict("user.account.username", 0.4, f"name '{c.called}', values written as user names are")
    if category == "user.unique_id" and names.is_user(c.name) and not c.tests.coded and c.tests.words == 1:
        category = "user.account.username"
    if category == NATIONAL_ID and clear and not expected.fits(category, c.tests, clear=True):
        category = "user.government_id"  # of another country
    if category == CONTENT and c.tests.count >= _SPEAKING and not c.prepared.hits.telling:
        return Verdict(None, 0.6, f"name '{c.called}', and nobody's data in {c.prepared.of}")
    if not expected.fits(category, c.tests, clear=clear) or _elsewhere(c, category):
        return Verdict(None, 0.6, f"name '{c.called}' suggests {category}, the values do not bear it out")
    if c.tests.count == 0:
        return Verdict(category, 0.4, f"name '{c.called}'; no values") if clear else Verdict(None, 0.0, "no values")
    # A number's name says less than a number of a phone's length called phone.
    confidence = 0.6 if clear and category != "user.unique_id" else 0.4
    return Verdict(category, confidence, f"name '{c.called}', values of its shape")


def _verdict(c: _Column, category: str, base: float, evidence: str, *, national_id: bool = False) -> Verdict:
    """A value test, surer where the name says the same; the name's category where it is the finer or the better one."""
    meant = c.category
    if meant is None or meant.split(".")[1] != category.split(".")[1]:
        return Verdict(category, base, evidence, national_id)
    same = _BETTER.get(category, frozenset())
    named = meant if meant.startswith(f"{category}.") or meant in same else category
    return Verdict(named, min(0.99, base + 0.25), f"{evidence}; name '{c.called}'", national_id)


_SAY_IT_THEMSELVES = ("user.content", "user.name", "user.health_and_medical")
"""Beside people there are names of other things, texts about other things, and signs of what is no illness."""
PLATE = "user.government_id.vehicle_registration"
_LOGINS = 0.9
_OWN = 0.95
"""A share of private addresses from which they can be of machines of one's own."""
_NAMES = 0.8
"""A share of names from which a column called after an illness holds people: `ouder_verz`."""
_PLACES = ("user.contact.address.city", "user.contact.address.country", "user.contact.address.state")
"""A table of towns or countries is about nobody."""
_CHANCE = (
    "user.contact.address.city", "user.job_title", "user.location", "user.government_id.vehicle_registration",
)  # fmt: skip
"""Categories whose values are much else too: not believed in a column with another word for its name."""
_LOOSE = (*_PLACES, "user.job_title", "user.health_and_medical")
"""Categories known by lists of words: a clear name knows better."""

# Where values of two categories look the same, the name tells which.
_BETTER = {
    PHONE: frozenset({"user.contact.fax_number"}),
    "user.name.first": frozenset({"user.name.last"}),
    "user.name.last": frozenset({"user.name.first"}),
    "user.name": frozenset({"user.name.first", "user.name.last"}),
}


def _plain(value: str) -> str:
    """A value on one line, without what says how to reach an address: `tel:`, `sip:`."""
    if ":" in value:
        value = _SCHEME.sub(r"\1", value)
    return " ".join(value.split()) if "\n" in value else value


def _distinct(values: Iterable[object]) -> list[str]:
    texts = map(str.strip, (value if type(value) is str else str(value) for value in values if value is not None))
    return list(islice(dict.fromkeys(filter(None, texts)), _MOST))
