import gzip
import io
import json
import tracemalloc
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from servers import Bucket

from hoeder.errors import StoreError
from hoeder.stores import anchors, contents, s3
from hoeder.stores.samples import Format, SampledObject

MAIL = b"""From: Anna Proef <anna@voorbeeld.example>
To: privacy@hoeder.example
Subject: =?utf-8?q?Inzage_graag?=
Date: Mon, 02 Nov 2026 10:00:00 +0100
Content-Type: text/plain; charset=utf-8

Bel mij op 06-12345678.
"""


def parquet(**columns: list[object]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def lines(*records: object) -> bytes:
    return gzip.compress("\n".join(map(json.dumps, records)).encode(), mtime=0)


def put(bucket: Bucket, key: str, body: bytes, **metadata: str) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body, Metadata=metadata)


def read(bucket: Bucket, prefix: str, format: Format | None = None) -> SampledObject:
    return s3.sample(
        bucket.client, bucket.name, prefix, s3.groups(bucket.client, bucket.name, [prefix])[prefix], format
    )


def values(sampled: SampledObject) -> dict[str, tuple[str, ...]]:
    return {column.name: column.values for column in sampled.columns}


def test_parquet_is_read_by_its_footer_and_first_rows(bucket: Bucket) -> None:
    put(bucket, "views/date=2026-11-01/a.parquet", parquet(ip=["10.0.0.1", None], n=[1, 2], raw=[b"x", b"y"]))
    assert values(read(bucket, "views/", "parquet")) == {"ip": ("10.0.0.1",), "n": ("1", "2"), "raw": ()}


def test_only_the_parts_that_are_needed_of_a_large_parquet_file_are_fetched(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bucket, "views/a.parquet", parquet(n=list(range(600_000)), m=[str(n * 7919) for n in range(600_000)]))
    [stored] = anchors.iter_objects(bucket.client, bucket.name)
    fetched = []
    real = contents.RangedObject.readinto
    monkeypatch.setattr(
        contents.RangedObject, "readinto", lambda self, into: fetched.append(real(self, into)) or fetched[-1]
    )
    contents.read(bucket.client, bucket.name, stored, "parquet")
    assert sum(fetched) < stored.size / 2


def test_json_lines_are_flattened(bucket: Bucket) -> None:
    put(bucket, "log/a.jsonl.gz", lines({"who": {"email": "a@b.example"}, "tags": ["x"]}, {"n": 3}))
    found = values(read(bucket, "log/", "jsonl.gz"))
    assert found == {"who.email": ("a@b.example",), "tags": ("x",), "n": ("3",)}


def test_a_mail_shows_its_addresses_names_and_text(bucket: Bucket) -> None:
    put(bucket, "inbox/date=2026-11-02/1.eml", MAIL)
    found = values(read(bucket, "inbox/", "eml"))
    assert found["from"] == ("anna@voorbeeld.example",)
    assert found["from.name"] == ("Anna Proef",)
    assert found["subject"] == ("Inzage graag",)
    assert "06-12345678" in found["body"][0]


def test_a_document_shows_its_metadata_only(bucket: Bucket) -> None:
    put(bucket, "copies/1.png", b"...", employee_id="17", left_on="2020-01-31")
    assert values(read(bucket, "copies/", "document")) == {"employee_id": ("17",), "left_on": ("2020-01-31",)}


