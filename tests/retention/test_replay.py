"""A backup that is restored brings back persons who were erased. They go again, and nobody else does."""

import io
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg import sql
from pydantic import TypeAdapter
from shop import RUN, Shop, rule

from hoeder.errors import Refused, StoreError
from hoeder.governance import journal
from hoeder.governance.journal import NamedBy
from hoeder.policy import Policy
from hoeder.policy.retention import Act, End
from hoeder.retention.replay import Replayed, replay
from hoeder.stack.postgres import _program


def now() -> datetime:
    return datetime.now(UTC)


def written_down(shop: Shop, table: str, keys: list[object], **more: Any) -> None:
    """Erase as execution does: into the journal, out of the table, confirmed."""
    references = [shop.key.row("shop", table, key) for key in keys]
    entry = journal.record(shop.governance, shop.policy, "shop", table, table, references, **more)
    shop.governance.commit()
    if "then" not in more:
        shop.db.execute(sql.SQL("delete from {} where id = any(%s)").format(sql.Identifier(table)), [keys])
    journal.confirm(shop.governance, entry)
    shop.governance.commit()


def program(name: str, shop: Shop, *arguments: str) -> None:
    info = shop.db.info
    environment = os.environ | {"PGPASSWORD": info.password, "PGTZ": "UTC"}
    where = ["-h", info.host, "-p", str(info.port), "-U", info.user]
    done = subprocess.run([str(_program(name)), *where, *arguments], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@contextmanager
def restored(shop: Shop, dump: Path) -> Iterator[psycopg.Connection[Any]]:
    """The dump in a database of its own, which the retention account reaches as `restored`."""
    name = f"{shop.db.info.dbname}_restored"
    shop.db.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    program("pg_restore", shop, "-d", name, str(dump))
    shop.connections["restored_retention"] = shop.connections["shop_retention"].model_copy(update={"database": name})
    dsn = psycopg.conninfo.make_conninfo(shop.db.info.dsn, password=shop.db.info.password, dbname=name)
    with psycopg.connect(dsn, autocommit=True) as db:
        yield db
        db.execute("drop owned by shop_retention cascade")
    shop.db.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def rows(db: psycopg.Connection[Any], table: str) -> dict[int, tuple[object, ...]]:
    found = db.execute(sql.SQL("select * from {} order by id").format(sql.Identifier(table))).fetchall()
    return {row[0]: row for row in found}


def again(shop: Shop, taken: datetime, store: str = "shop", **more: Any) -> Replayed:
    return replay(store, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN, taken=taken, **more)


def test_a_restored_dump_loses_the_persons_who_were_erased_since_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    taken = now()
    program("pg_dump", shop, "-Fc", "-f", str(tmp_path / "dump"), shop.db.info.dbname)
    written_down(shop, "message", [10, 11])
    written_down(shop, "customer", [1])
    shop.db.execute("insert into customer values (9, null, 'active')")  # the live store went on
    with restored(shop, tmp_path / "dump") as db:
        before = {table: rows(db, table) for table in ("customer", "message")}
        assert set(before["customer"]) == {1, 2, 3}  # the erased person is back
        assert again(shop, taken, connection="restored") == Replayed(entries=2, erased=3)
        assert rows(db, "customer") == {key: row for key, row in before["customer"].items() if key != 1}
        assert rows(db, "message") == {key: row for key, row in before["message"].items() if key not in (10, 11)}
        assert again(shop, taken, connection="restored") == Replayed(entries=2)  # safe to run again
    assert set(rows(shop.db, "customer")) == {2, 3, 9}
    told = shop.governance.execute(
        "select object, outcome, counts from ledger where act = 'replay' and phase = 'outcome' order by entry"
    ).fetchall()
    assert [(name, outcome, counts["erased"]) for name, outcome, counts in told] == [
        ("shop", "done", 3), ("shop", "done", 0),
    ]  # fmt: skip


def test_after_a_real_plan_the_backup_taken_before_it_is_made_fit(shop: Shop, tmp_path: Path) -> None:
    plan = shop.plan()
    taken = now()
    program("pg_dump", shop, "-Fc", "-f", str(tmp_path / "dump"), shop.db.info.dbname)
    shop.erase(plan, "message")
    shop.erase(plan, "customer")
    kept = {table: rows(shop.db, table) for table in ("customer", "message")}
    with restored(shop, tmp_path / "dump") as db:
        done = again(shop, taken, connection="restored")
        assert done.erased == 6 + 3 - sum(map(len, kept.values()))
        assert {table: rows(db, table) for table in kept} == kept


def test_a_record_that_was_not_due_yet_when_the_backup_was_taken_goes_too(shop: Shop) -> None:
    """Its case was closed and its term ran out between backup and erasure; the backup has it open."""
    taken = now()
    before = rows(shop.db, "message")[14]
    written_down(shop, "message", [14])
    shop.db.execute("insert into message values (%s, %s, %s, %s, %s)", before)
    assert again(shop, taken).erased == 1
    assert 14 not in shop.messages()


def test_a_key_that_was_given_out_again_before_the_backup_is_somebody_else(shop: Shop) -> None:
    written_down(shop, "message", [10])
    shop.db.execute("insert into message values (10, 3, 'somebody else', '2026-11-01', 'closed')")
    taken = now()
    with pytest.raises(StoreError, match="must not be released:\n1 records have keys that were erased before"):
        again(shop, taken)
    assert again(shop, taken, keys_used_again=True) == Replayed(earlier=1)
    assert 10 in shop.messages()


def test_a_batch_that_a_crash_left_unconfirmed_counts_as_erased(shop: Shop) -> None:
    journal.record(shop.governance, shop.policy, "shop", "message", "message", [shop.key.row("shop", "message", 10)])
    shop.governance.commit()
    assert again(shop, now()).erased == 1
    assert 10 not in shop.messages()


def test_fields_are_changed_again_and_twice_is_the_same_as_once(shop: Shop) -> None:
    shop.db.execute("grant update on message to shop_retention")
    taken = now()
    written_down(shop, "message", [10, 15], then=End(act=Act.REPLACE, changes={"body": "gone"}))
    written_down(shop, "message", [12], then=End(act=Act.ANONYMIZE, changes={"closed_on": "year"}))
    before = rows(shop.db, "message")
    assert again(shop, taken) == Replayed(entries=2, changed=3)
    after = rows(shop.db, "message")
    assert {key for key in after if after[key] != before[key]} == {10, 12, 15}
    assert (after[10][2], str(after[12][3])) == ("gone", "2026-01-01")
    assert again(shop, taken) == Replayed(entries=2)


def test_restrictions_kept_in_the_store_and_suppressions_are_set_again(shop: Shop) -> None:
    shop.db.execute("grant update on customer to shop_retention")
    taken = now()
    journal.record(
        shop.governance, shop.policy, "shop", "customer", "suppression", [shop.key.subject("customer", 2)],
        then=End(act=Act.REPLACE, changes={"status": "no mail"}), named_by=NamedBy.SUBJECT,
    )  # fmt: skip
    shop.governance.execute(
        """insert into left_out (store, subject_kind, subject_ref, ground)
           values ('shop', 'customer', %s, 'restriction')""",
        [shop.key.subject("customer", 3)],
    )
    shop.governance.commit()
    done = again(shop, taken)
    assert (done.changed, done.restricted) == (1, 1)
    assert rows(shop.db, "customer")[2][2] == "no mail"


def test_a_hold_that_stands_now_keeps_what_came_back(shop: Shop) -> None:
    taken = now()
    before = rows(shop.db, "message")[10]
    written_down(shop, "message", [10])
    shop.db.execute("insert into message values (%s, %s, %s, %s, %s)", before)
    shop.hold("customer", 1)
    assert again(shop, taken) == Replayed(entries=1, held=1)
    assert 10 in shop.messages()


def test_rows_that_others_refer_to_wait_for_them_and_a_reference_from_elsewhere_is_named(shop: Shop) -> None:
    taken = now()
    for table, keys in (("customer", [1]), ("message", [10, 11])):  # in the wrong order
        references = [shop.key.row("shop", table, key) for key in keys]
        journal.record(shop.governance, shop.policy, "shop", table, table, references)
    shop.governance.commit()
    shop.db.execute("insert into message values (50, 1, 'of no rule', null, 'open')")
    with pytest.raises(StoreError, match="table customer: rows of other tables refer to records that were erased"):
        again(shop, taken)
    shop.db.execute("update message set customer_id = 2 where id = 50")
    assert again(shop, taken).erased == 1
    assert set(rows(shop.db, "customer")) == {2, 3}


def test_an_earlier_version_of_an_object_that_comes_back_goes_with_every_version(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    taken = now()
    name = "copies/1.png"
    entry = journal.record(
        shop.governance, shop.policy, "files", "copies/", "copy", [shop.key.row("files", "copies/", name)]
    )
    shop.governance.commit()
    journal.confirm(shop.governance, entry)
    shop.governance.commit()
    client.put_object(Bucket=bucket, Key=name, Body=b"the scan", Metadata={"customer_id": "1"})  # no anchor, no term
    others = shop.objects() - {name}
    assert again(shop, taken, store="files").erased == 1
    assert shop.objects() == others
    listed = client.list_object_versions(Bucket=bucket, Prefix=name)
    assert not listed.get("Versions")
    assert not listed.get("DeleteMarkers")


def test_nothing_since_the_backup_is_an_outcome_of_its_own(shop: Shop) -> None:
    assert again(shop, now()) == Replayed()
    told = shop.governance.execute("select outcome from ledger where act = 'replay' and phase = 'outcome'").fetchall()
    assert told == [("nothing",)]


def test_an_unknown_store_and_a_moment_that_cannot_be_are_refused(shop: Shop) -> None:
    with pytest.raises(Refused, match="policy has no store elsewhere"):
        again(shop, now(), store="elsewhere")
    for moment in (datetime(2026, 1, 1), now() + timedelta(days=1)):  # noqa: DTZ001  # that is the point
        with pytest.raises(Refused, match="needs a time zone, and cannot lie in the future"):
            again(shop, moment)


def test_a_table_that_is_not_there_any_more_keeps_the_store_from_being_released(shop: Shop) -> None:
    taken = now()
    written_down(shop, "message", [10])
    shop.db.execute("drop table message")
    with pytest.raises(StoreError, match="must not be released:\nstore shop: table message does not exist"):
        again(shop, taken)


def visits(*days: str) -> bytes:
    """A Parquet file of one visit a day, in row groups of two."""
    table = pa.table(
        {"customer_id": list(range(1, len(days) + 1)), "seen_on": [date.fromisoformat(day) for day in days]}
    )
    file = io.BytesIO()
    pq.write_table(table, file, row_group_size=2)
    return file.getvalue()


def read(shop: Shop, name: str) -> list[int]:
    body = shop.bucket.client.get_object(Bucket=shop.bucket.name, Key=name)["Body"].read()
    return pq.read_table(io.BytesIO(body)).column("customer_id").to_pylist()


@pytest.fixture
def visited(shop: Shop) -> Shop:
    """The shop with visits in Parquet, whose old rows are erased inside their objects."""
    shop.bucket.client.put_bucket_versioning(Bucket=shop.bucket.name, VersioningConfiguration={"Status": "Enabled"})
    values = shop.policy.model_dump(mode="json", by_alias=True)
    values["datasets"]["files"]["prefixes"]["visits/"] = {
        "description": "d", "purpose": "p", "format": "parquet",
        "subject": {"kind": "customer", "column": "customer_id"},
        "columns": {"customer_id": "user.unique_id", "seen_on": "system"},
    }  # fmt: skip
    values["retention"].append(rule("visit", "30 days after seen_on", "files:visits/", then="rewrite"))
    shop.policy = TypeAdapter(Policy).validate_python(values)
    for name, days in (("visits/1", ("2020-01-01", "2026-11-20", "2026-11-20")), ("visits/2", ("2026-11-20",))):
        shop.bucket.client.put_object(Bucket=shop.bucket.name, Key=f"{name}.parquet", Body=visits(*days))
    return shop


def test_an_earlier_version_of_a_file_that_comes_back_loses_the_rows_that_were_erased_in_it(visited: Shop) -> None:
    client, bucket = visited.bucket.client, visited.bucket.name
    before = client.get_object(Bucket=bucket, Key="visits/1.parquet")["Body"].read()
    other = client.head_object(Bucket=bucket, Key="visits/2.parquet")["VersionId"]
    taken = now()
    plan = visited.plan()
    visited.erase(plan, "visit")
    assert read(visited, "visits/1.parquet") == [2, 3]
    client.put_object(Bucket=bucket, Key="visits/1.parquet", Body=before)  # out of the backup
    assert read(visited, "visits/1.parquet") == [1, 2, 3]
    assert again(visited, taken, store="files").erased == 1
    assert read(visited, "visits/1.parquet") == [2, 3]
    assert again(visited, taken, store="files").erased == 0
    assert client.head_object(Bucket=bucket, Key="visits/2.parquet")["VersionId"] == other  # never touched
    for version in client.list_object_versions(Bucket=bucket, Prefix="visits/1")["Versions"]:
        body = client.get_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])["Body"].read()
        assert 1 not in pq.read_table(io.BytesIO(body)).column("customer_id").to_pylist()


def test_a_person_who_was_erased_inside_files_is_taken_out_of_them_again(visited: Shop) -> None:
    taken = now()
    journal.record(
        visited.governance, visited.policy, "files", "visits/", "request", [visited.key.subject("customer", 2)],
        named_by=NamedBy.SUBJECT,
    )  # fmt: skip
    visited.governance.commit()
    assert again(visited, taken, store="files").erased == 1
    assert (read(visited, "visits/1.parquet"), read(visited, "visits/2.parquet")) == ([1, 3], [1])
