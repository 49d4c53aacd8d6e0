"""What may be executed at the same time is told apart from what must not be."""

from shop import Shop
from warehouse import fill

from hoeder.retention.units import units


def test_tables_tied_by_foreign_keys_are_one_unit_and_the_rest_are_units_of_their_own(shop: Shop) -> None:
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
