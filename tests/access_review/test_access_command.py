"""`hoeder access`: the answer first, names on the terminal alone, exit code 0 only when all is well."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from office import Office
from servers import connection_to
from typer.testing import CliRunner, Result

from hoeder.cli import access_review as commands
from hoeder.cli import app
from hoeder.errors import HoederError
from hoeder.stores.connection import Connection

Run = Callable[..., Result]


@pytest.fixture
def run(office: Office, governance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(commands, "load", lambda: office.policy)
    monkeypatch.setattr(commands, "_now", lambda: office.now)
    key = Connection(conn_type="generic", password=base64.b64encode(office.key.secret).decode())
    governed = connection_to(governance)
    known = {"reference_key": key, **office.connections,
             **{f"governance_{who}": governed for who in ("access_review", "audit_report")}}  # fmt: skip
    file = tmp_path / "connections.json"
    file.write_text(json.dumps({name: one.model_dump(by_alias=True) for name, one in known.items()}))

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, ["access", *words, "--connections", str(file)])

    return call


def test_an_owner_sees_whose_it_is_decides_and_takes_it_away(office: Office, run: Run) -> None:
    office.login("zwaluwenborg_nobody")
    assert (run("review").exit_code, run("list").exit_code) == (0, 1)
    assert "zwaluw" not in run("list").output
    assert "zwaluw" in run("list", "--names").output
    plain = json.loads(run("list", "--json").stdout)
    (finding,) = plain["findings"]
    assert (finding["kind"], finding["proposed"], finding["owner"]) == ("orphan", "remove", "chief")
    decided = run("decide", str(finding["finding"]), "remove", "--because", "no-need", "--list", plain["list"][:16],
                  "--by", "chief")  # fmt: skip
    assert decided.output.strip() == "1 to remove"
    assert "carried" in run("list").output
    assert run("withdraw").output.strip() == "1 withdrawn"
    assert run("list").exit_code == 0
    assert "gone" in run("list", "--all").output


def test_the_register_has_every_right_and_nobodys_name(office: Office, run: Run) -> None:
    office.db.execute("update worker set status = 'left', left_on = '2026-11-20' where id = 1")
    office.login("zwaluwenborg1", "agent_red")
    run("review")
    lines = [json.loads(line) for line in run("register").stdout.splitlines()]
    assert sum(line["person"] is not None for line in lines) == 9  # what HR gave eight, and a group in the database
    (group,) = [line for line in lines if line["right"] == "member"]
    assert (group["status"], group["client"], group["needed"], group["hours_since_leaving"]) == (
        "left",
        "red",
        False,
        36,
    )
    assert "zwaluw" not in run("register").output


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("7", "erase", "--because", "x", "--list", "0" * 16), "erase is no decision"),
        (("7", "keep", "--because", "needed", "--list", "0" * 16), "not the last list"),
        (("7", "keep", "--because", "needed", "--list", "{list}", "--by", "chief"), "finding 7 is not in this list"),
        (("seven", "keep", "--because", "needed", "--list", "{list}", "--by", "chief"), "such as 7, 9"),
    ],
)
def test_what_makes_no_sense_is_answered_in_words(run: Run, words: tuple[str, ...], reason: str) -> None:
    run("review")
    shown = json.loads(run("list", "--json").stdout)["list"]
    result = run("decide", *(word.format(list=shown) for word in words))
    assert result.exit_code == 1
    assert isinstance(result.exception, HoederError)
    assert reason in str(result.exception)


def test_without_a_review_there_is_nothing_to_list(run: Run) -> None:
    assert isinstance(run("list").exception, HoederError)
    assert isinstance(run("clients").exception, HoederError)
