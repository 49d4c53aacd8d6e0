"""What erasing exactly what was approved costs, against the least that the servers need for it: ratios in one run.

.venv/bin/python bench/retention.py [--quick] [postgres] [partitions] [objects] [plan]
"""
# not a DAG: it may import what it measures

import io
import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from hoeder import retention
from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Run
from hoeder.governance import migrate
from hoeder.policy import Policy
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import Answer, question
from hoeder.retention.verify import verify
from hoeder.stack import postgres, s3
from hoeder.stores.connection import Connection

TODAY = datetime.now(AMSTERDAM).date()
RUN = Run("a" * 64, "retention", "run-1", "erase")
KEY = ReferenceKey(b"k" * 32)
MOST_MEMORY = 500  # MB


@dataclass(frozen=True)
class Ratio:
    """One measured ratio and its bar; `most` says whether more is worse."""

    what: str
    ratio: float
    bar: float
    most: bool
    detail: str

    @property
    def met(self) -> bool:
        return self.ratio <= self.bar if self.most else self.ratio >= self.bar


# --- a small installation --------------------------------------------------------------------------------------------


@dataclass
class Site:
    """A server with a store and a governance database, and a policy of one rule."""

    server: postgres.Postgres
    policy: Policy
    connections: dict[str, Connection]
    db: psycopg.Connection[Any]
    governance: psycopg.Connection[Any]

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    def plan(self) -> Any:
        made = retention.make_plan(self.policy, self.resolve, self.governance, KEY, run=RUN, as_of=TODAY)
        problems = [part.problem for part in made.parts if part.problem]
        if problems:
            raise SystemExit("\n".join(problems))
        return made

    def execute(self, plan: Any) -> dict[str, int]:
        """Erase and verify."""
        answer = Answer(
            "retention", "run-1", True, ("Approve",), "dpo", datetime.now(UTC) + timedelta(seconds=5),
            question.subject(plan), True,
        )  # fmt: skip
        counts = retention.erase(plan.plan, "rule", answer, self.policy, self.resolve, self.governance, KEY, run=RUN)
        verify(UUID(str(plan.plan)), self.policy, self.resolve, self.governance, KEY, run=RUN)
        return counts


def policy(applies_to: str, then: str, datasets: dict[str, Any], bucket: str | None = None) -> Policy:
    store = "files" if bucket else "shop"
    return TypeAdapter(Policy).validate_python(
        {
            "organisation": {
                "name": "Bench", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
                "locked_years": 1, "ledger_kept_years": 1, "postal_address": ["a"], "supervisors": [],
                "officers": {"dpo": {"title": "DPO", "tasks": "t", "user": "dpo", "approves": ["retention"]},
                             "clerk": {"title": "Clerk", "tasks": "t", "user": "clerk"}},
            },
            "stores": {
                store: {"kind": "s3" if bucket else "postgresql", "connection": store, "role": "controller",
                        "owner": "o", "description": "d", "bucket": bucket, "backups_kept_days": 30},
            },
            "datasets": {store: {"store": store, **datasets}},
            "retention": [{
                "rule": "rule", "category": "c", "purpose": "a bench", "role": "controller",
                "keep": "1 years after seen_on", "type": "OWN", "because": "a bench", "applies_to": applies_to,
                "then": then, "valid_from": "2020-01-01",
                "source": {"basis": "b", "certainty": "L", "owner": "o", "approved_on": "2026-01-01",
                           "changed_by": "clerk"},
            }],
            "releases": [],
            "digest": "a" * 64,
        }
    )  # fmt: skip


