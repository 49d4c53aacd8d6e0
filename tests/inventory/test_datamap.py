"""The map, what changed on it, and the events that say it to other tools."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from shopkeeper import Shop, policy
from typer.testing import CliRunner

from hoeder.cli import app
from hoeder.inventory.datamap import DataMap, Place, draw
from hoeder.inventory.lineage import Flow, flows

ROOT = Path(__file__).parents[2]


def places(drawn: DataMap) -> dict[str, Place]:
    return {place.object: place for store in drawn.stores for place in store.places}


def test_the_map_says_whose_what_for_who_gets_it_and_how_old(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    drawn = draw(shop.governance, shop.policy)
    note, customer = places(drawn)["note"], places(drawn)["customer"]
    assert (customer.rows, customer.subject_kind, customer.recipients) == (30, "customer", ("the client",))
    assert customer.clients == {"1": 15, "2": 15}
    assert (note.purpose, note.role, [term.rule for term in note.terms]) == ("p", "processor", ["notes"])
    assert str(note.terms[0].oldest) == "2026-10-01"
    assert drawn.rows_by_subject == {"customer": 60}
    assert drawn.rows_by_client == {"1": 30, "2": 30}


def test_what_appeared_grew_and_vanished_is_said_once(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute("create table old (n int)")
    shop.scan()
    assert {place.change for place in places(draw(shop.governance, shop.policy)).values()} == {"same"}
    shop.store.execute("""
        drop table old; create table fresh (n int);
        insert into note select n, 1 + n % 2, null, 'nog een', '2026-10-02' from generate_series(31, 60) n
    """)
    shop.scan()
    drawn = draw(shop.governance, shop.policy)
    assert {name: place.change for name, place in places(drawn).items()} == {
        "customer": "same", "note": "grew", "fresh": "appeared",
    }  # fmt: skip
    assert drawn.stores[0].vanished == ("old",)
    shop.scan()
    assert {place.change for place in places(draw(shop.governance, shop.policy)).values()} == {"same"}


def test_a_store_that_was_never_scanned_is_on_the_map_all_the_same(shop_of_clients: Shop) -> None:
    drawn = draw(shop_of_clients.governance, policy())
    assert [(store.store, store.scanned_at) for store in drawn.stores] == [("shop", None)]


def test_the_dags_lineage_is_read_from_their_files() -> None:
    found = {flow.dag: flow for flow in flows(ROOT / "dags")}
    assert found["inventory"].brings == ("inventory",)
    assert found["retention"] == Flow("retention", ("inventory",), ("erasures",))
    assert set(found["audit_report"].waits_for) == {"releases", "erasures"}


REQUIRED = {"eventTime", "producer", "schemaURL", "dataset"}  # of a DatasetEvent, by OpenLineage 2-0-2


def test_every_dataset_has_one_event_with_what_openlineage_requires(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    events = dict(shop.governance.execute("select object, event from lineage_event").fetchall())
    assert set(events) == {"customer", "note"}
    for event in events.values():
        assert event.keys() >= REQUIRED
        assert not event.keys() & {"job", "run"}, "those would make it another kind of event"
        assert datetime.fromisoformat(event["eventTime"]).tzinfo is not None
        assert event["dataset"].keys() >= {"namespace", "name", "facets"}
        assert event["dataset"]["namespace"].startswith("postgres://")
        for facet in event["dataset"]["facets"].values():
            assert facet.keys() >= {"_producer", "_schemaURL"}
    personal = events["customer"]["dataset"]["facets"]["hoeder_personalData"]
    assert personal["subjectKind"] == "customer"
    assert {"name": "email", "declared": "user.contact.email", "found": "user.contact.email", "verdict": "agreed"} in (
        personal["columns"]
    )
    assert "@a.example" not in json.dumps(events)


@pytest.fixture
def command(shop_of_clients: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line against the shop's governance database, where two findings are open and one is red."""
    shop = shop_of_clients
    shop.scan()
    shop.store.execute("create table list as select id, email as mail from customer")
    shop.scan()
    ours = shop.connections["governance_inventory"].model_dump(by_alias=True)
    file = tmp_path / "connections.json"
    file.write_text(json.dumps({"governance_inventory": ours, "governance_audit_report": ours}))
    monkeypatch.setitem(os.environ, "HOEDER_CONNECTIONS", str(file))
    monkeypatch.setattr("hoeder.policy.load", lambda: shop.policy)
    return CliRunner()


def test_the_command_lists_decides_and_is_red_until_then(command: CliRunner) -> None:
    listed = command.invoke(app, ["findings", "--json"])
    assert listed.exit_code == 1, "a new table has no term"
    found = {f"{f['object']} {f['kind']}": f for f in json.loads(listed.stdout)}
    assert {"customer no-retention", "list no-retention", "list undeclared"} <= set(found)
    red = found["list no-retention"]
    assert red["blocks"]
    wrong = command.invoke(app, ["findings", "decide", str(red["finding"]), "accept", "--because", "made-up"])
    assert "there are: legal-duty" in str(wrong.exception)
    decision = ["accept", "--because", "temporary", "--until", "2099-01-31", "--by", "dpo"]
    done = command.invoke(app, ["findings", "decide", str(red["finding"]), *decision])
    assert done.exit_code == 0, done.output
    assert "accept (temporary) by dpo until 31-01-2099" in done.output
    assert command.invoke(app, ["findings"]).exit_code == 0
    assert json.loads(command.invoke(app, ["findings", "quality", "--json"]).stdout)[0]["category"] == "all"


def test_the_command_draws_the_map_and_prints_events(command: CliRunner, shop_of_clients: Shop) -> None:
    plain = json.loads(command.invoke(app, ["map", "--json"]).stdout)
    assert plain["rows_by_client"] == {"1": 30, "2": 30}
    drawn = command.invoke(app, ["map"]).output
    assert "list  30 rows" in drawn
    assert "not in policy, appeared" in drawn
    events = command.invoke(app, ["map", "--openlineage"]).stdout.splitlines()
    assert len(events) == 3
    assert all(json.loads(event)["dataset"] for event in events)
