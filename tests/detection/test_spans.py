"""Personal data in running text: what is found, where it stands, and that no text whatever stops the search."""

import time

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.detection import candidates, model, tagger
from hoeder.detection.entities import Entity, Reason
from hoeder.detection.fold import fold
from hoeder.detection.spans import find
from hoeder.detection.tokens import tokenize


def seen(text: str, *, strict: bool = False, known: dict[str, object] | None = None) -> list[tuple[str, str]]:
    found = find([text], strict=strict, known=[known] if known else None)
    return [(text[span.start : span.end], span.entity.name) for _, span in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mevrouw J.M. van der Berg belde over haar factuur.", ("J.M. van der Berg", "PERSON")),
        ("kl fatima el idrissi wil opzeggen", ("fatima el idrissi", "PERSON")),
        ("TERUGBELLEN: DHR. YILDIRIM OP 06-12345678", ("YILDIRIM", "PERSON")),
        ("Graag bellen op nul zes twaalf vierendertig zesenvijftig achtenzeventig", ("PHONE",)),
        ("mail naar lisa punt mol apenstaartje gmail punt com", ("EMAIL",)),
        ("Woont op Kerkstraat 12-b, 7411 KN Deventer", ("Kerkstraat 12-b", "STREET")),
        ("Woont op Kerkstraat 12-b, 7411 KN Deventer", ("7411 KN", "POSTCODE")),
        ("Woont op Kerkstraat 12-b, 7411 KN Deventer", ("Deventer", "CITY")),
        ("IBAN NL91ABNA0417164301 klopt niet", ("NL91ABNA0417164301", "IBAN")),
        ("bsn 1234.56.782", ("1234.56.782", "BSN")),
        ("geboren 3 mei 1975", ("3 mei 1975", "DOB")),
        ("kenteken AB-12-CD", ("AB-12-CD", "PLATE")),
        ("klantnummer 4458812", ("4458812", "CLIENT")),
        ("paspoortnummer NWL2B4C81", ("NWL2B4C81", "DOCNR")),
        ("klant heeft suikerziekte en kan niet wachten", ("suikerziekte", "HEALTH")),
    ],
)
def test_each_kind_is_found(text: str, expected: tuple[str, ...]) -> None:
    found = seen(text)
    assert any(set(expected) <= set(hit) for hit in found), found


@pytest.mark.parametrize(
    "text",
    [
        "Factuur opnieuw verstuurd, klant akkoord.",
        "Storing in Zwolle, monteur tussen 8 en 12.",
        "Albert Heijn levert niet in de Kalverstraat",
        "Bestelling 884512 vertraagd tot maandag",
        "De nieuwe Samsung Galaxy is in mei leverbaar voor 799 euro",
        "bel 0900-1234 of mail naar info@bedrijf.nl",
    ],
)
def test_nothing_is_found_where_nobody_is(text: str) -> None:
    assert seen(text) == []


def test_what_the_record_says_is_found_in_other_spellings() -> None:
    known: dict[str, object] = {"last": "Wiersinga", "phone": "+31612345678", "client": "K-204511"}
    found = seen("wiersnga belde, nr 06 1234 5678, zie k204511", known=known)
    assert {("wiersnga", "PERSON"), ("06 1234 5678", "PHONE"), ("k204511", "CLIENT")} <= set(found)
    spans = find(["zie k204511"], known=[known])
    assert [span.reason for _, span in spans] == [Reason.RECORD]


def test_a_colleague_is_found_by_the_list_of_staff() -> None:
    text = "doorgezet naar xanthippe"
    assert [span.entity for _, span in find([text], staff=["Xanthippe Qureshi"], strict=True)] == [Entity.PERSON]


def test_strict_covers_at_least_what_review_finds() -> None:
    texts = ["Sprak met Jan de Boer uit Oss, tel 0612345678", "pakket van Wil ligt bij de buren op Dorpsweg 3", "niets"]
    for text in texts:
        loose = {i for _, span in find([text]) for i in range(span.start, span.end)}
        strict = {i for _, span in find([text], strict=True) for i in range(span.start, span.end)}
        assert loose <= strict


