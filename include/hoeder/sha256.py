"""HMAC-SHA-256 of many short messages at once: the same bytes as `hmac.digest`, many times faster than one by one.

Messages begin with the same bytes and end in a key of their own. What the secret and the beginning come to is computed
once; then each message takes one block, mostly, and the outer hash another. `LANES` messages go through the rounds side
by side, which the compiler turns into vector instructions. FIPS 180-4; RFC 2104.
"""

import numpy as np
import numpy.typing as npt

from hoeder.compiled import compiled

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

LANES = 64
BLOCK = 64
_START = np.array(
    [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19], np.uint32
)
_ROUNDS = np.array(
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ], np.uint32,
)  # fmt: skip


def hmac_of_each(secret: bytes, beginning: bytes, endings: Bytes, ends: Numbers) -> Bytes:
    """The first 16 bytes of HMAC-SHA-256 of `beginning` with the length of each ending (4 bytes, big-endian) and it.

    `endings` lie one after the other; each ends where `ends` says. One row of 16 bytes for each.
    """
    if len(secret) > BLOCK:
        raise ValueError(f"a secret of more than {BLOCK} bytes would have to be hashed first")
    padded = np.zeros(BLOCK, np.uint8)
    padded[: len(secret)] = np.frombuffer(secret, np.uint8)
    before = np.frombuffer((padded ^ 0x36).tobytes() + beginning, np.uint8)
    whole = len(before) // BLOCK * BLOCK
    inner = _state(before[:whole])
    outer = _state(padded ^ np.uint8(0x5C))
    out = np.empty((len(ends), 16), np.uint8)
    _all(inner, outer, before[whole:].copy(), whole, endings, ends, out)
    return out


def _state(blocks: Bytes) -> Words:
    """The state after whole blocks, by the same rounds in the first lane."""
    state = np.repeat(_START, LANES)
    words = np.zeros(16 * LANES, np.uint32)
    for start in range(0, len(blocks), BLOCK):
        words[::LANES] = np.frombuffer(blocks[start : start + BLOCK].tobytes(), ">u4")
        _compress(state, words, np.empty(8 * LANES, np.uint32))
    return state[::LANES].copy()


@compiled
def _lanes(variable: int) -> int:
    return (variable & 7) * LANES


@compiled
def _compress(state: Words, words: Words, work: Words) -> None:
    """One block in every lane: `state` (8 × LANES) changes, `words` (16 × LANES) are used up, `work` is as `state`."""
    for at in range(8 * LANES):
        work[at] = state[at]
    for turn in range(64):
        # The eight variables stay where they are; their names move on by one in each round.
        a, b, c, d = _lanes(0 - turn), _lanes(1 - turn), _lanes(2 - turn), _lanes(3 - turn)
        e, f, g, h = _lanes(4 - turn), _lanes(5 - turn), _lanes(6 - turn), _lanes(7 - turn)
        now = (turn & 15) * LANES
        constant = _ROUNDS[turn]
        if turn >= 16:
            two, seven, fifteen = ((turn + 14) & 15) * LANES, ((turn + 9) & 15) * LANES, ((turn + 1) & 15) * LANES
            for lane in range(LANES):
                x = words[fifteen + lane]
                y = words[two + lane]
                small = np.uint32(x >> 7 | x << 25) ^ np.uint32(x >> 18 | x << 14) ^ np.uint32(x >> 3)
                large = np.uint32(y >> 17 | y << 15) ^ np.uint32(y >> 19 | y << 13) ^ np.uint32(y >> 10)
                words[now + lane] = np.uint32(words[now + lane] + small + words[seven + lane] + large)
        for lane in range(LANES):
            x = work[e + lane]
            y = work[a + lane]
            first = np.uint32(x >> 6 | x << 26) ^ np.uint32(x >> 11 | x << 21) ^ np.uint32(x >> 25 | x << 7)
            choice = (x & work[f + lane]) ^ (~x & work[g + lane])
            one = np.uint32(work[h + lane] + first + choice + constant + words[now + lane])
            second = np.uint32(y >> 2 | y << 30) ^ np.uint32(y >> 13 | y << 19) ^ np.uint32(y >> 22 | y << 10)
            most = (y & work[b + lane]) ^ (y & work[c + lane]) ^ (work[b + lane] & work[c + lane])
            work[d + lane] = np.uint32(work[d + lane] + one)
            work[h + lane] = np.uint32(one + second + most)
    for at in range(8 * LANES):
        state[at] = np.uint32(state[at] + work[at])


@compiled
def _begin(state: Words, every: Words) -> None:
    for word in range(8):
        state[word * LANES : (word + 1) * LANES] = every[word]


