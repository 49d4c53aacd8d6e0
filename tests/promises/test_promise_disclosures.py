"""What the register of disclosures and the look at fraud files prove of the statement."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from evidence_seed import now, of, today
from servers import Database

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection, Run

LAWFUL = {"disclosures_lawful": {}}
REASONED = {"no_fraud_findings": {"kinds": ["no-suspicion", "one-person"]}}


@pytest.fixture
def db(governance: Database) -> Iterator[Connection]:
    with psycopg.connect(governance.conninfo) as connection:
        yield connection


def asked(db: Connection, received_on: date | None = None) -> UUID:
    """A request that came in, with its entry in the ledger: what is younger than the last entry does not count."""
    case_id = uuid4()
    db.execute(
        """insert into disclosure (case_id, authority, power, own_report, compelled, document, received_on, verified,
                                   asked, policy_digest, taken_in_by)
           values (%s, 'police', 'sv-126nc', false, true, repeat('d', 64), %s, 'called-back', '{user.name}',
                   repeat('a', 64), 'clerk')""",
        [case_id, received_on or today(db)],
    )
    step(db, case_id, "taken-in", "clerk")
    return case_id


def step(db: Connection, case_id: UUID, what: str, by: str, digest: str | None = None) -> None:
    db.execute(
        "insert into disclosure_step (case_id, what, by_whom, digest) values (%s, %s, %s, %s)",
        [case_id, what, by, digest],
    )
    db.commit()
    with ledger.act(db, Run("a" * 64), Activity.DISCLOSURES_RECEIVE, "request"):
        pass


def test_requests_are_unknown_while_nobody_asks_or_all_wait_and_kept_once_they_are_checked(db: Connection) -> None:
    assert of(db, LAWFUL) == ("unknown", "nobody-asked")
    case_id = asked(db)
    assert of(db, LAWFUL) == ("unknown", "disclosures-open")
    step(db, case_id, "checked", "dpo")
    step(db, case_id, "prepared", "prepare", "e" * 64)
    step(db, case_id, "released", "deputy", "e" * 64)
    assert of(db, LAWFUL) == ("kept", "disclosures-lawful")
    step(db, asked(db), "refused", "dpo")
    assert of(db, LAWFUL) == ("kept", "disclosures-lawful")


def test_a_request_that_waits_for_its_check_too_long_breaks_the_promise(db: Connection) -> None:
    day = today(db)
    step(db, asked(db), "checked", "dpo")
    asked(db, day - timedelta(days=14))
    assert of(db, LAWFUL)[0] == "kept"
    asked(db, day - timedelta(days=16))
    assert of(db, LAWFUL) == ("broken", "disclosures-unlawful")


def test_a_release_that_went_around_the_gate_breaks_the_promise(db: Connection) -> None:
    case_id = asked(db)
    step(db, case_id, "checked", "dpo")
    step(db, case_id, "prepared", "prepare", "e" * 64)
    db.execute("alter table disclosure_step disable trigger gate")
    step(db, case_id, "released", "dpo", "e" * 64)
    assert of(db, LAWFUL) == ("broken", "disclosures-unlawful")


def looked(db: Connection, **findings: int) -> None:
    with ledger.act(db, Run("a" * 64), Activity.FRAUD_CHECK, "fraud_files") as act:
        row = db.execute(
            """insert into fraud_check (on_day, policy_digest, rows, entry)
               values (today(), repeat('a', 64), 9, %s)
               returning fraud_check""",
            [act.entry],
        ).fetchone()
        for kind, number in findings.items():
            db.execute(
                "insert into fraud_finding values (%s, %s, 'crm.fraud_file', '', %s)",
                [row[0] if row else 0, kind.replace("_", "-"), number],
            )


def test_fraud_files_are_judged_by_the_last_look_and_an_old_one_proves_nothing(db: Connection) -> None:
    assert of(db, REASONED) == ("unknown", "never-looked-fraud")
    looked(db, one_person=2)
    assert of(db, REASONED) == ("broken", "fraud-unreasoned")
    looked(db, undecided=1)  # another promise's question
    assert of(db, REASONED) == ("kept", "fraud-reasoned")
    assert of(db, REASONED, at=now(db) + timedelta(days=9)) == ("unknown", "old-look-fraud")
