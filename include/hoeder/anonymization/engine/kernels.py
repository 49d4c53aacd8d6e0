"""The loops that judge groups and those that make them, in one file: numba looks for changes in a loop's own file alone
when it decides whether its copy on disk is still good, and these call each other."""

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.engine.columns import Codes, Floats, Ints
from hoeder.compiled import compiled

Words = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]


@compiled
def gather(
    members: Ints,
    low: int | np.int64,
    high: int | np.int64,
    start: Ints,
    who: Ints,
    what: Ints,
    pair: Ints,
    count: Ints,
    person_seen: Ints,
    pair_seen: Ints,
    counts: Ints,
    moment: int,
) -> int:
    """Fill `counts` with the group's histogram; the number of persons (0 where rows are counted)."""
    counts[:] = 0
    people = 0
    for place in range(low, high):
        tuple_ = members[place]
        for entry in range(start[tuple_], start[tuple_ + 1]):
            if who[entry] == -2:
                continue
            code = what[entry]
            if who[entry] == -1:
                if 0 <= code < len(counts):
                    counts[code] += count[entry]
                continue
            if person_seen[who[entry]] != moment:
                person_seen[who[entry]] = moment
                people += 1
            if 0 <= code < len(counts) and pair_seen[pair[entry]] != moment:
                pair_seen[pair[entry]] = moment
                counts[code] += 1
    return people


@compiled
def spread_enough(counts: Ints, bounds: Ints, spread: Floats, rule: Floats) -> bool:  # one compiled loop
    """l and t of one histogram. An empty cell is a value like any other."""
    for part in range(len(bounds) - 1):
        low, high = bounds[part], bounds[part + 1]
        total, different, largest = 0, 0, 0
        for code in range(low, high):
            total += counts[code]
            different += counts[code] > 0
            largest = max(largest, counts[code])
        if total == 0 or different < rule[0]:
            return False
        if rule[1] >= 0 and entropy(counts, low, high, total) < rule[1] - 1e-9:
            return False
        if rule[3] > 0:
            ordered = np.sort(counts[low:high])[::-1]
            if not largest < rule[2] * ordered[np.int64(rule[3]) - 1 :].sum():
                return False
        if rule[4] >= 0 and distance(counts, spread, low, high, total, rule[5] > 0) > rule[4] + 1e-9:
            return False
    return True


@compiled
def entropy(counts: Ints, low: int, high: int, total: int) -> float:
    """In natural units."""
    found = 0.0
    for code in range(low, high):
        if counts[code] > 0:
            share = counts[code] / total
            found -= share * np.log(share)
    return found


@compiled
def distance(counts: Ints, spread: Floats, low: int, high: int, total: int, ordered: bool) -> float:
    """Between a class and the whole, from 0 to 1."""
    found, running = 0.0, 0.0
    for code in range(low, high):
        difference = counts[code] / total - spread[code]
        running += difference
        found += abs(running) if ordered else abs(difference)
    return found / max(high - low - 1, 1) if ordered else found / 2


@compiled
def judged(
    order: Ints,
    ends: Ints,
    weight: Ints,
    k: int,
    by_person: bool,
    start: Ints,
    who: Ints,
    what: Ints,
    pair: Ints,
    count: Ints,
    bounds: Ints,
    spread: Floats,
    rule: Floats,
    person_seen: Ints,
    pair_seen: Ints,
    counts: Ints,
) -> tuple[npt.NDArray[np.bool_], Ints]:
    holds = np.zeros(len(ends) - 1, dtype=np.bool_)
    size = np.zeros(len(ends) - 1, dtype=np.int64)
    for found in range(len(ends) - 1):
        low, high = ends[found], ends[found + 1]
        people = gather(order, low, high, start, who, what, pair, count, person_seen, pair_seen, counts, found + 1)
        rows = 0
        for place in range(low, high):
            rows += weight[order[place]]
        size[found] = people if by_person else rows
        holds[found] = size[found] >= k and spread_enough(counts, bounds, spread, rule)
    return holds, size


