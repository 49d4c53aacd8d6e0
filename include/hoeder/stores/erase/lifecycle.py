"""The lifecycle of a bucket: what the store itself erases, day after day, without asking anybody at the door.

It is written at the door all the same, and only for places where no hold can keep a single object; a hold on the whole
place switches its rule off.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.exceptions import ClientError

from hoeder.governance.protection import Protections
from hoeder.policy import RetentionRule
from hoeder.stores.erase import door

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

OURS = "hoeder-"
"""How the rules that Hoeder writes are named."""
_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True)
class Lifecycle:
    """All rules of a bucket's lifecycle, in the order of their names."""

    rules: tuple[dict[str, Any], ...]

    @property
    def canonical(self) -> str:
        """One text for one meaning."""
        return json.dumps(sorted(self.rules, key=lambda rule: str(rule.get("ID"))), sort_keys=True, default=str)


def days_of(rule: RetentionRule) -> int:
    """The term in days. Raises ValueError for one that no lifecycle can express."""
    if rule.keep.unit not in _DAYS:
        raise ValueError(f"a lifecycle counts days, and {rule.keep} is in {rule.keep.unit}s")
    return rule.keep.count * _DAYS[rule.keep.unit]


def compiled(rules: Sequence[RetentionRule], protections: Protections) -> Lifecycle:
    """The lifecycle that keeps these rules of one bucket: old versions and unfinished uploads go as well."""
    return Lifecycle(tuple(_rule(rule, protections) for rule in sorted(rules, key=lambda rule: rule.rule)))


def _rule(rule: RetentionRule, protections: Protections) -> dict[str, Any]:
    held = protections.of(rule.store, rule.target, ()) is not None
    return {
        "ID": f"{OURS}{rule.rule}",
        "Filter": {"Prefix": rule.target},
        "Status": "Disabled" if held else "Enabled",
        "Expiration": {"Days": days_of(rule)},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }


def in_force(client: S3Client, bucket: str) -> Lifecycle:
    """What the bucket has; no rules where it has none. Raises botocore's errors."""
    try:
        found = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as error:
        if error.response["Error"].get("Code") == "NoSuchLifecycleConfiguration":
            return Lifecycle(())
        raise
    return Lifecycle(tuple(sorted((dict(rule) for rule in found), key=lambda rule: str(rule.get("ID")))))


def write(client: S3Client, governance: Db, bucket: str, lifecycle: Lifecycle) -> None:
    """Put a lifecycle in force, inside an open door. Raises botocore's errors."""
    door.still_open(governance)
    if lifecycle.rules:
        rules: list[Any] = list(lifecycle.rules)
        client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    else:
        client.delete_bucket_lifecycle(Bucket=bucket)
