"""Findings, and what people decide about them, from scan to scan."""

from dataclasses import fields
from datetime import timedelta

import psycopg
import pytest
from servers import Database, connection_to
from shopkeeper import TODAY, Shop, policy

from hoeder.errors import HoederError, Refused
from hoeder.evidence import ledger
from hoeder.inventory import basis
from hoeder.inventory.decisions import REASONS, Decision
from hoeder.inventory.observed import Kind

NO_RULE = "customer.* no-retention"


def test_each_kind_is_found_where_it_is_planted_and_nowhere_else(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    assert set(shop.findings()) == {NO_RULE}, "customers have no term, and nothing else is wrong yet"
    shop.store.execute("""
        update note set body = 'mijn bsn is 111222333 graag aanpassen' where id = 1;
        update note set body = 'zit sinds beroerte in een rolstoel, dochter belt' where id = 2;
        update note set body = 'betaalt met creditcard 4111 1111 1111 1111 vandaag' where id = 3;
        update note set body = 'zie bijlage kopie-paspoort.jpg in de map van gisteren' where id = 4;
        update note set client = 3 - client where id = 5;
        create table list (naam text, mail text);
        insert into list select 'Piet Jansen', n || '@b.example' from generate_series(1, 20) n;
    """)
    shop.scan()
    assert {
        "note.body national-id", "note.body health", "note.body payment-card", "note.body identity-document",
        "note.client client-mixed", "list.mail undeclared", "list.* no-retention", NO_RULE,
    } <= set(shop.findings())  # fmt: skip
    assert {name for name in shop.findings() if name.startswith("customer")} == {NO_RULE}
    assert "1 of 30 rows" in shop.findings()["note.client client-mixed"].evidence


@pytest.mark.parametrize("held", ["health", "payment-card", "identity-document"])
def test_what_policy_lets_a_table_hold_is_no_finding_there(shop_of_clients: Shop, held: str) -> None:
    shop = shop_of_clients
    shop.store.execute("""
        update note set body = 'zit sinds beroerte in een rolstoel, dochter belt' where id = 2;
        update note set body = 'betaalt met creditcard 4111 1111 1111 1111 vandaag' where id = 3;
        update note set body = 'zie bijlage kopie-paspoort.jpg in de map van gisteren' where id = 4;
    """)
    shop.policy = policy(may_hold=[held])
    shop.scan()
    kinds = {"health", "payment-card", "identity-document"}
    assert {finding.kind for finding in shop.findings().values()} & kinds == kinds - {held}


def test_a_number_of_the_payroll_compartment_is_expected_in_its_column_and_nowhere_else(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute(
        "alter table note add bsn text; update note set bsn = '111222333', body = body || ' bsn 111222333'"
    )
    columns = dict(shop.policy.datasets["shop"].tables["note"].columns)
    columns["bsn"] = "user.government_id.national_identification_number"
    shop.policy = policy(columns=columns)
    shop.scan()
    assert {"note.bsn national-id", "note.body national-id"} <= set(shop.findings()), "declared is not allowed"
    shop.policy = policy(columns=columns, may_hold=["national-id"])
    shop.scan()
    assert "note.bsn national-id" not in shop.findings()
    assert "note.body national-id" in shop.findings(), "a number in a remark is not in its column"


def test_a_decision_stands_from_scan_to_scan_and_keeps_its_first_day(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    first = shop.findings()[NO_RULE]
    assert (first.asked_because, first.owner) == ("new", "shopkeeper")
    decided = shop.decide(NO_RULE, Decision.ACCEPT, "contract", by="compliance_officer")
    assert (decided.decision, decided.decided_by, decided.asked_because) == ("accept", "compliance_officer", None)
    shop.scan()
    again = shop.findings()[NO_RULE]
    assert (again.finding, again.first_seen, again.is_open) == (first.finding, first.first_seen, False)
    assert again.last_seen > first.last_seen


def test_it_is_asked_again_when_policy_changes_about_that_table_and_not_for_another(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.decide(NO_RULE, Decision.ACCEPT, "contract")
    shop.policy = policy(purpose="another purpose of the notes")
    shop.scan()
    assert not shop.findings()[NO_RULE].is_open, "nothing was said of customers"
    tables = shop.policy.datasets["shop"].tables
    changed = {**tables, "customer": tables["customer"].model_copy(update={"purpose": "another one"})}
    dataset = shop.policy.datasets["shop"].model_copy(update={"tables": changed})
    shop.policy = shop.policy.model_copy(update={"datasets": {"shop": dataset}})
    shop.scan()
    assert shop.findings()[NO_RULE].asked_because == "rules-changed"


def test_it_is_asked_again_when_the_detector_changes(shop_of_clients: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.decide(NO_RULE, Decision.ACCEPT, "contract")
    monkeypatch.setattr(basis, "detector", lambda: "another")
    shop.scan()
    assert shop.findings()[NO_RULE].asked_because == "rules-changed"


def test_it_is_asked_again_when_another_category_is_found(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute("alter table note add extra text; update note set extra = id || '@c.example'")
    shop.scan()
    shop.decide("note.extra undeclared", Decision.FIX, "declare")
    shop.store.execute("update note set extra = '06' || lpad((id * 7919)::text, 8, '1')")
    shop.scan()
    assert shop.findings()["note.extra undeclared"].asked_because == "category-changed"


def test_a_false_alarm_is_one_for_a_year_and_is_asked_again_after_its_day(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    decided = shop.decide(NO_RULE, Decision.FALSE_ALARM, "made-up")
    assert decided.until is not None
    assert 364 <= (decided.until - TODAY).days <= 366
    shop.decide(NO_RULE, Decision.FALSE_ALARM, "made-up", until=TODAY)
    assert not shop.findings()[NO_RULE].is_open
    shop.governance.execute("""
        alter table finding_decision disable trigger append_only;
        update finding_decision set until = until - 1;
        alter table finding_decision enable trigger append_only
    """)
    assert shop.findings()[NO_RULE].asked_because == "expired"


def test_what_was_gone_and_comes_back_is_asked_again(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute("update note set body = 'mijn bsn is 111222333 graag aanpassen' where id = 1")
    shop.scan()
    first = shop.decide("note.body national-id", Decision.FIX, "redact")
    shop.store.execute("update note set body = 'mijn bsn is … graag aanpassen' where id = 1")
    shop.scan()
    assert "note.body national-id" not in shop.findings()
    shop.store.execute("update note set body = 'mijn bsn is 111222333 graag aanpassen' where id = 1")
    shop.scan()
    back = shop.findings()["note.body national-id"]
    assert (back.finding, back.first_seen, back.asked_because) == (first.finding, first.first_seen, "came-back")


def test_a_table_that_cannot_be_read_today_keeps_its_findings_and_decisions(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    name = f"low_{shop.store.info.dbname}"
    shop.store.execute("update note set body = 'mijn bsn is 111222333 graag aanpassen' where id = 1")
    shop.scan()
    shop.decide("note.body national-id", Decision.FIX, "redact")
    shop.store.execute(f"create role {name} login password 'low'; grant select on customer to {name}")  # type: ignore[arg-type]
    own = shop.connections["shop_inventory"]
    try:
        shop.connections["shop_inventory"] = own.model_copy(update={"login": name, "password": "low"})
        with pytest.raises(HoederError, match="note: permission denied"):
            shop.scan()
        kept = shop.findings()["note.body national-id"]
        assert kept.decision == "fix"
        assert not kept.is_open
    finally:
        shop.store.execute(f"drop owned by {name}; drop role {name}")  # type: ignore[arg-type]
    shop.connections["shop_inventory"] = own
    shop.scan()
    assert shop.findings()["note.body national-id"].asked_because is None


def test_a_new_table_without_a_term_keeps_the_run_red_until_somebody_decides(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.red()  # customers have no term either, and were there when the inventory began
    shop.store.execute("create table list as select id, full_name as naam, email as mail from customer")
    shop.scan()
    number = shop.findings()["list.* no-retention"].finding
    with pytest.raises(Refused, match=rf"shop\.list \(finding {number}\)"):
        shop.red()
    shop.scan()
    with pytest.raises(Refused):
        shop.red()
    shop.decide_numbers([number], Decision.FIX, "set-term")
    shop.red()
    shop.scan()
    shop.red()


def test_a_new_table_without_persons_keeps_nothing_red(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.store.execute("create table colour (code text); insert into colour values ('red'), ('blue')")
    shop.scan()
    shop.red()


def test_a_decision_stands_in_the_ledger_with_its_digest_and_no_text(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    decided = shop.decide(NO_RULE, Decision.ACCEPT, "temporary", until=TODAY + timedelta(days=30))
    entries = ledger.entries(shop.governance, case_id=decided.case_id)
    assert [entry.phase for entry in entries] == ["intent", "outcome"]
    outcome = entries[1]
    assert (outcome.activity, outcome.object, outcome.outcome) == ("inventory.decide@1", "shop", "done")
    assert outcome.counts == {"finding": decided.finding, "accepted": 1, "days": 30}
    assert outcome.digest is not None


@pytest.mark.parametrize(
    ("reason", "by", "days", "said"),
    [
        ("made-up", "dpo", 1, "made-up is no reason to accept; there are: legal-duty"),
        ("contract", "Jan; drop table", 1, "function or login"),
        ("contract", "dpo", -1, "is over"),
    ],
)
def test_a_decision_that_is_none_leaves_nothing_behind(
    shop_of_clients: Shop, reason: str, by: str, days: int, said: str
) -> None:
    shop = shop_of_clients
    shop.scan()
    before = len(ledger.entries(shop.governance))
    with pytest.raises(HoederError, match=said):
        shop.decide(NO_RULE, Decision.ACCEPT, reason, by=by, until=TODAY + timedelta(days=days))
    with pytest.raises(HoederError, match="no finding that is there now has number 999"):
        shop.decide_numbers([shop.findings()[NO_RULE].finding, 999], Decision.ACCEPT, "contract")
    assert len(ledger.entries(shop.governance)) == before
    assert shop.findings()[NO_RULE].decision is None


def test_decisions_are_never_changed_nor_taken_away(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.decide(NO_RULE, Decision.ACCEPT, "contract")
    for statement in ("update finding_decision set reason = 'consent'", "delete from finding_decision"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            shop.governance.execute(statement)  # type: ignore[arg-type]


def test_the_inventorys_own_account_is_enough_to_scan_decide_and_check(
    shop_of_clients: Shop, governance: Database
) -> None:
    shop = shop_of_clients
    name = f"inv_{governance.dbname}"
    shop.governance.execute(f"create role {name} login password 'p' in role hoeder_inventory")  # type: ignore[arg-type]
    try:
        low = connection_to(governance).model_copy(update={"login": name, "password": "p"})
        shop.connections["governance_inventory"] = low
        shop.scan()
        shop.scan()
        shop.red()
        with psycopg.connect(host=low.host, port=low.port, user=name, password="p", dbname=low.database) as db:
            from hoeder.inventory import decisions

            number = shop.findings()[NO_RULE].finding
            decisions.decide(db, shop.policy, [number], Decision.ACCEPT, "contract", by="dpo", until=None, today=TODAY)
    finally:
        shop.governance.execute(f"drop role {name}")  # type: ignore[arg-type]
    assert not shop.open()


def test_code_and_database_hold_the_same_lists(governance: Database) -> None:
    with psycopg.connect(governance.conninfo) as db:
        kinds = {kind for (kind,) in db.execute("select kind from finding_kind")}
        reasons = set(db.execute("select decision, reason from decision_reason"))
        words = {word for (word,) in db.execute("select word from ledger_word where kind = 'count'")}
    assert kinds == {kind.value for kind in Kind}
    assert reasons == {(decision.value, reason) for decision, codes in REASONS.items() for reason in codes}
    from hoeder.inventory import Summary

    assert {field.name for field in fields(Summary)} <= words
