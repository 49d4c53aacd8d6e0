"""Ends of a table's rows: fields that change, partitions that go, locks that are waited for, disks that fill."""

import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from shop import RUN, Shop, rule
from warehouse import fill, with_rules

from hoeder import retention
from hoeder.errors import StoreError
from hoeder.stores.erase import rows
from hoeder.stores.erase.rows import Pace


def with_change(shop: Shop, then: object) -> None:
    shop.db.execute("grant update (body, closed_on) on message to shop_retention")
    changed = rule("message", "3 months after closed_on", "shop.message", "open", then=then)
    others = [
        each for each in shop.policy.model_dump(mode="json", by_alias=True)["retention"] if each["rule"] != "message"
    ]
    shop.policy = with_rules(shop.policy.model_copy(update={"retention": ()}), *others, changed)


@pytest.mark.parametrize(
    ("then", "column", "value"),
    [
        ({"null": ["body"]}, "body", None),
        ({"replace": {"body": "removed"}}, "body", "removed"),
        ({"anonymize": {"closed_on": "year"}}, "closed_on::text", "2026-01-01"),
        ({"anonymize": {"body": "first-2"}}, "body", "ol"),
    ],
)
def test_a_field_gets_another_value_once_and_the_row_stays(
    shop: Shop, then: object, column: str, value: str | None
) -> None:
    with_change(shop, then)
    before = shop.db.execute("select m::text from message m where id not in (10, 11, 15) order by id").fetchall()
    counts = shop.erase(shop.plan(), "message")
    already = then == {"anonymize": {"closed_on": "year"}}  # one of the three is a first of January
    assert (counts["erased"], counts["remaining"]) == (2 if already else 3, 0)
    assert shop.messages() == {10, 11, 12, 13, 14, 15}
    assert shop.db.execute(f"select {column} from message where id = 10").fetchone() == (value,)
    assert (
        shop.db.execute("select m::text from message m where id not in (10, 11, 15) order by id").fetchall() == before
    )
    assert {p.rule: p.due for p in shop.plan().parts}["message"] == 0  # done twice, it changes nothing


def test_a_trigger_that_acts_on_every_change_stops_the_rule(shop: Shop) -> None:
    with_change(shop, {"null": ["body"]})
    shop.db.execute(
        """create function also() returns trigger language plpgsql as $$ begin return new; end $$;
           create trigger also before update on message for each row execute function also()"""
    )
    with pytest.raises(StoreError, match="trigger also acts on every change"):
        shop.erase(shop.plan(), "message")


def test_whole_partitions_are_dropped_and_rows_of_others_erased_one_by_one(shop: Shop) -> None:
    fill(shop)
    counts = shop.erase(shop.plan(), "event")
    assert (counts["planned"], counts["erased"], counts["partitions"]) == (203, 203, 2)
    assert shop.db.execute("select count(*), min(id) from event").fetchone() == (197, 203)


def test_a_partition_with_a_person_under_a_hold_stays_and_loses_the_others(shop: Shop) -> None:
    fill(shop)
    plan = shop.plan()
    shop.hold("customer", 3)
    counts = shop.erase(plan, "event")
    assert "partitions" not in counts
    assert counts["held"] == len([n for n in range(203) if n % 7 == 3])
    assert shop.db.execute("select count(*) from event where id < 203").fetchone() == (counts["held"],)


def test_a_partition_that_rows_elsewhere_refer_to_is_not_dropped(shop: Shop) -> None:
    fill(shop)
    shop.db.execute("create table seen (event_id int references event (id))")
    counts = shop.erase(shop.plan(), "event")
    assert (counts["erased"], counts.get("partitions", 0)) == (203, 0)


def test_an_account_that_does_not_own_the_table_erases_rows_instead(shop: Shop) -> None:
    fill(shop)
    shop.db.execute("alter table event owner to postgres")
    shop.db.execute("grant select, delete on event to shop_retention")
    counts = shop.erase(shop.plan(), "event")
    assert (counts["erased"], counts.get("partitions", 0)) == (203, 0)


