"""The main job on the whole stack: Airflow runs the DAGs over a small company, and what was planted tells what is true.

One run serves all tests of this file; the last ones start further runs of `retention`.
"""

import base64
import hashlib
import io
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
import stories
from botocore.exceptions import ClientError
from main_job import Ran, readable
from psycopg import sql
from servers import in_memory
from stories import NUMBERS, Asked, Disclosed, incident

from hoeder.airflow_client import Question
from hoeder.clock import AMSTERDAM
from hoeder.demo.main_job import lines, summarise
from hoeder.demo.run import CASES, DAGS, DESKS, Watch
from hoeder.demo.site import Site
from hoeder.evidence import ledger, seal, sealing
from hoeder.evidence.verify import verify
from hoeder.governance.protection import Protections
from hoeder.inventory import decisions
from hoeder.persons import marks
from hoeder.policy import load
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, granting, letters, packages, search
from hoeder.rights.case import What
from hoeder.stack import manager, ports
from hoeder.stores.connection import connect, from_file
from hoeder.vault import open_vault

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]
TODAY = datetime.now(AMSTERDAM).date()
ADDS = ("releases", "returns", "campaigns", "cases")
"""Stores to which the run itself adds objects."""


@pytest.fixture(scope="module")
def ran() -> Iterator[Ran]:
    home = Path(tempfile.mkdtemp(prefix="hoeder-main-job-", dir=in_memory()))
    site = Site(home, persons=400, today=TODAY)
    said: list[str] = []
    try:
        port = ports.free_ports(1)[0]  # another test has a stack of its own
        stack = manager.up(home, site.spec(PROJECT, said.append, port=port), said.append)
        watch = Watch(stack, said.append)
        watch.wait_for_dags()
        began = datetime.now(AMSTERDAM)
        with psycopg.connect(stack.servers.postgres.conninfo("crm")) as db:
            messages = {row[0]: row for row in db.execute("select * from contact_message")}
        runs = watch.main_job()
        for dag in CASES:  # by the clock they would start more and more meanwhile
            watch.engineer.pause(dag)
        yield Ran(stack, watch, json.loads(site.ground_truth.read_text()), runs, began, messages)
    finally:
        manager.down(home, said.append)
        shutil.rmtree(home, ignore_errors=True)


def test_exactly_the_rows_that_were_due_are_gone(ran: Ran) -> None:
    policy = load()
    for rule in policy.retention:
        if rule.is_prefix:
            continue
        planted = ran.truth["rules"][rule.applies_to]
        with ran.db(rule.store) as db:
            query = sql.SQL("select {} from {}").format(
                sql.Identifier(policy.datasets[rule.store].tables[rule.target].key), sql.Identifier(rule.target)
            )
            left = {row[0] for row in db.execute(query)}
        assert not left & set(planted["due"]), rule.rule
        assert left >= set(planted["held"]) | set(planted["missing"]), rule.rule
        if rule.store not in ADDS:
            assert len(left) == planted["counts"]["total"] - planted["counts"]["due"], rule.rule


def test_exactly_the_objects_that_were_due_are_gone_with_all_their_versions(ran: Ran) -> None:
    policy = load()
    client = ran.stack.servers.s3.client("builder")
    for rule in policy.retention:
        if not rule.is_prefix:
            continue
        planted = ran.truth["rules"][rule.applies_to]
        pages = client.get_paginator("list_object_versions").paginate(
            Bucket=policy.stores[rule.store].bucket or "", Prefix=rule.target
        )
        left = {v["Key"] for page in pages for v in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]}
        assert not left & set(planted["due"]), rule.rule
        assert left >= set(planted["held"]) | set(planted["missing"]), rule.rule
        if rule.store not in ADDS:
            assert len(left) == planted["counts"]["total"] - planted["counts"]["due"], rule.rule


def test_every_rule_had_something_due_so_that_the_tests_above_mean_something(ran: Ran) -> None:
    assert {rule.applies_to for rule in load().retention} == set(ran.truth["rules"])
    assert all(planted["due"] for planted in ran.truth["rules"].values())


def test_the_inventory_found_what_was_planted_and_nobody_declared(ran: Ran) -> None:
    with ran.db("hoeder") as db:
        found = db.execute(
            """select store, object, "column", verdict from scanned_column join scan using (scan)
               where verdict <> 'agreed'"""
        ).fetchall()
    assert ("crm", "complaint", "reply_to", "undeclared") in found
    assert ("crm", "contact_message", "body", "misplaced") in found


