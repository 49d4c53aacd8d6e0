"""Registers are what policy says, held against what the inventory met; every change of content is a version."""

from datetime import date
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo
from seeded import RUN, TODAY, Plain, plain, policy, scanned
from servers import Database

from hoeder.evidence.ledger import Connection
from hoeder.registers import Finding, Kind, refresh
from hoeder.registers.content import Register, registers
from hoeder.registers.refresh import compare, current
from hoeder.registers.versions import Change, changes, versions
from hoeder.registers.words import told


def found(db: Connection, changed: Plain | None = None) -> set[Finding]:
    return set(compare(db, policy(changed), TODAY)[2])


def processing(said: Plain, name: str = "sales") -> Plain:
    return next(one for one in said["processing"]["processings"] if one["processing"] == name)


# --- content --------------------------------------------------------------------------------------------------------


def test_the_controller_has_one_register_and_every_client_one_of_their_own() -> None:
    made = {register.name: register for register in registers(policy(), TODAY)}
    assert list(made) == ["controller", "client-acme", "client-bolt"]
    assert [line.processing for line in made["controller"].lines] == ["sales"]
    assert [line.processing for line in made["client-acme"].lines] == ["notes"]
    assert made["client-acme"].article == "30(2)"


def test_a_clients_register_does_not_say_who_else_is_a_client() -> None:
    said = plain()
    said["processing"]["recipients"]["host"]["nl"] = "Rekencentrum"
    acme = next(register for register in registers(policy(said), TODAY) if register.name == "client-acme")
    assert b"acme" in acme.canonical()
    assert b"bolt" not in acme.canonical().lower()


def test_what_the_law_asks_for_comes_from_the_files_that_say_it() -> None:
    (line,) = registers(policy(), TODAY)[0].lines
    assert line.categories == ("user.contact.email", "user.device.ip_address", "user.unique_id")
    assert [(term.rule, term.place) for term in line.terms] == [("customer", "shop.customer"), ("log", "files:logs/")]
    assert line.stores == ("shop", "files")
    assert [one.name("en") for one in line.recipients.values()] == ["Data centre"]


def test_a_client_has_the_term_that_it_instructed() -> None:
    said = plain()
    note = next(one for one in said["retention"] if one["rule"] == "note")
    of_acme = {"name": "acme", "column": "client_id", "values": [1]}
    said["retention"].append(note | {"rule": "note-acme", "client": of_acme, "keep": "1 months after made_on"})
    note["client"] = of_acme | {"others": True}
    made = {register.name: register for register in registers(policy(said), TODAY)}
    assert [term.rule for term in made["client-acme"].lines[0].terms] == ["note-acme"]
    assert [term.rule for term in made["client-bolt"].lines[0].terms] == ["note"]


def test_a_rule_that_is_not_in_force_yet_is_no_term() -> None:
    said = plain()
    said["retention"][0]["valid_from"] = "2027-01-01"
    assert registers(policy(said), TODAY)[0].lines[0].without_term == ("shop.customer",)
    assert registers(policy(said), date(2027, 1, 1))[0].lines[0].without_term == ()


def test_a_register_reads_back_as_it_was_written() -> None:
    for register in registers(policy(), TODAY):
        assert Register.read(register.canonical()) == register
        assert Register.read(register.canonical()).digest == register.digest


# --- held against the inventory -------------------------------------------------------------------------------------


def test_where_policy_and_stores_agree_nothing_is_found(seen: Connection) -> None:
    scanned(seen)
    assert found(seen) == set()


def test_a_store_that_was_never_read_is_said_and_not_taken_for_agreement(seen: Connection) -> None:
    scanned(seen, stores=("shop",))
    assert found(seen) == {Finding(Kind.NOT_SCANNED, place="files")}


def test_a_scan_that_never_finished_counts_for_nothing(seen: Connection) -> None:
    scanned(seen)
    seen.execute("update scan set finished_at = null where store = 'files'")
    assert Finding(Kind.NOT_SCANNED, place="files") in found(seen)


def test_a_place_that_the_inventory_did_not_find_is_a_finding(seen: Connection) -> None:
    scanned(seen, leave_out=("files", "logs/"))
    assert found(seen) == {Finding(Kind.NOT_FOUND, "controller", "sales", "files:logs/")}


def test_a_column_that_is_gone_is_a_finding_with_its_category(seen: Connection) -> None:
    scanned(seen, columns=(("shop", "customer", "email", "user.contact.email", None, "not-found"),))
    assert found(seen) == {Finding(Kind.NOT_FOUND, "controller", "sales", "shop.customer.email", "user.contact.email")}


def test_a_place_with_personal_data_that_no_register_has_is_a_finding(seen: Connection) -> None:
    scanned(seen, columns=(("shop", "forgotten", "phone", None, "user.contact.phone_number", "undeclared"),))
    assert found(seen) == {Finding(Kind.NOT_REGISTERED, place="shop.forgotten", detail="columns:1")}


