"""A client has its data back, and says so, before a single row of them is erased."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from pydantic import TypeAdapter
from shop import RUN, TODAY, Shop, rule
from typer.testing import CliRunner

from hoeder.cli import retention as command
from hoeder.errors import HoederError, Refused, StoreError
from hoeder.evidence import ledger
from hoeder.policy.retention import ClientRows, RetentionRule
from hoeder.retention import returning
from hoeder.stores.connection import Connection

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(days: int = 365) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a client")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
        .serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )  # fmt: skip


def client(text: str) -> Connection:
    return Connection(conn_type="generic", extra={"certificate": text})


@pytest.fixture
def ended(shop: Shop) -> Iterator[Shop]:
    """A client whose contract has ended, and wants its two files back; another one, who wants them erased."""
    shop.db.execute("create table file (id int primary key, client_id int, customer_id int, body text, ended_on date)")
    shop.db.execute(
        """insert into file values (1, 1, 1, 'one', '2026-01-01'), (2, 1, 3, 'twé', '2026-01-01'),
                                   (3, 1, 2, 'runs on', null), (4, 2, 2, 'other', '2026-01-01')"""
    )
    shop.db.execute("grant select, delete on file to shop_retention")
    table = {
        "description": "d", "purpose": "p", "role": "processor", "client_column": "client_id",
        "subject": {"kind": "customer", "column": "customer_id"},
        "columns": {"id": "system", "client_id": "system", "customer_id": "user.unique_id", "body": "user.content",
                    "ended_on": "system"},
    }  # fmt: skip
    datasets = {name: dataset.model_dump() for name, dataset in shop.policy.datasets.items()}
    datasets["shop"]["tables"]["file"] = table
    plain = shop.policy.model_dump(mode="json", by_alias=True) | {"datasets": datasets}
    policy = TypeAdapter(type(shop.policy)).validate_python(plain)
    one = RetentionRule.model_validate(
        rule("file", "30 days after ended_on", "shop.file", role="processor", type="FIXED", clients={
            "acme": {"is": 1, "instructed_on": "2026-01-01", "first": "return"},
            "beta": {"is": 2, "instructed_on": "2026-01-01"},
        })
    )  # fmt: skip
    shop.policy = policy.model_copy(update={"retention": (*policy.retention, *one.for_each_client("client_id"))})
    shop.connections["returns_retention"] = shop.connections["files_retention"].model_copy(
        update={"extra": shop.connections["files_retention"].extra | {"bucket": shop.bucket.name}}
    )
    shop.connections["client_acme"] = client(certificate().public_bytes(Encoding.PEM).decode())
    yield shop


def hand_back(shop: Shop) -> dict[str, int]:
    return returning.hand_back(shop.policy, shop.resolve, shop.governance, shop.key, run=RUN, as_of=TODAY)


def counted(shop: Shop) -> dict[str, tuple[int, int]]:
    return {part.rule: (part.due, part.to_return) for part in shop.plan().parts if part.target == "file"}


def files(shop: Shop) -> set[int]:
    return {number for (number,) in shop.db.execute("select id from file")}


def opened(shop: Shop, folder: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the client finds: the manifest and its rows, each file held against it."""

    def get(name: str) -> bytes:
        return bytes(shop.bucket.client.get_object(Bucket=shop.bucket.name, Key=f"{folder}/{name}")["Body"].read())

    manifest = json.loads(get("manifest.json"))
    rows = []
    for file in manifest["files"]:
        sealed = get(file["name"])
        assert (hashlib.sha256(sealed).hexdigest(), len(sealed)) == (file["sha256"], file["bytes"])
        content = gzip.decompress(pkcs7.pkcs7_decrypt_der(sealed, certificate(), KEY, []))
        assert hashlib.sha256(content).hexdigest() == file["content_sha256"]
        rows += [json.loads(line) for line in content.decode().splitlines()]
    return manifest, rows


def test_rows_wait_until_the_client_says_that_it_has_them_and_go_then(ended: Shop) -> None:
    assert counted(ended) == {"file": (0, 0), "file-acme": (0, 2), "file-beta": (1, 0)}
    assert hand_back(ended) == {"file-acme": 2}
    assert counted(ended)["file-acme"] == (0, 2)  # handed back is not received
    (one,) = returning.returns(ended.governance)
    assert returning.receive(ended.governance, ended.policy, one.manifest, by="dpo").received_by == "dpo"
    plan = ended.plan()
    assert ended.erase(plan, "file-acme")["erased"] == 2
    assert files(ended) == {3, 4}
    told = [(e.act, e.object, e.outcome) for e in ledger.entries(ended.governance) if e.act in ("return", "receipt")]
    assert told == [(act, "file-acme", outcome) for act in ("return", "receipt") for outcome in (None, "done")]


def test_the_client_alone_can_open_the_files_and_finds_every_row_and_column(ended: Shop) -> None:
    hand_back(ended)
    (one,) = returning.returns(ended.governance)
    assert one.folder.startswith("client-acme/")
    manifest, rows = opened(ended, one.folder)
    assert (manifest["client"], manifest["rows"]) == ("acme", 2)
    assert rows == [
        {"id": 1, "client_id": 1, "customer_id": 1, "body": "one", "ended_on": "2026-01-01"},
        {"id": 2, "client_id": 1, "customer_id": 3, "body": "twé", "ended_on": "2026-01-01"},
    ]
    for key in ended.objects():
        body = ended.bucket.client.get_object(Bucket=ended.bucket.name, Key=key)["Body"].read()
        assert b"tw\xc3\xa9" not in body
        assert b'customer_id": 3' not in body


