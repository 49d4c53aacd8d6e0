"""The search against a second, naive one: sets and loops instead of arrays."""

from collections import defaultdict
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from visits import VIEWS, changed

from hoeder.anonymization.encode import Column, Extract
from hoeder.anonymization.groups import number
from hoeder.anonymization.search import allowed_suppression, search
from hoeder.anonymization.steps import label
from hoeder.errors import GateFailed

A = ("Assen", "Breda", "Delft")
B = ("web", "phone", None)

tables = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, len(A) - 1), st.integers(0, len(B) - 1)), min_size=1, max_size=40
)


def release(k: int, share: float, steps: tuple[tuple[str, ...], tuple[str, ...]] = (("exact", "any"),) * 2):
    quasi = [{"column": name, "steps": list(each)} for name, each in zip("ab", steps, strict=True)]
    return changed(VIEWS, quasi_identifiers=quasi, measures=[], k=k, max_suppressed=share)


def extract(rows):
    persons, a, b = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
    return Extract(persons, {"a": Column(a, A), "b": Column(b, B)}, {})


def naive(rows, steps, k):
    """Groups that stay and rows that do not, under these steps."""
    members, sizes = defaultdict(set), defaultdict(int)
    for person, a, b in rows:
        group = (label(A[a], steps[0]), label(B[b], steps[1]))
        sizes[group] += 1
        if person:
            members[group].add(person)
    good = {group for group in sizes if len(members[group]) >= k}
    return good, sum(size for group, size in sizes.items() if group not in good)


@settings(deadline=None, max_examples=300)
@given(tables, st.integers(2, 4), st.sampled_from([0.0, 0.1, 0.3, 1.0]))
def test_every_group_has_k_persons_and_nothing_less_general_would_do(rows, k, share):
    ladder = ("exact", "any")
    allowed = allowed_suppression(len(rows), share)
    judged = {
        (i, j): naive(rows, (ladder[i], ladder[j]), k) for i, j in product(range(2), repeat=2)
    }  # fmt: skip
    enough = {steps: each for steps, each in judged.items() if each[0] and each[1] <= allowed}
    if not enough:
        with pytest.raises(GateFailed):
            search(extract(rows), release(k, share))
        return
    choice = search(extract(rows), release(k, share))
    steps = tuple(ladder.index(level.step) for level in choice.levels)
    good, suppressed = judged[steps]
    lowest = min(map(sum, enough))
    best = min((-len(each[0]), each[1], s) for s, each in enough.items() if sum(s) == lowest)
    assert (-len(good), suppressed, steps) == best
    kept = [
        n for n, (_, a, b) in enumerate(rows)
        if (label(A[a], ladder[steps[0]]), label(B[b], ladder[steps[1]])) in good
    ]  # fmt: skip
    assert choice.kept.tolist() == kept
    assert len(rows) - len(kept) == suppressed <= allowed


def test_many_rows_of_one_person_are_one_person():
    rows = [(1, 0, 0)] * 100 + [(person, 1, 0) for person in range(1, 6)]
    with pytest.raises(GateFailed, match="fewer than 2 persons"):
        search(extract(rows[:100]), release(2, 0.5))
    assert search(extract(rows), release(5, 0.0)).levels[0].step == "any"


def test_rows_of_nobody_known_make_no_group_larger():
    rows = [(0, 0, 0)] * 50 + [(1, 0, 0)]
    with pytest.raises(GateFailed):
        search(extract(rows), release(2, 0.9))


@pytest.mark.parametrize(("rows", "share", "expected"), [(100, 0.29, 29), (20, 0.05, 1), (19, 0.05, 0), (10, 0.0, 0)])
def test_the_allowed_share_is_counted_as_policy_writes_it(rows, share, expected):
    assert allowed_suppression(rows, share) == expected


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 2**40 - 1)] * 3), min_size=1, max_size=20))
def test_combinations_keep_apart_even_where_they_do_not_fit_in_one_number(rows):
    columns = [np.array(each, dtype=np.int64) for each in zip(*rows, strict=True)]
    numbers, bound = number(columns, [2**40] * 3)
    assert (numbers >= 0).all() and (numbers < bound).all()
    assert len(set(numbers.tolist())) == len(set(rows))
