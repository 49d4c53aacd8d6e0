"""Whether anything went out that should not have: after an opt-out, without a ground, or to a company unknown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Run
from hoeder.marketing_gate import addresses, facts, judge
from hoeder.marketing_gate.addresses import Addresses
from hoeder.marketing_gate.facts import Facts
from hoeder.marketing_gate.gate import CAPABILITY, declared, register
from hoeder.marketing_gate.hashed import Db
from hoeder.marketing_gate.judge import ALLOWED, CODES, Codes, Reason
from hoeder.marketing_gate.sift import grounds
from hoeder.marketing_gate.since import Since
from hoeder.policy import Policy
from hoeder.policy.marketing_gate import ADDRESS, Basis, Channel, MarketingGate
from hoeder.policy.marketing_gate import MarketingFindingKind as Kind
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect

OTHER = "other"
"""A campaign or company that policy does not name: what somebody typed there is not repeated."""
_ALLOWED = [CODES[reason] for reason in ALLOWED]


@dataclass(frozen=True, order=True)
class Finding:
    """How many of a kind; `what` is a list or company of policy."""

    kind: Kind
    what: str
    channel: str
    number: int


@dataclass(frozen=True)
class Checked:
    """What was looked at, and what was found."""

    from_day: date
    deliveries: int
    passed_on: int
    findings: tuple[Finding, ...]


Tally = Counter[tuple[Kind, str, str]]


def check(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, run: Run, *, today: date
) -> Checked:  # fmt: skip
    """Hold what was delivered and passed on against opt-outs and consents as they stood on that day, and record it.

    Somebody who said no on a day may not be approached from the next day on. Looks back as far as policy says. Raises
    StoreError where something cannot be read; then nothing is recorded but that.
    """
    gate = declared(policy)
    register(governance, policy, gate)
    governance.commit()
    home = policy.stores[gate.persons.store]
    first = today - timedelta(days=gate.look_back_days)
    with (
        ledger.act(governance, run, Activity.MARKETING_CHECK, CAPABILITY) as doing,
        connect(resolve(f"{home.connection}_{CAPABILITY}"), autocommit=True) as db,
    ):
        db.execute("select set_config('timezone', %s, false), set_config('datestyle', 'ISO', false)", [str(AMSTERDAM)])
        known = facts.read(db, gate)
        sent, passed = _sent(db, gate, first), _passed(db, gate, first)
        tally: Tally = Counter()
        _deliveries(gate, sent, known, Since.read(governance, ("marketing",)), key, tally)
        _passings(gate, passed, known, Since.read(governance, ("marketing", "sharing")), key, tally)
        tally["unproven-consent", OTHER, "none"] += _unproven(gate, known)
        findings = tuple(sorted(Finding(*place, number) for place, number in tally.items() if number))
        done = Checked(first, len(sent), len(passed), findings)
        _record(governance, policy, done, doing.entry, today)
        doing.counts = {"deliveries": done.deliveries, "passed_on": done.passed_on} | _counts(findings)
    return done


def _counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for each in findings:
        counted["unproven" if each.kind == "unproven-consent" else each.kind.replace("-", "_")] += each.number
    return dict(counted)


def _sent(db: Db, gate: MarketingGate, first: date) -> pa.Table:
    said = gate.deliveries
    names = ("person", "campaign", "channel", "email", "phone", "sent_at")
    found = facts.table(db, said, {name: getattr(said, name) for name in names}, since=(said.sent_at, first))
    return found.append_column("day", _days(found["sent_at"]))


def _passed(db: Db, gate: MarketingGate, first: date) -> pa.Table:
    said = gate.passed_on
    columns = {"person": said.person, "company": said.company, "passed": said.day}
    found = facts.table(db, said, columns, since=(said.day, first))
    return found.append_column("day", _days(found["passed"]))


def _days(column: pa.ChunkedArray) -> pa.Array:
    """The day of a date or a moment, as PostgreSQL prints it."""
    return facts.days(pc.binary_slice(column, 0, 10) if len(column) else column)


def _deliveries(
    gate: MarketingGate, sent: pa.Table, known: Facts, since: Since, key: ReferenceKey, tally: Tally
) -> None:
    channel_of = sent["channel"].cast(pa.string())
    for channel in ADDRESS:
        rows = sent.filter(pc.fill_null(pc.equal(channel_of, channel), False))
        if not len(rows):
            continue
        day = rows["day"].to_numpy()
        columns = _identities(rows, gate)
        campaigns = rows["campaign"].cast(pa.string()).to_pylist()
        lists = np.array([each if gate.list_named(each or "") else OTHER for each in campaigns])
        after = since.of(key, list(columns.values()), len(rows)) < day
        codes = _judged(gate, channel, rows["day"], lists, columns, known)
        out = ~np.isin(codes, _ALLOWED) & ~after
        unproven = codes == CODES[Reason.NO_PROOF]
        _add(tally, "after-opt-out", channel, lists[after])
        _add(tally, "no-proof", channel, lists[out & unproven])
        _add(tally, "no-consent", channel, lists[out & ~unproven])
    strange = pc.invert(pc.is_in(channel_of, pa.array([*ADDRESS])))
    tally["unknown-channel", OTHER, "none"] += pc.sum(strange).as_py() or 0


def _identities(rows: pa.Table, gate: MarketingGate) -> dict[str, Addresses]:
    found = {kind: addresses.read(kind, [rows[kind]]) for kind in ("email", "phone")}
    return found | {gate.persons.kind: addresses.read(gate.persons.kind, [rows["person"]])}


def _judged(
    gate: MarketingGate, channel: Channel, day: pa.ChunkedArray, lists: np.ndarray, columns: dict[str, Addresses],
    known: Facts,
) -> Codes:  # fmt: skip
    """Each delivery by the rules of its own day."""
    on = {each: _grounds(gate, channel, each) for each in day.unique().to_pylist()}
    days = day.to_pylist()
    if channel == "post":
        free = np.array(["no-objection" in on[each] for each in days])
        return np.where(free, CODES[Reason.ALLOWED_NO_OBJECTION], CODES[Reason.NO_CONSENT]).astype(np.int8)
    own = {each.list for each in gate.lists if each.own_similar}
    asked = pa.table(
        {
            "address": columns[ADDRESS[channel]].strict,
            "person": columns[gate.persons.kind].strict,
            "day": day,
            "consent": pa.array(["consent" in on[each] for each in days]),
            "customer": pa.array(["customer" in on[a] and b in own for a, b in zip(days, lists, strict=True)]),
        }
    )
    return judge.consent(known.of_channel(gate, channel, None), asked)


def _grounds(gate: MarketingGate, channel: Channel, day: date) -> frozenset[Basis]:
    try:
        return grounds(gate, channel, day, None, own_similar=True)
    except Refused:
        return frozenset()


def _passings(
    gate: MarketingGate, passed: pa.Table, known: Facts, since: Since, key: ReferenceKey, tally: Tally
) -> None:
    called = passed["company"].cast(pa.string())
    strange = pc.invert(
        pc.is_in(called, pa.array([company.called for company in gate.companies.values()], pa.string()))
    )
    tally["unknown-recipient", OTHER, "none"] += pc.sum(strange).as_py() or 0
    for name, company in gate.companies.items():
        rows = passed.filter(pc.fill_null(pc.equal(called, company.called), False))
        if not len(rows):
            continue
        persons = addresses.read(gate.persons.kind, [rows["person"]])
        after = since.of(key, [persons], len(rows)) < rows["day"].to_numpy()
        codes = _agreed_to_pass(gate, name, rows, persons, known)
        tally["shared-after-opt-out", name, "none"] += int(after.sum())
        tally["shared-without-consent", name, "none"] += int((~np.isin(codes, _ALLOWED) & ~after).sum())


def _agreed_to_pass(gate: MarketingGate, company: str, rows: pa.Table, persons: Addresses, known: Facts) -> Codes:
    """Whether each person had agreed to this company; by whatever channel it writes to them."""
    texts = [text for text, said in gate.texts.items() if company in said.companies]
    consents = known.consents.filter(pc.is_in(known.consents["text"], pa.array(texts, pa.string())))
    one = Facts(
        pa.table({"person": known.persons["person"], "address": known.persons["person"]}),
        consents.append_column("proven", consents["told_how"]),
        known.customers,
    )
    size = len(rows)
    asked = {"address": persons.strict, "person": persons.strict, "day": rows["day"],
             "consent": pa.repeat(True, size), "customer": pa.repeat(False, size)}  # fmt: skip
    return judge.consent(one, pa.table(asked))


def _unproven(gate: MarketingGate, known: Facts) -> int:
    """Consents that stand and prove nothing: no known text, no day, or not how."""
    proven = pc.and_(pc.is_in(known.consents["text"], pa.array([*gate.texts], pa.string())), known.consents["told_how"])
    return int(pc.sum(pc.and_(known.consents["stands"], pc.invert(proven))).as_py() or 0)


def _add(tally: Tally, kind: Kind, channel: str, whats: np.ndarray) -> None:
    for what, number in zip(*np.unique(whats, return_counts=True), strict=True):
        tally[kind, str(what), channel] += int(number)


def _record(governance: Db, policy: Policy, done: Checked, entry: int, today: date) -> None:
    row = governance.execute(
        """insert into marketing_check (on_day, from_day, deliveries, passed_on, policy_digest, entry)
           values (%s, %s, %s, %s, %s, %s) returning marketing_check""",
        [today, done.from_day, done.deliveries, done.passed_on, policy.digest, entry],
    ).fetchone()
    for each in done.findings:
        governance.execute(
            "insert into marketing_finding values (%s, %s, %s, %s, %s)",
            [row and row[0], each.kind, each.what, each.channel, each.number],
        )