@contextmanager
def site(made: Policy, **more: Connection) -> Iterator[Site]:
    home = Path(tempfile.mkdtemp(prefix="hoeder-bench-"))
    try:
        server = postgres.start(home, "bench")
        with psycopg.connect(server.conninfo(), autocommit=True) as first:
            first.execute("create database shop")
            first.execute("create database governance")
        shop, governed = (
            Connection(
                conn_type="postgres", host=server.host, port=server.port, login=server.superuser,
                password=server.password, schema=name,
            )
            for name in ("shop", "governance")
        )  # fmt: skip
        migrate.upgrade(governed)
        with (
            psycopg.connect(server.conninfo("shop"), autocommit=True) as db,
            psycopg.connect(server.conninfo("governance")) as governance,
        ):
            yield Site(server, made, {"shop_retention": shop, **more}, db, governance)
    finally:
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


_TABLE = {
    "tables": {
        "visit": {
            "description": "d", "purpose": "p", "subject": {"kind": "customer", "column": "customer_id"},
            "columns": {"id": "system", "customer_id": "user.unique_id", "body": "user.content", "seen_on": "system"},
        }
    }
}  # fmt: skip


def fill(db: psycopg.Connection[Any], table: str, rows: int, due_share: float, more: str = "") -> None:
    """Visits of about 120 bytes; the first `due_share` of them are due, the way that time passes."""
    due = int(rows * due_share)
    name = sql.Identifier(table)
    if not more:
        db.execute(
            sql.SQL("create table {} (id bigint primary key, customer_id int, body text, seen_on date)").format(name)
        )
    db.execute(
        sql.SQL(
            """insert into {} select n, n %% 100000, repeat(md5(n::text), 2),
                      case when n <= %s then %s::date - (n %% 300)::int else %s::date end
                 from generate_series(1, %s) as n"""
        ).format(name),
        [due, TODAY - timedelta(days=500), TODAY, rows],
    )
    db.execute(sql.SQL("vacuum (analyze) {}").format(name))
    db.execute("checkpoint")


_PLAIN_DELETE = "delete from plain where seen_on < %s"


