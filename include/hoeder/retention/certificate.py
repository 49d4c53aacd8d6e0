"""The certificate of an executed plan: what went, under which rule, who approved it, and until when backups hold it.

A file of canonical JSON (RFC 8785) with three parts. `body` says what happened, in counts, names of rules and keyed
digests: nothing personal. `signature` is by the ledger's key, over the body's SHA-256. `anchor` holds the ledger's own
entry with that SHA-256, and the proof that the entry stands in the ledger at its place under a signed checkpoint. With
the ledger's first public key the file proves itself: no server is asked.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from hoeder.clock import AMSTERDAM
from hoeder.errors import EvidenceError, Refused
from hoeder.evidence import entry as entries
from hoeder.evidence import ledger, seal
from hoeder.evidence.bucket import Bucket
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.evidence.merkle import inclusion_proof, leaf_hash, verify_inclusion
from hoeder.evidence.note import Key, Signer, open_note, open_text, sign_text, trusted_keys
from hoeder.evidence.tiles import Tiles
from hoeder.governance.journal import last_backup
from hoeder.policy import Policy, RetentionRule
from hoeder.retention.plan import Plan, PlanPart, read_plan
from hoeder.retention.verify import conclude
from hoeder.stores.references import References

Db = psycopg.Connection[tuple[Any, ...]]
Json = dict[str, Any]

KIND = "hoeder-erasure@1"
LARGEST = 10_000_000  # bytes; one of a thousand rules is a tenth of it
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_SYSTEMS = {"postgresql": "PostgreSQL", "s3": "S3"}


@dataclass(frozen=True)
class Certificate:
    """One that was checked, or (from `read`) only opened."""

    body: Json
    signature: str
    anchor: Json

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical body, in hex: what was signed and what the ledger holds."""
        return sha256(canonical(self.body)).hexdigest()

    def file(self) -> bytes:
        """The bytes of the file; the same certificate gives the same bytes."""
        return canonical({"anchor": self.anchor, "body": self.body, "signature": self.signature})


def canonical(values: Json) -> bytes:
    """RFC 8785. Names are ASCII and numbers whole, for which Python's own encoder writes that form."""
    return _ENCODER.encode(values).encode()


# --- drawing up -----------------------------------------------------------------------------------------------------


def issue(
    governance: Db, policy: Policy, plan_id: UUID, *, run: ledger.Run, now: datetime, issued_for: str | None = None
) -> str | None:
    """Draw up the certificate of a completed plan and put its digest in the ledger; the digest.

    Once per plan: a second call returns what the first one made. None for a plan that was rejected. Raises Refused for
    a plan that is not completed, naming what is open; EvidenceError where journal and ledger tell different counts.
    """
    known = governance.execute("select digest from certificate where plan = %s", [plan_id]).fetchone()
    governance.commit()
    if known:
        return str(known[0])
    ended = conclude(governance, plan_id)
    if ended.rejected:
        return None
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, Activity.RETENTION_CERTIFICATE, "all", case_id=plan_id) as act:
        try:
            if not ended.completed:
                open_ends = [f"rule {rule}: {outcome}" for rule, outcome in sorted(ended.bad.items())]
                if ended.verified is not Outcome.DONE:
                    open_ends.append(f"verification: {ended.verified or 'not done after the last attempt'}")
                raise Refused(f"plan {plan_id} is not completed, so it gets no certificate: {'; '.join(open_ends)}")
        except Refused:
            act.outcome = Outcome.REFUSED
            raise
        body = _body(governance, policy, plan_id, now, issued_for or policy.organisation.name)
        content = canonical(body)
        act.digest = sha256(content).hexdigest()
        act.counts = {"rules": len(body["parts"]), "erased": sum(part["erased"] for part in body["parts"])}
        governance.execute(
            "insert into certificate (plan, digest, content) values (%s, %s, %s)", [plan_id, act.digest, content]
        )
    return act.digest


def pending(governance: Db) -> list[UUID]:
    """Plans whose certificate is drawn up and not yet stored."""
    rows = governance.execute("select plan from certificate where stored_at is null order by made_at").fetchall()
    governance.commit()
    return [row[0] for row in rows]


def stored(governance: Db, plan_id: UUID) -> None:
    """Remember that the certificate lies under object lock; commits."""
    governance.execute("update certificate set stored_at = clock_timestamp() where plan = %s", [plan_id])
    governance.commit()


