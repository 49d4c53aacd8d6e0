"""Finding persons in objects: with an index, what cannot hold them is not read again."""

import os

from hypothesis import given
from hypothesis import strategies as st
from shop import Shop
from warehouse import call_rows, json_lines, parquet

from hoeder.stores.bloom import Bloom, pack, unpack
from hoeder.stores.find import find
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.selection import Selection

REFERENCES = st.sets(st.binary(min_size=16, max_size=16), max_size=50)


@given(REFERENCES, REFERENCES)
def test_a_filter_never_says_no_to_one_of_its_own(one: set[bytes], other: set[bytes]) -> None:
    back = unpack(pack([Bloom.of(one), Bloom.of(other)]))
    assert all(reference in back[0] for reference in one)
    assert all(reference in back[1] for reference in other)


def test_a_filter_says_no_to_nearly_everybody_else() -> None:
    made = Bloom.of({os.urandom(16) for _ in range(1_000)})
    assert sum(os.urandom(16) in made for _ in range(2_000)) < 60


def test_with_an_index_only_what_may_hold_the_person_is_read(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    for number in range(5):
        rows = [{**row, "customer_id": row["id"]} for row in call_rows(number * 1000, 1000)]
        client.put_object(Bucket=bucket, Key=f"calls/{number}.parquet", Body=parquet(rows, row_group_size=100))
    client.put_object(Bucket=bucket, Key="calls/5.jsonl", Body=json_lines(call_rows(5000)))
    index = ObjectIndex(shop.governance, shop.key, "files")
    person = frozenset({("customer", shop.key.subject("customer", 2345))})
    selection = Selection("files", "calls/", {"customer_id": "customer"}, persons=person, key=shop.key)

    first = list(find(client, bucket, "calls/", selection, index))
    assert [found.seen.goes for found in first] == [0, 0, 1, 0, 0, 0]
    assert all(found.read for found in first)
    second = list(find(client, bucket, "calls/", selection, index))
    assert [found.seen.goes for found in second] == [0, 0, 1, 0, 0, 0]
    assert second[2].seen.skipped >= 8  # of ten row groups
    assert sum(found.read == 0 for found in second) >= 4
    assert sum(found.read for found in second) < sum(found.version.size for found in second) / 5

    client.put_object(Bucket=bucket, Key="calls/0.parquet", Body=parquet([{**call_rows(1)[0], "customer_id": 2345}]))
    assert [found.seen.goes for found in find(client, bucket, "calls/", selection, index)] == [1, 0, 1, 0, 0, 0]


def test_nothing_in_the_index_names_anybody(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_object(Bucket=bucket, Key="calls/jan-jansen.jsonl", Body=json_lines(call_rows()))
    person = frozenset({("customer", shop.key.subject("customer", 2345))})
    selection = Selection("files", "calls/", {"customer_id": "customer"}, persons=person, key=shop.key)
    list(find(client, bucket, "calls/", selection, ObjectIndex(shop.governance, shop.key, "files")))
    kept = shop.governance.execute("select o::text from object_index o").fetchall()
    assert len(kept) == 1
    assert "jansen" not in str(kept)
