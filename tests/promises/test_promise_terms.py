"""Whether what is kept too long breaks the promise: real plans, erasures and scans of a small shop."""

from datetime import UTC, datetime, timedelta
from typing import Any

import evidence_seed as seed
import pytest
from servers import Database, connection_to
from shop import RUN, TODAY, Shop

from hoeder import inventory
from hoeder.errors import StoreError
from hoeder.evidence.ledger import Run
from hoeder.retention import Plan
from hoeder.retention.verify import verify

DAY = timedelta(days=1)


@pytest.fixture
def kept(shop: Shop, governance: Database, database: Database) -> Shop:
    """The shop without rows that nobody can date, with an account for the inventory."""
    shop.db.execute("delete from message where id = 13")
    shop.bucket.client.delete_object(Bucket=shop.bucket.name, Key="copies/3.png")
    shop.connections |= {
        "governance_inventory": connection_to(governance),
        "shop_inventory": connection_to(database),
        "files_inventory": shop.connections["files_retention"],
    }
    return shop


def status(shop: Shop, control: object = "terms_kept", *, after: timedelta = timedelta()) -> tuple[str, str]:
    """How a promise with this control stands, some time from now."""
    what = shop.policy.model_copy(update={"chapters": seed.chapters(control)})
    one = seed.judge(shop.governance, what, at=datetime.now(UTC) + after)[0]
    shop.governance.rollback()
    return one.status.value, one.why.key


def carry_out(shop: Shop) -> Plan:
    """A plan, approved, executed and looked at again."""
    plan = shop.plan()
    for part in plan.parts:
        if part.due:
            shop.erase(plan, part.rule)
    look_again(shop, plan)
    return plan


def look_again(shop: Shop, plan: Plan) -> None:
    verify(plan.plan, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN)


def test_nothing_overdue_is_kept_once_a_plan_was_executed_and_looked_for_again(kept: Shop) -> None:
    assert status(kept) == ("unknown", "never-planned")
    plan = kept.plan()
    assert status(kept) == ("unknown", "plan-open")
    for part in plan.parts:
        if part.due:
            kept.erase(plan, part.rule)
    assert status(kept) == ("unknown", "plan-open"), "executed is not yet looked for again"
    look_again(kept, plan)
    assert status(kept) == ("kept", "terms-kept")
    assert status(kept, after=9 * DAY) == ("unknown", "old-plan")


def test_a_row_planted_past_its_term_breaks_the_promise_when_it_is_still_there_after_the_grace(kept: Shop) -> None:
    carry_out(kept)
    kept.db.execute("insert into message values (99, 2, 'planted', '2020-01-01', 'closed')")
    kept.plan()
    assert status(kept) == ("kept", "terms-kept"), "the plan may wait for its answer"
    assert status(kept, after=7.5 * DAY) == ("broken", "records-overdue")
    assert status(kept, {"terms_kept": {"rules": ["customer"]}}, after=7.5 * DAY) == ("kept", "terms-kept")


def test_a_row_that_comes_back_after_erasing_breaks_the_promise(kept: Shop) -> None:
    plan = carry_out(kept)
    kept.db.execute("insert into message values (15, 3, 'old, other person', '2020-01-01', 'closed')")
    with pytest.raises(StoreError, match="still there"):
        look_again(kept, plan)
    assert status(kept) == ("broken", "records-remain")
    customer = {"terms_kept": {"rules": ["customer"]}}
    assert status(kept, customer) == ("unknown", "look-partial"), "the second look counts all rules together"


def test_a_rejected_plan_leaves_records_past_their_term(kept: Shop) -> None:
    plan = kept.plan()
    for part in plan.parts:
        if part.due:
            kept.erase(plan, part.rule, kept.answer(plan, chosen=("Reject",)))
    assert status(kept) == ("broken", "plan-rejected")


def test_a_row_that_nobody_can_date_is_not_known_to_be_kept_in_time(kept: Shop) -> None:
    carry_out(kept)
    kept.db.execute("insert into message values (98, 2, 'no anchor', null, 'closed')")
    kept.plan()
    assert status(kept) == ("unknown", "no-anchor")


def test_a_store_that_could_not_be_planned_is_not_known_to_be_in_time(kept: Shop) -> None:
    carry_out(kept)
    kept.connections["shop_retention"] = kept.connections["shop_retention"].model_copy(update={"port": 1})
    kept.plan()
    assert status(kept) == ("unknown", "not-planned")
    assert status(kept, {"terms_kept": {"rules": ["log"]}}) == ("kept", "terms-kept")


def test_a_hold_keeps_records_past_their_term_lawfully(kept: Shop) -> None:
    kept.hold("customer", 3)
    carry_out(kept)
    assert 15 in kept.messages()
    what = kept.policy.model_copy(update={"chapters": seed.chapters("terms_kept")})
    (one,) = seed.judge(kept.governance, what)
    assert one.status == "kept"
    assert dict(one.why.figures)["kept"] == 1, "message 15"


def test_a_citizen_service_number_planted_in_a_message_breaks_the_promise(kept: Shop) -> None:
    control: Any = {"no_findings": {"kinds": ["national-id"], "places": ["shop.message"]}}
    assert status(kept, control) == ("unknown", "never-scanned")
    kept.db.execute("""insert into message select n, 2, 'waar blijft mijn bestelling toch nummer ' || n, null, 'open'
                       from generate_series(100, 130) n""")
    look_through(kept)
    assert status(kept, control) == ("kept", "no-findings")
    kept.db.execute("update message set body = 'mijn bsn is 111222333 graag aanpassen' where id = 101")
    look_through(kept)
    assert status(kept, control) == ("broken", "findings-stand")


def look_through(shop: Shop) -> None:
    shop.db.execute("select pg_stat_force_next_flush()")
    run = Run(shop.policy.digest, "inventory", "run-1", "scan")
    inventory.run("shop", shop.policy, shop.resolve, run=run, today=TODAY)
