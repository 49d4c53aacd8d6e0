"""A package for a person: put together in the vault, then closed with a secret that is shown once and kept nowhere.

Until it is handed out the vault's key opens it, as everything there. From then on only the secret does, and what lay
there before is overwritten. It goes when the term of `packages/` is over.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from hoeder import sealed
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.rights.case import Db, Right
from hoeder.vault import Vault

PACKAGES = "packages/"


@dataclass(frozen=True)
class Package:
    """A package as it stands, in counts."""

    right: Right
    records: int
    redacted: int
    listed: int
    made_at: datetime
    handed_out_at: datetime | None
    digest: str | None
    """SHA-256 of the archive as it was handed out, in hex."""


@dataclass(frozen=True)
class HandedOut:
    """An archive, and the secret that opens it: show it once, to be told to the person by another way."""

    archive: bytes = field(repr=False)
    secret: str = field(repr=False)
    digest: str = ""


def put_together(
    db: Db, vault: Vault, case_id: UUID, right: Right, files: Mapping[str, bytes], counts: Mapping[str, int], on: date
) -> None:
    """Keep a package until it is handed out, instead of one that was made before.

    Works inside the caller's transaction. Raises StoreError where the vault takes nothing.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    db.execute(
        """insert into subject_package (case_id, asked, records, redacted, listed) values (%s, %s, %s, %s, %s)
           on conflict (case_id, asked) do update set
               records = excluded.records, redacted = excluded.redacted, listed = excluded.listed,
               made_at = clock_timestamp(), handed_out_at = null, digest = null""",
        [case_id, right, counts["records"], counts.get("redacted", 0), counts.get("listed", 0)],
    )
    vault.put(_name(case_id, right), made.getvalue(), term={"made_on": on})


def packages(db: Db, case_id: UUID) -> list[Package]:
    """The packages of a case."""
    rows = db.execute(
        """select asked, records, redacted, listed, made_at, handed_out_at, digest from subject_package
            where case_id = %s order by asked""",
        [case_id],
    ).fetchall()
    return [Package(Right(row[0]), *row[1:]) for row in rows]


def hand_out(db: Db, vault: Vault, case_id: UUID, right: Right, *, run: ledger.Run, on: date) -> HandedOut:
    """Close a package with a secret, once; afterwards only the secret opens it.

    Raises Refused where there is none, or it was handed out before, StoreError where the vault does not answer.
    """
    with ledger.act(db, run, Activity.RIGHTS_SEAL, right, case_id=case_id) as act:
        try:
            _must_wait(db, case_id, right)
            term = vault.term(_name(case_id, right))
            files = _unpacked(vault.get(_name(case_id, right)), case_id, right)
        except Refused:
            act.outcome = Outcome.REFUSED
            raise
        secret = sealed.one_time_secret()
        archive = sealed.seal(files, secret, on)
        act.digest = hashlib.sha256(archive).hexdigest()
        act.counts = {"files": len(files)}
        db.execute(
            """update subject_package set handed_out_at = clock_timestamp(), digest = %s
                where case_id = %s and asked = %s""",
            [act.digest, case_id, right],
        )
        vault.put(_name(case_id, right), archive, term=term)
    return HandedOut(archive, secret, act.digest)


def _must_wait(db: Db, case_id: UUID, right: Right) -> None:
    """Raises Refused unless there is a package that nobody was given yet; holds it until the transaction ends."""
    row = db.execute(
        "select handed_out_at from subject_package where case_id = %s and asked = %s for update",
        [case_id, right],
    ).fetchone()
    if row is None:
        raise Refused(f"case {case_id} has no package for {right}; it is made once the right is granted")
    if row[0] is not None:
        raise Refused(
            f"case {case_id}: the package for {right} was handed out on {row[0]:%Y-%m-%d}, and its secret is kept "
            "nowhere; make it again (--again) where the person lost it"
        )


def _unpacked(content: bytes, case_id: UUID, right: Right) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile):
        raise StoreError(
            f"case {case_id}: the package for {right} was closed by an attempt that did not finish, and its secret is "
            "kept nowhere; make it again (--again)"
        ) from None


def _name(case_id: UUID, right: Right) -> str:
    return f"{PACKAGES}{case_id}-{right}"
