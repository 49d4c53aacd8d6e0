"""Attack a release before others can: singling out, linkability, inference, each against a control.

The definitions are anonymeter's (Giomi et al. 2023), after the three criteria of WP29 opinion 05/2014. One person in
five is taken out of the file that the attacker sees; success against those who are left in is held against success
against those who were taken out. What works equally well against people who are not in the file is knowledge about the
world, not a leak: risk = (main - control) / (1 - control), with intervals of 95 %. Taking persons out of every group
makes the attacker's view finer than the file is, so the figures err to the safe side. Others are taken out for every
batch, so that the figures do not hang on one choice of persons, and the interval knows how far the choices lie apart.

The number of attacks doubles until, twice in a row, the upper bound is at most the limit or the lower bound above it,
or until all are used. Chance comes from the release's policy, and rows are put in an order of their own first: the same
data under the same policy get the same verdict, however often and in whatever order they are read.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from hoeder.anonymization.engine.columns import Floats, Ints
from hoeder.anonymization.engine.tuples import distinct, number
from hoeder.policy.release import Release

Bools = npt.NDArray[np.bool_]
Random = np.random.Generator
_Z = 1.959963984540054
_EVIDENT = 0.9
_OUT = 5
FIRST, MOST = 1_000, 64_000
"""Attacks to begin with, and at most."""
_BATCH, _LARGE, _LARGE_BATCH = 50, 200_000, 250
"""Attacks under one choice of who is taken out. A choice costs a pass over the rows: a large file gets fewer of them,
and needs fewer, as its persons weigh less."""


@dataclass(frozen=True)
class Target:
    """The source and what was published of it, as small numbers, row by row.

    `known` are the source's own values of each quasi-identifier, `labels` what the release makes of them, `secret` the
    sensitive columns; `shown` says which rows are in the file. `of` has for each step in use each source value's label.
    """

    persons: Ints
    known: Mapping[str, Ints]
    labels: Mapping[str, Ints]
    of: Mapping[str, Ints]
    secret: Mapping[str, Ints]
    shown: Bools

    @cached_property
    def leaves(self) -> Mapping[str, tuple[Ints, Ints]]:
        """Per column the source values that each label may stand for."""
        return {name: _by_label(of) for name, of in self.of.items()}


@dataclass(frozen=True)
class Risk:
    """What one attack achieved. Rates are shares of attempts; `low` and `high` bound the risk above control."""

    attack: str
    column: str
    attempts: int
    main: float
    control: float
    risk: float
    low: float
    high: float


@dataclass(frozen=True)
class Tried:
    """Attacks under one choice of persons: how many, and how often they succeeded against who is in and who is out."""

    attempts: int
    main: int
    control: int


def run(target: Target, *, limit: float, seed: int, most: int = MOST) -> list[Risk]:
    """All attacks that the release offers a place for; none where fewer than two persons are in it."""
    random = np.random.default_rng(seed)
    target = _in_order(target)
    if _Field.of(target, random) is None:
        return []
    secrets = [s for s in target.secret or target.known if _tells(target, [n for n in target.known if n != s])]
    attacks = [("singling-out", ""), *([("linkability", "")] if len(target.known) > 1 else [])]
    return [
        _stable(k, c, target, random, limit, most) for k, c in [*attacks, *(("inference", name) for name in secrets)]
    ]


def seed(release: Release) -> int:
    """The beginning of chance for every version of a release under one policy."""
    return int.from_bytes(hashlib.sha256(release.model_dump_json().encode()).digest()[:8], "big")


def _in_order(target: Target) -> Target:
    """The rows in an order that hangs on nothing but the rows."""
    parts = [target.shown, *target.secret.values(), *target.labels.values(), *target.known.values(), target.persons]
    order = np.lexsort(parts)

    def sorted_(columns: Mapping[str, Ints]) -> dict[str, Ints]:
        return {name: values[order] for name, values in columns.items()}

    return Target(
        target.persons[order], sorted_(target.known), sorted_(target.labels), target.of, sorted_(target.secret),
        target.shown[order],
    )  # fmt: skip


def _tells(target: Target, names: Sequence[str]) -> bool:
    """Whether these columns divide people at all; where all are alike in them, whoever knows them knows nothing."""
    return any(len(np.unique(target.labels[name][target.shown])) > 1 for name in names)


def _stable(kind: str, column: str, target: Target, random: Random, limit: float, most: int) -> Risk:
    tried: list[Tried] = []
    attempts, before = FIRST, None
    batch = _BATCH if len(target.persons) < _LARGE else _LARGE_BATCH
    while True:
        while len(tried) * batch < attempts:
            if field := _Field.of(target, random):
                inside, outside = field.attack(kind, column, batch, random)
                tried.append(Tried(batch, int(inside.sum()), int(outside.sum())))
        found = measured(kind, column, tried)
        decision = found.high <= limit, found.low > limit
        if (any(decision) and decision == before) or attempts >= most:
            return found
        attempts, before = attempts * 2, decision


def measured(kind: str, column: str, tried: Sequence[Tried]) -> Risk:
    """The risk above control with its 95 % interval.

    The interval is anonymeter's, or the wider one that follows from how far the choices of persons lie apart
    (linearised ratio, Student's t): attacks under one choice are alike, and Wilson's interval takes each for news.
    Where nearly everybody can be told without the file (control above 0.9) the quotient says nothing any more, and the
    plain difference is taken.
    """
    attempts = np.array([each.attempts for each in tried], dtype=np.float64)
    main, control = np.array([each.main for each in tried]), np.array([each.control for each in tried])
    total = int(attempts.sum())
    rate, error = wilson(int(main.sum()), total)
    base, base_error = wilson(int(control.sum()), total)
    evident = base > _EVIDENT
    per_main, per_control = (1.0, 1.0) if evident else (1 / (1 - base), (1 - rate) / (1 - base) ** 2)
    risk = (rate - base) * per_main
    alone = math.hypot(error * per_main, base_error * per_control)
    pull = per_main * (main - attempts * main.sum() / total) - per_control * (
        control - attempts * control.sum() / total
    )
    spread = max(alone, _between(pull / total))
    high = max(risk + spread, 0.0)
    return Risk(
        kind, column, total, rate, base, max(risk, 0.0), max(risk - spread, 0.0), high if evident else min(high, 1.0)
    )


def _between(pulls: Floats) -> float:
    """Half width of the 95 % interval of a sum to which each choice of persons contributes this much."""
    free = len(pulls) - 1
    if not free:
        return 0.0
    return float(stdtrit(free, 0.975) * math.sqrt(float((pulls**2).sum()) * len(pulls) / free))


def wilson(successes: int, attempts: int) -> tuple[float, float]:
    """Centre and half width of the Wilson score interval."""
    share, z2 = successes / attempts, _Z**2
    centre = (share + z2 / (2 * attempts)) / (1 + z2 / attempts)
    width = _Z / (1 + z2 / attempts) * math.sqrt(share * (1 - share) / attempts + z2 / (4 * attempts**2))
    return centre, width


@dataclass(frozen=True)
class _Field:
    """A target with its persons divided: `view` are the shown rows of who is in, `outs` all rows of who is not.

    `peers` are some of those who are in, as many as are out: one among many stands out less than one among few.
    """

    target: Target
    peers: Bools
    away: Bools
    view: Ints
    ins: Ints
    outs: Ints

    @classmethod
    def of(cls, target: Target, random: Random) -> "_Field | None":
        place = random.permutation(int(target.persons.max(initial=0)) + 1)
        part, known = place[target.persons] % _OUT, target.persons > 0
        view = np.flatnonzero((part > 0) & target.shown & known)
        peers, outs = part == 1, np.flatnonzero((part == 0) & known)
        if not len(outs) or not (peers & target.shown & known).any():
            return None
        # Rows that were left out of the file are targets too: who is not shown cannot be told of.
        ins = np.flatnonzero((part > 0) & known)
        return cls(target, peers, part == 0, view, ins, outs)

    def attack(self, kind: str, column: str, attempts: int, random: Random) -> tuple[Bools, Bools]:
        """Success against who is in and against who is out."""
        match kind:
            case "singling-out":
                return self.single_out(attempts, random)
            case "linkability":
                return self.link(attempts, random)
            case _:
                return self.infer(column, attempts, random)

    def single_out(self, attempts: int, random: Random) -> tuple[Bools, Bools]:
        """Guess a full description within a shown row's labels; success: exactly one person fits it.

        Half of the guesses use every attribute, the others half of them.
        """
        names = list(self.target.known)
        rows = random.choice(np.flatnonzero(self.peers & self.target.shown & (self.target.persons > 0)), attempts)
        guess = {name: self._leaf(name, self.target.labels[name][rows], random) for name in names}
        half = sorted(random.permutation(names)[: max(1, len(names) // 2)].tolist())
        where = np.arange(attempts) % 2 == 0
        main, control = np.zeros(attempts, np.bool_), np.zeros(attempts, np.bool_)
        for chosen, mask in ((names, where), (half, ~where)):
            for fits, of in ((main, self.peers), (control, self.away)):
                fits[mask] = self._persons_fitting(chosen, {n: guess[n][mask] for n in chosen}, of) == 1
        return main, control

    def link(self, attempts: int, random: Random) -> tuple[Bools, Bools]:
        """Two strangers know half of the attributes each; success: both point at the same row of the file."""
        names = random.permutation(list(self.target.known)).tolist()
        one, other = names[: len(names) // 2], names[len(names) // 2 :]

        def linked(rows: Ints) -> Bools:
            both: Bools = self._nearest(rows, one, random) == self._nearest(rows, other, random)
            return both

        return linked(random.choice(self.ins, attempts)), linked(random.choice(self.outs, attempts))

    def infer(self, secret: str, attempts: int, random: Random) -> tuple[Bools, Bools]:
        """Everything but the secret is known; success: the most frequent secret of the nearest rows is the person's."""
        truth = self.target.secret.get(secret, self.target.labels.get(secret))
        assert truth is not None  # noqa: S101  # run() names columns of the target
        others = [name for name in self.target.known if name != secret]
        ins, outs = random.choice(self.ins, attempts), random.choice(self.outs, attempts)
        return (
            self._most_frequent(ins, others, truth) == truth[ins],
            self._most_frequent(outs, others, truth) == truth[outs],
        )

    def _leaf(self, name: str, labels: Ints, random: Random) -> Ints:
        """A source value that the label may stand for."""
        starts, values = self.target.leaves[name]
        low, high = starts[labels], starts[labels + 1]
        picked: Ints = values[low + (random.random(len(labels)) * (high - low)).astype(np.int64)]
        return picked

    def _persons_fitting(self, names: Sequence[str], guess: Mapping[str, Ints], among: Bools) -> Ints:
        """How many of these persons have a row in the source, shown or not, that fits each guess."""
        sizes = [self.target.of[name].shape[1] for name in names]
        rows = np.flatnonzero(among & (self.target.persons > 0))
        both = [np.concatenate([self.target.known[n][rows], guess[n]]) for n in names]
        first, keys = distinct(number(both, sizes))
        everybody = int(self.target.persons.max()) + 1
        pairs, _ = distinct(keys[: len(rows)] * everybody + self.target.persons[rows])
        count = np.bincount(keys[: len(rows)][pairs], minlength=len(first))
        return count[keys[len(rows) :]].astype(np.int64)

    def _classes(self, names: Sequence[str]) -> tuple[Ints, Ints, Ints]:
        """The view's distinct labels in these columns, the class of each row of the view, and the view by class."""
        columns = [self.target.labels[n][self.view] for n in names]
        first, of = distinct(number(columns, self._sizes(names)))
        return np.stack([column[first] for column in columns], axis=1), of, np.argsort(of, kind="stable")

    def _sizes(self, names: Sequence[str]) -> list[int]:
        return [int(self.target.of[name].max(initial=0)) + 1 for name in names]

    def _nearest_class(self, rows: Ints, names: Sequence[str], classes: Ints) -> Ints:
        """The class with the most labels that fit each row; ties to the first."""
        wanted = [np.concatenate([classes[:, place], self.target.labels[n][rows]]) for place, n in enumerate(names)]
        first, back = distinct(number(wanted, self._sizes(names)))
        best = np.full(len(first), -1, dtype=np.int64)
        best[back[: len(classes)]] = np.arange(len(classes))
        found: Ints = best[back[len(classes) :]]
        strangers = np.flatnonzero(found < 0)  # nobody like that in the file: the nearest will do
        if len(strangers):
            found[strangers] = self._most_fitting(rows[strangers], names, classes)
        return found

    def _most_fitting(self, rows: Ints, names: Sequence[str], classes: Ints) -> Ints:
        each = [self.target.of[n][:, self.target.known[n][rows]] for n in names]
        columns = [step for steps in each for step in steps]
        sizes = [size for size, steps in zip(self._sizes(names), each, strict=True) for _ in steps]
        first, back = distinct(number(columns, sizes))
        best = np.empty(len(first), dtype=np.int64)
        for start in range(0, len(first), 64):
            part = first[start : start + 64]
            fits = np.zeros((len(part), len(classes)), dtype=np.int8)
            for place, steps in enumerate(each):
                fits += (steps[:, part, None] == classes[None, None, :, place]).any(axis=0)
            best[start : start + 64] = fits.argmax(axis=1)
        found: Ints = best[back]
        return found

    def _nearest(self, rows: Ints, names: Sequence[str], random: Random) -> Ints:
        classes, of, by_class = self._classes(names)
        sizes = np.bincount(of, minlength=len(classes))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        found = self._nearest_class(rows, names, classes)
        picked: Ints = by_class[starts[found] + (random.random(len(rows)) * sizes[found]).astype(np.int64)]
        return picked

    def _most_frequent(self, rows: Ints, names: Sequence[str], truth: Ints) -> Ints:
        classes, of, _ = self._classes(names)
        size = int(truth.max()) + 1
        pairs = of * size + truth[self.view]
        first, place = distinct(pairs)
        counts, pairs = np.bincount(place, minlength=len(first)), pairs[first]
        order = np.lexsort((counts, pairs // size))
        mode = np.zeros(len(classes), dtype=np.int64)
        mode[pairs[order] // size] = pairs[order] % size  # the last of a class is its most frequent
        return mode[self._nearest_class(rows, names, classes)]


def _by_label(of: Ints) -> tuple[Ints, Ints]:
    """Source values sorted by the labels that may stand for them, and where each label's begin."""
    values = np.broadcast_to(np.arange(of.shape[1]), of.shape).reshape(-1)
    labels = of.reshape(-1)
    order = np.argsort(labels, kind="stable").astype(np.int64)
    return np.searchsorted(labels[order], np.arange(int(of.max(initial=0)) + 2)).astype(np.int64), values[order]
