"""Whole runs against real servers: what is published, what the ledger says, and what bad input leaves behind."""

import hashlib
import io
import json
import re
import subprocess
import sys
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from visits import DATASETS, NOTES, RUN, VERSION, VIEWS, World, changed, views

from hoeder import anonymization
from hoeder.anonymization import recoding, sticky
from hoeder.errors import GateFailed, HoederError, PolicyError, StoreError


def fill(world: World, days: int = 2) -> None:
    for day in range(1, days + 1):
        world.put(f"page-views/date=2026-11-{day:02}/part-0.parquet", views(date(2026, 11, day)))


def release(world: World, *releases, name: str = "web-usage", version: str = VERSION, datasets=None):
    policy = world.policy(*releases, datasets=datasets)
    return anonymization.run(name, policy, world.resolve, run=RUN, version=version)


def refused(world: World, error: type[HoederError], outcome: str, *releases, **kwargs) -> str:
    """The error's text, after checking the ledger and that nothing was published."""
    with pytest.raises(error) as raised:
        release(world, *releases, **kwargs)
    assert (world.outcome().phase, world.outcome().outcome) == ("outcome", outcome)
    assert world.published() == {}
    return str(raised.value)


def test_page_views_are_published_with_a_description_and_a_line_in_the_ledger(world):
    fill(world)
    summary = release(world)
    published = world.published()
    prefix = f"versions/company/web-usage/version={VERSION}"
    assert list(published) == [f"{prefix}/data.parquet", f"{prefix}/datapackage.json", f"{prefix}/datasheet.html"]
    data, package = published[f"{prefix}/data.parquet"], json.loads(published[f"{prefix}/datapackage.json"])
    rows = pq.read_table(io.BytesIO(data))
    assert rows.column_names == ["visited_at", "section", "logged_in", "seconds"]
    assert (summary.rows_in, summary.rows_out, summary.suppressed) == (240, rows.num_rows, 240 - rows.num_rows)
    assert summary.k_reached >= summary.k_required == 10
    assert b"203.0.113" not in data
    assert b"visitor" not in data + published[f"{prefix}/datapackage.json"]
    entry = world.outcome()
    assert (entry.capability, entry.act, entry.object, entry.outcome) == (
        "anonymization", "release", "web-usage", "done",
    )  # fmt: skip
    assert entry.counts == {
        "rows_in": 240, "rows_out": rows.num_rows, "suppressed": summary.suppressed, "groups": summary.groups,
        "k_required": 10, "k_reached": summary.k_reached, "left_out": 0, "carried": 0, "attacks": summary.attacks,
        "risk_per_mille": summary.risk_per_mille,
    }  # fmt: skip
    digest = hashlib.sha256(data).hexdigest()
    assert entry.digest == summary.digest == digest
    [resource] = package["resources"]
    assert (resource["hash"], resource["bytes"]) == (f"sha256:{digest}", len(data))
    assert [field["name"] for field in resource["schema"]["fields"]] == rows.column_names
    assert package["anonymization"]["smallestGroup"] == summary.k_reached
    assert package["sourcePurpose"] == "A website that works"


def test_what_was_left_out_stands_nowhere_in_the_published_file(world):
    day = views(date(2026, 11, 1), each=20)
    alone = day.slice(0, 1).set_column(3, "section", pa.array(["mayor-of-urk"]))
    world.put("page-views/date=2026-11-01/part-0.parquet", pa.concat_tables([day, alone]))
    assert release(world, changed(VIEWS, quasi_identifiers=[{"column": "section", "steps": ["exact"]}])).suppressed == 1
    [data] = [body for key, body in world.published().items() if key.endswith(".parquet")]
    rows = pq.read_table(io.BytesIO(data), read_dictionary=["section"])
    held = {text for chunk in rows.column("section").chunks for text in chunk.dictionary.to_pylist()}
    assert held == {"home", "jobs"}


