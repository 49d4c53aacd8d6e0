"""Prepare: everything of the subjects that the power covers, closed for the recipient, and a list of what is in it.

The same search as for a person's own request. Records that may be somebody else's stay out. What is made lies in the
vault; nothing of it is out before a second person agreed to exactly this list.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql

from hoeder import envelope
from hoeder.disclosures.case import Case, Db, What, add, read
from hoeder.disclosures.case_file import CaseFile, put_package, read_file
from hoeder.disclosures.narrow import Field, Withheld, fields, not_searched
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.persons.find import find
from hoeder.persons.marks import references, restricted_in
from hoeder.persons.person import Certainty, Found, Match, Scope
from hoeder.persons.person import Outcome as Looked
from hoeder.policy import Policy
from hoeder.policy.base import place_of
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect
from hoeder.stores.postgres import said
from hoeder.vault import Vault

CAPABILITY = "disclosures"


@dataclass(frozen=True)
class Line:
    """One field of one place, for how many records, and why it is withheld; `*` is about whole records."""

    place: str
    field: str
    category: str
    records: int
    withheld: str | None


@dataclass(frozen=True)
class Prepared:
    """What was made: its list, and the digest that the second person agrees to."""

    case_id: UUID
    digest: str
    sealed: str
    """SHA-256 of the closed file."""
    persons: int
    lines: tuple[Line, ...]

    @property
    def given(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.withheld is None)

    @property
    def withheld(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.withheld is not None)

    def counts(self) -> dict[str, int]:
        """For the ledger. Fields that are asked are those of which there is a record."""
        asked = [line for line in self.lines if line.field != "*"]
        held = Counter(line.withheld for line in self.lines)
        return {
            "persons": self.persons,
            "fields_asked": len(asked),
            "fields_given": len(self.given),
            "fields_withheld": len(asked) - len(self.given),
            "records": sum({line.place: line.records for line in self.given}.values()),
            "uncertain": sum(line.records for line in self.lines if line.withheld == Withheld.UNCERTAIN),
            "not_searched": held[Withheld.NOT_SEARCHED],
        }


def prepare(
    db: Db, policy: Policy, resolve: Resolver, key: ReferenceKey, vault: Vault, case_id: UUID, *, run: Run, today: date
) -> Prepared:
    """Look for the subjects, make the file and keep it closed in the vault. Safe to run again. Commits.

    Raises Refused before a check, or while the client comes first; StoreError where not every place could be searched,
    or the recipient's certificate has ended.
    """
    case = read(db, case_id)
    if reason := case.objection(What.PREPARED):
        raise Refused(f"case {case_id}: {reason}. Nothing was made.")
    power = case.power_of(policy)
    file = read_file(vault, case_id)
    recipient = envelope.certificate(file.official.certificate, whose=f"case {case_id}, the recipient", on=today)
    with ledger.act(db, run, Activity.DISCLOSURES_MINIMISE, case.authority, case_id=case_id) as act:
        scope = scope_of(policy, case)
        asked = fields(policy, power, case.asked, scope)
        found = _find(policy, resolve, key, file, scope)
        apart = [restricted_in(db, key, one.identities | one.written) if power.is_voluntary else () for one in found]
        content, lines = _content(policy, resolve, case, asked, found, apart)
        lines = (*lines, *_files(policy, scope))
        sealed = envelope.seal(content, recipient)
        prepared = _told(case, policy, hashlib.sha256(sealed).hexdigest(), len(file.subjects), lines)
        put_package(vault, case_id, sealed, made_on=today)
        _keep(db, key, case, prepared, found)
        act.counts, act.digest = prepared.counts(), prepared.digest
        if not prepared.given:
            act.outcome = Outcome.NOTHING
    return prepared


def prepared_of(db: Db, case_id: UUID) -> Prepared:
    """What was made last. Raises Refused where nothing was."""
    step = read(db, case_id).latest(What.PREPARED)
    if step is None or step.digest is None:
        raise Refused(f"case {case_id}: nothing was made yet. Nothing was given.")
    rows = db.execute(
        """select place, field, category, records, withheld from disclosure_line where case_id = %s and digest = %s
           order by withheld is not null, place, field, category""",
        [case_id, step.digest],
    ).fetchall()
    lines = tuple(Line(*row) for row in rows)
    return Prepared(case_id, step.digest, str(step.detail["sealed"]), int(step.detail["persons"]), lines)


def scope_of(policy: Policy, case: Case) -> Scope:
    """Whose data a case is about."""
    return Scope(str(policy.processing.clients[case.client].value)) if case.client else Scope()


def _find(policy: Policy, resolve: Resolver, key: ReferenceKey, file: CaseFile, scope: Scope) -> tuple[Found, ...]:
    persons = {uuid4(): subject.person() for subject in file.subjects}
    found = find(policy, resolve, key, persons, scope, capability=CAPABILITY)
    dark = {
        place_of(place.store, place.target): place.reason
        for one in found.values()
        for place in one.places
        if place.outcome is Looked.UNREACHABLE
    }
    if dark:
        reasons = "\n".join(f"  {place}: {reason}" for place, reason in sorted(dark.items()))
        raise StoreError(f"not every place could be searched, so nothing was made:\n{reasons}")
    return tuple(found[one] for one in persons)


def _content(
    policy: Policy,
    resolve: Resolver,
    case: Case,
    asked: Sequence[Field],
    found: Sequence[Found],
    restricted: Sequence[Collection[str]],
) -> tuple[bytes, tuple[Line, ...]]:
    """The file as the recipient reads it, and its lines; `restricted` are the stores in which each person is."""
    by_table: dict[tuple[str, str], list[Field]] = defaultdict(list)
    for field in asked:
        by_table[field.store, field.table].append(field)
    certain: Counter[tuple[str, str]] = Counter()
    possible: Counter[tuple[str, str]] = Counter()
    only_stored: Counter[tuple[str, str]] = Counter()
    given: list[list[Match]] = []
    for one, stores in zip(found, restricted, strict=True):
        given.append([])
        for match in one.matches:
            place = match.store, match.target
            if match.store in stores or "*" in stores:
                only_stored[place] += 1
            elif match.certainty is Certainty.CERTAIN:
                certain[place] += 1
                given[-1].append(match)
            else:
                possible[place] += 1
    lines = [
        Line(field.place, field.column, field.category, certain[place], field.withheld)
        for place, those in by_table.items()
        for field in those
        if certain[place]
    ]
    lines += [
        Line(place_of(*place), "*", "user", number, why)
        for why, held in ((Withheld.RESTRICTED, only_stored), (Withheld.UNCERTAIN, possible))
        for place, number in held.items()
        if place in by_table
    ]
    with ExitStack() as stack:
        reader = _Reader(policy, resolve, stack)
        persons = [
            {"person": number, "records": list(_records(reader, by_table, matches))}
            for number, matches in enumerate(given, start=1)
        ]
    content = {
        "case": str(case.case_id), "authority": case.authority, "power": case.power, "document": case.document,
        "persons": persons,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode(), tuple(lines)


def _records(
    reader: "_Reader", by_table: Mapping[tuple[str, str], Sequence[Field]], matches: Iterable[Match]
) -> Iterator[dict[str, Any]]:
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for match in matches:
        keys[match.store, match.target].append(match.key)
    for (store, table), wanted in sorted(keys.items()):
        columns = [field.column for field in by_table.get((store, table), ()) if field.withheld is None]
        for row in reader.rows(store, table, columns, wanted) if columns else ():
            yield {"place": place_of(store, table), "fields": dict(zip(columns, row, strict=True))}


class _Reader:
    """Reads fields of rows by key, over one connection to each store."""

    def __init__(self, policy: Policy, resolve: Resolver, stack: ExitStack) -> None:
        self._policy, self._resolve, self._stack = policy, resolve, stack
        self._open: dict[str, Db] = {}

    def rows(self, store: str, table: str, columns: Sequence[str], keys: Sequence[str]) -> list[tuple[Any, ...]]:
        """Values as text, in the order of the keys."""
        place = self._policy.stores[store]
        if store not in self._open:
            connection = self._resolve(f"{place.connection}_{CAPABILITY}")
            self._open[store] = self._stack.enter_context(connect(connection, autocommit=True))
        db, key = self._open[store], self._policy.datasets[store].tables[table].key
        with said(f"store {store}: reading {table}"):
            found = db.execute(
                """select n.nspname::text, format_type(a.atttypid, null)
                     from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     join pg_attribute a on a.attrelid = c.oid and a.attname = %s
                    where c.relname = %s and n.nspname = any(%s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
                    order by array_position(%s, n.nspname::text) limit 1""",
                [key, table, list(place.schemas), list(place.schemas)],
            ).fetchone()
            if found is None:
                raise StoreError(f"store {store}: table {table} is gone since it was searched; run it again")
            schema, of_type = found
            query = sql.SQL("select {} from {} where {} = any(%s::{}[]) order by {}").format(
                sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns),
                sql.Identifier(schema, table), sql.Identifier(key), sql.SQL(of_type), sql.Identifier(key),
            )  # fmt: skip
            return db.execute(query, [list(keys)]).fetchall()


def _files(policy: Policy, scope: Scope) -> Iterator[Line]:
    for place in not_searched(policy, scope):
        yield Line(place, "*", "user", 0, Withheld.NOT_SEARCHED)


def _told(case: Case, policy: Policy, sealed: str, persons: int, lines: Sequence[Line]) -> Prepared:
    listed = sorted(lines, key=lambda line: (line.withheld is not None, line.place, line.field, line.category))
    said_of_it = {
        "case": str(case.case_id), "authority": case.authority, "power": case.power, "policy": policy.digest,
        "sealed": sealed, "persons": persons, "lines": [asdict(line) for line in listed],
    }  # fmt: skip
    canonical = json.dumps(said_of_it, sort_keys=True, separators=(",", ":"))
    return Prepared(case.case_id, hashlib.sha256(canonical.encode()).hexdigest(), sealed, persons, tuple(listed))


def _keep(db: Db, key: ReferenceKey, case: Case, prepared: Prepared, found: Sequence[Found]) -> None:
    db.cursor().executemany(
        """insert into disclosure_line (case_id, digest, place, field, category, records, withheld)
           values (%s, %s, %s, %s, %s, %s, %s)""",
        [
            (case.case_id, prepared.digest, line.place, line.field, line.category, line.records, line.withheld)
            for line in prepared.lines
        ],
    )
    db.cursor().executemany(
        """insert into disclosure_subject (case_id, subject_kind, subject_ref) values (%s, %s, %s)
           on conflict do nothing""",
        [(case.case_id, kind, ref) for one in found for kind, ref in references(key, one.identities | one.written)],
    )
    detail = {"sealed": prepared.sealed, "persons": prepared.persons}
    add(db, case, What.PREPARED, by="prepare", digest=prepared.digest, detail=detail)
