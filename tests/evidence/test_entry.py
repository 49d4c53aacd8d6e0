"""An entry has one form in bytes, and no other bytes are an entry."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.errors import EvidenceError
from hoeder.evidence.entry import Entry, parse

ENTRY = Entry(
    entry=812,
    time=datetime(2026, 11, 22, 17, 52, 53, 123000, timezone(timedelta(hours=1))),
    phase="outcome",
    activity="retention.erase@1",
    object="crm.contact_message",
    actor="hoeder_retention",
    policy="a" * 64,
    counts={"planned": 3, "erased": 2},
    intent=811,
    outcome="partial",
    case=UUID("0b7e3c3e-4a1e-4f0e-9d1e-0123456789ab"),
    subject=b"\x01\xff",
)
LEAF = (
    '{"activity":"retention.erase@1","actor":"hoeder_retention","case":"0b7e3c3e-4a1e-4f0e-9d1e-0123456789ab",'
    '"counts":{"erased":2,"planned":3},"entry":812,"intent":811,"object":"crm.contact_message","outcome":"partial",'
    '"phase":"outcome","policy":"' + "a" * 64 + '","schema":1,"subject":"01ff","time":"2026-11-22T16:52:53.123000Z"}'
).encode()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
names = st.from_regex(r"[a-z_]{1,9}", fullmatch=True).filter(lambda name: name not in ("entry", "schema"))
entries = st.builds(
    Entry,
    entry=st.integers(1, 2**53 - 1),
    time=st.datetimes(timezones=st.just(UTC)),
    phase=texts, activity=texts, object=texts, actor=texts, policy=texts,
    counts=st.dictionaries(names, st.integers(-(2**53) + 1, 2**53 - 1), max_size=4),
    intent=st.none() | st.integers(1, 2**53 - 1),
    outcome=st.none() | texts, case=st.none() | st.uuids(), subject=st.none() | st.binary(min_size=1, max_size=32),
    digest=st.none() | texts, dag=st.none() | texts, run=st.none() | texts, task=st.none() | texts,
    trace=st.none() | texts, span=st.none() | texts,
)  # fmt: skip


def test_the_bytes_of_an_entry_are_fixed() -> None:
    assert ENTRY.leaf() == LEAF
    assert parse(LEAF) == ENTRY


@settings(deadline=None)
@given(entries)
def test_what_is_written_is_read_back(entry: Entry) -> None:
    assert parse(entry.leaf()) == entry


@settings(deadline=None)
@given(entries, st.data())
def test_no_other_bytes_are_the_same_entry(entry: Entry, data: st.DataObject) -> None:
    leaf = bytearray(entry.leaf())
    leaf[data.draw(st.integers(0, len(leaf) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(EvidenceError):
        assert parse(bytes(leaf)) != entry


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (LEAF.replace(b'"schema":1', b'"schema":2'), "entry 812 has schema 2; this version of Hoeder reads"),
        (LEAF.replace(b'"schema":1,', b""), "entry 812 has schema missing"),
        (LEAF.replace(b'"schema":1', b'"schema":true'), "entry 812: schema is not of its type"),
        (LEAF.replace(b"{", b'{"a":1,', 1), "entry 812 has 1 unknown key"),
        (LEAF.replace(b'"phase":"outcome",', b""), "entry 812 lacks phase"),
        (LEAF.replace(b'"entry":812,', b""), "it has no number"),
        (LEAF.replace(b'"entry":812', b'"entry":0'), "entry 0"),
        (LEAF.replace(b":2,", b": 2,", 1), "entry 812 is not written canonically"),
        (LEAF.replace(b'"erased":2,"planned":3', b'"planned":3,"erased":2'), "entry 812 is not written canonically"),
        (LEAF.replace(b'"intent":811,', b'"intent":null,'), "entry 812: intent is not of its type"),
        (LEAF.replace(b'"intent":811,', b'"intent":811,"intent":811,'), "entry 812 is not written canonically"),
        (LEAF.replace(b"crm", b"\\u0063rm"), "entry 812 is not written canonically"),
        (LEAF.replace(b"crm", b"\\ud800"), "entry 812 holds a value that JSON cannot carry"),
        (LEAF.replace(b"53.123000Z", b"53Z"), "entry 812: time is not of its type"),
        (LEAF.replace(b"2026-11-22", b"2026-13-22"), "entry 812: month"),
        (LEAF.replace(b"01ff", b"01FF"), "entry 812 is not written canonically"),
        (LEAF.replace(b'"erased":2', b'"erased":2.0'), "whole numbers"),
        (LEAF.replace(b'"erased":2', b'"erased":true'), "entry 812 cannot be written"),
        (LEAF.replace(b'"erased":2', b'"schema":1'), "entry 812 cannot be written"),
        (LEAF.replace(b'"erased":2', b'"erased":9007199254740993'), "entry 812 cannot be written"),
        (LEAF + b"\r", "entry 812 is not written canonically"),
        (LEAF[:-1], "not an entry"), (b"", "not an entry"), (b"[]", "not an entry"), (b"[" * 99_999, "not an entry"),
        (b"9" * 10_000, "not an entry"), (b"\xff", "not an entry"), (b'{"entry":NaN}', "not an entry"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_entry_is_refused_and_named(line: bytes, wrong: str) -> None:
    with pytest.raises(EvidenceError, match=wrong):
        parse(line)


@settings(deadline=None)
@given(
    st.none() | st.booleans() | st.integers() | texts | st.lists(st.none()), st.sampled_from(sorted(json.loads(LEAF)))
)
def test_a_value_of_another_type_is_refused_in_words(value: object, key: str) -> None:
    line = json.dumps(json.loads(LEAF) | {key: value}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with suppress(EvidenceError):
        parse(line.encode())


@pytest.mark.parametrize(
    "change",
    [{"counts": {"entry": 1}}, {"counts": {"é": 1}}, {"counts": {"n": 1.5}}, {"counts": {"n": 2**53}}, {"schema": 2},
     {"entry": 0}, {"time": datetime(2026, 1, 1)}, {"object": "\ud800"}],  # noqa: DTZ001
)  # fmt: skip
def test_what_has_no_canonical_form_is_not_written(change: dict[str, object]) -> None:
    with pytest.raises(EvidenceError, match="entry"):
        replace(ENTRY, **change).leaf()  # type: ignore[arg-type]
