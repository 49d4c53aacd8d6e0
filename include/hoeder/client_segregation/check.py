"""Run every look, and write down what came of it: counts by client, store and place."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from hoeder.client_segregation import crossed, handed, named, trial
from hoeder.client_segregation.found import Kind, Separation, Trial
from hoeder.clock import AMSTERDAM
from hoeder.errors import EvidenceError, PolicyError, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy
from hoeder.policy.access_review import CLIENT, AccessReview
from hoeder.policy.dataset import Table
from hoeder.stores.connection import Resolver, connect, s3_client
from hoeder.stores.postgres import Relation, read_only, relations

Db = psycopg.Connection[tuple[Any, ...]]
log = logging.getLogger(__name__)
CAPABILITY, OBJECT = "client_segregation", "clients"
_RELEASES, _RETURNS = "releases", "returns"
"""Stores by the names that anonymization and retention use."""


@dataclass(frozen=True)
class Checked:
    """What a check came to; counts only."""

    check: int
    trials: int
    apart: int
    notes: int
    objects: int
    findings: tuple[Separation, ...]

    @property
    def whole(self) -> bool:
        """Whether every role and place could be looked through."""
        return not any(f.kind in (Kind.ROLE_UNREADABLE, Kind.ROLE_MISSING) for f in self.findings)


def run(policy: Policy, resolve: Resolver, governance: Db, *, run: ledger.Run, now: datetime) -> Checked:
    """Look, and record. A store or role that cannot be read is a finding of its own, and the ledger says `partial`.

    Raises PolicyError where policy knows no client or no access_review.yaml.
    """
    access = policy.access_review
    if access is None or not policy.processing.clients:
        raise PolicyError("policy has no clients in processing.yaml, or no groups in access_review.yaml")
    ledger.register_policy(governance, policy)
    governance.commit()
    with ledger.act(governance, run, Activity.CLIENT_SEGREGATION_CHECK, OBJECT) as act:
        trials: list[Trial] = []
        findings: list[Separation] = []
        notes = objects = 0
        for store in _stores(policy):
            try:
                tried, found, read = _database(policy, access, store, resolve)
            except StoreError as error:
                log.warning("%s: %s", store, error)
                findings.append(Separation(Kind.ROLE_UNREADABLE, store, ""))
                continue
            trials, findings, notes = trials + tried, findings + found, notes + read
        for store in (_RELEASES, _RETURNS):
            try:
                found, read = _objects(policy, store, resolve, governance)
            except StoreError as error:
                governance.rollback()
                log.warning("%s: %s", store, error)
                findings.append(Separation(Kind.ROLE_UNREADABLE, store, ""))
                continue
            findings, objects = findings + found, objects + read
        kept = tuple(dict.fromkeys(sorted(findings, key=astuple)))
        checked = _record(governance, policy, trials, kept, notes, objects, act.entry, now)
        counted = Counter(finding.kind.replace("-", "_") for finding in kept)
        act.counts = dict(counted) | {
            "trials": checked.trials, "apart": checked.apart, "notes": notes, "objects": objects, "findings": len(kept),
        }  # fmt: skip
        act.outcome = Outcome.DONE if checked.whole else Outcome.PARTIAL
    return checked


def age_out(governance: Db, policy: Policy, today: date) -> int:
    """Let go of looks as old as ledger entries may get; how many."""
    before = policy.organisation.ledger_begins(today)
    row = governance.execute("select separation_age_out(%s)", [before]).fetchone()
    governance.commit()
    return int(row[0]) if row else 0


def _stores(policy: Policy) -> Iterator[str]:
    """Stores with a table of clients' rows."""
    for name, dataset in policy.datasets.items():
        if any(table.client_column for table in dataset.tables.values()):
            yield name


def _database(
    policy: Policy, access: AccessReview, store: str, resolve: Resolver
) -> tuple[list[Trial], list[Separation], int]:
    told = policy.stores[store]
    values = {name: str(client.value) for name, client in policy.processing.clients.items()}
    roles = {
        client: pattern.replace(CLIENT, client)
        for pattern, group in access.groups.items()
        if CLIENT in pattern and group.store == store
        for client in values
    }
    with connect(resolve(f"{told.connection}_{CAPABILITY}")) as db:
        read_only(db)
        tables = _tables(policy, store, relations(db, told.schemas))
        tried = trial.trials(db, store, tables, roles, values)
        found = [
            *trial.findings(tried),
            *crossed.crossed(db, store, tables),
            *crossed.views(db, store, tables, list(roles.values())),
        ]
        in_notes, read = named.named(db, store, tables, values)
    if not roles:
        found += [Separation(Kind.ROLE_MISSING, store, "", client) for client in values]
    return tried, found + in_notes, read


def _tables(policy: Policy, store: str, there: list[Relation]) -> dict[str, tuple[Relation, Table]]:
    """Declared tables with a client column, as they are. Raises StoreError where one is not there."""
    by_name = {relation.name: relation for relation in there}
    found = {}
    for name, table in policy.datasets[store].tables.items():
        if table.client_column:
            if name not in by_name:
                raise StoreError(f"{store}.{name} is declared and not there")
            found[name] = (by_name[name], table)
    return found


def _objects(policy: Policy, store: str, resolve: Resolver, governance: Db) -> tuple[list[Separation], int]:
    told = policy.stores.get(store)
    if told is None or told.bucket is None:
        return [], 0
    client = s3_client(resolve(f"{told.connection}_{CAPABILITY}"))
    if store == _RELEASES:
        return handed.releases(client, governance, store, told.bucket, policy.releases)
    return handed.returns(client, governance, store, told.bucket)


def _record(
    governance: Db,
    policy: Policy,
    trials: list[Trial],
    findings: tuple[Separation, ...],
    notes: int,
    objects: int,
    entry: int,
    now: datetime,
) -> Checked:
    plain = json.dumps([[astuple(t) for t in trials], [astuple(f) for f in findings]], separators=(",", ":"))
    row = governance.execute(
        """insert into separation_check (on_day, policy_digest, digest, notes, objects, entry)
           values (%s, %s, %s, %s, %s, %s) returning "check" """,
        [now.astimezone(AMSTERDAM).date(), policy.digest, hashlib.sha256(plain.encode()).hexdigest(), notes, objects,
         entry],
    ).fetchone()  # fmt: skip
    if row is None:
        raise EvidenceError("the governance database took no check")
    with governance.cursor() as cursor:
        cursor.executemany(
            """insert into separation_trial ("check", store, place, client, outcome, own, others)
               values (%s, %s, %s, %s, %s, %s, %s)""",
            [(row[0], *astuple(each)) for each in trials],
        )
        cursor.executemany(
            """insert into separation_finding ("check", kind, store, place, client, number)
               values (%s, %s, %s, %s, %s, %s)""",
            [(row[0], *astuple(each)) for each in findings],
        )
    governance.commit()
    apart = sum(each.outcome in (trial.APART, trial.NO_ACCESS) for each in trials)
    return Checked(row[0], len(trials), apart, notes, objects, findings)
