"""What a stretch of tokens could be by its form alone: a phone number, an IBAN, a date that could be a birth date.

Form proposes, context decides: nine digits that pass the elfproef are a citizen service number in one sentence and an
order number in the next. Sources of the forms: the Dutch numbering plan (ACM), ISO 13616 (IBAN), the elfproef (Wet
algemene bepalingen BSN), the sidecodes of the RDW, PostNL's postcodes (no SA, SD, SS), ICAO 9303 (MRZ).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.fold import Bytes, Folded
from hoeder.detection.gazetteer import Flag
from hoeder.detection.tokens import Hashes, Small, Tokens

Places = NDArray[np.int32]
Flags = NDArray[np.uint32]


class Form(IntEnum):
    """What a candidate looks like."""

    NONE = 0
    PHONE = 1
    SERVICE_PHONE = 2
    EMAIL = 3
    ROLE_EMAIL = 4
    IBAN = 5
    IBAN_LIKE = 6
    BSN = 7
    NINE_DIGITS = 8
    BIRTH_LIKE = 9
    OTHER_DATE = 10
    PLATE = 11
    PLATE_LIKE = 12
    POSTCODE = 13
    POSTCODE_LIKE = 14
    IP = 15
    MONEY = 16
    TIME = 17
    LONG_NUMBER = 18
    CODE = 19
    MRZ = 20
    DOCUMENT = 21
    WEB = 22
    SPOKEN_NUMBER = 23


@dataclass(frozen=True)
class Candidates:
    """Per token: the form, and the first and last token of the candidate that it stands in (itself where in none)."""

    forms: Small
    heads: Places
    tails: Places


def propose(folded: Folded, tokens: Tokens, flags: Flags, *, year: int) -> Candidates:
    """Forms of all tokens; `year` is today's, which tells a possible birth date from another."""
    n = len(tokens)
    forms, heads, tails = np.zeros(n, np.uint8), np.arange(n, dtype=np.int32), np.arange(n, dtype=np.int32)
    _propose(
        folded.chars,
        tokens.starts,
        tokens.ends,
        tokens.words,
        tokens.shapes,
        tokens.rows,
        flags,
        year,
        forms,
        heads,
        tails,
    )
    return Candidates(forms, heads, tails)


_NUMBER, _MONTH = np.uint32(Flag.NUMBER), np.uint32(Flag.MONTH)
_WORD, _ROLE = np.uint32(Flag.WORD), np.uint32(Flag.MAILBOX)
_LONGEST = 34
_REACH = 100
"""Tokens looked at from one on: a text of a million dots costs no more than its length."""


@compiled
def _apart(starts: Places, ends: Places, i: int) -> int:
    apart: int = starts[i] - ends[i - 1]
    return apart


@compiled
def _mark(forms: Small, heads: Places, tails: Places, first: int, end: int, form: int) -> int:
    for i in range(first, end):
        forms[i] = form
        heads[i] = first
        tails[i] = end - 1
    return end


@compiled
def _number(chars: Bytes, start: int, end: int) -> int:
    value = 0
    for i in range(start, min(end, start + 17)):
        value = value * 10 + chars[i] - 48
    return value


@compiled
def _email(
    chars: Bytes, starts: Places, ends: Places, shapes: Small, first: int, last: int, at: int
) -> tuple[int, int]:
    """First token and end of the address around the sign @ at token `at`; nothing where it is none."""
    head = at
    while head > first and head > at - _REACH and starts[head] == ends[head - 1]:
        before = head - 1
        if shapes[before] == 0:
            char = chars[starts[before]]
            if not (char == 46 or char == 45 or char == 95 or char == 43 or char == 37 or char == 39):
                break
        head = before
    while head < at and shapes[head] == 0:
        head += 1
    tail, dots = at + 1, 0
    end = at
    while tail < last and tail < at + _REACH and starts[tail] == ends[tail - 1]:
        if shapes[tail] == 0:
            char = chars[starts[tail]]
            if char == 46:
                dots += 1
            elif char != 45:
                break
        elif dots > 0 and shapes[tail] != 6 and ends[tail] - starts[tail] >= 2:
            end = tail + 1
        elif dots == 0:
            end = at
        tail += 1
    return (head, end) if head < at and end > at + 2 else (at, at)


