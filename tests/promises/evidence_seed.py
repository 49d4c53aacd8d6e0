"""A small policy, and evidence of it as the capabilities write it: scans, plans, releases, registers, attestations."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter
from shop import shop_policy

from hoeder.clock import AMSTERDAM
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Connection, Outcome, Run
from hoeder.inventory import record
from hoeder.inventory.findings import ColumnFinding, Verdict
from hoeder.inventory.observed import Kind, Observed
from hoeder.inventory.result import ObjectResult, PartResult
from hoeder.policy import Policy
from hoeder.policy.processing import ProcessingFile
from hoeder.policy.promise import Chapter
from hoeder.promises import Assessment, assess, say

BASIS = "b" * 64
RUN = Run("a" * 64, "audit_report", "run-1", "assess")
DPV = {"nl": "n", "en": "e"}


def policy(*controls: object, **law: Any) -> Policy:
    """The shop's policy with one client, one release and one processing, and a promise for each control."""
    base = shop_policy("files")
    raw = base.model_dump(mode="json", by_alias=True)
    tables = raw["datasets"]["shop"]["tables"]
    tables["message"]["client_column"] = "status"
    raw["releases"] = [
        {"release": "counts", "description": "d", "question": "q", "source": "shop.message", "subject": "customer_id",
         "quasi_identifiers": [{"column": "status", "steps": ["exact"]}], "owner": "o", "approved_on": "2026-01-01"}
    ]  # fmt: skip
    made = TypeAdapter(Policy).validate_python(raw)
    processing = ProcessingFile.model_validate({
        "purposes": {"answer": DPV | {"dpv": "CommunicationForCustomerCare",
                                      "fides": "essential.service.operations.support"}},
        "subjects": {"contacts": DPV | {"dpv": "Consumer", "fides": "customer"}},
        "recipients": {"hosting": DPV | {"role": "processor", "country": "NL", "agreement": "2024-01-01"},
                       "bank": DPV | {"en": "bank", "role": "controller", "country": "NL"}},
        "processings": [{**DPV, "processing": "messages", "role": "controller", "owner": "o", "purposes": ["answer"],
                         "subjects": ["contacts"], "places": ["shop.message"], "recipients": ["hosting"],
                         "basis": {"article": "6(1)(b)"}}],
    })  # fmt: skip
    return made.model_copy(update={"processing": processing, "chapters": chapters(*controls, **law)})


def chapters(*controls: object, **law: Any) -> tuple[Chapter, ...]:
    """One chapter with a promise for each control, numbered from REQ-001."""
    if not controls:
        return ()
    promises = [
        {"id": f"REQ-{number:03}", "nl": "n", "en": "e", "kind": "promise", "roles": ["controller"], "owner": "dpo",
         "proven_by": control if isinstance(control, list) else [control], **law}
        for number, control in enumerate(controls, start=1)
    ]  # fmt: skip
    return (Chapter.model_validate({"chapter": "A", "title": {"nl": "n", "en": "e"}, "promises": promises}),)


def now(db: Connection) -> datetime:
    row = db.execute("select clock_timestamp()").fetchone()
    assert row
    moment: datetime = row[0]
    return moment


def today(db: Connection) -> date:
    """The day in Amsterdam by the server's clock."""
    return now(db).astimezone(AMSTERDAM).date()


def head(db: Connection) -> int:
    row = db.execute("select coalesce(max(entry), 0) from ledger").fetchone()
    assert row
    return int(row[0])


def reviewed(db: Connection, *kinds: str, state: str = "usable") -> list[int]:
    """A review of access with a finding of each kind; their numbers. Its aspects are in the ledger too."""
    run = replace(RUN, dag_id="access_review", task_id="review")
    for activity in (Activity.ACCESS_USE, Activity.ACCESS_EGRESS, Activity.ACCESS_CLIENT_SYSTEMS,
                     Activity.ACCESS_SECRECY, Activity.ACCESS_REVIEW):  # fmt: skip
        entry = ledger.record_intent(db, run, activity, "access")
        if activity is not Activity.ACCESS_REVIEW:
            ledger.record_outcome(db, run, entry, Outcome.DONE)
    row = db.execute(
        """insert into access_review (on_day, policy_digest, staff_state, working, digest, entry)
           values (today(), %s, %s, 10, %s, %s) returning review""",
        [RUN.policy_digest, state, "c" * 64, entry],
    ).fetchone()
    assert row
    numbers = []
    for kind in kinds:
        found = db.execute(
            """insert into access_finding (review, item, kind, system, place, "right", number, owner, by_machine)
               values (%s, %s, %s, 'shop', '', '', 1, 'dpo', false) returning finding""",
            [row[0], hashlib.sha256(kind.encode()).hexdigest(), kind],
        ).fetchone()
        assert found
        numbers.append(int(found[0]))
    ledger.record_outcome(db, run, entry, Outcome.DONE)
    return numbers


