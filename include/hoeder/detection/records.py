"""What is known of the person that a text belongs to: names and numbers of the record, met again in the text.

A word counts as a name of the record where it is the same without regard to capitals and accents, or one slip away from
it (longer words that are no ordinary words). Numbers are compared by their letters and digits alone.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.candidates import Candidates
from hoeder.detection.entities import Entity
from hoeder.detection.fold import Bytes, Folded, fold
from hoeder.detection.gazetteer import Flag
from hoeder.detection.tokens import Hashes, Tokens, tokenize

Record = Mapping[str, object]
_NAMES = ("first", "last", "name", "initials", "household", "contacts")
_PLACES = ("street", "city", "address")
_NUMBERS = {
    "phone": Entity.PHONE, "mobile": Entity.PHONE, "iban": Entity.IBAN, "bsn": Entity.BSN, "client": Entity.CLIENT,
    "employee": Entity.CLIENT, "plate": Entity.PLATE, "document": Entity.DOCNR, "dob": Entity.DOB,
    "postcode": Entity.POSTCODE, "email": Entity.EMAIL,
}  # fmt: skip


def mark(folded: Folded, tokens: Tokens, flags: NDArray[np.uint32], records: Sequence[Record | None]) -> None:
    """Add to the flags of each text's tokens what its record says of them."""
    if not any(records):
        return
    for fields, flag in ((_NAMES, Flag.RECORD_NAME), (_PLACES, Flag.RECORD_PLACE)):
        said = fold([" ".join(_texts(record, fields)) for record in records])
        words = tokenize(said)
        _mark(
            folded.chars, tokens.starts, tokens.ends, tokens.words, tokens.shapes, tokens.rows, flags,
            said.chars, words.starts, words.ends, words.words, words.shapes, words.rows, np.uint32(flag),
        )  # fmt: skip


def numbers(
    folded: Folded, tokens: Tokens, candidates: Candidates, records: Sequence[Record | None]
) -> NDArray[np.uint8]:
    """The entity of each token that belongs to a number of its text's record, else 0."""
    entities = np.zeros(len(tokens), np.uint8)
    listed = [(row, *number) for row, record in enumerate(records) if record for number in _numbers_of(record)]
    if listed:
        rows = np.searchsorted([row for row, _, _ in listed], np.arange(len(records) + 1)).astype(np.int64)
        wanted = np.fromiter((hashed for _, hashed, _ in listed), np.uint64, len(listed))
        kinds = np.fromiter((entity for _, _, entity in listed), np.uint8, len(listed))
        _numbers(
            folded.chars, tokens.starts, tokens.ends, tokens.shapes, tokens.rows, candidates.heads, candidates.tails,
            rows, wanted, kinds, entities,
        )  # fmt: skip
    return entities


def _texts(record: Record | None, fields: Iterable[str]) -> list[str]:
    """The texts of some fields, of which one may be a list."""
    found: list[str] = []
    for field in fields:
        value = record.get(field) if record else None
        found += [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)] if value else []
    return found


def _numbers_of(record: Record) -> list[tuple[int, Entity]]:
    found: list[tuple[int, Entity]] = []
    for field, entity in _NUMBERS.items():
        for text in _texts(record, (field,)):
            plain = "".join(char for char in text.lower() if char.isascii() and char.isalnum())
            if entity is Entity.PHONE:
                plain = plain[-9:]
            variants = [plain]
            if entity is Entity.DOB and len(plain) == 8 and text[:4].isdigit():
                year, month, day = plain[:4], plain[4:6], plain[6:]
                variants += [
                    day + month + year,
                    f"{int(day)}{int(month)}{year}",
                    day + month + year[2:],
                    f"{int(day)}{int(month)}{year[2:]}",
                ]
            found += [(_fnv(variant), entity) for variant in variants if len(variant) >= 4]
    return found


def _fnv(plain: str) -> int:
    value = 14695981039346656037
    for char in plain.encode("ascii"):
        value = (value ^ char) * 1099511628211 & 0xFFFFFFFFFFFFFFFF
    return value


