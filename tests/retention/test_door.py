"""What must never go through: rows that no plan names, rows that somebody must keep, rows of another table."""

import psycopg
import pytest
from shop import Shop

from hoeder.errors import EvidenceError, Refused, StoreError
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.erase import open_door

KEY = ReferenceKey(b"k" * 32)


@pytest.mark.parametrize(
    ("ddl", "obstacle"),
    [
        (
            "create table note (id int primary key, message_id int references message on delete cascade)",
            "note_message_id",
        ),
        (
            "create table note (id int primary key, message_id int references message on delete set null)",
            "note_message_id",
        ),
        (
            """create function also() returns trigger language plpgsql as
               $$ begin delete from customer; return old; end $$;
               create trigger also after delete on message for each row execute function also()""",
            "trigger also",
        ),
        ("create rule more as on delete to message do also delete from customer", "rule more"),
        ("create table archive () inherits (message)", "table archive inherits"),
        ("alter table message drop constraint message_pkey", "no unique index"),
        ("alter table message drop constraint message_pkey, add primary key (id, status)", "no unique index"),
        ("alter table message enable row level security", "row security hides"),
        (
            """alter table message enable row level security;
               create policy part on message to shop_retention using (id < 12)""",
            "row security hides",
        ),
        (
            """alter table message enable row level security;
               create policy every on message to shop_retention using (true);
               create policy less on message as restrictive to shop_retention using (id < 12)""",
            "restrictive policy",
        ),
    ],
)
@pytest.mark.parametrize("when", ["before the plan", "after the approval"])
def test_a_table_whose_rows_cannot_go_alone_is_not_touched(shop: Shop, ddl: str, obstacle: str, when: str) -> None:
    if when == "before the plan":
        shop.db.execute(ddl)
        plan = shop.plan()
        assert obstacle in str(next(p.problem for p in plan.parts if p.rule == "message"))
    else:
        plan = shop.plan()
        shop.db.execute(ddl)
    with pytest.raises(StoreError, match=obstacle):
        shop.erase(plan, "message")
    assert shop.db.execute("select count(*) from only message").fetchone() == (6,)
    assert shop.outcomes()[-1][1] in {"failed", "unreachable"}


def test_row_security_that_shows_every_row_is_no_obstacle(shop: Shop) -> None:
    shop.db.execute("alter table message enable row level security")
    shop.db.execute("create policy every on message to shop_retention using (true)")
    assert shop.erase(shop.plan(), "message")["erased"] == 3


def test_a_view_is_no_table_to_erase_from(shop: Shop) -> None:
    shop.db.execute("alter table message rename to messages")
    shop.db.execute("create view message as select * from messages")
    assert "view" in str(next(p.problem for p in shop.plan().parts if p.rule == "message"))


def test_the_table_is_the_one_in_the_declared_schema(shop: Shop) -> None:
    shop.db.execute("create schema shop_retention authorization shop_retention")  # first in that role's search path
    shop.db.execute("create table shop_retention.message (like public.message including all)")
    shop.db.execute("insert into shop_retention.message select * from public.message")
    shop.db.execute("grant select, delete on shop_retention.message to shop_retention")
    assert shop.erase(shop.plan(), "message")["erased"] == 3
    assert shop.messages() == {12, 13, 14}
    assert shop.db.execute("select count(*) from shop_retention.message").fetchone() == (6,)


def test_rows_slipped_into_an_approved_plan_are_refused(shop: Shop) -> None:
    plan = shop.plan()
    shop.db.execute("insert into message values (99, 2, 'late', '2020-01-01', 'closed')")
    slip = "insert into plan_row values (%s, 'message', %s)"
    values = [plan.plan, shop.key.row("shop", "message", 99)]
    shop.governance.execute(slip, values)
    shop.governance.commit()
    with pytest.raises(Refused, match="not those that were approved"):
        shop.erase(plan, "message")
    assert 99 in shop.messages()
    with pytest.raises(psycopg.errors.RaiseException, match="cannot be added to"):  # it was answered by then
        shop.governance.execute(slip, [plan.plan, shop.key.row("shop", "message", 12)])


def test_rows_taken_out_of_an_approved_plan_are_noticed(shop: Shop) -> None:
    plan = shop.plan()
    shop.governance.execute("delete from plan_row where rule = 'message'")
    with pytest.raises(Refused, match="not those that were approved"):
        shop.erase(plan, "message")


