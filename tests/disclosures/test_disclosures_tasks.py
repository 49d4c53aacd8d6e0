"""The tasks of the DAG and the commands, each in its own process's place, from the file to the receipt."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from disclosing import RUN, TODAY, Desk, written
from typer.testing import CliRunner, Result

from hoeder.cli import app
from hoeder.cli import disclosures as commands
from hoeder.governance.answer import Answer
from hoeder.stores.connection import Connection


@pytest.fixture
def tasks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tasks with the desk's account, and answers as Airflow would have stored them."""
    from hoeder.orchestration import disclosures as module

    @contextmanager
    def governance(_: str) -> Iterator[Any]:
        yield desk.db

    answers: dict[str, Answer] = {}
    monkeypatch.setattr(module, "governance", governance)
    monkeypatch.setattr(module, "load", lambda: desk.policy)
    monkeypatch.setattr(module, "resolve", desk.resolve)
    monkeypatch.setattr(module, "reference_key", lambda: desk.key)
    monkeypatch.setattr(module, "today", lambda: TODAY)
    monkeypatch.setattr(module, "current_run", lambda digest: replace(RUN, policy_digest=digest))
    monkeypatch.setattr(module, "stored_answers", lambda task: [answers[task]] if task in answers else [])
    module.answers = answers  # type: ignore[attr-defined]
    return module


@pytest.fixture
def run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A command with the desk's accounts."""
    monkeypatch.setattr(commands, "load", lambda: desk.policy)
    account = desk.db.info
    named = {
        "governance_disclosures": Connection(
            conn_type="postgres", host=account.host, port=account.port, login=account.user, password="x",
            schema=account.dbname,
        ),
        "cases_disclosures": desk.connections["cases_disclosures"],
        "reference_key": Connection(conn_type="generic", password=base64.b64encode(desk.key.secret).decode()),
    }  # fmt: skip
    path = tmp_path / "connections.json"
    path.write_text(json.dumps({name: each.model_dump(by_alias=True) for name, each in named.items()}))

    def call(*words: str) -> Result:
        desk.db.commit()
        return CliRunner().invoke(app, ["disclosures", *words, "--connections", str(path)])

    return call


def test_from_the_file_to_the_receipt_by_commands_and_tasks(desk: Desk, tasks: Any, run: Any, tmp_path: Path) -> None:
    taken = run("new", str(written(tmp_path)), "--by", "clerk")
    assert taken.exit_code == 0, taken.output
    (case_id,) = desk.cases()
    number = tasks.receive({"case": str(case_id)})
    assert tasks.has_subjects(number)
    (asked,) = tasks.to_check(number)
    assert "Vries" not in asked["body"]
    assert tasks.take_check(number) == "subjects"  # nobody answered yet: nothing is decided
    requires = list(desk.policy.disclosures.power("police", "sv-126nc").requires)  # type: ignore[union-attr]
    tasks.answers["ask_check"] = desk.answer(asked["subject"], "Covered", "dpo", seen=requires)
    assert tasks.take_check(number) == "checked"
    assert (tasks.to_check(number), tasks.to_client(number)) == ([], [])
    assert tasks.prepare(number)["fields_given"] == 2
    assert tasks.prepare(number) == {}  # made once
    assert run("fetch", str(case_id)[:8], "--out", str(tmp_path / "early.p7m")).exit_code == 1
    (asked,) = tasks.to_release(number)
    tasks.answers["ask_release"] = desk.answer(asked["subject"], "Release", "deputy", withheld_confirmed=True)
    assert tasks.release(number) == "released"
    assert tasks.conclude(number) == "released"
    fetched = run("fetch", str(case_id)[:8], "--out", str(tmp_path / "for-them.p7m"))
    assert fetched.exit_code == 0, fetched.output
    again = run("fetch", str(case_id)[:8], "--out", str(tmp_path / "for-them.p7m"))
    assert "cannot be written" in str(again.exception)  # nothing is overwritten
    digest = hashlib.sha256((tmp_path / "for-them.p7m").read_bytes()).hexdigest()
    assert run("received", str(case_id), digest, "--by", "clerk").exit_code == 0
    shown = run("list", "--json")
    listed = {each["case_id"]: each for each in json.loads(shown.output)}
    one = listed[str(case_id)]
    assert (one["state"], one["fields_asked"], one["fields_given"], one["late"]) == ("closed", 4, 2, None)
    assert "Jan de Vries" not in run("show", str(case_id)).output
    assert "Jan de Vries" in run("show", str(case_id), "--persons").output


def test_a_form_opens_a_case_that_waits_for_its_subjects(desk: Desk, tasks: Any, run: Any, tmp_path: Path) -> None:
    path = written(tmp_path)
    form = {
        "case": None, "authority": "police", "power": "sv-126nc", "article": "Sv 126nc",
        "document": hashlib.sha256((tmp_path / "order.pdf").read_bytes()).hexdigest(), "received_on": "2026-11-20",
        "verified": "called-back", "compelled": True, "secret_until": None, "client": None,
        "asked": ["user.name", "user.contact"],
    }  # fmt: skip
    number = tasks.receive(form)
    assert not tasks.has_subjects(number)
    assert tasks.to_check(number) == []
    assert run("subjects", number, str(path)).exit_code == 0
    assert tasks.has_subjects(number)
    with pytest.raises(AirflowException, match="the form: document"):
        tasks.receive(form | {"document": None})


@pytest.mark.parametrize("number", ["Jan de Vries", "", "00000000-0000-0000-0000-000000000000"])
def test_what_is_no_case_is_refused_without_being_repeated(tasks: Any, number: str) -> None:
    with pytest.raises(AirflowFailException, match="case") as error:
        tasks.prepare(number)
    assert "Vries" not in str(error.value)


def test_a_late_check_shows_in_the_list_and_its_exit_code(desk: Desk, run: Any) -> None:
    desk.new(received_on=TODAY - timedelta(days=30))
    shown = run("list")
    assert shown.exit_code == 1
    assert ", 1 late" in shown.output
