"""A policy file that is valid by itself, with where everything in it stands."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from hoeder.policy.source import Source

T = TypeVar("T")


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A file that is valid by itself."""

    source: Source
    value: T
