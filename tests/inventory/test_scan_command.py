"""`hoeder scan`: what it prints is read by programs."""

import json
import os

import psycopg
import pytest
from servers import Bucket, Database
from typer.testing import CliRunner

from hoeder.cli import app

KEYS = {"store", "object", "column", "category", "confidence", "evidence"}


def scan(*arguments: str, **environment: str) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(app, ["scan", *arguments, "--json"], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout)


def uri(database: Database) -> str:
    return (
        f"postgresql://{database.user}:{database.password}@/{database.dbname}?host={database.host}&port={database.port}"
    )


def test_every_column_of_every_schema_is_listed_with_its_category_or_none(database: Database) -> None:
    with psycopg.connect(database.conninfo) as db:
        db.execute("create schema side; create table side.t (e text); create table klant (naam text, bedrag int)")
        db.execute("insert into side.t values ('a@b.example'); insert into klant values ('Jan de Vries', 1)")
    code, found = scan(uri(database))
    assert code == 0
    assert all(set(finding) >= KEYS for finding in found)
    assert {(f["object"], f["column"]): f["category"] for f in found} == {
        ("side.t", "e"): "user.contact.email", ("klant", "naam"): "user.name", ("klant", "bedrag"): None
    }  # fmt: skip
    _, found = scan(uri(database), "--schema", "side")
    assert {(f["object"], f["column"]) for f in found} == {("t", "e")}


@pytest.mark.parametrize("how", [("--full",), ("--sample", "1000", "--seed", "3")])
def test_a_full_look_and_a_small_one_find_the_same(database: Database, how: tuple[str, ...]) -> None:
    with psycopg.connect(database.conninfo) as db:
        db.execute("create table t as select 'p' || n || '@a.example' as e, n from generate_series(1, 30000) n")
    code, found = scan(uri(database), *how)
    assert code == 0
    assert {f["column"]: f["category"] for f in found} == {"e": "user.contact.email", "n": None}


def test_a_bucket_is_listed_by_what_its_files_hold_and_what_was_not_read_is_told(bucket: Bucket) -> None:
    credentials = bucket.client._request_signer._credentials  # type: ignore[attr-defined]
    environment = {
        "AWS_ACCESS_KEY_ID": credentials.access_key, "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_ENDPOINT_URL": bucket.client.meta.endpoint_url, "AWS_DEFAULT_REGION": "us-east-1", "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    os.environ.pop("AWS_PROFILE", None)
    bucket.client.put_object(Bucket=bucket.name, Key="crm/klanten.csv", Body=b"naam;mail\nJan de Vries;jan@a.example\n")
    code, found = scan(f"s3://{bucket.name}/crm/", **environment)
    assert code == 0
    assert {(f["object"], f["column"]): f["category"] for f in found} == {
        ("crm/klanten.csv", "naam"): "user.name", ("crm/klanten.csv", "mail"): "user.contact.email"
    }  # fmt: skip
    bucket.client.put_object(Bucket=bucket.name, Key="crm/orders.parquet", Body=b"PAR1 broken")
    code, found = scan(f"s3://{bucket.name}", **environment)
    assert code == 1
    assert [f["column"] for f in found if f["object"] == "crm/orders.parquet"] == ["*"]
