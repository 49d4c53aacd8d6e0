"""Airflow over its REST API, as one account: trigger, watch, read what is asked, answer it."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from hoeder.errors import StackError


class Unreachable(StackError):
    """Airflow's address does not answer."""


class Denied(StackError):
    """Airflow answered 401 or 403."""


@dataclass(frozen=True)
class TaskState:
    task_id: str
    map_index: int
    state: str | None
    try_number: int


@dataclass(frozen=True)
class Question:
    """What a run asks a person, and the answer as Airflow stores it once there is one."""

    dag_id: str
    run_id: str
    task_id: str
    map_index: int
    subject: str
    options: tuple[str, ...]
    answered: bool
    chosen: tuple[str, ...]
    fields: Mapping[str, Any]
    answered_by: str | None
    answered_at: str | None


class Client:
    """One account's view of Airflow at `url`. Every method raises StackError in words a reader can act on."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._token: str | None = None
        self._opener = _opener(self.url)

    def login(self, username: str, password: str) -> str:
        """Log in and use the token from here on; returns it."""
        body = self.call("POST", "/auth/token", {"username": username, "password": password})
        self._token = str(body["access_token"])
        return self._token

    def heartbeats(self) -> dict[str, datetime]:
        """Last sign of life of each healthy service, under the name of its command; needs no login."""
        body = self.call("GET", "/api/v2/monitor/health")
        beats = {"api-server": datetime.now(UTC)}
        for key in ("scheduler", "triggerer", "dag_processor"):
            if body[key]["status"] == "healthy":
                beats[key.replace("_", "-")] = datetime.fromisoformat(body[key][f"latest_{key}_heartbeat"])
        return beats

    def dag_ids(self) -> list[str]:
        """The DAGs this account may see."""
        return sorted(str(dag["dag_id"]) for dag in self.call("GET", "/api/v2/dags?limit=100")["dags"])

    def import_errors(self) -> list[str]:
        """Files that are no DAG because importing them fails, each with the last line of the reason."""
        found = self.call("GET", "/api/v2/importErrors?limit=100")["import_errors"]
        return [f"{error['filename']}: {str(error['stack_trace']).strip().splitlines()[-1]}" for error in found]

    def trigger(self, dag_id: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run now; returns its id."""
        body = {"logical_date": None, "conf": dict(conf or {})}
        return str(self.call("POST", f"/api/v2/dags/{quote(dag_id)}/dagRuns", body)["dag_run_id"])

    def pause(self, dag_id: str, *, paused: bool = True) -> None:
        """Keep a DAG from starting by its schedule, or let it again."""
        self.call("PATCH", f"/api/v2/dags/{quote(dag_id)}", {"is_paused": paused})

    def run_state(self, dag_id: str, run_id: str) -> str:
        """queued, running, success or failed."""
        return str(self.call("GET", _run(dag_id, run_id))["state"])

    def runs(self, dag_id: str) -> list[str]:
        """Ids of the DAG's runs, the newest first."""
        found = self.call("GET", f"/api/v2/dags/{quote(dag_id)}/dagRuns?order_by=-run_after&limit=100")
        return [str(run["dag_run_id"]) for run in found["dag_runs"]]

    def active_runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Every run that has not ended, as Airflow describes it."""
        found: list[dict[str, Any]] = []
        while True:
            path = f"/api/v2/dags/{quote(dag_id)}/dagRuns?state=running&state=queued&order_by=id&limit=100"
            page = self.call("GET", f"{path}&offset={len(found)}")["dag_runs"]
            found += page
            if len(page) < 100:
                return found

    def tasks(self, dag_id: str, run_id: str) -> list[TaskState]:
        found = self.call("GET", f"{_run(dag_id, run_id)}/taskInstances?limit=100")["task_instances"]
        return [TaskState(t["task_id"], t["map_index"], t["state"], t["try_number"]) for t in found]

    def questions(self, dag_id: str, run_id: str) -> list[Question]:
        """What the run asked so far, answered or not."""
        return [_question(detail) for detail in self.call("GET", f"{_run(dag_id, run_id)}/hitlDetails")["hitl_details"]]

    def answer(self, question: Question, chosen: Sequence[str], fields: Mapping[str, Any] | None = None) -> None:
        """Answer as this account. Airflow 3.3 may fail a task answered within seconds of asking: wait ten."""
        task = f"{_run(question.dag_id, question.run_id)}/taskInstances/{quote(question.task_id)}/{question.map_index}"
        self.call("PATCH", f"{task}/hitlDetails", {"chosen_options": list(chosen), "params_input": dict(fields or {})})

    def wait_for_run(self, dag_id: str, run_id: str, *, seconds: float) -> str:
        """Poll until the run has ended; its last state. StackError after `seconds`, with the tasks still open."""
        deadline = time.monotonic() + seconds
        while (state := self.run_state(dag_id, run_id)) in {"queued", "running"}:
            if time.monotonic() > deadline:
                open_tasks = [f"{t.task_id}: {t.state}" for t in self.tasks(dag_id, run_id) if t.state != "success"]
                raise StackError(f"{dag_id} {run_id} is still {state} after {seconds:.0f} s ({', '.join(open_tasks)})")
            time.sleep(1)
        return state

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """One request; the decoded JSON answer."""
        request = urllib.request.Request(self.url + path, method=method)  # noqa: S310 - the stack's own http address
        request.add_header("Content-Type", "application/json")
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        data = None if body is None else json.dumps(body).encode()
        try:
            with self._opener.open(request, data, timeout=30) as response:
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            raise _refusal(error, method, path) from None
        except (OSError, ValueError) as error:
            raise Unreachable(f"Airflow does not answer at {self.url} ({error}); see: hoeder stack status") from None


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Requests to this machine go to it directly: a proxy of the environment would be told the password."""
    if _is_loopback(urlsplit(url).hostname or ""):
        return urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refusal(error: urllib.error.HTTPError, method: str, path: str) -> StackError:
    kind = Denied if error.code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} else StackError
    try:
        detail = json.loads(error.read())["detail"]
    except (ValueError, KeyError, TypeError):
        detail = error.reason
    return kind(f"Airflow answered {error.code} to {method} {path}: {detail}")


def _run(dag_id: str, run_id: str) -> str:
    return f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id, safe='')}"


def _question(detail: Mapping[str, Any]) -> Question:
    task = detail["task_instance"]
    by = detail["responded_by_user"]
    return Question(
        dag_id=task["dag_id"],
        run_id=task["dag_run_id"],
        task_id=task["task_id"],
        map_index=task["map_index"],
        subject=detail["subject"],
        options=tuple(detail["options"]),
        answered=detail["response_received"],
        chosen=tuple(detail["chosen_options"] or ()),
        fields=detail["params_input"] or {},
        answered_by=by["name"] if by else None,
        answered_at=detail["responded_at"],
    )
