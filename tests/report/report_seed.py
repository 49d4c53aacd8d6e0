"""A demonstration policy and a governance database that has been at work: seven stores, twenty rules, some findings."""

import hashlib
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from hoeder.evidence.ledger import Activity, Connection, Outcome, Run, record_intent, record_outcome, register_names
from hoeder.policy.models import Policy
from hoeder.promises import Status
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.promises import Promise, PromiseEvidence
from hoeder.report.figures import collect
from hoeder.report.period import Period

NOW = datetime(2099, 11, 22, 13, 5, tzinfo=UTC)
PERIOD = Period.parse("2099-11")
"""Which NOW is in, so that it still lasts."""
PLAN = uuid.UUID("00000000-0000-4000-8000-000000000001")
CANARY = "canary-9f3b"
"""Stands only where the report has no business: logins, actors, row and subject references."""
RUN = Run("a" * 64, "retention", "run-1", "erase")
RUN_REPORT = Run("a" * 64, "audit_report", "run-2", "send")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


STORES = {
    "crm": ("postgresql", "controller", "Klantenservice en contactformulier"),
    "calls": ("postgresql", "processor", "Gesprekken voor opdrachtgevers"),
    "hr": ("postgresql", "employer", "Personeelsadministratie"),
    "finance": ("postgresql", "controller", "Facturen en leveranciers"),
    "web": ("postgresql", "controller", "Website en cookievoorkeuren"),
    "archive": ("s3", "processor", "Opnamen en exports"),
    "marketing": ("postgresql", "controller", "Nieuwsbrief en toestemmingen"),
}

_OWN, _TAX, _CONTRACT = "AVG art. 5 lid 1 onder e", "AWR art. 52 lid 4", "verwerkersovereenkomst"
_YEAR = "7 years after the calendar year of"
# rule, applies to, term, type, basis, certainty; then the plan's due, held and missing anchor
RULES = [
    ("contact-message", "crm.contact_message", "3 months after closed_on", "OWN", _OWN, "M", 1240, 3, 12),
    ("complaint", "crm.complaint", "2 years after closed_on", "NORM", _OWN, "M", 87, 11, 0),
    ("crm-note", "crm.note", "1 year after written_on", "OWN", _OWN, "L", 402, 0, 31),
    ("call-record", "calls.call_record", "6 months after started_on", "OWN", _CONTRACT, "M", 18342, 120, 4),
    ("call-note", "calls.call_note", "6 months after written_on", "OWN", _CONTRACT, "M", 2201, 14, 0),
    ("callback", "calls.callback", "4 weeks after done_on", "OWN", _CONTRACT, "L", 64, 0, 0),
    ("payroll", "hr.payslip", f"{_YEAR} paid_on", "FLOOR", _TAX, "H", 311, 0, 0),
    ("contract", "hr.contract", f"{_YEAR} left_on", "FLOOR", _TAX, "M", 9, 1, 2),
    ("id-copy", "hr.id_copy", "5 years after the calendar year of left_on", "FIXED", "URLB 7.5 lid 4", "H", 14, 0, 5),
    ("applicant", "hr.applicant", "4 weeks after procedure_ended_on", "NORM", "NVP-sollicitatiecode", "H", 38, 0, 0),
    ("absence", "hr.absence", "2 years after left_on", "NORM", "AP: De zieke werknemer", "H", 0, 0, 0),
    ("badge-log", "hr.badge_log", "6 months after passed_on", "NORM", "voorheen Vrijstellingsbesluit", "M", 5120, 0, 0),
    ("camera", "archive:camera/", "4 weeks after date", "NORM", "AP: cameratoezicht", "H", 96, 0, 0),
    ("recording", "archive:recordings/", "3 months after date", "OWN", _CONTRACT, "M", 733, 25, 0),
    ("export", "archive:exports/", "2 weeks after date", "OWN", _OWN, "L", 0, 0, 0),
    ("invoice", "finance.invoice", f"{_YEAR} issued_on", "FLOOR", _TAX, "H", 48, 0, 0),
    ("supplier", "finance.supplier_contact", f"{_YEAR} ended_on", "FLOOR", _TAX, "H", 3, 0, 1),
    ("web-log", "web.access_log", "30 days after logged_on", "OWN", _OWN, "M", 0, 0, 0),
    ("consent", "marketing.consent", "5 years after withdrawn_on", "OWN", "AVG art. 7 lid 1", "M", 0, 0, 0),
    ("subscriber", "marketing.subscriber", "1 month after unsubscribed_on", "OWN", "AVG art. 17", "M", 27, 0, 0),
]  # fmt: skip

