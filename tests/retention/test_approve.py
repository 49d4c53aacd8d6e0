"""An approval is an officer's own answer to one plan, for some days, and serves each rule of it once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from pydantic import TypeAdapter
from shop import RUN, Shop, rule

from hoeder import retention
from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.policy import RetentionRule
from hoeder.retention import question
from hoeder.retention.plan import Plan, previous_plan

NOW = datetime.now(UTC)


def change(shop: Shop, **changes: Any) -> None:
    """The shop's policy with rule message changed; its digest too."""
    changed = TypeAdapter(RetentionRule).validate_python(
        rule("message", "3 months after closed_on", "shop.message", "open", **changes)
    )
    ledger.register_policy(shop.governance, shop.policy)  # the names that the run's entries are written under
    rules = tuple(changed if one.rule == "message" else one for one in shop.policy.retention)
    shop.policy = shop.policy.model_copy(update={"retention": rules, "digest": uuid4().hex * 2})


def untouched(shop: Shop) -> None:
    assert shop.messages() == {10, 11, 12, 13, 14, 15}
    assert shop.outcomes()[-1] == ("message", "refused")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        # The task was marked successful by another user: Airflow's answer is still open.
        ({"received": False, "chosen": (), "answered_at": None, "responder": None}, "nobody answered"),
        # An XCom was forged: it is not read at all, so that there is no answer either.
        (None, "nobody answered"),
        ({"has_reason": False}, "no reason was given"),
        ({"responder": "clerk"}, "no officer who may approve"),
        ({"responder": "engineer"}, "no officer who may approve"),
        ({"run_id": "run-2"}, "belongs to another run"),
        ({"answered_at": NOW - timedelta(days=8)}, "older than what is asked about.*older than 7 days"),
        ({"answered_at": NOW + timedelta(hours=1)}, "lies in the future"),
        ({"answered_at": NOW - timedelta(hours=1)}, "the answer is older than what is asked about"),
    ],
)
def test_nothing_is_erased_without_an_officers_own_timely_answer(
    shop: Shop, changes: dict[str, Any] | None, reason: str
) -> None:
    plan = shop.plan()
    answer = None if changes is None else shop.answer(plan, **changes)
    with pytest.raises(Refused, match=reason):
        retention.erase(plan.plan, "message", answer, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN)
    untouched(shop)


def test_an_approval_ends_after_its_days(shop: Shop) -> None:
    plan = shop.plan()
    answer = shop.answer(plan, answered_at=NOW - timedelta(days=7, hours=1))
    shop.governance.execute("update plan set made_at = made_at - interval '8 days'")
    with pytest.raises(Refused, match=r"is older than 7 days .*ask again"):
        shop.erase(plan, "message", answer)
    untouched(shop)
    shop.policy = shop.policy.model_copy(
        update={"organisation": shop.policy.organisation.model_copy(update={"approvals_last_days": 30})}
    )
    assert shop.erase(plan, "message", answer)["erased"] == 3


@pytest.mark.parametrize("author", ["dpo", "privacy_officer"])
def test_who_last_changed_a_rule_does_not_approve_its_plan(shop: Shop, author: str) -> None:
    officers = shop.policy.organisation.officers
    two = {
        **officers,
        "privacy_officer": officers["dpo"],
        "deputy": officers["dpo"].model_copy(update={"user": "deputy"}),
    }
    organisation = shop.policy.organisation.model_copy(update={"officers": two})
    shop.policy = shop.policy.model_copy(update={"organisation": organisation})
    source = {"basis": "test", "certainty": "L", "owner": "test", "approved_on": "2026-01-01", "changed_by": author}
    change(shop, source=source)
    plan = shop.plan()
    with pytest.raises(Refused, match="another officer must answer"):
        shop.erase(plan, "message")
    untouched(shop)
    assert shop.erase(plan, "message", shop.answer(plan, responder="deputy"))["erased"] == 3


def test_a_plan_is_executed_once(shop: Shop) -> None:
    plan = shop.plan()
    assert shop.erase(plan, "message")["erased"] == 3
    shop.db.execute("insert into message values (10, 2, 'back from a backup', '2020-01-01', 'closed')")
    with pytest.raises(Refused, match="was executed before, and an approval serves once"):
        shop.erase(plan, "message")
    assert 10 in shop.messages()
    assert shop.erase(plan, "customer")["erased"] == 1  # the plan's other rules still may


def test_what_did_not_reach_its_end_may_be_tried_again(shop: Shop) -> None:
    plan = shop.plan()
    entry = ledger.record_intent(shop.governance, RUN, ledger.Activity.RETENTION_ERASE, "message", case_id=plan.plan)
    ledger.record_outcome(shop.governance, RUN, entry, ledger.Outcome.PARTIAL, counts={"erased": 0})
    shop.governance.commit()
    assert retention.finished(shop.governance, plan.plan) == set()
    assert shop.erase(plan, "message")["erased"] == 3
    assert retention.finished(shop.governance, plan.plan) == {"message"}


def test_a_cleared_plan_needs_an_answer_of_its_own(shop: Shop) -> None:
    answered = shop.plan()
    answer = shop.answer(answered)
    again = shop.plan()  # the same run, planned anew: Airflow still shows the old question and its answer
    with pytest.raises(Refused, match="does not name this digest"):
        shop.erase(again, "message", answer)
    untouched(shop)