def test_what_a_hold_keeps_goes_back_as_well_and_stays(ended: Shop) -> None:
    ended.hold("customer", 3)
    assert hand_back(ended) == {"file-acme": 2}
    (one,) = returning.returns(ended.governance)
    returning.receive(ended.governance, ended.policy, one.manifest, by="dpo")
    ended.erase(ended.plan(), "file-acme")
    assert files(ended) == {2, 3, 4}


def test_a_client_that_wants_its_data_erased_gets_no_copy(ended: Shop) -> None:
    hand_back(ended)
    assert not any("client-beta" in key for key in ended.objects())
    assert ended.erase(ended.plan(), "file-beta")["erased"] == 1
    assert files(ended) == {1, 2, 3}


def test_handed_back_twice_is_handed_back_once_and_what_comes_later_goes_back_too(ended: Shop) -> None:
    assert hand_back(ended) == {"file-acme": 2}
    assert hand_back(ended) == {"file-acme": 0}
    (one,) = returning.returns(ended.governance)
    returning.receive(ended.governance, ended.policy, one.manifest, by="dpo")
    ended.db.execute("insert into file values (5, 1, 2, 'late', '2026-01-01')")
    assert counted(ended)["file-acme"] == (0, 3)  # all of them wait for the one that nobody received
    assert hand_back(ended) == {"file-acme": 3}


def test_killed_before_it_was_written_down_the_next_run_hands_back_the_same_files(
    ended: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(returning, "_digest", killed)
        with pytest.raises(KeyboardInterrupt):
            hand_back(ended)
    ended.governance.rollback()
    left = {key for key in ended.objects() if key.startswith("client-acme/")}
    assert returning.returns(ended.governance) == ()
    assert counted(ended)["file-acme"] == (0, 2)
    assert hand_back(ended) == {"file-acme": 2}
    assert {key for key in ended.objects() if key.startswith("client-acme/")} == left


def test_a_file_that_is_not_what_was_written_is_no_return(ended: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returning, "_digest", lambda *_: "0" * 64)
    with pytest.raises(StoreError, match="read back and is not what was written"):
        hand_back(ended)
    assert returning.returns(ended.governance) == ()


def test_a_plan_that_names_rows_nobody_received_is_refused_where_it_erases(
    ended: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:  # a plan that was made as if the client had said so
        patch.setattr("hoeder.retention.plan.covered", lambda *_: True)
        plan = ended.plan()
    assert next(part.due for part in plan.parts if part.rule == "file-acme") == 2
    with pytest.raises(Refused, match="client acme did not say that it has these data back"):
        ended.erase(plan, "file-acme")
    assert files(ended) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no certificate in PEM"),
        (certificate(days=30).public_bytes(Encoding.PEM).decode(), "not valid on 2026-11-22"),
    ],
)
def test_without_a_certificate_that_holds_nothing_leaves_the_store(ended: Shop, text: str, message: str) -> None:
    ended.connections["client_acme"] = client(text)
    with pytest.raises(StoreError, match=message):
        hand_back(ended)
    assert not any(key.startswith("client-") for key in ended.objects())


def test_a_receipt_names_the_manifest_and_is_recorded_once(ended: Shop) -> None:
    hand_back(ended)
    (one,) = returning.returns(ended.governance)
    with pytest.raises(HoederError, match="no return has this manifest"):
        returning.receive(ended.governance, ended.policy, "0" * 64, by="dpo")
    returning.receive(ended.governance, ended.policy, one.manifest.upper(), by="dpo")
    with pytest.raises(HoederError, match="was recorded by dpo already"):
        returning.receive(ended.governance, ended.policy, one.manifest, by="legal")


def test_a_rule_of_all_other_clients_returns_nothing() -> None:
    made = RetentionRule.model_validate(
        rule("r", "30 days after x", "shop.file", clients={"a": {"is": 1, "instructed_on": "2026-01-01",
                                                                 "first": "return"}})
    ).for_each_client("client_id")  # fmt: skip
    others, named = (one.client for one in made)
    assert isinstance(others, ClientRows)
    assert not others.returned
    assert isinstance(named, ClientRows)
    assert named.returned


def test_the_commands_list_what_waits_and_record_the_receipt(ended: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    info = ended.governance.info
    account = Connection(
        conn_type="postgres", host=info.host, port=info.port, login=info.user, password=info.password,
        schema=info.dbname,
    )  # fmt: skip
    monkeypatch.setattr(command, "resolver", lambda _: {"governance_retention": account}.__getitem__)
    monkeypatch.setattr("hoeder.policy.load", lambda: ended.policy)
    hand_back(ended)
    (one,) = returning.returns(ended.governance)
    ended.governance.rollback()
    run = CliRunner()
    waits = run.invoke(command.app, ["returns"])
    assert (waits.exit_code, "waits for the client's receipt" in waits.output) == (1, True)
    done = run.invoke(command.app, ["received", one.manifest, "--by", "dpo"])
    assert (done.exit_code, "acme has 2 rows back" in done.output) == (0, True)
    assert run.invoke(command.app, ["returns", "--json"]).exit_code == 0
