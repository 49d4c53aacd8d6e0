"""Hoeder's own findings become suspected incidents: each once, with places and counts, and nothing else does."""

from uuid import uuid4

import psycopg
import pytest
from bureau import Bureau, bureau, policy
from psycopg import sql

from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.evidence.merkle import leaf_hash, root
from hoeder.evidence.seal import lines
from hoeder.incidents import case, watch

__all__ = ["bureau"]


def finding(bureau: Bureau, kind: str = "national-id", *, target: str = "contact_message", present: bool = True) -> int:
    scan = bureau.db.execute(
        """insert into scan (store, started_at, finished_at, policy_digest)
           values ('crm', now() - interval '2 hours', now() - interval '1 hour', %s) returning scan""",
        ["a" * 64],
    ).fetchone()
    assert scan
    row = bureau.db.execute(
        """insert into finding (store, object, "column", kind, owner, confidence, evidence, basis, first_seen, since,
                                last_seen, last_scan, blocks)
           values ('crm', %s, 'body', %s, 'o', 1, 'checked', %s, now() - interval '3 hours', now() - interval '3 hours',
                   now(), %s, true) returning finding""",
        [target, kind, "b" * 64, scan[0] if present else 0],
    ).fetchone()
    bureau.db.commit()
    assert row
    return int(row[0])


def looked(bureau: Bureau) -> dict[str, int]:
    return dict(watch.watch(bureau.db, policy(), run=bureau.work.run))


def test_a_bsn_in_the_wrong_place_is_suspected_once_and_says_no_more_than_where(bureau: Bureau) -> None:
    finding(bureau)
    assert looked(bureau)["opened"] == 1
    assert looked(bureau) == {"findings": 1, "opened": 0, "incidents": 1, "open": 1, "overdue": 0, "soon": 1}
    (found,) = case.all_of_them(bureau.db)
    assert (found.source, found.facts.kind, found.facts.places) == ("inventory", "misplaced", ("crm.contact_message",))
    assert found.number == 1


def test_the_register_is_numbered_without_gaps_however_often_is_looked(bureau: Bureau) -> None:
    finding(bureau)
    for _ in range(3):
        looked(bureau)
    finding(bureau, target="call_note")
    looked(bureau)
    assert [each.number for each in case.all_of_them(bureau.db)] == [1, 2]


@pytest.mark.parametrize("decision", [("accept", "legal-duty"), ("false-alarm", "made-up")])
def test_a_finding_that_somebody_accepted_or_called_false_opens_nothing(
    bureau: Bureau, decision: tuple[str, str]
) -> None:
    number = finding(bureau)
    bureau.db.execute(
        """insert into finding_decision (finding, decision, reason, decided_by, basis)
           values (%s, %s, %s, 'dpo', %s)""",
        [number, *decision, "b" * 64],
    )
    assert looked(bureau)["opened"] == 0


def test_a_finding_that_is_to_be_mended_is_an_incident_all_the_same(bureau: Bureau) -> None:
    number = finding(bureau)
    bureau.db.execute(
        """insert into finding_decision (finding, decision, reason, decided_by, basis)
           values (%s, 'fix', 'erase', 'dpo', %s)""",
        [number, "b" * 64],
    )
    assert looked(bureau)["opened"] == 1


def test_a_finding_that_is_gone_or_that_policy_does_not_name_opens_nothing(bureau: Bureau) -> None:
    finding(bureau, present=False)
    finding(bureau, "no-retention", target="call_note")
    assert looked(bureau)["opened"] == 0


def verification(bureau: Bureau, number: object, outcome: Outcome, remaining: int) -> None:
    intent = ledger.record_intent(
        bureau.db,
        ledger.Run("a" * 64),
        Activity.RETENTION_VERIFY,
        "all",
        case_id=number,  # type: ignore[arg-type]
    )
    ledger.record_outcome(bureau.db, ledger.Run("a" * 64), intent, outcome, counts={"remaining": remaining})
    bureau.db.commit()


