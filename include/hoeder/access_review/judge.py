"""Entitlements held against needs: data in, findings out. Knows no store and no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hoeder.access_review import databases, objects, scheduler, staff
from hoeder.access_review.findings import Finding, Kind, Right
from hoeder.access_review.needs import Needs
from hoeder.access_review.people import People, State, state
from hoeder.access_review.scheduler import Accounts
from hoeder.clock import AMSTERDAM
from hoeder.policy import Policy
from hoeder.policy.access_review import AccessReview
from hoeder.stores.entitlements import Entitled
from hoeder.stores.identities import Given


@dataclass(frozen=True)
class Seen:
    """What was read, by store or connection. `unread` are the ones that could not be."""

    people: People | None
    databases: Mapping[str, Entitled] = field(default_factory=dict)
    objects: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    scheduler: Accounts | None = None
    """Airflow's; None where policy does not speak of it, or it could not be read."""
    attested: Mapping[str, date] = field(default_factory=dict)
    """By kind: until when the last attestation holds."""


@dataclass(frozen=True)
class Judged:
    state: State
    working: int
    findings: tuple[Finding, ...]
    register: tuple[Right, ...]


def judge(seen: Seen, policy: Policy, access: AccessReview, *, now: datetime, before: int | None) -> Judged:
    """Everything that differs from what policy says is needed.

    `before` is how many worked here at the last review. Where HR's list cannot be relied on, nothing that follows from
    it is found, but that.
    """
    needs, today = Needs(policy, access), now.astimezone(AMSTERDAM).date()
    found_state = State.UNREADABLE
    if seen.people is not None:
        found_state = state(seen.people, access.staff, today=today, before=before)
        if found_state is State.USABLE and _strangers(seen, seen.people, needs):
            found_state = State.SHORT
    people = seen.people if found_state is State.USABLE else None
    findings: list[Finding] = [Finding(Kind.UNREADABLE, system) for system in seen.unread]
    if people is None:
        findings.append(Finding(Kind.STAFF_LIST, access.staff.store, place=access.staff.people.table,
                                right=found_state.value))  # fmt: skip
    register: list[Right] = []
    for store, entitled in seen.databases.items():
        met, rows = databases.judge(store, entitled, people, needs, now=now)
        findings += met
        register += rows
    for store, given in seen.objects.items():
        findings += objects.judge(store, given, needs)
    if seen.scheduler is not None:
        findings += scheduler.judge(seen.scheduler, people, needs, now=now)
    if people is not None:
        met, rows = staff.judge(people, needs, now=now)
        findings += met
        register += rows
    findings += _ending(seen.attested, policy, today)
    working = seen.people.working if seen.people else 0
    return Judged(found_state, working, tuple(_distinct(findings)), tuple(register))


def _strangers(seen: Seen, people: People, needs: Needs) -> bool:
    """Whether HR's list knows nothing of many people who have a login in a database."""
    known = {staff.plain(login.login) for login in people.logins}
    for store, entitled in seen.databases.items():
        own = [
            account.name
            for account in entitled.accounts
            if account.can_login and not needs.is_program(store, account.name)
            and account.name not in needs.access.administrators
        ]  # fmt: skip
        strange = sum(staff.plain(name) not in known for name in own)
        if strange > max(2, len(own) * needs.access.staff.most_missing):
            return True
    return False


def _ending(attested: Mapping[str, date], policy: Policy, today: date) -> Iterator[Finding]:
    """What was stated and ends soon; what was never stated is a matter of the registers."""
    kinds = {kind.kind: kind for kind in policy.attestations}
    for kind, until in attested.items():
        if kind in kinds and until - timedelta(days=kinds[kind].warn_days) <= today:
            yield Finding(Kind.ATTESTATION_ENDING, "registers", place=kind, right="ended" if until < today else "ends")


def _distinct(findings: list[Finding]) -> list[Finding]:
    """Each thing once, in a steady order."""
    return sorted(
        set(findings), key=lambda f: (f.kind, f.system, f.place, f.right, f.column or "", f.account, f.person)
    )
