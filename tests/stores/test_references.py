"""References of many keys at once: the same bytes as one by one, and a set that finds them again."""

from itertools import accumulate
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.pseudonym import ReferenceKey, digest_of
from hoeder.sha256 import digits_of_each, hex_of_each
from hoeder.stores import references
from hoeder.stores.references import References, unpacked

secrets_ = st.binary(min_size=32, max_size=100)
names = st.text(max_size=80)
# Few different beginnings, so that many of a set share their first half.
some = st.binary(min_size=1, max_size=1).map(lambda end: b"\x00" * 15 + end) | st.binary(min_size=16, max_size=16)


@settings(max_examples=30, deadline=None)
@given(secrets_, names, names, st.lists(st.text(max_size=300), min_size=1, max_size=150))
def test_texts_of_any_length_get_the_reference_that_each_would_get_alone(
    secret: bytes, store: str, target: str, keys: list[str]
) -> None:
    key = ReferenceKey(secret)
    encoded = [one.encode() for one in keys]
    ends = np.array(list(accumulate(map(len, encoded))), np.int64)
    together = key.rows(store, target, np.frombuffer(b"".join(encoded), np.uint8), ends)
    assert [row.tobytes() for row in together] == [key.row(store, target, one) for one in keys]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=150))
def test_numbers_and_uuids_are_written_as_python_writes_them(numbers: list[int]) -> None:
    key = ReferenceKey(b"k" * 32)
    written = key.rows("shop", "visit", *digits_of_each(np.array(numbers, np.int64)))
    assert [row.tobytes() for row in written] == [key.row("shop", "visit", one) for one in numbers]
    uuids = [UUID(int=(one % 2**64) * (2**64 - 59)) for one in numbers]
    raw = np.frombuffer(b"".join(one.bytes for one in uuids), np.uint8).reshape(-1, 16)
    written = key.rows("shop", "visit", *hex_of_each(raw))
    assert [row.tobytes() for row in written] == [key.row("shop", "visit", one) for one in uuids]


@pytest.mark.parametrize("few", [0, 10_000], ids=["compiled", "numpy"])
@settings(max_examples=40, deadline=None)
@given(members=st.lists(some, max_size=80), others=st.lists(some, max_size=80))
def test_a_set_of_references_is_the_set_of_them(few: int, members: list[bytes], others: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(references, "FEW", few)
        found = References.of(members)
        assert list(found) == sorted(set(members))
        assert len(found) == len(set(members))
        assert (found.digest, found.packed) == (digest_of(set(members)), b"".join(sorted(set(members))))
        asked = [*members, *others]
        positions = found.positions(unpacked(b"".join(asked)))
        assert [at >= 0 for at in positions] == [one in set(members) for one in asked]
        there = positions[positions >= 0]
        assert list(found.each(there)) == [one for one in asked if one in set(members)]
        chosen = found.some(np.unique(there)[::2])
        assert chosen.packed == b"".join(sorted(set(asked) & set(members))[::2])
        assert all((one in found) is (one in set(members)) for one in others)


def test_a_reference_that_is_cut_off_is_none() -> None:
    with pytest.raises(ValueError, match="16 bytes each"):
        References.unpack(b"x" * 31)
    assert b"x" not in References.of([b"x" * 16])
