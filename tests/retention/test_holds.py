"""A hold keeps every record of a person under any name, ends only when two agree, and shows what it keeps."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from servers import Database, connection_to
from shop import TODAY, Shop
from typer.testing import CliRunner

from hoeder.cli import holds as command
from hoeder.clock import add_months
from hoeder.errors import HoederError
from hoeder.evidence import ledger
from hoeder.governance import aliases, holds
from hoeder.governance.protection import Scope
from hoeder.policy.dataset import Dataset
from hoeder.retention import holding
from hoeder.stores.connection import Connection


def place(shop: Shop, matter: str = "claim-1", **given: Any) -> None:
    fields: dict[str, Any] = {"ground": holds.Ground.CLAIM, "by": "dpo", "on": TODAY, "review_by": TODAY} | given
    holding.place(shop.governance, shop.key, shop.policy, matter=matter, **fields)


def parts(shop: Shop) -> dict[str, tuple[int, int]]:
    return {part.rule: (part.due, part.held) for part in shop.plan().parts}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"persons": (("custmer", 1),)}, "no dataset has subjects of kind custmer; .*did you mean customer"),
        ({"persons": (("customer", " "),)}, "has no value"),
        ({}, "would protect nothing"),
        ({"scopes": (Scope("shop.mesage"),)}, "did you mean shop.message"),
        ({"scopes": (Scope("shop", date(2026, 2, 1), date(2026, 1, 1)),)}, "ends before it begins"),
        ({"persons": (("customer", 1),), "matter": "Jan de Vries"}, "no name"),
        ({"persons": (("customer", 1),), "by": "x" * 70}, "a function or login"),
        ({"persons": (("customer", 1),), "review_by": add_months(TODAY, 4)}, "at most three months on"),
    ],
)
def test_a_hold_that_protects_nothing_or_cannot_be_reviewed_is_refused(
    shop: Shop, given: dict[str, object], message: str
) -> None:
    with pytest.raises(HoederError, match=message):
        place(shop, **given)
    assert holds.placed(shop.governance) == ()


def test_a_hold_protects_at_once_and_ends_only_when_two_agree(shop: Shop) -> None:
    place(shop, persons=(("customer", 3),))
    assert parts(shop)["message"] == (2, 1)
    with pytest.raises(HoederError, match="somebody else confirms"):
        holding.confirm(shop.governance, shop.policy, "claim-1", by="dpo")
    holding.confirm(shop.governance, shop.policy, "claim-1", by="legal")
    assert holding.lift(shop.governance, shop.policy, "claim-1", by="dpo", on=TODAY) is False
    with pytest.raises(HoederError, match="somebody else must agree"):
        holding.lift(shop.governance, shop.policy, "claim-1", by="dpo", on=TODAY)
    assert parts(shop)["message"] == (2, 1)
    assert holding.lift(shop.governance, shop.policy, "claim-1", by="legal", on=TODAY) is True
    assert parts(shop)["message"] == (3, 0)
    with pytest.raises(HoederError, match="no hold stands for matter claim-1; there are: none"):
        holding.lift(shop.governance, shop.policy, "claim-1", by="legal", on=TODAY)
    told = [(entry.object, entry.counts) for entry in ledger.entries(shop.governance) if entry.act == "hold"]
    words = {"placed", "confirmed", "lift_asked", "lifted"}
    assert [words & set(counts) for _, counts in told if counts] == [
        {"placed"}, {"confirmed"}, {"lift_asked"}, {"lifted"}
    ]  # fmt: skip
    assert {thing for thing, _ in told} == {"hold"}


def test_the_database_itself_refuses_an_end_by_one_person(shop: Shop) -> None:
    place(shop, persons=(("customer", 3),))
    with pytest.raises(psycopg.errors.CheckViolation, match="lifted_by_two"):
        shop.governance.execute("update hold set lift_asked_by = 'x', lifted_by = 'x', lifted_on = today()")
    shop.governance.rollback()
    with pytest.raises(psycopg.errors.CheckViolation, match="confirmed_by_another"):
        shop.governance.execute("update hold set confirmed_by = placed_by")


def test_a_review_moves_the_date_on_and_takes_back_a_wish_to_lift(shop: Shop) -> None:
    place(shop, persons=(("customer", 3),))
    holding.lift(shop.governance, shop.policy, "claim-1", by="legal", on=TODAY)
    holding.review(shop.governance, shop.policy, "claim-1", by="dpo", on=TODAY, until=add_months(TODAY, 3))
    (hold,) = holds.placed(shop.governance)
    assert (hold.review_by, hold.lift_asked_by) == (add_months(TODAY, 3), None)
    with pytest.raises(HoederError, match="at most three months"):
        holding.review(shop.governance, shop.policy, "claim-1", by="dpo", on=TODAY, until=add_months(TODAY, 4))


def test_what_is_held_stays_due_and_the_list_says_since_when(shop: Shop) -> None:
    place(shop, persons=(("customer", 3),))
    shop.plan()
    (hold,) = holds.placed(shop.governance)
    assert (hold.records, hold.due_since) == (1, date(2020, 4, 1))  # closed on 2020-01-01, three months


def test_a_held_person_whose_records_stay_is_counted_as_held_and_not_as_needed_by_another_rule(shop: Shop) -> None:
    shop.db.execute("update message set closed_on = '2026-08-23' where id = 11")  # customer 1 is needed for it
    shop.db.execute("insert into customer values (4, '2015-05-01', 'left')")
    shop.db.execute("insert into message values (16, 4, 'not yet', '2026-11-20', 'closed')")
    counted = {part.rule: (part.due, part.held, part.needed) for part in shop.plan().parts}
    assert counted["customer"] == (0, 0, 2)
    place(shop, persons=(("customer", 1),))
    counted = {part.rule: (part.due, part.held, part.needed) for part in shop.plan().parts}
    assert counted["customer"] == (0, 1, 1)
    (hold,) = holds.placed(shop.governance)
    assert hold.records == 2


def test_a_hold_on_a_place_and_period_keeps_everybodys_records_there_and_nothing_else(shop: Shop) -> None:
    place(shop, scopes=(Scope("shop.message", date(2026, 8, 1), date(2026, 8, 21)),))
    assert parts(shop) | {"log": (0, 0)} == {"message": (2, 1), "customer": (0, 0), "log": (0, 0), "copy": (0, 0)}
    place(shop, "tax-2", scopes=(Scope("files"),))
    assert parts(shop)["log"] == (0, 2)


def test_a_hold_on_a_person_in_one_store_does_not_reach_the_other(shop: Shop) -> None:
    shop.put("copies/4.png", customer_id="3", status="left", left_on="2010-01-01")
    place(shop, persons=(("customer", 3),), scopes=(Scope("files"),))
    assert (parts(shop)["message"], parts(shop)["copy"]) == ((3, 0), (0, 1))


def test_a_hold_under_any_name_of_the_person_holds_their_records_under_every_other(shop: Shop) -> None:
    shop.db.execute("alter table customer add email text")
    shop.db.execute("update customer set email = ' Wim@Example.nl' where id = 3")
    shop.db.execute("create table caller (id int primary key, email text, phone text)")
    shop.db.execute("insert into caller values (70, 'wim@example.nl', '0611111111'), (71, 'eva@example.nl', '06222')")
    shop.db.execute("alter table message add phone text")
    shop.db.execute("update message set phone = '0611111111', customer_id = 2 where id = 10")
    tables = {name: table.model_dump() for name, table in shop.policy.datasets["shop"].tables.items()}
    tables["customer"]["columns"]["email"] = "user.contact.email"
    tables["message"]["columns"]["phone"] = "user.contact.phone_number"
    tables["caller"] = {
        "description": "d", "purpose": "p", "subject": {"kind": "caller", "column": "id"},
        "columns": {"id": "user.unique_id", "email": "user.contact.email", "phone": "user.contact.phone_number"},
    }  # fmt: skip
    dataset = Dataset.model_validate({"store": "shop", "tables": tables})
    shop.policy = shop.policy.model_copy(update={"datasets": {**shop.policy.datasets, "shop": dataset}})
    shop.connections["shop_inventory"] = shop.connections["shop_retention"].model_copy(
        update={"login": shop.db.info.user, "password": shop.db.info.password}
    )
    for given in (("phone", "0611111111"), ("customer", "3"), ("caller", "70"), ("email", "wim@example.nl ")):
        known = aliases.of(shop.policy, shop.resolve, [given])
        assert {("customer", "3"), ("email", "wim@example.nl"), ("phone", "0611111111"), ("caller", "70")} <= known
        assert ("email", "eva@example.nl") not in known
    place(shop, persons=sorted(known))
    held = {part.rule: part.held for part in shop.plan().parts}
    assert held["message"] == 2  # 15 is customer 3's, 10 has their telephone number


def test_identities_that_many_share_are_not_one_persons(shop: Shop) -> None:
    shop.connections["shop_inventory"] = shop.connections["shop_retention"].model_copy(
        update={"login": shop.db.info.user, "password": shop.db.info.password}
    )
    tables = {name: table.model_dump() for name, table in shop.policy.datasets["shop"].tables.items()}
    tables["message"]["columns"]["phone"] = "user.contact.phone_number"
    dataset = Dataset.model_validate({"store": "shop", "tables": tables})
    shop.policy = shop.policy.model_copy(update={"datasets": {**shop.policy.datasets, "shop": dataset}})
    shop.db.execute("alter table message add phone text default '020-1234567'")
    shop.db.execute("insert into customer select g, null, 'active' from generate_series(100, 400) g")
    shop.db.execute("insert into message select g, g, 'x', null, 'open' from generate_series(100, 400) g")
    with pytest.raises(HoederError, match="shared by many"):
        aliases.of(shop.policy, shop.resolve, [("customer", "100")])


def test_restriction_protects_and_is_counted_apart(shop: Shop) -> None:
    shop.governance.execute(
        "insert into left_out (store, subject_kind, subject_ref, ground) values ('*', 'customer', %s, 'restriction')",
        [shop.key.subject("customer", 3)],
    )
    shop.governance.execute(
        "insert into left_out (store, subject_kind, subject_ref, ground) values ('*', 'customer', %s, 'objection')",
        [shop.key.subject("customer", 1)],
    )
    shop.governance.commit()
    part = next(part for part in shop.plan().parts if part.rule == "message")
    assert (part.due, part.held, part.restricted) == (2, 0, 1)


def test_the_command_says_what_to_do_next(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    governance = connection_to_governance(shop)
    wanted = {
        "governance_retention": governance, "governance_audit_report": governance,
        "reference_key": governance.model_copy(update={"password": base64.b64encode(shop.key.secret).decode()}),
    }  # fmt: skip
    monkeypatch.setattr(command, "resolver", lambda _: wanted.__getitem__)
    monkeypatch.setattr(command, "load", lambda: shop.policy)
    run = CliRunner()
    placed = run.invoke(
        command.app, ["place", "claim-1", "--ground", "claim", "--person", "customer=3", "--no-aliases", "--by", "dpo"]
    )
    assert placed.exit_code == 0, placed.output
    assert "hoeder holds confirm claim-1" in re.sub(r"\s+", " ", placed.output)
    wrong = run.invoke(command.app, ["place", "b", "--ground", "clam", "--person", "customer=3"])
    assert isinstance(wrong.exception, HoederError)
    assert "there are: claim, investigation" in str(wrong.exception)
    assert "holds on until somebody else" in run.invoke(command.app, ["lift", "claim-1", "--by", "dpo"]).output
    listed = run.invoke(command.app, ["list", "--json"])
    assert (listed.exit_code, '"lift_asked_by": "dpo"' in listed.output) == (0, True)
    shop.governance.execute("update hold set placed_on = '2020-01-01', review_by = '2020-02-01'")
    shop.governance.commit()
    late = run.invoke(command.app, ["list", "--json"])
    assert (late.exit_code, '"matter": "claim-1"' in late.output) == (1, True)


def connection_to_governance(shop: Shop) -> Connection:
    info = shop.governance.info
    return connection_to(Database(info.host, info.port, info.dbname, info.user, info.password))
