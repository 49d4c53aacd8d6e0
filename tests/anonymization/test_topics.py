"""Free text leaves as a topic of policy's list, and no word of it does."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.anonymization.source import locate
from hoeder.anonymization.topics import by_topic
from hoeder.errors import PolicyError
from hoeder.policy import Release, load
from hoeder.policy.release import Topic

TOPICS = tuple(
    Topic(topic=topic, words=words)
    for topic, words in (
        ("rekening", ("factu*", "rekening")), ("verhuizing", ("verhui*", "nieuw adres")), ("klacht", ("boos",)),
    )
)  # fmt: skip


def topics(*texts: str | None) -> list[str | None]:
    rows = pa.table({"n": range(len(texts)), "body": pa.array(texts, pa.string())})
    made = by_topic(rows, {"body": TOPICS})
    assert made.column("n").to_pylist() == list(range(len(texts)))
    found: list[str | None] = made.column("body").to_pylist()
    return found


def test_the_first_topic_of_which_a_text_holds_a_word_takes_its_place() -> None:
    assert topics("Vraag over FACTUUR 12", "kl verhuist naar Zwolle", "nieuw adres doorgegeven", "hallo", None, "") == [
        "rekening", "verhuizing", "verhuizing", "other", None, "other",
    ]  # fmt: skip
    assert topics("boos over de rekening") == ["rekening"], "in policy's order, not the text's"


def test_a_word_is_a_whole_word_unless_policy_says_it_only_begins_so() -> None:
    assert topics("rekeningen", "berekening", "manufactuur", "boosheid", "(boos)", "boos") == [
        "other", "other", "other", "other", "klacht", "klacht",
    ]  # fmt: skip


@given(st.lists(st.none() | st.text(), max_size=5))
def test_nothing_but_topics_comes_out_whatever_goes_in(texts: list[str | None]) -> None:
    assert set(topics(*(text and text.replace("\x00", " ") for text in texts))) <= {
        *(each.topic for each in TOPICS),
        "other",
        None,
    }


def release(**changes: object) -> dict[str, object]:
    (found,) = (each for each in load().releases if each.release == "note-topics")
    return found.model_dump() | changes


def test_topics_stand_for_free_text_alone() -> None:
    policy = load()
    wrong = {
        "column": "noted_on", "steps": ("exact",), "weight": 1.0, "means": None,
        "topics": [{"topic": "rekening", "words": ("factuur",)}],
    }  # fmt: skip
    with pytest.raises(PolicyError, match="topics are for free text"):
        locate(Release.model_validate(release(quasi_identifiers=[wrong])), policy)
    bare = {"column": "body", "steps": ("exact",), "weight": 1.0, "means": None}
    with pytest.raises(PolicyError, match="is never released"):
        locate(Release.model_validate(release(quasi_identifiers=[bare])), policy)


@pytest.mark.parametrize("word", ["", "a|b", "f(", ".*", "*", "x**"])
def test_a_word_with_signs_that_mean_more_is_refused(word: str) -> None:
    topic = {
        "column": "body",
        "steps": ("exact",),
        "weight": 1.0,
        "means": None,
        "topics": [{"topic": "t", "words": (word,)}],
    }
    with pytest.raises(ValueError, match="topics"):
        Release.model_validate(release(quasi_identifiers=[topic]))