def test_what_should_be_gone_and_was_found_again_is_suspected_and_what_a_later_look_did_not_find_is_not(
    bureau: Bureau,
) -> None:
    left, mended = uuid4(), uuid4()
    verification(bureau, left, Outcome.PARTIAL, 7)
    verification(bureau, mended, Outcome.PARTIAL, 3)
    verification(bureau, mended, Outcome.DONE, 0)
    assert looked(bureau)["opened"] == 1
    (found,) = case.all_of_them(bureau.db)
    assert (found.source, found.facts.kind, found.facts.records) == ("erasure", "not-erased", 7)


def sealed(bureau: Bureau) -> None:
    hashes = [leaf_hash(line) for line in lines(bureau.db, after=0)]
    bureau.db.execute(
        "insert into ledger_checkpoint (size, root, note) values (%s, %s, 'test')", [len(hashes), root(hashes)]
    )
    bureau.db.commit()


def tampered(bureau: Bureau, statement: sql.SQL) -> None:
    with psycopg.connect(bureau.db.info.dsn, password=bureau.db.info.password, autocommit=True) as owner:
        owner.execute("alter table ledger disable trigger user")
        owner.execute(statement)
        owner.execute("alter table ledger enable trigger user")


@pytest.mark.parametrize(
    "statement",
    [
        sql.SQL("update ledger set counts = '{\"remaining\": 0}' where entry = 2"),
        sql.SQL("delete from ledger where entry = 2"),
    ],
)
def test_a_ledger_that_is_not_the_one_that_was_signed_is_suspected_once(bureau: Bureau, statement: sql.SQL) -> None:
    for _ in range(3):
        verification(bureau, uuid4(), Outcome.DONE, 4)
    sealed(bureau)
    assert looked(bureau)["opened"] == 0
    tampered(bureau, statement)
    assert looked(bureau)["opened"] == 1
    assert looked(bureau)["opened"] == 0
    assert case.all_of_them(bureau.db)[0].facts.kind == "evidence-changed"


def test_another_clients_note_is_counted_and_its_client_has_a_clock(bureau: Bureau) -> None:
    bureau.db.execute(
        """insert into separation_check (on_day, policy_digest, digest, notes, objects, entry)
           values (today(), %(d)s, %(d)s, 9, 0, 1)""",
        {"d": "a" * 64},
    )
    bureau.db.execute(
        """insert into separation_finding ("check", kind, store, place, client, number)
           select max("check"), 'named-in-note', 'crm', 'client_note', 'tuinkamer', 3 from separation_check"""
    )
    assert looked(bureau)["opened"] == 1
    (found,) = case.all_of_them(bureau.db)
    assert (found.facts.own, found.facts.clients, found.facts.records) == (False, ("tuinkamer",), 3)
    assert "client" in {clock.what for clock in found.clocks(policy())}


def test_a_leavers_account_is_suspected_until_it_is_settled(bureau: Bureau) -> None:
    bureau.db.execute(
        """insert into access_review (on_day, policy_digest, staff_state, working, digest, entry)
           values (today(), %(d)s, 'usable', 40, %(d)s, 1)""",
        {"d": "a" * 64},
    )
    bureau.db.execute(
        """insert into access_finding (review, item, kind, system, place, "right", number, hours, owner, by_machine)
           select max(review), %s, 'leaver', 'crm', 'client_note', 'select', 1, 200, 'o', true from access_review""",
        ["c" * 64],
    )
    assert looked(bureau)["opened"] == 1
    assert looked(bureau)["opened"] == 0


def test_who_starts_runs_sees_what_an_officer_must_decide_and_nobody_works_on(bureau: Bureau) -> None:
    number, other = bureau.register(), bureau.register()
    assert watch.starting(bureau.db, {str(other)}) == [(number, 2)]
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    bureau.decide(number, "persons", "Tell them")
    assert watch.starting(bureau.db, {str(other)}) == [], "the rest is somebody's work, not a decision"
