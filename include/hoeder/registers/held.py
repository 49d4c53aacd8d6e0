"""Registers held against what the stores hold, and against what the law wants said of every processing."""

from collections.abc import Iterable, Iterator, Sequence

from hoeder.policy.base import Role
from hoeder.registers.content import NATIONAL_ID, Line, Register, store_of
from hoeder.registers.findings import Finding, Kind
from hoeder.registers.seen import WHOLE, Column, Seen


def findings(registers: Sequence[Register], seen: Seen) -> tuple[Finding, ...]:
    """Every difference and gap, in a stable order."""
    found = {
        *(one for register in registers for line in register.lines for one in _law(register, line)),
        *(one for register in registers for line in register.lines for one in _missing(register, line, seen)),
        *(one for register in registers for one in _agreements(register)),
        *_unscanned(registers, seen),
        *_unregistered(registers, seen),
        *_unknown_clients(registers, seen),
    }
    return tuple(sorted(found))


def _law(register: Register, line: Line) -> Iterator[Finding]:
    """What GDPR 6, 9, 30(1)(f) and UAVG 46 want said. A processor answers for the terms alone."""
    for place in line.without_term:
        yield Finding(Kind.NO_TERM, register.name, line.processing, place)
    if line.role is Role.PROCESSOR:
        return
    if line.basis is None:
        yield Finding(Kind.NO_BASIS, register.name, line.processing)
    if line.condition is None:
        for category in line.special:
            yield Finding(Kind.NO_CONDITION, register.name, line.processing, detail=category)
    if line.statute is None and NATIONAL_ID in line.categories:
        yield Finding(Kind.NO_STATUTE, register.name, line.processing, detail=NATIONAL_ID)


def _agreements(register: Register) -> Iterator[Finding]:
    """GDPR 28(3) and 44: each processor, client and transfer once in a register."""
    recipients = {name: one for line in register.lines for name, one in line.recipients.items()}
    for name, one in recipients.items():
        if one.role == "processor" and one.agreement is None:
            yield Finding(Kind.NO_AGREEMENT, register.name, name)
        if one.abroad and one.safeguard is None:
            yield Finding(Kind.NO_SAFEGUARD, register.name, name, detail=one.country)
    if register.client and register.client.agreement is None and register.lines:
        yield Finding(Kind.NO_AGREEMENT, register.name, register.name.removeprefix("client-"))


def _unscanned(registers: Iterable[Register], seen: Seen) -> Iterator[Finding]:
    """Of a store that was never read nothing can be said, and that is said."""
    stores = {store for register in registers for line in register.lines for store in line.stores}
    yield from (Finding(Kind.NOT_SCANNED, place=store) for store in stores - seen.scans.keys())


def _missing(register: Register, line: Line, seen: Seen) -> Iterator[Finding]:
    """In the register, and not in the stores: a place, a column of it, or any row of the client's."""
    for place in line.places:
        if store_of(place) not in seen.scans:
            continue
        columns = seen.columns.get(place, ())
        if place not in seen.places or any(c.column == WHOLE and not c.there for c in columns):
            yield Finding(Kind.NOT_FOUND, register.name, line.processing, place)
            continue
        for column in columns:
            if not column.there and (column.declared or "").startswith("user"):
                where = f"{place}.{column.column}"
                yield Finding(Kind.NOT_FOUND, register.name, line.processing, where, column.declared or "")
    if register.client is not None:
        counted = [seen.clients[place] for place in line.places if place in seen.clients]
        if counted and not any(rows.get(str(register.client.value)) for rows in counted):
            yield Finding(Kind.NOT_FOUND, register.name, line.processing, detail="no-rows")


def _unregistered(registers: Iterable[Register], seen: Seen) -> Iterator[Finding]:
    """In the stores, and in no register: a whole place, or a category that no processing of the place has."""
    categories: dict[str, set[str]] = {}
    for register in registers:
        for line in register.lines:
            for place in line.places:
                categories.setdefault(place, set()).update(line.categories)
    for place, columns in seen.columns.items():
        there = [column for column in columns if column.there and column.column != WHOLE]
        if place in categories:
            for column, category in _surprises(there):
                if not _covers(categories[place], category):
                    yield Finding(Kind.NOT_REGISTERED, place=f"{place}.{column}", detail=category)
        elif there:
            yield Finding(Kind.NOT_REGISTERED, place=place, detail=f"columns:{len(there)}")


def _surprises(columns: Iterable[Column]) -> Iterator[tuple[str, str]]:
    """Columns whose content is not what policy declares, and what it is."""
    for column in columns:
        if column.verdict == "misplaced":
            yield column.column, NATIONAL_ID
        elif column.verdict == "undeclared" and column.found:
            yield column.column, column.found


def _covers(categories: Iterable[str], category: str) -> bool:
    """Whether a category, or one within it, or one around it, is among those registered."""
    return any(f"{category}.".startswith(f"{one}.") or f"{one}.".startswith(f"{category}.") for one in categories)


def _unknown_clients(registers: Iterable[Register], seen: Seen) -> Iterator[Finding]:
    """Rows of a client of whom there is no register."""
    known = {str(register.client.value) for register in registers if register.client}
    for place, counted in seen.clients.items():
        for client, rows in counted.items():
            if rows and client not in known and client != "(other)":
                yield Finding(Kind.NOT_REGISTERED, place=place, detail=f"client:{client}")