def decided_access(db: Connection, finding: int, until: date | None, outcome: str | None = None) -> None:
    """An owner keeps a finding until a day, or has it taken away, with what came of that."""
    entry = ledger.record_intent(db, RUN, Activity.ACCESS_DECIDE, "access")
    row = db.execute(
        """insert into access_decision (finding, item, decision, reason, until, decided_by, answered_at, list_digest,
               entry) select finding, item, %s, 'no-need', %s, 'dpo', now(), %s, %s from access_finding
           where finding = %s returning decision_id""",
        ["keep" if until else "remove", until, "c" * 64, entry, finding],
    ).fetchone()
    assert row
    if outcome:
        db.execute("insert into access_withdrawal (decision_id, outcome, entry) values (%s, %s, %s)",
                   [row[0], outcome, entry])  # fmt: skip
    ledger.record_outcome(db, RUN, entry, Outcome.DONE)


def looked_apart(db: Connection, *kinds: str) -> None:
    """A look at clients' data with a finding of each kind."""
    run = replace(RUN, dag_id="client_segregation", task_id="check")
    entry = ledger.record_intent(db, run, Activity.CLIENT_SEGREGATION_CHECK, "clients")
    row = db.execute(
        """insert into separation_check (on_day, policy_digest, digest, notes, objects, entry)
           values (today(), %s, %s, 0, 0, %s) returning "check" """,
        [RUN.policy_digest, "c" * 64, entry],
    ).fetchone()
    assert row
    for kind in kinds:
        db.execute("insert into separation_finding values (%s, %s, 'shop', 'note', 'red', 1)", [row[0], kind])
    ledger.record_outcome(db, run, entry, Outcome.DONE)


def judge(db: Connection, what: Policy, *, at: datetime | None = None, up_to: int | None = None) -> list[Assessment]:
    """All promises as they stand now, or at that moment; every reason can be said in both languages."""
    found = assess(db, what, at=at or now(db), up_to=head(db) if up_to is None else up_to)
    for one in found:
        for language in ("nl", "en"):
            said = say(one.why, language)
            assert said != one.why.key and "?" not in said and "{" not in said, f"{one.why} cannot be said"
    return list(found)


def of(db: Connection, control: object, *, at: datetime | None = None, **changes: Any) -> tuple[str, str]:
    """Status and reason of one promise that has this control."""
    one = judge(db, policy(control).model_copy(update=changes), at=at)[0]
    return one.status.value, one.why.key


def column(thing: str, name: str, category: str | None = None, verdict: Verdict = Verdict.AGREED) -> ColumnFinding:
    return ColumnFinding("shop", thing, name, category, 1.0, "test", category, verdict)


def thing(
    name: str, columns: Iterable[str] = ("id",), observed: Iterable[tuple[str, Kind]] = (), *, unread: bool = False
) -> ObjectResult:
    """A table or prefix as a scan keeps it."""
    return ObjectResult(
        name, 3, 100, "f", BASIS, datetime.now(UTC), tuple(column(name, each) for each in columns),
        tuple(Observed(name, each, kind, None, None, 1.0, "test") for each, kind in observed), (), unread, {},
        ("n", name),
    )  # fmt: skip


SHOP = {"customer": ("id", "left_on", "status"), "message": ("id", "customer_id", "body", "closed_on", "status")}


def scan(
    db: Connection,
    store: str = "shop",
    things: Iterable[ObjectResult] | None = None,
    outcome: Outcome = Outcome.DONE,
    what: Policy | None = None,
) -> int:
    """A scan of a store from intent to outcome; without things one that saw what policy declares and nothing wrong."""
    what = what or policy()
    seen = tuple(things) if things is not None else tuple(declared(what, store))
    ledger.register_policy(db, what)
    run = Run(what.digest, "inventory", "run-1", "scan")
    intent = ledger.record_intent(db, run, Activity.INVENTORY_SCAN, store)
    number = record.begin(db, store, run, intent)
    (part,) = record.add_parts(db, store, number, [None])
    if outcome in (Outcome.DONE, Outcome.PARTIAL):
        record.part_read(db, part, PartResult(seen, ()), failed=0)
        record.finish(db, number, store, what, record.progress(db, number))
    ledger.record_outcome(db, run, intent, outcome)
    return number


def declared(what: Policy, store: str) -> Iterable[ObjectResult]:
    """Every table and prefix of a store as policy has it."""
    places = {**what.datasets[store].tables, **what.datasets[store].prefixes}
    for name, place in places.items():
        columns = tuple(
            ColumnFinding(store, name, c, None, 1.0, "test", k, Verdict.AGREED) for c, k in place.columns.items()
        )
        yield replace(thing(name), columns=columns)


