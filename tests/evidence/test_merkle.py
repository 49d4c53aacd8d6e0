"""The Merkle tree agrees with the vectors of the Certificate Transparency reference implementation, and proofs hold."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.evidence.merkle import (
    EMPTY,
    Compact,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    nodes,
    root,
    verify_consistency,
    verify_inclusion,
)

# google/certificate-transparency, merkletree/merkle_tree_test; the same in transparency-dev/merkle, testonly.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [  # leaf counted from 0, size, proof
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [ROOTS[1], B, D]),
]
CONSISTENCY = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])]

trees = st.integers(1, 600).map(lambda size: [leaf_hash(b"%d" % at) for at in range(size)])


def unhex(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_the_inclusion_proof_is_the_published_one(index: int, size: int, proof: list[str]) -> None:
    assert inclusion_proof(nodes(LEAVES), index, size) == unhex(proof)
    assert verify_inclusion(LEAVES[index], index, size, unhex(proof), bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_the_consistency_proof_is_the_published_one(first: int, second: int, proof: list[str]) -> None:
    assert consistency_proof(nodes(LEAVES), first, second) == unhex(proof)
    old, new = unhex([ROOTS[first], ROOTS[second]])
    assert verify_consistency(first, second, old, new, unhex(proof))


def test_the_empty_tree_begins_every_tree_and_has_the_hash_of_nothing() -> None:
    assert sha256(b"").digest() == EMPTY
    assert verify_consistency(0, 8, EMPTY, root(LEAVES), [])
    assert not verify_consistency(0, 8, root(LEAVES), root(LEAVES), [])


@settings(deadline=None)
@given(trees, st.data())
def test_a_tree_grown_in_pieces_has_the_root_of_the_whole(leaves: list[bytes], data: st.DataObject) -> None:
    tree, done = Compact(), 0
    while done < len(leaves):
        step = data.draw(st.integers(1 + len(leaves) // 9, len(leaves))) if done else 1
        tree.extend(leaves[done : done + step])
        done += step
        assert tree.root() == reference(leaves[:done])


def reference(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 writes it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + reference(leaves[:split]) + reference(leaves[split:])).digest()


def test_subtrees_are_taken_on_their_boundary_only() -> None:
    tree = Compact()
    tree.extend(LEAVES[:1])
    with pytest.raises(ValueError, match="cannot take subtrees"):
        tree.extend(LEAVES[1:2], level=1)


@settings(deadline=None)
@given(trees, st.data())
def test_every_entry_proves_its_place_and_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    proof, head = inclusion_proof(nodes(leaves), index, size), root(leaves[:size])
    assert verify_inclusion(leaves[index], index, size, proof, head)
    parts = [leaves[index], head, *proof]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(data, parts[at])
    assert not verify_inclusion(parts[0], index, size, parts[2:], parts[1])
    for wrong in (proof[:-1], [*proof, head]):
        assert wrong == proof or not verify_inclusion(leaves[index], index, size, wrong, head)
    for elsewhere in {*range(size + 1)} - {index}:
        assert not verify_inclusion(leaves[index], elsewhere, size, proof, head)


def flipped(data: st.DataObject, part: bytes) -> bytes:
    """With one bit turned."""
    changed = bytearray(part)
    changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
    return bytes(changed)


@settings(deadline=None)
@given(trees, st.data())
def test_a_tree_proves_that_it_only_grew(leaves: list[bytes], data: st.DataObject) -> None:
    second = data.draw(st.integers(1, len(leaves)))
    first = data.draw(st.integers(1, second))
    proof = consistency_proof(nodes(leaves), first, second)
    old, new = root(leaves[:first]), root(leaves[:second])
    assert verify_consistency(first, second, old, new, proof)
    parts = [old, new, *proof]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = flipped(data, parts[at])
    assert not verify_consistency(first, second, parts[0], parts[1], parts[2:])
    for wrong in (proof[:-1], [*proof, old]):
        assert wrong == proof or not verify_consistency(first, second, old, new, wrong)


def test_a_proof_of_what_is_not_in_the_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(nodes(LEAVES), 8, 8)
    with pytest.raises(ValueError, match="cannot contain"):
        consistency_proof(nodes(LEAVES), 9, 8)
