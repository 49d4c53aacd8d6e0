"""Whatever stops an erasure: run again, it ends as if nothing had happened, and nothing else was touched."""

import contextlib
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from botocore.exceptions import ClientError
from faulty import Proxy, Servers, port_of, shop_of_its_own, through
from shop import Shop
from warehouse import UNTIL, call_rows, fill, ids, stored

from hoeder import retention
from hoeder.errors import HoederError, StoreError
from hoeder.evidence import ledger
from hoeder.retention import Plan
from hoeder.stores import steps
from hoeder.stores.steps import Step
from hoeder.stores.upload import Upload

RULES = ("message", "event", "log", "call")
UNTOUCHED = (
    "calls/b.parquet",
    "calls/f.csv",
    "logs/date=2026-10-24/log.gz",
    "copies/1.png",
    "copies/2.png",
    "copies/3.png",
)
DUE_EVENTS = 203  # from 1 November 2025 to 22 May 2026


def checksums(shop: Shop) -> dict[str, object]:
    """Of every row that is not due and every object that is not to be touched, with its version."""
    rows = shop.db.execute(
        """select 'event', id::text, e::text from event e where id >= %s union all
           select 'message', id::text, m::text from message m where id in (12, 13, 14) union all
           select 'customer', id::text, c::text from customer c order by 1, 2""",
        [DUE_EVENTS],
    ).fetchall()
    objects = {v.key: (v.version, v.etag) for v in stored(shop, "") if v.key in UNTOUCHED}
    return {"rows": hashlib.sha256(repr(rows).encode()).hexdigest(), "objects": objects}


def all_is_as_after_an_undisturbed_run(shop: Shop, plan: Plan, before: dict[str, object]) -> None:
    assert checksums(shop) == before
    assert shop.messages() == {12, 13, 14}
    assert shop.db.execute("select count(*), min(id) from event").fetchone() == (400 - DUE_EVENTS, DUE_EVENTS)
    partitions = shop.db.execute("select relname from pg_class where relname ~ '^event_[0-9]$' order by 1").fetchall()
    assert [name for (name,) in partitions] == ["event_2", "event_3"]
    stays = [row["id"] for row in call_rows() if row["on_day"] > UNTIL]  # type: ignore[operator]
    for key in ("calls/a.parquet", "calls/c.jsonl.gz", "calls/d.jsonl", "calls/e.csv.zst"):
        assert ids(shop, key) == stays
    assert len(stored(shop)) == 6
    assert len(stored(shop, "logs/")) == 1
    uploads = shop.bucket.client.list_multipart_uploads(Bucket=shop.bucket.name).get("Uploads", [])
    assert uploads == []
    # The ledger: every intent has its outcome, and what all attempts erased is what was planned.
    assert ledger.unfinished(shop.governance) == []
    conclusion = retention.conclude(shop.governance, plan.plan)
    planned = {part.rule: part.due for part in plan.parts if part.rule in RULES}
    assert {rule: conclusion.erased[rule] for rule in RULES} == planned
    assert {conclusion.outcomes[rule] for rule in RULES} <= {"done", "nothing"}
    journal = shop.governance.execute(
        "select rule, sum(length(refs)) / 16, bool_and(confirmed_at is not null) from erasure_journal group by rule"
    ).fetchall()
    assert {rule: (int(count), confirmed) for rule, count, confirmed in journal} == {
        rule: (count, True) for rule, count in planned.items()
    }
    last = shop.governance.execute(
        "select distinct on (unit) state from erase_step order by unit, step desc"
    ).fetchall()
    assert {state for (state,) in last} <= {"dropped", "purged"}
    shop.governance.commit()


def run_all(shop: Shop, plan: Plan) -> None:
    for rule in RULES:
        if not finished(shop, plan, rule):
            shop.erase(plan, rule)


def finished(shop: Shop, plan: Plan, rule: str) -> bool:
    return retention.conclude(shop.governance, plan.plan).outcomes.get(rule) in ("done", "nothing")


