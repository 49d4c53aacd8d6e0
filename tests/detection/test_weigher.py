"""The second look: what a text says around a span decides whether it is reported for review."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.detection import spans
from hoeder.detection.entities import Entity
from hoeder.detection.spans import find


def found(text: str, *, strict: bool = False) -> set[str]:
    return {text[span.start : span.end] for span in find([text], strict=strict).of_row(0)}


def test_the_same_word_is_reported_where_the_text_is_about_somebody_and_not_where_it_is_about_things() -> None:
    assert "Zwolle" in found("klant heet Bakker en woont in Zwolle")
    assert "Zwolle" not in found("De winkels in Zwolle en Assen zijn zondag open")


def test_strict_mode_keeps_what_the_second_look_doubts() -> None:
    text = "De winkels in Zwolle en Assen zijn zondag open"
    assert found(text) <= found(text, strict=True)


@pytest.mark.parametrize("value", ["0612345678", "1234 AB", "192.168.4.17", "123456782"])
def test_a_number_that_is_the_whole_text_has_nothing_around_it_to_be_weighed_by(value: str) -> None:
    assert found(value) == {value}


def test_a_second_look_is_the_same_whatever_other_texts_stand_beside_it() -> None:
    texts = ["Jan de Boer belde over zijn factuur", "De winkels in Zwolle zijn open", "", "mijn man heeft kanker"]
    together = find(texts * 50)
    for row in range(200):
        alone = find([texts[row % 4]]).of_row(0)
        assert together.of_row(row) == alone


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="Jan de BoerZwolle0612345678@.- \n", max_size=80), max_size=5), st.booleans())
def test_confidences_are_shares_and_what_review_reports_is_likely(texts: list[str], strict: bool) -> None:
    seen = find(texts, strict=strict)
    assert ((seen.confidences >= 0) & (seen.confidences <= 1)).all()
    if not strict:
        weighed = [span for _, span in seen if span.entity is not Entity.EMAIL]
        for span in weighed:
            assert span.confidence >= spans.LEAST - 0.001 or any(
                text.strip(" \n-.@") == text[span.start : span.end] for text in texts
            )
