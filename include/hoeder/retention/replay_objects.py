"""The objects of a restored bucket: erased again whole, or the rows inside of them, and looked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.governance.journal import NamedBy
from hoeder.governance.protection import Protections
from hoeder.policy.dataset import Prefix, Store
from hoeder.policy.retention import Act, RetentionRule
from hoeder.pseudonym import ReferenceKey
from hoeder.retention.wanted import Replayed, Wanted
from hoeder.stores.connection import Connection, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.erase import erase_object, open_door
from hoeder.stores.erase.inside import erase_inside
from hoeder.stores.find import find
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

OBJECTS = 100
"""Objects per opening of the door."""


def replay_objects(
    store: str,
    place: Store,
    prefixes: dict[str, Prefix],
    rules: Sequence[RetentionRule],
    account: Connection,
    governance: Db,
    key: ReferenceKey,
    wanted: Sequence[Wanted],
    done: Replayed,
) -> tuple[Replayed, list[str]]:
    """Erase objects, and rows inside of them, of a restored bucket again, and look for what is left."""
    client = s3_client(account)
    bucket = place.bucket or ""
    problems: list[str] = []
    try:
        for each in wanted:
            prefix, here = prefixes.get(each.target), [rule for rule in rules if rule.target == each.target]
            if prefix is None or not here:
                problems.append(f"{each.target}: the journal speaks of it and policy does not; declare it again")
                continue
            try:
                done = _prefix(store, client, bucket, prefix, here[0], each, governance, key, done)
                for selection in _selections(each, here, prefix, governance, key):
                    done = _inside(client, bucket, each.target, selection, governance, key, done)
                done = replace(done, corrections=(*done.corrections, *each.corrections()))
            except (ClientError, BotoCoreError) as error:
                problems.append(f"{each.target}: {reason(error)}")
    finally:
        client.close()
    return done, problems


def _prefix(
    store: str,
    client: S3Client,
    bucket: str,
    prefix: Prefix,
    rule: RetentionRule,
    each: Wanted,
    governance: Db,
    key: ReferenceKey,
    done: Replayed,
) -> Replayed:
    objects = {name: key.row(store, each.target, name) for name in _names(client, bucket, each.target)}
    going = [name for name, reference in objects.items() if reference in each.erase[NamedBy.RECORD]]
    protected: set[str] = set()
    for start in range(0, len(going), OBJECTS):
        with open_door(governance, key) as holds:
            for name in going[start : start + OBJECTS]:
                came = erase_object(
                    client, governance, holds, bucket=bucket, prefix=prefix, rule=rule, due_by=None, object_key=name,
                )  # fmt: skip
                if came.held:
                    protected.add(name)
                done = replace(done, erased=done.erased + came.erased, held=done.held + came.held)
    earlier = sum(reference in each.earlier[NamedBy.RECORD] for reference in objects.values())
    gone = {name for name in going if name not in protected}
    left = sum(name in gone for name in _names(client, bucket, each.target)) if gone else 0
    return replace(done, remaining=done.remaining + left, earlier=done.earlier + earlier)


def _selections(
    each: Wanted, here: Sequence[RetentionRule], prefix: Prefix, governance: Db, key: ReferenceKey
) -> Iterator[Selection]:
    """Rows inside objects: those whose term was over when their rule erased some, and those of persons who were named.

    A row of an object has no name of its own, and an old version of it comes back as a new one: what is known is the
    day up to which the plan looked.
    """
    for rule in here:
        plans = list(each.plans.get(rule.rule, ()))
        if rule.then.act is Act.REWRITE and plans:
            row = governance.execute(
                "select max(anchor_until) from plan_part where rule = %s and plan = any(%s)", [rule.rule, plans]
            ).fetchone()
            governance.commit()
            if row and row[0]:
                yield Selection(
                    rule.store, rule.target, prefix.identifying, rule.keep.anchors, row[0], rule.pending, key=key
                )
    if persons := each.erase[NamedBy.SUBJECT]:
        kinds = set(prefix.identifying.values())
        named = frozenset((kind, reference) for kind in kinds for reference in persons)
        yield Selection(here[0].store, each.target, prefix.identifying, persons=named, key=key)


def _inside(
    client: S3Client,
    bucket: str,
    prefix: str,
    selection: Selection,
    governance: Db,
    key: ReferenceKey,
    done: Replayed,
) -> Replayed:
    """Take these rows out of every object, and look again."""
    went = erase_inside(client, bucket, selection, governance, key)
    done = replace(done, erased=done.erased + went.erased, held=done.held + went.held)
    protections = Protections.read(governance, key)
    governance.commit()
    judged = replace(selection, protections=protections)
    left = sum(
        each.seen.goes for each in find(client, bucket, prefix, judged) if each.version.latest or not each.seen.held
    )
    return replace(done, remaining=done.remaining + left)


def _names(client: S3Client, bucket: str, prefix: str) -> Iterator[str]:
    """Every key under a prefix that has a version or a delete marker."""
    last = None
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        versions = [item["Key"] for item in page.get("Versions", [])]
        markers = [item["Key"] for item in page.get("DeleteMarkers", [])]
        for name in sorted({*versions, *markers}):
            if name != last:
                last = name
                yield name
