"""What was seen inside a version of an object, so that it need not be read again: keyed hashes and days only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from hoeder.pseudonym import ReferenceKey
from hoeder.stores.bloom import pack, unpack
from hoeder.stores.inside import Looked
from hoeder.stores.rewrite import Version

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class ObjectIndex:
    """The index of one store, in the governance database. A version with another content has another name in it."""

    governance: Db
    key: ReferenceKey
    store: str

    def recall(self, version: Version, column: str) -> Looked | None:
        """What was seen of a column, or None where nobody looked. `goes` and `held` are not remembered."""
        row = self.governance.execute(
            """select "rows", missing, oldest, filters from object_index
                where store = %s and version = %s and "column" = %s""",
            [self.store, self._name(version), column],
        ).fetchone()
        if row is None:
            return None
        return Looked(rows=row[0], missing=row[1], oldest=row[2], filters=unpack(bytes(row[3] or b"")))

    def remember(self, version: Version, column: str, seen: Looked) -> None:
        """Keep what was seen; inside the caller's transaction."""
        self.governance.execute(
            """insert into object_index (store, version, "column", "rows", missing, oldest, filters)
               values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing""",
            [self.store, self._name(version), column, seen.rows, seen.missing, seen.oldest, pack(seen.filters) or None],
        )

    def forget(self, version: Version) -> None:
        """The version is gone."""
        self.governance.execute(
            "delete from object_index where store = %s and version = %s", [self.store, self._name(version)]
        )

    def _name(self, version: Version) -> bytes:
        return self.key.row(self.store, "object", f"{version.name}\0{version.etag}")