# How each rule's erasure ended: outcome, counts. Rules that are absent have not been executed.
ENDED: dict[str, tuple[Outcome, dict[str, int]]] = {
    "contact-message": (Outcome.DONE, {"planned": 1240, "erased": 1236, "held": 4, "gone": 0, "remaining": 0}),
    "complaint": (Outcome.DONE, {"planned": 87, "erased": 87, "held": 0, "gone": 0, "remaining": 0}),
    "crm-note": (Outcome.DONE, {"planned": 402, "erased": 400, "held": 0, "gone": 2, "remaining": 0}),
    "call-record": (Outcome.DONE, {"planned": 18342, "erased": 18342, "held": 0, "gone": 0, "remaining": 0}),
    "call-note": (Outcome.PARTIAL, {"planned": 2201, "erased": 1500, "held": 0, "gone": 0, "remaining": 701}),
    "callback": (Outcome.DONE, {"planned": 64, "erased": 64, "held": 0, "gone": 0, "remaining": 0}),
    "payroll": (Outcome.DONE, {"planned": 311, "erased": 311, "held": 0, "gone": 0, "remaining": 0}),
    "contract": (Outcome.REFUSED, {}),
    "id-copy": (Outcome.DONE, {"planned": 14, "erased": 14, "held": 0, "gone": 0, "remaining": 0}),
    "applicant": (Outcome.DONE, {"planned": 38, "erased": 38, "held": 0, "gone": 0, "remaining": 0}),
    "absence": (Outcome.NOTHING, {"planned": 0, "erased": 0, "held": 0, "gone": 0, "remaining": 0}),
    "badge-log": (Outcome.DONE, {"planned": 5120, "erased": 5120, "held": 0, "gone": 0, "remaining": 0}),
    "camera": (Outcome.DONE, {"planned": 96, "erased": 96, "held": 0, "gone": 0, "remaining": 0}),
    "recording": (Outcome.UNREACHABLE, {}),
    "export": (Outcome.NOTHING, {"planned": 0, "erased": 0, "held": 0, "gone": 0, "remaining": 0}),
    "invoice": (Outcome.DONE, {"planned": 48, "erased": 48, "held": 0, "gone": 0, "remaining": 0}),
}

FINDINGS = [
    (
        "crm",
        "contact_message",
        "body",
        "misplaced",
        "user.content",
        "user.government_id.national_id",
        "text: BSN in 4 of 212 distinct values",
    ),
    (
        "crm",
        "ticket_import",
        "email",
        "undeclared",
        None,
        "user.contact.email",
        "text: email in 208 of 212 distinct values; name 'email'",
    ),
    (
        "crm",
        "ticket_import",
        "full_name",
        "undeclared",
        None,
        "user.name",
        "names: 151 of 212 distinct values; name 'full_name'",
    ),
    (
        "calls",
        "call_note",
        "free_text",
        "undeclared",
        None,
        "user.financial.bank_account",
        "text: IBAN in 5 of 230 distinct values",
    ),
    ("hr", "absence", "reason", "undeclared", None, "user.health_and_medical", "name 'reason'"),
    ("web", "access_log", "referrer", "unclassified", None, None, None),
    ("web", "access_log", "session_flags", "unclassified", None, None, None),
    ("finance", "invoice", "memo", "unclassified", None, None, None),
    ("finance", "supplier_fax", "*", "not-found", None, None, "declared, and not there"),
    ("web", "cookie_choice", "ip_prefix", "not-found", "user.device.ip_address", None, "declared, and not there"),
    ("web", "cookie_choice", "country", "not-found", "user.location", None, "declared, and not there"),
]


