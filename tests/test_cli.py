"""The command line: which connections it reads."""

import pytest

from hoeder.cli import common
from hoeder.errors import StoreError


def test_connections_come_from_the_home_that_the_environment_names(tmp_path, monkeypatch):
    (tmp_path / "connections.json").write_text('{"crm_inventory": {"conn_type": "postgres", "host": "here"}}')
    monkeypatch.setenv("HOEDER_HOME", str(tmp_path))
    assert common.resolver(None)("crm_inventory").host == "here"
    with pytest.raises(StoreError, match=r"connection shop_inventory is not in .*made in Airflow's own pages"):
        common.resolver(None)("shop_inventory")
