"""Bring the registers up to date: what changed in policy becomes a version, what differs from the stores a finding."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection
from hoeder.policy import Policy
from hoeder.registers import held
from hoeder.registers.alarms import alarms
from hoeder.registers.attestations import attestations
from hoeder.registers.content import Register, registers
from hoeder.registers.findings import Finding, Kind
from hoeder.registers.seen import Seen, seen
from hoeder.registers.versions import Version, changes, latest

_LOCK = 0x72656773
"""One refresh at a time."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh came to: new versions by register, and the findings as they are now."""

    versions: dict[str, int]
    findings: tuple[Finding, ...]

    def counts(self) -> dict[str, int]:
        """New versions, and findings by kind."""
        return {"versions": len(self.versions), **by_kind(self.findings)}


def by_kind(findings: Sequence[Finding]) -> dict[str, int]:
    """How many there are of each kind, under the names that the ledger counts them by."""
    counted: dict[str, int] = {}
    for finding in findings:
        counted[finding.kind.counted] = counted.get(finding.kind.counted, 0) + 1
    return counted


def compare(db: Connection, policy: Policy, today: date) -> tuple[tuple[Register, ...], Seen, tuple[Finding, ...]]:
    """The registers as policy has them on a day, what the inventory met last, and every finding; writes nothing."""
    made = registers(policy, today)
    met = seen(db, policy.stores)
    found = {*held.findings(made, met), *alarms(policy, made, attestations(db), today)}
    return made, met, tuple(sorted(found))


def refresh(db: Connection, policy: Policy, run: ledger.Run, *, today: date) -> Refreshed:
    """Make every register from policy, hold it against the last inventory and the attestations, keep what is new.

    With the account of connection `governance_registers`; commits. `today` is the day in Amsterdam: from when a new
    version is valid, and on which terms and attestations are judged. Where nothing changed nothing is written, neither
    a version nor an entry in the ledger. Raises EvidenceError where the ledger refuses.
    """
    with _alone(db):
        made, met, found = compare(db, policy, today)
        before = latest(db)
        ledger.register_names(db, run.policy_digest, [*before, *(register.name for register in made)])
        db.commit()
        written: dict[str, int] = {}
        for register in (*made, *_ended(made, before)):
            old = before.get(register.name)
            if old is None or old.digest != register.digest:
                written[register.name] = _write(db, run, register, old, today)
        _keep(db, run, met, found, today)
    return Refreshed(written, found)


def current(db: Connection) -> tuple[Finding, ...]:
    """The findings that the last refresh kept."""
    rows = db.execute("select kind, register, subject, place, detail from register_finding_now").fetchall()
    return tuple(sorted(Finding(Kind(kind), *rest) for kind, *rest in rows))


@contextmanager
def _alone(db: Connection) -> Iterator[None]:
    db.execute("select pg_advisory_lock(%s)", [_LOCK])
    db.commit()
    try:
        yield
    finally:
        if not db.broken:
            db.rollback()
            db.execute("select pg_advisory_unlock(%s)", [_LOCK])
            db.commit()


def _ended(made: Sequence[Register], before: dict[str, Version]) -> Iterator[Register]:
    """Registers of clients for whom policy no longer speaks: their last version has no processing left."""
    names = {register.name for register in made}
    for name, version in before.items():
        if name not in names:
            yield replace(version.read(), lines=())


def _write(db: Connection, run: ledger.Run, register: Register, old: Version | None, today: date) -> int:
    number = old.version + 1 if old else 1
    with ledger.act(db, run, Activity.REGISTERS_VERSION, register.name) as act:
        db.execute(
            """insert into register_version (register, version, valid_from, digest, content, policy_digest, entry)
               values (%s, %s, %s, %s, %s, %s, %s)""",
            [register.name, number, today, register.digest, register.canonical(), run.policy_digest, act.entry],
        )
        act.digest = register.digest
        changed = len(changes(old.read() if old else None, register))
        act.counts = {"version": number, "activities": len(register.lines), "changes": changed}
    return number


def _keep(db: Connection, run: ledger.Run, met: Seen, found: Sequence[Finding], today: date) -> None:
    """Write the comparison down, unless the last one says the same of the same scans."""
    rows = [(str(one.kind), one.register, one.subject, one.place, one.detail) for one in found]
    scans = sorted(met.scans.values())
    digest = hashlib.sha256(json.dumps([scans, rows]).encode()).hexdigest()
    last = db.execute("select digest from register_check order by register_check desc limit 1").fetchone()
    if last is not None and last[0] == digest:
        return
    with ledger.act(db, run, Activity.REGISTERS_CHECK, "registers") as act:
        row = db.execute(
            """insert into register_check (on_day, policy_digest, scans, digest, entry) values (%s, %s, %s, %s, %s)
               returning register_check""",
            [today, run.policy_digest, scans, digest, act.entry],
        ).fetchone()
        check = row[0] if row else 0
        with db.cursor() as cursor:
            cursor.executemany(
                """insert into register_finding (register_check, kind, register, subject, place, detail)
                   values (%s, %s, %s, %s, %s, %s)""",
                [(check, *each) for each in rows],
            )
        act.digest = digest
        act.counts = {"findings": len(found), **by_kind(found)}