@compiled
def _write(
    block: int, tail: Bytes, hashed: int, ending: Bytes, text: Bytes, words: Words, lane: int
) -> None:  # fmt: skip
    """One block of one message into its lane, with the padding where it ends; `text` is room for a block."""
    before = len(tail) + 4
    total = before + len(ending)
    start = block * BLOCK
    text[:] = 0
    for at in range(start, min(start + BLOCK, len(tail))):
        text[at - start] = tail[at]
    for at in range(max(start, len(tail)), min(start + BLOCK, before)):
        text[at - start] = np.uint8((len(ending) >> (8 * (before - 1 - at))) & 255)
    for at in range(max(start, before), min(start + BLOCK, total)):
        text[at - start] = ending[at - before]
    if start <= total < start + BLOCK:
        text[total - start] = 0x80
    for word in range(16):
        at = 4 * word
        value = np.uint32(text[at]) << 24 | np.uint32(text[at + 1]) << 16
        words[word * LANES + lane] = value | np.uint32(text[at + 2]) << 8 | np.uint32(text[at + 3])
    if block == (total + 8) // BLOCK:
        bits = (hashed + total) * 8
        words[14 * LANES + lane] = np.uint32(bits >> 32)
        words[15 * LANES + lane] = np.uint32(bits & 0xFFFFFFFF)


@compiled
def _all(
    inner: Words, outer: Words, tail: Bytes, hashed: int, endings: Bytes, ends: Numbers, out: Bytes
) -> None:  # fmt: skip
    state, kept, work = np.empty(8 * LANES, np.uint32), np.empty(8 * LANES, np.uint32), np.empty(8 * LANES, np.uint32)
    words, text = np.empty(16 * LANES, np.uint32), np.empty(BLOCK, np.uint8)
    last, starts, stops = np.empty(LANES, np.int64), np.empty(LANES, np.int64), np.empty(LANES, np.int64)
    for first in range(0, len(ends), LANES):
        for lane in range(LANES):
            which = min(first + lane, len(ends) - 1)
            starts[lane], stops[lane] = ends[which - 1] if which else 0, ends[which]
            last[lane] = (len(tail) + 4 + stops[lane] - starts[lane] + 8) // BLOCK
        _begin(state, inner)
        for block in range(last.max() + 1):
            for lane in range(LANES):
                _write(block, tail, hashed, endings[starts[lane] : stops[lane]], text, words, lane)
            kept[:] = state
            _compress(state, words, work)
            for lane in range(LANES):
                if block > last[lane]:  # a shorter one was done before
                    for word in range(8):
                        state[word * LANES + lane] = kept[word * LANES + lane]
        # The outer hash: of the inner one alone, which is half a block.
        words[: 8 * LANES] = state
        words[8 * LANES :] = 0
        words[8 * LANES : 9 * LANES] = 0x80000000
        words[15 * LANES :] = (BLOCK + 32) * 8
        _begin(state, outer)
        _compress(state, words, work)
        for lane in range(min(LANES, len(ends) - first)):
            for byte in range(16):
                out[first + lane, byte] = np.uint8((state[byte // 4 * LANES + lane] >> (24 - 8 * (byte % 4))) & 255)


@compiled
def digits_of_each(numbers: Numbers) -> tuple[Bytes, Numbers]:
    """Whole numbers as decimal digits, one after the other, and where each ends."""
    text = np.empty(20 * len(numbers), np.uint8)
    ends = np.empty(len(numbers), np.int64)
    one = np.empty(20, np.uint8)
    at = 0
    for which in range(len(numbers)):
        number = numbers[which]
        # The least number has no positive counterpart; as an unsigned one it is its own.
        rest = np.uint64(number) if number >= 0 else np.uint64(0) - np.uint64(number)
        size = 0
        while True:
            one[size] = np.uint8(48 + rest % np.uint64(10))
            size += 1
            rest //= np.uint64(10)
            if rest == 0:
                break
        if number < 0:
            text[at] = 45
            at += 1
        for back in range(size):
            text[at] = one[size - 1 - back]
            at += 1
        ends[which] = at
    return text[:at], ends


@compiled
def hex_of_each(uuids: Bytes) -> tuple[Bytes, Numbers]:
    """UUIDs (16 bytes a row) as they are written, in lower case with four hyphens, and where each ends."""
    text = np.empty(36 * len(uuids), np.uint8)
    ends = np.empty(len(uuids), np.int64)
    at = 0
    for which in range(len(uuids)):
        for byte in range(16):
            if byte in (4, 6, 8, 10):
                text[at] = 45
                at += 1
            for shift in range(4, -4, -4):
                half = (uuids[which, byte] >> np.uint8(shift)) & np.uint8(15)
                text[at] = 48 + half if half < 10 else 87 + half
                at += 1
        ends[which] = at
    return text, ends
