"""Count what was asked, answered, answered late, and is open beyond its time, by where it came in.

Only dates and states are read, with an account that can read no more. What counts as answered is the store's own
column or metadata, as policy says. A message that asks for a right is a request, with a clock of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError, PolicyError, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.policy import Policy
from hoeder.policy.incidents import MailOfQuestions, QuestionFile, TableOfQuestions
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.anchors import iter_objects
from hoeder.stores.connection import Resolver, connect, s3_client
from hoeder.stores.contents import reason

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Stand:
    """How one source stands. `late` were answered after their time; `late_open` wait beyond it."""

    asked: int = 0
    answered: int = 0
    late: int = 0
    late_open: int = 0
    without_day: int = 0
    oldest_days: int | None = None
    """Age of the oldest that is open."""

    @property
    def open(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True)
class Asked:
    """One question: when it came, whether it was answered, and when where that is known."""

    received: date | None
    answered: bool
    answered_on: date | None = None


def settings(policy: Policy) -> QuestionFile:
    """Where questions come in. Raises PolicyError where policy does not say."""
    if policy.questions is None:
        raise PolicyError("policy has no questions.yaml: where questions come in is not known")
    return policy.questions


def count(
    db: Db, policy: Policy, resolve: Resolver, key: ReferenceKey, *, run: Run, today: date
) -> Mapping[str, Stand]:
    """Count every source, each with an entry in the ledger: `partial` while something waits beyond its time.

    One that cannot be read does not stop the next. Commits. Raises StoreError at the end, naming those.
    """
    file, stands, wrong = settings(policy), dict[str, Stand](), list[str]()
    ledger.register_names(db, policy.digest, [each.source for each in file.sources])
    db.commit()
    since = today - timedelta(days=file.looks_back_days)
    for each in file.sources:
        try:
            with ledger.act(db, run, Activity.QUESTIONS_ANSWER, each.source) as act:
                act.outcome = Outcome.UNREACHABLE
                if isinstance(each, TableOfQuestions):
                    stand = in_table(each, file, policy, resolve, since=since, today=today)
                else:
                    stand = in_mail(each, file, policy, resolve, _without_right(db), key, since=since, today=today)
                _keep(db, act.entry, each, stand, since)
                act.outcome = Outcome.PARTIAL if stand.late_open else Outcome.DONE
                act.counts = {name: value for name, value in asdict(stand).items() if value is not None}
        except HoederError as error:
            wrong.append(f"{each.source}: {error}")
            continue
        stands[each.source] = stand
    if wrong:
        raise StoreError("\n".join(wrong))
    return stands


def in_table(
    source: TableOfQuestions, file: QuestionFile, policy: Policy, resolve: Resolver, *, since: date, today: date
) -> Stand:
    """The rows of a table: those received since a day, and all that are open. Raises StoreError."""
    store = policy.stores[source.store]
    answered_on = sql.Identifier(source.answered_on) if source.answered_on else sql.SQL("null")
    query = sql.SQL(
        """select count(*), count(*) filter (where done),
                  count(*) filter (where done and answered_on - received > %(days)s),
                  count(*) filter (where not done and %(today)s - received > %(days)s),
                  count(*) filter (where received is null), max(%(today)s - received) filter (where not done)
             from (select {received}::date as received, {by} = any(%(answers)s) as done,
                          {answered_on}::date as answered_on
                     from {schema}.{table}) asked
            where received is null or received >= %(since)s or not done"""
    ).format(
        received=sql.Identifier(source.received), by=sql.Identifier(source.answered.by), answered_on=answered_on,
        schema=sql.Identifier(store.schemas[0]), table=sql.Identifier(source.table),
    )  # fmt: skip
    given = {"days": file.answer_within_days, "today": today, "since": since, "answers": [*source.answered.is_one_of]}
    try:
        with connect(resolve(f"{store.connection}_questions")) as asked:
            row = asked.execute(query, given).fetchone()
    except psycopg.Error as error:
        raise StoreError(f"{source.store}.{source.table} cannot be counted: {type(error).__name__}") from None
    return Stand(*row) if row else Stand()


def in_mail(
    source: MailOfQuestions,
    file: QuestionFile,
    policy: Policy,
    resolve: Resolver,
    without_right: frozenset[bytes],
    key: ReferenceKey,
    *,
    since: date,
    today: date,
) -> Stand:
    """The messages under a prefix. What nobody looked at yet is left out where only those without a right count.

    Raises StoreError.
    """
    store = policy.stores[source.store]
    client, bucket = s3_client(resolve(f"{store.connection}_questions")), str(store.bucket)
    found: list[Asked] = []
    try:
        for each in iter_objects(client, bucket, source.prefix):
            if source.only_without_right and key.row(source.store, source.prefix, each.key) not in without_right:
                continue
            said = client.head_object(Bucket=bucket, Key=each.key)["Metadata"]
            received = each.date or each.modified.astimezone(AMSTERDAM).date()
            answered_on = _day(said.get(source.answered_on or ""))
            done = said.get(source.answered.by) in source.answered.is_one_of
            if received >= since or not done:
                found.append(Asked(received, done, answered_on))
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"{bucket}/{source.prefix} cannot be counted: {reason(error)}") from error
    return stand(found, within_days=file.answer_within_days, today=today)


def stand(asked: Iterable[Asked], *, within_days: int, today: date) -> Stand:
    """Counts of questions. What was answered on a day that nobody wrote down is not counted as late."""
    every = list(asked)
    waiting = [(today - each.received).days for each in every if not each.answered and each.received]
    return Stand(
        asked=len(every),
        answered=sum(each.answered for each in every),
        late=sum(days > within_days for days in _taken(every)),
        late_open=sum(days > within_days for days in waiting),
        without_day=sum(each.received is None for each in every),
        oldest_days=max(waiting, default=None),
    )


def _taken(every: Iterable[Asked]) -> Iterator[int]:
    for each in every:
        if each.answered and each.received and each.answered_on:
            yield (each.answered_on - each.received).days


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _without_right(db: Db) -> frozenset[bytes]:
    rows = db.execute("select reference from subject_message where became = 'no-request'").fetchall()
    return frozenset(bytes(row[0]) for row in rows)


def _keep(db: Db, entry: int, source: TableOfQuestions | MailOfQuestions, found: Stand, since: date) -> None:
    db.execute(
        """insert into question_count (entry, source, kind, since, asked, answered, late, late_open, without_day,
                                       oldest_days) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [entry, source.source, source.kind, since, found.asked, found.answered, found.late, found.late_open,
         found.without_day, found.oldest_days],
    )  # fmt: skip
