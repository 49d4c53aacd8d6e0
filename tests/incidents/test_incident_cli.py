"""`hoeder incidents` and `hoeder questions`, as somebody types them."""

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from servers import Database, connection_to
from typer.testing import CliRunner

from hoeder.cli import app
from hoeder.policy import load
from hoeder.stack.s3 import S3
from hoeder.stores.connection import from_file
from hoeder.vault import open_vault


class Terminal:
    """Runs commands with the connections of a governance database and a vault of its own."""

    def __init__(self, connections: Path, folder: Path) -> None:
        self.connections, self.folder = connections, folder

    def run(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*arguments, "--connections", str(self.connections)])
        assert done.exit_code == code, f"{done.output} {done.exception}"
        return done.output

    def report(self, *, hours: int = 2, more: str = "") -> Path:
        file = self.folder / "report.yaml"
        at = datetime.now(UTC) - timedelta(hours=hours)
        file.write_text(
            f"discovered_at: {at.isoformat()}\nfacts: {{kind: published, aspects: [confidentiality]{more}}}\n"
            "texts: {summary: Lijst met Jan Zeldzaam op de website}\n"
        )
        return file


@pytest.fixture
def terminal(governance: Database, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    client, key = s3.client("admin"), Fernet.generate_key().decode()
    made = f"cases-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=made)
    for commands in ("incidents", "incidents_desk"):
        monkeypatch.setattr(
            f"hoeder.cli.{commands}.vault", lambda work, connections: texts_vault(work, connections, made)
        )
    governed = connection_to(governance).model_dump(by_alias=True)
    vault = {
        "conn_type": "aws", "login": s3.keys["admin"].access, "password": s3.keys["admin"].secret,
        "extra": {"endpoint_url": s3.endpoint, "encryption_key": key},
    }  # fmt: skip
    file = tmp_path / "connections.json"
    file.write_text(
        json.dumps({"governance_incidents": governed, "governance_audit_report": governed, "cases_incidents": vault})
    )
    yield Terminal(file, tmp_path)
    for each in client.list_objects_v2(Bucket=made).get("Contents", ()):
        client.delete_object(Bucket=made, Key=each["Key"])
    client.delete_bucket(Bucket=made)


def texts_vault(work: object, connections: Path | None, bucket: str) -> object:
    assert connections
    policy = load()
    policy.stores["cases"] = policy.stores["cases"].model_copy(update={"bucket": bucket})
    return open_vault(policy, from_file(connections), "incidents")


def test_an_incident_from_its_report_to_the_form_and_the_letter(terminal: Terminal, governance: Database) -> None:
    more = ", categories: [email], consequences: [spam]"
    assert "incident 1 is registered" in terminal.run(
        "incidents", "new", str(terminal.report(more=more)), "--by", "clerk"
    )
    listed = json.loads(terminal.run("incidents", "list", "--json"))
    assert [each["phase"] for each in listed] == ["suspected"]
    assert "first check" not in terminal.run("incidents", "check", "1", "looked-at-logs", "--by", "clerk")
    assert "Zeldzaam" not in terminal.run("incidents", "show", "1")
    assert "Zeldzaam" in terminal.run("incidents", "show", "1", "--texts")
    said = terminal.run("incidents", "form", "1", "--out", str(terminal.folder))
    assert "fields are not known yet" in said
    assert json.loads((terminal.folder / "incident-1.json").read_text())["incident"] == 1
    assert (terminal.folder / "incident-1.pdf").read_bytes().startswith(b"%PDF")
    with psycopg.connect(governance.conninfo) as db:
        dumped = str(db.execute("select * from incident_now").fetchall())
    assert "Zeldzaam" not in dumped


def test_the_list_is_red_while_a_clock_is_overdue(terminal: Terminal) -> None:
    terminal.run("incidents", "new", str(terminal.report(hours=30)), "--by", "clerk")
    assert "OVERDUE" in terminal.run("incidents", "list", code=1)


def test_a_wrong_word_is_answered_with_the_nearest(terminal: Terminal) -> None:
    terminal.run("incidents", "new", str(terminal.report()), "--by", "clerk")
    done = CliRunner().invoke(
        app, ["incidents", "check", "1", "looked-at-log", "--connections", str(terminal.connections)]
    )
    assert "did you mean looked-at-logs?" in str(done.exception)


def test_a_report_without_a_vault_registers_nothing(
    terminal: Terminal, governance: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> object:
        raise OSError("no vault")

    monkeypatch.setattr("hoeder.cli.incidents_desk.vault", gone)
    terminal.run("incidents", "new", str(terminal.report()), "--by", "clerk", code=1)
    with psycopg.connect(governance.conninfo) as db:
        assert db.execute("select count(*) from incident").fetchone() == (0,)


def test_the_template_is_a_report_that_is_taken(terminal: Terminal) -> None:
    from hoeder.incidents.facts import read_report

    done = CliRunner().invoke(app, ["incidents", "template"])
    assert read_report(done.output, {}).facts.kind == "sent-to-wrong-person"


def test_questions_that_nobody_counted_or_that_wait_are_red(terminal: Terminal, governance: Database) -> None:
    assert "nobody looked yet" in terminal.run("questions", code=1)
    with psycopg.connect(governance.conninfo, autocommit=True) as db:
        for entry, late in ((1, 2), (2, 0)):
            db.execute(
                """insert into question_count (entry, source, kind, since, asked, answered, late, late_open,
                                               without_day)
                   values (%s, 'contact-form', 'question', today(), 5, 3, 0, %s, 0)""",
                [entry, late],
            )
    assert "0 wait too long" in terminal.run("questions")
