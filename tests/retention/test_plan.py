"""The plan says what is due, what is protected and what cannot be judged, and its digest covers all of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from shop import TODAY, Shop, rule

from hoeder.policy import RetentionRule
from hoeder.retention.order import children_first
from hoeder.retention.plan import PlanPart, planned_references, read_plan


def test_each_rule_counts_what_is_due_held_and_without_anchor(shop: Shop) -> None:
    shop.hold("customer", 3)
    parts = {p.rule: (p.due, p.held, p.missing_anchor, p.oldest) for p in shop.plan().parts}
    assert parts == {
        "message": (2, 1, 1, date(2020, 1, 1)),
        "customer": (1, 0, 0, date(2015, 5, 1)),
        "log": (2, 0, 0, date(2026, 10, 22)),
        "copy": (0, 0, 1, None),
    }


def test_a_plan_is_read_back_with_the_digest_it_was_stored_with(shop: Shop) -> None:
    plan = shop.plan()
    stored, digest, dag_id, run_id = read_plan(shop.governance, plan.plan)
    assert (stored, digest, dag_id, run_id) == (plan, plan.digest, "retention", "run-1")


def test_the_digest_changes_with_every_figure_and_every_row(shop: Shop) -> None:
    plan = shop.plan()
    first = plan.parts[0]
    for change in ({"due": 99}, {"held": 1}, {"missing_anchor": 7}, {"oldest": TODAY}, {"digest": "0" * 64}):
        assert replace(plan, parts=(replace(first, **change), *plan.parts[1:])).digest != plan.digest
    assert replace(plan, as_of=date(2026, 11, 23)).digest != plan.digest


def test_the_plan_names_rows_by_keyed_reference_only(shop: Shop) -> None:
    plan = shop.plan()
    assert set(planned_references(shop.governance, plan.plan, "message")) == {
        shop.key.row("shop", "message", 10),
        shop.key.row("shop", "message", 11),
        shop.key.row("shop", "message", 15),
    }


def test_rows_that_refer_to_others_are_erased_before_them(shop: Shop) -> None:
    position = {p.rule: p.position for p in shop.plan().parts}
    assert position["message"] < position["customer"]


def test_a_store_that_does_not_answer_leaves_its_problem_in_the_plan_and_the_others_go_on(shop: Shop) -> None:
    shop.connections["shop_retention"] = shop.connections["shop_retention"].model_copy(update={"password": "wrong"})
    parts = {p.rule: p for p in shop.plan().parts}
    assert "password authentication failed" in str(parts["message"].problem)
    assert parts["message"].due == 0
    assert (parts["log"].problem, parts["log"].due) == (None, 2)


def test_a_table_or_bucket_that_is_not_there_is_named(shop: Shop) -> None:
    shop.db.execute("drop table message")
    shop.connections["files_retention"] = shop.connections["files_retention"]
    store = shop.policy.stores["files"].model_copy(update={"bucket": "no-such-bucket"})
    shop.policy = shop.policy.model_copy(update={"stores": {**shop.policy.stores, "files": store}})
    problems = {p.rule: str(p.problem) for p in shop.plan().parts}
    assert problems["message"] == "store shop: table message does not exist in schema public"
    assert problems["log"] == "store files: bucket no-such-bucket does not exist"
    assert problems["customer"] == "None"


def test_a_circle_of_foreign_keys_keeps_what_is_still_referred_to_for_the_next_run(shop: Shop) -> None:
    assert children_first([], [("message", "customer"), ("line", "message")]) == ["line", "message", "customer"]
    assert children_first([], [("a", "b"), ("b", "a"), ("c", "a"), ("b", "d")]) == ["c", "a", "b", "d"]
    shop.db.execute("alter table customer add last_message int references message")
    shop.db.execute("update customer set last_message = 15 where id = 3")
    parts = {p.rule: p for p in shop.plan().parts}
    assert not any(p.problem for p in parts.values())
    # customer comes first in the circle: number 1 is kept for its messages, message 15 for customer 3
    assert (parts["customer"].due, parts["customer"].needed) == (0, 1)
    assert (parts["message"].due, parts["message"].needed) == (2, 1)
    shop.erase(shop.plan(), "message")
    parts = {p.rule: p for p in shop.plan().parts}
    assert (parts["customer"].due, parts["customer"].needed) == (1, 0)


@given(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=14))
def test_every_table_has_one_place_and_none_outside_a_circle_comes_after_what_it_refers_to(
    keys: set[tuple[str, str]],
) -> None:
    ordered = children_first("abcdef", keys)
    assert sorted(ordered) == list("abcdef")
    reach = {a: {a} for a in "abcdef"}
    for _ in range(6):
        for child, parent in keys:
            for seen in reach.values():
                if child in seen:
                    seen.add(parent)
    for child, parent in keys:
        if child not in reach[parent]:
            assert ordered.index(child) < ordered.index(parent)


# --- what keeps a record --------------------------------------------------------------------------------------------


def with_rules(shop: Shop, *changed: dict[str, Any]) -> dict[str, PlanPart]:
    """The shop's rules, replaced or joined by some; the parts of a plan under them."""
    rules = {r.rule: r for r in shop.policy.retention} | {
        one["rule"]: TypeAdapter(RetentionRule).validate_python(one) for one in changed
    }
    shop.policy = shop.policy.model_copy(update={"retention": tuple(rules.values())})
    return {part.rule: part for part in shop.plan().parts}