def test_call_notes_are_published_on_dutch_days(world, notes):
    summary = release(world, name="contact-reasons")
    [data] = [body for key, body in world.published().items() if key.endswith(".parquet")]
    rows = pq.read_table(io.BytesIO(data)).to_pydict()
    assert summary.rows_out == 600
    assert {day[:7] for day in rows["noted_on"]} == {"2026-11"}
    assert set(rows["reason"]) == {"invoice", "moving"}
    assert max(rows["duration_s"]) <= 330


def test_the_text_of_a_note_need_not_be_readable(world, notes):
    role = "anonymization_test_reader"
    notes(f"drop role if exists {role}")
    notes(f"create role {role} login password 'test'")
    try:
        notes(f"grant select (contact_id, reason, duration_s, noted_on) on call_note to {role}")
        narrow = world.with_connection("crm_anonymization", login=role, password="test")
        assert release(narrow, name="contact-reasons").rows_out == 600
        notes(f"revoke select (reason) on call_note from {role}")
        with pytest.raises(StoreError, match="may not read these columns"):
            release(narrow, name="contact-reasons", version="2026-11-23T060000")
        assert world.outcome().outcome == "failed"
    finally:
        notes(f"drop owned by {role}")
        notes(f"drop role {role}")


def test_the_same_source_gives_the_same_bytes_whatever_the_order_of_its_rows(world):
    fill(world)
    first = release(world)
    table = pa.concat_tables([views(date(2026, 11, day)) for day in (1, 2)])
    order = np.random.default_rng(1).permutation(table.num_rows)
    world.put("page-views/date=2026-11-01/part-0.parquet", table.take(order[:100]))
    world.put("page-views/date=2026-11-02/part-0.parquet", table.take(order[100:]))
    assert release(world, version="2026-11-23T060000").digest == first.digest


def test_a_version_is_published_once(world):
    fill(world)
    first = release(world)
    before = world.published()
    assert release(world).digest == first.digest
    assert world.published() == before
    fill(world, days=3)
    with pytest.raises(StoreError, match="published before with other content"):
        release(world)
    assert world.published() == before
    assert world.outcome().outcome == "failed"


def test_killed_before_the_description_the_next_run_finishes_the_version(world):
    fill(world)
    world.put(f"versions/company/web-usage/version={VERSION}/data.parquet", b"half a file")
    digest = release(world).digest
    published = world.published()
    assert len(published) == 3
    assert hashlib.sha256(published[f"versions/company/web-usage/version={VERSION}/data.parquet"]).hexdigest() == digest


def test_a_method_that_lies_is_stopped_by_the_gate(world, monkeypatch):
    fill(world)
    monkeypatch.setattr(
        recoding, "choose", lambda extract, release, *_: recoding.fixed(extract, release, {})
    )  # all rows at the finest steps
    monkeypatch.setattr(sticky, "hold", lambda rows, *_, **__: sticky.Held(rows, (), {}, 0))
    world.put("page-views/date=2026-12-01/part-0.parquet", views(date(2026, 12, 1), people=3))
    message = refused(world, GateFailed, "refused")
    assert "every group has at least 10 persons; not so for" in message
    assert world.outcome().counts == {"k_required": 10, "rows_in": 249}


def test_an_e_mail_address_that_ten_persons_share_is_not_published(world):
    table = views(date(2026, 11, 1))
    shared = pa.array(["/reset?for=info@example.nl"] * table.num_rows)
    world.put("page-views/date=2026-11-01/part-0.parquet", table.set_column(3, "section", shared))
    message = refused(world, GateFailed, "refused")
    assert "no e-mail address in section; not so for" in message
    assert "example.nl" not in message


def test_too_few_persons_publish_nothing(world):
    world.put("page-views/date=2026-11-01/part-0.parquet", views(date(2026, 11, 1), people=9))
    assert "fewer than k = 10" in refused(world, GateFailed, "refused")


