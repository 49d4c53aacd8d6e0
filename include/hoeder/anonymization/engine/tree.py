"""A tree of cuts: each takes the place, over all columns, after which both halves lose least."""

from collections.abc import Sequence

from hoeder.anonymization.engine.boxes import space
from hoeder.anonymization.engine.columns import Codes, Column, Floats, Ints
from hoeder.anonymization.engine.kernels import cut_tree
from hoeder.anonymization.engine.models import Asked, Scratch
from hoeder.anonymization.engine.tuples import Crowd, Tuples


def tree(found: Tuples, columns: Sequence[Column], importance: Floats, crowd: Crowd, ask: Asked, *, least: int) -> Ints:
    """Cut until no cut leaves `least` rows and the limits asked on both sides; each tuple's class."""
    return cut(found.codes, found.weight, columns, importance, crowd, ask, least)


def cut(
    codes: Codes, weight: Ints, columns: Sequence[Column], importance: Floats, crowd: Crowd, ask: Asked, least: int
) -> Ints:
    """The same over tuples with weights of their own."""
    room = space(columns, importance)
    scratch = Scratch.of(crowd, ask)
    return cut_tree(
        codes, weight, room.line, room.at, room.word, room.step, room.words, least, ask.more, ask.by_person, ask.k,
        crowd.start, crowd.who, crowd.what, crowd.pair, crowd.count, ask.bounds, ask.spread, ask.rule,
        scratch.person, scratch.pair, scratch.counts,
    )  # fmt: skip
