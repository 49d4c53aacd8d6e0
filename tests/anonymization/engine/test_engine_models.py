"""Each model and measure on tables small enough for paper."""

import math

import numpy as np
import pyarrow as pa
import pytest

from hoeder.anonymization.engine import Limits, Roles, Unfit, anonymize, check


def table(**columns):
    return pa.table(columns)


# two classes of four: x has 3 flu and 1 cold, y has 2 and 2
ROWS = table(a=["x"] * 4 + ["y"] * 4, s=["flu", "flu", "flu", "cold", "flu", "flu", "cold", "cold"])
ROLES = Roles(("a",), ("s",))


def held(**limits):
    """Whether both classes stay as they are."""
    return set(anonymize(ROWS, ROLES, Limits(k=2, max_suppressed=0.0, **limits)).table["a"].to_pylist()) == {"x", "y"}


def test_entropy_l_of_three_and_one():
    exact = math.exp(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))  # 1.7548
    assert check(ROWS, ROLES, Limits(k=2), None).spread["s"].entropy == pytest.approx(exact)
    assert held(l_entropy=1.75)
    assert not held(l_entropy=1.76)


def test_recursive_l_of_three_and_one():
    # the most frequent stands 3 times, the second and rarer together once: 3 < c * 1
    assert held(l_recursive=(3.01, 2))
    assert not held(l_recursive=(3.0, 2))


def test_t_with_equal_distance():
    # all rows: 5/8 flu; x: 6/8, y: 4/8; both are 1/8 away
    assert check(ROWS, ROLES, Limits(k=2), None).spread["s"].equal == pytest.approx(1 / 8)
    assert held(t=0.125)
    assert not held(t=0.124)


def test_t_with_ordered_distance():
    # of 1, 2, 3: x has two 1s, y two 3s, z two 2s; whole: a third each
    rows = table(a=list("xxyyzz"), s=[1, 1, 3, 3, 2, 2])
    found = check(rows, Roles(("a",), ("s",)), Limits(k=2), None).spread["s"]
    assert found.ordered == pytest.approx((2 / 3 + 1 / 3) / 2)  # x: cumulated 2/3 and 1/3, over two steps
    assert found.equal == pytest.approx(2 / 3)


def test_t_is_held_against_the_rows_that_leave():
    random = np.random.default_rng(3)
    rows = table(
        a=random.integers(0, 40, 600), b=random.integers(0, 9, 600), s=random.integers(0, 4, 600)
    )  # fmt: skip
    for t in (0.15, 0.3):
        result = anonymize(rows, Roles(("a", "b"), ("s",)), Limits(k=3, t=t, max_suppressed=0.2))
        assert result.report.sensitive["s"].equal <= t + 1e-9


def test_distinct_l_makes_classes_larger():
    rows = table(a=[1, 1, 2, 2, 3, 3], s=["p", "p", "q", "q", "p", "q"])
    result = anonymize(rows, Roles(("a",), ("s",)), Limits(k=2, l_distinct=2, max_suppressed=0.0))
    assert result.report.sensitive["s"].distinct == 2
    with pytest.raises(Unfit, match="less spread than l asks"):
        anonymize(rows, Roles(("a",), ("s",)), Limits(k=2, l_distinct=3))


def test_losses_of_a_table_on_paper():
    # ages 20..30 and three towns; k = 2 leaves ages 20 and 30 twice each, and the towns of one pair differ
    rows = table(age=[20, 20, 30, 30], town=["Oss", "Oss", "Ede", "Urk"])
    report = anonymize(rows, Roles(("age", "town")), Limits(k=2, max_suppressed=0.0), labels="sets").report
    assert report.ncp == {"age": 0.0, "town": pytest.approx(2 * 0.5 / 4)}  # {Ede, Urk}: one of two steps, for two rows
    assert report.gcp == pytest.approx(0.125)
    assert (report.classes, report.average_class, report.average_class_over_k) == (2, 2.0, 1.0)
    assert report.discernibility == 2 * 2 + 2 * 2
    assert (report.risk.prosecutor_highest, report.risk.prosecutor_average) == (0.5, 0.5)
    assert report.risk.marketer == 2 / 4


def test_a_row_left_out_loses_everything_and_counts_as_all_rows():
    rows = table(a=["x"] * 9 + ["y"])
    report = anonymize(rows, Roles(("a",)), Limits(k=3, max_suppressed=0.1)).report
    assert (report.rows_out, report.suppressed, report.gcp) == (9, 1, pytest.approx(0.1))
    assert report.discernibility == 81 + 1 * 10
    assert report.risk.prosecutor_highest == pytest.approx(1 / 9)


def test_a_column_that_matters_more_keeps_more():
    random = np.random.default_rng(1)
    rows = table(a=random.integers(0, 50, 400), b=random.integers(0, 50, 400))
    plain = anonymize(rows, Roles(("a", "b")), Limits(k=5)).report
    for labels in ("hierarchy", "sets"):
        heavy = anonymize(rows, Roles(("a", "b"), weights={"a": 20.0}), Limits(k=5), labels=labels, aim="cells").report
        assert heavy.ncp["a"] < plain.ncp["a"]


def test_a_whole_column_has_one_level():
    random = np.random.default_rng(1)
    rows = table(a=random.integers(0, 50, 400), b=random.integers(0, 50, 400))
    shown = anonymize(rows, Roles(("a", "b"), whole=frozenset("a")), Limits(k=5)).table["a"].to_pylist()
    assert len({text.count("-") for text in shown}) == 1
    local = anonymize(rows, Roles(("a", "b")), Limits(k=5)).table["a"].to_pylist()
    assert len({text.count("-") for text in local}) == 2


def test_sets_show_exactly_what_is_inside():
    rows = table(age=[20, 24, 60, 61], town=["Oss", "Ede", "Urk", "Urk"])
    result = anonymize(rows, Roles(("age", "town")), Limits(k=2), labels="sets", aim="cells")
    assert sorted(set(zip(*result.table.to_pydict().values(), strict=True))) == [
        ("[20, 24]", "{Ede, Oss}"), ("[60, 61]", "Urk"),
    ]  # fmt: skip