def policy(**changes: Any) -> Policy:
    """The demonstration policy; `changes` replace its top-level keys."""
    tables: dict[str, dict[str, Any]] = {name: {} for name in STORES}
    for rule in RULES:
        if "." in rule[1]:
            store, table = rule[1].split(".")
            tables[store][table] = _table()
    tables["crm"]["ticket_import"] = _table()
    raw: dict[str, Any] = {
        "organisation": {
            "name": "CX Klantcontact B.V.", "statement": "Privacyverklaring", "statement_date": "2020-03-01",
            "note": "Voorbeeldbedrijf: alle gegevens zijn synthetisch.", "privacy_mailbox": "privacy@example.nl",
            "postal_address": ["Postbus 1", "1000 AA Amsterdam"], "supervisors": [],
            "locked_years": 7, "ledger_kept_years": 7,
            "officers": {
                "dpo": {"title": "functionaris voor gegevensbescherming", "tasks": "toezicht",
                        "user": f"{CANARY}-dpo", "approves": ["retention"]},
            },
        },
        "stores": {
            name: {"kind": kind, "connection": name, "role": role, "owner": "IT", "description": description,
                   "bucket": name if kind == "s3" else None}
            for name, (kind, role, description) in STORES.items()
        },
        "datasets": {name: {"store": name, "tables": found} for name, found in tables.items() if found},
        "retention": [
            {"rule": rule, "keep": keep, "type": type_, "because": "het doel is bereikt", "applies_to": applies_to,
             "then": "erase", "valid_from": "2026-01-01", "category": rule, "purpose": "het doel", "role": "controller",
             "source": {"basis": basis, "certainty": certainty, "owner": "officer", "approved_on": "2026-01-01",
                        "changed_by": "officer"}}
            for rule, applies_to, keep, type_, basis, certainty, *_ in RULES
        ],
        "releases": [_release("call-volumes", "Gesprekken per uur en onderwerp"),
                     _release("complaints-by-region", "Klachten per regio en kwartaal"),
                     _release("web-visits", "Bezoek per pagina en maand")],
        "attestations": [
            {"kind": kind, "nl": nl, "en": en, "because": "x", "attested_by": ["dpo"], "months": 12, "warn_days": 30}
            for kind, nl, en in (
                ("training", "Alle medewerkers volgden de privacytraining", "All staff followed the privacy training"),
                ("confidentiality-text", "De geheimhoudingsverklaring", "The confidentiality statement"),
                ("budget", "Budget voor de FG", "Budget of the DPO"),
            )
        ],
        "digest": "b" * 64,
    }  # fmt: skip
    return Policy.model_validate(raw | changes)


def _table() -> dict[str, Any]:
    return {"description": "x", "purpose": "x", "columns": {"id": "user.unique_id"}}


def _release(name: str, description: str) -> dict[str, Any]:
    return {
        "release": name, "description": description, "question": "Waar lopen klanten op vast, en wanneer?",
        "source": "calls.call_record", "subject": "customer_id", "k": 10, "max_suppressed": 0.05, "owner": "analist",
        "quasi_identifiers": [{"column": "region", "steps": ["exact", "any"]}], "approved_on": "2026-01-01",
    }  # fmt: skip


def figures(db: Connection, *, now: datetime = NOW, period: Period = PERIOD, **changes: Any) -> Figures:
    """What the report of this month knows."""
    return collect(db, policy(**changes), period, now=now)


CHAPTERS = (
    ("Wie wij zijn", "Who we are", 9), ("Welke gegevens wij verwerken", "Which data we process", 18),
    ("Waarom wij dat mogen", "Why we may", 14), ("Hoe lang wij bewaren", "How long we keep", 22),
    ("Met wie wij delen", "With whom we share", 16), ("Hoe wij beveiligen", "How we protect", 21),
    ("Uw rechten", "Your rights", 21),
)  # fmt: skip
"""Chapters of a statement and how many promises each makes, 121 in all."""


def promises() -> tuple[Promise, ...]:
    """How a statement might stand: mostly kept, some unknown, a few attested, superseded or broken."""
    found: list[Promise] = []
    for nl, en, many in CHAPTERS:
        for _ in range(many):
            n = len(found) + 1
            status = (
                Status.BROKEN if n in {24, 47, 83}
                else Status.SUPERSEDED if n in {31, 62}
                else Status.ATTESTED if n % 11 == 0
                else Status.UNKNOWN if n % 5 == 2
                else Status.KEPT
            )  # fmt: skip
            found.append(
                Promise(
                    promise=f"REQ-{n:03}", chapter_nl=nl, chapter_en=en, status=status,
                    nl=f"Belofte {n} van de verklaring, zoals het bedrijf haar in één zin doet.",
                    en=f"Promise {n} of the statement, as the company makes it in one sentence.",
                    why_nl=f"{n} van {n} records nageteld", why_en=f"{n} of {n} records counted again",
                    evidence=(PromiseEvidence("ledger", f"ledger {n}-{n + 3}", f"0 of {n} rows overdue"),),
                )
            )  # fmt: skip
    return tuple(found)


def begun(db: Connection) -> None:
    """Something has happened, so that there is something to report."""
    act(db, "inventory", "scan", "crm", Outcome.DONE)
    db.commit()


