"""The command line: its help, and which connections it reads."""

import re

import pytest
import typer
from typer.testing import CliRunner

from hoeder.cli import app, common
from hoeder.errors import StoreError


def test_connections_come_from_the_home_that_the_environment_names(tmp_path, monkeypatch):
    (tmp_path / "connections.json").write_text('{"crm_inventory": {"conn_type": "postgres", "host": "here"}}')
    monkeypatch.setenv("HOEDER_HOME", str(tmp_path))
    assert common.resolver(None)("crm_inventory").host == "here"
    with pytest.raises(StoreError, match=r"connection shop_inventory is not in .*made in Airflow's own pages"):
        common.resolver(None)("shop_inventory")


def test_the_help_shows_every_command_once_under_a_heading():
    shown = CliRunner().invoke(app, ["--help"]).output
    listed = re.findall(r"^  ([a-z-]+)  ", shown.partition("Without any policy:")[2], flags=re.MULTILINE)
    assert sorted(listed) == sorted(typer.main.get_group(app).commands)
