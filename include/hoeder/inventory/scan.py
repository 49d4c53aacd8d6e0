"""Read all of a database or bucket: for one look at a store that no policy speaks of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hoeder.stores.samples import Reading, SampledObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from hoeder.stores.postgres import Connection as Database


def read_database(db: Database, reading: Reading, schema: str | None = None) -> list[SampledObject]:
    """Every relation of a database, or of one schema; those outside `public` and that schema under their full name."""
    from hoeder.stores import postgres

    postgres.read_only(db)
    found = postgres.relations(db, (schema or "public",))
    return [postgres.sample(db, relation, reading) for relation in found if schema in (None, relation.schema)]


def read_bucket(client: S3Client, bucket: str, within: str, reading: Reading) -> list[SampledObject]:
    """Everything in a bucket, or under a prefix of it."""
    from hoeder.stores import s3

    s3.check(client, bucket)
    found = s3.datasets(client, bucket, within=within, full=reading.full)
    seen = [s3.sample(client, bucket, name, group, reading=reading) for name, group in found.items()]
    return [replace(thing, declared=True) for thing in seen]  # no policy speaks of any of them