def act(
    db: Connection,
    capability: str,
    activity: str,
    target: str,
    outcome: Outcome | None,
    *,
    at: datetime = NOW - timedelta(hours=2),
    case_id: uuid.UUID | None = None,
    **more: Any,
) -> None:
    """An intent and, unless it is None, its outcome; both recorded `at`, as the ledger itself would never have it."""
    register_names(db, RUN.policy_digest, [target])
    activity_id = Activity(f"{capability}.{activity}@1")
    entries = [record_intent(db, RUN, activity_id, target, case_id=case_id)]
    if outcome is not None:
        entries.append(record_outcome(db, RUN, entries[0], outcome, **more))
    db.execute("set local session_replication_role = replica")
    db.execute("update ledger set recorded_at = %s where entry = any(%s)", [at, entries])
    db.execute("set local session_replication_role = origin")


def scan(db: Connection, store: str, *, finished_at: datetime, objects: int = 6, agreed: int = 8) -> int:
    """A finished scan with `agreed` personal columns and as many that are not."""
    row = db.execute(
        """insert into scan (store, started_at, finished_at, policy_digest) values (%s, %s, %s, %s) returning scan""",
        [store, finished_at - timedelta(minutes=4), finished_at, "b" * 64],
    ).fetchone()
    assert row
    number = int(row[0])
    for position in range(objects):
        db.execute(
            "insert into scanned_object values (%s, %s, %s, 8192)", [number, f"t{position}", 1000 * (position + 1)]
        )
    for position in range(agreed):
        for column, category in (("p", "user.contact"), ("s", "system.operations")):
            found = category if column == "p" else None
            db.execute(
                "insert into scanned_column values (%s, %s, %s, %s, %s, 0.9, null, 'agreed')",
                [number, f"t{position % objects}", f"{column}{position}", category, found],
            )
    return number


def finding(db: Connection, number: int, row: tuple[Any, ...]) -> None:
    table, column, verdict, declared, found, evidence = row
    db.execute(
        "insert into scanned_column values (%s, %s, %s, %s, %s, 0.8, %s, %s)",
        [number, table, column, declared, found, evidence, verdict],
    )


def plan(db: Connection, *, plan: uuid.UUID = PLAN, made_at: datetime = NOW - timedelta(days=1)) -> None:
    """The plan over all rules; web-log could not be planned, consent is left out."""
    db.execute(
        "insert into plan values (%s, %s, %s, %s, %s, 'seed', 'run-1')",
        [plan, sha(str(plan)), made_at, made_at.date(), "b" * 64],
    )
    for position, (rule, applies_to, _, _, _, _, due, held, missing) in enumerate(RULES):
        if rule == "consent":
            continue
        store, target = applies_to.replace(":", ".", 1).split(".", 1)
        problem = "kolom logged_on bestaat niet in web.access_log" if rule == "web-log" else None
        db.execute(
            "insert into plan_part values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [plan, rule, store, target, position, date(2099, 8, 21), due, held, missing,
             date(2097, 2, 3) if due else None, sha(rule), problem],
        )  # fmt: skip
    db.execute("insert into plan_row values (%s, 'complaint', %s)", [plan, CANARY.encode()])


def approve(
    db: Connection,
    decision: str = "approved",
    *,
    login: str = f"{CANARY}-dpo",
    digest: str | None = None,
    plan: uuid.UUID = PLAN,
    at: datetime = NOW - timedelta(hours=20),
) -> None:
    db.execute(
        "insert into approval values (%s, %s, %s, %s, %s)", [plan, digest or sha(str(plan)), decision, login, at]
    )


def hold(db: Connection, matter: str, *, placed_on: date, review_by: date, lifted_on: date | None = None) -> None:
    db.execute(
        """insert into hold (matter, ground, placed_by, placed_on, review_by, lift_asked_by, lifted_by, lifted_on)
           values (%s, 'claim', %s, %s, %s, 'one', 'another', %s)""",
        [matter, CANARY, placed_on, review_by, lifted_on],
    )
    db.execute("insert into hold_subject select max(hold), 'customer', %s from hold", [CANARY.encode()])


