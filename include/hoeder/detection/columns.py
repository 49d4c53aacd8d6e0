"""Which category of personal data a column holds, judged by its distinct values and its name.

Values decide where they can be validated; a name counts as far as the values do not contradict it. The shares a
column needs come from measuring: one random nine-digit number in eleven passes the elfproef.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from hoeder.detection import expected, names, shapes, text
from hoeder.detection.shapes import Kind

NATIONAL_ID = "user.government_id.national_identification_number"
CONTENT = "user.content.private"
_RSIN = {"rsin", "fiscaalnummer", "fiscaal"}
_MOST = 20_000
"""Distinct values looked through for the rare one that matters."""
_ENOUGH = 2_000
"""Distinct values that settle a share."""


@dataclass(frozen=True)
class Verdict:
    """What a column seems to hold. `evidence` names tests and shares, never a value."""

    category: str | None
    confidence: float
    evidence: str
    national_id: bool = False
    """Citizen service numbers (BSN) were seen, as values or inside text: they may stand only where a law says so."""


def classify(name: str, type: str, values: Sequence[object]) -> Verdict:
    """Judge a column by a sample of its values, in which values may repeat and None may occur.

    `type` is PostgreSQL's or Arrow's name for it.
    """
    kind = shapes.kind_of(type)
    distinct = _distinct(values) if kind not in (Kind.BOOLEAN, Kind.BYTES) else []
    meant = names.meaning(name)
    tests = shapes.measure(kind, distinct[:_ENOUGH])
    for judge in (_proven, _inside_text, _likely):
        verdict = judge(name, meant, tests, distinct)
        if verdict is not None:
            return verdict
    return _by_name(name, meant, tests)


Meant = tuple[str, bool] | None


def _proven(name: str, meant: Meant, tests: shapes.Measured, distinct: list[str]) -> Verdict | None:
    """Check digits and unmistakable shapes, whatever the column is called."""
    category = meant[0] if meant else None
    if tests.bsn >= (0.5 if category == NATIONAL_ID else 0.6) and (category == NATIONAL_ID or tests.count >= 4):
        if not _RSIN.isdisjoint(names.tokens(name)):
            return Verdict(None, 0.6, f"{tests.say('elfproef', tests.bsn)}; the name says organisation (RSIN)")
        return _verdict(NATIONAL_ID, 0.95, tests.say("BSN (elfproef)", tests.bsn), name, category, national_id=True)
    found = [
        ("user.financial.bank_account", "IBAN", tests.iban, 0.5),
        ("user.contact.email", "e-mail", tests.email, 0.3),
        ("user.contact.phone_number", "phone", tests.phone, 0.3 if category == "user.contact.phone_number" else 0.7),
    ]
    for value_category, test, share, needed in found:
        if share >= needed:
            return _verdict(value_category, 0.9, tests.say(test, share), name, category)
    return None


def _inside_text(name: str, meant: Meant, tests: shapes.Measured, distinct: list[str]) -> Verdict | None:
    """Longer text that contains contact data or numbers; a code or label of one word is no text."""
    if tests.kind is not Kind.TEXT or not distinct:
        return None
    hits = text.search(distinct)
    wordy = median(len(value.split()) for value in distinct) >= 3
    proven = hits.proven if wordy else {k: n for k, n in hits.proven.items() if k in ("e-mail", "IBAN")}
    if proven:
        said = ", ".join(f"{kind} in {_percent(count / hits.texts)}" for kind, count in proven.items())
        confidence = 0.9 if sum(proven.values()) >= 3 else 0.7
        evidence = f"text: {said} of {hits.texts} distinct values"
        return Verdict(CONTENT, confidence, evidence, national_id="BSN" in proven)
    named = hits.names / min(hits.texts, text.ENOUGH_FOR_NAMES)
    spoken = meant is not None and meant[0].startswith("user.content")
    if median(len(value.split()) for value in distinct) >= 6 and named >= (0.03 if spoken else 0.2):
        return Verdict(
            CONTENT,
            0.7 if spoken else 0.5,
            f"text: somebody named in {_percent(named)} of {tests.count} distinct values",
        )
    return None


def _likely(name: str, meant: Meant, tests: shapes.Measured, distinct: list[str]) -> Verdict | None:
    """Shapes that mean a person unless the column is named after a thing, an organisation or an event."""
    if names.words(name)[1]:
        return None
    category = meant[0] if meant else None
    found = [
        ("user.device.ip_address", "IP address", tests.ip, 0.8, 1),
        ("user.contact.address.postal_code", "postcode", tests.postcode, 0.8, 3),
        ("user.government_id.vehicle_registration", "licence plate", tests.plate, 0.7, 5),
        ("user.demographic.date_of_birth", "dates spread as births are", tests.births, 1, 10),
        ("user.contact.address.street", "street and house number", tests.address, 0.5, 5),
        (tests.person_category, "names of people", tests.person, 0.7, 5),
        ("user.contact.address.city", "Dutch town", tests.town, 0.5, 5),
    ]
    for value_category, test, share, needed, least in found:
        if share >= needed and tests.count >= least:
            return _verdict(value_category, 0.6, tests.say(test, share), name, category)
    return None


def _by_name(name: str, meant: Meant, tests: shapes.Measured) -> Verdict:
    """The name alone: believed as far as the values have its shape, and not where they speak against it."""
    if meant is None:
        return Verdict(None, 0.5 if tests.count else 0.0, "nothing recognised" if tests.count else "no values")
    category, clear = meant
    fits = expected.fits(category, tests, clear=clear)
    if not fits:
        return Verdict(None, 0.6, f"name '{name}' suggests {category}, the values do not bear it out")
    if tests.count == 0 and tests.kind is not Kind.BYTES:
        return Verdict(category, 0.4, f"name '{name}'; no values") if clear else Verdict(None, 0.0, "no values")
    # A number's name says less than a number of a phone's length called phone.
    confidence = 0.6 if clear and category != "user.unique_id" else 0.4
    return Verdict(category, confidence, f"name '{name}', values of its shape")


def _verdict(
    category: str, base: float, evidence: str, name: str, meant: str | None, *, national_id: bool = False
) -> Verdict:
    """A value test, surer where the name says the same; the name's category where it is the finer one."""
    if meant is None or meant.split(".")[1] != category.split(".")[1]:
        return Verdict(category, base, evidence, national_id)
    finer = meant if meant.startswith(f"{category}.") else category
    return Verdict(finer, min(0.99, base + 0.25), f"{evidence}; name '{name}'", national_id)


def _distinct(values: Iterable[object]) -> list[str]:
    seen: dict[str, None] = {}
    for value in values:
        if value is not None and (stripped := str(value).strip()):
            seen[stripped] = None
            if len(seen) == _MOST:
                break
    return list(seen)


def _percent(share: float) -> str:
    return shapes.percent(share)