@compiled
def sieved(  # noqa: C901  # one loop, compiled whole
    codes: Codes,
    weight: Ints,
    keys: Ints,
    vectors: Ints,
    k: int,
    more: bool,
    by_person: bool,
    secret: int,
    hidden: bool,
    start: Ints,
    who: Ints,
    what: Ints,
    pair: Ints,
    count: Ints,
    bounds: Ints,
    spread: Floats,
    rule: Floats,
    person_seen: Ints,
    pair_seen: Ints,
    counts: Ints,
) -> tuple[Ints, Ints, int]:
    tuples, columns = codes.shape
    of = np.full(tuples, -1, dtype=np.int64)
    at = np.empty(tuples + 1, dtype=np.int64)
    classes, moment = 0, 1
    rest = np.arange(tuples)
    left = tuples
    alive = weight.copy()
    size = 16
    while size < 2 * tuples:
        size *= 2
    slot_key = np.zeros(size, dtype=np.int64)
    slot_group = np.zeros(size, dtype=np.int32)
    slot_turn = np.full(size, -1, dtype=np.int32)
    group = np.empty(tuples, dtype=np.int32)
    mass = np.empty(tuples, dtype=np.int64)
    name = np.empty(tuples, dtype=np.int64)
    closes = np.empty(tuples, dtype=np.int64)
    place = np.empty(tuples + 1, dtype=np.int64)
    members = np.empty(tuples, dtype=np.int64)
    for turn in range(len(vectors)):
        if left == 0:
            break
        while size > 64 and size >= 8 * left:
            size //= 2
        mask = np.int64(size - 1)
        groups = 0
        for i in range(left):
            key = np.int64(0)
            for column in range(columns):
                key += keys[column, vectors[turn, column], codes[i, column]]
            mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
            slot = np.int64((mixed >> np.uint64(22)) & np.uint64(mask))
            while slot_turn[slot] == turn and slot_key[slot] != key:
                slot = (slot + 1) & mask
            if slot_turn[slot] != turn:
                slot_turn[slot] = turn
                slot_key[slot] = key
                slot_group[slot] = groups
                mass[groups] = 0
                name[groups] = key
                groups += 1
            found = slot_group[slot]
            group[i] = found
            mass[found] += alive[i]
        any_closes = False
        for g in range(groups):
            needed = np.int64(k)
            if hidden:
                mixed = (np.uint64(name[g]) + np.uint64(turn)) * np.uint64(0xBF58476D1CE4E5B9) ^ np.uint64(secret)
                mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)
                needed += np.int64((mixed ^ (mixed >> np.uint64(29))) % np.uint64(k))
            closes[g] = -1
            if mass[g] >= needed:
                closes[g] = 0
                any_closes = True
        if not any_closes:
            continue
        if more:
            for g in range(groups + 1):
                place[g] = 0
            for i in range(left):
                place[group[i] + 1] += closes[group[i]] + 1
            for g in range(groups):
                place[g + 1] += place[g]
            for i in range(left):
                if closes[group[i]] == 0:
                    members[place[group[i]]] = rest[i]
                    place[group[i]] += 1
            low = np.int64(0)
            for g in range(groups):
                if closes[g] < 0:
                    continue
                high = place[g]
                moment += 1
                people = gather(members, low, high, start, who, what, pair, count,
                                person_seen, pair_seen, counts, moment)  # fmt: skip
                low = high
                if (by_person and people < k) or not spread_enough(counts, bounds, spread, rule):
                    closes[g] = -1
        for g in range(groups):
            if closes[g] == 0:
                closes[g] = classes
                at[classes] = turn
                classes += 1
        stay = 0
        for i in range(left):
            closed = closes[group[i]]
            if closed >= 0:
                of[rest[i]] = closed
                continue
            if stay != i:
                rest[stay] = rest[i]
                alive[stay] = alive[i]
                for column in range(columns):
                    codes[stay, column] = codes[i, column]
            stay += 1
        left = stay
    return of, at, classes


@compiled
def _bits(word: np.uint64) -> np.int64:
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _size(low: Floats, high: Floats, bits: Words, line: Bools, word: Ints, step: Floats, words: int) -> float:
    total = 0.0
    columns = len(line)
    for column in range(columns):
        if line[column]:
            total += high[column] - low[column]
        else:
            end = words
            for later in range(column + 1, columns):
                if not line[later]:
                    end = word[later]
                    break
            inside = np.int64(-1)
            for place in range(word[column], end):
                inside += _bits(bits[place])
            total += inside * step[column]
    return total