def test_an_object_changed_after_the_plan_is_judged_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from hoeder.retention import due

    shop.put("copies/4.png", customer_id="4", status="left", left_on="2010-01-01")
    plan = shop.plan()
    listed = due.PrefixTarget.records

    def listed_then_changed(target: due.PrefixTarget) -> object:
        found = list(listed(target))
        shop.put("copies/4.png", customer_id="4", status="active")
        return iter(found)

    monkeypatch.setattr(due.PrefixTarget, "records", listed_then_changed)
    assert shop.erase(plan, "copy")["erased"] == 0
    assert "copies/4.png" in shop.objects()


@pytest.mark.parametrize(("held", "written"), [("4", "4"), (4, "4"), ("4.00", "4"), ("A-4", "a-4 "), ("ab", "AB")])
def test_a_hold_finds_the_person_however_the_key_is_written(shop: Shop, held: object, written: str) -> None:
    shop.put("copies/4.png", customer_id=written.strip(), status="left", left_on="2010-01-01")
    shop.hold("customer", held)
    assert shop.erase(shop.plan(), "copy")["erased"] == 0
    assert KEY.subject("customer", held) == KEY.subject("customer", written)


def test_a_record_of_nobody_known_is_held_while_a_hold_of_its_kind_stands(shop: Shop) -> None:
    shop.put("copies/5.png", status="left", left_on="2010-01-01")
    shop.db.execute("update message set customer_id = null where id = 15")
    shop.hold("customer", 77)
    plan = shop.plan()
    assert {p.rule: p.held for p in plan.parts} == {"message": 1, "customer": 0, "log": 0, "copy": 1}


def test_an_older_versions_person_protects_the_object(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    shop.put("copies/6.png", customer_id="6", status="left", left_on="2010-01-01")
    shop.put("copies/6.png", customer_id="7", status="left", left_on="2010-01-01")
    plan = shop.plan()
    shop.hold("customer", "6")
    assert shop.erase(plan, "copy") == {"planned": 1, "erased": 0, "held": 1, "gone": 0, "remaining": 1}
    assert "copies/6.png" in shop.objects()


def test_an_object_that_was_deleted_and_still_has_versions_is_due(shop: Shop) -> None:
    client, bucket = shop.bucket.client, shop.bucket.name
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    shop.put("logs/date=2020-02-02/log.gz")
    client.delete_object(Bucket=bucket, Key="logs/date=2020-02-02/log.gz")
    assert shop.erase(shop.plan(), "log")["erased"] == 3
    left = client.list_object_versions(Bucket=bucket, Prefix="logs/")
    assert {v["Key"] for v in [*left["Versions"], *left.get("DeleteMarkers", [])]} == {"logs/date=2026-10-24/log.gz"}


def test_a_lost_governance_connection_undoes_the_batch(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from hoeder.stores.erase import door

    plan = shop.plan()
    looked = door.still_open

    def lost(governance: psycopg.Connection[tuple[object, ...]]) -> None:
        shop.db.execute("select pg_terminate_backend(%s)", [governance.info.backend_pid])
        looked(governance)

    monkeypatch.setattr(door, "still_open", lost)
    with pytest.raises((EvidenceError, psycopg.OperationalError)):
        shop.erase(plan, "message")
    assert len(shop.messages()) == 6


def test_the_door_does_not_open_on_a_connection_that_would_let_its_lock_go(shop: Shop) -> None:
    shop.governance.commit()
    shop.governance.autocommit = True
    with pytest.raises(ValueError, match="autocommit"), open_door(shop.governance, shop.key):
        pass


def test_a_servers_words_about_a_row_stay_out_of_the_plan(shop: Shop) -> None:
    shop.db.execute("alter table message alter closed_on type text")
    shop.db.execute("update message set closed_on = 'jan.jansen@example.nl' where id = 10")
    problem = str(next(p.problem for p in shop.plan().parts if p.rule == "message"))
    assert "jansen" not in problem
    assert "text" in problem


@pytest.mark.parametrize("status", ["Open", " open", None])
def test_a_case_that_is_open_in_any_spelling_or_says_nothing_is_not_due(shop: Shop, status: str | None) -> None:
    shop.db.execute("update message set status = %s where id = 10", [status])
    part = next(p for p in shop.plan().parts if p.rule == "message")
    assert (part.due, part.missing_anchor) == (2, 1 if status else 2)
