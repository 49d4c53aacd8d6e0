"""Whole objects go four at a time, and what came of each is known."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from shop import Shop

from hoeder.errors import StoreError
from hoeder.stack.s3 import S3
from hoeder.stores import steps
from hoeder.stores.steps import Step


def test_one_object_that_stays_does_not_hide_what_came_of_the_others(shop: Shop, s3: S3) -> None:
    client, bucket = shop.bucket.client, f"{shop.bucket.name}-whole"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    for day in range(1, 9):
        client.put_object(Bucket=bucket, Key=f"logs/date=2026-01-0{day}/log.gz", Body=b"x")
    until = datetime.now(UTC) + timedelta(seconds=20)
    client.put_object(
        Bucket=bucket, Key="logs/date=2026-01-03/log.gz", Body=b"x", ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=until,
    )  # fmt: skip
    files = shop.policy.stores["files"].model_copy(update={"bucket": bucket})
    shop.policy = shop.policy.model_copy(update={"stores": {**shop.policy.stores, "files": files}})
    plan = shop.plan()
    with pytest.raises(StoreError, match="1 versions could not be erased"):
        shop.erase(plan, "log")
    left = client.list_objects_v2(Bucket=bucket)["Contents"]
    assert [item["Key"] for item in left] == ["logs/date=2026-01-03/log.gz"]
    row = shop.governance.execute("select counts from ledger where act = 'erase' and phase = 'outcome'").fetchone()
    assert row is not None
    assert row[0]["erased"] == 7


def test_four_objects_go_at_once_and_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 13):
        shop.put(f"logs/date=2026-01-{day:02}/log.gz")
    plan = shop.plan()
    inside: set[int] = set()
    most: list[int] = []
    four = threading.Barrier(4)

    def watch(step: Step) -> None:
        if step is Step.OBJECT_JUDGED:
            inside.add(threading.get_ident())
            most.append(len(inside))
            if len(most) <= 4:
                four.wait(10)  # broken where fewer come
        elif step is Step.OBJECT_ERASED:
            inside.discard(threading.get_ident())

    monkeypatch.setattr(steps, "interrupt", watch)
    counts = shop.erase(plan, "log")
    assert counts["remaining"] == 0
    assert counts["erased"] >= 12
    assert max(most) == 4