@compiled
def cut_tree(  # noqa: C901  # one loop, compiled whole
    codes: Codes,
    weight: Ints,
    line: Bools,
    at: Floats,
    word: Ints,
    step: Floats,
    words: int,
    least: int,
    more: bool,
    by_person: bool,
    k: int,
    start: Ints,
    who: Ints,
    what: Ints,
    pair: Ints,
    count: Ints,
    bounds: Ints,
    spread: Floats,
    rule: Floats,
    person_seen: Ints,
    pair_seen: Ints,
    counts: Ints,
) -> Ints:
    tuples, columns = codes.shape
    values = at.shape[1]
    of = np.full(tuples, -1, dtype=np.int64)
    order = np.arange(tuples)
    spare = np.empty(tuples, dtype=np.int64)
    mass = np.zeros(values, dtype=np.int64)
    seen = np.full(values, -1, dtype=np.int64)
    low, high = np.empty((values, columns)), np.empty((values, columns))
    bits = np.zeros((values, words), dtype=np.uint64)
    up_low, up_high = np.empty((values, columns)), np.empty((values, columns))
    down_low, down_high = np.empty((values, columns)), np.empty((values, columns))
    up_bits, down_bits = np.zeros((values, words), dtype=np.uint64), np.zeros((values, words), dtype=np.uint64)
    rest_low, rest_high, rest_bits = np.empty(columns), np.empty(columns), np.zeros(words, dtype=np.uint64)
    stack = np.empty((2 * tuples + 2, 2), dtype=np.int64)
    stack[0, 0], stack[0, 1] = 0, tuples
    top, classes, turn, moment = 1, 0, 0, 0
    cost = np.empty(2 * columns)
    at_code = np.empty(2 * columns, dtype=np.int64)
    while top > 0:
        top -= 1
        begin, end = stack[top, 0], stack[top, 1]
        total = np.int64(0)
        for place in range(begin, end):
            total += weight[order[place]]
        cost[:] = np.inf
        if total >= 2 * least:
            for column in range(columns):
                turn += 1
                present = 0
                for place in range(begin, end):
                    one = order[place]
                    code = codes[one, column]
                    if seen[code] != turn:
                        seen[code] = turn
                        spare[present] = code
                        present += 1
                        mass[code] = 0
                        low[code, :] = np.inf
                        high[code, :] = -np.inf
                        bits[code, :] = np.uint64(0)
                    mass[code] += weight[one]
                    for other in range(columns):
                        value = codes[one, other]
                        if line[other]:
                            low[code, other] = min(low[code, other], at[other, value])
                            high[code, other] = max(high[code, other], at[other, value])
                        else:
                            bits[code, word[other] + value // 64] |= np.uint64(1) << np.uint64(value % 64)
                if present < 2:
                    continue
                inside = np.sort(spare[:present])
                for n in range(present):
                    code, last = inside[n], inside[present - 1 - n]
                    up_low[n], up_high[n], up_bits[n] = low[code], high[code], bits[code]
                    back = present - 1 - n
                    down_low[back], down_high[back], down_bits[back] = low[last], high[last], bits[last]
                    if n:
                        for other in range(columns):
                            up_low[n, other] = min(up_low[n, other], up_low[n - 1, other])
                            up_high[n, other] = max(up_high[n, other], up_high[n - 1, other])
                            down_low[back, other] = min(down_low[back, other], down_low[back + 1, other])
                            down_high[back, other] = max(down_high[back, other], down_high[back + 1, other])
                        for other in range(words):
                            up_bits[n, other] |= up_bits[n - 1, other]
                            down_bits[back, other] |= down_bits[back + 1, other]
                before = np.int64(0)
                for n in range(present - 1):
                    before += mass[inside[n]]
                    if before < least or total - before < least:
                        continue
                    loss = before * _size(up_low[n], up_high[n], up_bits[n], line, word, step, words)
                    loss += (total - before) * _size(
                        down_low[n + 1], down_high[n + 1], down_bits[n + 1], line, word, step, words
                    )
                    if loss < cost[2 * column]:
                        cost[2 * column], at_code[2 * column] = loss, inside[n]
                if line[column] or present < 3:
                    continue
                for n in range(1, present - 1):  # one against the rest; the first and last are cuts already
                    code = inside[n]
                    if mass[code] < least or total - mass[code] < least:
                        continue
                    for other in range(columns):
                        rest_low[other] = min(up_low[n - 1, other], down_low[n + 1, other])
                        rest_high[other] = max(up_high[n - 1, other], down_high[n + 1, other])
                    for other in range(words):
                        rest_bits[other] = up_bits[n - 1, other] | down_bits[n + 1, other]
                    loss = mass[code] * _size(low[code], high[code], bits[code], line, word, step, words)
                    loss += (total - mass[code]) * _size(rest_low, rest_high, rest_bits, line, word, step, words)
                    if loss < cost[2 * column + 1]:
                        cost[2 * column + 1], at_code[2 * column + 1] = loss, code
        middle = begin
        while True:
            best = np.argmin(cost)
            if not np.isfinite(cost[best]):
                break
            chosen = best // 2
            code, alone = at_code[best], best % 2 == 1
            left, right = begin, np.int64(0)
            for place in range(begin, end):
                one = order[place]
                value = codes[one, chosen]
                if (value == code) if alone else (value <= code):
                    order[left] = one
                    left += 1
                else:
                    spare[right] = one
                    right += 1
            for place in range(right):
                order[left + place] = spare[place]
            good = True
            if more:
                for side in range(2):
                    first, last = (begin, left) if side == 0 else (left, end)
                    moment += 1
                    people = gather(order, first, last, start, who, what, pair, count,
                                    person_seen, pair_seen, counts, moment)  # fmt: skip
                    if (by_person and people < k) or not spread_enough(counts, bounds, spread, rule):
                        good = False
                        break
            if good:
                middle = left
                break
            cost[best] = np.inf
        if middle > begin:
            stack[top, 0], stack[top, 1] = begin, middle
            stack[top + 1, 0], stack[top + 1, 1] = middle, end
            top += 2
        else:
            for place in range(begin, end):
                of[order[place]] = classes
            classes += 1
    return of
