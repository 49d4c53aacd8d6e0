"""Keyed hashes: how Hoeder names a person's record where no personal data may be."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_DECIMAL = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True)
class ReferenceKey:
    """The secret behind all references. Without it nobody can test whether a reference is a given person's."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) < 32:
            raise ValueError("the reference key needs at least 32 bytes of secret")

    def __repr__(self) -> str:
        return "ReferenceKey(…)"

    def subject(self, kind: str, value: object) -> bytes:
        """Reference to a person: 16 bytes over the kind of subject and its key.

        The same person may be written in several ways: `4`, `4.00` and `4  `, or a UUID in either case. All give the
        same reference.
        """
        return self._reference("subject", kind, _plain(value))

    def row(self, store: str, target: str, key: object) -> bytes:
        """Reference to a row or object: 16 bytes over store, table or prefix, and key."""
        return self._reference("row", store, target, str(key))

    def rows(
        self, store: str, target: str, keys: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.uint8]:
        """`row` of many keys at once, one reference of 16 bytes a row.

        `keys` are printed in UTF-8, one after the other; each ends where `ends` says.
        """
        from hoeder.sha256 import hmac_of_each  # the compiled loops take a moment to load

        secret = self.secret if len(self.secret) <= 64 else hashlib.sha256(self.secret).digest()
        return hmac_of_each(secret, _framed("row", store, target), keys, ends)

    def subjects(self, kind: str, values: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        """`subject` of many values at once, one reference of 16 bytes a row.

        `values` are in UTF-8, one after the other, in lower case, without space around them and without decimals: then
        all ways of writing one are the same. Each ends where `ends` says.
        """
        from hoeder.sha256 import hmac_of_each  # the compiled loops take a moment to load

        secret = self.secret if len(self.secret) <= 64 else hashlib.sha256(self.secret).digest()
        return hmac_of_each(secret, _framed("subject", kind), values, ends)

    def _reference(self, *parts: str) -> bytes:
        return hmac.digest(self.secret, _framed(*parts), "sha256")[:16]


def _framed(*parts: str) -> bytes:
    """Length-prefixed, so that ("ab", "c") and ("a", "bc") differ."""
    return b"".join(len(p := part.encode()).to_bytes(4, "big") + p for part in parts)


def _plain(value: object) -> str:
    text = str(value).strip().casefold()
    if _DECIMAL.fullmatch(text):
        text = text.rstrip("0").rstrip(".")
    return text


def digest_of(references: Iterable[bytes]) -> str:
    """SHA-256 in hex over references in sorted order: the same set gives the same digest."""
    state = hashlib.sha256()
    for reference in sorted(references):
        state.update(reference)
    return state.hexdigest()