def test_the_latest_end_of_all_purposes_wins_and_the_record_is_planned_once(shop: Shop) -> None:
    parts = with_rules(shop, rule("proof", "4 months after closed_on", "shop.message", "open"))
    assert (parts["message"].due, parts["message"].longer) == (1, 2)  # 10 and 11 are proof for a month yet
    assert (parts["proof"].due, parts["proof"].longer) == (0, 0)  # 15 is over for both, and planned under the first


def test_a_maximum_cuts_through_every_purpose_but_not_through_a_minimum(shop: Shop) -> None:
    shop.db.execute("update customer set status = 'active' where id = 1")
    longer = rule("service", "9 years after closed_on", "shop.message", "open")
    ceiling = rule("message", "3 months after closed_on", "shop.message", "open", type="CEILING")
    parts = with_rules(shop, longer, ceiling)
    assert (parts["message"].due, parts["message"].longer) == (3, 0)
    parts = with_rules(shop, longer | {"type": "FLOOR"})
    assert (parts["message"].due, parts["message"].longer) == (0, 3)


def test_a_part_of_a_record_that_one_rule_alone_covers_goes_by_itself(shop: Shop) -> None:
    floor = rule("message", "9 years after closed_on", "shop.message", "open", type="FLOOR", covers=["closed_on"])
    text = rule("text", "3 months after closed_on", "shop.message", "open", then={"null": ["body"]})
    parts = with_rules(shop, floor, text)
    assert (parts["text"].due, parts["text"].act, parts["message"].due) == (3, "null", 0)
    shop.db.execute("update message set body = null where id = 10")
    assert with_rules(shop)["text"].due == 2  # done once, it is not due again
    parts = with_rules(shop, floor | {"keep": "5 years after closed_on"})
    assert (parts["message"].due, parts["text"].due) == (1, 1)  # 15 is erased whole, and its text not planned twice


def test_without_its_anchor_a_rule_keeps_the_record_from_every_other(shop: Shop) -> None:
    parts = with_rules(shop, rule("seen", "1 day after left_on", "shop.customer"))
    shop.db.execute("update customer set left_on = null")
    parts = with_rules(shop)
    assert (parts["customer"].due, parts["customer"].missing_anchor, parts["seen"].missing_anchor) == (0, 2, 3)


def test_a_rule_counts_from_its_first_day_and_up_to_its_last(shop: Shop) -> None:
    old = rule("message", "3 months after closed_on", "shop.message", "open", valid_to="2026-11-21")
    new = rule("message-new", "5 years after closed_on", "shop.message", "open", valid_from="2026-11-22")
    parts = with_rules(shop, old, new)
    assert "message" not in parts
    assert parts["message-new"].due == 1


def test_each_clients_rows_follow_that_clients_instruction(shop: Shop) -> None:
    shop.db.execute("alter table message add client_id int")
    shop.db.execute(
        "update message set client_id = 1 where id in (10, 12); update message set client_id = 2 where id = 11"
    )
    per_client = rule(
        "message", "3 months after closed_on", "shop.message", "open",
        clients={"acme": {"is": 1, "keep": "9 years after closed_on", "instructed_on": "2026-01-01"}},
    )  # fmt: skip
    one = TypeAdapter(RetentionRule).validate_python(per_client)
    rules = [r for r in shop.policy.retention if r.rule != "message"] + list(one.for_each_client("client_id"))
    shop.policy = shop.policy.model_copy(update={"retention": tuple(rules)})
    parts = {part.rule: part for part in shop.plan().parts}
    assert (parts["message-acme"].due, parts["message-acme"].client) == (0, "acme")
    # the others: 11 is client 2's; 13 and 15 are nobody's and 13 has no date either: not due, and counted
    assert (parts["message"].due, parts["message"].client, parts["message"].missing_anchor) == (1, "others", 3)


