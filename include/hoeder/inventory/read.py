"""Read one part of a store, and hold everything in it against what policy declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from hoeder.errors import StoreError
from hoeder.inventory import clients, rules, signals, unchanged
from hoeder.inventory.clients import ClientRows
from hoeder.inventory.findings import WHOLE
from hoeder.inventory.observed import Kind, Observed
from hoeder.inventory.reading import Met, Reading
from hoeder.inventory.result import ObjectResult, PartResult
from hoeder.policy.dataset import Table
from hoeder.policy.models import Policy
from hoeder.stores.anchors import StoredObject, iter_objects
from hoeder.stores.connection import Connection, connect, s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from hoeder.stores.postgres import Connection as Database
    from hoeder.stores.postgres import Relation


_ELSEWHERE = "/"
"""What a listing calls the objects outside every folder that has a name of its own."""


def part(
    name: str,
    policy: Policy,
    connection: Connection,
    names: Sequence[str] | None,
    before: Mapping[str, ObjectResult],
    *,
    today: date,
    now: datetime,
) -> tuple[PartResult, list[str]]:
    """Read some tables or prefixes of a store, or (None) all of it; what could not be read is told beside it.

    Raises StoreError where nothing can be read.
    """
    store = policy.stores[name]
    dataset = next((dataset for dataset in policy.datasets.values() if dataset.store == name), None)
    in_force = tuple(rule for rule in policy.rules_on(today) if rule.store == name)
    reading = Reading(name, store, dataset, in_force, before, now)
    if store.kind == "s3":
        _bucket(reading, s3_client(connection), names, today)
    else:
        with connect(connection) as db:
            _database(reading, db, names, today)
    result = reading.judged()
    return result, reading.problems


def _database(reading: Reading, db: Database, names: Sequence[str] | None, today: date) -> None:
    from hoeder.stores import postgres

    postgres.read_only(db)
    there = {relation.name: relation for relation in postgres.relations(db, reading.store.schemas)}
    declared = reading.dataset.tables if reading.dataset else {}
    prints = unchanged.of_tables(db, there.values())
    for name in sorted(there.keys() | declared.keys()) if names is None else names:
        table, relation = declared.get(name), there.get(name)
        if relation is None and table is None:
            continue  # gone since the store was divided, and nobody speaks of it
        missing = reading.count(name, lambda rule: rules.count_rows(db, reading.store.schemas, rule, today))
        home = clients.home_of(reading.dataset, table) if reading.dataset and table else None
        fingerprint = prints.get(name)
        if fingerprint and home:
            fingerprint = f"{fingerprint} {prints[home]}" if home in prints else None
        if reading.keep(name, fingerprint):
            continue
        place = (
            f"postgres://{db.info.host}:{db.info.port}",
            f"{db.info.dbname}.{relation.schema if relation else reading.store.schemas[0]}."
            f"{relation.table if relation else name}",
        )
        more, counts = _clients(reading, db, there, relation, table, home) if relation and table else ([], ())
        thing = postgres.sample(db, relation, reading.pace) if relation else None
        reading.met.append(Met(name, thing, missing, fingerprint, place, more, counts))


def _clients(
    reading: Reading,
    db: Database,
    there: Mapping[str, Relation],
    relation: Relation,
    table: Table,
    home: str | None,
) -> tuple[list[Observed], tuple[ClientRows, ...]]:
    """Rows per client and rows under the wrong one, where the table says whose its rows are."""
    readable = {column.name for column in relation.columns if column.readable}
    if table.client_column is None or table.client_column not in readable:
        return [], ()
    try:
        counts = clients.rows_per_client(db, relation, table.client_column)
        if (
            home is None
            or home not in there
            or not reading.dataset
            or not table.subject
            or table.subject.column not in readable
        ):
            return [], counts
        stray = clients.mixed(db, (there[home], reading.dataset.tables[home]), (relation, table))
    except StoreError as error:
        reading.problems.append(f"{relation.name}: {error}")
        return [], ()
    return [stray] if stray else [], counts


def _bucket(reading: Reading, client: S3Client, names: Sequence[str] | None, today: date) -> None:
    from hoeder.stores import s3

    bucket, declared = reading.store.bucket or "", reading.dataset.prefixes if reading.dataset else {}
    s3.check(client, bucket)
    if names is None:
        names = list(s3.groups(client, bucket, declared))
    for name in names:
        missing = reading.count(name, lambda rule: rules.count_objects(client, bucket, rule, today))
        within = "" if name == _ELSEWHERE else name
        listed, papers = _survey(client, bucket, within, declared)
        fingerprint = None if name == _ELSEWHERE else listed
        if reading.keep(name, fingerprint):
            continue
        group = s3.groups(client, bucket, declared, within=within).get(name)
        if group is None:
            continue  # gone since the bucket was divided, and nobody speaks of it
        prefix = declared.get(name)
        thing = (
            s3.sample(client, bucket, name, group, prefix.format, prefix.columns, reading=reading.pace)
            if prefix
            else s3.sample(client, bucket, name, group, reading=reading.pace)
        )
        more = []
        if papers and not (prefix and "identity-document" in prefix.may_hold):
            evidence = f"named as an identity document: {papers} of {group.objects} objects"
            kind = Kind.IDENTITY_DOCUMENT
            more.append(Observed(name, WHOLE, kind, None, "user.government_id", 0.9, evidence))
        place = (f"s3://{bucket}", name)
        reading.met.append(Met(name, thing, missing, fingerprint, place, more))


def _survey(client: S3Client, bucket: str, within: str, declared: Mapping[str, object]) -> tuple[str, int]:
    """A fingerprint of the objects under a prefix that lie under no other declared one, and how many are named so."""
    from botocore.exceptions import BotoCoreError, ClientError

    from hoeder.stores.contents import reason

    others = tuple(prefix for prefix in declared if prefix != within)
    papers = 0

    def counted() -> Iterator[StoredObject]:
        nonlocal papers
        for stored in iter_objects(client, bucket, within):
            if not stored.key.startswith(others):
                papers += signals.shows_identity_document(stored.key.rpartition("/")[2])
                yield stored

    try:
        return unchanged.of_objects(counted()), papers
    except (BotoCoreError, ClientError) as error:
        raise StoreError(f"cannot list bucket {bucket}: {reason(error)}") from error