def test_a_lock_on_rows_is_waited_for_in_short_steps_and_others_get_through(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LOCK_TIMEOUT", "200ms")
    plan = shop.plan()
    begun = threading.Event()

    def hold() -> None:
        with psycopg.connect(shop.db.info.dsn, password=shop.db.info.password) as other:
            other.execute("select from message where id = 15 for update")
            begun.set()
            time.sleep(1)

    holding = threading.Thread(target=hold)
    holding.start()
    begun.wait()
    assert shop.erase(plan, "message")["erased"] == 3
    holding.join()
    written = shop.governance.execute("select sum(length(refs)) / 16 from erasure_journal").fetchone()
    assert written == (3,)  # attempts that came to nothing are taken back


def test_a_lock_that_stays_is_said_to_stay(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(rows, "ATTEMPTS", 3)
    plan = shop.plan()
    with psycopg.connect(shop.db.info.dsn, password=shop.db.info.password) as other:
        other.execute("select from message where id = 15 for update")
        with pytest.raises(StoreError, match="somebody else has held rows of it for 3 attempts"):
            shop.erase(plan, "message")


def test_a_table_that_is_read_and_written_all_the_time_is_never_locked(shop: Shop) -> None:
    """What a reader or writer of the table waited for, at most, while all of it was executed."""
    fill(shop)
    plan = shop.plan()
    longest, over = [0.0], threading.Event()

    def work() -> None:
        with psycopg.connect(shop.db.info.dsn, password=shop.db.info.password, autocommit=True) as other:
            while not over.is_set():
                begun = time.monotonic()
                other.execute("update event set customer_id = customer_id where id = 399")
                other.execute("select count(*) from message")
                longest[0] = max(longest[0], time.monotonic() - begun)

    working = threading.Thread(target=work)
    working.start()
    shop.erase(plan, "event")
    shop.erase(plan, "message")
    over.set()
    working.join()
    assert longest[0] < 1.5


def test_batches_grow_and_shrink_with_what_fits_in_a_second() -> None:
    pace = Pace()
    pace.learn(2_000, 0.1)
    assert pace.rows == 4_000  # at most twice as many
    pace.learn(4_000, 8.0)
    assert pace.rows == 1_000  # at least a quarter
    pace.rows = 1
    pace.learn(1, 100.0)
    assert pace.rows == 1


def test_a_full_disk_undoes_the_batch(shop: Shop, small_disk: str) -> None:
    with_change(shop, {"replace": {"body": secrets.token_hex(900)}})
    shop.db.execute(f"create tablespace small location '{small_disk}'")
    try:
        shop.db.execute("alter table message set tablespace small")
        shop.db.execute(
            "insert into message select n, 3, 'old', '2020-01-01', 'closed' from generate_series(100, 2000) n"
        )
        plan = shop.plan()
        with pytest.raises(StoreError, match=r"53100"):
            shop.erase(plan, "message")
        assert shop.db.execute("select count(*) from message where body <> 'old' and id >= 100").fetchone() == (0,)
        assert shop.outcomes() == [("message", "failed")]
        shop.db.execute("alter table message set tablespace pg_default")
        assert shop.erase(plan, "message")["remaining"] == 0
    finally:
        shop.db.execute("alter table message set tablespace pg_default")
        shop.db.execute("drop tablespace small")


@pytest.fixture
def small_disk() -> Iterator[str]:
    """Two megabytes, where this machine allows to mount them."""
    place = Path(tempfile.mkdtemp(prefix="hoeder-small-"))
    place.chmod(0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        place.rmdir()
        pytest.skip("mounting a small disk takes root")
    folder = place / "space"
    folder.mkdir(mode=0o700)
    shutil.chown(folder, "embedded_postgres", "embedded_postgres")
    yield str(folder)
    subprocess.run(["umount", "--lazy", place], check=True)
    place.rmdir()


def test_the_day_on_which_the_clock_goes_back_is_one_day_of_25_hours(shop: Shop) -> None:
    shop.db.execute("alter table message alter closed_on type timestamptz using null")
    moments = {
        10: "2026-10-25 00:00:00 Europe/Amsterdam", 11: "2026-10-25 02:30:00+02", 12: "2026-10-25 02:30:00+01",
        13: "2026-10-25 23:59:59.999999 Europe/Amsterdam", 14: "2026-10-26 00:00:00 Europe/Amsterdam",
        15: "2026-10-26 00:00:00+02",
    }  # fmt: skip
    for number, moment in moments.items():
        shop.db.execute("update message set closed_on = %s, status = 'closed' where id = %s", [moment, number])
    shop.policy = with_rules(
        shop.policy.model_copy(update={"retention": ()}),
        rule("message", "1 day after closed_on", "shop.message", "open"),
    )
    plan = retention.make_plan(shop.policy, shop.resolve, shop.governance, shop.key, run=RUN, as_of=date(2026, 10, 26))
    assert shop.erase(plan, "message")["erased"] == 5
    assert shop.messages() == {14}
