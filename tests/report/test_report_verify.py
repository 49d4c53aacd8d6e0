"""A report is signed, stored under lock, and checked by counting every figure again."""

import base64
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import report_seed as seed
import rfc8785
from botocore.exceptions import ClientError
from click.testing import Result
from servers import Database, fresh_database
from typer.testing import CliRunner

from hoeder.cli.report import app
from hoeder.errors import EvidenceError, ReportError, StoreError
from hoeder.evidence import ledger, seal
from hoeder.evidence.ledger import Connection, Outcome
from hoeder.evidence.note import Key, Signer
from hoeder.policy.models import Policy
from hoeder.report import publish
from hoeder.report.document import parse, sign
from hoeder.report.period import Period
from hoeder.report.verify import Verified, verify
from hoeder.stack.postgres import Postgres
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection as Account

AFTER_NOW = """
    create function after_now() returns trigger language plpgsql as $$
    begin
        new.recorded_at := '2099-11-22 14:00+00';
        return new;
    end $$;
    create trigger zz_after_now before insert on ledger for each row
        when (new.activity like 'audit_report.%') execute function after_now();
"""
"""What a report writes about itself comes after its moment, as it would if the moment were not in the future."""


@dataclass
class Office:
    """A company at work, with a ledger key and a bucket under object lock; and the report of its month."""

    db: Connection
    policy: Policy
    accounts: dict[str, Account]
    client: Any
    bucket: str
    signer: Signer
    files: dict[str, bytes]

    def resolve(self, name: str) -> Account:
        if name not in self.accounts:
            raise StoreError(f"there is no connection {name}")
        return self.accounts[name]

    def publish(self, period: str = "2099-11", language: str = "nl") -> dict[str, str]:
        made = publish.run(
            self.db, self.policy, self.resolve, run=seed.RUN_REPORT, period=Period.parse(period), now=seed.NOW,
            language=language,
        )  # fmt: skip
        return made.addresses

    def stored(self) -> set[str]:
        return {item["Key"] for item in self.client.list_objects_v2(Bucket=self.bucket).get("Contents", [])}

    def verify(self, content: bytes | None = None, *, note: bytes | None = None, **files: bytes) -> Verified:
        pages = {"report.html": self.files["report.html"]} | {f"report.{kind}": each for kind, each in files.items()}
        return verify(
            self.db, self.policy, content or self.files["report.json"], note or self.files["report.sig"],
            publish.keys(self.db, self.resolve), pages,
        )  # fmt: skip

    def signed(self, change: Any) -> Verified:
        """Verify a report that was changed before somebody with the key signed it."""
        told = json.loads(self.files["report.json"])
        change(told)
        content = rfc8785.dumps(told)
        files = self.files | {"report.json": content}
        del files["report.sig"]
        return self.verify(content, note=sign(self.signer, seed.PERIOD, "nl", files))


@pytest.fixture(scope="module")
def office(postgres: Postgres, migrated: Database, s3: S3, policy: Policy) -> Iterator[Office]:
    name, client, keys, secret = f"reports-{secrets.token_hex(4)}", s3.client("admin"), s3.keys["admin"], bytes(32)
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    bucket = Account(
        conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint, "bucket": name}
    )
    accounts = {
        "evidence_evidence_seal": bucket,
        "reports_audit_report": bucket,
        "ledger_key": Account(conn_type="generic", password=base64.b64encode(secret).decode()),
    }
    with fresh_database(postgres, template=migrated.dbname) as database, psycopg.connect(database.conninfo) as db:
        seed.before(db)
        seed.work(db)
        signer = Signer(seal.origin(db), secret)
        db.execute(AFTER_NOW)
        db.commit()
        made = Office(db, policy, accounts, client, name, signer, {})
        made.files = publish.read(made.resolve, made.publish())
        yield made


def test_the_files_lie_under_lock_and_the_ledger_says_which_days_they_are_about(office: Office) -> None:
    assert {key.rpartition("/")[2] for key in office.stored()} >= set(publish.KINDS)
    for key in office.stored():
        version = office.client.head_object(Bucket=office.bucket, Key=key)["VersionId"]
        with pytest.raises(ClientError):
            office.client.delete_object(Bucket=office.bucket, Key=key, VersionId=version)
    last = next(e for e in ledger.entries(office.db) if e.act == "report" and e.phase == "outcome")
    office.db.rollback()
    assert last.outcome == "done"
    assert last.counts == {"files": 4, "first_day": 20991101, "last_day": 20991130}


