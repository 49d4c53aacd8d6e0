"""The Merkle tree of RFC 6962, section 2.1, with SHA-256: roots, proofs, and checking them.

A proof is made from any `Node`: a function that gives the hash over the 2**level leaves from index * 2**level on.
Tiles give one (`tiles.Tiles.node`), and so does a list of leaf hashes (`nodes`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256

EMPTY = sha256(b"").digest()

Node = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """One level up; the number of hashes is even."""
    each = iter(hashes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(each, each, strict=True)]


def perfect(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = parents(hashes)
    return hashes[0]


class Compact:
    """A growing tree that keeps only the roots of its perfect subtrees: log2(size) hashes.

    It starts from `hashes` of subtrees of 2**level leaves each, so that roots of tiles can be added as well as leaves.
    """

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []  # (level, root), largest first

    def extend(self, hashes: Sequence[bytes], level: int = 0) -> None:
        """Append subtrees of 2**level leaves. The tree must be filled up to such a boundary: ValueError otherwise."""
        if self.size % (1 << level):
            raise ValueError(f"a tree of {self.size} leaves cannot take subtrees of 2**{level}")
        done = 0
        while done < len(hashes):
            units = self.size >> level
            most = (len(hashes) - done).bit_length() - 1
            height = most if units == 0 else min(most, (units & -units).bit_length() - 1)
            self._push(level + height, perfect(hashes[done : done + (1 << height)]))
            done += 1 << height

    def _push(self, level: int, root: bytes) -> None:
        self.size += 1 << level
        while self._peaks and self._peaks[-1][0] == level:
            root = node_hash(self._peaks.pop()[1], root)
            level += 1
        self._peaks.append((level, root))

    def copy(self) -> "Compact":
        twin = Compact()
        twin.size, twin._peaks = self.size, list(self._peaks)
        return twin

    def root(self) -> bytes:
        return _fold(peak for _, peak in reversed(self._peaks))


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    tree = Compact()
    tree.extend(leaf_hashes)
    return tree.root()


def nodes(leaf_hashes: Sequence[bytes]) -> Node:
    """All nodes of a tree in memory."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        levels.append(parents(levels[-1][: len(levels[-1]) & ~1]))
    return lambda level, index: levels[level][index]


def inclusion_proof(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of a leaf, from the leaf up (RFC 6962, 2.1.1). Raises ValueError for a leaf outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_span(node, middle, high))
            high = middle
        else:
            path.append(_span(node, low, middle))
            low = middle
    return path[::-1]


def consistency_proof(node: Node, first: int, second: int) -> list[bytes]:
    """That the tree of `second` leaves begins with the tree of `first` (RFC 6962, 2.1.2)."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} leaves cannot contain one of {first}")
    if first in (0, second):
        return []
    proof: list[bytes] = []
    low, high = 0, second
    while high != first:
        middle = low + _split(high - low)
        if first <= middle:
            proof.append(_span(node, middle, high))
            high = middle
        else:
            proof.append(_span(node, low, middle))
            low = middle
    if low:  # the subtree is not the whole first tree, which the verifier has
        proof.append(_span(node, low, high))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `leaf` (its hash) stands at `index` in the tree with this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            result = node_hash(sibling, result)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the second tree only appended to the first (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first in (0, second):
        return not proof and first_root == (second_root if first else EMPTY)
    path = list(proof)
    if first & (first - 1) == 0:  # a perfect first tree is itself the starting node
        path.insert(0, first_root)
    if not path:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _span(node: Node, low: int, high: int) -> bytes:
    """The root over leaves low to high, where `low` is a multiple of the power of two that holds them all."""
    return _fold(reversed(list(_perfect_parts(node, low, high))))


def _perfect_parts(node: Node, low: int, high: int) -> Iterator[bytes]:
    while low < high:
        level = (high - low).bit_length() - 1
        yield node(level, low >> level)
        low += 1 << level


def _fold(smallest_first: Iterable[bytes]) -> bytes:
    """The root over perfect subtrees, given from the right-most (smallest) to the left."""
    result = b""
    for part in smallest_first:
        result = node_hash(part, result) if result else part
    return result or EMPTY
