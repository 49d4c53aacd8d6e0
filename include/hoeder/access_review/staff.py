"""HR's list by itself: leavers, roles beyond the function, clients' own systems, statements and courses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from hoeder.access_review.findings import Finding, Kind, Right
from hoeder.access_review.needs import Needs
from hoeder.access_review.people import Entry, Login, People, Worker, hours_since
from hoeder.clock import AMSTERDAM


def plain(login: str) -> str:
    """A login as it is compared: HR and systems write capitals and spaces differently."""
    return login.strip().lower()


def judge(people: People, needs: Needs, *, now: datetime) -> tuple[list[Finding], list[Right]]:
    """Findings and register lines of all accounts, and what everyone who works here lacks."""
    findings: list[Finding] = [*_shared(people, needs), *_lacking(people, needs, now.astimezone(AMSTERDAM).date())]
    register: list[Right] = []
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in people.entries:
        entries[entry.account].append(entry)
    for login in people.logins:
        own = entries[login.key]
        findings += _account(login, own, people, needs, now)
        if login.active:
            register += _lines(login, own, people, needs)
    return findings, register


def clients_of(person: str, people: People, needs: Needs) -> frozenset[str]:
    """The clients that somebody works for, by the roles that HR's list gives in their function."""
    worker = people.workers.get(person)
    allowed = needs.roles_for(needs.access.functions.get(worker.job or "")) if worker else {}
    accounts = {login.key for login in people.logins if login.person == person}
    given = (allowed.get((e.system, e.role)) for e in people.entries if e.account in accounts)
    return frozenset(client for client in given if client)


def _account(login: Login, entries: list[Entry], people: People, needs: Needs, now: datetime) -> Iterator[Finding]:
    worker, store = people.workers.get(login.person), needs.access.staff.store
    place = needs.access.staff.accounts.table
    gone = worker is not None and not worker.works
    hours = hours_since(worker.left_on, now) if worker and gone else None
    if login.active and worker is None:
        yield Finding(Kind.ORPHAN, store, place, "login", account=login.login, person=login.person)
    elif login.active and gone:
        yield Finding(Kind.LEAVER, store, place, "login", account=login.login, person=login.person, hours=hours)
    allowed = needs.roles_for(needs.access.functions.get((worker.job if worker else None) or ""))
    own = {allowed.get((entry.system, entry.role)) for entry in entries} - {None}
    for entry in entries:
        client = needs.client_of_system(entry.system)
        if client is not None:
            finding = Finding(
                Kind.CLIENT_SYSTEM, entry.system, client=client, account=login.login, person=login.person, hours=hours,
                right="left" if gone else "another client",
            )  # fmt: skip
            if gone or (login.active and worker is not None and client not in own):
                yield finding
        elif login.active and worker is not None and worker.works and (entry.system, entry.role) not in allowed:
            yield Finding(
                Kind.BEYOND_NEED, needs.word(entry.system), right=needs.word(entry.role), account=login.login,
                person=login.person,
            )  # fmt: skip


def _shared(people: People, needs: Needs) -> Iterator[Finding]:
    """One login of several people."""
    persons: dict[str, set[str]] = defaultdict(set)
    for login in people.logins:
        if login.active:
            persons[plain(login.login)].add(login.person)
    staff = needs.access.staff
    for name, whose in persons.items():
        if len(whose) > 1:
            yield Finding(Kind.SHARED, staff.store, staff.accounts.table, "login", account=name, count=len(whose))


def _lacking(people: People, needs: Needs, today: date) -> Iterator[Finding]:
    staff = needs.access.staff
    for person, worker in people.workers.items():
        if not worker.works:
            continue
        texts = people.signed.get(person, frozenset())
        if not any(staff.secrecy.texts.get(text) for text in texts):
            lacks = "text" if texts else "signature"
            yield Finding(Kind.NO_SECRECY, staff.store, staff.secrecy.table, lacks, person=person)
        followed = people.followed.get(person, {})
        for course, months in staff.training.courses.items():
            on = followed.get(course)
            if on is None or (months is not None and _ended(on, months, today)):
                lacks = "not followed" if on is None else "too long ago"
                yield Finding(Kind.NO_TRAINING, staff.store, staff.training.table, lacks, person=person)


def _ended(on: date, months: int, today: date) -> bool:
    """Whether what held for so many months is over, the day itself included."""
    held = (today.year - on.year) * 12 + today.month - on.month - (today.day < on.day)
    return held >= months


def _lines(login: Login, entries: list[Entry], people: People, needs: Needs) -> Iterator[Right]:
    worker = people.workers.get(login.person)
    job = (worker.job if worker else None) or ""
    allowed = needs.roles_for(needs.access.functions.get(job))
    for entry in entries:
        yield Right(
            needs.word(entry.system), login.login, "", needs.word(entry.role),
            needed=bool(worker and worker.works and (entry.system, entry.role) in allowed), person=login.person,
            status=status_of(worker), function=job if job in needs.access.functions else "",
            client=allowed.get((entry.system, entry.role)) or needs.client_of_system(entry.system),
            last_used_on=login.last_used_on,
        )  # fmt: skip


def status_of(worker: Worker | None) -> str:
    return "unknown" if worker is None else "works" if worker.works else "left"