def test_no_objects_are_not_an_empty_release(world):
    assert "has no object under page-views/" in refused(world, StoreError, "missing")


def test_no_rows_are_not_an_empty_release(world, notes):
    notes("delete from call_note")
    assert "has no rows" in refused(world, StoreError, "nothing", name="contact-reasons")


def test_a_file_that_is_not_parquet_is_named(world):
    fill(world)
    world.put("page-views/date=2026-11-03/part-0.parquet", b"visitor-1,203.0.113.7\n" * 10)
    message = refused(world, StoreError, "failed")
    assert f"{world.bucket.name}/page-views/date=2026-11-03/part-0.parquet: is not a readable Parquet file" in message


def test_a_column_that_disappeared_is_named(world, notes):
    world.put("page-views/date=2026-11-01/part-0.parquet", views(date(2026, 11, 1)).drop_columns(["section"]))
    assert "part-0.parquet: no column section; it has:" in refused(world, StoreError, "missing")
    notes("alter table call_note drop column reason")
    assert "crm.call_note: no column reason" in refused(world, StoreError, "missing", name="contact-reasons")


def test_a_table_or_bucket_that_is_gone_is_missing(world, notes):
    notes("drop table call_note")
    assert "there is no such table" in refused(world, StoreError, "missing", name="contact-reasons")
    policy = world.policy()
    gone = policy.stores["web"].model_copy(update={"bucket": "no-such-bucket"})
    policy = policy.model_copy(update={"stores": policy.stores | {"web": gone}})
    with pytest.raises(StoreError, match="bucket no-such-bucket does not exist"):
        anonymization.run("web-usage", policy, world.resolve, run=RUN, version=VERSION)
    assert world.outcome().outcome == "missing"


def test_a_store_that_cannot_be_reached_is_unreachable(world, notes):
    nowhere = world.with_connection("crm_anonymization", port=9)
    assert "cannot connect" in refused(nowhere, StoreError, "unreachable", name="contact-reasons")
    nowhere = world.with_connection("web_anonymization", extra={"endpoint_url": "http://127.0.0.1:9"})
    assert "cannot be reached" in refused(nowhere, StoreError, "unreachable")


def test_releases_that_cannot_be_written_are_a_failure(world):
    fill(world)
    lost = world.with_connection(
        "releases_anonymization",
        extra=world.connections["releases_anonymization"].extra | {"bucket": "no-such-bucket"},
    )
    assert "nothing was published" in refused(lost, StoreError, "failed")


def test_an_unclassified_column_is_refused_before_anything_is_read(world):
    fill(world)
    datasets = {"web": json.loads(json.dumps(DATASETS["web"])), "crm": DATASETS["crm"]}
    del datasets["web"]["prefixes"]["page-views/"]["columns"]["section"]
    assert "section is not classified" in refused(world, PolicyError, "refused", datasets=datasets)


def test_an_unknown_release_or_version_touches_nothing(world):
    with pytest.raises(PolicyError, match="there is no release visits; policy has: web-usage, contact-reasons"):
        release(world, name="visits")
    with pytest.raises(HoederError, match="is not a moment"):
        release(world, version="latest")
    world.governance.rollback()
    assert world.governance.execute("select count(*) from ledger").fetchone() == (0,)


def test_importing_the_capability_is_cheap():
    heavy = ("pandas", "pyarrow", "great_expectations", "numpy", "boto3")
    code = f"import sys, hoeder.anonymization; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_published_file_is_in_an_order_of_its_own(world):
    fill(world)
    release(world, VIEWS, NOTES)
    [data] = [body for key, body in world.published().items() if key.endswith(".parquet")]
    rows = [tuple(row.values()) for row in pq.read_table(io.BytesIO(data)).to_pylist()]
    assert rows == sorted(rows)
    assert re.fullmatch(r"[0-9a-f]{64}", hashlib.sha256(data).hexdigest())
