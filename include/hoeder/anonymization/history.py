"""What earlier versions of a release showed, as keyed digests; and the keys, with their end."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.people import digest
from hoeder.evidence import ledger

Digests = npt.NDArray[np.uint64]
Signature = Mapping[str, frozenset[int]]
"""Per sensitive column the digests of the values that a reader may still hold possible."""


@dataclass(frozen=True)
class Group:
    """One group as it was shown: `persons` sorted, `contents` each one's rows, and when it was made."""

    persons: Digests
    contents: Digests
    signature: Signature
    made_on: date


@dataclass(frozen=True)
class Recoding:
    """How a version was made coarse: the steps of each column, and each measure's step, lowest and highest value."""

    steps: Mapping[str, tuple[str, ...]]
    grids: Mapping[str, tuple[int, int, int]]
    top: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per column the values that step top-10 showed as they are."""

    def json(self) -> str:
        return json.dumps({"steps": dict(self.steps), "grids": dict(self.grids), "top": dict(self.top)})

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Recoding":
        """What json() wrote, read back."""
        steps, grids, top = ({c: tuple(v) for c, v in found[part].items()} for part in ("steps", "grids", "top"))
        return cls(steps, grids, top)


@dataclass(frozen=True)
class Version:
    """A version that a new one is held against."""

    version: str
    digest: str
    recoding: Recoding
    groups: Mapping[bytes, Group]
    stands: bool = True
    """Whether its file was published; a run that died leaves this open, and nothing is carried over from it."""


def series_key(db: ledger.Connection, release: str) -> bytes:
    """The key under which one release's persons are recognised in later versions; commits."""
    db.execute("insert into release_series values (%s, %s) on conflict do nothing", [release, secrets.token_bytes(32)])
    row = db.execute("select key from release_series where release = %s", [release]).fetchone()
    db.commit()
    assert row is not None  # noqa: S101  # inserted above
    return bytes(row[0])


def versions(db: ledger.Connection, release: str, *, last: int, today: date, before: str) -> tuple[Version, ...]:
    """The last unexpired versions before this one, the newest first."""
    found = db.execute(
        """select version, digest, recoding, published_at is not null from release_version
           where release = %s and expires_on > %s and version < %s order by version desc limit %s""",
        [release, today, before, last],
    ).fetchall()
    return tuple(
        Version(
            version,
            digest,
            Recoding.of(recoding),
            _groups(db, release, version),
            stands,
        )
        for version, digest, recoding, stands in found
    )


def _groups(db: ledger.Connection, release: str, version: str) -> dict[bytes, Group]:
    rows = db.execute(
        "select group_ref, persons, contents, signature, made_on from release_group where release = %s and "
        "version = %s",
        [release, version],
    )
    return {
        bytes(ref): Group(
            np.frombuffer(persons, np.uint64),
            np.frombuffer(contents, np.uint64),
            {column: frozenset(values) for column, values in signature.items()},
            made_on,
        )
        for ref, persons, contents, signature, made_on in rows
    }


def remember(
    db: ledger.Connection,
    release: str,
    version: str,
    *,
    shelf: str,
    expires_on: date,
    file: str,
    recoding: Recoding,
    groups: Mapping[bytes, Group],
    verdict: str,
    reader: str,
    k_reached: int,
) -> None:
    """Keep what a version is about to show, until it expires; commits. What an attempt at it that died left is
    replaced.
    """
    db.execute("select forget_unpublished_version(%s, %s)", [release, version])
    db.execute(
        """insert into release_version (release, version, shelf, expires_on, digest, recoding, verdict, reader,
        k_reached)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        [release, version, shelf, expires_on, file,
         recoding.json(), verdict, reader, k_reached],
    )  # fmt: skip
    with db.cursor() as cursor:
        cursor.executemany(
            "insert into release_group values (%s, %s, %s, %s, %s, %s, %s)",
            [
                (release, version, ref, group.persons.tobytes(), group.contents.tobytes(),
                 json.dumps({c: sorted(v) for c, v in group.signature.items()}), group.made_on)
                for ref, group in groups.items()
            ],
        )  # fmt: skip
    db.commit()


def published(db: ledger.Connection, release: str, version: str) -> None:
    """The version stands where its readers look. The caller commits."""
    db.execute(
        "update release_version set published_at = clock_timestamp() where release = %s and version = %s",
        [release, version],
    )


def not_published(db: ledger.Connection, release: str, version: str) -> None:
    """Nothing of the version was shown after all; commits."""
    db.rollback()
    db.execute("select forget_unpublished_version(%s, %s)", [release, version])
    db.commit()


def last_published(db: ledger.Connection, release: str) -> str | None:
    """The newest version that stands."""
    row = db.execute(
        "select max(version) from release_version where release = %s and published_at is not null", [release]
    ).fetchone()
    return row[0] if row else None


def another_version(db: ledger.Connection, release: str, version: str) -> str | None:
    """The newest version but this one that was shown, or may have been by a run that died."""
    row = db.execute(
        "select max(version) from release_version where release = %s and version <> %s", [release, version]
    ).fetchone()
    return row[0] if row else None


def forget_expired(db: ledger.Connection, release: str, today: date) -> int:
    """Remove what is kept of versions that have expired; the series' key goes with the last. The caller commits."""
    row = db.execute("select forget_expired_versions(%s, %s)", [release, today]).fetchone()
    return int(row[0]) if row else 0


# --- the key of one version -----------------------------------------------------------------------------------------


def make_key(db: ledger.Connection, release: str, version: str) -> bytes:
    """A fresh key for a version; commits. A version that is made again gets the next number behind its name."""
    key = secrets.token_bytes(32)
    taken = db.execute(
        "select count(*) from release_key where release = %s and version like %s", [release, f"{version}%"]
    ).fetchone()
    attempt = f"{version}+{taken[0]}" if taken and taken[0] else version
    db.execute(
        "insert into release_key (release, version, key, commitment) values (%s, %s, %s, %s)",
        [release, attempt, key, hashlib.sha256(key).hexdigest()],
    )
    db.commit()
    return key


def destroy_keys(db: ledger.Connection, run: ledger.Run, release: str) -> int:
    """Empty every key of a release that is still there, also those of runs that died, with a line in the ledger."""
    held = db.execute(
        "select commitment from release_key where release = %s and key is not null order by 1", [release]
    ).fetchall()
    if not held:
        return 0
    with ledger.act(db, run, ledger.Activity.ANONYMIZATION_KEY, release) as doing:
        db.execute(
            "update release_key set key = null, destroyed_at = clock_timestamp() where release = %s and key "
            "is not null",
            [release],
        )
        left = db.execute(
            "select count(*) from release_key where release = %s and key is not null", [release]
        ).fetchone()
        doing.counts = {"keys": len(held), "remaining": left[0] if left else 0}
        doing.digest = hashlib.sha256("".join(commitment for (commitment,) in held).encode()).hexdigest()
    return len(held)


# --- digests --------------------------------------------------------------------------------------------------------


def group_ref(key: bytes, labels: Iterable[Any]) -> bytes:
    """Reference to a group by its labels: 16 bytes."""
    text = json.dumps([None if label is None else str(label) for label in labels], ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16, key=key).digest()


def value_ref(key: bytes, column: str, value: object) -> int:
    """Reference to a sensitive value."""
    return digest(key, f"{column}={value}")
