"""Whether values can be what their column's name says they are."""

from collections.abc import Callable

from hoeder.detection.shapes import Kind, Measured


def fits(category: str, m: Measured, *, clear: bool) -> bool:
    """Whether the values can be what the name says. Behind a vague name (`name`) they must say it themselves."""
    if m.count == 0:
        return m.kind in _allowed(category)
    return m.kind in _allowed(category) and _test(category)(m, clear)


def _test(category: str) -> Callable[[Measured, bool], bool]:
    best = max((key for key in _SHAPES if category == key or category.startswith(f"{key}.")), key=len, default="")
    return _SHAPES.get(best, lambda m, clear: clear)


_SHAPES: dict[str, Callable[[Measured, bool], bool]] = {
    "user.name": lambda m, clear: m.company < 0.2 and (
        max(m.person, m.person_lower) >= 0.5 or (clear and min(m.letters, m.short) >= 0.6)
    ),
    "user.contact.email": lambda m, clear: m.email >= 0.1,
    "user.contact.phone_number": lambda m, clear: m.phone_like >= 0.6,
    "user.contact.fax_number": lambda m, clear: m.phone_like >= 0.6,
    "user.contact.address": lambda m, clear: max(m.address, m.worded_number) >= 0.4,
    "user.contact.address.street": lambda m, clear: clear and (m.address + m.letters >= 0.3 or m.short > 0.9),
    "user.contact.address.postal_code": lambda m, clear: clear and m.short >= 0.9 and m.letters < 0.3,
    "user.contact.address.city": lambda m, clear: m.letters >= 0.8 and m.short >= 0.8,
    "user.contact.address.country": lambda m, clear: m.letters >= 0.9 and m.short >= 0.8,
    "user.government_id.national_identification_number": lambda m, clear: m.bsn_shape >= 0.7,
    "user.government_id": lambda m, clear: m.short >= 0.9 and m.letters < 0.5,
    "user.financial.bank_account": lambda m, clear: m.iban >= 0.1 or (clear and m.phone_like >= 0.6),
    "user.demographic.date_of_birth": lambda m, clear: m.past_days >= 0.7,
    "user.demographic": lambda m, clear: m.kind is Kind.INTEGER or m.short >= 0.9,
    "user.device.ip_address": lambda m, clear: m.ip >= 0.3,
    "user.professional_information.job_title": lambda m, clear: m.job >= 0.2,
    "user.content.private": lambda m, clear: clear and m.short < 0.5,
    "user.content.self_image": lambda m, clear: True,
    "user.content": lambda m, clear: False,
    "user.behavior.browsing_history": lambda m, clear: clear,
}  # fmt: skip


def _allowed(category: str) -> frozenset[Kind]:
    numbers = {Kind.INTEGER, Kind.TEXT}
    table: dict[str, set[Kind]] = {
        "user.contact.phone_number": numbers, "user.contact.fax_number": numbers, "user.contact.address": numbers,
        "user.government_id": numbers, "user.unique_id": {Kind.INTEGER, Kind.TEXT, Kind.UUID},
        "user.device": {Kind.TEXT, Kind.UUID}, "user.demographic.date_of_birth": {Kind.DATE, Kind.TEXT},
        "user.demographic": numbers, "user.financial": {Kind.INTEGER, Kind.DECIMAL, Kind.TEXT},
        "user.health": {Kind.TEXT, Kind.DATE, Kind.INTEGER, Kind.DECIMAL},
        "user.financial.bank_account": numbers, "user.location": {Kind.DECIMAL, Kind.TEXT},
        "user.content.self_image": {Kind.BYTES, Kind.TEXT}, "user.biometrics": {Kind.BYTES, Kind.TEXT},
    }  # fmt: skip
    best = max((key for key in table if category == key or category.startswith(f"{key}.")), key=len, default="")
    return frozenset(table.get(best, {Kind.TEXT}))