@pytest.mark.parametrize(
    ("format", "body"),
    [
        ("parquet", b"PAR1 not at all"), ("parquet", b""), ("jsonl.gz", b"not gzip"), ("jsonl.gz", lines({})[:-9]),
        ("jsonl.gz", gzip.compress(b"{broken", mtime=0)), ("jsonl.gz", lines(["a list"])), ("eml", b""),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_should_be_is_named_and_the_others_are_read(
    bucket: Bucket, format: Format, body: bytes
) -> None:
    good = {"parquet": parquet(a=["1"]), "jsonl.gz": lines({"a": "1"}), "eml": MAIL}[format]
    put(bucket, "data/bad", body)
    put(bucket, "data/good", good)
    found = read(bucket, "data/", format)
    assert found.rows == 2
    assert found.columns
    assert found.problem is not None
    assert format in found.problem
    assert (f"{bucket.name}/data/bad" in found.problem) == (format != "eml"), "a mail's key can name a person"
    assert "broken" not in found.problem


def test_keys_outside_every_declared_prefix_are_grouped(bucket: Bucket) -> None:
    for key in ("views/date=2026-01-01/a", "views/deep/b", "export/c.csv", "export/d.csv", "loose.txt"):
        put(bucket, key, b"x")
    found = s3.groups(bucket.client, bucket.name, ["views/", "views/deep/", "empty/"])
    assert {name: (g.objects, g.declared) for name, g in found.items()} == {
        "views/": (1, True), "views/deep/": (1, True), "empty/": (0, True), "export/": (2, False), "/": (1, False),
    }  # fmt: skip


def test_a_folder_for_every_person_does_not_list_them(bucket: Bucket) -> None:
    people = ("jan.jansen@example.nl", "piet-de-vries", "annavisser", "111222333", "Elfassi", "klant-0612345678")
    for folder in (*people, "export"):
        put(bucket, f"{folder}/cv.pdf", b"x")
    found = s3.groups(bucket.client, bucket.name, [])
    assert {name: group.objects for name, group in found.items()} == {"/": len(people), "export/": 1}


def test_very_many_folders_are_counted_together(bucket: Bucket) -> None:
    for number in range(30):
        put(bucket, f"relation-{number}/cv.pdf", b"x")
    found = s3.groups(bucket.client, bucket.name, [])
    assert len(found) <= 21
    assert sum(group.objects for group in found.values()) == 30


def test_an_unreadable_object_outside_every_declared_prefix_is_not_named(bucket: Bucket) -> None:
    put(bucket, "export/jan.jansen@example.nl.jsonl.gz", b"nonsense")
    [(name, group)] = s3.groups(bucket.client, bucket.name, []).items()
    found = s3.sample(bucket.client, bucket.name, name, group)
    assert found.problem == f"an object of {bucket.name} is not jsonl (JSONDecodeError); write it again or take it away"


def test_a_key_that_may_name_a_person_is_no_column_name(bucket: Bucket) -> None:
    record = {"by": {"jan.jansen@example.nl": {"calls": 3}, "Piet Puk": "yes"}, "userAgent": "x", "Elfassi": 1}
    put(bucket, "log/a.jsonl.gz", lines(record), jansen="x", kind="log")
    found = values(read(bucket, "log/", "jsonl.gz"))
    assert found == {
        "by.(other).calls": ("3",), "by.(other)": ("yes",), "userAgent": ("x",), "(other)": ("1", "x"), "kind": ("log",)
    }  # fmt: skip


def test_a_key_that_policy_declares_is_a_column_name(bucket: Bucket) -> None:
    put(bucket, "log/a.jsonl.gz", lines({"Client": {"Naam": "x", "Jan": "y"}}))
    group = s3.groups(bucket.client, bucket.name, ["log/"])["log/"]
    found = values(s3.sample(bucket.client, bucket.name, "log/", group, "jsonl.gz", ["Client.Naam"]))
    assert found == {"Client.Naam": ("x",), "Client.(other)": ("y",)}


def test_an_object_with_a_key_for_everything_has_a_bounded_number_of_columns(bucket: Bucket) -> None:
    put(bucket, "log/a.jsonl.gz", lines({f"k{number}": number for number in range(5_000)}))
    found = values(read(bucket, "log/", "jsonl.gz"))
    assert len(found) == 201
    assert sum(map(len, found.values())) == 5_000


def test_a_small_file_that_unpacks_into_one_huge_line_is_not_taken_into_memory(bucket: Bucket) -> None:
    sink = io.BytesIO()
    with gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=1) as packed:
        packed.write(b'{"a":"')
        for _ in range(80):
            packed.write(b"x" * 1_000_000)
        packed.write(b'"}\n')
    put(bucket, "log/a.jsonl.gz", sink.getvalue())
    group = s3.groups(bucket.client, bucket.name, ["log/"])["log/"]
    tracemalloc.start()
    found = s3.sample(bucket.client, bucket.name, "log/", group, "jsonl.gz")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "is not jsonl.gz" in (found.problem or "")
    assert most < 20_000_000


def test_a_missing_bucket_and_an_unreachable_server_are_told_apart(bucket: Bucket) -> None:
    import boto3
    from botocore.config import Config

    with pytest.raises(StoreError, match=r"cannot list bucket no-such-bucket: NoSuchBucket"):
        s3.check(bucket.client, "no-such-bucket")
    nowhere = boto3.client(
        "s3", endpoint_url="http://127.0.0.1:9", region_name="us-east-1", aws_access_key_id="a",
        aws_secret_access_key="b", config=Config(retries={"max_attempts": 1}, connect_timeout=1),
    )  # fmt: skip
    with pytest.raises(StoreError, match=r"cannot list bucket b: EndpointConnectionError"):
        s3.check(nowhere, "b")


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("a/date=2026-02-28/x", date(2026, 2, 28)),
        ("date=2026-02-28", date(2026, 2, 28)),
        ("a/date=2026-02-30/x", None),
        ("a/update=2026-02-28/x", None),
        ("a/date=2026-02-28/date=2026-02-27/x", None),
        ("a/date=20260228/x", None),
        ("a/x", None),
    ],
)
def test_the_day_in_a_key(key: str, day: date | None) -> None:
    assert anchors.date_in_key(key) == day
