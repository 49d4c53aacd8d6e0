"""A person in the ledger: a reference that only a key of their own can tie to them, and that is destroyed with it."""

import hmac
import secrets

from hoeder.evidence.ledger import Connection
from hoeder.pseudonym import ReferenceKey


def subject_ref(db: Connection, key: ReferenceKey, kind: str, value: object) -> bytes:
    """The 16 bytes by which ledger entries name this person; makes the person's key where there is none yet.

    Works inside the caller's transaction. After `destroy_subject` the same person gets another reference.
    """
    lookup = key.subject(kind, value)
    db.execute(
        "insert into subject_key (subject_ref, key) values (%s, %s) on conflict do nothing",
        [lookup, secrets.token_bytes(32)],
    )
    own = db.execute("select key from subject_key where subject_ref = %s", [lookup]).fetchone()
    if own is None:
        raise LookupError("the subject's key vanished inside the transaction")
    return hmac.digest(bytes(own[0]), b"ledger", "sha256")[:16]


def destroy_subject(db: Connection, key: ReferenceKey, kind: str, value: object) -> bool:
    """Destroy a person's key: no entry can be tied to them any more, and the ledger still verifies.

    Whether there was a key. Works inside the caller's transaction, so that it goes with the erasure it belongs to.
    """
    gone = db.execute("delete from subject_key where subject_ref = %s", [key.subject(kind, value)])
    return gone.rowcount > 0