def assemble(governance: Db, bucket: Bucket, signer: Signer, *, anchor: Key, plan_id: UUID) -> Certificate:
    """Body, signature and proof together, checked as a stranger would check them.

    Raises EvidenceError where the ledger is not sealed up to the certificate's entry yet.
    """
    row = governance.execute("select content from certificate where plan = %s", [plan_id]).fetchone()
    with governance.cursor(row_factory=class_row(ledger.Entry)) as cursor:
        cursor.execute(
            """select * from ledger where case_id = %s and act = 'certificate' and phase = 'outcome'
               and outcome = 'done' order by entry desc limit 1""",
            [plan_id],
        )
        found = cursor.fetchone()
    governance.commit()
    if row is None or found is None:
        raise EvidenceError(f"no certificate was drawn up for plan {plan_id}")
    body = json.loads(bytes(row[0]))
    chain = seal.keys(bucket, anchor)
    checkpoint = seal.last_checkpoint(bucket, chain)
    if checkpoint is None or checkpoint.size < found.entry:
        raise EvidenceError(f"ledger entry {found.entry} is not sealed yet: run DAG evidence_seal first")
    proof = inclusion_proof(Tiles(bucket.read, checkpoint.size).node, found.entry - 1, checkpoint.size)
    certificate = Certificate(
        body,
        sign_text(_statement(anchor.name, sha256(canonical(body)).hexdigest()), signer).decode(),
        {
            "checkpoint": (bucket.read(f"{seal.CHECKPOINTS}{checkpoint.size:012}") or b"").decode(),
            "entry": seal.leaf(found).decode(),
            "keys": [(bucket.read(path) or b"").decode() for path in bucket.paths(seal.KEYS)],
            "proof": [base64.b64encode(node).decode() for node in proof],
        },
    )
    verify(certificate.file(), anchor.vkey)
    return certificate


def _body(governance: Db, policy: Policy, plan_id: UUID, now: datetime, organisation: str) -> Json:
    plan, *_ = read_plan(governance, plan_id)
    looked = governance.execute(
        """select entry, actor, recorded_at, (counts ->> 'remaining')::int, (counts ->> 'held')::int from ledger
           where case_id = %s and act = 'verify' and phase = 'outcome' order by entry desc limit 1""",
        [plan_id],
    ).fetchone()
    approval = governance.execute(
        "select decision, responder, answered_at from approval where plan = %s", [plan_id]
    ).fetchone()
    if looked is None:
        raise EvidenceError(f"plan {plan_id} was never verified")
    rules = {rule.rule: rule for rule in policy.rules_on(plan.as_of)}
    parts = [
        _part(governance, policy, plan, part, rules[part.rule])
        for part in plan.parts
        if (part.due or part.held) and part.rule in rules
    ]
    backups = [part["last_backup"] for part in parts if part["erased"]]
    return {
        "approval": None
        if approval is None
        else {"at": _time(approval[2]), "by": approval[1], "decision": approval[0]},
        "certificate": KIND,
        "issued": _time(now),
        "last_backup": max(backups, default=None) if all(backups) else None,
        "ledger": seal.origin(governance),
        "organisation": organisation,
        "parts": parts,
        "plan": {
            "as_of": plan.as_of.isoformat(),
            "digest": plan.digest,
            "id": str(plan.plan),
            "policy": plan.policy_digest,
        },
        "verification": {
            "at": _time(looked[2]),
            "by": looked[1],
            "entry": looked[0],
            "held": looked[4] or 0,
            "remaining": looked[3] or 0,
        },
    }


def _part(governance: Db, policy: Policy, plan: Plan, part: PlanPart, rule: RetentionRule) -> Json:
    ended = governance.execute(
        """select min(i.recorded_at), max(o.recorded_at), coalesce(sum((o.counts ->> 'erased')::bigint), 0),
                  (array_agg((o.counts ->> 'held')::bigint order by o.entry desc))[1],
                  (array_agg((o.counts ->> 'gone')::bigint order by o.entry))[1], array_agg(o.entry order by o.entry),
                  (array_agg(o.actor order by o.entry desc))[1]
           from ledger o join ledger i on i.entry = o.intent
           where o.case_id = %s and o.object = %s and o.act = 'erase' and o.phase = 'outcome'""",
        [plan.plan, part.rule],
    ).fetchone()
    began, done, erased, held, gone, numbers, actor = ended or (None, None, 0, 0, 0, [], None)
    rows = governance.execute(
        "select refs from erasure_journal where plan = %s and rule = %s", [plan.plan, part.rule]
    ).fetchall()
    references = References.unpack(b"".join(bytes(refs) for (refs,) in rows))
    if len(references) != erased:
        raise EvidenceError(
            f"rule {part.rule} of plan {plan.plan}: the journal names {len(references)} records, the ledger counts "
            f"{erased}; no certificate is drawn up over that"
        )
    store = policy.stores[part.store]
    until = last_backup(policy, part.store, done.astimezone(AMSTERDAM).date()) if done and erased else None
    return {
        "action": part.act,
        "basis": rule.source.basis,
        "beforehand": part.runs_without_asking,
        "began": _time(began) if began else None,
        "by": actor,
        "ended": _time(done) if done else None,
        "entries": list(numbers or []),
        "erased": int(erased),
        "erased_digest": references.digest,
        "gone": int(gone or 0),
        "client": part.client,
        "held": part.held + part.restricted + int(held or 0),
        "last_backup": until.isoformat() if until else None,
        "planned": part.due,
        "planned_digest": part.digest,
        "rule": part.rule,
        "store": part.store,
        "system": _SYSTEMS[store.kind],
        "target": part.target,
        "term": part.keep or str(rule.keep),
        "type": str(rule.type),
    }


