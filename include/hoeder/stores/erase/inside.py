"""Rows of persons, or of a time, inside the objects of a prefix: each object anew without them, its old version purged.

Whatever stopped an earlier attempt, this one finds what is left: a version that lies under a new one without the rows
is only purged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg

from hoeder.pseudonym import ReferenceKey
from hoeder.stores import rewrite
from hoeder.stores.erase.door import Erased, open_door
from hoeder.stores.find import find
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.rewrite import Version
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]


def erase_inside(
    client: S3Client,
    bucket: str,
    selection: Selection,
    governance: Db,
    key: ReferenceKey,
    *,
    index: ObjectIndex | None = None,
    wanted: Callable[[Version], bool] | None = None,
) -> Erased:
    """Erase the rows of a selection from the versions under its prefix that are `wanted`; how many went or are held.

    Raises StoreError for a bucket that keeps no versions, an object that somebody locked, writes or that cannot be
    read, and what S3 raises; what was done by then is done.
    """
    rewrite.must_have_versions(client, bucket)
    done = Erased()
    looked = find(client, bucket, selection.target, selection, index, wanted=wanted)
    for version in [found.version for found in looked if found.seen.goes]:
        with open_door(governance, key) as protections:
            judged = replace(selection, protections=protections)
            seen, _ = rewrite.look(client, bucket, version, judged)
            if version.latest and seen.goes:
                sifted, new = rewrite.write(client, bucket, version, judged, _unrecorded)
                rewrite.check(client, bucket, version, new, sifted, judged, _unrecorded)
            if seen.goes and (version.latest or not seen.held):  # an older one is all or nothing
                rewrite.purge(client, bucket, version.key, [version.version], _unrecorded)
                if index:
                    index.forget(version)
                    governance.commit()
                done += Erased(erased=seen.goes)
            done += Erased(held=seen.held)
    return done


def _unrecorded(state: str, **detail: Any) -> None:
    """An attempt that dies is made again from the beginning: what it finds tells it where it was."""
