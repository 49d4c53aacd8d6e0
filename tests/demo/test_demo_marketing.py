"""Every planted line of every list gets its reason, every planted breach is found, and nothing else."""

import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from servers import Database
from small_company import TODAY, Company

from hoeder.demo.roles import BUILDER
from hoeder.evidence.ledger import Run
from hoeder.governance import shared
from hoeder.marketing_gate import passed_on, ready
from hoeder.marketing_gate.check import check
from hoeder.marketing_gate.gate import gate_list
from hoeder.marketing_gate.judge import Reason
from hoeder.persons import marks
from hoeder.policy.load import load
from hoeder.pseudonym import ReferenceKey

KEY = ReferenceKey(b"k" * 32)


@pytest.fixture
def desk(company: Company, governance: Database) -> Iterator[tuple[Any, ...]]:
    """The capability's own accounts of the demonstration."""
    with psycopg.connect(governance.conninfo) as db:
        yield load(), company.built.connections.__getitem__, db
    client = company.s3.client(BUILDER)  # other tests count what was planted
    for item in client.list_objects_v2(Bucket="campaigns", Prefix=f"allowed/date={TODAY}/").get("Contents", []):
        client.delete_object(Bucket="campaigns", Key=item["Key"])


def test_every_planted_line_and_breach_is_found_and_nothing_else(company: Company, desk: tuple[Any, ...]) -> None:
    policy, resolve, db = desk
    run = Run(policy.digest, "marketing_gate", "scheduled__2026-11-22T05:00:00+00:00", "check")
    planted = company.truth["anomalies"]["marketing_gate"]
    passed_on.take_over(policy, resolve, db, KEY, run, today=TODAY)
    found = check(policy, resolve, db, KEY, run, today=TODAY).findings
    assert [[each.kind, each.what, each.channel, each.number] for each in found] == planted["findings"]
    chosen = ready.chosen(policy, resolve, db, "", "")
    assert {f"{name} {channel}" for name, channel in chosen} == {*planted["lists"], "autumn-calls telephone"}
    judged = {}
    for name, channel in chosen:
        done = gate_list(policy, resolve, db, KEY, name, channel, run=run, today=TODAY)
        judged[f"{name} {channel}"] = {str(reason): number for reason, number in sorted(done.reasons.items())}
    forgotten = judged.pop("autumn-calls telephone")
    assert judged == planted["lists"]
    assert "consent" not in forgotten, "nobody on the forgotten call list ever agreed to be called"
    assert sum(forgotten.values()) == company.truth["rows"]["crm.bellijst_najaar"]
    assert {reason for reasons in judged.values() for reason in reasons} >= set(Reason) - {
        Reason.RESTRICTED, Reason.ALLOWED_NO_OBJECTION
    }  # fmt: skip
    assert ready.chosen(policy, resolve, db, "", "") == [], "what was judged and did not change is not judged again"
    client = company.s3.client(BUILDER)
    for item in client.list_objects_v2(Bucket="campaigns", Prefix=f"allowed/date={TODAY}/")["Contents"]:
        content = client.get_object(Bucket="campaigns", Key=item["Key"])["Body"].read()
        assert pq.read_schema(io.BytesIO(content)).names == ["contact_id", "naam", "mobiel", "mail"]
    (number,) = {each[1] for each in _passed(company)}
    assert shared.recipients(db, marks.references(KEY, [("contact", number)]))


def _passed(company: Company) -> list[tuple[int, str]]:
    with psycopg.connect(company.server.conninfo("crm")) as crm:
        return crm.execute("select id, contact_id::text from passed_on where id = 1").fetchall()