def test_every_planted_finding_was_found_under_its_kind_with_an_owner(ran: Ran) -> None:
    with ran.db("hoeder") as db:
        rows = db.execute('select kind, store, object, "column", owner from finding_now where present').fetchall()
    found = {tuple(row[:4]): row[4] for row in rows}
    planted = {tuple(finding) for finding in ran.truth["findings"]}
    assert {kind for kind, *_ in planted} >= {
        "undeclared", "national-id", "health", "payment-card", "identity-document", "client-mixed", "no-retention",
    }  # fmt: skip
    assert planted <= set(found)
    assert {found[finding] for finding in planted} == {"manager customer service", "manager human resources"}
    delicate = {key for key in found if key[0] in ("payment-card", "identity-document", "client-mixed")}
    assert delicate <= planted, "and nowhere else"


def test_no_canary_left_the_stores_for_the_machinery(ran: Ran) -> None:
    wanted = {
        value.encode(): f"{name}.{part}"
        for name, canary in ran.truth["canaries"].items()
        for part, value in canary["values"].items()
    }
    assert len(wanted) > 50
    places = ran.machinery()
    places |= {f"release {key}": readable(key, content) for key, content in ran.contents("releases")}
    places |= {f"report {key}": readable(key, content) for key, content in ran.contents("reports")}
    places |= {f"evidence {key}": content for key, content in ran.contents("evidence")}
    assert any(place.startswith("log tasks/") for place in places)
    assert any(place.endswith("data.parquet") for place in places)
    assert any(place.endswith("report.pdf") for place in places)
    leaks = [f"{who} in {place}" for place, text in places.items() for value, who in wanted.items() if value in text]
    assert leaks == []
    # The search itself must be able to find: the same values stand in the stores.
    stores = ran.dump("crm") + ran.dump("hr") + ran.dump("partners")
    assert sum(value in stores for value in wanted) > 25


def test_releases_are_published_without_identifiers_and_with_ten_persons_a_class(ran: Ran) -> None:
    published = {key: content for key, content in ran.contents("releases") if key.endswith("data.parquet")}
    with ran.db("hoeder") as db:
        outcomes = db.execute(
            """select object, outcome, (counts ->> 'k_reached')::int from ledger
               where act = 'release' and phase = 'outcome'"""
        ).fetchall()
    # Some of a client's own have too few persons in so small a company: nothing is published of those, rightly.
    done = {release for release, outcome, _ in outcomes if outcome == "done"}
    nothing = {release for release, outcome, _ in outcomes if outcome == "nothing"}
    assert done | nothing == {each.release for each in load().releases}
    assert {"web-usage", "forms-and-pages", "contact-reasons", "call-volumes", "staff-planning"} <= done
    assert {key.split("/")[2] for key in published} - {"web-usage-2025"} == done
    assert all(reached >= 10 for _, outcome, reached in outcomes if outcome == "done")
    for release in load().releases:
        for key, content in published.items():
            if f"/{release.shelf}/{release.release}/" in key:
                assert release.subject not in pq.read_table(io.BytesIO(content)).column_names


