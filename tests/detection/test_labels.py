import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.detection import may_be_shown
from hoeder.detection.words import FIRST_NAMES, SURNAMES


@pytest.mark.parametrize(
    "name", ["export", "page-views", "call_recordings", "backup2026", "userAgent", "_metadata", "v2", "invoices"]
)
def test_what_a_kind_of_data_is_called_may_be_shown(name: str) -> None:
    assert may_be_shown(name)


@pytest.mark.parametrize(
    "name",
    [
        "jan.jansen@example.nl", "jan-jansen", "janJansen", "janjansen", "jjansen", "cv_sanne", "p111222333",
        "0612345678", "Elfassi", "de heer A", "", "x" * 40, "e\u0301tienne", "date=2026-11-22",
    ],
)  # fmt: skip
def test_what_may_be_a_persons_name_or_number_may_not(name: str) -> None:
    assert not may_be_shown(name)


@given(st.sampled_from(sorted(FIRST_NAMES)), st.sampled_from(sorted(SURNAMES)), st.sampled_from(["", "-", "_", "."]))
def test_no_known_name_is_shown_however_it_is_written(first: str, last: str, between: str) -> None:
    assert not may_be_shown(f"{first}{between}{last}")
