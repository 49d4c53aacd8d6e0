"""Connections and what is behind them: no password in an error, no TLS setting ignored, no store under two names."""

import json
from pathlib import Path

import psycopg
import pytest
from servers import Database, connection_to

from hoeder.errors import StoreError
from hoeder.policy import Policy, load
from hoeder.stores.agree import differences
from hoeder.stores.connection import Connection, connect, from_file

PASSWORD = "hunter2-of-the-crm"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps({"crm": {"login": "crm", "password": PASSWORD}}), "conn_type"),
        (json.dumps({"crm": {"conn_type": "postgres", "password": [PASSWORD]}}), "password"),
        (json.dumps({"crm": f"postgresql://crm:{PASSWORD}@db/crm"}), "connection crm in"),
        (json.dumps([PASSWORD]), "not a JSON object"),
        (f'{{"crm": {{"password": "{PASSWORD}",,}}}}', "it is not JSON"),
        (json.dumps({"hr": {"conn_type": "postgres"}}), "crm is not in"),
    ],
)
def test_a_connection_that_cannot_be_used_is_named_without_its_password(
    tmp_path: Path, content: str, message: str
) -> None:
    file = tmp_path / "connections.json"
    file.write_text(content)
    with pytest.raises(StoreError, match=message) as raised:
        from_file(file)("crm")
    assert str(file) in str(raised.value)
    assert PASSWORD not in str(raised.value)
    assert raised.value.__cause__ is None


def test_an_incomplete_connection_from_elsewhere_does_not_print_its_password() -> None:
    with pytest.raises(ValueError, match="conn_type") as raised:
        Connection.model_validate({"password": PASSWORD})
    assert PASSWORD not in str(raised.value)


def test_tls_that_a_connection_demands_is_never_left_out(database: Database) -> None:
    plain = connection_to(database)
    connect(plain).close()
    for extra in ({"sslmode": "verify-full", "sslrootcert": "system"}, {"sslmode": "require"}, {"sslmod": "require"}):
        with pytest.raises(StoreError, match=r"(?i)ssl"):
            connect(plain.model_copy(update={"extra": extra}))


def small(*stores: tuple[str, str]) -> Policy:
    """The shipped policy with only these stores, each `(name, schema)`, and no rules or releases."""
    policy = load()
    crm = policy.stores["crm"]
    return policy.model_copy(
        update={
            "stores": {
                name: crm.model_copy(update={"connection": name, "schemas": (schema,)}) for name, schema in stores
            },
            "retention": (),
            "releases": (),
        }
    )


def test_a_schema_that_is_not_there_is_a_difference(database: Database) -> None:
    found = differences(small(("crm", "pubic")), lambda _: connection_to(database))
    assert found == ["store crm: schema pubic does not exist; did you mean public?"]


def test_two_connections_that_lead_to_one_place_are_a_difference(database: Database) -> None:
    with psycopg.connect(database.conninfo, autocommit=True) as db:
        db.execute("create schema sales")
    here = connection_to(database)
    assert differences(small(("a", "public"), ("b", "sales")), lambda _: here) == []
    (found,) = differences(small(("a", "public"), ("b", "public")), lambda _: here)
    assert "store b is the same place as store a" in found
