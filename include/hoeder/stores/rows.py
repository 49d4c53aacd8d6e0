"""Rows of a relation as text, in batches: every type that PostgreSQL has, within bounds of bytes, time and load."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg import sql

from hoeder.stores.gather import MOST_PATHS, OTHER, Gathered, magic, paths

LONGEST = 4_000
"""Characters read of one value."""
LONGEST_JSON = 65_536
"""Characters up to which a JSON value, an array or a composite value is read; longer ones are counted only."""
_MAGIC_BYTES = 32
_BOUNDED = frozenset({
    "smallint", "integer", "bigint", "real", "double precision", "numeric", "date", "timestamp without time zone",
    "timestamp with time zone", "time without time zone", "interval", "uuid", "inet", "cidr", "macaddr", "boolean",
    "money",
})  # fmt: skip
"""Types whose values cannot be long, and cost no cutting."""
_RUN = 32
_BATCH = 4 * 1024 * 1024

_DETAILS = """
select a.attname::text, b.typtype::text, b.typcategory::text, b.typname::text, format_type(b.oid, null),
       case when b.typcategory = 'A' and b.typelem <> 0
            then (select e.typtype::text from pg_type e where e.oid = b.typelem) end,
       case when b.typcategory = 'A' and b.typelem <> 0 then format_type(b.typelem, null) end,
       coalesce(col_description(a.attrelid, a.attnum), ''),
       (select array[case when fn.nspname = any(%(schemas)s) then '' else fn.nspname || '.' end || f.relname,
                     fa.attname]
          from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
          join pg_attribute fa on fa.attrelid = k.confrelid and fa.attnum = k.confkey[1]
         where k.contype = 'f' and k.conrelid = a.attrelid and k.conkey = array[a.attnum] limit 1),
       exists (select from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indnkeyatts = 1
                  and i.indkey[0] = a.attnum and i.indpred is null),
       array(select l.enumlabel::text from pg_enum l
              where l.enumtypid in (b.oid, nullif(b.typelem, 0)) order by l.enumsortorder)
  from pg_attribute a
  cross join lateral (
       with recursive d as (
            select t.* from pg_type t where t.oid = a.atttypid
            union all select t.* from d join pg_type t on t.oid = d.typbasetype where d.typtype = 'd')
       select * from d where d.typtype <> 'd' limit 1) b
 where a.attrelid = %(relation)s and a.attnum > 0 and not a.attisdropped
"""


@dataclass(frozen=True)
class Detail:
    """What the catalog says of a column beyond its name."""

    name: str
    kind: str
    """`plain`, `json` (also composite types, arrays and hstore, which are read as JSON) or `bytes`."""
    type: str
    """The type behind a domain; of an array its elements'."""
    comment: str
    refers_to: tuple[str, str] | None
    unique: bool
    labels: tuple[str, ...]
    """Of an enum."""

    @property
    def text(self) -> sql.Composed:
        """Its values as text: PostgreSQL can hold dates and numbers that Python cannot."""
        column = sql.Identifier(self.name)
        if self.kind == "bytes":
            return sql.SQL("encode(substring({} from 1 for {}), 'hex')").format(column, sql.Literal(_MAGIC_BYTES))
        if self.kind == "json":
            return sql.SQL("left(to_jsonb({})::text, {})").format(column, sql.Literal(LONGEST_JSON))
        if self.type in _BOUNDED:
            return sql.Composed([column])
        # Asking for the length is cheap; cutting is not.
        return sql.SQL("case when octet_length({0}::text) <= {1} then {0}::text else left({0}::text, {1}) end").format(
            column, sql.Literal(LONGEST)
        )


def details(db: psycopg.Connection[tuple[Any, ...]], oid: int, schemas: Sequence[str]) -> dict[str, Detail]:
    """Details of a relation's columns by name."""
    found = {}
    for name, typtype, category, typname, base, element_type, element, comment, refers, unique, labels in db.execute(
        _DETAILS, {"relation": oid, "schemas": list(schemas)}
    ):
        composite = typtype == "c" or element_type == "c" or typname in ("json", "jsonb", "hstore")
        kind = "bytes" if base == "bytea" else "json" if composite or category == "A" else "plain"
        type = (element or base) if not composite else "json"
        found[name] = Detail(
            name, kind, type, comment, tuple(refers) if refers else None, unique, tuple(labels if not composite else ())
        )
    return found