def planned(db: Connection, what: Policy) -> None:
    """A plan of every rule in force, under which nothing is due."""
    ledger.register_policy(db, what)
    run, case = Run(what.digest, "retention", "run-1", "plan"), uuid4()
    intent = ledger.record_intent(db, run, Activity.RETENTION_PLAN, "all", case_id=case)
    digest = hashlib.sha256(case.bytes).hexdigest()
    db.execute("insert into plan (plan, digest, as_of, policy_digest) values (%s, %s, today(), %s)",
               [case, digest, what.digest])  # fmt: skip
    for rule in what.rules_on(today(db)):
        db.execute(
            """insert into plan_part (plan, rule, store, target, position, anchor_until, due, held, missing_anchor,
                                      digest)
               values (%s, %s, %s, %s, 0, today(), 0, 0, 0, %s)""",
            [case, rule.rule, rule.store, rule.target, digest],
        )
    ledger.record_outcome(db, run, intent, Outcome.DONE)


def scans(db: Connection, *observed: tuple[str, str, Kind]) -> None:
    """A scan of both stores; findings are planted as (table, column, kind)."""
    planted = {name: [(col, kind) for table, col, kind in observed if table == name] for name in SHOP}
    scan(db, "shop", [thing(name, columns, planted[name]) for name, columns in SHOP.items()])
    scan(db, "files")


def decide(db: Connection, kind: Kind, decision: str, reason: str, until: date | None = None) -> None:
    db.execute(
        """insert into finding_decision (finding, decision, reason, until, decided_by, found, basis)
           select finding, %s, %s, %s, 'dpo', found, basis from finding where kind = %s""",
        [decision, reason, until, kind],
    )
    tick(db)


def tick(db: Connection) -> int:
    """One more entry: states count up to the last one."""
    ledger.register_policy(db, policy())
    return ledger.record_intent(db, Run("a" * 64, "retention", "run-1", "plan"), Activity.RETENTION_REPLAY, "shop")


def act(
    db: Connection,
    activity: Activity,
    target: str,
    outcome: Outcome | None = Outcome.DONE,
    *,
    what: Policy | None = None,
    **more: Any,
) -> int:
    """An intent and its outcome; the intent's number."""
    what = what or policy()
    ledger.register_policy(db, what)
    run = Run(what.digest, "retention", "run-1", "plan")
    intent = ledger.record_intent(db, run, activity, target)
    if outcome is not None:
        ledger.record_outcome(db, run, intent, outcome, **more)
    return intent


def published(
    db: Connection,
    *,
    k: int = 12,
    required: int = 10,
    verdict: str = "anonymous",
    release: str = "counts",
    what: Policy | None = None,
) -> None:
    """One version of a release that is out."""
    digest = hashlib.sha256(secrets.token_bytes(8)).hexdigest()
    counts = {"k_required": required, "k_reached": k}
    act(db, Activity.ANONYMIZATION_RELEASE, release, what=what, counts=counts, digest=digest)
    db.execute(
        """insert into release_version (release, version, shelf, published_at, expires_on, digest, recoding, verdict,
                                        reader, k_reached)
           values (%s, %s, 'company', now(), '2099-01-01', %s, '{}', %s, 'company', %s)""",
        [release, digest[:8], digest, verdict, k],
    )


def attest(db: Connection, kind: str, until: str, scope: Iterable[str] = (), since: str = "2020-01-01") -> str:
    row = db.execute(
        """insert into attestation (kind, attested_by, document, bytes, media_type, scope, valid_from, valid_until,
                                    digest, policy_digest, entry)
           values (%s, 'dpo', %s, 1, 'application/pdf', %s, %s, %s, %s, %s, %s) returning attestation::text""",
        [kind, "d" * 64, list(scope), since, until, "e" * 64, "a" * 64, head(db)],
    ).fetchone()
    tick(db)
    assert row
    return str(row[0])


def withdraw(db: Connection, attestation: str) -> None:
    db.execute(
        """insert into attestation_withdrawal (attestation, reason, withdrawn_by, entry)
           values (%s, 'revoked', 'dpo', %s)""",
        [attestation, head(db)],
    )
    tick(db)


def register(db: Connection, *findings: tuple[str, str]) -> None:
    """Version 1 of the controller's register, held against the last scans; findings as (kind, register)."""
    db.execute(
        """insert into register_version (register, version, valid_from, digest, content, policy_digest, entry)
           values ('controller', 1, '2026-01-01', %s, '{}', %s, %s) on conflict do nothing""",
        ["c" * 64, "a" * 64, head(db)],
    )
    row = db.execute(
        """insert into register_check (on_day, policy_digest, scans, digest, entry)
           values (today(), %s, (select coalesce(array_agg(scan), '{}') from scan where finished_at is not null),
                   %s, %s)
           returning register_check""",
        ["a" * 64, "c" * 64, head(db)],
    ).fetchone()
    assert row
    for kind, name in findings:
        db.execute("insert into register_finding values (%s, %s, %s, '', 'shop.message', '')", [row[0], kind, name])
    tick(db)


def checkpoint(db: Connection, size: int | None = None) -> None:
    db.execute("insert into ledger_checkpoint (size, root, note) values (%s, %s, 'n')", [size or head(db), b"r" * 32])
    tick(db)