def work(db: Connection) -> None:
    """A busy fortnight: scans, a plan that was approved and mostly executed, releases, holds."""
    numbers = {}
    for position, store in enumerate(STORES):
        if store == "marketing":  # never reached
            act(db, "inventory", "scan", store, Outcome.UNREACHABLE)
            continue
        age = 11 if store == "archive" else position % 3
        numbers[store] = scan(db, store, finished_at=NOW - timedelta(days=age, hours=3), agreed=4 + 3 * position)
        act(db, "inventory", "scan", store, Outcome.FAILED if store == "archive" else Outcome.DONE)
    for store, *row in FINDINGS:
        finding(db, numbers[store], tuple(row))
    for rule, applies_to, *_ in RULES[:8]:
        number = numbers[applies_to.split(".")[0]]
        db.execute("insert into scanned_rule values (%s, %s, 50000, 10, 1, null)", [number, rule])
    plan(db)
    approve(db)
    for rule, (outcome, counts) in ENDED.items():
        act(db, "retention", "erase", rule, outcome, case_id=PLAN, counts=counts)
    act(db, "retention", "erase", "supplier", None, case_id=PLAN)
    done = {"rows_in": 18342, "rows_out": 18101, "suppressed": 241, "groups": 612, "k_required": 10, "k_reached": 12}
    act(db, "anonymization", "release", "call-volumes", Outcome.DONE, counts=done, digest=sha("file"))
    refused = {"rows_in": 1204, "rows_out": 0, "suppressed": 310, "groups": 61, "k_required": 10, "k_reached": 3}
    act(db, "anonymization", "release", "complaints-by-region", Outcome.REFUSED, counts=refused)
    register(db)
    hold(db, "claim-2099-014", placed_on=date(2099, 8, 10), review_by=date(2099, 11, 8))
    hold(db, "audit-2099-q3", placed_on=date(2099, 9, 1), review_by=date(2099, 12, 1))
    hold(db, "dispute-2098-3", placed_on=date(2098, 9, 1), review_by=date(2098, 12, 1), lifted_on=date(2099, 1, 4))
    db.commit()


def register(db: Connection) -> None:
    """Two registers, two differences with what was found, and attestations: one that ends soon, one that ended."""
    for name in ("controller", "client-northwind"):
        db.execute(
            "insert into register_version values (%s, 3, %s, %s, 'x', %s, 1, %s)",
            [name, date(2099, 10, 1), sha(name), "b" * 64, NOW - timedelta(days=50)],
        )
    db.execute(
        """insert into register_check (checked_at, on_day, policy_digest, scans, digest, entry)
           values (%s, %s, %s, '{}', %s, 1)""",
        [NOW - timedelta(days=2), NOW.date(), "b" * 64, sha("check")],
    )
    for kind, place in (("not-registered", "crm.ticket_import"), ("no-term", "crm.ticket_import")):
        db.execute("insert into register_finding values (1, %s, 'controller', '', %s, '')", [kind, place])
    for kind, until in (("training", date(2099, 12, 10)), ("confidentiality-text", date(2099, 11, 1))):
        db.execute(
            """insert into attestation (kind, attested_by, attested_at, document, bytes, media_type, valid_from,
                                        valid_until, digest, policy_digest, entry)
               values (%s, %s, %s, %s, 9, 'application/pdf', %s, %s, %s, %s, 1)""",
            [kind, CANARY, NOW - timedelta(days=300), sha(kind), date(2099, 1, 1), until, sha(kind), "b" * 64],
        )


def before(db: Connection, months: int = 4) -> None:
    """The months before: scans, plans, erasures and releases, each month a little less."""
    for back in range(months, 0, -1):
        moment = NOW - timedelta(days=30 * back)
        for position, store in enumerate(STORES):
            number = scan(db, store, finished_at=moment, agreed=4 + position)
            act(db, "inventory", "scan", store, Outcome.DONE, at=moment)
            for column in range(back % 3 + (position == 0) * back):
                finding(db, number, ("t0", f"x{column}", "undeclared", None, "user.contact.email", "name 'x'"))
        case = uuid.UUID(int=1000 + back)
        plan(db, plan=case, made_at=moment)
        approve(db, plan=case, at=moment + timedelta(days=back))
        for rule, *_, due, _held, _missing in RULES[:8]:
            left = due // 9 if rule == "crm-note" else 0
            counts = {"planned": due, "erased": (due - left) // back, "held": 0, "gone": 0, "remaining": left}
            act(db, "retention", "erase", rule, Outcome.DONE, at=moment + timedelta(days=back, hours=1),
                case_id=case, counts=counts)  # fmt: skip
        done = {"rows_in": 9000, "rows_out": 8000, "suppressed": 90, "k_required": 10, "k_reached": 10 + back}
        act(db, "anonymization", "release", "call-volumes", Outcome.DONE, at=moment, counts=done, digest=sha("file"))
    db.commit()


def connect(conninfo: str) -> psycopg.Connection[Any]:
    return psycopg.connect(conninfo)