# --- checking -------------------------------------------------------------------------------------------------------


def read(content: bytes) -> Certificate:
    """Open a certificate without checking any signature. Raises EvidenceError for what is no whole certificate."""
    if len(content) > LARGEST:
        raise EvidenceError(f"not a certificate: it has more than {LARGEST:,} bytes")
    try:
        values = json.loads(content, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError):
        raise EvidenceError("not a certificate, or not all of it: it is not whole JSON") from None
    if not isinstance(values, dict) or values.keys() != {"anchor", "body", "signature"}:
        raise EvidenceError("not a certificate: it has a body, a signature and an anchor, and no more")
    body, signature, anchor = values["body"], values["signature"], values["anchor"]
    if not isinstance(body, dict) or body.get("certificate") != KIND:
        raise EvidenceError(f"not a certificate that this version of Hoeder reads ({KIND})")
    texts = isinstance(anchor, dict) and all(isinstance(anchor.get(name), str) for name in ("checkpoint", "entry"))
    lists = texts and all(_texts(anchor.get(name)) for name in ("keys", "proof"))
    if not lists or len(anchor) != 4 or not isinstance(signature, str):
        raise EvidenceError("not a certificate: its anchor holds entry, checkpoint, proof and keys")
    try:
        same = canonical(values) == content
    except ValueError:
        same = False
    if not same:
        raise EvidenceError("the certificate was altered: its bytes are not the canonical form (RFC 8785)")
    return Certificate(body, signature, anchor)


def verify(content: bytes, anchor_vkey: str) -> Certificate:
    """Check a certificate, trusting the ledger's first key alone.

    Raises EvidenceError that says what is wrong: truncated, altered, signed by another key, or not in the ledger.
    """
    found = read(content)
    notes = [note.encode() for note in found.anchor["keys"]]
    chain = trusted_keys(anchor_vkey, notes)
    name = chain[0].name
    if found.body.get("ledger") != name:
        raise EvidenceError(
            f"the certificate is of ledger {found.body.get('ledger')}, the key of {name}: they do not belong together"
        )
    try:
        text, _ = open_text(found.signature.encode(), chain)
    except EvidenceError as error:
        raise EvidenceError(f"the certificate is not signed by the ledger's key: {error}") from None
    if text != _statement(name, found.digest):
        raise EvidenceError("the certificate was altered: it is not what was signed")
    _check_anchor(found, chain)
    return found


def _check_anchor(found: Certificate, chain: Iterable[Key]) -> None:
    keys = list(chain)
    checkpoint = open_note(found.anchor["checkpoint"].encode(), keys)
    line = found.anchor["entry"].encode()
    entry = entries.parse(line)
    plan = found.body["plan"].get("id") if isinstance(found.body.get("plan"), dict) else None
    if checkpoint.origin != keys[0].name:
        raise EvidenceError(f"its checkpoint is of {checkpoint.origin}, not of {keys[0].name}")
    if entry.activity != Activity.RETENTION_CERTIFICATE or entry.outcome != Outcome.DONE or str(entry.case) != plan:
        raise EvidenceError("its ledger entry is not that of a certificate of this plan")
    if entry.digest != found.digest:
        raise EvidenceError("the certificate was altered: the ledger holds another digest for it")
    proof = [_base64(node) for node in found.anchor["proof"]]
    if not verify_inclusion(leaf_hash(line), entry.entry - 1, checkpoint.size, proof, checkpoint.root):
        raise EvidenceError(f"its entry is not number {entry.entry} of the ledger under checkpoint {checkpoint.size}")


def position(found: Certificate) -> tuple[int, int]:
    """The ledger entry of a checked certificate, and the size of the checkpoint it is proven under."""
    return entries.parse(found.anchor["entry"].encode()).entry, int(found.anchor["checkpoint"].split("\n")[1])


def _statement(origin: str, digest: str) -> str:
    """What is signed. Its first line keeps it apart from a checkpoint."""
    return f"{origin}/certificate\n{digest}\n"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _no_float(_: str) -> Any:
    raise ValueError
