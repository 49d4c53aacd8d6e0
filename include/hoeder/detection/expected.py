"""Whether values can be what their column's name says they are."""

from collections.abc import Callable

from hoeder.detection.shapes import Kind, Measured


def fits(category: str, m: Measured, *, clear: bool) -> bool:
    """Whether the values can be what the name says. Behind a vague name (`name`) they must say it themselves."""
    if m.kind not in _allowed(category):
        return False
    return m.count == 0 or _test(category)(m, clear)


def _test(category: str) -> Callable[[Measured, bool], bool]:
    best = max((key for key in _SHAPES if category == key or category.startswith(f"{key}.")), key=len, default="")
    return _SHAPES.get(best, lambda m, clear: clear)


def _person(m: Measured, clear: bool) -> bool:
    if m.company >= 0.2:
        return False
    if m.people.titles >= 0.5:
        return True
    if clear:
        return min(m.letters, m.short + 0.3) >= 0.6 and (m.people.shaped >= 0.5 or m.people.initials >= 0.5)
    return m.people.known >= 0.4 and m.people.words < 0.5


def _title(m: Measured, clear: bool) -> bool:
    """`title` is a form of address, a function or a book's."""
    return m.job >= 0.2


_SHAPES: dict[str, Callable[[Measured, bool], bool]] = {
    "user.name": _person,
    "user.name.first": lambda m, clear: _person(m, clear) or (clear and m.letters >= 0.9 and m.short >= 0.9),
    "user.name.last": lambda m, clear: _person(m, clear) or m.people.infix >= 0.6,
    "user.contact.email": lambda m, clear: m.email >= 0.1,
    "user.contact.phone_number": lambda m, clear: m.phone_like >= 0.6,
    "user.contact.fax_number": lambda m, clear: m.phone_like >= 0.6,
    "user.contact.url": lambda m, clear: clear or m.profile >= 0.3,
    "user.contact.address": lambda m, clear: max(m.address, m.worded_number) >= 0.4,
    "user.contact.address.street": lambda m, clear: clear and (m.address + m.letters >= 0.3 or m.short > 0.9),
    "user.contact.address.postal_code": lambda m, clear: (
        m.short >= 0.9 and m.letters < 0.3 and (clear or m.postcode > 0.5)
    ),
    "user.contact.address.city": lambda m, clear: (
        m.letters >= 0.8 and m.short >= 0.7 and (clear or m.town + m.city_abroad >= 0.2) and m.company < 0.2
    ),
    "user.contact.address.state": lambda m, clear: clear and m.letters >= 0.8 and m.short >= 0.8,
    "user.contact.address.country": lambda m, clear: m.letters >= 0.9 and m.country >= 0.5,
    "user.government_id.national_identification_number": lambda m, clear: m.bsn_shape >= 0.7,
    "user.government_id": lambda m, clear: clear and m.short >= 0.9 and m.letters < 0.5,
    "user.government_id.vehicle_registration": lambda m, clear: (
        m.plate + m.bare_plate >= 0.3 or (clear and m.letters < 0.2)
    ),
    "user.financial.bank_account": lambda m, clear: m.iban >= 0.1 or (clear and m.phone_like >= 0.6),
    "user.financial.credit_card": lambda m, clear: m.card >= 0.3,
    "user.demographic.date_of_birth": lambda m, clear: max(m.past_days, m.years, m.odd_days) >= 0.7,
    "user.demographic.age_range": lambda m, clear: m.ages >= 0.9 or (m.kind is Kind.TEXT and m.short >= 0.9),
    "user.demographic.citizenship_or_immigration_status": lambda m, clear: m.nationality + m.country >= 0.4 or clear,
    "user.demographic.language": lambda m, clear: (clear and m.words <= 2) or m.spoken >= 0.5,
    "user.demographic.political_opinion": lambda m, clear: clear or m.party >= 0.5,
    "user.account.username": lambda m, clear: clear or m.people.username >= 0.3 or m.people.known >= 0.5,
    "user.financial": lambda m, clear: clear,
    "user.demographic": lambda m, clear: clear and (m.kind is not Kind.TEXT or max(m.short, m.letters) >= 0.9),
    "user.authorization.credentials": lambda m, clear: clear and m.hashed >= 0.9,
    "user.device.ip_address": lambda m, clear: m.ip >= 0.3,
    "user.device.device_id": lambda m, clear: clear or m.mac + m.imei >= 0.3,
    "user.device.cookie_id": lambda m, clear: clear or m.hashed >= 0.9,
    "user.device": lambda m, clear: (
        max(m.agent, m.hashed - 0.6) >= 0.3 or (clear and (m.letters >= 0.3 or m.hashed >= 0.5 or m.short < 0.9))
    ),
    "user.job_title": _title,
    "user.location": lambda m, clear: (
        m.micro_degrees >= 0.9
        if m.kind is Kind.INTEGER
        else clear or m.on_map >= 0.5 or m.degrees >= 0.8
    ),
    "user.health_and_medical": lambda m, clear: clear or m.health >= 0.2,
    "user.content.private": lambda m, clear: clear and m.short < 0.5,
    "user.content.self_image": lambda m, clear: clear,
    "user.biometric": lambda m, clear: clear,
    "user.content": lambda m, clear: False,
    "user.privacy_preferences": lambda m, clear: clear,
    "user.behavior.browsing_history": lambda m, clear: clear,
    "user.unique_id": lambda m, clear: (
        m.hashed >= 0.9 or (clear and (m.short >= 0.9 or m.kind is Kind.UUID))
    ),
}  # fmt: skip


def _allowed(category: str) -> frozenset[Kind]:
    numbers = {Kind.INTEGER, Kind.TEXT}
    amounts = {Kind.INTEGER, Kind.DECIMAL, Kind.TEXT}
    table: dict[str, set[Kind]] = {
        "user.contact.phone_number": numbers, "user.contact.fax_number": numbers, "user.contact.address": numbers,
        "user.contact.address.city": {Kind.TEXT}, "user.contact.address.country": {Kind.TEXT},
        "user.government_id": numbers, "user.unique_id": {Kind.INTEGER, Kind.TEXT, Kind.UUID},
        "user.device": {Kind.TEXT, Kind.UUID}, "user.demographic.date_of_birth": {Kind.DATE, Kind.TEXT, Kind.INTEGER},
        "user.demographic": numbers | {Kind.DATE, Kind.BOOLEAN},
        "user.financial": amounts | {Kind.BOOLEAN}, "user.financial.credit_card": numbers,
        "user.health_and_medical": {Kind.TEXT, Kind.DATE, Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN},
        "user.financial.bank_account": numbers, "user.location": {Kind.DECIMAL, Kind.TEXT, Kind.INTEGER},
        "user.content.self_image": {Kind.BYTES, Kind.TEXT}, "user.biometric": {Kind.BYTES, Kind.TEXT},
        "user.criminal_history": {Kind.TEXT, Kind.BOOLEAN},
        "user.privacy_preferences": {Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER, Kind.DATE},
        "user.demographic.union_membership": {Kind.TEXT, Kind.BOOLEAN},
    }  # fmt: skip
    best = max((key for key in table if category == key or category.startswith(f"{key}.")), key=len, default="")
    return frozenset(table.get(best, {Kind.TEXT}))