def test_a_category_that_no_processing_of_the_place_has_is_a_finding(seen: Connection) -> None:
    scanned(
        seen,
        columns=(
            ("shop", "customer", "remark", None, "user.health_and_medical", "undeclared"),
            ("shop", "customer", "number", None, "user.unique_id", "undeclared"),  # registered: another column has it
            ("shop", "customer", "memo", "system", None, "misplaced"),
        ),
    )
    assert found(seen) == {
        Finding(Kind.NOT_REGISTERED, place="shop.customer.remark", detail="user.health_and_medical"),
        Finding(
            Kind.NOT_REGISTERED, place="shop.customer.memo", detail="user.government_id.national_identification_number"
        ),
    }


def test_rows_of_a_client_without_a_register_are_a_finding(seen: Connection) -> None:
    scanned(seen, clients={"1": 5, "2": 4, "7": 1})
    assert found(seen) == {Finding(Kind.NOT_REGISTERED, place="shop.note", detail="client:7")}


def test_a_client_without_any_row_is_a_finding_in_that_clients_register(seen: Connection) -> None:
    scanned(seen, clients={"1": 5})
    assert found(seen) == {Finding(Kind.NOT_FOUND, "client-bolt", "notes", detail="no-rows")}


def test_only_the_last_scan_counts(seen: Connection) -> None:
    scanned(seen, leave_out=("shop", "customer"))
    scanned(seen)
    assert found(seen) == set()


def test_a_finding_is_told_in_both_languages() -> None:
    some = Finding(Kind.NOT_REGISTERED, place="shop.forgotten", detail="columns:1")
    assert told(some, "nl") == "shop.forgotten: gevonden; staat in geen register (1 kolom)"
    assert told(some, "en") == "shop.forgotten: found; in no register (1 column)"
    gone = Finding(Kind.NOT_FOUND, "controller", "sales", "shop.customer.email", "user.contact.email")
    assert told(gone, "en").endswith("did not find it (e-mail address (user.contact.email))")
    for kind in Kind:
        assert told(Finding(kind, detail="client:7"), "nl").endswith("(opdrachtgever 7)")


# --- what the law wants said ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda said: processing(said).pop("basis"), Finding(Kind.NO_BASIS, "controller", "sales")),
        (
            lambda said: processing(said).update(also=["user.health_and_medical"]),
            Finding(Kind.NO_CONDITION, "controller", "sales", detail="user.health_and_medical"),
        ),
        (
            lambda said: said["datasets"]["shop"]["tables"]["customer"].update(may_hold=["national-id"]),
            Finding(
                Kind.NO_STATUTE, "controller", "sales", detail="user.government_id.national_identification_number"
            ),
        ),
        (lambda said: said["retention"].pop(0), Finding(Kind.NO_TERM, "controller", "sales", "shop.customer")),
        (
            lambda said: (said["processing"]["recipients"]["office"].update(country="US"),
                          processing(said).update(recipients=["office"])),
            Finding(Kind.NO_SAFEGUARD, "controller", "office", detail="US"),
        ),
        (
            lambda said: processing(said).update(recipients=["host"])
            or said["processing"]["recipients"]["host"].pop("agreement"),
            Finding(Kind.NO_AGREEMENT, "controller", "host"),
        ),
        (
            lambda said: said["processing"]["clients"]["acme"].pop("agreement"),
            Finding(Kind.NO_AGREEMENT, "client-acme", "acme"),
        ),
    ],
)  # fmt: skip
def test_what_the_law_wants_said_and_policy_does_not_say_is_a_finding(
    seen: Connection, change: Any, expected: Finding
) -> None:
    scanned(seen)
    said = plain()
    change(said)
    assert expected in found(seen, said)


def test_a_processor_needs_no_basis_of_its_own(seen: Connection) -> None:
    scanned(seen)
    assert not any(one.kind is Kind.NO_BASIS for one in found(seen))


# --- versions -------------------------------------------------------------------------------------------------------


def written(db: Connection, after: int) -> list[tuple[str, str, str | None]]:
    return db.execute(
        "select activity, object, outcome from ledger where phase = 'outcome' and entry > %s order by entry", [after]
    ).fetchall()


def last(db: Connection) -> int:
    row = db.execute("select coalesce(max(entry), 0) from ledger").fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def base(db: Connection) -> Connection:
    """The registers of the plain policy were written down, over a scan that agrees with it."""
    scanned(db)
    refresh(db, policy(), RUN, today=TODAY)
    return db


