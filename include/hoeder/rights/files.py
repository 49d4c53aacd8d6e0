"""Data to take along: JSON, its schema, and a CSV file for each table. UTF-8, the same data give the same bytes."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hoeder.rights.gathered import Gathered, Value

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def as_json(value: object) -> bytes:
    """Indented, so that a person can look into it too."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def records(each: Gathered) -> list[dict[str, Value]]:
    """The records of one table, by column."""
    return [dict(zip(each.columns, row, strict=True)) for row in each.rows]


def csv_files(gathered: Sequence[Gathered]) -> dict[str, bytes]:
    """A file for each table, by name: RFC 4180, UTF-8, with a heading."""
    return {f"csv/{file_name(each.place)}.csv": _csv(each) for each in gathered if each.rows}


def file_name(place: str) -> str:
    """A place as the name of a file."""
    return place.replace(":", ".").strip("/").replace("/", "-")


def schema(gathered: Sequence[Gathered], titles: Mapping[str, str], title: str) -> dict[str, Any]:
    """JSON Schema of `{"data": {place: [record]}}` for exactly these tables."""
    tables = {
        each.place: {
            "type": "array",
            "title": titles[each.place],
            "items": {
                "type": "object",
                "properties": {name: {"type": ["string", "integer", "boolean", "null"]} for name in each.columns},
                "required": list(each.columns),
                "additionalProperties": False,
            },
        }
        for each in gathered
    }
    data = {"type": "object", "properties": tables, "required": list(tables), "additionalProperties": False}
    return {"$schema": DIALECT, "title": title, "type": "object", "properties": {"data": data}, "required": ["data"]}


def _csv(each: Gathered) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(each.columns)
    writer.writerows([_cell(value) for value in row] for row in each.rows)
    return written.getvalue().encode()


def _cell(value: Value) -> str | int:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
