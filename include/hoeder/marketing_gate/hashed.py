"""Keyed references of whole columns, and whether they are among those of people who must be left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.marketing_gate.addresses import Addresses
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.references import References, Rows

Db = psycopg.Connection[tuple[Any, ...]]
Flags = npt.NDArray[np.bool_]


def references(key: ReferenceKey, kind: str, values: pa.Array) -> Rows:
    """Of every value one reference of 16 bytes, as `ReferenceKey.subject` gives it; of a null that of nothing."""
    filled = pc.fill_null(values, "").cast(pa.large_string())
    _, offsets, content = filled.buffers()
    ends = np.frombuffer(offsets, np.int64, len(filled) + 1, filled.offset * 8)
    text = np.frombuffer(content, np.uint8) if content is not None and content.size else np.zeros(0, np.uint8)
    return key.subjects(kind, text[ends[0] : ends[-1]], ends[1:] - ends[0])


@dataclass(frozen=True)
class LeftAlone:
    """References of people by kind of identity."""

    by_kind: Mapping[str, References]

    def among(self, key: ReferenceKey, addresses: Addresses) -> Flags:
        """Whether each of a column is one of them, under any form of the address."""
        found = np.zeros(len(addresses.strict), bool)
        those = self.by_kind.get(addresses.kind)
        if those is None or not len(those):
            return found
        for form in addresses.known_as:
            found |= (those.positions(references(key, addresses.kind, form)) >= 0) & ~_null(form)
        return found


def opted_out(db: Db, scopes: tuple[str, ...]) -> LeftAlone:
    """Who does not want marketing, or not to be passed on."""
    return _read(
        db.execute(
            """select subject_kind, string_agg(subject_ref, ''::bytea) from suppression where scope = any(%s)
               group by subject_kind""",
            [list(scopes)],
        ).fetchall()
    )


def restricted(db: Db, store: str) -> LeftAlone:
    """Whose data may only be stored (GDPR 18), or who objected (GDPR 21(1)), in a store or everywhere."""
    return _read(
        db.execute(
            """select subject_kind, string_agg(subject_ref, ''::bytea) from left_out
                where store in ('*', %s) and since <= today() and (until is null or until > today())
                group by subject_kind""",
            [store],
        ).fetchall()
    )


def _read(rows: list[tuple[Any, ...]]) -> LeftAlone:
    return LeftAlone({kind: References.unpack(bytes(packed)) for kind, packed in rows})


def _null(values: pa.Array) -> Flags:
    flags: Flags = pc.is_null(values).to_numpy(zero_copy_only=False)
    return flags
