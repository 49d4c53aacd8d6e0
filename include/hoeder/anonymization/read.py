"""Read the named columns of a table or of the Parquet files under a prefix, a batch at a time, and nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder.anonymization.source import Source, SourceProblem
from hoeder.anonymization.topics import by_topic
from hoeder.errors import StoreError
from hoeder.evidence.ledger import Outcome
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.connection import Connection, connect, s3_client
from hoeder.stores.ranged import RangedObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ROWS = 50_000  # a batch: some MB, whatever the size of the source

_ARROW = {
    "bool": pa.bool_(),
    "int2": pa.int64(), "int4": pa.int64(), "int8": pa.int64(),
    "float4": pa.float64(), "float8": pa.float64(), "numeric": pa.float64(),
    "date": pa.date32(), "timestamp": pa.timestamp("us"), "timestamptz": pa.timestamp("us", "UTC"),
}  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Some rows; `where` names the table or object that they are from."""

    where: str
    rows: pa.Table


def batches(source: Source, columns: Sequence[str], connection: Connection) -> Iterator[Batch]:
    """All rows of a source, with these columns; free text as its topic. Raises SourceProblem."""
    for batch in _batches(source, columns, connection):
        yield Batch(batch.where, by_topic(batch.rows, source.topics))


def _batches(source: Source, columns: Sequence[str], connection: Connection) -> Iterator[Batch]:
    if source.store.kind == "s3":
        for batch in _objects(s3_client(connection), str(source.store.bucket), source.target, _with(columns, source)):
            yield Batch(batch.where, _chosen(batch.rows, source).select(list(columns)))
        return
    try:
        db = connect(connection)
    except StoreError as error:
        raise SourceProblem(f"{source.name}: {error}", Outcome.UNREACHABLE) from error
    with closing(db):
        yield from _table(db, source, columns)


def _table(db: psycopg.Connection[tuple[Any, ...]], source: Source, columns: Sequence[str]) -> Iterator[Batch]:
    with _postgresql_problems(source.name):
        # One snapshot: the table may change while it is read, what is read of it does not.
        db.execute("set transaction isolation level repeatable read, read only")
        schema = _schema(db, source, _with(columns, source))
        query = sql.SQL("select {columns} from {table}{only}").format(
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            table=sql.Identifier(schema, source.target),
            only=_where(source),
        )
        with db.cursor(name="release") as cursor:  # a server-side cursor: the client holds one batch
            cursor.execute(query)
            types = [_arrow_type(column.type_code) for column in cursor.description or ()]
            while rows := cursor.fetchmany(_ROWS):
                arrays = [_array(values, kind) for values, kind in zip(zip(*rows, strict=True), types, strict=True)]
                yield Batch(source.name, pa.table(arrays, names=list(columns)))


def _with(columns: Sequence[str], source: Source) -> list[str]:
    """The columns, and those that tell whether a row is to be read."""
    return list(dict.fromkeys([*columns, *(column for column, _ in source.only)]))


def _where(source: Source) -> sql.Composable:
    tests = [
        sql.SQL("{}::text = any({})").format(sql.Identifier(column), sql.Literal(list(values)))
        for column, values in source.only
    ]
    return sql.SQL(" where ") + sql.SQL(" and ").join(tests) if tests else sql.SQL("")


def _chosen(rows: pa.Table, source: Source) -> pa.Table:
    for column, values in source.only:
        rows = rows.filter(pc.is_in(rows.column(column).cast(pa.string()), value_set=pa.array(values)))
    return rows


def _schema(db: psycopg.Connection[tuple[Any, ...]], source: Source, columns: Sequence[str]) -> str:
    """The schema that holds the table, after checking that the columns are there."""
    found = db.execute(
        """select n.nspname, array_agg(a.attname::text)
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
           join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           where c.relname = %s and n.nspname = any(%s) and c.relkind in ('r', 'p', 'v', 'm', 'f')
           group by n.nspname""",
        [source.target, list(source.store.schemas)],
    ).fetchall()
    schemas = ", ".join(source.store.schemas)
    if not found:
        raise SourceProblem(f"{source.name}: there is no such table in schema {schemas}", Outcome.MISSING)
    if len(found) > 1:
        raise SourceProblem(f"{source.name}: more than one of the schemas {schemas} has this table", Outcome.FAILED)
    [(schema, present)] = found
    _check_present(source.name, columns, present)
    return str(schema)


def _arrow_type(oid: int) -> pa.DataType:
    info = psycopg.adapters.types.get(oid)
    return _ARROW.get(info.name, pa.string()) if info and info.array_oid != oid else pa.string()


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = [None if value is None else str(value) for value in values]
    elif pa.types.is_floating(kind):
        values = [None if value is None else float(value) for value in values]
    return pa.array(values, type=kind)


@contextmanager
def _postgresql_problems(where: str) -> Iterator[None]:
    """The server's error text can quote a value, so only its kind is passed on."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise SourceProblem(
            f"{where}: the role may not read these columns; grant select on them", Outcome.FAILED
        ) from error
    except psycopg.OperationalError as error:
        raise SourceProblem(f"{where}: the connection was lost ({type(error).__name__})", Outcome.UNREACHABLE) from None
    except (psycopg.Error, pa.ArrowException, ValueError, OverflowError) as error:
        raise SourceProblem(f"{where}: cannot be read ({type(error).__name__})", Outcome.FAILED) from None


def _objects(client: "S3Client", bucket: str, prefix: str, columns: Sequence[str]) -> Iterator[Batch]:
    with _s3_problems(f"bucket {bucket}"):
        empty = True
        for stored in iter_objects(client, bucket, prefix):
            if not stored.key.endswith("/"):  # some servers list folders
                empty = False
                yield from _parquet(client, bucket, stored, columns)
        if empty:
            raise SourceProblem(f"bucket {bucket} has no object under {prefix}", Outcome.MISSING)


def _parquet(client: "S3Client", bucket: str, stored: StoredObject, columns: Sequence[str]) -> Iterator[Batch]:
    where = f"{bucket}/{stored.key}"
    try:
        with pq.ParquetFile(RangedObject(client, bucket, stored), pre_buffer=True) as file:
            _check_present(where, columns, file.schema_arrow.names)
            for batch in file.iter_batches(batch_size=_ROWS, columns=list(columns)):
                yield Batch(where, pa.Table.from_batches([batch]).select(list(columns)))
    except (pa.ArrowException, OSError) as error:
        raise SourceProblem(
            f"{where}: is not a readable Parquet file ({type(error).__name__})", Outcome.FAILED
        ) from None


@contextmanager
def _s3_problems(where: str) -> Iterator[None]:
    try:
        yield
    except BotoCoreError as error:
        raise SourceProblem(f"{where}: cannot be reached ({type(error).__name__})", Outcome.UNREACHABLE) from error
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code == "NoSuchBucket":
            raise SourceProblem(f"{where} does not exist", Outcome.MISSING) from error
        if code in ("PreconditionFailed", "412", "NoSuchKey"):
            raise SourceProblem(f"{where}: an object changed while it was read; run again", Outcome.FAILED) from error
        raise SourceProblem(f"{where}: the server answers {code}", Outcome.FAILED) from error


def _check_present(where: str, columns: Sequence[str], present: Sequence[str]) -> None:
    gone = [column for column in columns if column not in present]
    if gone:
        raise SourceProblem(
            f"{where}: no column {', '.join(gone)}; it has: {', '.join(sorted(present))}", Outcome.MISSING
        )
