"""What a reader can compute of suppressed cells: every line says `parts = total`, and lines together say more than one.

Cells are keys of labels, with `ALL` for a total; a slice is what shares the first label.
"""

from collections import defaultdict
from collections.abc import Iterable, Set

import numpy as np

ALL = "all"
LARGEST = 2_500
"""Suppressed cells of one slice for which the equations are solved, in seconds; beyond that nothing may pass."""
Key = tuple[str, ...]


def lines_of(cells: Iterable[Key]) -> list[tuple[Key, ...]]:
    """Every total with the cells that add up to it, within a slice."""
    found: dict[tuple[Key, int], list[Key]] = defaultdict(list)
    for key in cells:
        for place in range(1, len(key)):
            if key[place] != ALL:
                found[((*key[:place], ALL, *key[place + 1 :]), place)].append(key)
    return [(total, *sorted(parts)) for (total, _), parts in sorted(found.items())]


def determined(lines: Iterable[tuple[Key, ...]], hidden: Set[Key]) -> set[Key]:
    """The suppressed cells of one slice that follow from the shown ones: no vector of the null space moves them."""
    position = {cell: place for place, cell in enumerate(sorted(hidden))}
    rows = []
    for line in lines:
        equation = np.zeros(len(position))
        for place, cell in enumerate(line):
            if cell in position:
                equation[position[cell]] = -1.0 if place == 0 else 1.0
        if equation.any():
            rows.append(equation)
    if not rows:
        return set()
    _, singular, right = np.linalg.svd(np.array(rows), full_matrices=True)
    rank = int((singular > 1e-9).sum())
    still = np.abs(right[rank:]).sum(axis=0) < 1e-9
    return {cell for cell, place in position.items() if still[place]}
