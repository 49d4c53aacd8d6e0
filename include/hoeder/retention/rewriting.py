"""One rule on rows inside objects: an object is written anew without what is due, checked, and its old version purged.

What a plan names is a version of an object: an object that changed after the approval is another version, and waits for
the next plan. Older versions that hold due rows are named and purged as well.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.retention.inside import RewriteTarget
from hoeder.retention.work import Work
from hoeder.stores import rewrite
from hoeder.stores.erase import Erased, open_door
from hoeder.stores.erase.door import still_open
from hoeder.stores.looked import Looked
from hoeder.stores.rewrite import Changed, Locked, Version
from hoeder.stores.selection import Selection

log = logging.getLogger(__name__)
_TRIES = 3


@dataclass(frozen=True)
class Written:
    """The version that was copied, the one that was put on top of it, and which rows were left out."""

    old: Version
    new: Version
    sifted: Looked
    which: str


def erase(work: Work, target: RewriteTarget, names: Sequence[str], references: Sequence[bytes]) -> None:
    """Rewrite and purge the planned versions, one object after the other.

    An object that somebody else writes at the same time is tried again; one that an object lock keeps is left and
    counted, and so is one with a hold that appeared meanwhile. Raises botocore's errors and StoreError.
    """
    of_name = dict(zip(names, references, strict=True))
    problems: list[str] = []
    _close_finished(work, {reference.hex() for reference in references})
    for key in dict.fromkeys(name.partition("\0")[0] for name in names):
        for attempt in range(1, _TRIES + 1):
            try:
                _one(work, target, key, of_name)
                break
            except Locked as error:
                work.count("locked")
                problems.append(str(error))
                break
            except Changed as error:
                work.count("changed")
                if attempt == _TRIES:
                    problems.append(str(error))
    if problems:
        raise StoreError(f"store {target.rule.store}: {'; '.join(dict.fromkeys(problems))}")


def _one(work: Work, target: RewriteTarget, key: str, of_name: dict[str, bytes]) -> None:
    """One object from whatever state it was left in."""
    client, bucket = target.client, target.bucket
    there = [each for each in rewrite.versions(client, bucket, key) if each.key == key]
    planned = [each for each in there if each.name in of_name]
    if not planned:
        return
    snapshot = Protections.read(work.governance, work.key)
    work.governance.commit()
    selection = target.selection(snapshot)
    written = _left_by_a_crash(work, there, planned, of_name)
    if written is not None:
        record = _recorder(work, of_name[written.old.name])
        rewrite.check(client, bucket, written.old, written.new, written.sifted, selection, record, target.tails)
    elif planned[0].latest:
        old = planned[0]
        record = _recorder(work, of_name[old.name])
        _end_uploads(work, target, old, of_name[old.name])
        sifted, new = rewrite.write(client, bucket, old, selection, record, target.tails)
        rewrite.check(client, bucket, old, new, sifted, selection, record, target.tails)
        work.count("rewritten")
        work.count("rows_removed", sifted.goes)
        written = Written(old, new, sifted, sifted.digest)
    _purge(work, target, planned, of_name, selection, written)


def _purge(
    work: Work, target: RewriteTarget, planned: Sequence[Version], of_name: dict[str, bytes], judged: Selection,
    written: Written | None,
) -> None:  # fmt: skip
    """Erase the planned versions. The door is open: what was left out of the new version is still free to go."""
    client, bucket = target.client, target.bucket
    journal = work.journal(target.rule)
    with open_door(work.governance, work.key) as protections:
        gone = _free(work, target, planned, of_name, replace(judged, protections=protections), written)
        if not gone:
            return
        if journal:
            journal.intend([of_name[version.name] for version in gone])
            work.governance.commit()
        still_open(work.governance)
        first = of_name[(written.old if written else gone[0]).name]
        rewrite.purge(client, bucket, gone[0].key, [v.version for v in gone], _recorder(work, first))
        if journal:
            journal.confirm()
        if target.index:
            for version in gone:
                target.index.forget(version)
        work.governance.commit()
    work.count("purged", len(gone))
    work.add(Erased(erased=len(gone)))


def _free(
    work: Work, target: RewriteTarget, planned: Sequence[Version], of_name: dict[str, bytes], now: Selection,
    written: Written | None,
) -> list[Version]:  # fmt: skip
    """The versions that hold nothing protected, apart from what the new version has.

    Raises Changed where other rows are free to go now than were left out of the new version: then that is taken back.
    """
    if now.protections is None or not now.protections.any:
        return list(planned)
    free: list[Version] = []
    for version in planned:
        seen, _ = rewrite.look(target.client, target.bucket, version, now, target.tails)
        if written is None or version.version != written.old.version:
            if seen.held:
                work.add(Erased(held=1))
            else:
                free.append(version)
        elif seen.digest == written.which:
            free.append(version)
        else:
            rewrite.take_back(target.client, target.bucket, written.new)
            _recorder(work, of_name[version.name])("abandoned")
            raise Changed(
                f"bucket {target.bucket}: a hold was placed or lifted while an object was rewritten; it is as it was"
            )
    return free


def _left_by_a_crash(
    work: Work, there: Sequence[Version], planned: Sequence[Version], of_name: dict[str, bytes]
) -> Written | None:
    """The version that was copied, the one that an attempt wrote in its place before it died, and what it left out.

    Ours is known by the ETag that was recorded before it was written. Where it is not there, nothing was written.
    """
    for old in planned:
        row = work.governance.execute(
            """select detail from erase_step where store = %s and target = %s and unit = %s and state = 'ready'
                  and step > coalesce((select max(step) from erase_step where store = %s and target = %s and unit = %s
                                          and state in ('abandoned', 'purged')), 0)
                order by step desc limit 1""",
            [work.part.store, work.part.target, of_name[old.name].hex()] * 2,
        ).fetchone()
        work.governance.commit()
        if row is None:
            continue
        for new in there:
            if new.etag == row[0]["etag"] and new.version != old.version:
                sifted = Looked(
                    rows=int(row[0]["rows"]), goes=int(row[0]["goes"]),
                    made=[(int(start), int(stop), str(digest)) for start, stop, digest in row[0].get("made", [])],
                    copied=[(int(start), int(stop), int(old)) for start, stop, old in row[0].get("copied", [])],
                )  # fmt: skip
                return Written(old, new, sifted, str(row[0]["which"]))
    return None


def _end_uploads(work: Work, target: RewriteTarget, old: Version, reference: bytes) -> None:
    """What an attempt sent before it died, and never put in the object's place: stored, and shown by no listing."""
    rows = work.governance.execute(
        """select detail ->> 'upload' from erase_step
            where store = %s and target = %s and unit = %s and state = 'intended'""",
        [work.part.store, work.part.target, reference.hex()],
    ).fetchall()
    work.governance.commit()
    for (upload,) in rows:
        with contextlib.suppress(ClientError):  # it ended
            target.client.abort_multipart_upload(Bucket=target.bucket, Key=old.key, UploadId=upload)


def _close_finished(work: Work, planned: set[str]) -> None:
    """Versions that are gone were purged by an attempt that could not say so any more."""
    for unit, state, detail in work.unfinished():
        if "bounds" not in detail and unit not in planned:
            work.step(unit, "purged" if state == "checked" else "abandoned")


def _recorder(work: Work, reference: bytes) -> rewrite.Record:
    def record(state: str, **detail: Any) -> None:
        work.step(reference.hex(), state, **detail)

    return record
