"""What the look at deliveries and passings-on proves of the statement."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from evidence_seed import now, of
from servers import Database

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection, Run

NOBODY_CALLED = {"no_marketing_findings": {"kinds": ["no-consent", "no-proof"], "channels": ["telephone"]}}
LEFT_ALONE = {"no_marketing_findings": {"kinds": ["after-opt-out"]}}


@pytest.fixture
def db(governance: Database) -> Iterator[Connection]:
    with psycopg.connect(governance.conninfo) as connection:
        yield connection


def looked(db: Connection, *findings: tuple[str, str, int]) -> None:
    with ledger.act(db, Run("a" * 64), Activity.MARKETING_CHECK, "marketing_gate") as act:
        row = db.execute(
            """insert into marketing_check (on_day, from_day, deliveries, passed_on, policy_digest, entry)
               values (today(), today() - 92, 9, 1, repeat('a', 64), %s) returning marketing_check""",
            [act.entry],
        ).fetchone()
        for kind, channel, number in findings:
            db.execute(
                "insert into marketing_finding values (%s, %s, 'other', %s, %s)",
                [row[0] if row else 0, kind, channel, number],
            )


def test_marketing_is_judged_by_the_last_look_and_an_old_one_proves_nothing(db: Connection) -> None:
    assert of(db, LEFT_ALONE) == ("unknown", "never-looked-marketing")
    looked(db, ("after-opt-out", "email", 1), ("no-consent", "email", 4))
    assert of(db, LEFT_ALONE) == ("broken", "marketing-found")
    assert of(db, NOBODY_CALLED) == ("kept", "marketing-clean"), "that was by mail"
    looked(db, ("no-proof", "telephone", 1))
    assert of(db, LEFT_ALONE) == ("kept", "marketing-clean")
    assert of(db, NOBODY_CALLED) == ("broken", "marketing-found")
    assert of(db, LEFT_ALONE, at=now(db) + timedelta(days=9)) == ("unknown", "old-look-marketing")
