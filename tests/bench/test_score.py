"""The figures of the text benchmark: what a mark holds, what counts as found, covered and touched, what a typo is."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCH = Path(__file__).parents[2] / "bench" / "detection"
sys.path.insert(0, str(BENCH))

import corpus  # noqa: E402
import score  # noqa: E402
import text as bench  # noqa: E402
from score import Span, Text  # noqa: E402

LINE = 'Mevr. [PERSON:de Vries]\\n[PHONE:06-1], weg\t{"first": "Ina", "last": "de Vries", "phone": "061"}'


def test_a_marked_line_becomes_its_text_its_spans_and_the_record():
    text = score.parse(LINE, "dutch")
    assert text.text == "Mevr. de Vries\n06-1, weg"
    assert [(text.text[s.start : s.end], s.entity) for s in text.spans] == [("de Vries", "PERSON"), ("06-1", "PHONE")]
    assert dict(text.known)["last"] == "de Vries"


@pytest.mark.parametrize("line", ["[NAME:Jan] belt", "[PERSON:Jan belt", "[PERSON:] belt"])
def test_a_mark_that_is_wrong_or_open_is_refused(line):
    with pytest.raises(ValueError):
        score.parse(line)


def test_a_wrong_line_is_named_by_its_number_only(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("# slice: dutch\nniets\n[NAME:Jan]\n")
    with pytest.raises(ValueError, match=r"texts\.txt, line 3: no such entity: NAME"):
        score.read(path)


def judged(line: str, *predicted: tuple[int, int, str]) -> score.Judged:
    return score.judge(score.parse(line), [Span(*one) for one in predicted])


def figures(line: str, *predicted: tuple[int, int, str]) -> score.Figures:
    return score.figures([judged(line, *predicted)])


@pytest.mark.parametrize(
    ("predicted", "found", "covered"),
    [
        ((0, 4, "PERSON"), 1, 1),
        ((0, 2, "PERSON"), 1, 0),
        ((0, 1, "PERSON"), 0, 0),
        ((0, 4, "CITY"), 0, 1),
        ((0, 4, "CITY|PERSON"), 1, 1),
        ((0, 9, "PERSON"), 1, 1),
    ],
)
def test_found_is_half_of_it_under_its_own_name_and_covered_is_all_of_it_under_any(predicted, found, covered):
    told = figures("[PERSON:Anna] belt", predicted)
    assert (told.recall, told.precision, told.covered, told.rows_leak_free) == (found, found, covered, covered)


def test_two_halves_cover_a_span_but_a_punctuation_mark_leaks_nothing():
    assert figures("[PERSON:J. Bos]", (0, 1, "PERSON"), (3, 6, "CITY")).covered == 1


def test_a_piece_of_a_found_name_is_not_held_against_the_detector():
    assert figures("[PERSON:Anna B]", (0, 4, "PERSON"), (5, 6, "PERSON")).precision == 1


def test_only_texts_without_personal_data_can_be_touched():
    told = score.figures([judged("niets", (0, 2, "CITY")), judged("niets"), judged("[CITY:Ede] x", (4, 5, "CITY"))])
    assert (told.rows_touched, told.rows_leak_free, told.precision) == (0.5, 0, 0)


def test_a_figure_of_one_entity_counts_only_its_own_predictions():
    both = judged("[CITY:Ede] [PERSON:Jan]", (0, 3, "CITY"), (4, 7, "CITY"))
    assert score.figures(score.only([both], "CITY")).precision == 0.5
    assert score.figures(score.only([both], "PERSON")).recall == 0


def test_a_prediction_of_several_kinds_is_wrong_only_for_a_kind_that_stands_there():
    place = judged("[STREET:Pad 1] te [CITY:Ede]", (0, 5, "STREET|CITY"), (9, 12, "STREET|CITY"))
    for entity in ("STREET", "CITY"):
        assert score.figures(score.only([place], entity)).precision == 1


def test_the_interval_holds_the_figure_and_is_the_same_every_time():
    sample = [judged("[CITY:Ede]", (0, 3, "CITY")), judged("[CITY:Ede]"), judged("x", (0, 1, "CITY"))] * 20
    low, high = score.interval(sample)
    assert low < score.figures(sample).f1 < high
    assert score.interval(sample) == (low, high)


names = st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"], include_characters="-.'ßİ"), min_size=1, max_size=20)


@given(st.lists(st.tuples(names, names), max_size=4), names)
def test_a_perturbation_moves_the_spans_along_with_their_text(pieces, tail):
    text, spans = "", []
    for before, name in pieces:
        text += before
        spans.append(Span(len(text), len(text) + len(name), "PERSON"))
        text += name
    whole = Text(text + tail, tuple(spans))
    for change, expected in ((score.lower, str.lower), (score.upper, str.upper)):
        changed = change(whole)
        values = [changed.text[s.start : s.end] for s in changed.spans]
        assert values == [expected(name) for _, name in pieces]
        assert score.rewrite(changed, str, lambda _, value: value) == changed


@given(st.text("abcdefghijklm", min_size=3, max_size=12), st.integers(0, 10**6))
def test_a_typo_changes_one_stroke_and_never_the_first_letter(word, seed):
    changed = score.typo(word, seed)
    assert changed[0] == word[0]
    assert changed != word
    assert abs(len(changed) - len(word)) <= 1


def test_a_loss_of_names_counts_names_only():
    before = [judged("[PERSON:Jan] [CITY:Ede]", (0, 7, "PERSON"))]
    after = [judged("[PERSON:Jan] [CITY:Ede]", (4, 7, "CITY"))]
    assert score.loss(before, after) == 0.5
    assert score.loss(before, after, "PERSON") == 1


def test_the_texts_are_many_hard_and_marked_in_full():
    texts = score.read(BENCH / "texts.txt")
    number = score.counts(texts)
    assert len(texts) >= 450
    assert sum(not text.spans for text in texts) >= 150
    assert len({text.text for text in texts}) == len(texts)
    assert number["PERSON"] >= 400
    assert min(number[kind] for kind in score.ENTITIES) >= 15
    assert min(number["HEALTH"], number["CITY"], number["STREET"]) >= 40
    assert sum(bool(text.known) for text in texts) >= len(texts) // 3


def test_texts_for_timing_are_all_different():
    texts = score.read(BENCH / "texts.txt")[:640:8]
    made = corpus.distinct(texts, copies=5, seed=3)
    assert len(set(made)) == len(made) == 5 * len(texts)
    assert not {text.text for text in texts} & set(made)


STAND_IN = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    last = asked.get("known", {}).get("last", "?")
    at = asked["text"].lower().find(last.lower())
    print(json.dumps({"spans": [[at, at + len(last), "PERSON", 0.9]] if at >= 0 else []}))
"""


