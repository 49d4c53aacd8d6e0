"""What every task needs of Airflow: its run, connections, and the officer's stored answer."""

from __future__ import annotations

import base64
import functools
import hashlib
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psycopg
from airflow.sdk import Connection as AirflowConnection
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowNotFoundException,
    AirflowRuntimeError,
    AirflowSecretsBackendAccessDenied,
)

from hoeder.airflow_client import Client, Question
from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError, PolicyError, Refused, StoreError
from hoeder.evidence import ledger
from hoeder.governance.answer import Answer
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Connection, connect

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


def nothing_personal(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a server or library says about a row out of the task log.

    Hoeder's own errors are written to be read. Any other may quote a value ("invalid input syntax for type date: …"),
    so only its type and place are passed on. A refusal is final; the rest is retried as the DAG says.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except AirflowException:
            raise
        except (Refused, PolicyError) as error:
            raise AirflowFailException(str(error)) from None
        except HoederError as error:
            raise AirflowException(str(error)) from None
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).name}:{frame.lineno}"
            raise AirflowException(f"{type(error).__name__} at {place}; its text is withheld") from None

    return guarded


def resolve(connection_id: str) -> Connection:
    """An Airflow Connection by its id. Raises StoreError where there is none."""
    try:
        found = AirflowConnection.get(connection_id)
    except (AirflowRuntimeError, AirflowNotFoundException) as error:
        raise StoreError(f"Airflow has no connection {connection_id}: add it (README, Connect your own)") from error
    except AirflowSecretsBackendAccessDenied:  # a callback may ask no more than a secrets backend of the worker's own
        raise StoreError(
            f"connection {connection_id} cannot be had here: a callback reads connections from a secrets backend alone"
        ) from None
    return Connection(
        conn_type=found.conn_type or "generic",
        host=found.host,
        port=found.port,
        login=found.login,
        password=found.password,
        schema=found.schema,
        extra=found.extra_dejson,
    )


def current_run(policy_digest: str) -> ledger.Run:
    """The DAG run and task that entries are written for."""
    instance = get_current_context()["ti"]
    return ledger.Run(policy_digest, instance.dag_id, instance.run_id, instance.task_id)


def today() -> date:
    """The day of the run in Amsterdam. It stays the same for a task that is retried after midnight."""
    run_after: datetime = get_current_context()["dag_run"].run_after
    return run_after.astimezone(AMSTERDAM).date()


@contextmanager
def governance(capability: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The governance database, with a capability's own account."""
    with connect(resolve(f"governance_{capability}")) as db:
        yield db


def reference_key() -> ReferenceKey:
    """The secret of all keyed references, from connection `reference_key`."""
    return ReferenceKey(base64.b64decode(resolve("reference_key").password or ""))


def airflow_api() -> Client:
    """Airflow's REST API, as the account that reads runs and stored answers and changes nothing."""
    account = resolve("airflow_api")
    client = Client(f"{account.extra.get('scheme', 'http')}://{account.host}:{account.port}")
    client.login(account.login or "", account.password or "")
    return client


def stored_answer(task_id: str) -> Answer:
    """The officer's answer in this run, as Airflow's API server keeps it: not XCom, which a task or user can write.

    Raises Refused where the question was never asked.
    """
    found = stored_answers(task_id)
    if not found:
        raise Refused(f"run {get_current_context()['ti'].run_id} never asked {task_id}. Nothing was done.")
    return found[0]


def stored_answers(task_id: str) -> list[Answer]:
    """The same for a question that is asked once for each of several things; none where it was not asked."""
    instance = get_current_context()["ti"]
    asked = airflow_api().questions(instance.dag_id, instance.run_id)
    return [_answer(question) for question in asked if question.task_id == task_id]


def _answer(question: Question) -> Answer:
    reason = str(question.fields.get("reason") or "").strip()
    return Answer(
        dag_id=question.dag_id,
        run_id=question.run_id,
        received=question.answered,
        chosen=question.chosen,
        responder=question.answered_by,
        answered_at=datetime.fromisoformat(question.answered_at) if question.answered_at else None,
        subject=question.subject,
        has_reason=bool(reason),
        reason_digest=hashlib.sha256(reason.encode()).hexdigest() if reason else None,
        fields=question.fields,
    )
