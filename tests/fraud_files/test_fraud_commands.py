"""`hoeder fraud-files`: two persons open a file, and the exit code says whether all are as they must be."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from test_fraud_files import KEY, Desk, desk, places
from typer.testing import CliRunner, Result

from hoeder.cli import app
from hoeder.cli import fraud_files as commands
from hoeder.errors import Refused
from hoeder.stores.connection import Connection

__all__ = ["desk", "places"]


@pytest.fixture
def run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(commands, "load", lambda: desk.policy)
    account = desk.db.info
    named = desk.connections | {
        "governance_fraud_files": Connection(
            conn_type="postgres", host=account.host, port=account.port, login=account.user, password="x",
            schema=account.dbname,
        ),
        "reference_key": Connection(conn_type="generic", password=base64.b64encode(KEY.secret).decode()),
    }  # fmt: skip
    path = tmp_path / "connections.json"
    path.write_text(json.dumps({name: each.model_dump(by_alias=True) for name, each in named.items()}))

    def call(*words: str, stdin: str = "") -> Result:
        desk.db.commit()
        return CliRunner().invoke(app, ["fraud-files", *words, "--connections", str(path)], input=stdin)

    return call


def test_two_persons_open_confirm_and_close_a_file_by_commands(desk: Desk, run: Any) -> None:
    signal = desk.signal()
    opened = run("open", signal, "--suspicion", "false-claim", "--facts", "-", "--by", "dpo", stdin="drie retouren")
    assert opened.exit_code == 0, opened.output
    case_id = opened.output.split()[0]
    assert isinstance(run("approve", case_id, "--by", "dpo").exception, Refused)  # the author
    for command, by in (("approve", "compliance"), ("confirm", "dpo"), ("close", "dpo")):
        done = run(command, case_id[:8], "--by", by)
        assert done.exit_code == 0, done.output
    listed = {each["case_id"]: each for each in json.loads(run("list", "--json").output)}
    assert (listed[case_id]["state"], listed[case_id]["suspicion"]) == ("closed", "false-claim")
    assert "drie retouren" not in run("list").output
    desk.check()
    assert run("findings").exit_code == 0
    desk.add("fraud_file", approver=None)
    desk.check()
    shown = run("findings")
    assert shown.exit_code == 1
    assert "one-person" in shown.output
