"""A function over many things in several processes, for a command that one person waits for."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")


def available() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))


def each(work: Callable[[A], B], things: Sequence[A], processes: int) -> list[B]:
    """`work(thing)` of each, in their order. Processes are forks, so that things are not copied to them."""
    if processes < 2 or len(things) < 2:
        return [work(thing) for thing in things]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, fork, initializer=_take, initargs=(work, things)) as pool:
        return list(pool.map(_one, range(len(things))))


_given: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []
"""What this process was forked for."""


def _take(work: Callable[[Any], Any], things: Sequence[Any]) -> None:
    _given[:] = [(work, things)]


def _one(index: int) -> Any:
    [(work, things)] = _given
    return work(things[index])
