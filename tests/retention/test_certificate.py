"""A certificate proves itself with the ledger's public key, and refuses whatever was done to it."""

import base64
import contextlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from shop import RUN, Shop
from typer.testing import CliRunner

from hoeder.cli.certificate import app
from hoeder.clock import AMSTERDAM
from hoeder.errors import EvidenceError, Refused, StoreError
from hoeder.evidence import sealing
from hoeder.evidence.note import Key, Signer
from hoeder.evidence.seal import origin
from hoeder.report import certificate as papers
from hoeder.report.read_retention import read_retention
from hoeder.retention import certificate, conclude
from hoeder.retention.verify import verify
from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection

NOW = datetime.now(AMSTERDAM)


@dataclass
class Office:
    """The shop, with a ledger key and buckets for evidence and reports."""

    shop: Shop
    bucket: str
    anchor: Key

    def execute(self) -> Any:
        plan = self.shop.plan()
        for part in plan.parts:
            if part.due:
                self.shop.erase(plan, part.rule)
        return plan

    def verify(self, plan: Any) -> dict[str, int]:
        shop = self.shop
        return verify(plan.plan, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN)

    def issue(self, plan: Any) -> str | None:
        return certificate.issue(self.shop.governance, self.shop.policy, plan.plan, run=RUN, now=NOW)

    def store(self, plan: Any) -> bytes:
        """Seal, assemble and store; the file."""
        shop = self.shop
        sealing.run(shop.governance, shop.policy, shop.resolve, run=RUN, now=NOW)
        papers.store(shop.governance, shop.policy, shop.resolve, plan_id=plan.plan, now=NOW)
        got = shop.bucket.client.get_object(Bucket=self.bucket, Key=f"certificates/{plan.plan}/certificate.json")
        return got["Body"].read()

    def made(self) -> bytes:
        plan = self.execute()
        self.verify(plan)
        self.issue(plan)
        return self.store(plan)


@pytest.fixture
def office(shop: Shop, s3: S3) -> Iterator[Office]:
    name = f"evidence-{secrets.token_hex(4)}"
    client = s3.client("admin")
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    keys = s3.keys["admin"]
    bucket = Connection(
        conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint, "bucket": name}
    )
    seed = secrets.token_bytes(32)
    shop.connections |= {
        "evidence_evidence_seal": bucket,
        "reports_audit_report": bucket,
        "ledger_key": Connection(conn_type="generic", password=base64.b64encode(seed).decode()),
    }
    stores = {
        name: store.model_copy(update={"backups_kept_days": 30 if name == "shop" else 35})
        for name, store in shop.policy.stores.items()
    }
    shop.policy = shop.policy.model_copy(update={"stores": stores})
    yield Office(shop, name, Signer(origin(shop.governance), seed).key)


def test_a_completed_plan_gets_a_certificate_that_proves_itself_offline(office: Office) -> None:
    plan = office.execute()
    assert not conclude(office.shop.governance, plan.plan).completed  # not before the second look
    assert set(office.verify(plan).values()) == {0}
    assert conclude(office.shop.governance, plan.plan).completed
    digest = office.issue(plan)
    content = office.store(plan)
    found = certificate.verify(content, office.anchor.vkey)
    assert (found.digest, found.file(), found.body["plan"]["id"]) == (digest, content, str(plan.plan))
    assert found.body["plan"]["digest"] == plan.digest
    assert found.body["approval"]["by"] == "dpo"
    assert found.body["verification"]["remaining"] == 0
    parts = {part["rule"]: part for part in found.body["parts"]}
    assert {rule: part["erased"] for rule, part in parts.items()} == {
        part.rule: part.due for part in plan.parts if part.due
    }
    # Everything that was planned was erased, so both lists of keys are the same one.
    assert all(part["erased_digest"] == part["planned_digest"] for part in parts.values())
    day = NOW.date()
    assert parts["message"]["last_backup"] == (day + timedelta(days=30)).isoformat()
    assert found.body["last_backup"] == (day + timedelta(days=35)).isoformat()


def test_nothing_of_a_person_is_in_it(office: Office) -> None:
    content = office.made().decode()
    body = json.loads(content)["body"]
    assert not {"old", "due today", "logs/date=2026-10-22/log.gz"} & set(content.split('"'))
    assert {name for part in body["parts"] for name in part} == {
        "action", "basis", "beforehand", "began", "by", "client", "ended", "entries", "erased", "erased_digest", "gone",
        "held", "last_backup", "planned", "planned_digest", "rule", "store", "system", "target", "term", "type",
    }  # fmt: skip