def in_a_worker(shop: Shop, plan: Plan, at: Step) -> int:
    """Run everything in a process of its own that is killed, as by the kernel, when it reaches a step; how it ended."""
    shop.answer(plan)  # given once, and before: the officer answered one time
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:  # nothing of this process is used: its connections are the parent's
        steps.interrupt = lambda step: os.kill(os.getpid(), signal.SIGKILL) if step is at else None
        info = shop.governance.info
        with psycopg.connect(info.dsn, password=info.password) as own:
            shop.governance = own
            run_all(shop, plan)
    except BaseException:
        os._exit(1)
    os._exit(0)


@pytest.mark.parametrize("at", list(Step), ids=lambda step: step.name.lower())
def test_a_worker_killed_at_any_step_leaves_work_that_the_next_run_finishes(shop: Shop, at: Step) -> None:
    fill(shop)
    before = checksums(shop)
    plan = shop.plan()
    status = in_a_worker(shop, plan, at)
    assert os.WIFSIGNALED(status), f"the step {at.name} was never reached"
    assert os.WTERMSIG(status) == signal.SIGKILL
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


def test_an_undisturbed_run(shop: Shop) -> None:
    fill(shop)
    before = checksums(shop)
    plan = shop.plan()
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


def disturbed_once(shop: Shop, monkeypatch: pytest.MonkeyPatch, at: Step, disturb: Callable[[], Any]) -> Plan:
    """Run everything with a disturbance at a step; what fails for it fails with a reason, and the run goes on."""
    plan = shop.plan()
    done: list[Step] = []

    def interrupt(step: Step) -> None:
        if step is at and not done:
            done.append(step)
            disturb()

    monkeypatch.setattr(steps, "interrupt", interrupt)
    for rule in RULES:
        try:
            shop.erase(plan, rule)
        except (HoederError, psycopg.Error) as error:
            assert isinstance(error, StoreError), error
    assert done == [at]
    return plan


@pytest.mark.parametrize("at", [Step.ROWS_CHANGED, Step.PARTITION_DETACHED], ids=lambda step: step.name.lower())
def test_a_store_whose_server_ends_the_session(shop: Shop, monkeypatch: pytest.MonkeyPatch, at: Step) -> None:
    fill(shop)
    before = checksums(shop)
    kill = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'shop_retention'"
    plan = disturbed_once(shop, monkeypatch, at, lambda: shop.db.execute(kill))
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


@pytest.fixture(scope="module")
def own() -> Iterator[tuple[Shop, Servers]]:
    """Servers that may be killed, with a plan that is not executed yet; each fault does a part of it."""
    with shop_of_its_own() as (shop, servers):
        fill(shop)
        yield shop, servers


