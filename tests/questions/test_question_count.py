"""Questions and complaints: counted where they came in, late by the term of policy, and never read."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Database, connection_to, fresh_database
from small_policy import made, store

from hoeder.errors import PolicyError, StoreError
from hoeder.evidence.ledger import Run
from hoeder.policy import Policy
from hoeder.policy.incidents import QuestionFile
from hoeder.pseudonym import ReferenceKey
from hoeder.questions.count import Asked, Stand, count, stand
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection

TODAY = date(2026, 11, 22)
KEY = ReferenceKey(b"k" * 32)
RUN = Run("a" * 64, "questions", "manual__2026-11-22T10:00:00+00:00", "count")
FILE: dict[str, Any] = {
    "answer_within_days": 14,
    "tables": [
        {"source": "contact-form", "kind": "question", "store": "crm", "table": "message", "received": "received_on",
         "answered": {"by": "status", "is_one_of": ["answered", "closed"]}, "answered_on": "closed_on"},
    ],
    "mail": [
        {"source": "privacy-mail", "kind": "question", "store": "mailbox", "prefix": "inbox/",
         "only_without_right": True, "answered": {"by": "status", "is_one_of": ["answered"]},
         "answered_on": "answered_on"},
    ],
}  # fmt: skip

days = st.integers(-400, 0).map(lambda n: TODAY + timedelta(days=n))
asked = st.builds(Asked, st.none() | days, st.booleans(), st.none() | days)


@given(st.lists(asked, max_size=30), st.integers(1, 31))
def test_whatever_was_asked_is_answered_or_open_and_nothing_is_late_twice(every: list[Asked], within: int) -> None:
    found = stand(every, within_days=within, today=TODAY)
    assert found.asked == len(every) == found.answered + found.open
    assert 0 <= found.late <= found.answered and 0 <= found.late_open <= found.open
    assert (found.late_open > 0) == (found.oldest_days is not None and found.oldest_days > within)


@dataclass
class Desk:
    db: psycopg.Connection[Any]
    policy: Policy
    connections: Mapping[str, Connection]
    crm: Database
    put: Any

    def counted(self) -> Mapping[str, Stand]:
        return count(self.db, self.policy, self.connections.__getitem__, KEY, run=RUN, today=TODAY)

    def outcomes(self) -> dict[str, str]:
        rows = self.db.execute("select object, outcome from ledger where phase = 'outcome' order by entry").fetchall()
        return dict(rows)


@pytest.fixture(scope="module")
def place(postgres: Postgres, s3: S3) -> Iterator[tuple[Database, Connection, Any]]:
    client, name = s3.client("admin"), f"mail-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name)
    connection = Connection(
        conn_type="aws", login=s3.keys["admin"].access, password=s3.keys["admin"].secret,
        extra={"endpoint_url": s3.endpoint, "bucket": name},
    )  # fmt: skip
    with fresh_database(postgres) as crm:
        yield crm, connection, client
    for each in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


@pytest.fixture
def desk(place: tuple[Database, Connection, Any], governance: Database) -> Iterator[Desk]:
    crm, mail, client = place
    bucket = str(mail.extra["bucket"])
    with psycopg.connect(crm.conninfo, autocommit=True) as making:
        making.execute("drop table if exists message")
        making.execute("create table message (received_on date, status text, closed_on date, body text)")
    for each in client.list_objects_v2(Bucket=bucket).get("Contents", ()):
        client.delete_object(Bucket=bucket, Key=each["Key"])
    policy = made({"crm": store(), "mailbox": store("s3", "mail", bucket=bucket)}, {})
    policy = policy.model_copy(update={"questions": QuestionFile.model_validate(FILE)})
    with psycopg.connect(governance.conninfo) as db:

        def put(key: str, became: str | None, **said: str) -> None:
            client.put_object(Bucket=bucket, Key=key, Body=b"Jan Zeldzaam vraagt iets", Metadata=said)
            if became:
                db.execute(
                    "insert into subject_message (reference, became) values (%s, %s)",
                    [KEY.row("mailbox", "inbox/", key), became],
                )

        connections = {"shop_questions": connection_to(crm), "mail_questions": mail}
        yield Desk(db, policy, connections, crm, put)


def fill(desk: Desk, *rows: tuple[int | None, str, int | None]) -> None:
    with psycopg.connect(desk.crm.conninfo, autocommit=True) as crm:
        for received, status, closed in rows:
            day = None if received is None else TODAY - timedelta(days=received)
            end = None if closed is None else TODAY - timedelta(days=closed)
            crm.execute("insert into message values (%s, %s, %s, 'Jan Zeldzaam vraagt iets')", [day, status, end])


def test_a_row_is_late_after_the_days_of_policy_and_not_on_the_last_of_them(desk: Desk) -> None:
    fill(desk, (14, "open", None), (15, "open", None), (30, "closed", 16), (30, "closed", 15), (None, "open", None))
    found = desk.counted()["contact-form"]
    assert found == Stand(asked=5, answered=2, late=1, late_open=1, without_day=1, oldest_days=15)
    assert desk.outcomes()["contact-form"] == "partial"


def test_what_was_answered_long_ago_is_not_counted_and_what_is_open_since_then_is(desk: Desk) -> None:
    fill(desk, (200, "closed", 199), (200, "open", None))
    found = desk.counted()["contact-form"]
    assert (found.asked, found.late_open, found.oldest_days) == (1, 1, 200)


def test_mail_counts_where_it_asks_no_right_by_what_the_mailbox_says(desk: Desk) -> None:
    desk.put("inbox/date=2026-11-01/1.eml", "no-request", status="answered", answered_on="2026-11-10")
    desk.put("inbox/date=2026-11-01/2.eml", "no-request", status="answered", answered_on="2026-11-20")
    desk.put("inbox/date=2026-11-01/3.eml", "no-request")
    desk.put("inbox/date=2026-11-01/4.eml", "case")
    desk.put("inbox/date=2026-11-01/5.eml", None)
    assert desk.counted()["privacy-mail"] == Stand(asked=3, answered=2, late=1, late_open=1, oldest_days=21)


def test_when_everybody_was_answered_it_is_done(desk: Desk) -> None:
    fill(desk, (3, "open", None), (30, "answered", None))
    desk.counted()
    assert desk.outcomes() == {"contact-form": "done", "privacy-mail": "done"}


def test_a_source_that_cannot_be_read_is_named_and_the_others_are_counted(desk: Desk) -> None:
    with psycopg.connect(desk.crm.conninfo, autocommit=True) as crm:
        crm.execute("drop table message")
    with pytest.raises(StoreError, match=r"crm\.message cannot be counted"):
        desk.counted()
    assert desk.outcomes() == {"contact-form": "unreachable", "privacy-mail": "done"}


def test_nothing_of_what_somebody_wrote_is_kept(desk: Desk) -> None:
    fill(desk, (3, "open", None))
    desk.put("inbox/date=2026-11-01/1.eml", "no-request")
    desk.counted()
    kept = str(desk.db.execute("select * from question_count").fetchall())
    kept += str(desk.db.execute("select * from ledger").fetchall())
    assert "Zeldzaam" not in kept


def test_a_policy_without_questions_says_so(desk: Desk) -> None:
    desk.policy = desk.policy.model_copy(update={"questions": None})
    with pytest.raises(PolicyError, match=r"no questions\.yaml"):
        desk.counted()
