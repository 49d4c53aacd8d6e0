"""What was judged stays as it was judged: stored with its ledger position, and the same whatever comes later."""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import evidence_seed as seed
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from servers import Database, connection_to, fresh_database
from typer.testing import CliRunner

from hoeder import registers
from hoeder.cli import app
from hoeder.clock import AMSTERDAM
from hoeder.errors import EvidenceError, HoederError
from hoeder.evidence.ledger import Activity, Connection, Outcome, Run
from hoeder.inventory.observed import Kind
from hoeder.policy import load
from hoeder.policy.attestations import AttestationKind
from hoeder.promises import assess, read, record
from hoeder.promises.kept import digest_of
from hoeder.registers.attestations import attest, read_document
from hoeder.stack.postgres import Postgres

CONTROLS: list[object] = [
    "all_promises",
    {"no_findings": {"kinds": ["national-id", "health"]}},
    {"data_declared": {"place": "shop.message", "categories": ["user.content"]}},
    {"processing_registered": {"purposes": ["answer"]}},
    "clients_apart",
    "terms_kept",
    "terms_justified",
    "releases_anonymous",
    "ledger_sealed",
    {"activity_on_time": {"activity": "audit_report.report@1"}},
    {"attested": {"kind": "iso"}},
    {"register_complete": {"register_of": "controller"}},
]
TRAINING = AttestationKind(kind="training", nl="n", en="e", because="b", attested_by=("dpo",), months=12)
LATER: dict[str, Callable[[Connection], object]] = {
    "a finding": lambda db: seed.scans(db, ("message", "body", Kind.HEALTH)),
    "no finding": seed.scans,
    "the finding again": lambda db: seed.scans(db, ("message", "body", Kind.NATIONAL_ID)),
    "a failed scan": lambda db: seed.scan(db, "shop", outcome=Outcome.FAILED),
    "a decision": lambda db: seed.decide(db, Kind.NATIONAL_ID, "fix", "redact"),
    "a weak release": lambda db: seed.published(db, k=2),
    "a failed report": lambda db: seed.act(db, Activity.AUDIT_REPORT, "nl", Outcome.FAILED),
    "a seal": seed.checkpoint,
    "an expired attestation": lambda db: seed.attest(db, "iso", "2021-01-01"),
    "a withdrawal": lambda db: withdraw_all(db),
    "a differing register": lambda db: seed.register(db, ("not-found", "controller")),
    "a failed plan": lambda db: seed.act(db, Activity.RETENTION_PLAN, "all", Outcome.PARTIAL),
}


def withdraw_all(db: Connection) -> None:
    rows = db.execute(
        """select attestation::text from attestation a
           where not exists (select from attestation_withdrawal w where w.attestation = a.attestation)"""
    ).fetchall()
    for (attestation,) in rows:
        seed.withdraw(db, attestation)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(later=st.lists(st.sampled_from(sorted(LATER)), min_size=1, max_size=4))
def test_what_comes_later_changes_nothing_of_an_earlier_judgement(db: Connection, later: list[str]) -> None:
    db.rollback()
    what = seed.policy(*CONTROLS)
    seed.scans(db, ("message", "body", Kind.NATIONAL_ID))
    seed.decide(db, Kind.NATIONAL_ID, "accept", "contract")
    seed.register(db)
    seed.published(db)
    seed.attest(db, "iso", "2099-01-01")
    seed.act(db, Activity.AUDIT_REPORT, "nl")
    seed.checkpoint(db)
    at, up_to = seed.now(db), seed.head(db)
    before = seed.judge(db, what, at=at, up_to=up_to)
    assert {one.status.value for one in before} == {"kept", "attested", "unknown"}
    for event in later:
        LATER[event](db)
    assert seed.judge(db, what, at=at, up_to=up_to) == before
    assert seed.judge(db, what, at=at + timedelta(hours=1), up_to=up_to)[1] == before[1]


def test_each_later_event_would_be_seen_by_a_later_judgement(db: Connection) -> None:
    """Else the property above would hold of a judge who sees nothing."""
    what = seed.policy(*CONTROLS)
    seed.scans(db, ("message", "body", Kind.NATIONAL_ID))
    seed.decide(db, Kind.NATIONAL_ID, "accept", "contract")
    seed.register(db)
    seed.published(db)
    seed.attest(db, "iso", "2099-01-01")
    seed.act(db, Activity.AUDIT_REPORT, "nl")
    seed.checkpoint(db)
    before = seed.judge(db, what)[1:]
    unseen = []
    for name, event in LATER.items():
        with db.transaction() as undone:
            event(db)
            if seed.judge(db, what)[1:] == before:
                unseen.append(name)
            raise psycopg.Rollback(undone)
    assert unseen == ["an expired attestation", "a failed plan"], "an older one still holds; a plan without parts"


