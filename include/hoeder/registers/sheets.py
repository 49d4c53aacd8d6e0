"""Registers and what belongs to them as plain tables: what the spreadsheet shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hoeder.evidence.ledger import Connection
from hoeder.policy import Policy
from hoeder.policy.processing import Party, Recipient
from hoeder.registers.attestations import Attestation
from hoeder.registers.content import Line, Register
from hoeder.registers.findings import CONTROLLER, Finding
from hoeder.registers.versions import Version, changes
from hoeder.registers.words import Language, category, changed, detail, keep, word

Cell = str | int | date | None


@dataclass(frozen=True)
class Sheet:
    """A table with a heading."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def _sheet(key: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], language: Language) -> Sheet:
    return Sheet(
        word("sheets", key, language),
        tuple(word("columns", column, language) for column in columns),
        tuple(tuple(row) for row in rows),
    )


def general(register: Register, version: Version | None, note: str, language: Language) -> Sheet:
    """Who is responsible, and which version this is."""
    none = word("values", "none", language)
    client = register.client
    said: dict[str, Cell] = {
        "organisation": register.organisation,
        "article": register.article,
        "address": ", ".join(register.address),
        "contact": register.contact,
        "dpo": _party(register.dpo) or none,
        "representative": _party(register.representative) or none,
    }
    if client is None:
        said["joint_controllers"] = "\n".join(_party(one) for one in register.joint_controllers) or none
    else:
        said["client"] = f"{client.name}, {client.contact}"
        said["client_dpo"] = _party(client.dpo) or none
        said["client_representative"] = _party(client.representative) or none
    standing = version is not None and version.digest == register.digest
    said |= {
        "version": version.version if version and standing else word("values", "not_recorded", language),
        "from": version.valid_from if version and standing else word("values", "not_recorded", language),
        "digest": register.digest,
        "note": note,
    }
    rows = [(word("general", key, language), value) for key, value in said.items()]
    return _sheet("general", ("what", "says"), [*rows, (word("general", "star", language), None)], language)


def _party(party: Party | None) -> str:
    return f"{party.name}, {party.contact}" if party else ""


_OURS = (
    "processing", "role", "owner", "purposes", "subjects", "categories", "special", "recipients", "transfers", "terms",
    "basis", "condition", "statute", "places", "alone", "dpia", "open",
)  # fmt: skip
_THEIRS = ("processing", "owner", "processing_for", "subjects", "categories", "special", "recipients", "transfers",
           "terms", "places", "alone", "open")  # fmt: skip


def lines(register: Register, findings: Sequence[Finding], language: Language) -> Sheet:
    """The register itself, one row for each processing. One processing may have several lines in a cell."""
    columns = _OURS if register.name == CONTROLLER else _THEIRS
    rows = []
    for line in register.lines:
        cells = _cells(line, language)
        cells["open"] = sum(one.register == register.name and one.subject == line.processing for one in findings)
        rows.append([cells[column] for column in columns])
    return _sheet("register", columns, rows, language)


def _cells(line: Line, language: Language) -> dict[str, Cell]:
    purposes = "\n".join(one.name(language) for one in line.purposes.values())
    none = word("values", "none", language)
    terms = [f"{term.place}: {keep(term.keep, language)} ({term.basis})" for term in line.terms]
    terms += [word("values", "missing_term", language).format(place) for place in line.without_term]
    basis = line.basis
    return {
        "processing": f"{line.name(language)} ({line.processing})",
        "role": word("values", line.role, language),
        "owner": line.owner,
        "purposes": purposes,
        "processing_for": purposes,
        "subjects": "\n".join(one.name(language) for one in line.subjects.values()),
        "categories": "\n".join(category(one, language) for one in line.categories),
        "special": "\n".join(category(one, language) for one in line.special) or none,
        "recipients": "\n".join(one.name(language) for one in line.recipients.values()) or none,
        "transfers": "\n".join(_transfer(one, language) for one in line.transfers.values()) or none,
        "terms": "\n".join(terms),
        "basis": "\n".join(filter(None, (basis.article, basis.law, basis.interest))) if basis else None,
        "condition": line.condition,
        "statute": line.statute,
        "places": "\n".join(line.places),
        "alone": word("values", "yes" if line.decides_alone else "no", language),
        "dpia": word("values", "yes" if line.dpia else "no", language),
    }


def _transfer(one: Recipient, language: Language) -> str:
    return f"{one.name(language)}, {one.country}: {word('values', one.safeguard or 'no_safeguard', language)}"


def measures(register: Register, language: Language) -> Sheet:
    """General description of the security measures (Art. 32(1))."""
    rows = [(one.name(language), word("values", one.kind, language)) for one in register.measures.values()]
    return _sheet("measures", ("measure", "kind"), rows, language)