def test_every_figure_comes_out_the_same_when_counted_again(office: Office) -> None:
    found = office.verify()
    assert found.differences == ()
    assert found.figures > 1_000
    assert found.signature_only < found.figures / 3


def test_what_happens_later_does_not_change_a_report_of_before(office: Office) -> None:
    seed.act(office.db, "retention", "erase", "complaint", Outcome.DONE, at=seed.NOW + timedelta(days=3),
             case_id=seed.PLAN, counts={"erased": 9, "remaining": 0})  # fmt: skip
    seed.scan(office.db, "crm", finished_at=seed.NOW + timedelta(days=3))
    office.db.commit()
    assert office.verify().differences == ()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda told: next(k for k in told["kpis"] if k["key"] == "past_due").update(part=0), "kpis.past_due.part"),
        (
            lambda told: next(k for k in told["kpis"] if k["key"] == "drift")["grounds"][0].update(digest="0" * 64),
            "kpis.drift.grounds",
        ),
        (
            lambda told: next(k for k in told["kpis"] if k["key"] == "erased")["earlier"][0].update(part=1),
            "kpis.erased.earlier.2099-07.part",
        ),
        (lambda told: told["evidence"].update(last=7), "evidence.last"),
        (lambda told: told["holds"].pop(), "holds.audit-2099-q3"),
        (lambda told: told["retention"]["rules"][0]["part"].update(due=3), "retention.rules.contact-message.part.due"),
        (lambda told: told.update(opinion="all is well"), "opinion"),
    ],
)
def test_each_figure_that_differs_is_named_even_under_a_good_signature(office: Office, change: Any, where: str) -> None:
    found = office.signed(change)
    assert found.differences and all(each.where.startswith(where) for each in found.differences), found.differences


def test_a_report_that_was_changed_after_signing_is_named_with_its_figure(office: Office) -> None:
    told = json.loads(office.files["report.json"])
    next(k for k in told["kpis"] if k["key"] == "past_due")["part"] = 0
    found = office.verify(rfc8785.dumps(told))
    assert [each.where for each in found.differences] == ["report.json (SHA-256)", "kpis.past_due.part"]


def test_a_page_that_was_changed_is_named(office: Office) -> None:
    found = office.verify(html=office.files["report.html"] + b" ")
    assert [each.where for each in found.differences] == ["report.html (SHA-256)"]


def test_a_ledger_that_was_changed_behind_a_report_is_found_out(office: Office) -> None:
    with office.db.transaction(force_rollback=True):
        office.db.execute("set local session_replication_role = replica")
        office.db.execute("""update ledger set counts = counts || '{"erased": 1}' where counts ? 'erased'""")
        office.db.execute("set local session_replication_role = origin")
        told = parse(office.files["report.json"])
        from hoeder.report.kpis.all import KPIS
        from hoeder.report.kpis.figure import figure

        kpi = next(kpi for kpi in KPIS if kpi.key == "erased")
        again = figure(office.db, office.policy, kpi, seed.PERIOD, seed.NOW)
    before = next(each for each in told["kpis"] if each["key"] == "erased")
    assert again.part != before["part"] and again.grounds[0].digest != before["grounds"][0]["digest"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "not JSON"),
        (b"[]", "schema"),
        (b'{"schema":"hoeder.report/0"}', "schema"),
        (b'{"schema": "hoeder.report/1"}', "canonical"),
    ],
)
def test_what_is_no_report_is_said_to_be_none(content: bytes, error: str) -> None:
    with pytest.raises(ReportError, match=error):
        parse(content)


