"""The whole stack, started once: who may do what in Airflow, what listens, and what survives a crash."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from servers import in_memory

from hoeder.airflow_client import Client, Denied, Question
from hoeder.errors import StackError
from hoeder.stack import airflow, manager, processes
from hoeder.stack.s3 import S3Identity
from hoeder.stores.connection import Connection

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parent / "project"


class Company:
    """What `prepare` is for, reduced to counting its calls."""

    prepared = 0

    def __call__(self, servers: manager.Servers) -> dict[str, Connection]:
        self.prepared += 1
        servers.s3.client("admin").list_buckets()
        store = Connection(
            conn_type="postgres", host="store.invalid", password="pass-word", extra={"sslmode": "require"}
        )
        return {"store": store}


company = Company()
spec = manager.Spec(PROJECT, (S3Identity("admin", ("Admin",)),), company, unpaused=True, throwaway=True)
said: list[str] = []


@pytest.fixture(scope="module")
def stack() -> Iterator[manager.Stack]:
    home = Path(tempfile.mkdtemp(prefix="hoeder-stack-", dir=in_memory()))
    try:
        yield manager.up(home, spec, said.append)
    finally:
        manager.down(home, said.append)
        shutil.rmtree(home)


@pytest.fixture(scope="module")
def engineer(stack) -> Client:
    client = stack.client("engineer")
    _until(lambda: client.dag_ids() == ["asks", "quiet"])
    return client


@pytest.fixture(scope="module")
def question(stack, engineer) -> Question:
    """Asked, and ten seconds old: Airflow may fail a task that is answered sooner."""
    run = engineer.trigger("asks")
    _until(lambda: any(task.state == "awaiting_input" for task in engineer.tasks("asks", run)))
    asked = time.monotonic()
    [question] = engineer.questions("asks", run)
    while time.monotonic() < asked + 10:
        time.sleep(0.2)
    return question


def _until(true, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _run_url(question: Question) -> str:
    return f"/api/v2/dags/asks/dagRuns/{question.run_id}"


def test_every_dag_of_the_project_is_imported(stack, engineer):
    assert engineer.import_errors() == []


def test_a_task_sees_the_prepared_connections(question):
    assert question.subject == "store.invalid require 9"
    assert company.prepared == 1


@pytest.mark.parametrize("account", ["engineer", "analyst", "hoeder"])
def test_nobody_but_the_dpo_may_answer(stack, question, account):
    with pytest.raises(Denied):
        stack.client(account).answer(question, ["Approve"])


@pytest.mark.parametrize("account", ["dpo", "analyst", "hoeder"])
def test_a_run_is_changed_by_the_engineer_only(stack, question, account):
    client, run = stack.client(account), _run_url(question)
    for method, path, body in (
        ("PATCH", f"{run}/taskInstances/ask_dpo", {"new_state": "success"}),
        ("PATCH", run, {"state": "success"}),
        ("POST", "/api/v2/dags/asks/clearTaskInstances", {"dry_run": False, "dag_run_id": question.run_id}),
        ("POST", "/api/v2/dags/asks/dagRuns", {"logical_date": None}),
        ("PATCH", "/api/v2/dags/quiet", {"is_paused": True}),
    ):
        with pytest.raises(Denied):
            client.call(method, path, body)


@pytest.mark.parametrize("account", airflow.ACCOUNTS)
def test_nobody_forges_a_result_deletes_a_run_or_makes_accounts(stack, question, account):
    client, run = stack.client(account), _run_url(question)
    new_user = {"username": "x", "email": "x@localhost", "first_name": "x", "last_name": "x", "password": "x"}
    for method, path, body in (
        ("POST", f"{run}/taskInstances/ask_dpo/xcomEntries", {"key": "return_value", "value": "Approve"}),
        ("DELETE", run, None),
        ("DELETE", "/api/v2/dags/quiet", None),
        ("POST", "/auth/fab/v1/users", new_user | {"roles": [{"name": "Engineer"}]}),
        ("GET", "/api/v2/config", None),
    ):
        with pytest.raises(Denied):
            client.call(method, path, body)


def test_the_analyst_sees_no_dag_and_no_page_about_one(stack, question):
    analyst, run = stack.client("analyst"), _run_url(question)
    for path in ("/api/v2/dags", "/api/v2/dags/quiet", run, f"{run}/hitlDetails", "/api/v2/assets", "/api/v2/plugins"):
        with pytest.raises(Denied):
            analyst.call("GET", path)
    assert analyst.call("GET", "/ui/auth/menus")["authorized_menu_items"] == []


def test_the_service_account_reads_the_answer_and_nothing_that_a_task_wrote(stack, question):
    service, run = stack.client("hoeder"), _run_url(question)
    assert [q.task_id for q in service.questions("asks", question.run_id)] == ["ask_dpo"]
    for path in (f"{run}/taskInstances/plan/xcomEntries/return_value", f"{run}/taskInstances/plan/logs/1"):
        with pytest.raises(Denied):
            service.call("GET", path)


def test_the_dpo_answers_and_the_answer_is_stored_under_their_name(stack, question, engineer):
    stack.client("dpo").answer(question, ["Approve"], {"reason": "as promised"})
    assert engineer.wait_for_run("asks", question.run_id, seconds=60) == "success"
    [stored] = stack.client("hoeder").questions("asks", question.run_id)
    assert (stored.answered, stored.chosen, stored.answered_by) == (True, ("Approve",), "dpo")
    assert stored.fields == {"reason": "as promised"}
    with pytest.raises(StackError, match="already been updated"):
        stack.client("dpo").answer(question, ["Reject"])


def test_nothing_listens_beyond_loopback(stack, engineer):
    servers = [psutil.Process(server.pid) for server in processes.known(stack.home).values()]
    family = [process for server in servers for process in [server, *server.children(recursive=True)]]
    listening = []
    for process in family:
        with contextlib.suppress(psutil.AccessDenied):  # a worker that ran a task closes itself to its own user
            listening += [c.laddr for c in process.net_connections("inet") if c.status == "LISTEN"]
    assert len({address.port for address in listening}) >= 3  # PostgreSQL, S3, Airflow
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_passwords_are_in_no_log_and_in_nobodys_command_line(stack, engineer):
    secrets = [*(stack.password(account) for account in airflow.ACCOUNTS), stack.servers.postgres.password, "pass-word"]
    logs = "".join(path.read_text(errors="replace") for path in (stack.home / "logs").rglob("*.log"))
    commands = "".join(" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"]))
    assert [secret for secret in secrets if secret in logs or secret in commands] == []


def test_a_second_up_finds_everything_running_and_changes_nothing(stack, engineer):
    before = processes.known(stack.home)
    again = manager.up(stack.home, spec, said.append)
    assert "everything runs already" in said[-1]
    assert (again.url, processes.known(stack.home)) == (stack.url, before)


def test_a_killed_scheduler_is_named_by_status_and_alone_started_again(stack, engineer):
    before = processes.known(stack.home)
    workers = psutil.Process(before["scheduler"].pid).children()
    os.kill(before["scheduler"].pid, signal.SIGKILL)
    _until(lambda: processes.running(stack.home, "scheduler") is None)
    assert [s.name for s in manager.status(stack.home) if not s.running] == ["scheduler"]
    manager.up(stack.home, spec, said.append)
    after = processes.known(stack.home)
    assert [name for name in before if before[name] != after[name]] == ["scheduler"]
    assert all(status.healthy for status in manager.status(stack.home))
    assert not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)


def test_another_port_than_asked_for_is_not_taken_instead(stack):
    holder = stack.servers.postgres.port
    taken = manager.Spec(PROJECT, spec.identities, company, airflow_port=holder, unpaused=True, throwaway=True)
    with pytest.raises(StackError, match=rf"port {holder} is already taken by postgres \(pid \d+\)"):
        manager.up(stack.home, taken, said.append)
    assert processes.running(stack.home, "api-server")


def test_down_after_a_crash_leaves_no_process(stack, engineer):
    known = processes.known(stack.home)
    family = [p for server in known.values() for p in psutil.Process(server.pid).children(recursive=True)]
    for name in ("scheduler", "api-server"):
        os.kill(known[name].pid, signal.SIGKILL)
    manager.down(stack.home, said.append)
    assert not any(processes.process_of(server) for server in known.values())
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family)
    assert processes.orphans(stack.home) == []
    assert not any(status.running for status in manager.status(stack.home))
