"""Small tables with all that makes trouble: empty cells, one value, rare values, one person with many rows."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from hoeder.anonymization.engine import Limits, Roles

WORDS = ("Assen", "Breda", "Delft", "Goes", "Urk", "", "*", "other", "unknown", "{a, b}")


@dataclass(frozen=True)
class Case:
    """A table and what is asked of it."""

    table: pa.Table
    roles: Roles
    limits: Limits
    labels: str
    aim: str
    secret: int | None


def case(seed: int) -> Case:
    """The table with this number."""
    random = np.random.default_rng(seed)
    rows = int(random.integers(1, 80))
    columns = int(random.integers(1, 4))
    data = {f"q{n}": _column(random, rows) for n in range(columns)}
    data["s"] = pa.array(
        [("flu", "cold", "none", "gout", None)[n] for n in random.integers(0, random.integers(2, 6), rows)]
    )
    persons = bool(random.random() < 0.3)
    if persons:
        data["p"] = pa.array(
            [None if n == 0 else int(n) for n in random.integers(0, max(rows // 2, 2), rows)], pa.int64()
        )
    kind = random.integers(0, 6)
    limits = Limits(
        k=int(random.integers(2, 6)),
        l_distinct=2 if kind == 1 else None,
        l_entropy=1.5 if kind == 2 else None,
        l_recursive=(3.0, 2) if kind == 3 else None,
        t=float(random.choice([0.3, 0.5])) if kind in {4, 5} else None,
        t_distance="ordered" if kind == 5 else "equal",
        max_suppressed=float(random.choice([0.0, 0.1, 1.0])),
    )
    quasi = tuple(f"q{n}" for n in range(columns))
    roles = Roles(
        quasi,
        ("s",) if random.random() < 0.7 or limits.about_sensitive else (),
        person="p" if persons else None,
        whole=frozenset(quasi[:1]) if random.random() < 0.2 else frozenset(),
    )
    labels, aim = (("hierarchy", "counts"), ("sets", "counts"), ("sets", "cells"))[int(random.integers(0, 3))]
    return Case(
        pa.table(data), roles, limits, labels, aim, int(random.integers(0, 99)) if random.random() < 0.3 else None
    )


def _column(random: np.random.Generator, rows: int) -> pa.Array:
    match int(random.integers(0, 6)):
        case 0:
            return pa.array(random.integers(-20, int(random.integers(-19, 90)), rows))
        case 1:
            return pa.array([None if n == 0 else float(n) / 4 for n in random.integers(0, 30, rows)])
        case 2:
            return pa.array(np.where(random.random(rows) < 0.1, np.nan, random.normal(size=rows)))
        case 3:
            return pa.array([date(2026, 1, 1) + timedelta(days=int(n)) for n in random.integers(0, 500, rows)])
        case 4:
            return pa.array([f"{1000 + 37 * n}AB" for n in random.integers(0, 60, rows)])
        case _:
            return pa.array([WORDS[n] for n in random.integers(0, int(random.integers(1, len(WORDS))), rows)])
