"""The policy describes exactly what there is, but for what was hidden on purpose."""

import psycopg
import pytest
from small_company import Company

from hoeder.demo.roles import BUILDER
from hoeder.policy.base import Role
from hoeder.policy.load import load
from hoeder.stores import contents
from hoeder.stores.anchors import StoredObject

FORGOTTEN = {("bellijst_najaar", column) for column in ("id", "naam", "mobiel", "mail", "gebeld")}
UNDECLARED = {"crm": {("complaint", "reply_to"), *FORGOTTEN}, "hr": set(), "partners": set()}


def _columns(company: Company, database: str) -> set[tuple[str, str]]:
    with psycopg.connect(company.server.conninfo(database)) as connection:
        return set(
            connection.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            )
        )


def _declared(store: str) -> set[tuple[str, str]]:
    return {(name, column) for name, table in load().datasets[store].tables.items() for column in table.columns}


@pytest.mark.parametrize("store", UNDECLARED)
def test_every_column_is_declared_but_the_hidden_ones(company: Company, store: str) -> None:
    assert _columns(company, store) - _declared(store) == UNDECLARED[store]
    assert _declared(store) <= _columns(company, store)


def test_of_the_legacy_store_only_a_part_is_declared(company: Company) -> None:
    if any("legacy stays empty" in line for line in company.said):
        pytest.skip("no Northwind file on this machine")
    present = _columns(company, "legacy")
    assert _declared("legacy") <= present
    assert ("employees", "birth_date") in present - _declared("legacy")
    assert {table for table, _ in _declared("legacy")} == {"customers", "orders"}


@pytest.mark.parametrize("store", ["web", "documents", "mailbox", "recordings", "returns", "cases", "campaigns"])
def test_every_object_lies_under_a_declared_prefix_and_has_the_declared_columns(company: Company, store: str) -> None:
    prefixes = load().datasets[store].prefixes
    client = company.s3.client(BUILDER)
    found: dict[str, set[str]] = {name: set() for name in prefixes}
    for key in company.objects(store):
        (prefix,) = [name for name in prefixes if key.startswith(name)]
        head = client.head_object(Bucket=store, Key=key)
        stored = StoredObject(key, head["ContentLength"], head["ETag"], head["LastModified"], None)
        found[prefix] |= set(contents.read(client, store, stored, prefixes[prefix].format))
    assert found == {name: set(prefix.columns) for name, prefix in prefixes.items()}


def test_clients_data_are_held_as_processor_and_employees_data_as_employer() -> None:
    policy = load()
    tables = policy.datasets["crm"].tables
    assert {name for name, table in tables.items() if table.role is Role.PROCESSOR} == {"customer", "client_note"}
    assert all(tables[name].client_column == "client_id" for name in ("customer", "client_note"))
    assert policy.stores["hr"].role is policy.stores["documents"].role is Role.EMPLOYER
