"""Fields that get another value at the end of a term: emptied, replaced by a constant, or made coarser."""

import re
from collections.abc import Mapping

from psycopg import sql

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.policy.retention import Act, End
from hoeder.stores.erasable import Erasable


def new_values(end: End, table: Erasable) -> dict[str, sql.Composable]:
    """SQL expression of each field's new value. Raises StoreError where a step does not fit a column's type."""
    return {column: changed_value(end, column, table.types) for column in end.columns}


def to_change(end: End, table: Erasable) -> sql.Composed:
    """SQL condition: some field still differs from what it is to become. Done twice, an end action changes nothing."""
    return sql.SQL("({})").format(
        sql.SQL(" or ").join(
            sql.SQL("{} is distinct from {}").format(sql.Identifier(column), new)
            for column, new in new_values(end, table).items()
        )
    )


def changed_value(end: End, column: str, types: Mapping[str, str]) -> sql.Composable:
    """SQL expression: what a field holds after its end action. Raises StoreError where a step does not fit its type."""
    said = end.changes[column]
    if end.act is not Act.ANONYMIZE:
        return sql.Literal(said)
    name = sql.Identifier(column)
    kind = re.sub(r"\(\d+\)", "", types[column])
    if said in ("year", "month"):
        match kind:
            case "date" | "timestamp without time zone":
                return sql.SQL("date_trunc({}, {})::{}").format(sql.Literal(said), name, sql.SQL(_PLAIN[kind]))
            case "timestamp with time zone":
                return sql.SQL("date_trunc({}, {}, {})").format(sql.Literal(said), name, sql.Literal(AMSTERDAM.key))
    elif kind in ("text", "character varying"):
        return sql.SQL("left({}, {})").format(name, sql.Literal(int(str(said).removeprefix("first-"))))
    raise StoreError(f"column {column} is of type {types[column]}, which has no {said}")


_PLAIN = {"date": "date", "timestamp without time zone": "timestamp"}
