"""What was decided is taken away, that alone, and it is read again; some accounts are never closed by a machine."""

import psycopg
import pytest
from office import RUN, Office

from hoeder import access_review
from hoeder.access_review.decide import Choice, as_proposed, asked
from hoeder.access_review.findings import Decision
from hoeder.errors import Refused, StoreError
from hoeder.stores.connection import connect
from hoeder.stores.withdraw import How, Withdrawal, withdraw


def rights(office: Office) -> set[tuple[str, str, str]]:
    return set(office.db.execute(
        """select coalesce(r.rolname, 'public'), c.relname, x.privilege_type from pg_class c, aclexplode(c.relacl) x
           left join pg_roles r on r.oid = x.grantee where c.relname in ('note', 'form') and x.grantee <> c.relowner"""
    ))  # fmt: skip


def test_exactly_what_was_decided_goes_and_everything_else_stays(office: Office) -> None:
    office.login("zwaluwenborg_nobody", "agent_red")
    office.login("zwaluwenborg_kept")
    office.login("zwaluwenborg1", "agent_red", "agent_blue")
    office.db.execute("grant select, update on form to zwaluwenborg1; grant select on note to public")
    office.review()
    before = rights(office)
    rows = office.governance.execute(
        """select finding, account_ref, kind, "right" from access_finding_now where kind <> 'public-grant'"""
    ).fetchall()
    kept = office.key.row("office", "account", "zwaluwenborg_kept")
    gone = tuple(r[0] for r in rows if r[2] == "orphan" and bytes(r[1]) != kept)
    reduced = tuple(r[0] for r in rows if (r[2], r[3]) in {("other-client", "member"), ("beyond-need", "update")})
    office.decide(Choice(gone, Decision.REMOVE, "no-need"), Choice(reduced, Decision.REDUCE, "no-need"))
    assert office.execute() == {"withdrawn": 3}
    assert [office.can_log_in(n) for n in ("zwaluwenborg_nobody", "zwaluwenborg_kept", "zwaluwenborg1")] == [
        False,
        True,
        True,
    ]
    assert before - rights(office) == {("zwaluwenborg1", "form", "UPDATE")}
    groups = office.db.execute(
        "select roleid::regrole::text from pg_auth_members where member = 'zwaluwenborg1'::regrole"
    ).fetchall()
    assert groups == [(f"{office.prefix}agent_red",)]


def test_what_was_taken_away_is_not_found_again_and_not_done_twice(office: Office) -> None:
    office.login("zwaluwenborg_nobody")
    office.db.execute("grant select on note to public")
    office.review()
    chosen = as_proposed(
        office.governance, office.policy, asked(office.governance).review, "chief", (), office.now.date()
    )
    office.decide(*chosen)
    assert office.execute() == {"withdrawn": 2}
    assert office.execute() == {}
    assert {settled for (settled,) in office.governance.execute("select settled from access_finding_now")} == {True}
    office.governance.commit()
    assert office.review().by_kind == {}


def test_a_shared_account_that_is_closed_can_no_longer_be_become(office: Office) -> None:
    office.login("zwaluwenborg_desk", "agent_blue")
    office.login("zwaluwenborg1", "agent_red")
    office.run("grant {} to {}", "zwaluwenborg_desk", "zwaluwenborg1")
    office.review()
    office.remove("shared")
    assert office.execute() == {"withdrawn": 1}
    assert office.review().by_kind == {}


def test_a_leavers_open_session_ends(office: Office) -> None:
    office.db.execute("update worker set status = 'left', left_on = '2026-11-20' where id = 8")
    office.login("zwaluwenborg8")
    office.db.execute("alter role zwaluwenborg8 password 'office'")
    office.review()
    row = office.governance.execute(
        "select finding from access_finding_now where kind = 'leaver' and by_machine"
    ).fetchone()
    assert row is not None
    office.decide(Choice((row[0],), Decision.REMOVE, "left"))
    account = office.connections[f"{office.prefix}office_access_review"].model_copy(update={"login": "zwaluwenborg8"})
    with connect(account, autocommit=True) as leaver:
        assert office.execute() == {"withdrawn": 1}
        with pytest.raises(psycopg.OperationalError):
            leaver.execute("select 1")


