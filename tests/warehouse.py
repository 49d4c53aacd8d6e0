"""The shop with a table in partitions and objects full of rows, so that every way to erase has something to do."""

import gzip
import io
import json
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from pydantic import TypeAdapter
from shop import Shop, rule

from hoeder.policy import Policy
from hoeder.stores.rewrite import Version, versions

FIRST = date(2026, 1, 1)
UNTIL = date(2026, 5, 22)
"""The last day that is due: six months before the shop's day."""


def call_rows(start: int = 0, count: int = 300) -> list[dict[str, object]]:
    """One call a day and person, from the first of January on."""
    return [
        {"id": n, "customer_id": n % 7, "on_day": FIRST + timedelta(days=n), "note": f'said "{n}"\nand, more'}
        for n in range(start, start + count)
    ]


def parquet(rows: list[dict[str, object]], **how: object) -> bytes:
    sink = io.BytesIO()
    table = pa.Table.from_pylist(rows).replace_schema_metadata({"made": "by the shop"})
    pq.write_table(table, sink, **({"row_group_size": 50, "compression": "zstd", "write_page_index": True} | how))
    return sink.getvalue()


def json_lines(rows: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(row, default=str).encode() + b"\n" for row in rows)


def csv_text(rows: list[dict[str, object]]) -> bytes:
    lines = ["id;customer_id;on_day;note"]
    lines += [
        '{};{};{};"{}"'.format(r["id"], r["customer_id"], r["on_day"], str(r["note"]).replace('"', '""')) for r in rows
    ]
    return "\r\n".join(lines).encode() + b"\r\n"


def fill(shop: Shop) -> None:
    """Partitions by month, five kinds of files of which the first holds due rows, and the rules for them."""
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    shop.db.execute(
        "create table event (id int not null, customer_id int, on_day date not null) partition by range (id)"
    )
    for part in range(4):  # a hundred events each; the first two partitions are due as a whole, the third in part
        shop.db.execute(
            f"create table event_{part} partition of event for values from ({part * 100}) to ({part * 100 + 100})"
        )
    shop.db.execute("create unique index on event (id)")
    shop.db.execute("insert into event select n, n % 7, date '2025-11-01' + n from generate_series(0, 399) n")
    for table in ("event", *(f"event_{part}" for part in range(4))):
        shop.db.execute(f"alter table {table} owner to shop_retention")
    shop.db.execute("grant create on schema public to shop_retention")
    old, new = call_rows(), call_rows(1000)
    for key, body in {
        "calls/a.parquet": parquet(old),
        "calls/b.parquet": parquet(new),
        "calls/c.jsonl.gz": gzip.compress(json_lines(old)),
        "calls/d.jsonl": json_lines(old),
        "calls/e.csv.zst": zstandard.compress(csv_text(old)),
        "calls/f.csv": csv_text(new),
    }.items():
        client.put_object(
            Bucket=bucket, Key=key, Body=body, ContentType="application/x-calls", CacheControl="no-store",
            Metadata={"owner": "desk"}, Tagging="team=desk&kind=calls",
        )  # fmt: skip
    shop.policy = with_rules(
        shop.policy,
        rule("event", "6 months after on_day", "shop.event", then="drop-partition"),
        rule("call", "6 months after on_day", "files:calls/", then="rewrite"),
    )


def with_rules(policy: Policy, *rules: dict[str, object]) -> Policy:
    subject = {"kind": "customer", "column": "customer_id"}
    said = policy.model_dump(mode="json", by_alias=True)
    said["datasets"]["shop"]["tables"]["event"] = {
        "description": "d", "purpose": "p", "subject": subject, "columns": {"customer_id": "user.unique_id"},
    }  # fmt: skip
    said["datasets"]["files"]["prefixes"]["calls/"] = {
        "description": "d", "purpose": "p", "format": "parquet", "subject": subject,
        "columns": {"customer_id": "user.unique_id", "on_day": "system"},
    }  # fmt: skip
    said["retention"] = [*said["retention"], *rules]
    return TypeAdapter(Policy).validate_python(said)


def stored(shop: Shop, prefix: str = "calls/") -> list[Version]:
    return list(versions(shop.bucket.client, shop.bucket.name, prefix))


def body(shop: Shop, key: str) -> bytes:
    return shop.bucket.client.get_object(Bucket=shop.bucket.name, Key=key)["Body"].read()


def ids(shop: Shop, key: str) -> list[int]:
    """The ids of the rows of an object, in their order."""
    raw = body(shop, key)
    raw = gzip.decompress(raw) if key.endswith(".gz") else raw
    raw = zstandard.ZstdDecompressor().stream_reader(raw).read() if key.endswith(".zst") else raw
    if ".parquet" in key:
        return pq.read_table(io.BytesIO(raw)).column("id").to_pylist()  # type: ignore[no-any-return]
    if ".jsonl" in key:
        return [json.loads(line)["id"] for line in raw.splitlines()]
    import csv

    return [int(row["id"]) for row in csv.DictReader(io.StringIO(raw.decode(), newline=""), delimiter=";")]
