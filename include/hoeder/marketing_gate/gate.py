"""Judge a list and put what may be used of it apart, with evidence of both."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pyarrow as pa

from hoeder.errors import PolicyError, Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome, Run
from hoeder.governance import shared
from hoeder.marketing_gate import facts, hashed, lists, opt_outs
from hoeder.marketing_gate.hashed import references
from hoeder.marketing_gate.judge import Reason
from hoeder.marketing_gate.lists import Listed
from hoeder.marketing_gate.sift import Sifted, grounds, sift
from hoeder.policy import Policy
from hoeder.policy.marketing_gate import Channel, MailingList, MarketingGate
from hoeder.policy.suggest import did_you_mean
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect, s3_client

Db = psycopg.Connection[tuple[Any, ...]]
CAPABILITY = "marketing_gate"


@dataclass(frozen=True)
class Gated:
    """What came of a list. `result` is the SHA-256 of the file with the allowed lines, None where there are none."""

    list: str
    channel: Channel
    source: str
    result: str | None
    listed: int
    allowed: int
    reasons: dict[Reason, int]


def declared(policy: Policy) -> MarketingGate:
    """What policy says about marketing. Raises PolicyError where it says nothing: then nobody may be approached."""
    if policy.marketing_gate is None:
        raise PolicyError("policy has no marketing_gate.yaml: write down by which rules whom may be approached")
    return policy.marketing_gate


def named(gate: MarketingGate, name: str, channel: str) -> tuple[MailingList, Channel]:
    """A list of policy and one of its channels. Raises Refused for what policy does not know."""
    listed = gate.list_named(name)
    if listed is None:
        known = [each.list for each in gate.lists]
        raise Refused(f"policy has no list of that name{did_you_mean(name, known)}; there are: {', '.join(known)}")
    chosen = next((each for each in listed.channels if each == channel), None)
    if chosen is None:
        raise Refused(f"list {listed.list} is for {', '.join(listed.channels)}, and for no other channel")
    return listed, chosen


def register(db: Db, policy: Policy, gate: MarketingGate) -> None:
    """Let the ledger know the names that it will be told."""
    ledger.register_policy(db, policy)
    ledger.register_names(db, policy.digest, [*(each.list for each in gate.lists), *gate.companies])


def gate_list(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, name: str, channel: str, *, run: Run,
    today: date,
) -> Gated:  # fmt: skip
    """Take over who said no, judge a list as it is now, and store the allowed lines under `allowed_into`.

    Connections: `<connection of the store>_marketing_gate`. Raises Refused or StoreError, recorded as such, where the
    list cannot be read as a whole or no rule is in force; then nothing is stored.
    """
    gate = declared(policy)
    listed, on = named(gate, name, channel)
    register(governance, policy, gate)
    governance.commit()
    home = policy.stores[gate.persons.store]
    with connect(resolve(f"{home.connection}_{CAPABILITY}"), autocommit=True) as db:
        opt_outs.take_over(db, governance, gate, key, run, today=today)
        activity = Activity.MARKETING_SHARE if listed.to else Activity.MARKETING_GATE
        with ledger.act(governance, run, activity, listed.list) as doing:
            try:
                grounds(gate, on, today, listed.to, listed.own_similar)
                read = _read(policy, resolve, listed, db if listed.store == gate.persons.store else None)
                known = facts.read(db, gate)
            except Refused:
                doing.outcome = Outcome.REFUSED
                raise
            scopes = ("marketing", "sharing") if listed.to else ("marketing",)
            columns = read.identities(listed)
            sifted = sift(
                gate, listed, on, today, columns=columns, facts=known, opted_out=hashed.opted_out(governance, scopes),
                restricted=hashed.restricted(governance, gate.persons.store), key=key,
            )  # fmt: skip
            done = _hand_out(policy, resolve, gate, governance, key, listed, on, read, sifted, doing.entry, today)
            counts = {reason.replace("-", "_"): number for reason, number in done.reasons.items()}
            doing.counts = {"listed": done.listed, "allowed": done.allowed, **counts}
            doing.digest = done.result or done.source
            doing.outcome = Outcome.DONE if done.listed else Outcome.NOTHING
    return done


def _read(policy: Policy, resolve: Resolver, listed: MailingList, db: Db | None) -> Listed:
    store = policy.stores[listed.store]
    connection = resolve(f"{store.connection}_{CAPABILITY}")
    if not listed.is_table:
        return lists.from_object(s3_client(connection), store.bucket or "", listed)
    if db is not None:
        return lists.from_table(db, listed)
    with connect(connection, autocommit=True) as other:
        return lists.from_table(other, listed)


def _hand_out(
    policy: Policy, resolve: Resolver, gate: MarketingGate, governance: Db, key: ReferenceKey, listed: MailingList,
    channel: Channel, read: Listed, sifted: Sifted, entry: int, today: date,
) -> Gated:  # fmt: skip
    """Whom a company gets is written down before it can get them, then the file is stored, then the judgement."""
    allowed = sifted.allowed
    rows = read.rows.filter(pa.array(allowed))
    result = None
    if len(rows):
        store, _, prefix = gate.allowed_into.partition(":")
        dataset = policy.datasets.get(store)
        content = lists.handed_out(rows, dataset.prefixes[prefix].columns if dataset else ())
        result = hashlib.sha256(content).hexdigest()
        if listed.to is not None:
            for kind, columns in read.identities(listed).items():
                there = columns.strict.filter(pa.array(allowed)).drop_null()
                marked = references(key, kind, there)
                shared.note(governance, kind, [(each.tobytes(), listed.to, today) for each in marked], entry)
            governance.commit()
        place = policy.stores[store]
        name = f"{prefix}date={today}/{listed.list}-{channel}-{result[:16]}.parquet"
        client = s3_client(resolve(f"{place.connection}_{CAPABILITY}"))
        lists.put(client, place.bucket or "", name, content, today)
    done = Gated(listed.list, channel, read.digest, result, len(read.rows), len(rows), sifted.counts)
    _record(governance, policy, done, listed, entry, today)
    return done


def _record(governance: Db, policy: Policy, done: Gated, listed: MailingList, entry: int, today: date) -> None:
    row = governance.execute(
        """insert into marketing_gating (on_day, list, channel, recipient, source, result, listed, allowed,
                                         policy_digest, entry)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning gating""",
        [today, done.list, done.channel, listed.to, done.source, done.result, done.listed, done.allowed, policy.digest,
         entry],
    ).fetchone()  # fmt: skip
    for reason, number in done.reasons.items():
        governance.execute("insert into marketing_reason values (%s, %s, %s)", [row and row[0], reason, number])