@compiled
def _lower(char: int) -> int:
    return char + 32 if 65 <= char <= 90 else char


@compiled
def _near(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int) -> bool:
    """Whether one letter was changed, left out, added, or swapped with the next one."""
    while a0 < a1 and b0 < b1 and _lower(a[a0]) == _lower(b[b0]):
        a0 += 1
        b0 += 1
    while a0 < a1 and b0 < b1 and _lower(a[a1 - 1]) == _lower(b[b1 - 1]):
        a1 -= 1
        b1 -= 1
    m, n = a1 - a0, b1 - b0
    if m <= 1 and n <= 1:
        return True
    return m == 2 and n == 2 and _lower(a[a0]) == _lower(b[b0 + 1]) and _lower(a[a0 + 1]) == _lower(b[b0])


@compiled
def _mark(
    chars: Bytes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    words: Hashes,
    shapes: NDArray[np.uint8],
    rows: NDArray[np.int64],
    flags: NDArray[np.uint32],
    said: Bytes,
    said_starts: NDArray[np.int32],
    said_ends: NDArray[np.int32],
    said_words: Hashes,
    said_shapes: NDArray[np.uint8],
    said_rows: NDArray[np.int64],
    flag: np.uint32,
) -> None:
    for row in range(len(rows) - 1):
        for j in range(said_rows[row], said_rows[row + 1]):
            length = said_ends[j] - said_starts[j]
            if said_shapes[j] == 0 or said_shapes[j] == 6 or length < 2:
                continue
            for i in range(rows[row], rows[row + 1]):
                if words[i] == said_words[j]:
                    # Particles alone name nobody.
                    if not flags[i] & np.uint32(64) or length > 3:
                        flags[i] |= flag
                elif length >= 5 and shapes[i] != 0 and shapes[i] != 6 and not flags[i] & np.uint32(1):
                    size = ends[i] - starts[i]
                    if (
                        size >= 4
                        and -1 <= size - length <= 1
                        and _near(chars, starts[i], ends[i], said, said_starts[j], said_ends[j])
                    ):
                        flags[i] |= flag


@compiled
def _numbers(
    chars: Bytes,
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    shapes: NDArray[np.uint8],
    rows: NDArray[np.int64],
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    record_rows: NDArray[np.int64],
    wanted: Hashes,
    kinds: NDArray[np.uint8],
    entities: NDArray[np.uint8],
) -> None:
    plain = np.zeros(64, np.uint8)
    for row in range(len(rows) - 1):
        if record_rows[row] == record_rows[row + 1]:
            continue
        i = rows[row]
        while i < rows[row + 1]:
            end = tails[i] + 1
            if tails[i] == i:
                # No candidate: letters and digits that stand together, or are joined by a dash.
                while (
                    end < rows[row + 1]
                    and starts[end] == ends[end - 1]
                    and (shapes[end] != 0 or chars[starts[end]] == 45)
                    and heads[end] == end
                ):
                    end += 1
            count, digits = 0, 0
            for c in range(starts[i], ends[end - 1]):
                char = _lower(chars[c])
                if (48 <= char <= 57 or 97 <= char <= 122) and count < 64:
                    plain[count] = char
                    count += 1
                    digits += char <= 57
            if 4 <= count < 64 and (digits >= 3 or end - i > 2):
                whole, nine = np.uint64(14695981039346656037), np.uint64(14695981039346656037)
                for c in range(count):
                    whole = (whole ^ np.uint64(plain[c])) * np.uint64(1099511628211)
                    if c >= count - 9:
                        nine = (nine ^ np.uint64(plain[c])) * np.uint64(1099511628211)
                for k in range(record_rows[row], record_rows[row + 1]):
                    if whole == wanted[k] or (kinds[k] == 5 and nine == wanted[k]):
                        for t in range(i, end):
                            entities[t] = kinds[k]
            i = end