def test_it_is_drawn_up_once_and_stored_under_lock_in_both_languages(office: Office) -> None:
    plan = office.execute()
    office.verify(plan)
    assert office.issue(plan) == office.issue(plan)
    assert certificate.pending(office.shop.governance) == [plan.plan]
    office.store(plan)
    assert certificate.pending(office.shop.governance) == []
    client = office.shop.bucket.client
    for name in ("certificate.json", "certificate-nl.pdf", "certificate-en.pdf"):
        head = client.head_object(Bucket=office.bucket, Key=f"certificates/{plan.plan}/{name}")
        assert head["ObjectLockMode"] == "COMPLIANCE"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Certificaat van vernietiging", "Uiterlijk in back-ups")),
        ("en", ("Certificate of erasure", "Latest in")),
    ],
)
def test_the_paper_says_what_the_file_says(
    office: Office, tmp_path: Path, language: Any, words: tuple[str, ...]
) -> None:
    found = certificate.verify(office.made(), office.anchor.vkey)
    (tmp_path / "paper.pdf").write_bytes(papers.paper(found, office.shop.policy, language))
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "paper.pdf").pages)
    flat = "".join(text.split())
    assert all("".join(word.split()) in flat for word in words)
    assert found.digest in flat
    assert all(part["erased_digest"] in flat for part in found.body["parts"])


def test_a_plan_of_which_something_is_left_gets_none(office: Office) -> None:
    plan = office.execute()
    office.shop.db.execute("insert into message values (10, 2, 'came back', '2020-01-01', 'closed')")
    with pytest.raises(StoreError, match="rule message: 1 records are still there"):
        office.verify(plan)
    ended = conclude(office.shop.governance, plan.plan)
    assert (ended.completed, ended.verified) == (False, "partial")
    with pytest.raises(Refused, match="not completed, so it gets no certificate: verification: partial"):
        office.issue(plan)


def test_a_plan_that_was_not_looked_at_again_gets_none(office: Office) -> None:
    plan = office.execute()
    with pytest.raises(Refused, match="verification: not done after the last attempt"):
        office.issue(plan)
    assert office.verify(plan)
    with contextlib.suppress(Refused):
        office.shop.erase(plan, "message")  # a later attempt: what was seen before it counts no more
    with pytest.raises(Refused, match="verification: not done after the last attempt"):
        office.issue(plan)


def test_a_rejected_plan_has_nothing_to_certify(office: Office) -> None:
    shop = office.shop
    plan = shop.plan()
    for part in plan.parts:
        shop.erase(plan, part.rule, shop.answer(plan, chosen=("Reject",), has_reason=False))
    assert office.verify(plan) == {}
    assert office.issue(plan) is None


def test_a_hold_that_was_placed_in_between_is_told_and_not_counted_as_left(office: Office) -> None:
    shop = office.shop
    plan = shop.plan()
    shop.hold("customer", 1)
    for part in plan.parts:
        if part.due and part.rule != "customer":
            shop.erase(plan, part.rule)
    shop.erase(plan, "customer")
    assert office.verify(plan)["message"] == 0
    office.issue(plan)
    found = certificate.verify(office.store(plan), office.anchor.vkey)
    (part,) = (part for part in found.body["parts"] if part["rule"] == "message")
    assert (part["erased"], part["held"]) == (1, 2)
    assert part["erased_digest"] != part["planned_digest"]


def test_an_object_that_a_hold_keeps_in_the_midst_of_a_batch_is_not_certified_as_erased(office: Office) -> None:
    shop = office.shop
    for name in ("4", "5"):
        shop.put(f"copies/{name}.png", customer_id=name, status="left", left_on="2010-01-01")
    plan = shop.plan()
    shop.hold("customer", "4")
    for part in plan.parts:
        if part.due:
            shop.erase(plan, part.rule)
    office.verify(plan)
    office.issue(plan)
    found = certificate.verify(office.store(plan), office.anchor.vkey)
    (part,) = (part for part in found.body["parts"] if part["rule"] == "copy")
    assert (part["planned"], part["erased"], part["held"]) == (2, 1, 1)


