"""Tiles of C2SP tlog-tiles: their paths, their growth, and proofs out of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.errors import EvidenceError
from hoeder.evidence import merkle
from hoeder.evidence.tiles import Tile, Tiles, grow, load, needed

NOTHING: dict[str, bytes] = {}
LEAVES = [merkle.leaf_hash(b"%d" % at) for at in range(70_000)]


def test_the_path_is_the_one_of_the_specification() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(1, 0, 17).path == "tile/1/000.p/17"
    assert Tile(0, 1000).path == "tile/0/x001/000"


@settings(deadline=None)
@given(st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_names_its_tile(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert Tile.parse(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    ["tile/0/67", "tile/00/067", "tile/64/067", "tile/0/x000/067", "tile/0/001/067", "tile/0/067.p/256",
     "tile/0/067.p/0", "tile/0/067.p/", "tile/entries/067", "tile/0/067/", "../tile/0/067"],
)  # fmt: skip
def test_another_path_is_no_tiles(path: str) -> None:
    with pytest.raises(EvidenceError, match="not the path of a tile"):
        Tile.parse(path)


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts() -> None:
    tiles = list(needed(70_000))
    assert len(tiles) == 273 + 1 + 1 + 1 + 1
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(needed(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(needed(0)) == []
    assert set(grow(NOTHING.get, 0, LEAVES)) == {tile.path for tile in tiles}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=6))
def test_tiles_grown_in_steps_are_those_of_the_whole(steps: list[int]) -> None:
    files: dict[str, bytes] = {}
    size = 0
    for step in steps:
        new = grow(files.get, size, LEAVES[size : size + step])
        assert files.keys().isdisjoint(new)  # locked files are never written again
        files |= new
        size += step
    whole = grow(NOTHING.get, 0, LEAVES[:size])
    assert {tile.path: files[tile.path] for tile in needed(size)} == whole


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 70_000), st.data())
def test_tiles_prove_inclusion_and_growth(size: int, data: st.DataObject) -> None:
    files = STORED
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    node = Tiles(files.get, 70_000).node
    head = merkle.root(LEAVES[:size])
    assert merkle.verify_inclusion(LEAVES[index], index, size, merkle.inclusion_proof(node, index, size), head)
    proof = merkle.consistency_proof(node, first, size)
    assert merkle.verify_consistency(first, size, merkle.root(LEAVES[:first]), head, proof)


STORED = grow(NOTHING.get, 0, LEAVES)


def test_a_full_tile_stands_in_for_a_partial_one() -> None:
    assert load(STORED.get, Tile(0, 0, 17)) == b"".join(LEAVES[:17])


def test_a_missing_or_shortened_tile_is_named() -> None:
    with pytest.raises(EvidenceError, match=r"tile/0/273\.p/112 is missing"):
        Tiles(NOTHING.get, 70_000).node(0, 69_999)
    with pytest.raises(EvidenceError, match="tile/0/000 has 8191 bytes, its path says 8192"):
        load({"tile/0/000": bytes(8191)}.get, Tile(0, 0))
    with pytest.raises(EvidenceError, match=r"tile/0/000\.p/5 is missing"):
        grow(NOTHING.get, 5, LEAVES[:1])