@compiled
def _groups(
    chars: Bytes, starts: Places, ends: Places, shapes: Small, i: int, last: int, where: Places, between: Places
) -> int:
    """Digit groups from token i on: their tokens and the sign before each (32 space, 0 glued). At most 12."""
    where[0] = i
    between[0] = 0
    count, j = 1, i + 1
    while j < last and count < 12:
        sign = 0
        if shapes[j] == 0:
            sign = chars[starts[j]]
            if not (sign == 45 or sign == 46 or sign == 47 or sign == 40 or sign == 41):
                break
            if _apart(starts, ends, j) > 1:
                break
            j += 1
            if (j < last and shapes[j] == 0 and chars[starts[j]] == 40) or (j < last and shapes[j] == 0 and sign == 41):
                j += 1
            if j >= last:
                break
        elif starts[j] - ends[j - 1] != 1:
            break
        else:
            sign = 32
        if shapes[j] != 6 or starts[j] - ends[j - 1] > 1:
            break
        where[count], between[count] = j, sign
        count += 1
        j += 1
    return count


@compiled
def _valid_day(day: int, month: int, year: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12 and (year <= 99 or 1850 <= year <= 2150)


@compiled
def _date_form(year_written: int, digits: int, today: int) -> int:
    """Somebody between 10 and 115 years old may be born then."""
    year = year_written
    if digits == 2:
        year += 1900 if year_written > today % 100 - 5 else 2000
    return 9 if today - 115 <= year <= today - 10 else 10


@compiled
def _date(
    chars: Bytes, starts: Places, ends: Places, where: Places, between: Places, count: int, today: int
) -> tuple[int, int]:
    """Groups of a numeric date at the first group, and its form."""
    a, length = where[0], ends[where[0]] - starts[where[0]]
    if length == 8:
        value = _number(chars, starts[a], ends[a])
        if _valid_day(value % 100, value // 100 % 100, 99) and 1900 <= value // 10000 <= today:
            return 1, _date_form(value // 10000, 4, today)
        if _valid_day(value // 1000000, value // 10000 % 100, 99) and 1900 <= value % 10000 <= today:
            return 1, _date_form(value % 10000, 4, today)
    if count < 3 or between[1] != between[2]:
        return 0, 0
    b, c = where[1], where[2]
    la, lb, lc = length, ends[b] - starts[b], ends[c] - starts[c]
    va, vb, vc = (
        _number(chars, starts[a], ends[a]),
        _number(chars, starts[b], ends[b]),
        _number(chars, starts[c], ends[c]),
    )
    if la <= 2 and lb <= 2 and (lc == 4 or (lc == 2 and between[1] != 32)):
        if _valid_day(va, vb, vc) or (between[1] == 47 and _valid_day(vb, va, vc)):
            return 3, _date_form(vc, lc, today)
    elif la == 4 and lb <= 2 and lc <= 2 and _valid_day(vc, vb, va):
        return 3, _date_form(va, 4, today)
    return 0, 0


@compiled
def _ip(chars: Bytes, starts: Places, ends: Places, where: Places, between: Places, count: int) -> int:
    if count < 4:
        return 0
    for g in range(4):
        token = where[g]
        length = ends[token] - starts[token]
        if (
            length > 3
            or _number(chars, starts[token], ends[token]) > 255
            or (length > 1 and chars[starts[token]] == 48)
        ):
            return 0
        if g > 0 and (between[g] != 46 or starts[token] != ends[where[g - 1]] + 1):
            return 0
    return 4


@compiled
def _phone(
    chars: Bytes, starts: Places, ends: Places, where: Places, between: Places, count: int, plus: bool
) -> tuple[int, int]:
    """Groups of a phone number at the first group, and its form."""
    total, value = 0, 0
    first = where[0]
    zero = chars[starts[first]] == 48
    found = 0
    abroad = plus or (
        ends[first] - starts[first] >= 4 and chars[starts[first]] == 48 and chars[starts[first] + 1] == 48
    )
    dutch = False
    for g in range(count):
        token = where[g]
        for c in range(starts[token], ends[token]):
            if total < 17:
                value = value * 10 + chars[c] - 48
            total += 1
        if total > 15:
            break
        if abroad:
            skipped = 0 if plus else 2
            if total - skipped >= 11:
                lead = _lead(value, total, 2 + skipped) % 100
                dutch = lead == 31
            if (dutch and total - skipped in (11, 12)) or (not dutch and total - skipped >= 9):
                found = g + 1
            if dutch and total - skipped >= 11:
                break
        elif zero and total == 10:
            second = value // 100000000
            return g + 1, 2 if value // 1000000 in (800, 900, 906, 909) else (1 if second >= 1 else 0)
        elif zero and total in (8, 9, 11) and _lead(value, total, 3) in (80, 90):
            found = g + 1
    if abroad:
        return found, 1
    if found > 0:
        return found, 2
    if (
        count >= 1
        and ends[first] - starts[first] == 11
        and _number(chars, starts[first], ends[first]) // 1000000000 == 31
    ):
        return 1, 1
    return 0, 0


@compiled
def _lead(value: int, digits: int, wanted: int) -> int:
    """The first `wanted` digits, leading zeros counted, of a number written with `digits` digits."""
    while digits > wanted:
        value //= 10
        digits -= 1
    return value


@compiled
def _elfproef(number: int) -> bool:
    if number < 1000000:
        return False
    total, rest = -(number % 10), number // 10
    for weight in range(2, 10):
        total += weight * (rest % 10)
        rest //= 10
    return rest == 0 and total % 11 == 0


@compiled
def _nine(chars: Bytes, starts: Places, ends: Places, where: Places, between: Places, count: int) -> tuple[int, int]:
    """Groups of a nine-digit number written as citizen service numbers are, and whether it passes the elfproef."""
    first = ends[where[0]] - starts[where[0]]
    if first == 9:
        used = 1
    elif count >= 3 and between[1] == between[2] and between[1] != 47:
        second, third = ends[where[1]] - starts[where[1]], ends[where[2]] - starts[where[2]]
        if not ((first == 4 and second == 2 and third == 3) or (first == 3 and second == 3 and third == 3)):
            return 0, 0
        used = 3
    else:
        return 0, 0
    value = 0
    for g in range(used):
        token = where[g]
        value = value * 10 ** (ends[token] - starts[token]) + _number(chars, starts[token], ends[token])
    return used, 7 if _elfproef(value) else 8


@compiled
def _letters_at(chars: Bytes, start: int, end: int) -> bool:
    for i in range(start, end):
        char = chars[i] | 32
        if not 97 <= char <= 122:
            return False
    return True


@compiled
def _iban(chars: Bytes, starts: Places, ends: Places, shapes: Small, i: int, last: int) -> tuple[int, int]:
    """End of the IBAN that starts at token i, and its form."""
    remainder, length, digits, letters = 0, 0, 0, 0
    head = np.zeros(4, np.int64)
    dutch = chars[starts[i]] | 32 == 110 and chars[starts[i] + 1] | 32 == 108
    if not dutch and starts[i + 1] != ends[i]:
        return i, 0
    j, best, form = i, i, 0
    while j < last and length <= _LONGEST:
        if shapes[j] == 0:
            sign = chars[starts[j]]
            if not (sign == 46 or sign == 45) or starts[j] != ends[j - 1]:
                break
            j += 1
            continue
        if j > i and starts[j] - ends[j - 1] > (2 if dutch else 1):
            break
        if dutch and length >= 8 and shapes[j] != 6 and starts[j] != ends[j - 1]:
            break
        for c in range(starts[j], ends[j]):
            char = chars[c]
            value = char - 48 if char <= 57 else (char | 32) - 87
            if not 0 <= value <= 35:
                return best, form
            if length < 4:
                head[length] = value
            elif value < 10:
                remainder = (remainder * 10 + value) % 97
            else:
                remainder = (remainder * 100 + value) % 97
            digits += value < 10
            letters += value >= 10
            length += 1
        if length >= 4 and not (head[0] >= 10 and head[1] >= 10 and head[2] < 10 and head[3] < 10):
            return i, 0
        j += 1
        if 15 <= length <= _LONGEST and (not dutch or length == 18):
            total = remainder
            for k in range(4):
                total = (total * (10 if head[k] < 10 else 100) + head[k]) % 97
            if total == 1:
                return j, 5
        if dutch and 16 <= length <= 20 and letters in (5, 6, 7) and digits >= 10:
            best, form = j, 6
            if length >= 18:
                break
    return best, form


@compiled
def _is_sidecode(pattern: int) -> bool:
    """Letters 1 and digits 0 of six places, first one highest: every division of Dutch plates from 1951 on."""
    return pattern in (
        0b110000, 0b000011, 0b001100, 0b110011, 0b111100, 0b001111, 0b001110, 0b011100, 0b110001, 0b100011, 0b111001,
        0b100111, 0b011000, 0b000110,
    )  # fmt: skip


@compiled
def _plate(
    chars: Bytes, starts: Places, ends: Places, shapes: Small, flags: Flags, i: int, last: int
) -> tuple[int, int]:
    """End of the licence plate that starts at token i, and its form: sure where it is written with dashes."""
    pattern, length, dashes, spaces, groups, words = 0, 0, 0, 0, 0, 0
    j = i
    while j < last and length < 6:
        if shapes[j] == 0:
            apart = starts[j] - ends[j - 1]
            if chars[starts[j]] != 45 or apart > 1 or groups == 0:
                return i, 0
            dashes += 1
            j += 1
            if j >= last or starts[j] - ends[j - 1] != apart or shapes[j] == 0:
                return i, 0
            spaces -= apart
            continue
        if j > i and starts[j] != ends[j - 1]:
            if starts[j] - ends[j - 1] > 1:
                return i, 0
            spaces += 1
        size = ends[j] - starts[j]
        words += flags[j] & _WORD != 0 and shapes[j] != 3
        if size > 4 or not (shapes[j] == 6 or _letters_at(chars, starts[j], ends[j])):
            return i, 0
        for _ in range(size):
            pattern = pattern * 2 + (0 if shapes[j] == 6 else 1)
        length += size
        groups += 1
        j += 1
    if length != 6 or not _is_sidecode(pattern) or (j < last and starts[j] == ends[j - 1] and shapes[j] != 0):
        return i, 0
    if j + 1 < last and chars[starts[j]] == 45 and starts[j] == ends[j - 1] and starts[j + 1] == ends[j]:
        return i, 0
    if dashes == 2 and spaces == 0:
        return j, 11
    if dashes > 0 or spaces == 1 or (spaces >= 2 and (groups != 3 or words > 0 or (j < last and shapes[j] == 6))):
        return i, 0
    return j, 12


@compiled
def _postcode(
    chars: Bytes, starts: Places, ends: Places, shapes: Small, flags: Flags, i: int, last: int
) -> tuple[int, int]:
    """End of the postcode that starts at token i, and its form: less sure where the letters could be a word."""
    j = i + 1
    if j >= last or ends[i] - starts[i] != 4 or chars[starts[i]] == 48 or _apart(starts, ends, j) > 1:
        return i, 0
    if ends[j] - starts[j] != 2 or shapes[j] == 6 or not _letters_at(chars, starts[j], ends[j]):
        return i, 0
    if j + 1 < last and starts[j + 1] == ends[j] and shapes[j + 1] != 0:
        return i, 0
    a, b = chars[starts[j]] | 32, chars[starts[j] + 1] | 32
    if a == 115 and (b == 97 or b == 100 or b == 115):
        return i, 0
    sure = shapes[j] == 3 or (shapes[j] == 1 and flags[j] & _WORD == 0)
    return j + 1, 13 if sure else 14


@compiled
def _run(starts: Places, ends: Places, shapes: Small, i: int, last: int) -> int:
    """End of the letters and digits that stand together without a space from token i on."""
    last = min(last, i + _REACH)
    j = i + 1
    while j < last and starts[j] == ends[j - 1] and shapes[j] != 0:
        j += 1
    return j


@compiled
def _code(chars: Bytes, starts: Places, ends: Places, shapes: Small, i: int, last: int) -> int:
    """End of letters and digits with single dashes, dots or slashes between, at least four of them digits, or i."""
    last = min(last, i + _REACH)
    j, end, digits, letters = i, i, 0, 0
    while j < last and (j == i or starts[j] == ends[j - 1]):
        if shapes[j] == 0:
            char = chars[starts[j]]
            if not (char == 45 or char == 46 or char == 47) or end != j:
                break
        else:
            if shapes[j] == 6:
                digits += ends[j] - starts[j]
            else:
                letters += ends[j] - starts[j]
            end = j + 1
        j += 1
    return end if digits >= 4 and letters <= 6 else i


@compiled
def _is_document(chars: Bytes, starts: Places, ends: Places, i: int, end: int) -> bool:
    """A passport or identity card number: two letters, six letters or digits, a digit; no letter O."""
    a, b = starts[i], ends[end - 1]
    if b - a != 9 or not _letters_at(chars, a, a + 2) or not 48 <= chars[b - 1] <= 57:
        return False
    letters_o = 0
    for c in range(a, b):
        letters_o += chars[c] | 32 == 111
    return letters_o == 0


@compiled
def _colons(chars: Bytes, starts: Places, ends: Places, shapes: Small, i: int, last: int) -> int:
    """End of an IPv6 address: groups of up to four hexadecimal digits, eight of them or a double colon; or i."""
    last = min(last, i + _REACH)
    j, group, colons, double = i, 0, 0, False
    while j < last and (j == i or starts[j] == ends[j - 1]):
        if shapes[j] == 0 and chars[starts[j]] != 58:
            break
        for c in range(starts[j], ends[j]):
            char = chars[c] | 32
            if chars[c] == 58:
                double = double or (group == 0 and colons > 0)
                colons += 1
                group = 0
            elif 48 <= chars[c] <= 57 or 97 <= char <= 102:
                group += 1
            else:
                return i
            if group > 4:
                return i
        j += 1
    if group == 0 and not double:
        return i
    return j if colons == 7 or (double and colons >= 2) else i


@compiled
def _mrz(chars: Bytes, starts: Places, ends: Places, shapes: Small, i: int, last: int) -> int:
    """End of a line of a machine-readable zone (30, 36 or 44 characters, give or take a slip), or i."""
    last = min(last, i + _REACH)
    j, fillers = i, 0
    while j < last and (j == i or starts[j] == ends[j - 1]):
        if shapes[j] == 0:
            if chars[starts[j]] != 60:
                break
            fillers += 1
        j += 1
    length = ends[j - 1] - starts[i]
    return j if fillers >= 2 and length >= 26 else i


@compiled
def _web(chars: Bytes, starts: Places, ends: Places, shapes: Small, words: Hashes, i: int, last: int) -> int:
    """End of a web address: glued words with dots whose last part is a short word, or anything with :// in it."""
    last = min(last, i + _REACH)
    j, dots, slashes, tld = i, 0, 0, 0
    while j < last and (j == i or starts[j] == ends[j - 1]):
        if shapes[j] == 0:
            char = chars[starts[j]]
            if char == 46:
                dots += 1
            elif char == 47:
                slashes += 1
            elif not (
                char == 45
                or char == 95
                or char == 58
                or char == 63
                or char == 61
                or char == 38
                or char == 37
                or char == 35
            ):
                break
        j += 1
    while j > i and shapes[j - 1] == 0 and chars[starts[j - 1]] != 47:
        j -= 1
    if j - i < 3:
        return i
    size = ends[j - 1] - starts[j - 1]
    if shapes[j - 1] == 1 and 2 <= size <= 4 and chars[starts[j - 2]] == 46:
        tld = 1
    first = ends[i] - starts[i]
    named = first == 3 and chars[starts[i]] | 32 == 119 and chars[starts[i] + 1] | 32 == 119
    return j if slashes >= 2 or (dots >= 1 and (named or (tld == 1 and first >= 3))) else i


@compiled
def _spoken(chars: Bytes, starts: Places, ends: Places, shapes: Small, flags: Flags, i: int, last: int) -> int:
    """End of a run of number words (and digits, commas, dashes between them), or i where it is short."""
    j, words, figures, end = i, 0, 0, i
    while j < last:
        if flags[j] & _NUMBER:
            words += 1
            j += 1
            end = j
        elif shapes[j] == 6 and ends[j] - starts[j] <= 4:
            figures += 1
            j += 1
            end = j
        elif shapes[j] == 0 and j > i and chars[starts[j]] in (44, 45) and _apart(starts, ends, j) <= 1:
            j += 1
        else:
            break
    return end if words >= 2 and words + figures >= 4 else i


@compiled
def _spelled_date(
    chars: Bytes, starts: Places, ends: Places, shapes: Small, flags: Flags, i: int, last: int, today: int
) -> tuple[int, int]:
    """End of `3 mei 1980` from its day on, and its form."""
    j = i + 1
    if ends[i] - starts[i] > 2 or not 1 <= _number(chars, starts[i], ends[i]) <= 31:
        return i, 0
    while j < last and j < i + 3 and shapes[j] == 0 and chars[starts[j]] in (45, 46, 47):
        j += 1
    if j >= last or not flags[j] & _MONTH:
        return i, 0
    k = j + 1
    while k < last and k < j + 3 and shapes[k] == 0 and chars[starts[k]] in (44, 45, 46, 47, 39):
        k += 1
    if k < last and shapes[k] == 6:
        digits = ends[k] - starts[k]
        year = _number(chars, starts[k], ends[k])
        if digits == 4 and 1850 <= year <= 2150:
            return k + 1, _date_form(year, 4, today)
        if digits == 2 and (k + 1 >= last or shapes[k + 1] != 0 or chars[starts[k + 1]] != 58):
            return k + 1, _date_form(year, 2, today)
    return j + 1, 10


@compiled
def _after_digits(
    chars: Bytes,
    starts: Places,
    ends: Places,
    shapes: Small,
    flags: Flags,
    i: int,
    last: int,
    today: int,
    where: Places,
    between: Places,
) -> tuple[int, int]:
    """What starts with the digits of token i: end and form."""
    if i + 1 < last and starts[i + 1] == ends[i]:
        end = _mrz(chars, starts, ends, shapes, i, last)
        if end > i:
            return end, 20
        end = _colons(chars, starts, ends, shapes, i, last)
        if end > i:
            return end, 15
    end, form = _postcode(chars, starts, ends, shapes, flags, i, last)
    if form:
        return end, form
    end, form = _spelled_date(chars, starts, ends, shapes, flags, i, last, today)
    if form:
        return end, form
    end, form = _plate(chars, starts, ends, shapes, flags, i, last)
    if form:
        return end, form
    count = _groups(chars, starts, ends, shapes, i, last, where, between)
    if _ip(chars, starts, ends, where, between, count):
        return where[3] + 1, 15
    used, form = _date(chars, starts, ends, where, between, count, today)
    if used:
        return where[used - 1] + 1, form
    used, form = _phone(chars, starts, ends, where, between, count, False)
    if used and form:
        return where[used - 1] + 1, form
    used, form = _nine(chars, starts, ends, where, between, count)
    if used:
        return where[used - 1] + 1, form
    j = i + 1
    if j + 1 < last and shapes[j] == 0 and shapes[j + 1] == 6 and starts[j] == ends[i] and starts[j + 1] == ends[j]:
        if chars[starts[j]] == 58 and ends[i] - starts[i] <= 2 and ends[j + 1] - starts[j + 1] == 2:
            return j + 2, 17
        if chars[starts[j]] == 44 and ends[j + 1] - starts[j + 1] <= 2:
            return j + 2, 16
    end = _code(chars, starts, ends, shapes, i, last)
    if end > i + 1:
        return end, 19
    return (i + 1, 18) if ends[i] - starts[i] >= 5 else (i, 0)


@compiled
def _after_letters(
    chars: Bytes,
    starts: Places,
    ends: Places,
    words: Hashes,
    shapes: Small,
    flags: Flags,
    i: int,
    last: int,
    today: int,
) -> tuple[int, int]:
    """What starts with the letters of token i: end and form."""
    size = ends[i] - starts[i]
    if size == 2 and i + 1 < last and shapes[i + 1] == 6 and _apart(starts, ends, i + 1) <= 2:
        end, form = _iban(chars, starts, ends, shapes, i, last)
        if form:
            return end, form
    if size <= 4:
        end, form = _plate(chars, starts, ends, shapes, flags, i, last)
        if form:
            return end, form
    if i + 1 < last and starts[i + 1] == ends[i]:
        end = _mrz(chars, starts, ends, shapes, i, last)
        if end > i:
            return end, 20
        end = _colons(chars, starts, ends, shapes, i, last)
        if end > i:
            return end, 15
        end = _web(chars, starts, ends, shapes, words, i, last)
        if end > i:
            return end, 22
        end = _run(starts, ends, shapes, i, last)
        if end > i + 1 and _is_document(chars, starts, ends, i, end):
            return end, 21
        if size <= 4 and chars[starts[i + 1]] != 46:
            end = _code(chars, starts, ends, shapes, i, last)
            if end > i + 1:
                return end, 19
    if flags[i] & _MONTH and i + 1 < last and shapes[i + 1] == 6 and ends[i + 1] - starts[i + 1] == 4:
        year = _number(chars, starts[i + 1], ends[i + 1])
        if 1850 <= year <= 2150:
            return i + 2, _date_form(year, 4, today)
    return i, 0


@compiled
def _propose(
    chars: Bytes,
    starts: Places,
    ends: Places,
    words: Hashes,
    shapes: Small,
    rows: NDArray[np.int64],
    flags: Flags,
    today: int,
    forms: Small,
    heads: Places,
    tails: Places,
) -> None:
    where, between = np.zeros(12, np.int32), np.zeros(12, np.int32)
    for row in range(len(rows) - 1):
        first, last = rows[row], rows[row + 1]
        for i in range(first, last):
            if shapes[i] == 0 and chars[starts[i]] == 64:
                head, end = _email(chars, starts, ends, shapes, first, last, i)
                if end > head and forms[head] == 0:
                    role = head + 1 == i and flags[head] & _ROLE != 0
                    _mark(forms, heads, tails, head, end, 4 if role else 3)
        i = first
        while i < last:
            if forms[i]:
                i = tails[i] + 1
                continue
            end, form = i, 0
            shape = shapes[i]
            if flags[i] & _NUMBER and not (i > first and flags[i - 1] & _NUMBER):
                end = _spoken(chars, starts, ends, shapes, flags, i, last)
                form = 23
            if end == i and shape == 6:
                if i > first and starts[i] == ends[i - 1] and shapes[i - 1] != 0:
                    i += 1
                    continue
                end, form = _after_digits(chars, starts, ends, shapes, flags, i, last, today, where, between)
                if end == i and not (i > first and shapes[i - 1] == 6):
                    end, form = _spoken(chars, starts, ends, shapes, flags, i, last), 23
            elif end == i and shape != 0:
                if not (i > first and starts[i] == ends[i - 1] and shapes[i - 1] == 6):
                    end, form = _after_letters(chars, starts, ends, words, shapes, flags, i, last, today)
            elif end == i and i + 1 < last:
                sign = chars[starts[i]]
                j = i + 1
                if sign == 43 or sign == 40:
                    plus = sign == 43
                    if shapes[j] == 0 and chars[starts[j]] == 43 and j + 1 < last:
                        plus = True
                        j += 1
                    if shapes[j] == 6:
                        count = _groups(chars, starts, ends, shapes, j, last, where, between)
                        used, form = _phone(chars, starts, ends, where, between, count, plus)
                        end = where[used - 1] + 1 if used else i
            if end > i and form:
                for k in range(i, end):
                    if forms[k]:
                        end = k
                        break
                if end > i:
                    i = _mark(forms, heads, tails, i, end, form)
                    continue
            i += 1