@pytest.mark.parametrize(
    ("keep", "due"),
    [
        ("3 months after the latest of closed_on, seen_on", {10}),
        ("until closed_on", {10, 11, 12, 15}),
        ("1 year after the book year of closed_on", {15}),
    ],
)
def test_a_term_runs_from_the_event_that_its_words_name(shop: Shop, keep: str, due: set[int]) -> None:
    shop.db.execute("alter table message add seen_on timestamptz")
    shop.db.execute("update message set seen_on = '2026-10-01' where id in (11, 15)")
    shop.db.execute("update message set seen_on = '2020-10-01' where id = 10")
    parts = with_rules(shop, rule("message", keep, "shop.message", "open"))
    planned = {n for n in shop.messages() if shop.key.row("shop", "message", n) in planned_by(shop)}
    assert (planned, parts["message"].due) == (due, len(due))


def planned_by(shop: Shop) -> frozenset[bytes]:
    row = shop.governance.execute("select plan from plan order by made_at desc limit 1").fetchone()
    assert row
    return frozenset(planned_references(shop.governance, row[0], "message"))


def test_the_newest_generation_of_backups_stays_however_old_it_is(shop: Shop) -> None:
    for day in ("2026-01-01", "2026-02-01"):
        shop.put(f"logs/date={day}/again.gz")
    shop.bucket.client.delete_object(Bucket=shop.bucket.name, Key="logs/date=2026-10-24/log.gz")
    generations = rule("log", "20 days after the generation of date", "files:logs/")
    assert with_rules(shop, generations)["log"].due == 3  # all but 23 October, which is due as well


# --- what other rows need -------------------------------------------------------------------------------------------


def test_a_row_that_rows_which_stay_refer_to_is_kept_and_counted(shop: Shop) -> None:
    shop.db.execute("insert into message values (50, 1, 'recent', '2026-11-01', 'closed')")
    shop.db.execute("insert into customer values (5, '2014-01-01', 'left')")
    part = next(p for p in shop.plan().parts if p.rule == "customer")
    assert (part.due, part.needed, part.follows) == (1, 1, ("message.customer_id",))


def test_a_row_is_kept_for_a_held_row_that_refers_to_it(shop: Shop) -> None:
    shop.db.execute("alter table message add phone text")
    shop.db.execute("update message set phone = '06' where id = 10")
    message = shop.policy.datasets["shop"].tables["message"]
    message = message.model_copy(update={"columns": {**message.columns, "phone": "user.contact.phone_number"}})
    tables = {**shop.policy.datasets["shop"].tables, "message": message}
    dataset = shop.policy.datasets["shop"].model_copy(update={"tables": tables})
    shop.policy = shop.policy.model_copy(update={"datasets": {**shop.policy.datasets, "shop": dataset}})
    shop.hold("phone", "06")
    parts = {p.rule: p for p in shop.plan().parts}
    assert (parts["message"].held, parts["customer"].due, parts["customer"].needed) == (1, 0, 1)


def test_a_table_without_a_rule_keeps_the_rows_that_it_refers_to(shop: Shop) -> None:
    shop.db.execute("create table account (id int primary key, customer_id int references customer)")
    shop.db.execute("insert into account values (1, 1)")
    shop.db.execute("grant select on account to shop_retention")
    part = next(p for p in shop.plan().parts if p.rule == "customer")
    assert (part.due, part.needed, part.follows) == (0, 1, ("message.customer_id",))


def test_rows_of_a_table_that_refer_to_each_other_go_one_layer_a_run(shop: Shop) -> None:
    shop.db.execute("alter table customer add introduced_by int references customer")
    shop.db.execute("insert into customer values (6, '2014-01-01', 'left', 1), (7, '2014-01-01', 'left', 7)")
    part = next(p for p in shop.plan().parts if p.rule == "customer")
    assert (part.due, part.needed) == (2, 1)  # 6, and 7 that refers to itself; 1 is kept for 6
