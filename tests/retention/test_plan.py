"""The plan says what is due, what is protected and what cannot be judged, and its digest covers all of it."""

from dataclasses import replace
from datetime import date

from shop import TODAY, Shop

from hoeder.retention.order import children_first
from hoeder.retention.plan import planned_references, read_plan


def test_each_rule_counts_what_is_due_held_and_without_anchor(shop: Shop) -> None:
    shop.hold("customer", 3)
    parts = {p.rule: (p.due, p.held, p.missing_anchor, p.oldest) for p in shop.plan().parts}
    assert parts == {
        "message": (2, 1, 1, date(2020, 1, 1)),
        "customer": (1, 0, 0, date(2015, 5, 1)),
        "log": (2, 0, 0, date(2026, 10, 22)),
        "copy": (0, 0, 1, date(2021, 1, 1)),
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
    assert planned_references(shop.governance, plan.plan, "message") == {
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


def test_a_circle_of_foreign_keys_is_a_clear_problem(shop: Shop) -> None:
    assert children_first("shop", [("message", "customer"), ("line", "message")]) == ["line", "message", "customer"]
    shop.db.execute("alter table customer add last_message int references message")
    plan = shop.plan()
    assert {p.rule: "form a circle" in str(p.problem) for p in plan.parts} == {
        "message": True, "customer": True, "log": False, "copy": False,
    }  # fmt: skip