@pytest.mark.parametrize(
    "text", ["zeg maar een twee drie vier vijf zes zeven", "nummer nul vier acht zes een drie negen"]
)
def test_strict_takes_a_number_in_words_for_personal_whatever_it_is(text: str) -> None:
    assert any("drie" in hit for hit, _ in seen(text, strict=True))


def test_passing_over_ordinary_words_changes_no_label() -> None:
    texts = [
        "Jan de Boer belde over de factuur van vorige week en wil een nieuwe afspraak.",
        "mevrouw wil weten, zegt ze, wanneer het pakket van sanne bakker in Oss wordt bezorgd",
        "Klant heeft suikerziekte; graag terugbellen op 06-12345678 na vijf uur",
    ]
    loaded, folded = model.load(), fold(texts)
    tokens = tokenize(folded)
    flags, lemmas = loaded.gazetteer.look_up(folded, tokens)
    proposed = candidates.propose(folded, tokens, flags, year=2026)
    features = tagger.features(folded, tokens, flags, lemmas, proposed)
    none = np.zeros(tagger.LABELS, np.int32)
    labels, margins = loaded.tagger.tag(features, none)
    assert features.plain.mean() > 0.2
    whole = loaded.tagger.tag(features._replace(plain=np.zeros(len(tokens), np.bool_)), none)
    assert labels.any()
    np.testing.assert_array_equal(labels, whole[0])
    np.testing.assert_array_equal(margins, whole[1])


def test_a_column_of_arrow_texts_gives_every_row_its_spans() -> None:
    column = pa.chunked_array([["Jan de Boer belde", None, "niets"], ["Jan de Boer belde"]])
    found = find(column)
    assert [(row, span.start, span.end) for row, span in found] == [(0, 0, 11), (3, 0, 11)]
    assert find(column.combine_chunks().dictionary_encode()).rows.tolist() == [0, 3]
    assert found.counts() == {Entity.PERSON: 2}


def test_no_texts_no_spans() -> None:
    assert len(find([])) == 0
    assert len(find(["", None, " ", "\0", "\n\n"])) == 0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=5), st.booleans())
def test_spans_of_any_texts_lie_inside_them_in_order(texts: list[str], strict: bool) -> None:
    last: dict[int, int] = {}
    for row, span in find(texts, strict=strict):
        assert last.get(row, 0) <= span.start < span.end <= len(texts[row])
        assert 0 <= span.confidence <= 1
        last[row] = span.end


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("Jan de Boer 06-12@.\n😀é٣ "), max_size=60), min_size=1, max_size=6))
def test_a_text_is_judged_by_itself_whatever_stands_beside_it(texts: list[str]) -> None:
    together = find(texts)
    for row, text in enumerate(texts):
        assert together.of_row(row) == find([text]).of_row(0)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "1 " * 500_000,
        "06-" * 300_000,
        "@" * 100_000,
        "<" * 100_000,
        "nul " * 100_000,
        "a.b" * 300_000,
        "\u202e\u200f" * 50_000 + "Jan de Boer",
        "6️⃣😀" * 50_000,
        "\ud800 half a character",
        ("Jan de Boer woont op Kerkstraat 12 te Oss. " * 25_000)[:1_000_000],
    ],
    ids=["a", "1", "06", "at", "mrz", "nul", "dots", "rtl", "emoji", "surrogate", "people"],
)
def test_a_hostile_text_takes_no_longer_than_its_length_explains(text: str) -> None:
    find(["warm up"])
    started = time.process_time()
    find([text])
    assert time.process_time() - started < 5


@pytest.mark.parametrize("title", ["mevr. ", "dhr ", "de heer ", "mw. drs. "])
def test_a_title_goes_with_the_name_in_strict_mode(title: str) -> None:
    text = f"Teruggebeld met {title}Jansen over de rekening"
    found = [text[span.start : span.end] for _, span in find([text], strict=True) if span.entity is Entity.PERSON]
    assert found == [f"{title.removeprefix('de ')}Jansen"]
