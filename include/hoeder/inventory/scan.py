"""Look through one store: everything in it, compared with everything declared of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hoeder.errors import StoreError
from hoeder.inventory import rules
from hoeder.inventory.findings import ColumnFinding, compare
from hoeder.inventory.rules import RuleCount
from hoeder.policy.models import Dataset, Policy, RetentionRule
from hoeder.stores.connection import Connection, connect, s3_client
from hoeder.stores.samples import SampledObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from hoeder.stores.postgres import Connection as Database


@dataclass(frozen=True)
class ObjectCount:
    """Rows of a table, or objects under a prefix."""

    object: str
    rows: int
    bytes: int | None


@dataclass(frozen=True)
class Scan:
    """What a store holds. `problems` tells what could not be read; it is no part of the findings' silence."""

    store: str
    objects: tuple[ObjectCount, ...]
    findings: tuple[ColumnFinding, ...]
    rules: tuple[RuleCount, ...]
    problems: tuple[str, ...]


def scan_store(name: str, policy: Policy, connection: Connection, today: date) -> Scan:
    """Read one store. Raises StoreError where nothing of it can be read; what is wrong with a part is in `problems`."""
    store = policy.stores[name]
    dataset = next((dataset for dataset in policy.datasets.values() if dataset.store == name), None)
    in_force = [rule for rule in policy.rules_on(today) if rule.store == name]
    if store.kind == "s3":
        client = s3_client(connection)
        seen = read_bucket(client, store.bucket or "", dataset)
        count: Callable[[RetentionRule], RuleCount] = lambda rule: rules.count_objects(  # noqa: E731
            client, store.bucket or "", rule, today
        )
        return _scan(name, dataset, seen, in_force, count)
    with connect(connection) as db:
        seen = read_database(db, store.schemas)
        return _scan(name, dataset, seen, in_force, lambda rule: rules.count_rows(db, store.schemas, rule, today))


def read_database(db: Database, schemas: tuple[str, ...]) -> list[SampledObject]:
    """Every relation of a database, sampled."""
    from hoeder.stores import postgres

    postgres.read_only(db)
    return [postgres.sample(db, relation) for relation in postgres.relations(db, schemas)]


def read_bucket(client: S3Client, bucket: str, dataset: Dataset | None, *, within: str = "") -> list[SampledObject]:
    """Every declared prefix of a bucket and whatever else is in it, sampled."""
    from hoeder.stores import s3

    s3.check(client, bucket)
    prefixes = dataset.prefixes if dataset else {}
    seen = []
    for name, group in s3.groups(client, bucket, prefixes, within=within).items():
        prefix = prefixes.get(name)
        format, columns = (prefix.format, prefix.columns) if prefix else (None, {})
        seen.append(s3.sample(client, bucket, name, group, format, columns))
    return seen


def _scan(
    name: str,
    dataset: Dataset | None,
    seen: list[SampledObject],
    in_force: list[RetentionRule],
    count: Callable[[RetentionRule], RuleCount],
) -> Scan:
    findings = compare(name, seen, dataset)
    problems = [f"{thing.name}: {thing.problem}" for thing in seen if thing.problem]
    counted: list[RuleCount] = []
    for rule in in_force:
        try:
            counted.append(count(rule))
        except rules.AnchorMissing as error:
            findings = rules.with_missing_anchor(findings, rule, str(error))
        except StoreError as error:
            problems.append(f"rule {rule.rule}: {error}")
    objects = tuple(ObjectCount(thing.name, thing.rows, thing.bytes) for thing in seen if thing.rows is not None)
    return Scan(name, objects, tuple(findings), tuple(counted), tuple(problems))