def recipients(registers: Sequence[Register], language: Language) -> Sheet:
    """Recipients, processors and transfers, each once."""
    used: dict[str, set[str]] = {}
    known: dict[str, Recipient] = {}
    for register in registers:
        for line in register.lines:
            for name, one in line.recipients.items():
                known[name] = one
                used.setdefault(name, set()).add(line.name(language))
    rows = [
        (one.name(language), word("values", one.role, language), one.country,
         word("values", one.safeguard or "no_safeguard", language) if one.abroad else None, one.agreement,
         "\n".join(sorted(used[name])))
        for name, one in sorted(known.items())
    ]  # fmt: skip
    return _sheet("recipients", ("name", "role", "country", "safeguard", "agreement", "used_in"), rows, language)


def clients(policy: Policy, language: Language) -> Sheet:
    """For whom we process. Only in an export of all registers."""
    rows = [(one.name, one.contact, one.agreement) for one in policy.processing.clients.values()]
    return _sheet("clients", ("name", "contact", "agreement"), rows, language)


_COUNTED = """
    select distinct on (rule) rule, "rows", due from scanned_rule join scan using (scan)
    where finished_at is not null order by rule, finished_at desc, scan desc
"""


def terms(db: Connection | None, registers: Sequence[Register], language: Language) -> Sheet:
    """Every retention term of these registers, with what the last scan counted under it. None: not counted yet.

    Without a database nothing is counted: a rule may count rows of several clients together, which none of them may
    learn.
    """
    rows_of = db.execute(_COUNTED).fetchall() if db else []
    counted = {rule: (rows, due) for rule, rows, due in rows_of}
    found = {term for register in registers for line in register.lines for term in line.terms}
    rows = [
        (one.rule, one.place, keep(one.keep, language), one.basis, *counted.get(one.rule, (None, None)))
        for one in sorted(found, key=lambda term: (term.place, term.rule))
    ]
    return _sheet("terms", ("rule", "place", "keep", "source", "records", "due"), rows, language)


def found(findings: Sequence[Finding], language: Language) -> Sheet:
    """What is wrong, with names of stores and columns only."""
    rows = [
        (word("findings", one.kind, language), one.register or None, one.subject or None, one.place or None,
         detail(one, language) if one.detail else None)
        for one in findings
    ]  # fmt: skip
    return _sheet("findings", ("finding", "register", "about", "place", "detail"), rows, language)


def stated(policy: Policy, given: Sequence[Attestation], today: date, language: Language) -> Sheet:
    """Attestations, the latest first."""
    names = {one.kind: one.name(language) for one in policy.attestations}
    rows = [
        (names.get(one.kind, one.kind), _state(one, today, language), one.attested_by, one.valid_from, one.valid_until,
         "\n".join(one.scope), one.document, one.entry)
        for one in reversed(given)
    ]  # fmt: skip
    columns = ("kind", "state", "by", "on", "until", "scope", "document", "entry")
    return _sheet("attestations", columns, rows, language)


def _state(one: Attestation, today: date, language: Language) -> str:
    if one.withdrawn_at is not None:
        return word("values", "withdrawn", language).format(one.reason)
    return word("values", "holds" if one.holds(today) else "ended", language)


def holds(db: Connection, language: Language) -> Sheet:
    """Legal holds: what is kept beyond its term. Counts of persons, never who."""
    rows = db.execute(
        """select matter, ground, placed_on, review_by, lifted_on,
                  (select count(*) from hold_subject s where s.hold = h.hold)
           from hold h order by placed_on, matter"""
    ).fetchall()
    return _sheet("holds", ("matter", "ground", "placed", "review", "lifted", "persons"), rows, language)


def releases(db: Connection, shelf: str | None, language: Language) -> Sheet:
    """Anonymized releases that were published, all or those on one shelf."""
    rows = db.execute(
        """select release, version, reader, (published_at at time zone 'Europe/Amsterdam')::date, expires_on, verdict,
                  k_reached
           from release_version where published_at is not null and (%(shelf)s::text is null or shelf = %(shelf)s)
           order by release, version""",
        {"shelf": shelf},
    ).fetchall()
    columns = ("release", "version", "reader", "published", "expires", "verdict", "smallest")
    return _sheet("releases", columns, rows, language)


def history(versions: Sequence[Version], language: Language) -> Sheet:
    """Every version, and what it changed."""
    rows: list[tuple[Cell, ...]] = []
    before: dict[str, Register] = {}
    for one in versions:
        register = one.read()
        said = changed(changes(before.get(one.register), register), one.version, language)
        rows.append((one.register, one.version, one.valid_from, said, one.digest, one.entry))
        before[one.register] = register
    columns = ("register", "version", "from", "changed", "digest", "entry")
    return _sheet("history", columns, rows, language)
