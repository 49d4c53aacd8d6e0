"""Loops over arrays, compiled to machine code by numba at first use and kept on disk from then on."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of arrays and numbers.

    A function it calls must stand in the same file: numba looks for changes there only when it decides whether its copy
    on disk is still good.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