def test_a_detector_is_asked_with_the_record_and_once_for_every_perturbation(tmp_path):
    stand_in = tmp_path / "stand_in.py"
    stand_in.write_text(STAND_IN)
    asked = []

    def detect(given: str) -> str:
        asked.append(given)
        return bench.run([sys.executable, stand_in], given)

    with_record = bench.evaluate("x", [score.parse(LINE)], True, detect)
    without = bench.evaluate("x", [score.parse(LINE)], False, detect)
    assert score.figures(with_record.judged).recall == 0.5
    assert score.figures(without.judged).recall == 0
    assert dict(with_record.losses)["CAPITALS"] == 0
    assert dict(with_record.losses)["a typo a name"] == 1
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("raise ValueError('Jan de Vries')", "ended with 1 (ValueError)"),
        ("print('{\"spans\": []}')", "answered 1 of 4 texts"),
        ('print(\'{"spans": [[0, 99, "CITY", 1]]}\\n\' * 4)', "answered with a span outside its text"),
    ],
)
def test_a_detector_that_fails_is_a_row_that_says_so_without_the_text(script, why):
    result = bench.evaluate(
        "x", [score.parse("niets")], False, lambda given: bench.run([sys.executable, "-c", script], given)
    )
    assert result.why == why


def test_a_figure_that_misses_its_bar_is_told_as_missed():
    assert "missed" in bench.Goal("f1", 0.91, 0.92, 0.975).verdict()
    assert "met" in bench.Goal("f1", 0.93, 0.92, 0.975).verdict()
    assert "reach" in bench.Goal("touched", 0.01, 0.05, 0.01, most=True).verdict()
    assert "missed" in bench.Goal("touched", 0.06, 0.05, 0.01, most=True).verdict()
    assert bench.Goal("speed", None, 25, 100).verdict() == "not measured"
