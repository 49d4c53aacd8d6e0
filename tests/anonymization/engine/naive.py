"""A second, slow way to count: dictionaries and loops, nothing from the engine."""

import math
from collections import Counter, defaultdict
from fractions import Fraction


def groups(rows, quasi):
    """Rows by what they show."""
    found = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in quasi)].append(row)
    return found


def problems(table, roles, limits, persons):
    """What is below its limit, as words; an empty list where all holds."""
    rows = [row | {"#": None if persons is None else int(persons[n])} for n, row in enumerate(table.to_pylist())]
    wrong = []
    for members in groups(rows, roles.quasi).values():
        size = len(members) if persons is None else len({row["#"] for row in members} - {0})
        if size < limits.k:
            wrong.append(f"k {size}")
        for name in roles.sensitive:
            if limits.about_sensitive:
                wrong += _spread(histogram(members, name, persons), histogram(rows, name, persons), limits)
    return wrong


def histogram(rows, name, persons):
    if persons is None:
        return Counter(row[name] for row in rows)
    return Counter(value for _, value in {(row["#"], row[name]) for row in rows if row["#"]})


def _spread(counts, whole, limits):
    total = sum(counts.values())
    shares = [Fraction(n, total) for n in counts.values()]
    wrong = []
    if limits.l_distinct and len(counts) < limits.l_distinct:
        wrong.append(f"distinct {len(counts)}")
    entropy = -sum(float(share) * math.log(share) for share in shares)
    if limits.l_entropy and entropy < math.log(limits.l_entropy) - 1e-8:
        wrong.append(f"entropy {entropy}")
    if limits.l_recursive:
        c, among = limits.l_recursive
        falling = sorted(counts.values(), reverse=True)
        if not falling[0] < c * sum(falling[among - 1 :]):
            wrong.append("recursive")
    if limits.t is not None and distance(counts, whole, limits.t_distance) > limits.t + 1e-8:
        wrong.append(f"t {float(distance(counts, whole, limits.t_distance))}")
    return wrong


def distance(counts, whole, kind):
    values = sorted(whole, key=lambda value: (value is None, str(value)))
    one, all_ = sum(counts.values()), sum(whole.values())
    apart = [Fraction(counts.get(v, 0), one) - Fraction(whole[v], all_) for v in values]
    if kind == "equal":
        return sum(map(abs, apart)) / 2
    running, total = Fraction(0), Fraction(0)
    for each in apart:
        running += each
        total += abs(running)
    return total / max(len(values) - 1, 1)
