"""What may be executed at the same time is told apart from what must not be."""

from dataclasses import replace

import pytest
from shop import Shop
from warehouse import fill

from hoeder.retention.units import units


def test_tables_tied_by_foreign_keys_are_one_unit_and_the_rest_are_units_of_their_own(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoeder.retention.units.SMALL", 0)
    fill(shop)
    plan = shop.plan()
    found = {name: [part.rule for part in parts] for name, parts in units(plan).items()}
    assert found == {
        "shop.customer, shop.message": ["message", "customer"],
        "shop.event": ["event"],
        "files:logs/": ["log"],
        "files:copies/": ["copy"],
        "files:calls/": ["call"],
    }


def test_small_units_of_one_store_travel_together_and_those_of_two_stores_do_not(shop: Shop) -> None:
    fill(shop)
    plan = shop.plan()
    found = {name: [part.rule for part in parts] for name, parts in units(plan).items()}
    assert found == {
        "shop.customer, shop.event, shop.message": [part.rule for part in plan.parts if part.store == "shop"],
        "files:calls/, files:copies/, files:logs/": [part.rule for part in plan.parts if part.store == "files"],
    }


def test_a_large_unit_travels_alone_and_small_ones_share_the_next(shop: Shop) -> None:
    plan = shop.plan()
    part = plan.parts[0]
    parts = tuple(
        replace(part, rule=name, store="s", target=f"{name}/", due=due, follows=())
        for name, due in (("a", 5), ("b", 9_000), ("c", 1_990), ("d", 10), ("e", 3))
    )
    assert [{each.rule for each in unit} for unit in units(replace(plan, parts=parts)).values()] == [
        {"a", "c"}, {"b"}, {"d", "e"},
    ]  # fmt: skip
