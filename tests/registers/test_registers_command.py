"""`hoeder registers`, `attest` and `attestations`: the answer first, exit code 0 only when all is well."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from seeded import plain, policy, scanned
from servers import Database, connection_to
from typer.testing import CliRunner, Result

from hoeder.cli import app, attest, registers
from hoeder.errors import HoederError

Run = Callable[..., Result]


@pytest.fixture
def run(governed: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command against the database of this file, under the small policy with one kind of attestation."""
    said = plain()
    said["attestations"] = [
        {"kind": "training", "nl": "t", "en": "t", "because": "b", "attested_by": ["clerk"], "months": 12}
    ]
    for module in (registers, attest):
        monkeypatch.setattr(module, "load", lambda: policy(said))
    fields = connection_to(governed).model_dump()
    connections = tmp_path / "connections.json"
    connections.write_text(json.dumps({f"governance_{who}": fields for who in ("registers", "audit_report")}))

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--connections", str(connections)])

    with psycopg.connect(governed.conninfo) as db:
        scanned(db)
    return call


def test_the_command_lists_processings_and_says_with_its_exit_code_that_something_is_wrong(run: Run) -> None:
    shown = run("registers")
    assert shown.exit_code == 1, shown.output
    assert "controller" in shown.output
    assert "notes" in shown.output
    assert "training: attestation missing" in shown.output
    of_one = run("registers", "--client", "acme")
    assert of_one.exit_code == 0, of_one.output
    assert "bolt" not in of_one.output
    assert "training" not in of_one.output


def test_what_is_stated_is_listed_and_withdrawn_and_the_registers_follow(run: Run, tmp_path: Path) -> None:
    paper = tmp_path / "Wubbegien.pdf"
    paper.write_bytes(b"%PDF-1.7 text")
    given = run("attest", "training", "--document", str(paper), "--by", "clerk")
    assert given.exit_code == 0, given.output
    assert "Wubbegien" not in given.output
    assert run("attestations").exit_code == 0
    fine = run("registers", "--json")
    assert fine.exit_code == 0, fine.output
    assert json.loads(fine.output)["findings"] == []
    name = re.match(r"\S+", given.output)
    assert name
    gone = run("attestations", "withdraw", name[0], "--because", "mistake", "--by", "clerk")
    assert gone.exit_code == 0, gone.output
    assert run("attestations").exit_code == 1


def test_versions_are_told_once_they_are_written(run: Run) -> None:
    written = run("registers", "refresh")
    assert written.exit_code == 0, written.output
    told = run("registers", "history", "controller")
    assert "controller version 1" in told.output
    assert "first version" in told.output
    assert json.loads(run("registers", "history", "--json").output)[0]["register"] == "client-acme"
    unknown = run("registers", "history", "client-acmee")
    assert isinstance(unknown.exception, HoederError)
    assert "there is no register client-acmee; there are: client-acme" in str(unknown.exception)


@pytest.mark.parametrize("form", ["xlsx", "jsonld", "fides"])
def test_an_export_is_a_file_of_one_client_or_of_all(run: Run, tmp_path: Path, form: str) -> None:
    file = tmp_path / "register"
    done = run("registers", "export", "--format", form, "--out", str(file), "--client", "acme")
    assert done.exit_code == 0, done.output
    assert file.stat().st_size > 500


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("registers", "export", "--format", "pdf", "--out", "x"), "--format pdf: there are xlsx, jsonld, fides"),
        (("registers", "export", "--format", "fides", "--out", "x", "--language", "fr"), "fr: there are nl, en"),
        (("registers", "--client", "nobody"), "clients knows no nobody; there are: acme, bolt"),
        (("attest", "training", "--document", "missing.pdf", "--by", "clerk"), "missing.pdf: cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(run: Run, words: tuple[str, ...], message: str) -> None:
    failed = run(*words)
    assert isinstance(failed.exception, HoederError)
    assert message in str(failed.exception)
