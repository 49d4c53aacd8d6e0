"""What was seen inside a version of an object, so that it need not be read again: keyed hashes and days only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from hoeder.pseudonym import ReferenceKey
from hoeder.stores.bloom import pack, unpack
from hoeder.stores.looked import Looked
from hoeder.stores.rewrite import Version

Db = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class ObjectIndex:
    """The index of one store, in the governance database. A version with another content has another name in it."""

    governance: Db
    key: ReferenceKey
    store: str

    def recall(self, versions: Iterable[Version], column: str) -> dict[Version, Looked]:
        """What was seen of a column in those versions that were looked into. `goes` and `held` are not remembered."""
        named = {self._name(version): version for version in versions}
        rows = self.governance.execute(
            """select version, "rows", missing, oldest, filters from object_index
                where store = %s and version = any(%s) and "column" = %s""",
            [self.store, list(named), column],
        )
        return {
            named[bytes(name)]: Looked(count, missing=missing, oldest=oldest, filters=unpack(bytes(filters or b"")))
            for name, count, missing, oldest, filters in rows
        }

    def remember(self, seen: Mapping[Version, Looked], column: str) -> None:
        """Keep what was seen; inside the caller's transaction."""
        with self.governance.cursor() as cursor:
            cursor.executemany(
                """insert into object_index (store, version, "column", "rows", missing, oldest, filters)
                   values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing""",
                [
                    (self.store, self._name(version), column, each.rows, each.missing, each.oldest,
                     pack(each.filters) or None)
                    for version, each in seen.items()
                ],
            )  # fmt: skip

    def forget(self, version: Version) -> None:
        """The version is gone."""
        self.governance.execute(
            "delete from object_index where store = %s and version = %s", [self.store, self._name(version)]
        )

    def _name(self, version: Version) -> bytes:
        return self.key.row(self.store, "object", f"{version.name}\0{version.etag}")
