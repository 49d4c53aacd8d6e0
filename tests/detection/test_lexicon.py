"""The dictionary's words, kept as hashes in a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from hoeder.detection import lexicon


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which nothing is kept yet."""
    monkeypatch.setenv("HOEDER_MODELS", str(tmp_path))
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    lexicon.ordinary.cache_clear()
    lexicon._dictionary.cache_clear()


def test_the_kept_words_are_those_of_the_dictionary(empty: Path) -> None:
    words = DefaultDictionaryFactory().get_dictionary("nl")
    some = [*list(words)[::997], "fietsx", "", "Fiets", "\ud800", "ß"]
    for _ in ("made", "read"):
        assert [lexicon.ordinary(word) for word in some] == [word[:1].islower() and word in words for word in some]
        assert len(list(empty.rglob("words-*.npy"))) == 1
        _forget()


def test_a_folder_that_cannot_be_written_to_is_no_error(empty: Path) -> None:
    (empty / "hoeder").write_text("a file in the place of the folder")
    assert lexicon.ordinary("fiets")