def test_servers_that_are_killed(own: tuple[Shop, Servers], monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL while rows and a partition go, S3 while an object is sent and while its old version is purged."""
    shop, servers = own
    before = checksums(shop)
    plan = shop.plan()
    shop.answer(plan)
    for at, name in (
        (Step.ROWS_CHANGED, "postgres"),
        (Step.PARTITION_DETACHED, "postgres"),
        (Step.REWRITE_INTENDED, "s3"),
        (Step.REWRITE_CHECKED, "s3"),
    ):
        done: list[Step] = []

        def kill(step: Step, at: Step = at, name: str = name, done: list[Step] = done) -> None:
            if step is at and not done:
                done.append(step)
                servers.kill(name)

        monkeypatch.setattr(steps, "interrupt", kill)
        with pytest.raises((HoederError, psycopg.Error)) as stopped:
            run_all(shop, plan)
        assert done == [at], stopped.value
        monkeypatch.setattr(steps, "interrupt", None)
        servers.start(name)
        servers.connect_again(shop)
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


@pytest.mark.parametrize("at", [Step.REWRITE_INTENDED, Step.REWRITE_SENT, Step.REWRITE_WRITTEN, Step.REWRITE_CHECKED,
                                Step.OBJECT_JUDGED], ids=lambda step: step.name.lower())  # fmt: skip
def test_a_network_that_is_cut_between_us_and_the_bucket(shop: Shop, monkeypatch: pytest.MonkeyPatch, at: Step) -> None:
    fill(shop)
    before = checksums(shop)
    direct = shop.connections["files_retention"]
    proxy = Proxy(port_of(direct))
    shop.connections["files_retention"] = through(direct, proxy)
    plan = disturbed_once(shop, monkeypatch, at, proxy.cut)
    proxy.close()
    shop.connections["files_retention"] = direct
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


@pytest.mark.parametrize("at", [Step.ROWS_CHANGED, Step.ROWS_COMMITTED, Step.PARTITION_INTENDED],
                         ids=lambda step: step.name.lower())  # fmt: skip
def test_a_network_that_is_cut_between_us_and_the_database(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, at: Step
) -> None:
    fill(shop)
    before = checksums(shop)
    direct = shop.connections["shop_retention"]
    proxy = Proxy(port_of(direct))
    shop.connections["shop_retention"] = through(direct, proxy)
    plan = disturbed_once(shop, monkeypatch, at, proxy.cut)
    proxy.close()
    shop.connections["shop_retention"] = direct
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


def test_a_bucket_that_is_full(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shop)
    before = checksums(shop)
    sent = Upload._send

    def full(upload: Upload) -> None:
        raise ClientError({"Error": {"Code": "InsufficientStorage"}}, "UploadPart")

    monkeypatch.setattr(Upload, "_send", full)
    plan = shop.plan()
    with pytest.raises(StoreError, match="files: calls/: InsufficientStorage"):
        shop.erase(plan, "call")
    assert checksums(shop) == before
    assert shop.bucket.client.list_multipart_uploads(Bucket=shop.bucket.name).get("Uploads", []) == []
    monkeypatch.setattr(Upload, "_send", sent)
    run_all(shop, plan)
    all_is_as_after_an_undisturbed_run(shop, plan, before)


def test_two_runs_at_once(shop: Shop) -> None:
    fill(shop)
    before = checksums(shop)
    plan = shop.plan()
    shop.answer(plan)
    children = []
    for _ in range(2):
        child = os.fork()
        if not child:
            info = shop.governance.info
            with psycopg.connect(info.dsn, password=info.password) as own:
                shop.governance = own
                for rule in RULES:
                    with contextlib.suppress(HoederError):
                        shop.erase(plan, rule)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    run_all(shop, plan)
    conclusion = retention.conclude(shop.governance, plan.plan)
    assert sum(conclusion.erased[rule] for rule in RULES) == sum(p.due for p in plan.parts if p.rule in RULES)
    assert checksums(shop) == before


def test_a_partition_that_gets_a_row_while_it_is_detached_is_attached_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shop)
    shop.db.execute("delete from event where id = 7")
    late = "insert into event_0 values (7, 1, '2026-11-01')"
    plan = disturbed_once(shop, monkeypatch, Step.PARTITION_DETACHED, lambda: shop.db.execute(late))
    assert shop.db.execute("select array_agg(id) from event where id < 203").fetchone() == ([7],)
    run_all(shop, plan)
    states = shop.governance.execute("select array_agg(state order by step) from erase_step where unit ~ 'event_0$'")
    assert states.fetchone() == (["intended", "detached", "attached"],)


def test_a_table_that_is_altered_after_the_approval(shop: Shop) -> None:
    fill(shop)
    before = checksums(shop)
    plan = shop.plan()
    shop.db.execute("alter table message rename closed_on to closed")
    with pytest.raises(StoreError, match="has no column closed_on"):
        shop.erase(plan, "message")
    shop.db.execute("alter table message rename closed to closed_on")
    shop.db.execute("drop table event_1")  # somebody else's hand
    shop.bucket.client.delete_object(Bucket=shop.bucket.name, Key="calls/d.jsonl")
    counts = {rule: shop.erase(plan, rule) for rule in RULES}
    assert counts["event"]["gone"] == 100
    assert counts["call"]["remaining"] == 0
    assert not [v for v in stored(shop) if v.key == "calls/d.jsonl"]
    assert checksums(shop) == before


def test_a_hold_placed_after_a_crash_keeps_the_row_that_the_crashed_attempt_had_left_out(shop: Shop) -> None:
    fill(shop)
    plan = shop.plan()
    status = in_a_worker(shop, plan, Step.REWRITE_CHECKED)
    assert os.WIFSIGNALED(status)
    shop.hold("customer", 3)
    shop.erase(plan, "call")
    expected = [row["id"] for row in call_rows() if row["on_day"] > UNTIL or row["customer_id"] == 3]  # type: ignore[operator]
    for key in ("calls/a.parquet", "calls/c.jsonl.gz", "calls/d.jsonl", "calls/e.csv.zst"):
        assert ids(shop, key) == expected