def batches(
    db: psycopg.Connection[tuple[Any, ...]],
    source: sql.Composable,
    columns: Sequence[Detail],
    bytes_per_second: float | None = None,
) -> Iterator[list[Any]]:
    """Arrow columns of strings, a few megabytes at a time, of `select … from <source>`."""
    query = sql.SQL("copy (select {} from {}) to stdout (format csv)").format(
        sql.SQL(", ").join(column.text for column in columns), source
    )
    begun, taken = monotonic(), 0
    with db.cursor() as cursor, cursor.copy(query) as copy:
        rows: list[bytes] = []
        size = 0
        for row in copy:
            rows.append(bytes(row))
            size += len(row)
            if size >= _BATCH:
                yield _parse(rows, len(columns))
                taken += size
                rows, size = [], 0
                if bytes_per_second is not None:
                    sleep(max(0.0, taken / bytes_per_second - (monotonic() - begun)))
        if rows:
            yield _parse(rows, len(columns))


def _parse(rows: list[bytes], columns: int) -> list[Any]:
    """Each message of the copy protocol is one whole row, so a batch never ends inside of one."""
    import pyarrow as pa
    from pyarrow import csv

    data = b"".join(rows)
    names = [f"c{number}" for number in range(columns)]

    def read(type: Any) -> Any:
        return csv.read_csv(
            pa.BufferReader(data),
            csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, type), null_values=[""], strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip

    try:
        table = read(pa.string())
    except pa.ArrowInvalid:  # a database without an encoding holds whatever bytes it was given
        table = read(pa.binary())
        return [
            pa.array([None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string())
            for column in table.columns
        ]
    return [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]


@dataclass
class Unfolded:
    """A column of a table, or the paths inside of one that holds JSON."""

    detail: Detail
    parts: dict[str, Gathered]
    types: dict[str, str]
    too_long: int = 0

    @classmethod
    def of(cls, detail: Detail) -> Unfolded:
        return cls(detail, {detail.name: Gathered()}, {detail.name: detail.type})

    def add(self, column: Any, share: float, *, whole: bool) -> None:
        """Take a batch's values: a share of them to judge by, and all of them to look through where all are wanted."""
        some = column if share >= 1 else _evenly(column, share)
        values = some.drop_null().unique().to_pylist()
        if self.detail.kind == "bytes":
            self.parts[self.detail.name].add(sorted({magic(head) for head in values}))
            return
        if self.detail.kind == "json":
            self._unfold(values)
            return
        self.too_long += sum(len(value) >= LONGEST for value in values)
        gathered = self.parts[self.detail.name]
        gathered.add(values)
        if whole and self.detail.type in ("text", "character varying", "citext", "character"):
            gathered.look_through(column)

    def _unfold(self, values: Sequence[str]) -> None:
        for value in values:
            if len(value) >= LONGEST_JSON:
                self.too_long += 1
                continue
            try:
                parsed = json.loads(value)
            except (ValueError, RecursionError):
                self.too_long += 1
                continue
            found: dict[str, list[str]] = {}
            for path, type, inside in paths(parsed, self.detail.name):
                name = path if path in self.parts or len(self.parts) < MOST_PATHS else f"{self.detail.name}.{OTHER}"
                self.types.setdefault(name, type)
                found.setdefault(name, []).append(inside[:LONGEST])
            for name, insides in found.items():
                self.parts.setdefault(name, Gathered()).add(insides)


def _evenly(column: Any, share: float) -> Any:
    """Short runs of a column, evenly spread."""
    import pyarrow as pa

    step = max(1, round(_RUN / share))
    return pa.concat_arrays([column.slice(start, _RUN) for start in range(0, len(column), step)])
