"""Every day: is each file reasoned and approved by two, decided in time, gone after its term, and closed to others?

What is found is counted by place; an account that can read is named, a person never.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from psycopg import sql

from hoeder.clock import due_date
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Run
from hoeder.fraud_files.case import Db
from hoeder.fraud_files.rows import CAPABILITY, Row, Table, fraud_of, opened
from hoeder.governance.protection import Protections
from hoeder.policy import Policy
from hoeder.policy.fraud_files import FraudFile, FraudTable
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver
from hoeder.stores.postgres import said

OBJECT = "fraud_files"


class Kind(StrEnum):
    """What can be wrong."""

    NO_SUSPICION = "no-suspicion"  # opened without a suspicion that policy names, or without facts
    ONE_PERSON = "one-person"  # nobody approved it, or the author did
    UNDECIDED = "undecided"  # open for longer than policy allows
    PAST_TERM = "past-term"  # still there after its term and the time that erasing takes
    READABLE = "readable"  # an account can read it that policy does not name


@dataclass(frozen=True, order=True)
class Finding:
    """Something that is wrong, at one place, with how many rows.

    `subject` is the account that can read: by name where it is a program's, else by keyed reference.
    """

    kind: Kind
    place: str
    subject: str
    number: int


@dataclass(frozen=True)
class Checked:
    """One look at everything."""

    findings: tuple[Finding, ...]
    rows: int

    def counts(self) -> dict[str, int]:
        """For the ledger, by kind."""
        by_kind = Counter[str]()
        for each in self.findings:
            by_kind[each.kind.replace("-", "_")] += each.number
        return {"rows": self.rows, **by_kind}


def check(db: Db, policy: Policy, resolve: Resolver, key: ReferenceKey, *, run: Run, today: date) -> Checked:
    """Look at every row and every account that can read, and write down what is wrong. Commits. Raises StoreError."""
    fraud = fraud_of(policy)
    with ledger.act(db, run, Activity.FRAUD_CHECK, OBJECT) as act:
        protections, allowed = Protections.read(db, key), _readers(policy, fraud)
        with opened(policy, resolve) as store:
            store.execute("set transaction read only")
            findings: list[Finding] = []
            seen = 0
            for means, is_file in ((fraud.signals, False), (fraud.files, True)):
                table = Table.of(store, policy, means)
                rows = table.rows()
                seen += len(rows)
                findings += _counted(means, [
                    *_reasoned(rows, fraud, is_file=is_file),
                    *_undecided(rows, today - timedelta(days=fraud.decide_within_days), is_file=is_file),
                    *_past_term(rows, policy, means, protections, today - timedelta(days=fraud.grace_days)),
                ])  # fmt: skip
                findings += [
                    Finding(Kind.READABLE, means.table, _shown(name, policy, means, key), 1)
                    for name in readers(store, table.identifier, means)
                    if name not in allowed
                ]
        checked = Checked(tuple(sorted(findings)), seen)
        _keep(db, policy, checked, today, act.entry)
        act.counts = checked.counts()
    return checked


def last_check(db: Db) -> tuple[date, tuple[Finding, ...]] | None:
    """The day of the last look and what it found; None where nobody looked yet."""
    row = db.execute("select fraud_check, on_day from fraud_check order by fraud_check desc limit 1").fetchone()
    if row is None:
        return None
    found = db.execute(
        "select kind, place, subject, number from fraud_finding where fraud_check = %s order by kind, place, subject",
        [row[0]],
    ).fetchall()
    return row[1], tuple(Finding(Kind(kind), *rest) for kind, *rest in found)


def _reasoned(rows: Sequence[Row], fraud: FraudFile, *, is_file: bool) -> Iterator[Kind]:
    """A signal needs reasons from when somebody approved it; a file always."""
    for row in rows:
        if not is_file and not row.approver:
            continue
        if row.suspicion not in fraud.suspicions or not row.facts.strip():
            yield Kind.NO_SUSPICION
        if not row.approver or not row.author or row.approver == row.author:
            yield Kind.ONE_PERSON


def _undecided(rows: Sequence[Row], before: date, *, is_file: bool) -> Iterator[Kind]:
    """A file is decided about; what may not stay open is a suspicion."""
    for row in rows:
        if not is_file and row.open and (row.opened_on is None or row.opened_on < before):
            yield Kind.UNDECIDED


def _past_term(
    rows: Sequence[Row], policy: Policy, means: FraudTable, protections: Protections, by: date
) -> Iterator[Kind]:
    """What a legal hold or restriction protects stays, and is no finding."""
    rules = [rule for rule in policy.rules_on(by) if rule.applies_to == means.table]
    subject = policy.datasets[means.store].tables[means.name].subject
    kind = subject.kind if subject else ""
    for row in rows:
        if row.ended_on is None or row.open or not rules:
            continue
        due = max(due_date(row.ended_on, rule.keep, floor=rule.is_floor) for rule in rules)
        if due <= by and protections.of(means.store, means.name, [(kind, row.subject)], row.ended_on) is None:
            yield Kind.PAST_TERM


def readers(store: Db, identifier: sql.Identifier, means: FraudTable) -> list[str]:
    """Accounts that can read a table, or a column of it.

    Its owner and superusers can by nature and are not listed, nor are PostgreSQL's own roles that nobody logs in with.
    """
    with said(f"store {means.store}: asking who can read {means.name}"):
        rows = store.execute(
            """select r.rolname::text from pg_roles r, (select %s::regclass as oid) t join pg_class c using (oid)
                where not r.rolsuper and r.oid <> c.relowner and r.rolname not like 'pg\\_%%'
                  and (has_table_privilege(r.oid, t.oid, 'select') or has_any_column_privilege(r.oid, t.oid, 'select'))
                order by 1""",
            [identifier.as_string(store)],
        ).fetchall()
    return [name for (name,) in rows]


def _shown(name: str, policy: Policy, means: FraudTable, key: ReferenceKey) -> str:
    """A program's account is called after its connection. Any other may be called after a person."""
    connection = policy.stores[means.store].connection
    return name if name.startswith(f"{connection}_") else key.subject("account", name).hex()[:16]


def _readers(policy: Policy, fraud: FraudFile) -> frozenset[str]:
    connection = policy.stores[fraud.signals.store].connection
    own = {f"{connection}_{CAPABILITY}"}
    return frozenset(own | {each.account or f"{connection}_{each.capability}" for each in fraud.readers})


def _counted(means: FraudTable, kinds: Sequence[Kind]) -> list[Finding]:
    return [Finding(kind, means.table, "", number) for kind, number in Counter(kinds).items()]


def _keep(db: Db, policy: Policy, checked: Checked, today: date, entry: int) -> None:
    row: Any = db.execute(
        "insert into fraud_check (on_day, policy_digest, rows, entry) values (%s, %s, %s, %s) returning fraud_check",
        [today, policy.digest, checked.rows, entry],
    ).fetchone()
    db.cursor().executemany(
        "insert into fraud_finding (fraud_check, kind, place, subject, number) values (%s, %s, %s, %s, %s)",
        [(row[0], each.kind, each.place, each.subject, each.number) for each in checked.findings],
    )
