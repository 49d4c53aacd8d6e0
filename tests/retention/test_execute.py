"""Erasing does exactly what was approved, touches nothing else, and says afterwards what it found."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psycopg
import pytest
from shop import RUN, Shop

from hoeder import retention
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.stores.erase import rows


def test_what_is_due_is_erased_and_everything_else_stays(shop: Shop) -> None:
    plan = shop.plan()
    counts = shop.erase(plan, "message")
    assert counts == {"planned": 3, "erased": 3, "held": 0, "gone": 0, "remaining": 0}
    assert shop.messages() == {12, 13, 14}
    assert shop.erase(plan, "log")["erased"] == 2
    assert shop.objects() == {"logs/date=2026-10-24/log.gz", "copies/1.png", "copies/2.png", "copies/3.png"}
    assert shop.outcomes() == [("message", "done"), ("log", "done")]


def test_a_hold_placed_after_approval_still_protects_the_row(shop: Shop) -> None:
    plan = shop.plan()
    shop.hold("customer", 1)
    counts = shop.erase(plan, "message")
    assert counts == {"planned": 3, "erased": 1, "held": 2, "gone": 0, "remaining": 0}
    assert {10, 11} <= shop.messages()


def test_a_hold_on_a_person_protects_their_objects(shop: Shop) -> None:
    shop.put("copies/4.png", customer_id="4", status="left", left_on="2010-01-01")
    plan = shop.plan()
    shop.hold("customer", "4")
    assert shop.erase(plan, "copy") == {"planned": 1, "erased": 0, "held": 1, "gone": 0, "remaining": 0}
    assert "copies/4.png" in shop.objects()


def test_a_row_that_became_due_after_the_plan_waits_for_the_next_one(shop: Shop) -> None:
    plan = shop.plan()
    shop.db.execute("insert into message values (99, 2, 'late', '2020-01-01', 'closed')")
    shop.erase(plan, "message")
    assert 99 in shop.messages()


def test_a_row_that_is_no_longer_due_is_left(shop: Shop) -> None:
    plan = shop.plan()
    shop.db.execute("update message set closed_on = '2026-11-20' where id = 10")
    counts = shop.erase(plan, "message")
    assert (counts["erased"], counts["gone"]) == (2, 1)
    assert 10 in shop.messages()


def test_a_reopened_case_is_not_due_although_it_keeps_its_old_closing_date(shop: Shop) -> None:
    plan = shop.plan()
    shop.db.execute("update message set status = 'open' where id = 10")
    shop.put("copies/5.png", customer_id="5", status="active", left_on="2010-01-01")
    assert shop.erase(plan, "message")["erased"] == 2
    assert 10 in shop.messages()
    assert {p.rule: p.due for p in shop.plan().parts}["copy"] == 0


def test_running_it_again_erases_nothing_more_and_is_refused(shop: Shop) -> None:
    plan = shop.plan()
    shop.erase(plan, "message")
    with pytest.raises(Refused, match="was executed before"):
        shop.erase(plan, "message")
    conclusion = retention.conclude(shop.governance, plan.plan)
    assert conclusion.erased == {"message": 3}
    assert conclusion.outcomes["message"] == "done"  # who came too late takes nothing back


def test_every_version_of_an_object_goes(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for _ in range(3):
        shop.put("logs/date=2020-01-01/log.gz")
    shop.put("logs/date=2020-01-01/log.gz.keep")  # same beginning, another object, also due
    plan = shop.plan()
    shop.erase(plan, "log")
    left = client.list_object_versions(Bucket=bucket, Prefix="logs/")
    assert {v["Key"] for v in left.get("Versions", [])} == {"logs/date=2026-10-24/log.gz"}


def test_what_an_unfinished_upload_left_of_an_object_goes_with_it(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    for key in ("logs/date=2026-10-22/log.gz", "logs/date=2026-10-24/log.gz"):
        upload = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
        client.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"part")
    shop.erase(shop.plan(), "log")
    left = client.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [upload["Key"] for upload in left] == ["logs/date=2026-10-24/log.gz"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"received": False, "chosen": (), "answered_at": None, "responder": None}, "nobody answered"),
        ({"chosen": ()}, "none of Approve, Reject"),
        ({"chosen": ("Approve", "Reject")}, "none of Approve, Reject"),
        ({"responder": "clerk"}, "no officer who may approve"),
        ({"responder": "engineer"}, "no officer who may approve"),
        ({"responder": None}, "no officer who may approve"),
        ({"subject": "Erase 3 records?"}, "does not name this digest"),
        ({"has_reason": False}, "no reason was given"),
        ({"run_id": "run-2"}, "belongs to another run"),
    ],
)
def test_nothing_is_erased_without_an_officers_answer_to_this_very_plan(
    shop: Shop, changes: dict[str, object], reason: str
) -> None:
    plan = shop.plan()
    with pytest.raises(Refused, match=reason):
        shop.erase(plan, "message", shop.answer(plan, **changes))
    assert shop.messages() == {10, 11, 12, 13, 14, 15}
    assert shop.outcomes() == [("message", "refused")]


def test_the_answer_to_one_plan_does_not_serve_another(shop: Shop) -> None:
    first, second = shop.plan(), shop.plan()
    with pytest.raises(Refused, match="does not name this digest"):
        shop.erase(second, "message", shop.answer(first))


def test_a_plan_altered_after_it_was_stored_is_refused(shop: Shop) -> None:
    plan = shop.plan()
    shop.governance.execute("update plan_part set anchor_until = '2030-01-01' where rule = 'message'")
    with pytest.raises(Refused, match="does not match its own digest"):
        shop.erase(plan, "message")


def test_a_plan_made_under_another_policy_is_refused(shop: Shop) -> None:
    plan = shop.plan()
    shop.policy = shop.policy.model_copy(update={"digest": "b" * 64})
    with pytest.raises(Refused, match="policy changed"):
        shop.erase(plan, "message")


def test_a_rejected_plan_erases_nothing_and_is_an_outcome_of_its_own(shop: Shop) -> None:
    plan = shop.plan()
    for rule in ("message", "customer", "log", "copy"):
        assert shop.erase(plan, rule, shop.answer(plan, chosen=("Reject",), has_reason=False)) == {}
    assert len(shop.messages()) == 6
    conclusion = retention.conclude(shop.governance, plan.plan)
    assert (set(conclusion.outcomes.values()), conclusion.bad) == ({"rejected"}, {})
    with pytest.raises(Refused, match="answered differently before"):
        shop.erase(plan, "message")


def test_a_table_dropped_after_approval_is_named_and_the_rest_goes_on(shop: Shop) -> None:
    plan = shop.plan()
    shop.db.execute("drop table message")
    with pytest.raises(StoreError, match="store shop: table message does not exist"):
        shop.erase(plan, "message")
    assert shop.erase(plan, "customer")["erased"] == 1
    assert shop.outcomes() == [("message", "missing"), ("customer", "done")]
    assert retention.conclude(shop.governance, plan.plan).bad == {
        "message": "missing", "log": "no outcome",
    }  # fmt: skip


def test_a_row_that_others_refer_to_stops_its_rule_and_nothing_is_half_done(shop: Shop) -> None:
    shop.db.execute("insert into customer values (5, '2014-01-01', 'left')")
    plan = shop.plan()
    shop.db.execute("insert into message values (50, 1, 'recent', '2026-11-01', 'closed')")
    with pytest.raises(StoreError, match="ForeignKeyViolation") as caught:
        shop.erase(plan, "customer")
    assert "Key (" not in str(caught.value)
    assert shop.db.execute("select count(*) from customer").fetchone() == (4,)
    assert shop.outcomes() == [("customer", "failed")]


def test_a_server_that_stops_answering_is_an_outcome_of_its_own(shop: Shop) -> None:
    plan = shop.plan()
    shop.connections["shop_retention"] = shop.connections["shop_retention"].model_copy(update={"port": 1})
    with pytest.raises(StoreError, match="cannot connect"):
        shop.erase(plan, "message")
    assert shop.outcomes() == [("message", "unreachable")]


def test_a_part_that_could_not_be_planned_is_not_executed(shop: Shop) -> None:
    good = shop.connections["shop_retention"]
    shop.connections["shop_retention"] = good.model_copy(update={"password": "wrong"})
    plan = shop.plan()
    shop.connections["shop_retention"] = good
    with pytest.raises(StoreError, match="was not planned"):
        shop.erase(plan, "message")
    assert len(shop.messages()) == 6


def test_a_hold_cannot_be_placed_while_the_door_is_open(shop: Shop) -> None:
    from hoeder.stores.erase import open_door

    with (
        psycopg.connect(shop.governance.info.dsn, password=shop.governance.info.password) as other,
        open_door(shop.governance, shop.key),
    ):
        other.execute("set lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute(
                """insert into hold (matter, ground, placed_by, placed_on, review_by)
                   values ('late', 'claim', 'test', '2026-11-01', '2026-12-01')"""
            )


@pytest.mark.parametrize(("held", "erased", "stays"), [(2, 2, {15}), (77, 3, set())])
def test_a_row_that_is_given_to_another_person_while_it_is_erased_is_judged_by_that_person(
    shop: Shop, held: int, erased: int, stays: set[int]
) -> None:
    shop.hold("customer", held)  # without any hold nobody's rows are told apart
    plan = shop.plan()
    begun = Event()

    def change() -> None:
        with psycopg.connect(shop.db.info.dsn, password=shop.db.info.password) as other:
            other.execute("update message set customer_id = 2 where id = 15")
            begun.set()
            time.sleep(1)  # the delete waits for this row

    with ThreadPoolExecutor() as aside:
        changing = aside.submit(change)
        begun.wait()
        counts = shop.erase(plan, "message")
        changing.result()
    assert counts == {"planned": 3, "erased": erased, "held": 3 - erased, "gone": 0, "remaining": 0}
    assert shop.messages() == {12, 13, 14} | stays
    assert shop.outcomes() == [("message", "done")]


def test_a_killed_attempt_gets_the_outcome_it_never_wrote(shop: Shop) -> None:
    plan = shop.plan()
    ledger.record_intent(shop.governance, RUN, ledger.Activity.RETENTION_ERASE, "message", case_id=plan.plan)
    shop.governance.commit()
    shop.db.execute("delete from message where id in (10, 11)")  # what it had erased when it was killed
    assert [e.object for e in ledger.unfinished(shop.governance)] == ["message"]
    assert shop.erase(plan, "message") == {"planned": 3, "erased": 1, "held": 0, "gone": 2, "remaining": 0}
    assert ledger.unfinished(shop.governance) == []
    assert retention.conclude(shop.governance, plan.plan).erased == {"message": 3}


def test_what_was_erased_before_a_failure_is_in_the_ledger(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_at_a_time(pace: rows.Pace) -> None:
        pace.rows, pace.seconds, pace.most = 1, 0, 1

    monkeypatch.setattr(rows.Pace, "__init__", one_at_a_time)
    shop.db.execute("create table line (message_id int references message)")
    plan = shop.plan()
    shop.db.execute("insert into line values (15)")
    with pytest.raises(StoreError, match="ForeignKeyViolation"):
        shop.erase(plan, "message")
    gone = 6 - len(shop.messages())
    assert gone == 2
    assert retention.conclude(shop.governance, plan.plan).erased == {"message": 2}


def test_one_attempt_at_a_time(shop: Shop) -> None:
    plan = shop.plan()
    with psycopg.connect(shop.governance.info.dsn, password=shop.governance.info.password) as other:
        other.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [f"erase {plan.plan} message"])
        with pytest.raises(Refused, match="another attempt"):
            shop.erase(plan, "message")
    assert len(shop.messages()) == 6
