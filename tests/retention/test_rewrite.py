"""Rows inside objects go, and nothing else about the objects: by writing anew, checking, and purging what was there."""

import io
from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from shop import Shop
from warehouse import UNTIL, body, call_rows, csv_text, fill, ids, json_lines, parquet, stored

from hoeder.errors import StoreError
from hoeder.stack.s3 import S3
from hoeder.stores import steps
from hoeder.stores.steps import Step

STAYS = [row["id"] for row in call_rows() if row["on_day"] > UNTIL]  # type: ignore[operator]


def test_due_rows_go_from_every_format_and_untouched_objects_are_the_same_version(shop: Shop) -> None:
    fill(shop)
    before = {v.key: v.version for v in stored(shop)}
    plan = shop.plan()
    assert {p.rule: p.due for p in plan.parts}["call"] == 4
    counts = shop.erase(plan, "call")
    assert (counts["erased"], counts["remaining"], counts["rewritten"]) == (4, 0, 4)
    assert counts["rows_removed"] == 4 * (300 - len(STAYS))
    after = stored(shop)
    assert len(after) == 6  # one version each: the old ones are purged
    for key in ("calls/a.parquet", "calls/c.jsonl.gz", "calls/d.jsonl", "calls/e.csv.zst"):
        assert ids(shop, key) == STAYS
        assert {v.key: v.version for v in after}[key] != before[key]
    for key in ("calls/b.parquet", "calls/f.csv"):
        assert {v.key: v.version for v in after}[key] == before[key]
    assert shop.outcomes() == [("call", "done")]


def test_what_stays_is_byte_for_byte_what_it_was(shop: Shop) -> None:
    fill(shop)
    shop.erase(shop.plan(), "call")
    kept = [row for row in call_rows() if row["on_day"] > UNTIL]  # type: ignore[operator]
    assert body(shop, "calls/d.jsonl") == json_lines(kept)
    import zstandard

    assert zstandard.ZstdDecompressor().stream_reader(body(shop, "calls/e.csv.zst")).read() == csv_text(kept)


def test_schema_compression_metadata_and_tags_stay(shop: Shop) -> None:
    fill(shop)
    old = pq.ParquetFile(io.BytesIO(body(shop, "calls/a.parquet")))
    shop.erase(shop.plan(), "call")
    new = pq.ParquetFile(io.BytesIO(body(shop, "calls/a.parquet")))
    assert new.schema_arrow.equals(old.schema_arrow, check_metadata=True)
    assert new.metadata.row_group(0).column(0).compression == "ZSTD"
    assert new.metadata.row_group(0).column(0).has_offset_index
    assert new.read().equals(old.read().slice(300 - len(STAYS)))
    client, bucket = shop.bucket.client, shop.bucket.name
    head = client.head_object(Bucket=bucket, Key="calls/a.parquet")
    assert (head["ContentType"], head["CacheControl"], head["Metadata"]) == (
        "application/x-calls", "no-store", {"owner": "desk"},
    )  # fmt: skip
    tags = client.get_object_tagging(Bucket=bucket, Key="calls/a.parquet")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "desk", "kind": "calls"}


def test_a_person_under_a_hold_keeps_their_rows(shop: Shop) -> None:
    fill(shop)
    shop.hold("customer", 3)
    counts = shop.erase(shop.plan(), "call")
    assert (counts["erased"], counts["remaining"]) == (4, 0)
    expected = [r["id"] for r in call_rows() if r["on_day"] > UNTIL or r["customer_id"] == 3]  # type: ignore[operator]
    for key in ("calls/a.parquet", "calls/c.jsonl.gz", "calls/d.jsonl", "calls/e.csv.zst"):
        assert ids(shop, key) == expected


def test_a_hold_placed_while_an_object_is_rewritten_is_kept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shop)
    plan = shop.plan()
    placed: list[Step] = []

    def place(step: Step) -> None:
        if step is Step.REWRITE_CHECKED and not placed:
            placed.append(step)
            shop.hold("customer", 3)

    monkeypatch.setattr(steps, "interrupt", place)
    counts = shop.erase(plan, "call")
    assert counts["changed"] == 1
    expected = [r["id"] for r in call_rows() if r["on_day"] > UNTIL or r["customer_id"] == 3]  # type: ignore[operator]
    for key in ("calls/a.parquet", "calls/c.jsonl.gz", "calls/d.jsonl", "calls/e.csv.zst"):
        assert ids(shop, key) == expected
    assert len(stored(shop)) == 6


