"""Whatever the table: what leaves holds all that was asked, by counting of another kind, or nothing leaves."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from generated import case
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import problems

from hoeder.anonymization.engine import Limits, Roles, Unfit, anonymize, check
from hoeder.errors import GateFailed

seeds = st.integers(0, 2**32)


def made(one, table=None):
    return anonymize(
        one.table if table is None else table, one.roles, one.limits, labels=one.labels, aim=one.aim, secret=one.secret
    )


@settings(deadline=None, max_examples=120)
@given(seeds)
def test_no_class_is_below_what_was_asked(seed):
    one = case(seed)
    try:
        result = made(one)
    except Unfit:
        return
    assert problems(result.table, one.roles, one.limits, result.persons) == []
    assert result.table.num_rows == result.report.rows_out
    assert result.report.suppressed <= one.limits.max_suppressed * one.table.num_rows + 1e-9
    assert result.table.column_names == list(one.roles.released)


@settings(deadline=None, max_examples=30)
@given(seeds, st.randoms(use_true_random=False))
def test_the_same_rows_in_another_order_give_the_same_table(seed, random):
    one = case(seed)
    order = list(range(one.table.num_rows))
    random.shuffle(order)
    try:
        first = made(one)
    except Unfit:
        with pytest.raises(Unfit):
            made(one, one.table.take(order))
        return
    assert made(one, one.table.take(order)).table.equals(first.table)


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_sensitive_cells_leave_as_they_came(seed):
    one = case(seed)
    one = replace(one, limits=replace(one.limits, max_suppressed=0.0))
    try:
        result = made(one)
    except Unfit:
        return
    for name in one.roles.sensitive:
        assert sorted(map(str, result.table[name].to_pylist())) == sorted(map(str, one.table[name].to_pylist()))


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_what_holds_for_k_holds_for_less(seed):
    """Whoever reaches a larger k reaches the smaller: asking for less never fails where more succeeded."""
    one = case(seed)
    one = replace(one, limits=Limits(k=one.limits.k + 1, max_suppressed=one.limits.max_suppressed), secret=None)
    try:
        made(one)
    except Unfit:
        return
    less = made(replace(one, limits=replace(one.limits, k=one.limits.k - 1)))
    assert less.report.k_reached >= one.limits.k - 1


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_pycanon_finds_the_k_and_l_that_the_report_says(seed):
    from pycanon import anonymity

    one = case(seed)
    one = replace(one, roles=replace(one.roles, person=None, sensitive=("s",)), limits=Limits(k=one.limits.k))
    try:
        result = made(one)
    except Unfit:
        return
    frame = result.table.to_pandas().fillna("none known").reset_index(drop=True)
    quasi = list(one.roles.quasi)
    assert anonymity.k_anonymity(frame, quasi) == result.report.k_reached >= one.limits.k
    assert anonymity.l_diversity(frame, quasi, ["s"]) == result.report.sensitive["s"].distinct


@pytest.mark.parametrize("alone", [1, 2])
def test_a_few_rows_that_nobody_can_lend_any_join_the_smallest_class(alone):
    table = pa.table({"a": [1] * 3 + [5] * 3 + [9] * alone, "s": ["x"] * (6 + alone)})
    result = anonymize(table, Roles(("a",), ("s",)), Limits(k=3, max_suppressed=0.0), labels="sets", aim="cells")
    assert (result.table.num_rows, result.report.suppressed, result.report.k_reached) == (6 + alone, 0, 3)
    assert sorted(set(result.table["a"].to_pylist())) == ["5", "[1, 9]"]


def test_the_check_is_no_copy_of_the_search():
    rows = pa.table({"a": ["x"] * 4 + ["y"], "s": ["1", "2", "1", "2", "1"]})
    with pytest.raises(GateFailed, match="a class of 1 where 2 were asked"):
        check(rows, Roles(("a",)), Limits(k=2), None)
    with pytest.raises(GateFailed, match="1 different values of s where 2"):
        check(rows, Roles(("a",), ("s",)), Limits(k=2, l_distinct=2), None)
    with pytest.raises(GateFailed, match="nobody said whose"):
        check(rows, Roles(("a",), person="p"), Limits(k=2), None)


def test_persons_are_counted_and_not_their_rows():
    rows = pa.table({"a": ["x"] * 10 + ["y"] * 2, "p": [1] * 9 + [2] + [3, 4]})
    result = anonymize(rows, Roles(("a",), person="p"), Limits(k=2))
    assert result.report.k_reached == 2
    assert anonymize(rows, Roles(("a",), person="p"), Limits(k=4)).table["a"].to_pylist() == ["*"] * 12
    with pytest.raises(Unfit, match="the data hold 4 persons, fewer than k = 5"):
        anonymize(rows, Roles(("a",), person="p"), Limits(k=5))


def test_rows_of_nobody_known_count_for_nothing():
    rows = pa.table({"a": ["x"] * 5, "p": pa.array([1, None, None, None, None])})
    with pytest.raises(Unfit, match="1 persons"):
        anonymize(rows, Roles(("a",), person="p"), Limits(k=2))


def test_a_secret_threshold_is_between_k_and_2k_and_repeats():
    random = np.random.default_rng(5)
    rows = pa.table({name: random.integers(0, 12, 3000) for name in "abc"})
    plain = anonymize(rows, Roles(("a", "b", "c")), Limits(k=5))
    hidden = [anonymize(rows, Roles(("a", "b", "c")), Limits(k=5), secret=seed) for seed in (1, 1, 2)]
    assert hidden[0].table.equals(hidden[1].table)
    assert not hidden[0].table.equals(hidden[2].table)
    assert plain.report.k_reached == 5
    assert all(each.report.k_reached >= 5 and each.report.gcp > plain.report.gcp for each in hidden)