def test_who_came_back_meanwhile_keeps_their_access(office: Office) -> None:
    office.db.execute("update worker set status = 'left', left_on = '2026-11-20' where id = 8")
    office.login("zwaluwenborg8", "agent_blue")
    office.review()
    findings = office.governance.execute("select finding from access_finding_now where kind = 'leaver'").fetchall()
    office.decide(Choice(tuple(f for (f,) in findings), Decision.REMOVE, "left"))
    office.db.execute("update worker set status = 'active', left_on = null where id = 8")
    assert office.execute() == {"no_longer": 2}
    assert office.can_log_in("zwaluwenborg8")


def test_what_hoeder_cannot_take_away_is_left_for_somebodys_hand(office: Office) -> None:
    office.login("zwaluwenborg1", "agent_red")
    office.run("alter role {} createrole", "zwaluwenborg1")
    office.db.execute("insert into given values (20, 5, 'portal-blue', 'agent')")
    office.review()
    office.decide(
        Choice((office.number("superuser"),), Decision.REDUCE, "no-need"),
        Choice((office.number("client-system"),), Decision.REMOVE, "no-need"),
    )
    assert office.execute() == {"by_hand": 2}
    assert office.execute() == {}


def test_a_functions_refusal_is_told_and_the_rest_goes_on(office: Office) -> None:
    office.login("zwaluwenborg_owner")
    office.db.execute("create table theirs (id int); alter table theirs owner to zwaluwenborg_owner")
    office.db.execute("grant select on note to public")
    office.review()
    office.decide(
        Choice((office.number("orphan"),), Decision.REMOVE, "no-need"),
        Choice((office.number("public-grant"),), Decision.REDUCE, "no-need"),
    )
    assert office.execute() == {"not_allowed": 1, "withdrawn": 1}
    assert office.can_log_in("zwaluwenborg_owner")
    assert office.execute() == {"not_allowed": 1}  # asked again, since the owner may have mended it


def test_without_the_functions_nothing_goes_and_that_is_said(office: Office) -> None:
    office.login("zwaluwenborg_nobody")
    office.review()
    office.remove("orphan")
    office.db.execute("drop schema hoeder_access cascade")
    assert office.execute() == {"still_there": 1}
    assert office.can_log_in("zwaluwenborg_nobody")


def test_a_changed_policy_takes_nothing_away(office: Office) -> None:
    office.login("zwaluwenborg_nobody")
    office.review()
    office.remove("orphan")
    changed = office.policy.model_copy(update={"digest": "b" * 64})
    with pytest.raises(Refused, match="review again"):
        access_review.execute(changed, office.resolve, office.governance, office.key, run=RUN, now=office.now)
    assert office.can_log_in("zwaluwenborg_nobody")


@pytest.mark.parametrize("account", ["postgres", "{}office_access_review", "{}office_access_withdraw"])
def test_some_accounts_are_never_closed(standing: Office, account: str) -> None:
    name, own = account.format(standing.prefix), standing.connections[f"{standing.prefix}office_access_withdraw"]
    with connect(own, autocommit=True) as db:
        never = {f"{standing.prefix}office_access_review"}
        for how in How:
            with pytest.raises(Refused):
                withdraw(db, Withdrawal(how, name, "note", "select"), schema="public", never=never)
    assert standing.can_log_in(name)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from form",
        "select * from worker",
        "create table x ()",
        "create role x",
        "alter role postgres nologin",
        "grant pg_read_all_data to zwaluwenborg_standing",
        "select hoeder_access.take_right('postgres', 'note', null, 'select')",
        "select hoeder_access.take_right(null, 'note', null, 'select on form from public; drop table note; --')",
    ],
)
def test_the_account_that_takes_away_can_do_nothing_else(standing: Office, statement: str) -> None:
    account = standing.connections[f"{standing.prefix}office_access_withdraw"]
    with connect(account, autocommit=True) as db, pytest.raises(psycopg.Error):
        db.execute(statement)  # type: ignore[call-overload]
    assert standing.db.execute("select to_regclass('note')").fetchone() != (None,)


def test_a_withdrawal_does_not_print_whose_account_it_is() -> None:
    assert "zwaluwenborg" not in repr(Withdrawal(How.CLOSE, "zwaluwenborg1"))


def test_an_account_that_is_not_there_is_told_of(standing: Office) -> None:
    account = standing.connections[f"{standing.prefix}office_access_withdraw"]
    with connect(account, autocommit=True) as db, pytest.raises(StoreError, match="no such account"):
        withdraw(db, Withdrawal(How.CLOSE, "zwaluwenborg99"), schema="public", never=())
