"""From distinct tuples to classes: levels are chosen, the leftover is placed, and all limits are seen to hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hoeder.anonymization.engine.classes import Classes, Pieces, classes, level_cells, set_cells
from hoeder.anonymization.engine.cluster import cluster
from hoeder.anonymization.engine.columns import Codes, Column, Floats, Ints
from hoeder.anonymization.engine.ladder import Ladder
from hoeder.anonymization.engine.lattice import combinations, mean_losses
from hoeder.anonymization.engine.limits import Limits, Roles, Unfit
from hoeder.anonymization.engine.models import Asked, asked, held_against, judge
from hoeder.anonymization.engine.sieve import Sieved, sieve
from hoeder.anonymization.engine.tree import tree
from hoeder.anonymization.engine.tuples import Crowd, Tuples, crowd

Labels = Literal["hierarchy", "sets"]
Aim = Literal["counts", "cells"]

_TRIES = 8  # of holding classes against rows that are themselves being chosen


@dataclass(frozen=True)
class Problem:
    """All that a search looks at."""

    found: Tuples
    ladders: tuple[Ladder, ...]
    sensitive: tuple[Column, ...]
    crowd: Crowd
    roles: Roles
    limits: Limits

    @property
    def allowed(self) -> int:
        """How many rows may be left out."""
        return self.limits.allowed(int(self.found.weight.sum()))


def search(
    found: Tuples,
    ladders: Sequence[Ladder],
    sensitive: Sequence[Column],
    person: Column | None,
    rows: Ints,
    roles: Roles,
    limits: Limits,
    *,
    labels: Labels = "hierarchy",
    aim: Aim = "counts",
    secret: int | None = None,
) -> Classes:
    """The classes of a release. Raises Unfit where the limits cannot be reached within the suppression allowed.

    Labels of hierarchies are chosen by the sieve. Sets for counting are the sieve's classes with exactly what is in
    them as label; sets for single cells are made by clustering (by a tree of cuts where more than rows are counted).
    """
    behind = crowd(found, sensitive if limits.about_sensitive else (), person, rows)
    problem = Problem(found, tuple(ladders), tuple(sensitive), behind, roles, limits)
    _possible(problem)
    if labels == "sets" and aim == "cells" and not roles.whole:
        return _by_cells(problem)
    return _by_levels(problem, labels, secret)


def _possible(problem: Problem) -> None:
    """Whether all rows as one class would hold: if not, nothing does."""
    if not len(problem.found.weight):
        raise Unfit("there are no rows: nothing to release")
    everyone = np.zeros(len(problem.found.weight), dtype=np.int64)
    all_asked = asked(replace(problem.limits, t=None), problem.sensitive, problem.crowd)
    holds, size = judge(everyone, 1, problem.found.weight, problem.crowd, all_asked)
    if size[0] < problem.limits.k:
        unit = "persons" if problem.roles.person else "rows"
        raise Unfit(f"the data hold {size[0]} {unit}, fewer than k = {problem.limits.k}: nothing can be released")
    if not holds[0]:
        raise Unfit("the sensitive values of all rows together are less spread than l asks: nothing can be released")


def _by_levels(problem: Problem, labels: Labels, secret: int | None) -> Classes:
    ask = asked(problem.limits, problem.sensitive, problem.crowd)
    tight = ask
    for _ in range(_TRIES):
        sieved = _sieved(problem, tight, secret)
        made = _labelled(problem, sieved, labels)
        of, worst = _violations(problem, made, ask)
        if worst is None:
            return made
        suppressed = problem.found.weight[of < 0].sum()
        # t is held against the rows that leave, which are known only now: ask for a little more and try again.
        released = held_against(ask, problem.crowd, made.pieces.of >= 0)
        rule = tight.rule.copy()
        rule[4] = max(rule[4] - 1.2 * max(worst, 0.0) - 1e-6, 0.0) if rule[4] >= 0 else rule[4]
        tight = replace(released, rule=rule)
        if suppressed <= problem.allowed:
            cut = _without(problem, made, of, ask)
            if cut is not None:
                return cut
    raise Unfit(
        f"the limits cannot all hold with at most {problem.allowed} of {problem.found.weight.sum()} rows left out; "
        "ask for less, allow more rows to be left out, or leave a quasi-identifier out"
    )


def _without(problem: Problem, made: Classes, of: Ints, ask: Asked) -> Classes | None:
    """Leave classes that do not hold out, as long as that makes others fail; None where too many rows would go."""
    while problem.found.weight[of < 0].sum() <= problem.allowed:
        made = classes(Pieces(made.pieces.tuple, of, made.pieces.rows), made.cells)
        of, worst = _violations(problem, made, ask)
        if worst is None:
            return made if made.count and (made.pieces.of >= 0).any() else None
    return None


def _violations(problem: Problem, made: Classes, ask: Asked) -> tuple[Ints, float | None]:
    """Each tuple's class, -1 for those below a limit among the rows that leave, and by how much t is exceeded."""
    of = made.pieces.of
    exact = held_against(ask, problem.crowd, of >= 0)
    holds, _ = judge(of, made.count, problem.found.weight, problem.crowd, exact)
    if holds.all():
        return of, None
    wrong = ~holds
    over = 0.0
    if ask.rule[4] >= 0:
        low, high = 0.0, 1.0
        while high - low > 1e-4:  # the least t that those classes would hold
            middle = (low + high) / 2
            rule = exact.rule.copy()
            rule[4] = ask.rule[4] + middle
            if judge(of, made.count, problem.found.weight, problem.crowd, replace(exact, rule=rule))[0].all():
                high = middle
            else:
                low = middle
        over = 0.0 if high == 1.0 else high
    left = of.copy()
    left[(of >= 0) & wrong[of]] = -1
    return left, over