def test_a_journal_that_tells_another_number_stops_it(office: Office) -> None:
    plan = office.execute()
    office.verify(plan)
    office.shop.governance.execute("delete from erasure_journal where rule = 'message'")
    with pytest.raises(EvidenceError, match="the journal names 0 records, the ledger counts 3"):
        office.issue(plan)


def test_the_report_tells_of_every_executed_plan_whether_it_has_one(office: Office) -> None:
    shop = office.shop
    plan = office.execute()

    def told() -> list[tuple[str, str | None, bool]]:
        found = read_retention(shop.governance, shop.policy, NOW - timedelta(days=1), datetime.now(UTC)).certificates
        return [(each.plan, each.digest, each.stored) for each in found]

    assert told() == [(str(plan.plan), None, False)]
    office.verify(plan)
    digest = office.issue(plan)
    assert told() == [(str(plan.plan), digest, False)]
    office.store(plan)
    assert told() == [(str(plan.plan), digest, True)]


def test_every_change_of_it_is_refused(office: Office) -> None:
    content = office.made()
    key = office.anchor.vkey
    other = Signer(office.anchor.name, bytes(32)).key.vkey
    values = json.loads(content)

    def changed(**more: Any) -> bytes:
        return certificate.canonical(values | more)

    body = values["body"] | {"organisation": "Another"}
    wrong = {
        "whole JSON": content[:-10],
        "not a certificate, or not all of it": b"",
        "canonical form": json.dumps(values).encode(),
        "altered: it is not what was signed": changed(body=body),
        "not signed by the ledger's key": changed(signature=values["signature"].replace("— ", "— x")),
        "not that of a certificate of this plan": changed(
            anchor=values["anchor"] | {"entry": values["anchor"]["entry"].replace("certificate@1", "verify@1")}
        ),
        "is not number": changed(anchor=values["anchor"] | {"proof": values["anchor"]["proof"][:-1]}),
        "the text was changed": changed(
            anchor=values["anchor"] | {"checkpoint": values["anchor"]["checkpoint"].replace("\n", "\n1", 1)}
        ),
    }
    for message, altered in wrong.items():
        with pytest.raises(EvidenceError, match=message):
            certificate.verify(altered, key)
    with pytest.raises(EvidenceError, match="not signed by the ledger's key: no trusted key signed it"):
        certificate.verify(content, other)
    with pytest.raises(EvidenceError, match="do not belong together"):
        certificate.verify(content, Signer("another/ledger", bytes(32)).key.vkey)


def test_one_of_another_key_of_the_ledger_verifies_with_the_first_one(office: Office) -> None:
    shop = office.shop
    password, anchor = sealing.rotate_key(shop.governance, shop.policy, shop.resolve, NOW)
    shop.connections["ledger_key"] = Connection(conn_type="generic", password=password, extra={"anchor": anchor})
    found = certificate.verify(office.made(), office.anchor.vkey)
    assert len(found.anchor["keys"]) == 1


def test_the_command_shows_and_verifies_and_says_with_its_exit_code(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(office.made())
    run = CliRunner()
    shown = run.invoke(app, ["show", str(file)])
    assert shown.exit_code == 0
    assert "message: 3 of 3 (erase) in shop message" in shown.output.replace("\n", " ")
    good = run.invoke(app, ["verify", str(file), "--key", office.anchor.vkey])
    assert good.exit_code == 0
    assert "whole, unaltered, signed; ledger entry" in good.output.replace("\n", " ")
    file.write_bytes(file.read_bytes()[:-1])
    bad = run.invoke(app, ["verify", str(file), "--key", office.anchor.vkey])
    assert bad.exit_code != 0
    assert isinstance(bad.exception, EvidenceError)
    missing = run.invoke(app, ["verify", str(tmp_path / "none.json"), "--key", office.anchor.vkey])
    assert isinstance(missing.exception, EvidenceError)


@given(st.binary(max_size=200))
def test_whatever_bytes_come_it_says_that_they_are_no_certificate(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        certificate.read(content)


@given(st.dictionaries(st.text("abcXYZ_0", max_size=5), st.text(max_size=9) | st.integers(-(2**53), 2**53), max_size=5))
def test_canonical_bytes_are_the_same_whatever_the_order_of_writing(values: dict[str, Any]) -> None:
    backwards = dict(reversed(values.items()))
    assert certificate.canonical(values) == certificate.canonical(backwards)
