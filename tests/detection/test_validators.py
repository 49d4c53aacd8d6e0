from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.detection import names, validators


@pytest.mark.parametrize(
    "value",
    [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "+31 6 12345678",
        "0031612345678",
        "+31(0)20-2345678",
        "+49 30 901820",
    ],
)
def test_a_phone_number_however_it_is_written(value: str) -> None:
    assert validators.is_phone(value)


@pytest.mark.parametrize(
    "value", ["100012345", "0100012345", "2026-11-22", "12345678", "1.234.567,00", "+31", "0000000000"]
)
def test_numbers_that_are_no_phone_number(value: str) -> None:
    assert not validators.is_phone(value)


@given(st.integers(min_value=1, max_value=99_999_999))
def test_exactly_one_last_digit_at_most_makes_a_bsn(stem: int) -> None:
    assert sum(validators.is_bsn(f"{stem:08d}{digit}") for digit in range(10)) <= 1


@given(st.text(max_size=40))
def test_no_validator_stumbles_over_any_text(value: str) -> None:
    tests = (
        validators.is_email, validators.is_phone, validators.is_iban, validators.is_bsn, validators.is_postcode,
        validators.is_ip, validators.is_plate, validators.looks_like_phone,
    )  # fmt: skip
    for test in tests:
        assert test(value) in (True, False)
    validators.day_of(value)


@given(st.dates())
def test_days_are_read_as_iso_and_as_dutch(day: date) -> None:
    assert validators.day_of(day.isoformat()) == validators.day_of(f"{day.day}-{day.month}-{day.year:04d}") == day


@settings(deadline=None)  # the first name waits for the lists of words
@given(st.text(max_size=30))
def test_any_column_name_can_be_taken_apart(name: str) -> None:
    names.meaning(name)


@pytest.mark.parametrize("name", ["geboortedatum", "GEB_DAT", "gebDt", "birth_date", "DOB", "klant_geboortedatum"])
def test_one_meaning_in_many_spellings(name: str) -> None:
    assert names.meaning(name) == ("user.demographic.date_of_birth", True)
