"""Numbers that name combinations, shares as they are written, and compiled loops that stay among themselves."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hoeder.anonymization
from hoeder.anonymization.engine import Limits
from hoeder.anonymization.engine.tuples import number

FILES = sorted(Path(hoeder.anonymization.__file__).parent.rglob("*.py"))


def compiled(file: Path) -> list[ast.FunctionDef]:
    return [
        each
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(each, ast.FunctionDef)
        and any(isinstance(d, ast.Name) and d.id == "compiled" for d in each.decorator_list)
    ]


def test_no_compiled_loop_calls_one_of_another_file():
    """Numba would go on with its old copy when that one changes."""
    home = {loop.name: file for file in FILES for loop in compiled(file)}
    assert len(home) > 10
    for file in FILES:
        own = {loop.name for loop in compiled(file)}
        for loop in compiled(file):
            called = {c.func.id for c in ast.walk(loop) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)}
            assert not (called - own) & home.keys(), file.name


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 2**40 - 1)] * 3), min_size=1, max_size=20))
def test_combinations_keep_apart_even_where_they_do_not_fit_in_one_number(rows):
    columns = [np.array(each, dtype=np.int64) for each in zip(*rows, strict=True)]
    numbers = number(columns, [2**40] * 3)
    assert (numbers >= 0).all()
    assert len(set(numbers.tolist())) == len(set(rows))


@pytest.mark.parametrize(("rows", "share", "expected"), [(100, 0.29, 29), (20, 0.05, 1), (19, 0.05, 0), (10, 0.0, 0)])
def test_the_allowed_share_is_counted_as_it_is_written(rows, share, expected):
    assert Limits(2, max_suppressed=share).allowed(rows) == expected
