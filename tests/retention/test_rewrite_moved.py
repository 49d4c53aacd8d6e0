"""What an object keeps is moved, and what holds nothing due is not opened; and what came of it is checked."""

import io
from collections import Counter
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shop import RUN, Shop
from warehouse import UNTIL, body, call_rows, fill, ids, json_lines, stored

from hoeder.errors import StoreError
from hoeder.retention import Plan
from hoeder.retention.verify import verify
from hoeder.stores import rewrite
from hoeder.stores.ranged import RangedObject
from hoeder.stores.rewrite import Version
from hoeder.stores.selection import Selection
from hoeder.stores.upload import Upload

ROWS = 3_000  # in a row group of six megabytes


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Bytes of objects that were fetched, by key."""
    found: Counter[str] = Counter()
    real = RangedObject._fetch

    def counted(file: RangedObject, start: int, stop: int) -> bytes:
        found[file._stored.key] += stop - start
        return real(file, start, stop)

    monkeypatch.setattr(RangedObject, "_fetch", counted)
    return found


def large(due: int | None) -> bytes:
    """Four row groups of six megabytes; the row with a number is due."""
    days = [UNTIL.replace(year=2027)] * (4 * ROWS)
    if due is not None:
        days[due] = date(2020, 1, 1)
    numbers = np.arange(4 * ROWS)
    values = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(2_000), len(days), [None, pa.py_buffer(np.random.default_rng(1).bytes(2_000 * len(days)))]
    )
    sink = io.BytesIO()
    table = pa.table({"id": numbers, "customer_id": numbers, "on_day": days, "body": values})
    pq.write_table(table, sink, row_group_size=ROWS, compression="none", use_dictionary=False)
    return sink.getvalue()


def put(shop: Shop, key: str, raw: bytes) -> Version:
    shop.bucket.client.put_object(Bucket=shop.bucket.name, Key=key, Body=raw)
    return next(version for version in stored(shop, key) if version.latest)


def test_of_a_large_object_one_row_group_is_fetched_and_the_rest_is_moved_by_the_server(
    shop: Shop, fetched: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shop)
    raw = large(due=ROWS + 7)
    put(shop, "calls/large.parquet", raw)
    sent: list[int] = []
    real = Upload._sent

    def counted(upload: Upload, number: int, some: bytes) -> str:
        sent.append(len(some))
        return real(upload, number, some)

    monkeypatch.setattr(Upload, "_sent", counted)
    counts = shop.erase(shop.plan(), "call")
    assert (counts["erased"], counts["remaining"]) == (5, 0)
    new = body(shop, "calls/large.parquet")
    assert ids(shop, "calls/large.parquet") == [n for n in range(4 * ROWS) if n != ROWS + 7]
    old_file, new_file = pq.ParquetFile(io.BytesIO(raw)), pq.ParquetFile(io.BytesIO(new))
    for group in (0, 2, 3):
        assert new_file.read_row_group(group).equals(old_file.read_row_group(group))
    assert max(sent) < len(raw) * 0.3
    # The row group to write it, what was written to check it, and the ends.
    assert fetched["calls/large.parquet"] < len(raw) * 0.6
    recorded = dict(
        shop.governance.execute(
            "select distinct on (state) state, detail ->> 'etag' from erase_step where state in ('ready', 'written')"
            " and unit = (select unit from erase_step where jsonb_array_length(detail -> 'copied') = 2)"
        ).fetchall()
    )
    assert recorded["ready"] == recorded["written"]  # what a run after a crash knows its own version by


@pytest.mark.parametrize(("due", "groups"), [(0, 4), (4 * ROWS - 1, 4), (None, 4)])
def test_the_first_and_the_last_row_group_can_change(shop: Shop, due: int | None, groups: int) -> None:
    fill(shop)
    old = put(shop, "calls/large.parquet", large(due))
    selection = call_selection(shop)
    sifted, new = rewrite.write(shop.bucket.client, shop.bucket.name, old, selection, lambda *_, **__: None)
    rewrite.check(shop.bucket.client, shop.bucket.name, old, new, sifted, selection, lambda *_, **__: None)
    assert ids(shop, "calls/large.parquet") == [n for n in range(4 * ROWS) if n != due]
    assert pq.ParquetFile(io.BytesIO(body(shop, "calls/large.parquet"))).num_row_groups == groups


def erase_all(shop: Shop, plan: Plan) -> None:
    for part in plan.parts:
        if part.due:
            shop.erase(plan, part.rule)


def call_selection(shop: Shop) -> Selection:
    return Selection("files", "calls/", {"customer_id": "customer"}, ("on_day",), UNTIL, key=shop.key)


@pytest.mark.parametrize("wrong", ["moved", "sent"])
def test_a_server_that_stores_other_bytes_is_noticed_and_the_object_stays_as_it_was(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    fill(shop)
    raw = large(due=ROWS + 7)
    before = put(shop, "calls/large.parquet", raw)
    moved, sent = Upload._moved, Upload._sent

    def elsewhere(upload: Upload, number: int, these: str) -> str:
        first, last = map(int, these.removeprefix("bytes=").split("-"))
        return moved(upload, number, f"bytes={first + 8}-{last + 8}" if first else these)

    def other(upload: Upload, number: int, some: bytes) -> str:
        return sent(upload, number, some[:5_000] + b"\x00" * 8 + some[5_008:])

    if wrong == "moved":
        monkeypatch.setattr(Upload, "_moved", elsewhere)
    else:
        monkeypatch.setattr(Upload, "_sent", other)
    selection = call_selection(shop)
    states: list[str] = []
    client, bucket = shop.bucket.client, shop.bucket.name
    sifted, new = rewrite.write(client, bucket, before, selection, lambda state, **_: states.append(state))
    with pytest.raises(StoreError, match="its bytes are not those that were sent and moved"):
        rewrite.check(client, bucket, before, new, sifted, selection, lambda state, **_: states.append(state))
    assert [v.version for v in stored(shop, "calls/large")] == [before.version]
    assert states[-1] == "abandoned"


def test_the_plan_of_the_next_day_opens_only_what_held_due_rows(shop: Shop, fetched: Counter[str]) -> None:
    fill(shop)
    shop.plan()
    assert set(fetched) == {f"calls/{name}" for name in ("a.parquet", "b.parquet", "c.jsonl.gz", "d.jsonl",
                                                         "e.csv.zst", "f.csv")}  # fmt: skip
    fetched.clear()
    part = next(p for p in shop.plan().parts if p.rule == "call")
    assert part.due == 4
    assert {"calls/b.parquet", "calls/f.csv"}.isdisjoint(fetched)
    put(shop, "calls/b.parquet", json_lines(call_rows(0, 1)))
    problem = str(next(p for p in shop.plan().parts if p.rule == "call").problem)
    assert "its rows are not known" in problem  # another version is another object


def test_execution_and_verification_open_only_what_was_planned(shop: Shop, fetched: Counter[str]) -> None:
    fill(shop)
    plan = shop.plan()
    put(shop, "calls/later.jsonl", json_lines(call_rows(0, 10)))  # waits for the next plan
    fetched.clear()
    erase_all(shop, plan)
    verify(plan.plan, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN)
    assert {"calls/a.parquet", "calls/d.jsonl"} <= set(fetched)
    assert {"calls/b.parquet", "calls/f.csv", "calls/later.jsonl"}.isdisjoint(fetched)


def test_a_version_that_was_written_and_still_holds_due_rows_is_found_by_the_second_look(shop: Shop) -> None:
    fill(shop)
    plan = shop.plan()
    erase_all(shop, plan)
    again = put(shop, "calls/d.jsonl", json_lines(call_rows()))
    shop.governance.execute(
        "update erase_step set detail = jsonb_set(detail, '{version}', to_jsonb(%s::text)) where state = 'written'",
        [again.version],
    )
    with pytest.raises(StoreError, match="rule call: 1 records are still there"):
        verify(plan.plan, shop.policy, shop.resolve, shop.governance, shop.key, run=RUN)
