"""Numbers, dates and sentences as a Dutch and an English reader write them."""

import string
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.evidence.ledger import Outcome
from hoeder.policy.base import Certainty, Role
from hoeder.policy.retention import RuleType
from hoeder.report.facts.attention import Severity
from hoeder.report.facts.retention import Step
from hoeder.report.texts import texts
from hoeder.report.words import Language, Words

NL, EN = Words("nl"), Words("en")


def test_numbers_follow_the_language() -> None:
    assert (NL.number(1234), EN.number(1234)) == ("1.234", "1,234")
    assert (NL.share(1, 8), EN.share(1, 8)) == ("12,5\u00a0%", "12.5%")
    assert (NL.basis_points(500), EN.basis_points(500)) == ("5\u00a0%", "5%")


def test_dates_and_moments_are_written_out_in_amsterdam_time() -> None:
    assert NL.day(date(2026, 11, 22)) == "22 november 2026"
    assert EN.day(date(2026, 11, 2)) == "2 November 2026"
    assert NL.moment(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2 juli 2026,\u00a000:30"


@pytest.mark.parametrize(
    ("keep", "dutch", "english"),
    [
        ("1 month after closed_on", "1 maand na closed_on", "1 month after closed_on"),
        ("3 months after closed_on", "3 maanden na closed_on", "3 months after closed_on"),
        ("7 years after the calendar year of left_on", "7 jaar na het kalenderjaar van left_on",
         "7 years after the calendar year of left_on"),
    ],
)  # fmt: skip
def test_terms_are_read_aloud(keep: str, dutch: str, english: str) -> None:
    assert NL.term(keep).replace("\u00a0", " ") == dutch
    assert EN.term(keep).replace("\u00a0", " ") == english


def test_nouns_agree_with_their_number() -> None:
    assert NL.say("kpi.rows", n=1) == "1\u00a0regel"
    assert EN.say("kpi.rows", n=0) == "0\u00a0rows"


def test_long_lists_are_cut_and_counted() -> None:
    assert NL.names(["a"]) == "a"
    assert NL.names(["a", "b", "c"]) == "a, b en c"
    assert EN.names(["a", "b", "c", "d", "e"]).replace("\u00a0", " ") == "a, b, c and 2 others"


@given(st.sets(st.integers(1, 300), min_size=1))
def test_positions_name_every_entry_and_no_other(entries: set[int]) -> None:
    named: set[int] = set()
    for run in NL.positions(entries).split(", "):
        first, _, last = run.partition("–")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == entries


@pytest.mark.parametrize("language", ["nl", "en"])
def test_everything_that_can_be_said_has_words(language: Language) -> None:
    words = Words(language)
    said = [words.say(f"outcome.{outcome}") for outcome in Outcome]
    assert len(set(said)) == len(Outcome)
    for prefix, kinds in (("type", RuleType), ("certainty", Certainty), ("role", Role), ("severity", Severity)):
        for kind in kinds:
            assert words.say(f"{prefix}.{kind}")
    for step in set(Step) - {Step.EXECUTED}:
        assert words.say(f"step.{step}")
    for verdict in ("undeclared", "misplaced", "unclassified", "not-found"):
        assert words.say(f"verdict.{verdict}")
    for ground in ("claim", "investigation", "criminal-order", "tax-audit", "subject-request", "employment-conflict"):
        assert words.say(f"ground.{ground}")


@pytest.mark.parametrize("key", texts())
def test_both_languages_say_the_same_figures(key: str) -> None:
    dutch, english = ({field for _, field, _, _ in string.Formatter().parse(text) if field} for text in texts()[key])
    assert dutch == english