def test_another_key_another_note_and_another_policy_are_refused(office: Office) -> None:
    files = {name: each for name, each in office.files.items() if name != "report.sig"}
    stranger = Signer(office.signer.key.name, secrets.token_bytes(32))
    with pytest.raises(EvidenceError, match="no trusted key signed it"):
        office.verify(note=sign(stranger, seed.PERIOD, "nl", files))
    with pytest.raises(ReportError, match="not about a report"):
        from hoeder.evidence.note import sign_text

        office.verify(note=sign_text(f"{office.signer.key.name}/keys\nx\n", office.signer))
    other = office.policy.model_copy(update={"digest": "c" * 64})
    with pytest.raises(ReportError, match="made under policy bbbbbbbbbbbb"):
        verify(office.db, other, office.files["report.json"], office.files["report.sig"],
               [office.signer.key], {})  # fmt: skip


@pytest.mark.parametrize(
    ("period", "language", "error"),
    [("2100-01", "nl", "still to come"), ("2098", "nl", "nothing of period"), ("2099-11", "de", "choose nl or en")],
)
def test_a_report_that_cannot_be_made_leaves_no_file_and_no_signature(
    office: Office, period: str, language: str, error: str
) -> None:
    before = office.stored()
    with pytest.raises(ReportError, match=error):
        office.publish(period, language)
    assert office.stored() == before


def test_with_a_key_that_is_not_the_ledgers_nothing_is_stored(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.stored()
    other = Key(office.signer.key.name, Signer(office.signer.key.name, b"x" * 32).key.public)
    wrong = office.accounts["ledger_key"].model_copy(update={"extra": {"anchor": other.vkey}})
    monkeypatch.setitem(office.accounts, "ledger_key", wrong)
    with pytest.raises(ReportError, match="may not sign the report"):
        office.publish()
    monkeypatch.delitem(office.accounts, "ledger_key")
    with pytest.raises(StoreError, match="ledger_key"):
        office.publish()
    assert office.stored() == before
    office.db.rollback()


def test_fetched_reports_verify_from_their_folder(office: Office, tmp_path: Path) -> None:
    copies = {path.name: path for path in publish.fetch(office.accounts["reports_audit_report"], tmp_path)}
    [name] = [name for name in copies if name.endswith("-nl-report.json")]
    assert copies[name].read_bytes() == office.files["report.json"]


@pytest.fixture
def connections(office: Office, tmp_path: Path) -> Path:
    info = office.db.info
    database = Account(
        conn_type="postgres", host=info.host, port=info.port, login=info.user, password=info.password,
        schema=info.dbname,
    )  # fmt: skip
    accounts = office.accounts | {"governance_audit_report": database}
    path = tmp_path / "connections.json"
    path.write_text(json.dumps({name: account.model_dump(mode="json") for name, account in accounts.items()}))
    return path


def command(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def handed_over(office: Office, folder: Path, **changed: bytes) -> Path:
    for name, content in office.files.items():
        (folder / name).write_bytes(changed.get(name.partition(".")[2], content))
    return folder / "report.json"


def test_the_command_verifies_a_report_with_the_key_that_was_handed_over(
    office: Office, connections: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoeder.policy.load", lambda folder=None: office.policy)
    report, key = handed_over(office, tmp_path), office.signer.key.vkey
    done = command("verify", str(report), "--key", key, "--connections", str(connections))
    assert done.exit_code == 0, done.output
    assert "report of 2099-11" in done.output and " 0 differ" in done.output
    report = handed_over(office, tmp_path, html=b"<p>all is well</p>")
    done = command("verify", str(report), "--key", key, "--connections", str(connections), "--json")
    assert done.exit_code == 1
    assert [each["where"] for each in json.loads(done.stdout)["differences"]] == ["report.html (SHA-256)"]


def test_the_command_asks_for_what_is_not_there(office: Office, connections: Path, tmp_path: Path) -> None:
    report = handed_over(office, tmp_path)
    (tmp_path / "report.sig").unlink()
    done = command("verify", str(report), "--connections", str(connections))
    assert isinstance(done.exception, ReportError) and "report.sig is not there" in str(done.exception)


def test_the_command_refuses_a_period_to_come(office: Office, connections: Path) -> None:
    before = office.stored()
    done = command("build", "--period", "2150-Q1", "--connections", str(connections))
    assert isinstance(done.exception, ReportError) and "still to come" in str(done.exception)
    assert office.stored() == before