@pytest.fixture(scope="module")
def worked(postgres: Postgres, migrated: Database) -> Iterator[Database]:
    """A governance database that has been at work."""
    with fresh_database(postgres, template=migrated.dbname) as database:
        with psycopg.connect(database.conninfo) as owner:
            seed.scans(owner)
        yield database


@contextmanager
def login(database: Database, capability: str) -> Iterator[Database]:
    """The database as the account of a capability sees it."""
    name = sql.Identifier(user := f"{capability}_{secrets.token_hex(4)}")
    with psycopg.connect(database.conninfo) as owner:
        role = sql.Identifier(f"hoeder_{capability}")
        owner.execute(sql.SQL("create role {} login password 'x' in role {}").format(name, role))
    yield Database(database.host, database.port, database.dbname, user, "x")
    with psycopg.connect(database.conninfo) as owner:
        owner.execute(sql.SQL("drop role {}").format(name))


@pytest.fixture(scope="module")
def account(worked: Database) -> Iterator[Database]:
    """The report's: it reads everything and writes nothing of this."""
    with login(worked, "audit_report") as database:
        yield database


@pytest.fixture(scope="module")
def keeper(worked: Database) -> Iterator[Database]:
    """The one that keeps what was judged, and sees nothing else."""
    with login(worked, "promises") as database:
        yield database