@pytest.mark.parametrize(
    "changes", [{"answered_at": timedelta(minutes=1)}, {"reason_digest": "f" * 64}, {"responder": "deputy"}]
)
def test_the_copy_and_airflows_answer_must_stay_the_same(shop: Shop, changes: dict[str, Any]) -> None:
    officers = shop.policy.organisation.officers
    two = {**officers, "deputy": officers["dpo"].model_copy(update={"user": "deputy"})}
    organisation = shop.policy.organisation.model_copy(update={"officers": two})
    shop.policy = shop.policy.model_copy(update={"organisation": organisation})
    plan = shop.plan()
    shop.erase(plan, "log")
    if later := changes.get("answered_at"):
        changes = {"answered_at": datetime.now(UTC) + later}
    with pytest.raises(Refused, match="answered differently before"):
        shop.erase(plan, "message", shop.answer(plan, **changes))
    untouched(shop)


def test_nobody_can_change_or_take_away_an_approval(shop: Shop) -> None:
    plan = shop.plan()
    shop.erase(plan, "message")
    for statement in ("update approval set responder = 'x'", "delete from approval", "truncate approval"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            shop.governance.execute(statement)
        shop.governance.rollback()


# --- approved beforehand --------------------------------------------------------------------------------------------


def test_a_rule_approved_beforehand_runs_without_an_answer_and_the_ledger_says_so(shop: Shop) -> None:
    change(shop, pre_approved_up_to=3)
    plan = shop.plan()
    assert [part.rule for part in plan.pre_approved] == ["message"]
    assert "message" not in {part.rule for part in plan.asked}
    counts = without_answer(shop, plan)
    assert counts["erased"] == 3
    said = shop.governance.execute("select rule, up_to, due, owner, approved_on::text from pre_approval").fetchall()
    assert said == [("message", 3, 3, "test", "2026-01-01")]
    assert shop.governance.execute("select count(*) from approval").fetchone() == (0,)
    planned = next(e for e in ledger.entries(shop.governance) if e.act == "plan" and e.outcome)
    assert planned.counts["pre_approved"] == 3
    with pytest.raises(Refused, match="nobody answered"):
        without_answer(shop, plan, "log")


def without_answer(shop: Shop, plan: Plan, name: str = "message") -> dict[str, int]:
    return retention.erase(plan.plan, name, None, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN)


def test_above_its_threshold_a_rule_asks_after_all(shop: Shop) -> None:
    change(shop, pre_approved_up_to=2)
    plan = shop.plan()
    assert plan.pre_approved == ()
    with pytest.raises(Refused, match="nobody answered"):
        without_answer(shop, plan)
    untouched(shop)


def test_a_threshold_taken_back_after_the_plan_no_longer_serves(shop: Shop) -> None:
    change(shop, pre_approved_up_to=3)
    plan = shop.plan()
    change(shop)
    with pytest.raises(Refused, match=r"policy changed.*not approved beforehand"):
        without_answer(shop, plan)
    untouched(shop)


def test_a_threshold_written_into_the_stored_plan_is_noticed(shop: Shop) -> None:
    plan = shop.plan()
    shop.governance.execute("update plan_part set pre_approved = 100 where rule = 'message'")
    with pytest.raises(Refused, match=r"does not match its own digest.*not approved beforehand"):
        without_answer(shop, plan)
    untouched(shop)


# --- the question ---------------------------------------------------------------------------------------------------


def test_the_question_shows_what_changed_since_the_last_plan_and_what_runs_without_it(shop: Shop) -> None:
    first = shop.plan()
    assert previous_plan(shop.governance, first) is None
    assert "eerste plan" in question.body(first, shop.policy, None)
    shop.db.execute("insert into message values (60, 2, 'old', '2020-01-01', 'closed')")
    changed = TypeAdapter(RetentionRule).validate_python(
        rule("message", "2 months after closed_on", "shop.message", "open", pre_approved_up_to=100)
    )
    rules = [one for one in shop.policy.retention if one.rule not in ("message", "copy")]
    shop.policy = shop.policy.model_copy(update={"retention": (*rules, changed), "digest": "c" * 64})
    shop.hold("customer", 3)
    second = shop.plan()
    text = question.body(second, shop.policy, previous_plan(shop.governance, second))
    assert "message: termijn was 3 maanden na closed_on, is 2 maanden na closed_on" in text
    assert "copy: regel is vervallen" in text
    assert "| +1 |" in text  # 10, 11, 12 and 60 are due, 15 is held; it was 10, 11 and 15
    assert "uitgevoerd zonder vraag" in text
    assert "4 van hoogstens 100" in text
    going, staying = text.split("**Wat blijft staan, en waarom**")
    assert "| customer | shop.customer |" in going  # what is asked for is not buried among what is not
    assert "| copy |" not in text
    assert re.search(r"\| message \| shop.message \| 1 \| – \| – \| – \| 1 \|", staying)  # 15 is held, 13 has no anchor
    assert re.search(r"Hold \*\*matter-[0-9a-f]+\*\* houdt vast: .*message \(1\).*over termijn sinds", staying)
    assert question.subject(second).endswith(second.digest)
    assert "2 gegevens wissen?" not in question.subject(first)
    assert question.subject(second).startswith("Bewaartermijnen 22-11-2026: 3 gegevens wissen?")  # 1 customer, 2 logs