def test_the_first_refresh_writes_every_register_and_one_comparison(governance: Database) -> None:
    with psycopg.connect(governance.conninfo) as own:
        scanned(own)
        done = refresh(own, policy(), RUN, today=TODAY)
        assert done.versions == {"controller": 1, "client-acme": 1, "client-bolt": 1}
        assert done.counts() == {"versions": 3}
        assert written(own, 0) == [
            ("registers.version@1", "controller", "done"),
            ("registers.version@1", "client-acme", "done"),
            ("registers.version@1", "client-bolt", "done"),
            ("registers.check@1", "registers", "done"),
        ]


def test_the_ledger_has_the_digest_of_what_was_written(base: Connection) -> None:
    version = versions(base, "controller")[-1]
    assert base.execute("select digest from ledger where intent = %s", [version.entry]).fetchone() == (version.digest,)
    assert version.read().digest == version.digest


def test_where_nothing_changed_nothing_is_written(base: Connection) -> None:
    before, known = last(base), len(versions(base))
    assert refresh(base, policy(), RUN, today=date(2026, 12, 1)).versions == {}
    assert last(base) == before
    assert len(versions(base)) == known


def test_a_change_is_a_version_of_that_register_alone(base: Connection) -> None:
    said = plain()
    processing(said)["basis"] = {"article": "6(1)(f)", "interest": "ours"}
    processing(said)["recipients"] = ["host", "office"]
    before = versions(base, "controller")[-1].version
    assert refresh(base, policy(said), RUN, today=date(2026, 12, 1)).versions == {"controller": before + 1}
    old, new = versions(base, "controller")[-2:]
    assert (old.valid_from, new.valid_from) == (TODAY, date(2026, 12, 1))
    assert changes(old.read(), new.read()) == (
        Change("added", "sales", "recipients", "office"),
        Change("changed", "sales", "basis"),
    )


def test_a_new_scan_with_the_same_findings_is_a_new_comparison(base: Connection) -> None:
    before = last(base)
    scanned(base)
    refresh(base, policy(), RUN, today=TODAY)
    assert written(base, before) == [("registers.check@1", "registers", "done")]


def test_findings_are_kept_as_they_are_now(base: Connection) -> None:
    scanned(base, leave_out=("files", "logs/"))
    before = last(base)
    refresh(base, policy(), RUN, today=TODAY)
    assert current(base) == (Finding(Kind.NOT_FOUND, "controller", "sales", "files:logs/"),)
    counts = base.execute("select counts from ledger where entry > %s and phase = 'outcome'", [before]).fetchall()
    assert counts == [({"findings": 1, "not_found": 1},)]
    scanned(base)
    refresh(base, policy(), RUN, today=TODAY)
    assert current(base) == ()


def test_a_client_that_left_policy_gets_a_last_version_without_processings(base: Connection) -> None:
    said = plain()
    del said["processing"]["clients"]["bolt"]
    assert list(refresh(base, policy(said), RUN, today=TODAY).versions) == ["client-bolt"]
    assert versions(base, "client-bolt")[-1].read().lines == ()
    assert refresh(base, policy(said), RUN, today=TODAY).versions == {}


def test_the_database_knows_the_kinds_of_findings_that_the_code_knows(seen: Connection) -> None:
    assert {kind for (kind,) in seen.execute("select kind from register_finding_kind")} == set(Kind)
    counts = {word for (word,) in seen.execute("select word from ledger_word where kind = 'count'")}
    assert {kind.counted for kind in Kind} <= counts


def test_nobody_rewrites_a_version_or_a_comparison(base: Connection) -> None:
    for statement in ("update register_version set version = 9", "delete from register_check"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            base.execute(statement)
        base.rollback()


def test_the_registers_account_does_all_of_it_and_the_reports_account_reads(governed: Database, db: Connection) -> None:
    db.execute("create role registers_login login password 'x' in role hoeder_registers")
    db.execute("create role report_login login password 'x' in role hoeder_audit_report")
    scanned(db)
    db.commit()
    try:
        with psycopg.connect(make_conninfo(governed.conninfo, user="registers_login", password="x")) as own:
            refresh(own, policy(), RUN, today=TODAY)
        with psycopg.connect(make_conninfo(governed.conninfo, user="report_login", password="x")) as reader:
            assert versions(reader)[-1].read().name == "controller"
            assert current(reader) == ()
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("insert into register_finding select * from register_finding")
    finally:
        db.execute("drop role registers_login")
        db.execute("drop role report_login")
        db.commit()


RECIPIENTS = st.lists(st.sampled_from(["host", "office"]), unique=True)


@given(RECIPIENTS, RECIPIENTS)
def test_changes_are_empty_exactly_where_content_is_the_same(before: list[str], after: list[str]) -> None:
    old, new = plain(), plain()
    processing(old)["recipients"], processing(new)["recipients"] = before, after
    (one, *_), (other, *_) = registers(policy(old), TODAY), registers(policy(new), TODAY)
    assert bool(changes(one, other)) == (one.digest != other.digest) or sorted(before) == sorted(after)
