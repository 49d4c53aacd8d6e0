"""What a review of real entitlements finds, what it leaves alone, and that it names nobody."""

import psycopg
import pytest
from office import CANARY, Office, day
from psycopg import sql
from servers import Database

from hoeder.access_review.people import State
from hoeder.access_review.review import age_out


def test_who_has_what_their_function_needs_is_not_found(office: Office) -> None:
    office.login("zwaluwenborg1", "agent_red")
    office.login("Zwaluwenborg2 ", "agent_blue")  # HR writes it without the capital and the space
    review = office.review()
    assert (review.by_kind, review.state, review.working, review.whole) == ({}, State.USABLE, 8, True)


def test_every_kind_of_excess_is_found_and_nothing_else(office: Office) -> None:
    office.db.execute("update worker set status = 'left', left_on = '2026-11-20' where id = 8")
    office.login("zwaluwenborg8", "agent_blue")
    office.login("zwaluwenborg_nobody")
    office.login("zwaluwenborg_desk", "agent_red")
    office.login("zwaluwenborg1", "agent_red")
    office.login("zwaluwenborg3", "agent_red", "agent_blue")
    office.run("grant {} to {}", "zwaluwenborg_desk", "zwaluwenborg1")
    office.run("alter role {} bypassrls", "zwaluwenborg3")
    office.db.execute("grant update (body) on form to zwaluwenborg1")
    office.db.execute("grant select on note to public")
    office.db.execute("create schema more; grant create on schema more to public")
    office.login(f"{office.prefix}office_reporting")
    office.run("grant select, delete on form to {}", f"{office.prefix}office_reporting")
    office.db.execute("create publication feed for table form")
    office.db.execute("update secrecy set signed_on = null where worker_id = 2")
    office.db.execute("update secrecy set text_version = 'v0' where worker_id = 4")
    office.db.execute("update course set followed_on = '2025-11-22' where worker_id = 5")
    office.db.execute("insert into given values (20, 5, 'payroll', 'reader'), (21, 8, 'portal-blue', 'agent'), "
                      "(22, 7, 'portal-blue', 'agent')")  # fmt: skip
    office.review()
    group = f"{office.prefix}agent_blue"
    assert office.found() == {
        ("leaver", "", "login"), ("leaver", "login", "login"), ("orphan", "", "login"), ("shared", "", "login"),
        ("superuser", "", "bypassrls"), ("other-client", group, "member"), ("beyond-need", "form", "update"),
        ("public-grant", "note", "select"), ("public-grant", "schema more", "create"),
        ("beyond-need", "form", "delete"), ("use", "form", "select"), ("egress", "publication", "leaves"),
        ("no-secrecy", "secrecy", "signature"), ("no-secrecy", "secrecy", "text"),
        ("no-training", "course", "too long ago"), ("beyond-need", "", "(other)"),
        ("client-system", "", "left"), ("client-system", "", "another client"),
    }  # fmt: skip


def test_hours_count_from_the_end_of_the_last_day(office: Office) -> None:
    office.db.execute("update worker set status = 'left', left_on = '2026-11-20' where id = 8")
    office.review()
    row = office.governance.execute("select hours, person_ref from access_finding where kind = 'leaver'").fetchone()
    assert row == (36, office.key.subject("employee", 8))


def test_who_can_log_in_elsewhere_alone_is_no_finding_here(office: Office) -> None:
    office.run("create role {} login", "zwaluwenborg_elsewhere")
    assert office.review().by_kind == {}


def test_what_was_attested_and_ends_soon_is_found(office: Office) -> None:
    office.governance.execute(
        """insert into attestation (kind, attested_by, document, bytes, media_type, valid_from, valid_until, digest,
               policy_digest, entry)
           values ('training', 'dpo', repeat('a', 64), 1, 'application/pdf', '2025-12-01', '2026-12-01',
                   repeat('a', 64), repeat('a', 64), 1)"""
    )
    office.governance.commit()
    office.review()
    assert office.found() == {("attestation-ending", "training", "ends")}


def test_nobody_is_named_in_the_governance_database_or_the_log(office: Office, governance: Database, caplog) -> None:  # type: ignore[no-untyped-def]
    office.login("zwaluwenborg_nobody", "agent_red")
    office.run("create role {}", "zwaluwenborg_group")
    office.login("zwaluwenborg1")
    office.run("grant {} to {}", "zwaluwenborg_group", "zwaluwenborg1")
    office.run("grant select on form to {}", "zwaluwenborg_group")
    office.db.execute("insert into given values (20, 5, 'zwaluwenborg', 'zwaluwenborg')")
    review = office.review()
    office.remove("orphan")
    office.execute()
    with psycopg.connect(governance.conninfo) as db:
        tables = [
            name for (name,) in db.execute("select relname from pg_class where relkind = 'r' and relname !~ '^pg_'")
        ]
        dump = " ".join(
            str(db.execute(sql.SQL("select coalesce(string_agg(t::text, ' '), '') from {} t").format(
                sql.Identifier("public", name))).fetchone())
            for name in tables if db.execute("select to_regclass(%s)", [f"public.{name}"]).fetchone() != (None,)
        )  # fmt: skip
    assert review.by_kind["beyond-need"] == 3
    assert "access_finding" in tables
    assert CANARY not in (dump + caplog.text + repr(review)).lower()


def test_a_store_that_cannot_be_read_is_a_finding_and_the_ledger_says_partial(office: Office) -> None:
    del office.connections[f"{office.prefix}office_access_review"]
    review = office.review()
    assert (review.state, review.whole) == (State.UNREADABLE, False)
    assert {kind for kind, *_ in office.found()} == {"unreadable", "staff-list"}
    outcomes = dict(office.governance.execute("select act, outcome from ledger where phase = 'outcome'").fetchall())
    assert outcomes["review"] == outcomes["secrecy"] == outcomes["use"] == "partial"


def test_old_reviews_go_with_all_that_was_decided_in_them_and_the_last_one_stays(office: Office) -> None:
    office.login("zwaluwenborg_nobody")
    first = office.review()
    office.remove("orphan")
    office.execute()
    last = office.review()
    assert age_out(office.governance, office.policy, day("2027-10-31")) == 0  # a year is kept
    assert age_out(office.governance, office.policy, day("2029-01-01")) == 1
    for table in ("access_review", "access_right"):
        left = office.governance.execute(
            sql.SQL("select distinct review from {}").format(sql.Identifier(table))
        ).fetchall()
        assert left == [(last.review,)], first
    assert office.governance.execute("select count(*) from access_decision").fetchone() == (0,)
    office.governance.commit()
    with pytest.raises(psycopg.errors.RaiseException):
        office.governance.execute("delete from access_review")


def test_the_register_has_a_line_for_every_right(office: Office) -> None:
    office.login("zwaluwenborg1", "agent_red")
    review = office.review()
    rows = office.governance.execute(
        """select status, function, place, "right", client, needed, last_used_on::text from access_right
           where system = 'office' and account_ref = %s""",
        [office.key.row("office", "account", "zwaluwenborg1")],
    ).fetchall()
    assert rows == [("works", "agent", f"{office.prefix}agent_red", "member", "red", True, "2026-11-21")]
    counted = office.governance.execute("select count(*) from access_right").fetchone()
    assert counted == (review.rights,)