def _sieved(problem: Problem, ask: Asked, secret: int | None) -> Sieved:
    """The sieve over columns with a level per class, for the best levels of columns that have one for all rows."""
    found, ladders = problem.found, problem.ladders
    widest = max(len(ladder.column.values) for ladder in ladders)
    codes: Codes = found.codes.astype(np.uint8 if widest <= 256 else np.int32)
    nodes = [[level.of for level in ladder.levels] for ladder in ladders]
    losses = mean_losses(ladders, found.codes, found.weight)
    importance = np.array([problem.roles.weights.get(ladder.column.name, 1.0) for ladder in ladders])
    best: tuple[float, Sieved] | None = None
    fewest = int(found.weight.sum())
    for least, vectors in _fixed(problem.roles, ladders, losses, importance):
        if best is not None and best[0] <= least:
            break
        sieved = sieve(codes, found.weight, nodes, vectors, problem.crowd, ask, secret=secret)
        sieved = _placed(problem, sieved, vectors[-1], ask)
        left_out = int(found.weight[sieved.of < 0].sum())
        fewest = min(fewest, left_out)
        if left_out <= problem.allowed and len(sieved.vectors):
            loss = _loss(problem, sieved, importance)
            if best is None or loss < best[0]:
                best = loss, sieved
    if best is None:
        raise Unfit(
            f"even the coarsest levels leave {fewest} of {found.weight.sum()} rows out, {problem.allowed} may be; add "
            "coarser levels, allow more, or leave a quasi-identifier out"
        )
    return best[1]


def _fixed(
    roles: Roles, ladders: Sequence[Ladder], losses: Sequence[Floats], importance: Floats
) -> Iterator[tuple[float, Ints]]:
    """Combinations to sieve along, for each choice of levels of whole columns, with the least that these can lose."""
    whole = np.array([ladder.column.name in roles.whole for ladder in ladders])
    if not whole.any():
        yield 0.0, combinations(losses, importance)
        return
    pick = [loss for loss, one in zip(losses, whole, strict=True) if one]
    free = [loss for loss, one in zip(losses, whole, strict=True) if not one]
    moving = combinations(free, importance[~whole]) if free else np.zeros((1, 0), dtype=np.int64)
    for chosen in combinations(pick, importance[whole]):
        vectors = np.empty((len(moving), len(ladders)), dtype=np.int64)
        vectors[:, ~whole] = moving
        vectors[:, whole] = chosen
        least = sum(importance[whole][n] * pick[n][level] for n, level in enumerate(chosen))
        yield float(least / importance.sum()), vectors


def _loss(problem: Problem, sieved: Sieved, importance: Floats) -> float:
    weight, named = problem.found.weight, sieved.of >= 0
    total = np.where(named, 0.0, importance.sum())
    for place, ladder in enumerate(problem.ladders):
        by_level = np.zeros((len(ladder.levels), len(ladder.column.values)))
        for number, level in enumerate(ladder.levels):
            by_level[number] = level.loss[level.of]
        levels = sieved.vectors[sieved.of[named], place]
        total[named] += importance[place] * by_level[levels, problem.found.codes[named, place]]
    return float(total @ weight / (importance.sum() * weight.sum()))


def _placed(problem: Problem, sieved: Sieved, top: Ints, ask: Asked) -> Sieved:
    """Where more rows are left over than may be left out: open classes again, last closed first, until all of these
    rows together hold at the coarsest levels."""
    weight = problem.found.weight
    if weight[sieved.of < 0].sum() <= problem.allowed:
        return sieved
    if any(len(ladder.levels[level].labels) > 1 for ladder, level in zip(problem.ladders, top, strict=True)):
        return sieved
    opened = 1
    count = len(sieved.vectors)
    while True:
        first = max(count - opened, 0)
        together = (sieved.of < 0) | (sieved.of >= first)
        one = np.where(together, 0, -1)
        if judge(one, 1, weight, problem.crowd, ask)[0][0]:
            of = np.where(together, first, sieved.of)
            return Sieved(of, np.concatenate([sieved.vectors[:first], top[None, :]]))
        if first == 0:
            return sieved
        opened *= 2


def _labelled(problem: Problem, sieved: Sieved, labels: Labels) -> Classes:
    found, count = problem.found, len(sieved.vectors)
    pieces = Pieces(np.arange(len(found.weight)), sieved.of, found.weight)
    cells = []
    for place, ladder in enumerate(problem.ladders):
        if labels == "sets" and ladder.column.name not in problem.roles.whole:
            cells.append(set_cells(ladder.column, place, found, pieces, count))
        else:
            cells.append(level_cells(ladder, place, sieved.vectors, found, sieved.of))
    return classes(pieces, cells)


def _by_cells(problem: Problem) -> Classes:
    columns = [ladder.column for ladder in problem.ladders]
    importance = np.array([problem.roles.weights.get(column.name, 1.0) for column in columns])
    ask = asked(problem.limits, problem.sensitive, problem.crowd)
    if ask.more:
        of = tree(problem.found, columns, importance, problem.crowd, ask, least=problem.limits.k)
        pieces = Pieces(np.arange(len(of)), of, problem.found.weight)
    else:
        pieces = cluster(problem.found, columns, importance, problem.limits.k)
    count = int(pieces.of.max()) + 1
    made = classes(
        pieces, [set_cells(column, place, problem.found, pieces, count) for place, column in enumerate(columns)]
    )
    if ask.more and _violations(problem, made, ask)[1] is not None:
        raise Unfit("the classes that show the same cells do not hold together; use labels of hierarchies")
    return made