def test_an_older_version_with_due_rows_goes_and_one_without_stays(shop: Shop) -> None:
    fill(shop)
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_object(Bucket=bucket, Key="calls/a.parquet", Body=parquet(call_rows(500)))
    client.put_object(Bucket=bucket, Key="calls/b.parquet", Body=parquet(call_rows(2000)))
    shop.erase(shop.plan(), "call")
    assert [v.key for v in stored(shop)].count("calls/a.parquet") == 1
    assert [v.key for v in stored(shop)].count("calls/b.parquet") == 2
    assert ids(shop, "calls/a.parquet")[0] == 500


def test_an_object_written_after_the_approval_waits_for_the_next_plan(shop: Shop) -> None:
    fill(shop)
    plan = shop.plan()
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_object(Bucket=bucket, Key="calls/d.jsonl", Body=json_lines(call_rows(0, 10)))
    counts = shop.erase(plan, "call")
    assert (counts["erased"], counts["remaining"]) == (4, 0)  # the version that was approved is gone
    assert ids(shop, "calls/d.jsonl") == list(range(10))
    assert {p.rule: p.due for p in shop.plan().parts}["call"] == 1


def test_somebody_who_writes_at_the_same_time_wins(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shop)
    plan = shop.plan()
    client, bucket = shop.bucket.client, shop.bucket.name
    written: list[Step] = []

    def write(step: Step) -> None:
        if step is Step.REWRITE_READY and not written:
            written.append(step)
            client.put_object(Bucket=bucket, Key="calls/a.parquet", Body=parquet(call_rows(700)))

    monkeypatch.setattr(steps, "interrupt", write)
    counts = shop.erase(plan, "call")
    assert (counts["changed"], counts["remaining"]) == (1, 0)
    assert ids(shop, "calls/a.parquet")[0] == 700
    assert [v.key for v in stored(shop)].count("calls/a.parquet") == 1
    assert client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []


def test_a_bucket_without_versions_is_not_rewritten(shop: Shop) -> None:
    fill(shop)
    shop.bucket.client.put_bucket_versioning(Bucket=shop.bucket.name, VersioningConfiguration={"Status": "Suspended"})
    part = next(p for p in shop.plan().parts if p.rule == "call")
    assert "keeps no versions" in str(part.problem)


@pytest.mark.parametrize(
    ("key", "content", "reason"),
    [
        ("calls/x.jsonl", b'{"on_day": "2020-01-01"}\nnot json\n', "line 2 of an object is no JSON object"),
        ("calls/x.csv", b"id;on_day\n1;2020-01-01;3\n", "record 2 of an object has 3 fields"),
        ("calls/x.csv", b"id;name\n1;Jan\n", "has no column on_day"),
        ("calls/x.jsonl.gz", b"\x1f\x8b\x08\x00\x00", "cannot be read to its end"),
        ("calls/x.bin", b"\x00\x01", "its rows are not known"),
    ],
)
def test_an_object_whose_rows_cannot_be_told_apart_stops_the_rule(
    shop: Shop, key: str, content: bytes, reason: str
) -> None:
    fill(shop)
    shop.bucket.client.put_object(Bucket=shop.bucket.name, Key=key, Body=content)
    problem = str(next(p for p in shop.plan().parts if p.rule == "call").problem)
    assert reason in problem
    assert "calls/x" not in problem


def test_an_object_lock_is_an_outcome_of_its_own(shop: Shop, s3: S3) -> None:
    fill(shop)
    client, bucket = shop.bucket.client, f"{shop.bucket.name}-locked"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    client.put_object(
        Bucket=bucket, Key="calls/a.parquet", Body=parquet(call_rows()), ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate=datetime.now(UTC) + timedelta(seconds=20),
    )  # fmt: skip
    client.put_object(Bucket=bucket, Key="calls/d.jsonl", Body=json_lines(call_rows()))
    files = shop.policy.stores["files"].model_copy(update={"bucket": bucket})
    shop.policy = shop.policy.model_copy(update={"stores": {**shop.policy.stores, "files": files}})
    plan = shop.plan()
    with pytest.raises(StoreError, match="an object is locked until"):
        shop.erase(plan, "call")
    found = client.list_object_versions(Bucket=bucket)["Versions"]
    assert sorted(item["Key"] for item in found) == ["calls/a.parquet", "calls/d.jsonl"]  # nothing on top of the locked
    counts = shop.governance.execute("select counts from ledger where phase = 'outcome' order by entry desc").fetchone()
    assert counts is not None
    assert (counts[0]["locked"], counts[0]["erased"]) == (1, 1)
