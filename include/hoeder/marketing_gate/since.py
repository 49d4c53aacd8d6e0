"""Since when people said no: what was sent before is no breach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hoeder.clock import AMSTERDAM
from hoeder.marketing_gate.addresses import Addresses
from hoeder.marketing_gate.hashed import Db, references
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.references import References

Days = npt.NDArray[np.datetime64]
NEVER = np.datetime64("9999-12-31", "D")


@dataclass(frozen=True)
class Since:
    """By kind of identity the references, and for each, in their order, the day in Amsterdam."""

    by_kind: Mapping[str, tuple[References, Days]]

    @classmethod
    def read(cls, db: Db, scopes: tuple[str, ...]) -> Since:
        """The first day of each person in any of these scopes."""
        rows = db.execute(
            """select subject_kind, string_agg(subject_ref, ''::bytea order by subject_ref),
                      array_agg(day order by subject_ref)
                 from (select subject_kind, subject_ref, min((since at time zone %s)::date) as day
                         from suppression where scope = any(%s) group by subject_kind, subject_ref) s
                group by subject_kind""",
            [str(AMSTERDAM), list(scopes)],
        ).fetchall()
        return cls({k: (References.unpack(bytes(packed)), np.array(days, "datetime64[D]")) for k, packed, days in rows})

    def of(self, key: ReferenceKey, columns: list[Addresses], size: int) -> Days:
        """Of each line the first day on which somebody whom it may mean said no, or `NEVER`."""
        first = np.full(size, NEVER)
        for column in columns:
            known = self.by_kind.get(column.kind)
            if known is None:
                continue
            for form in column.known_as:
                at = known[0].positions(references(key, column.kind, form))
                meant = (at >= 0) & ~form.is_null().to_numpy(zero_copy_only=False)
                first[meant] = np.minimum(first[meant], known[1][at[meant]])
        return first
