"""The registers of processing and what persons stated, as they stood at one moment."""

from dataclasses import replace
from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.registers import Kind
from hoeder.registers.alarms import alarms, needed
from hoeder.registers.attestations import attestations
from hoeder.registers.content import registers
from hoeder.report.facts.registers import Attested, Registered, RegisterFinding, Registers, State

VALID: State = "valid"
_STATES: dict[Kind, State] = {
    Kind.ATTESTATION_EXPIRED: "expired",
    Kind.ATTESTATION_MISSING: "missing",
    Kind.ATTESTATION_SHORT: "short",
    Kind.ATTESTATION_EXPIRING: "expiring",
}
"""The worst first."""


def read_registers(db: Connection, policy: Policy, until: datetime) -> Registers:
    """Every register's last version, what the last comparison found, and each attestation that policy asks for."""
    versions = tuple(
        Registered(*row)
        for row in db.execute(
            """select distinct on (register) register, version, valid_from, digest, entry from register_version
               where made_at < %s order by register, version desc""",
            [until],
        )
    )
    checked = db.execute(
        """select register_check, checked_at, entry from register_check
           where checked_at < %s order by register_check desc limit 1""",
        [until],
    ).fetchone()
    findings = tuple(
        RegisterFinding(*row)
        for row in db.execute(
            """select kind, register, subject, place, detail from register_finding
               where register_check = %s and kind not like 'attestation-%%'
               order by kind, register, subject, place, detail""",
            [checked[0] if checked else None],
        )
    )
    return Registers(
        versions,
        checked[1] if checked else None,
        checked[2] if checked else None,
        findings,
        _attested(db, policy, until),
    )


def _attested(db: Connection, policy: Policy, until: datetime) -> tuple[Attested, ...]:
    """By kind that somebody has to give, how that stood; what has to be done first on top."""
    day = until.astimezone(AMSTERDAM).date()
    given = [
        one if one.withdrawn_at is None or one.withdrawn_at < until else replace(one, withdrawn_at=None)
        for one in attestations(db)
        if one.attested_at < until
    ]
    made = registers(policy, day)
    alarmed: dict[str, set[Kind]] = {}
    for alarm in alarms(policy, made, given, day):
        alarmed.setdefault(alarm.subject, set()).add(alarm.kind)
    found = []
    for asked in policy.attestations:
        if asked.covers is not None and not needed(asked, made):
            continue
        standing = [one for one in given if one.kind == asked.kind and one.withdrawn_at is None]
        last = max(standing, key=lambda one: (one.valid_until, one.entry), default=None)
        state = next((state for kind, state in _STATES.items() if kind in alarmed.get(asked.kind, ())), VALID)
        found.append(
            Attested(
                asked.kind, asked.nl, asked.en, state, last.valid_until if last else None, last.entry if last else None
            )
        )
    order = [*_STATES.values(), VALID]
    return tuple(sorted(found, key=lambda each: (order.index(each.state), each.valid_until or day)))
