import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.anonymization.measures import coarsen

rows = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.none(), st.floats(-1e18, 1e18), st.integers(0, 300))),
    min_size=1,
    max_size=60,
)


def coarse(pairs, k):
    persons = np.array([person for person, _ in pairs], dtype=np.int64)
    return persons, coarsen(np.array([np.nan if v is None else v for _, v in pairs], dtype=np.float64), persons, k)


@settings(deadline=None, max_examples=300)
@given(rows, st.integers(2, 5))
def test_every_value_that_is_left_is_shared_by_k_persons(pairs, k):
    persons, made = coarse(pairs, k)
    for value in np.unique(made.values[~np.isnan(made.values)]):
        assert len(set(persons[made.values == value]) - {0}) >= k
        assert value % made.step == 0
        assert made.low <= value <= made.high


@settings(deadline=None)
@given(rows, st.integers(2, 5))
def test_an_empty_cell_stays_empty(pairs, k):
    _, made = coarse(pairs, k)
    assert all(np.isnan(made.values[n]) for n, (_, value) in enumerate(pairs) if value is None)


def test_one_endless_call_does_not_show():
    pairs = [(person, seconds) for person in range(1, 201) for seconds in (20, 40, 60)] + [(7, 86_400)]
    _, made = coarse(pairs, 10)
    assert made.high == 60
    assert made.values[-1] == 60


def test_numbers_stay_useful_where_many_persons_share_them():
    pairs = [(person, person % 100) for person in range(1, 5001)]
    _, made = coarse(pairs, 10)
    assert made.step == 2
    assert np.abs(made.values - [value for _, value in pairs]).max() <= 2


def test_too_few_persons_leave_no_number():
    _, made = coarse([(1, 10), (1, 20), (2, 30)], 3)
    assert np.isnan(made.values).all()
