"""What attestations lack: missing, ended, ending soon, or not covering all that they have to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from hoeder.policy import Policy
from hoeder.policy.attestations import AttestationKind
from hoeder.registers.attestations import Attestation
from hoeder.registers.content import Register
from hoeder.registers.findings import Finding, Kind


def alarms(
    policy: Policy, registers: Sequence[Register], given: Sequence[Attestation], today: date
) -> Iterator[Finding]:
    """What is missing, ended, ends soon or does not cover all that it has to."""
    for kind in policy.attestations:
        targets = needed(kind, registers)
        if kind.covers is not None and not targets:
            continue
        yield from _alarms(kind, targets, [one for one in given if one.kind == kind.kind], today)


def needed(kind: AttestationKind, registers: Iterable[Register]) -> tuple[str, ...]:
    """What the scope of a kind has to name; nothing where it covers nothing."""
    lines = [line for register in registers for line in register.lines]
    match kind.covers:
        case "stores":
            return tuple(sorted({store for line in lines for store in line.stores}))
        case "processings":
            return tuple(sorted({line.processing for line in lines if line.dpia}))
        case "recipients":
            return tuple(sorted({name for line in lines for name in line.transfers}))
        case None:
            return ()


def _alarms(
    kind: AttestationKind, targets: Sequence[str], given: Sequence[Attestation], today: date
) -> Iterator[Finding]:
    standing = [one for one in given if one.withdrawn_at is None and one.valid_from <= today]
    holding = [one for one in standing if one.holds(today)]
    if not holding:
        if standing:
            last = max(one.valid_until for one in standing)
            yield Finding(Kind.ATTESTATION_EXPIRED, subject=kind.kind, detail=last.isoformat())
        else:
            yield Finding(Kind.ATTESTATION_MISSING, subject=kind.kind)
        return
    ends = set()
    for target in targets or ("",):
        covering = [one.valid_until for one in holding if not target or target in one.scope]
        if covering:
            ends.add(max(covering))
        else:
            yield Finding(Kind.ATTESTATION_SHORT, subject=kind.kind, place=target)
    for end in sorted(ends):
        if (end - today).days < kind.warn_days:
            yield Finding(Kind.ATTESTATION_EXPIRING, subject=kind.kind, detail=end.isoformat())