def timed(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


# --- what is measured ------------------------------------------------------------------------------------------------


def rows_in_postgres(quick: bool) -> list[Ratio]:
    """Half of the rows go: through plan, journal, hold check and verification, against one plain DELETE."""
    rows = 200_000 if quick else 2_000_000
    plain: list[float] = []
    ours: list[float] = []
    with site(policy("shop.visit", "erase", _TABLE)) as at:
        for _ in range(3):  # each on a table that was just filled; the best of each counts
            fill(at.db, "plain", rows, 0.5)
            plain.append(timed(lambda: at.db.execute(_PLAIN_DELETE, [TODAY - timedelta(days=365)])))
            at.db.execute("drop table plain")
            fill(at.db, "visit", rows, 0.5)
            ours.append(timed(partial(at.execute, at.plan())))
            left = at.db.execute("select count(*) from visit").fetchone()
            if left != (rows - rows // 2,):
                raise SystemExit(f"{left} rows are left of {rows}")
            at.db.execute("drop table visit")
    due = rows // 2
    return [
        Ratio(
            f"PostgreSQL, {due:,} of {rows:,} rows: rows/s ÷ plain DELETE", min(plain) / min(ours), 0.8, False,
            f"{due / min(ours):,.0f} against {due / min(plain):,.0f} rows/s, the best of three each",
        )
    ]  # fmt: skip


def partitions(quick: bool) -> list[Ratio]:
    """The same rows in twenty partitions, of which ten are due as a whole, against the plain DELETE."""
    rows = 200_000 if quick else 2_000_000
    with site(policy("shop.visit", "drop-partition", _TABLE)) as at:
        fill(at.db, "plain", rows, 0.5)
        at.db.execute(
            """create table visit (id bigint primary key, customer_id int, body text, seen_on date)
               partition by range (id)"""
        )
        step = rows // 20
        for at_id in range(1, rows + 1, step):
            at.db.execute(
                sql.SQL("create table {} partition of visit for values from ({}) to ({})").format(
                    sql.Identifier(f"visit_{at_id}"), sql.Literal(at_id), sql.Literal(at_id + step)
                )
            )
        fill(at.db, "visit", rows, 0.5, more="partitioned")
        plain = timed(lambda: at.db.execute(_PLAIN_DELETE, [TODAY - timedelta(days=365)]))
        plan = at.plan()
        ours = timed(lambda: at.execute(plan))
    due = rows // 2
    return [
        Ratio(
            f"PostgreSQL, whole partitions of {due:,} rows: rows/s ÷ plain DELETE", plain / ours, 50, False,
            f"{due / ours:,.0f} against {due / plain:,.0f} rows/s",
        )
    ]  # fmt: skip


def plan_over_many(quick: bool) -> list[Ratio]:
    """The plan of a day, on which one row in a thousand became due, against the counts that it needs."""
    rows = 1_000_000 if quick else 10_000_000
    with site(policy("shop.visit", "erase", _TABLE)) as at:
        fill(at.db, "visit", rows, 0.001)
        count = "select seen_on < %s, count(*), min(seen_on) from visit group by 1"
        limit = [TODAY - timedelta(days=365)]
        at.db.execute(count, limit)  # both find the pages in memory
        plain = min(timed(lambda: at.db.execute(count, limit).fetchall()) for _ in range(3))
        ours = min(timed(at.plan) for _ in range(3))
    return [
        Ratio(
            f"Plan over {rows:,} rows, {rows // 1000:,} due: seconds ÷ count(*) … group by", ours / plain, 1.3, True,
            f"{ours:.2f} s against {plain:.2f} s",
        )
    ]  # fmt: skip


OBJECT = 25_000_000


def objects_of_visits(server: s3.S3, bucket: str, objects: int, hit: int) -> tuple[int, float, float]:
    """Fill a bucket, with a due row in some objects: bytes, seconds to copy those objects, and to copy all."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    client = server.client("admin")
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    random = np.random.default_rng(7)
    number = OBJECT // 60
    names = [f"visits/part-{at:04}.parquet" for at in range(objects)]
    chosen = set(names[:: objects // hit])
    for at, name in enumerate(names):
        days = np.full(number, np.datetime64(TODAY), dtype="datetime64[D]")
        if name in chosen:
            days[number // 2] = np.datetime64(date(2020, 1, 1))
        table = pa.table(
            {
                "customer_id": np.arange(at * number, (at + 1) * number),
                "seen_on": pa.array(days),
                "body": pa.FixedSizeBinaryArray.from_buffers(
                    pa.binary(48), number, [None, pa.py_buffer(random.bytes(48 * number))]
                ),
            }
        )
        file = io.BytesIO()
        pq.write_table(table, file, row_group_size=max(1, number // 10), compression="none")
        client.put_object(Bucket=bucket, Key=name, Body=file.getvalue())
    total = sum(client.head_object(Bucket=bucket, Key=name)["ContentLength"] for name in names)

    def copy(these: list[str]) -> None:
        """What rewriting costs at the least: read an object whole, write it as another."""
        for name in these:
            body = client.get_object(Bucket=bucket, Key=name)["Body"].read()
            table = pq.read_table(io.BytesIO(body))
            file = io.BytesIO()
            pq.write_table(table, file, row_group_size=max(1, number // 10), compression="none")
            client.put_object(Bucket=bucket, Key=f"copy/{name}", Body=file.getvalue())

    return total, timed(lambda: copy(sorted(chosen))), timed(lambda: copy(names[::10])) * 10


def rows_in_objects(quick: bool) -> list[Ratio]:
    """One due row in each of ten objects of 200, in Parquet: found, rewritten, checked, old versions purged."""
    import pyarrow.parquet  # noqa: F401  # what is compared has it loaded as well

    objects = 40 if quick else 200
    hit = objects // 20
    home = Path(tempfile.mkdtemp(prefix="hoeder-bench-s3-"))
    try:
        server = s3.start(home, [s3.S3Identity("admin", ("Admin",))])
        bucket = f"bench-{secrets.token_hex(4)}"
        with ProcessPoolExecutor(1) as apart:  # its memory is not ours
            total, least, everything = apart.submit(objects_of_visits, server, bucket, objects, hit).result()
        keys = server.keys["admin"]
        account = Connection(
            conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": server.endpoint}
        )
        prefixes = {
            "prefixes": {
                "visits/": {
                    "description": "d", "purpose": "p", "format": "parquet",
                    "subject": {"kind": "customer", "column": "customer_id"},
                    "columns": {"customer_id": "user.unique_id", "seen_on": "system", "body": "user.content"},
                }
            }
        }  # fmt: skip
        with site(policy("files:visits/", "rewrite", prefixes, bucket), files_retention=account) as at:
            taken = reading()
            start = perf_counter()
            plan = at.plan()
            counts = at.execute(plan)
            ours = perf_counter() - start
            read = taken()
        if counts["erased"] != hit:
            raise SystemExit(f"{counts} of {hit} objects")
    finally:
        s3.stop(home)
        shutil.rmtree(home, ignore_errors=True)
    scale = f"{total / 1e9:.1f} GB in {objects} objects, a row in {hit}"
    return [
        Ratio(f"S3 Parquet, {scale}: bytes read ÷ bytes stored", read / total, 0.12, True, f"{read / 1e6:,.0f} MB"),
        Ratio(
            "the same: seconds ÷ reading and writing those objects", ours / least, 1.5, True,
            f"{ours:.2f} s, plan, rewriting and verification, against {least:.2f} s",
        ),
        Ratio(
            "the same: rewriting everything ÷ seconds", everything / ours, 10, False,
            f"{everything:.1f} s, from a part of the objects, against {ours:.2f} s",
        ),
    ]  # fmt: skip


def reading() -> Callable[[], int]:
    """Counts the bytes of object bodies that this process asks for from now on."""
    from botocore.client import BaseClient

    seen = 0
    make = BaseClient._make_api_call

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        nonlocal seen
        answer = make(self, operation, arguments)
        if operation == "GetObject":
            seen += answer["ContentLength"]
        return answer

    BaseClient._make_api_call = counted  # type: ignore[method-assign]
    return lambda: seen


SCENES: dict[str, Callable[[bool], list[Ratio]]] = {
    "postgres": rows_in_postgres,
    "partitions": partitions,
    "objects": rows_in_objects,
    "plan": plan_over_many,
}


def main(arguments: list[str]) -> None:
    """Each scene in a process of its own, so that its memory is its own."""
    quick = "--quick" in arguments
    if "--scene" in arguments:
        found = SCENES[arguments[arguments.index("--scene") + 1]](quick)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"ratios": [asdict(each) for each in found], "memory": memory}))
        return
    table = Table(title=f"Retention{' (quick)' if quick else ''}, {os.cpu_count()} cores")
    for heading in ("what", "measured", "bar", "", "detail"):
        table.add_column(heading, justify="right" if heading in ("measured", "bar") else "left", overflow="fold")
    for scene in [name for name in arguments if name in SCENES] or list(SCENES):
        command = [sys.executable, __file__, "--scene", scene, *(["--quick"] if quick else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
            table.add_row(scene, "–", "–", "[red]failed[/red]", reason)
            continue
        said = json.loads(done.stdout.splitlines()[-1])
        ratios = [Ratio(**each) for each in said["ratios"]]
        ratios.append(Ratio(f"{scene}: memory, MB", said["memory"], MOST_MEMORY, True, "of the whole process"))
        for each in ratios:
            bar = f"{'≤' if each.most else '≥'} {each.bar:g}"
            met = "met" if each.met else "[red]missed[/red]"
            table.add_row(each.what, f"{each.ratio:,.2f}", bar, met, each.detail)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
