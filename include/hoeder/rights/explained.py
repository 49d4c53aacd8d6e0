"""What a copy of somebody's data is told with: purposes, recipients, source, terms, decisions (GDPR 15(1)).

From policy: the register's processings say it for the places in which something of the person was found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hoeder.letter import Language, day
from hoeder.policy import Policy
from hoeder.policy.person_facing import column_name, place_name
from hoeder.policy.processing import Basis, Processing, Recipient
from hoeder.policy.term import Mode, Term
from hoeder.policy.vocabulary import vocabulary
from hoeder.rights.gathered import Gathered, Value

_BASES = {
    "6(1)(a)": ("u gaf toestemming", "you consented"),
    "6(1)(b)": ("nodig voor een overeenkomst met u", "needed for a contract with you"),
    "6(1)(c)": ("een wet verplicht ons", "a law obliges us"),
    "6(1)(d)": ("nodig om iemands leven te beschermen", "needed to protect somebody's life"),
    "6(1)(e)": ("nodig voor een publieke taak", "needed for a public task"),
    "6(1)(f)": ("een gerechtvaardigd belang", "a legitimate interest"),
}
_SAFEGUARDS = {
    "adequacy": ("een besluit van de Europese Commissie", "a decision of the European Commission"),
    "standard-clauses": ("modelcontract van de Europese Commissie", "standard contractual clauses"),
    "binding-rules": ("bindende bedrijfsregels", "binding corporate rules"),
    "consent": ("uw toestemming", "your consent"),
}  # fmt: skip
_TERMS = {
    Mode.EXACT: ("{length} na {anchor}", "{length} after: {anchor}"),
    Mode.CY: ("{length} na het jaar van {anchor}", "{length} after the year of: {anchor}"),
    Mode.FY: ("{length} na het boekjaar van {anchor}", "{length} after the book year of: {anchor}"),
    Mode.EVENT: ("tot {anchor}", "until: {anchor}"),
    Mode.ROLL: ("{length} na de laatste van {anchor}", "{length} after the latest of: {anchor}"),
    Mode.CYCLE: ("{length} na {anchor}", "{length} after: {anchor}"),
}
_ANCHORS = {"date": ("de dag zelf", "the day itself"), "stored": ("de dag van opslag", "the day it was stored")}
"""Of objects: not in their columns."""
_UNITS = {
    "day": (("dag", "dagen"), ("day", "days")), "week": (("week", "weken"), ("week", "weeks")),
    "month": (("maand", "maanden"), ("month", "months")), "year": (("jaar", "jaar"), ("year", "years")),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One table or prefix with the person's records, in the reader's words. `terms` are sentences without a capital."""

    place: str
    name: str
    source: str
    terms: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...] = field(repr=False)
    until: tuple[date | None, ...] = ()
    listed: bool = False


@dataclass(frozen=True)
class Part:
    """One processing with what was found in its places."""

    name: str
    purposes: tuple[str, ...]
    basis: str
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    transfers: tuple[str, ...]
    decides_alone: bool
    tables: tuple[Shown, ...]

    @property
    def records(self) -> int:
        return sum(len(table.rows) for table in self.tables)


def explain(policy: Policy, gathered: Sequence[Gathered], language: Language, today: date) -> list[Part]:
    """What was found, by processing in the register's order; places that no processing names come last."""
    left = {each.place: each for each in gathered if each.rows}
    parts = []
    for processing in policy.processing.processings:
        those = [left.pop(place) for place in processing.places if place in left]
        if those:
            parts.append(_part(policy, processing, those, language, today))
    if left:
        name = "Overige gegevens" if language == "nl" else "Other data"
        tables = tuple(_shown(policy, each, language, today) for each in left.values())
        parts.append(Part(name, (), "", _categories(left.values(), language), (), (), False, tables))
    return parts


def _part(policy: Policy, processing: Processing, those: Sequence[Gathered], language: Language, today: date) -> Part:
    told = policy.processing
    recipients = [told.recipients[name] for name in processing.recipients]
    return Part(
        processing.name(language),
        tuple(told.purposes[name].name(language) for name in processing.purposes),
        _basis(processing.basis, language),
        _categories(those, language),
        tuple(f"{each.name(language)} ({each.country})" for each in recipients),
        tuple(_transfer(each, language) for each in recipients if each.abroad),
        processing.decides_alone,
        tuple(_shown(policy, each, language, today) for each in those),
    )


def _shown(policy: Policy, each: Gathered, language: Language, today: date) -> Shown:
    told = policy.person_facing.places.get(each.place)
    ourselves = "uzelf, of wij legden het vast" if language == "nl" else "yourself, or we recorded it"
    store, _, target = each.place.replace(":", ".", 1).partition(".")
    rules = [r for r in policy.rules_on(today) if (r.store, r.target) == (store, target) and not r.then.columns]
    return Shown(
        each.place,
        place_name(policy, each.place, language),
        told.obtained.name(language) if told and told.obtained else ourselves,
        tuple(dict.fromkeys(_term(policy, rule.keep, language) for rule in rules)),
        tuple(_heading(policy, each, name, language) for name in each.columns),
        each.rows, each.until, each.listed,
    )  # fmt: skip


def _heading(policy: Policy, each: Gathered, name: str, language: Language) -> str:
    if each.listed:
        return "document of opname" if language == "nl" else "document or recording"
    return column_name(policy, name, each.categories[name], language)


def _categories(those: Iterable[Gathered], language: Language) -> tuple[str, ...]:
    found = {category for each in those for category in each.categories.values() if category.startswith("user")}
    words = [vocabulary().category(one) for one in sorted(found)]
    return tuple(dict.fromkeys((word.nl if language == "nl" else word.en) for word in words if word))


def _basis(basis: Basis | None, language: Language) -> str:
    if basis is None:
        return ""
    said = _BASES[basis.article][0 if language == "nl" else 1]
    detail = basis.law or ""
    law = "AVG" if language == "nl" else "GDPR"
    return f"{said} ({law} {basis.article}{f'; {detail}' if detail else ''})"


def _transfer(recipient: Recipient, language: Language) -> str:
    none = "waarborg nog niet vastgelegd" if language == "nl" else "safeguard not recorded yet"
    said = _SAFEGUARDS[recipient.safeguard][0 if language == "nl" else 1] if recipient.safeguard else none
    return f"{recipient.name(language)} ({recipient.country}): {said}"


def _term(policy: Policy, term: Term, language: Language) -> str:
    """A term with the words for its columns: `12 maanden na laatste contact`."""
    at = 0 if language == "nl" else 1
    one, more = _UNITS[term.unit][at]
    named = policy.person_facing.columns
    anchors = [
        named[name].name(language) if name in named else _ANCHORS.get(name, (name.replace("_", " "),) * 2)[at]
        for name in term.anchors
    ]
    return _TERMS[term.mode][at].format(
        length=f"{term.count} {one if term.count == 1 else more}", anchor=", ".join(anchors)
    )


def until_in_words(until: date | None, language: Language) -> str:
    """Until when a record stays, where that is known."""
    return day(until, language) if until else ""