def test_one_account_judges_all_promises_and_another_records_them(account: Database, keeper: Database) -> None:
    policy = load()
    with psycopg.connect(account.conninfo) as db, psycopg.connect(keeper.conninfo) as keeping:
        up_to, at = seed.head(db), seed.now(db)
        found = assess(db, policy, at=at, up_to=up_to)
        assert [one.promise for one in found] == [promise.id for promise in policy.promises]
        assert read(db, at=at) == ()
        with pytest.raises(EvidenceError, match="does not speak for that capability"):
            record(db, seed.RUN, found, up_to, at=at)
        db.rollback()
        case = record(keeping, seed.RUN, found, up_to, at=at)
        assert read(db, at=at) == found, "evidence and figures come back as they were"
        assert read(db, at=at - timedelta(seconds=1)) == ()
        rows = db.execute(
            "select counts, digest, outcome from ledger where activity = 'promises.assess@1' and case_id = %s"
            " and phase = 'outcome'", [case],
        ).fetchall()  # fmt: skip
        ((counts, digest, outcome),) = rows
        assert outcome == "done" and digest == digest_of(found, up_to, at)
        assert counts["promises"] == 121 and counts["up_to"] == up_to
        statuses = ("kept", "broken", "attested", "unknown", "superseded")
        assert sum(counts[status] for status in statuses) == 121 and counts["superseded"] == 5
        for change in ("delete from promise_status", "update promise_assessment set up_to = 0", "select from plan"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                keeping.execute(change)
            keeping.rollback()


def test_the_registers_own_comparison_and_attestations_are_what_is_judged(worked: Database, tmp_path: Path) -> None:
    what = seed.policy({"register_complete": {"register_of": "controller"}}, {"attested": {"kind": "training"}})
    what = what.model_copy(update={"attestations": (TRAINING,), "digest": "f" * 64})
    document = tmp_path / "list.pdf"
    document.write_bytes(b"%PDF-1.7 who followed it")
    with psycopg.connect(worked.conninfo) as db:
        today = seed.now(db).astimezone(AMSTERDAM).date()
        run = Run(what.digest)
        registers.refresh(db, what, run, today=today)
        register, training = seed.judge(db, what)
        assert register.status == "kept" and register.evidence[0].reference.startswith("version 1 of controller")
        (line,) = what.processing.processings
        groundless = what.processing.model_copy(update={"processings": (line.model_copy(update={"basis": None}),)})
        registers.refresh(db, what.model_copy(update={"processing": groundless}), run, today=today)
        register = seed.judge(db, what)[0]
        assert register.status == "broken" and dict(register.why.figures) == {"differences": 1}
        assert training.status == "unknown"
        attest(db, what, run, "training", read_document(document), by="dpo", today=today)
        assert seed.judge(db, what)[1].status == "attested"


def test_nothing_to_record_and_a_refused_entry_leave_nothing(account: Database, keeper: Database) -> None:
    with psycopg.connect(account.conninfo) as db, psycopg.connect(keeper.conninfo) as keeping:
        count = "select count(*) from promise_assessment"
        before = keeping.execute(count).fetchone()
        with pytest.raises(EvidenceError, match="no promise to record"):
            record(keeping, seed.RUN, (), 0, at=seed.now(db))
        found = assess(db, load(), at=seed.now(db), up_to=1)
        with pytest.raises(psycopg.errors.UniqueViolation):
            record(keeping, seed.RUN, [*found, found[0]], 1, at=seed.now(db))
        assert keeping.execute(count).fetchone() == before
        last = keeping.execute("select outcome from ledger order by entry desc limit 1").fetchone()
        assert last == ("failed",)


@pytest.fixture
def connections(account: Database, tmp_path: Path) -> Path:
    path = tmp_path / "connections.json"
    plain = connection_to(account).model_dump(mode="json", by_alias=True)
    path.write_text(json.dumps({"governance_audit_report": plain}))
    return path


def run(connections: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["promises", *arguments, "--connections", str(connections)])
    assert result.exception is None or isinstance(result.exception, SystemExit | HoederError), result.exception
    if isinstance(result.exception, HoederError):
        raise result.exception
    return result.exit_code, result.stdout


def test_a_company_in_order_keeps_what_can_be_proven_and_the_rest_is_unknown_for_a_reason(db: Connection) -> None:
    """Everything looked through and as declared, every release out, nothing due, everything attested."""
    policy = load()
    for store in policy.stores:
        seed.scan(db, store, what=policy)
    for release in policy.releases:
        seed.published(db, k=release.k, required=release.k, release=release.release, what=policy)
    seed.planned(db, policy)
    seed.register(db)
    for kind in policy.attestations:
        seed.attest(db, kind.kind, "2099-01-01", policy.stores)
    seed.reviewed(db)
    seed.looked_apart(db)
    found = seed.judge(db, policy)
    by_reason: dict[str, set[str]] = {}
    for one in found:
        by_reason.setdefault(f"{one.status} {one.why.key}", set()).add(one.promise)
    broken = {reason for reason in by_reason if reason.startswith("broken")}
    assert broken <= {"broken some-broken", "broken terms-lacking"}, "some tables of the company have no term yet"
    unknown = {reason for reason in by_reason if reason.startswith("unknown")}
    assert unknown <= {
        "unknown no-capability", "unknown no-entries", "unknown no-register", "unknown some-unknown",
        "unknown nobody-asked", "unknown never-looked-fraud", "unknown incidents-not-watched",  # the desks did not run
    }  # fmt: skip
    assert len(by_reason["attested attested"]) >= 8
    assert {"REQ-011", "REQ-013", "REQ-022", "REQ-053", "REQ-070"} <= {
        one.promise for one in found if one.status == "kept"
    }


def test_the_table_counts_all_and_shows_those_asked_for(connections: Path) -> None:
    code, text = run(connections, "--status", "superseded")
    assert code == 0, "nothing of what is shown is broken"
    assert text.splitlines()[0].endswith(
        "⚖ 5 superseded by law   (ledger " + text.split("(ledger ")[1].split(")")[0] + ")"
    )
    assert "REQ-087" in text and "overtaken by Telecommunicatiewet 11.7, since 01-07-2021" in text
    assert "REQ-035" not in text
    assert run(connections)[0] == 1


def test_json_says_everything_of_each_promise(connections: Path) -> None:
    code, text = run(connections, "--json", "REQ-035", "REQ-084")
    found: dict[str, Any] = json.loads(text)
    assert code == 1 and [one["id"] for one in found["promises"]] == ["REQ-035", "REQ-084"]
    assert found["up_to"] > 0 and len(found["policy"]) == 64
    total = found["promises"][0]
    assert total["status"] == "unknown" and total["why"]["key"] == "never-planned"
    assert "nog nooit gepland" in total["why"]["nl"] and "nobody has planned" in total["why"]["en"]
    assert total["proven_by"] == [{"terms_kept": {}}, {"terms_justified": {}}]
    assert found["promises"][1]["status"] == "kept" and found["promises"][1]["evidence"][0]["kind"] == "policy"


def test_one_promise_is_told_with_controls_evidence_and_law(connections: Path) -> None:
    code, text = run(connections, "REQ-102", "--language", "nl")
    assert code == 0
    for part in ("identiteitsbewijs", "ingehaald door de wet", "activity_on_time", "AVG 12(6)", "gerede twijfel"):
        assert part in text


def test_unknown_ids_statuses_and_languages_are_named(connections: Path) -> None:
    with pytest.raises(HoederError, match=r"no promise REQ-122.*REQ-001 to REQ-121"):
        run(connections, "REQ-122")
    with pytest.raises(HoederError, match="brken is no status; did you mean broken"):
        run(connections, "--status", "brken")
    with pytest.raises(HoederError, match="de is no language"):
        run(connections, "--language", "de")
