"""What did not change is not read again; what did, always is."""

import gzip
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from servers import Bucket
from shopkeeper import Shop, policy

from hoeder.inventory import basis, unchanged
from hoeder.stores.anchors import iter_objects

BSN = "update note set body = 'mijn bsn is 111222333 graag aanpassen' where id = 1"


def test_an_unchanged_table_is_not_read_again_and_keeps_its_verdicts_and_findings(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute(BSN)
    assert shop.scan().unchanged == 0
    again = shop.scan()
    assert again.unchanged == again.objects == 2
    assert "note.body national-id" in shop.findings()
    ages = shop.governance.execute("select count(distinct read_at), count(*) from scanned_object group by object")
    assert ages.fetchall() == [(1, 2), (1, 2)]
    clients = shop.governance.execute("select sum(rows) from scanned_client group by scan").fetchall()
    assert clients == [(60,), (60,)]


@pytest.mark.parametrize(
    "change",
    [
        BSN,
        "delete from note where id = 30",
        "insert into note values (31, 1, 3, 'mijn bsn is 111222333', '2026-10-02')",
        "alter table note add more text",
        "truncate note",
    ],
)
def test_a_changed_table_is_read_again_and_the_other_is_not(shop_of_clients: Shop, change: str) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.store.execute(change)  # type: ignore[arg-type]
    assert shop.scan().unchanged == 1


def test_notes_are_compared_again_where_only_the_customers_changed(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.store.execute("update customer set client = 3 - client where id = 7")
    shop.scan()
    assert "note.client client-mixed" in shop.findings()


def test_everything_is_read_again_where_the_rules_changed(
    shop_of_clients: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.policy = policy(purpose="another")
    assert shop.scan().unchanged == 1
    monkeypatch.setattr(basis, "detector", lambda: "another")
    assert shop.scan().unchanged == 0


def test_rules_are_counted_on_unchanged_tables_too(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.scan()
    shop.scan()
    assert shop.governance.execute("select rule, rows from scanned_rule").fetchall() == [("notes", 30)] * 2


def test_after_a_week_everything_is_read_again(shop_of_clients: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = shop_of_clients
    shop.scan()
    monkeypatch.setattr(unchanged, "LONGEST", timedelta(0))
    assert shop.scan().unchanged == 0


def test_what_a_server_does_not_count_is_always_read(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute(f"alter database {shop.store.info.dbname} set track_counts = off")  # type: ignore[arg-type]
    shop.scan()
    assert shop.scan().unchanged == 0


def test_a_view_is_always_read(shop_of_clients: Shop) -> None:
    shop = shop_of_clients
    shop.store.execute("create view v as select * from note")
    shop.scan()
    assert shop.scan().unchanged == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda client, name: client.put_object(Bucket=name, Key="a/3.gz", Body=gzip.compress(b"3")),
        lambda client, name: client.put_object(Bucket=name, Key="a/1.gz", Body=gzip.compress(b"other")),
        lambda client, name: client.delete_object(Bucket=name, Key="a/2.gz"),
    ],
)
def test_objects_have_another_fingerprint_once_one_of_them_changes(
    bucket: Bucket, change: Callable[[object, str], None]
) -> None:
    for key in ("a/1.gz", "a/2.gz"):
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=gzip.compress(key.encode()))
    first = unchanged.of_objects(iter_objects(bucket.client, bucket.name, "a/"))
    assert unchanged.of_objects(iter_objects(bucket.client, bucket.name, "a/")) == first
    change(bucket.client, bucket.name)
    assert unchanged.of_objects(iter_objects(bucket.client, bucket.name, "a/")) != first


def test_a_part_whose_worker_was_killed_leaves_the_scan_unfinished_and_the_run_red(shop_of_clients: Shop) -> None:
    from hoeder import inventory
    from hoeder.errors import StoreError

    shop = shop_of_clients
    run, resolve = shop.run(), shop.connections.__getitem__
    parts = inventory.divide(["shop"], shop.policy, resolve, run=run)
    with pytest.raises(StoreError, match="store shop: failed"):
        inventory.settle([part.scan for part in parts], shop.policy, resolve, run=run)
    assert shop.governance.execute("select count(*) from scan where finished_at is not null").fetchone() == (0,)
    assert shop.governance.execute("select outcome from ledger where phase = 'outcome'").fetchall() == [("failed",)]


def test_a_last_step_that_is_tried_again_counts_nothing_twice(shop_of_clients: Shop) -> None:
    from datetime import date

    from hoeder import inventory

    shop = shop_of_clients
    run, resolve = shop.run(), shop.connections.__getitem__
    (part,) = inventory.divide(["shop"], shop.policy, resolve, run=run)
    for _ in range(2):
        inventory.scan(part, shop.policy, resolve, today=date(2026, 11, 22))
    inventory.settle([part.scan], shop.policy, resolve, run=run)
    assert inventory.settle([part.scan], shop.policy, resolve, run=run) == {}
    with psycopg.connect(shop.governance.info.dsn, password=shop.governance.info.password) as db:
        assert db.execute("select count(*) from ledger where phase = 'outcome'").fetchone() == (1,)
        assert db.execute("select count(*) from scanned_object").fetchone() == (2,)
