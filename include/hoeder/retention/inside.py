"""Which objects hold rows that are due: the same question for planning, rewriting and verifying."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.clock import latest_due_anchor
from hoeder.errors import StoreError
from hoeder.governance.protection import Protections
from hoeder.policy import Prefix, RetentionRule
from hoeder.pseudonym import ReferenceKey
from hoeder.retention.due import Overview, Record
from hoeder.stores import rewrite
from hoeder.stores.contents import reason
from hoeder.stores.find import find
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.ranged import Tails
from hoeder.stores.rewrite import Version
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class RewriteTarget:
    """The rows inside the objects of one prefix under one rule. Its records are versions of objects that hold some.

    `protections` and `index` are the caller's to set: without the first every due row counts, without the second every
    object is looked into.
    """

    def __init__(self, client: S3Client, rule: RetentionRule, bucket: str, prefix: Prefix, as_of: date) -> None:
        self.client = client
        self.rule = rule
        self.bucket = bucket
        self.prefix = prefix
        self.as_of = as_of
        self.protections: Protections | None = None
        self.index: ObjectIndex | None = None
        self.tails = Tails()
        self._wanted: Callable[[Version], bool] | None = None
        self._seen = Overview(0, None)

    def records(self) -> Iterator[Record]:
        """Every version that holds a row which goes. Raises StoreError."""
        missing, oldest = 0, None
        try:
            rewrite.must_have_versions(self.client, self.bucket)
            looked = find(
                self.client, self.bucket, self.rule.target, self.selection(), self.index, wanted=self._wanted,
                tails=self.tails,
            )  # fmt: skip
            for found in looked:
                missing += found.seen.missing if found.version.latest else 0
                if found.seen.goes:
                    first = found.seen.oldest or self.as_of
                    oldest = min(first, oldest or first)
                    yield Record(found.version.name, found.seen.oldest)
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"store {self.rule.store}: {self.rule.target}: {reason(error)}") from error
        self._seen = Overview(missing, oldest)

    def only(self, planned: Collection[bytes], key: ReferenceKey, written: Collection[str] = ()) -> None:
        """From now on look into the planned versions alone, and into those that were `written` in their place.

        Nothing of another version is fetched: that it holds rows of the rule is for the next plan to say.
        """
        store, target = self.rule.store, self.rule.target
        self._wanted = lambda version: (
            version.version in written or key.row(store, target, version.name) in planned
        )  # fmt: skip

    def overview(self) -> Overview:
        """What `records` saw; meaningful after it has ended."""
        return self._seen

    def selection(self, protections: Protections | None = None) -> Selection:
        """The rows that are due under the rule."""
        return Selection(
            self.rule.store, self.rule.target, self.prefix.identifying, self.rule.keep.anchors,
            latest_due_anchor(self.as_of, self.rule.keep, floor=self.rule.is_floor), self.rule.pending,
            protections=protections or self.protections,
        )  # fmt: skip
