"""HR's list of who works here, and whether it can be relied on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.policy.access_review import Staff
from hoeder.stores.postgres import said

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Worker:
    """Somebody of HR's list, by HR's own key. Nothing else of them is read."""

    key: str = field(repr=False)
    works: bool
    left_on: date | None
    job: str | None = None


@dataclass(frozen=True)
class Login:
    """An account as HR's list has it."""

    key: str = field(repr=False)
    person: str = field(repr=False)
    login: str = field(repr=False)
    active: bool
    last_used_on: date | None


@dataclass(frozen=True)
class Entry:
    """A role in a system that an account was given."""

    account: str = field(repr=False)
    system: str
    role: str


@dataclass(frozen=True)
class People:
    """Everything of HR that a review needs."""

    workers: dict[str, Worker] = field(repr=False)
    logins: tuple[Login, ...]
    entries: tuple[Entry, ...]
    signed: dict[str, frozenset[str]] = field(repr=False)
    """By person: versions of the text that they signed."""
    followed: dict[str, dict[str, date]] = field(repr=False)
    """By person and course: when last."""
    kept_up_on: date | None

    @property
    def working(self) -> int:
        return sum(worker.works for worker in self.workers.values())


class State(StrEnum):
    """Whether HR's list can be relied on."""

    USABLE = "usable"
    EMPTY = "empty"
    OLD = "old"  # nothing shows that it was kept up lately
    SHORT = "short"  # it does not know whose many accounts are
    SHRUNK = "shrunk"  # many fewer people than at the last review
    UNREADABLE = "unreadable"


def read(db: Connection, staff: Staff, *, schema: str) -> People:
    """Read keys, dates and words of closed lists; no names, no addresses. Raises StoreError."""

    def rows(table: str, *columns: str) -> list[tuple[Any, ...]]:
        query = sql.SQL("select {} from {}").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(schema, table)
        )
        return db.execute(query).fetchall()

    people, accounts, entitlements, jobs = staff.people, staff.accounts, staff.entitlements, staff.jobs
    with said("reading HR's list"), db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        job: dict[str, tuple[Any, str]] = {}
        for person, name, since in rows(jobs.table, jobs.person, jobs.job, jobs.since):
            if since is not None and (str(person) not in job or since >= job[str(person)][0]):
                job[str(person)] = (since, name)
        workers = {
            str(key): Worker(str(key), status in people.works, _day(left), job.get(str(key), (None, None))[1])
            for key, status, left in rows(people.table, people.key, people.status, people.left_on)
        }
        logins = tuple(
            Login(str(key), str(person), str(login), bool(active), _day(used))
            for key, person, login, active, used in rows(
                accounts.table, accounts.key, accounts.person, accounts.login, accounts.active, accounts.last_used_on
            )
        )
        entries = tuple(
            Entry(str(account), str(system), str(role))
            for account, system, role in rows(
                entitlements.table, entitlements.account, entitlements.system, entitlements.role
            )
        )
        signed: dict[str, set[str]] = {}
        for person, text, day in rows(
            staff.secrecy.table, staff.secrecy.person, staff.secrecy.text, staff.secrecy.signed_on
        ):
            if day is not None:
                signed.setdefault(str(person), set()).add(str(text))
        followed: dict[str, dict[str, date]] = {}
        training = staff.training
        for person, course, day in rows(training.table, training.person, training.course, training.followed_on):
            if (on := _day(day)) is not None:
                before = followed.setdefault(str(person), {}).get(str(course), date.min)
                followed[str(person)][str(course)] = max(on, before)
        newest = db.execute(sql.SQL("select max({}) from {}").format(
            sql.Identifier(staff.kept_up.day), sql.Identifier(schema, staff.kept_up.table)
        )).fetchone()  # fmt: skip
    return People(
        workers, logins, entries, {who: frozenset(texts) for who, texts in signed.items()}, followed,
        _day(newest[0]) if newest else None,
    )  # fmt: skip


def state(people: People, staff: Staff, *, today: date, before: int | None) -> State:
    """Whether nobody loses access by a mistake in the list: `before` is how many worked here at the last review.

    An account in use whose person the list does not know as working may be a leaver's; when it is so for many at once,
    the list is what is wrong.
    """
    if not people.working:
        return State.EMPTY
    if people.kept_up_on is None or people.kept_up_on < today - timedelta(days=staff.kept_up.days):
        return State.OLD
    if before and people.working < before * (1 - staff.most_missing):
        return State.SHRUNK
    in_use = [login for login in people.logins if login.active]
    unknown = sum(not (known := people.workers.get(login.person)) or not known.works for login in in_use)
    if unknown > max(1, len(in_use) * staff.most_missing):
        return State.SHORT
    return State.USABLE


def _day(value: date | datetime | None) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(AMSTERDAM).date()
    return value


def hours_since(left_on: date | None, now: datetime) -> int | None:
    """Whole hours that really passed since the end of somebody's last day in Amsterdam."""
    if left_on is None:
        return None
    end = datetime.combine(left_on + timedelta(days=1), time(), AMSTERDAM)
    return max(0, int((now.astimezone(UTC) - end.astimezone(UTC)).total_seconds() // 3600))