def test_the_analyst_reads_releases_and_nothing_else(ran: Ran) -> None:
    analyst = ran.stack.servers.s3.client("analyst")
    for shelf in ("versions/company/", "versions/public/", "catalog/company/"):
        assert analyst.list_objects_v2(Bucket="releases", Prefix=shelf)["KeyCount"] > 0
    client = ran.stack.servers.s3.client("client_stroomwijs")
    client.list_objects_v2(Bucket="releases", Prefix="versions/client-stroomwijs/")
    for reader, shelf in (
        (analyst, "versions/client-stroomwijs/"),
        (client, "versions/client-kabelaar/"),
        (client, "versions/company/"),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            reader.list_objects_v2(Bucket="releases", Prefix=shelf)
    for bucket in ("web", "documents", "mailbox", "reports", "quarantine"):
        with pytest.raises(ClientError, match="AccessDenied"):
            analyst.list_objects_v2(Bucket=bucket)
    with pytest.raises(ClientError, match="AccessDenied"):
        analyst.put_object(Bucket="releases", Key="versions/company/x", Body=b"x")


def test_the_report_is_stored_where_not_even_an_administrator_can_delete_it(ran: Ran) -> None:
    admin = ran.stack.servers.s3.client("builder")
    versions = admin.list_object_versions(Bucket="reports")["Versions"]
    names = {v["Key"].rpartition("/")[2] for v in versions}
    assert names == {
        "report.html", "report.pdf", "report.json", "report.sig",
        "certificate.json", "certificate-nl.pdf", "certificate-en.pdf",
    }  # fmt: skip
    for version in versions:
        with pytest.raises(ClientError):
            admin.delete_object(Bucket="reports", Key=version["Key"], VersionId=version["VersionId"])
    assert len(admin.list_object_versions(Bucket="reports")["Versions"]) == len(versions)


def test_each_dag_left_intents_and_every_intent_its_outcome(ran: Ran) -> None:
    with ran.db("hoeder") as db:
        per_dag = dict(db.execute("select dag_id, count(*) filter (where phase = 'outcome') from ledger group by 1"))
        unfinished = db.execute(
            "select count(*) from ledger i where phase = 'intent' and not exists "
            "(select from ledger o where o.intent = i.entry)"
        ).fetchone()
    assert set(per_dag) >= {*DAGS, *DESKS}
    assert per_dag["inventory"] % len(load().stores) == 0  # at two in the morning the clock starts a second one
    # The plan, each rule, the second look at each store, the certificate: all in the ledger.
    assert per_dag["retention"] > 1 + len(load().retention)
    assert unfinished == (0,)


def test_a_stranger_verifies_the_whole_run_from_an_export(ran: Ran, tmp_path: Path) -> None:
    find = from_file(ran.stack.home / "connections.json")
    with connect(find("governance_audit_report")) as db:
        _, anchor = sealing.signing_key(find("ledger_key"), seal.origin(db))
        handed = sealing.hand_over(db, find, tmp_path / "handed-over")
    verified = verify(tmp_path / "handed-over" / "ledger.jsonl", tmp_path / "handed-over" / "evidence", anchor.vkey)
    assert verified.entries == handed.entries
    assert handed.unsealed <= 1 + 2 * len(load().retention)  # the seal's own outcome, and what later runs add
    text = (tmp_path / "handed-over" / "ledger.jsonl").read_text()
    assert text.count('"activity":"retention.erase@1"') == 2 * len(load().retention)


def test_the_summary_says_what_was_erased(ran: Ran) -> None:
    summary = summarise(ran.stack.home, ran.runs)
    due = {place: planted["counts"]["due"] for place, planted in ran.truth["rules"].items()}
    erased = dict.fromkeys(due, 0)  # a table of clients' data has a rule for each client
    for rule in load().retention:
        erased[rule.applies_to] += summary.erased[rule.rule]
    assert erased == due
    assert summary.held == sum(p["counts"]["held"] for p in ran.truth["rules"].values())
    assert summary.missing_anchor == sum(planted["counts"]["missing"] for planted in ran.truth["rules"].values())
    assert any(str(sum(due.values())) in line.replace(",", "") for line in lines(summary))


# --- what goes back to a client ---------------------------------------------------------------------------------------


def test_a_client_finds_its_rows_in_its_own_folder_and_they_stay_until_it_says_so(ran: Ran) -> None:
    returned = ran.truth["rules"]["crm.client_note"]["returned"]
    with ran.db("hoeder") as db:
        found = db.execute("select client, rows, folder, manifest from client_return").fetchall()
    ((client, rows, folder, manifest),) = found
    assert (client, rows) == ("tuinkamer", len(returned))
    with ran.db("crm") as db:
        assert db.execute("select count(*) from client_note where id = any(%s)", [returned]).fetchone() == (rows,)
    reader = ran.stack.servers.s3.client("client_tuinkamer")
    body = reader.get_object(Bucket="returns", Key=f"{folder}/manifest.json")["Body"].read()
    assert hashlib.sha256(body).hexdigest() == manifest
    with pytest.raises(ClientError, match="AccessDenied"):
        ran.stack.servers.s3.client("client_kabelaar").get_object(Bucket="returns", Key=f"{folder}/manifest.json")


# --- after a restore --------------------------------------------------------------------------------------------------


def test_what_a_backup_brings_back_is_gone_again_before_the_store_is_released(ran: Ran) -> None:
    erased = ran.truth["rules"]["crm.contact_message"]["due"]
    with ran.db("crm") as db:
        before = {row[0] for row in db.execute("select id from contact_message")}
        assert not before & set(erased)
        with db.cursor() as cursor, cursor.copy("copy contact_message from stdin") as copy:
            for message in erased:
                copy.write_row(ran.messages[message])
    run = ran.watch.engineer.trigger("restore", {"store": "crm", "taken": ran.began.isoformat()})
    assert ran.watch.engineer.wait_for_run("restore", run, seconds=180) == "success"
    with ran.db("crm") as db:
        assert {row[0] for row in db.execute("select id from contact_message")} == before
    with ran.db("hoeder") as db:
        (counts,) = db.execute(
            "select counts from ledger where act = 'replay' and phase = 'outcome' and run_id = %s", [run]
        ).fetchone() or ({},)
    assert (counts["erased"], counts["remaining"]) == (len(erased), 0)


def test_a_restored_store_without_the_moment_of_its_backup_is_not_called_fit(ran: Ran) -> None:
    run = ran.watch.engineer.trigger("restore", {"store": "crm", "taken": "2099-01-01T00:00"})
    assert ran.watch.engineer.wait_for_run("restore", run, seconds=180) == "failed"


# --- further runs of retention: each plants one overdue message first -------------------------------------------------


def plant_overdue(ran: Ran) -> int:
    with ran.db("crm") as db:
        row = db.execute(
            """insert into contact_message (id, name, email, body, received_on, closed_on, status)
               select max(id) + 1, 'Test', 'test@example.nl', 'test', '2020-01-01', '2020-01-01', 'closed'
               from contact_message returning id"""
        ).fetchone()
    assert row is not None
    return int(row[0])


def still_there(ran: Ran, message: int) -> bool:
    with ran.db("crm") as db:
        return db.execute("select from contact_message where id = %s", [message]).fetchone() is not None


def start_and_wait_for_question(ran: Ran) -> tuple[str, Question]:
    run = ran.watch.engineer.trigger("retention")
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        questions = ran.watch.dpo.questions("retention", run)
        if questions and ran.watch.patience.has_ended(questions[0]):
            return run, questions[0]
        time.sleep(1)
    raise AssertionError(f"the DPO was not asked within 180 s: {ran.watch.engineer.tasks('retention', run)}")


def test_a_rejected_plan_erases_nothing_and_an_approved_one_does(ran: Ran) -> None:
    message = plant_overdue(ran)
    run, question = start_and_wait_for_question(ran)
    ran.watch.dpo.answer(question, ["Reject"])
    assert ran.watch.engineer.wait_for_run("retention", run, seconds=180) == "success"
    assert still_there(ran, message)
    run, question = start_and_wait_for_question(ran)
    ran.watch.dpo.answer(question, ["Approve"], {"reason": "test"})
    assert ran.watch.engineer.wait_for_run("retention", run, seconds=180) == "success"
    assert not still_there(ran, message)


def test_a_run_with_nothing_due_asks_nobody_and_ends_well(ran: Ran) -> None:
    run = ran.watch.engineer.trigger("retention")
    assert ran.watch.engineer.wait_for_run("retention", run, seconds=180) == "success"
    assert ran.watch.dpo.questions("retention", run) == []


def test_marking_the_question_successful_by_hand_erases_nothing(ran: Ran) -> None:
    message = plant_overdue(ran)
    run, question = start_and_wait_for_question(ran)
    ran.watch.engineer.call(
        "PATCH", f"/api/v2/dags/retention/dagRuns/{run}/taskInstances/{question.task_id}", {"new_state": "success"}
    )
    assert ran.watch.engineer.wait_for_run("retention", run, seconds=240) == "failed"
    assert still_there(ran, message)
    with ran.db("hoeder") as db:
        last = db.execute("select outcome from ledger where act = 'erase' and run_id = %s", [run]).fetchall()
    assert ("refused",) in last


# --- further runs of the inventory ------------------------------------------------------------------------------------


def test_a_new_table_without_a_term_turns_the_inventory_red_until_somebody_decides(ran: Ran) -> None:
    with ran.db("crm") as db:
        db.execute("create table belactie as select id, name as naam, email as mail from contact limit 50")
    try:
        run = ran.watch.engineer.trigger("inventory")
        assert ran.watch.engineer.wait_for_run("inventory", run, seconds=240) == "failed"
        failed = {task.task_id for task in ran.watch.engineer.tasks("inventory", run) if task.state == "failed"}
        assert failed == {"every_new_table_has_a_retention_rule"}
        with connect(from_file(ran.stack.home / "connections.json")("governance_inventory")) as db:
            new = [f for f in decisions.findings(db) if f.object == "belactie" and f.blocks]
            decisions.decide(
                db, load(), [f.finding for f in new], decisions.Decision.FIX, "erase", by="dpo", until=None, today=TODAY
            )
        run = ran.watch.engineer.trigger("inventory")
        assert ran.watch.engineer.wait_for_run("inventory", run, seconds=240) == "success"
    finally:
        with ran.db("crm") as db:
            db.execute("drop table belactie")


# --- requests of data subjects: the DPO answers over REST, from the question to the proof -----------------------------


@pytest.fixture(scope="module")
def asked(ran: Ran) -> dict[str, Asked]:
    return stories.requests(ran)


def test_requests_go_from_the_question_to_the_proof(ran: Ran, asked: dict[str, Asked]) -> None:
    with connect(from_file(ran.stack.home / "connections.json")("governance_rights")) as db:
        for name, one in asked.items():
            found = case.read(db, one.number)
            if name == "client":
                continue
            assert found.last is What.CLOSED, name
            assert found.steps[-1].by == "close"
            assert {str(step.what) for step in found.steps} >= {"carried-out", "verified", "answered"}, name
            assert {letter.name for letter in letters.written(db, one.number)} >= {"answer"}
            done = {(e.act, e.outcome) for e in ledger.entries(db, case_id=one.number) if e.phase == "outcome"}
            assert done >= {(act, "done") for act in ("identify", "decide", "verify", "answer", "close")}, name
            (decided,) = db.execute(
                """select responder from subject_decision d join subject_question q using (question)
                    where q.case_id = %s and q.asks = 'decide'""",
                [one.number],
            ).fetchall()
            assert decided == ("dpo",)


def test_who_asked_to_be_erased_is_gone_but_for_what_the_law_keeps(ran: Ran, asked: dict[str, Asked]) -> None:
    one, policy = asked["erasure"], load()
    with ran.db("crm") as crm:
        assert crm.execute("select from contact where id = %s", [one.contact]).fetchall() == []
        assert crm.execute("select from contact_message where email = %s", [one.values[1]]).fetchall() == []
        assert crm.execute("select count(*) > 100 from contact").fetchone() == (True,), "and nobody else"
    find = from_file(ran.stack.home / "connections.json")
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_rights")) as db:
        seen = search.look(db, policy, find, key, open_vault(policy, find, "rights"), one.number)
        protections = Protections.read(db, key)
        left = granting.propose(policy, find, key, protections, seen, case.Right.ERASURE, TODAY)
    assert left.records == 0


def test_who_asked_for_restriction_is_marked_and_nothing_of_them_is_gone(ran: Ran, asked: dict[str, Asked]) -> None:
    one = asked["restriction"]
    key = ReferenceKey(base64.b64decode(from_file(ran.stack.home / "connections.json")("reference_key").password or ""))
    with ran.db("hoeder") as db, ran.db("crm") as crm:
        marked = [reference for _, reference in marks.references(key, [("email", one.values[1])])]
        row = db.execute(
            "select count(*) from left_out where ground = 'restriction' and until is null and subject_ref = any(%s)",
            [marked],
        ).fetchone()
        assert row and row[0] > 0
        assert crm.execute("select from contact where id = %s", [one.contact]).fetchone() == ()


def test_the_copy_for_who_asked_access_lies_in_the_vault_and_opens_with_its_secret_alone(
    ran: Ran, asked: dict[str, Asked]
) -> None:
    find, one = from_file(ran.stack.home / "connections.json"), asked["access"]
    with connect(find("governance_rights")) as db:
        (made,) = packages.packages(db, one.number)
    assert made.records > 1
    content = open_vault(load(), find, "rights").get(f"packages/{one.number}-access")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert one.values[1].encode() in whole
    stored = b"".join(content for _, content in ran.contents("cases"))
    assert one.values[1].encode() not in stored, "encrypted"


def test_what_a_person_takes_along_is_what_they_gave_and_says_what_it_means(ran: Ran, asked: dict[str, Asked]) -> None:
    find, one = from_file(ran.stack.home / "connections.json"), asked["portability"]
    content = open_vault(load(), find, "rights").get(f"packages/{one.number}-portability")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    assert any(name.endswith("schema.json") for name in whole)
    assert any(one.values[1].encode() in text for text in whole.values())


def test_who_is_called_wrongly_is_called_rightly(ran: Ran, asked: dict[str, Asked]) -> None:
    one = asked["rectification"]
    with ran.db("crm") as crm:
        assert crm.execute("select name from contact where id = %s", [one.contact]).fetchone() == (stories.CORRECTED,)
    with ran.db("hoeder") as db:
        row = db.execute("select count(*) from erasure_journal where case_id = %s", [one.number]).fetchone()
    assert row and row[0] > 0, "after a restore it is known that this has to be done again"


def test_who_wants_no_advertising_is_on_no_list_from_then_on(ran: Ran, asked: dict[str, Asked]) -> None:
    one, find = asked["no-marketing"], from_file(ran.stack.home / "connections.json")
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    references = [reference for _, reference in marks.references(key, [("email", one.values[1])])]
    with ran.db("hoeder") as db:
        row = db.execute("select count(*) from suppression where subject_ref = any(%s)", [references]).fetchone()
    assert row and row[0] > 0


def test_who_asks_about_a_clients_data_is_passed_on_and_not_searched_for(ran: Ran, asked: dict[str, Asked]) -> None:
    with connect(from_file(ran.stack.home / "connections.json")("governance_rights")) as db:
        found = case.read(db, asked["client"].number)
        assert found.client == "kabelaar"
        assert What.FORWARDED in {step.what for step in found.steps}
        assert What.SEARCHED not in {step.what for step in found.steps}
        assert {letter.name for letter in letters.written(db, found.case_id)} >= {"to-client", "forwarded"}


def test_nothing_of_who_asked_is_in_airflow_its_logs_or_the_governance_database(
    ran: Ran, asked: dict[str, Asked]
) -> None:
    places = ran.machinery()
    assert any("dag_id=subject_request/" in place for place in places)
    leaks = [
        f"{name} in {place}" for name, one in asked.items() for value in one.values for place, text in places.items()
        if value.encode() in text
    ]  # fmt: skip
    assert leaks == []


def test_marking_the_question_of_a_request_successful_by_hand_decides_nothing(
    ran: Ran, asked: dict[str, Asked]
) -> None:
    def waits(run: str) -> bool:
        tasks = ran.watch.engineer.tasks("subject_request", run)
        return any(task.task_id == "ask_confirm" and task.state == "awaiting_input" for task in tasks)

    running = ran.watch.dpo.call("GET", "/api/v2/dags/subject_request/dagRuns?state=running&limit=100")["dag_runs"]
    run, number = next((r["dag_run_id"], r["conf"]["case"]) for r in running if waits(r["dag_run_id"]))
    ran.watch.engineer.call(
        "PATCH", f"/api/v2/dags/subject_request/dagRuns/{run}/taskInstances/ask_confirm/0", {"new_state": "success"}
    )
    assert ran.watch.engineer.wait_for_run("subject_request", run, seconds=240) == "failed"
    with ran.db("hoeder") as db:
        steps = db.execute("select what from subject_step where case_id = %s", [number]).fetchall()
    assert steps == [("proposed",)]


# --- disclosures: one officer checks the power, another lets exactly the list out -------------------------------------


@pytest.fixture(scope="module")
def disclosed(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Disclosed:
    return stories.orders(ran, tmp_path_factory.mktemp("orders"))


def test_what_two_officers_agreed_to_goes_out_closed_and_is_erased_after_receipt(
    ran: Ran, disclosed: Disclosed, tmp_path: Path
) -> None:
    number, file = disclosed.numbers["covered"], tmp_path / "for-them.p7m"
    ran.hoeder("disclosures", "fetch", number, "--out", str(file))
    assert len(file.read_bytes()) > 500
    assert not any(email.encode() in file.read_bytes() for email in disclosed.emails)
    ran.hoeder("disclosures", "received", number, hashlib.sha256(file.read_bytes()).hexdigest(), "--by", "engineer")
    one = order(ran, number)
    assert (one["state"], one["late"]) == ("closed", None)
    assert 0 < one["fields_given"] < one["fields_asked"], "and what the power does not cover stayed here"
    assert packages_of(ran, number) == []


def order(ran: Ran, number: str) -> dict[str, Any]:
    listed: list[dict[str, Any]] = json.loads(ran.hoeder("disclosures", "list", "--json"))
    (one,) = (each for each in listed if each["case_id"] == number)
    return one


def packages_of(ran: Ran, number: str) -> list[str]:
    return [key for key, _ in ran.contents("cases") if key.startswith("disclosures/pack") and number in key]


def test_orders_that_were_refused_or_that_the_client_answers_give_nothing(ran: Ran, disclosed: Disclosed) -> None:
    for name in ("refused", "passed-on"):
        number = disclosed.numbers[name]
        assert (packages_of(ran, number), order(ran, number)["state"]) == ([], "closed")
        with ran.db("hoeder") as db:
            acts = db.execute(
                "select act, outcome from ledger where case_id = %s and phase = 'outcome'", [number]
            ).fetchall()
        assert not {act for act, outcome in acts if outcome == "done"} & {"minimise", "release", "deliver"}, acts


def test_an_order_that_may_not_be_told_is_hidden_from_the_person_until_its_day(ran: Ran, disclosed: Disclosed) -> None:
    number = disclosed.numbers["secret"]
    assert order(ran, number)["state"] == "released"
    assert packages_of(ran, number)
    with ran.db("hoeder") as db:
        db.execute("set role hoeder_rights")
        told = {str(row[0]) for row in db.execute("select case_id from disclosure_told").fetchall()}
    assert number not in told
    assert disclosed.numbers["covered"] in told, "where nothing forbids it, the person is told"


def test_a_report_of_a_crime_goes_out_on_an_approved_fraud_file(ran: Ran, disclosed: Disclosed) -> None:
    number = disclosed.numbers["reported"]
    assert packages_of(ran, number)
    with ran.db("hoeder") as db:
        acts = db.execute("select act from ledger where case_id = %s and outcome = 'done'", [number]).fetchall()
    assert ("report_crime",) in acts
    assert ("release",) not in acts


def test_nothing_of_the_persons_authorities_asked_about_is_in_the_machinery(ran: Ran, disclosed: Disclosed) -> None:
    places = ran.machinery()
    assert any("dag_id=disclosures/" in place for place in places)
    emails = [email.encode() for email in disclosed.emails]
    assert [place for place, text in places.items() if any(email in text for email in emails)] == []


# --- incidents: the DPO judges and closes, the service desk does the work ---------------------------------------------


@pytest.fixture(scope="module")
def handled(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Incidents led from suspicion to closure, and the folder with what the desk made of them."""
    folder = tmp_path_factory.mktemp("incidents")
    stories.incidents(ran, folder)
    return folder


def test_incidents_are_judged_handled_and_closed_by_somebody_else(ran: Ran, handled: Path) -> None:
    told = {name: [step["what"] for step in incident(ran, number)["steps"]] for name, number in NUMBERS.items()}
    assert told["mailing"][-8:] == [
        "confirmed", "to-notify", "to-tell", "notified", "measures", "told", "followed-up", "closed",
    ]  # fmt: skip
    assert told["clients"][-6:] == ["client-told", "warned", "nis2-notified", "nis2-reported", "measures", "closed"]
    assert "to-notify" not in told["clients"], "the client, as controller, notifies"
    for number in NUMBERS.values():
        by = {step["what"]: step["by"] for step in incident(ran, number)["steps"]}
        assert (by["measures"], by["closed"]) == ("servicedesk", "dpo")


def test_the_form_for_the_supervisor_is_filled_from_the_register_and_the_vault(ran: Ran, handled: Path) -> None:
    form, pdf = (handled / "incident-2.json").read_text(), (handled / "incident-2.pdf").read_bytes()
    assert stories.REPORTER in form
    assert "Gerbrich" in readable("form.pdf", pdf).decode(errors="ignore")
    letter = (handled / "incident-2-persons-nl.txt").read_text()
    assert "gerichte oplichting met de gegevens" in letter
    assert stories.REPORTER not in letter
    assert "Tuinkamer" in (handled / "incident-3-tuinkamer-nl.txt").read_text()


def test_what_hoeder_found_by_itself_is_a_suspected_incident_without_anybody_in_it(ran: Ran, handled: Path) -> None:
    with ran.db("hoeder") as db:
        sources = {row[0] for row in db.execute("select source from incident").fetchall()}
    assert sources >= {"person", "inventory", "client_segregation"}
    places = ran.machinery()
    assert any("dag_id=incident/" in place for place in places)
    assert [place for place, text in places.items() if stories.REPORTER.encode() in text] == []
