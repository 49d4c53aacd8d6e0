"""Objects of buckets in which a person stands: in what an object carries, in a message's header, or in rows inside.

What was seen of an object is kept as a filter over keyed references, so that the next search reads none that cannot
hold the person. Nothing follows from an object: who else stands in it is not asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.persons import marks, normal
from hoeder.persons.person import Certainty, Identity, Match, Outcome, Place, Scope
from hoeder.policy import Policy
from hoeder.policy.base import Role
from hoeder.policy.dataset import Prefix
from hoeder.pseudonym import ReferenceKey
from hoeder.stores import rewrite
from hoeder.stores.bloom import Bloom, halves, holding
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.find import column_of, find
from hoeder.stores.looked import Looked
from hoeder.stores.object_index import ObjectIndex
from hoeder.stores.rewrite import Version
from hoeder.stores.selection import Selection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

ROWS = frozenset({"parquet", "jsonl.gz"})
"""Formats that hold a row for each event; an object of any other is about one person, or a message."""
WEAK = frozenset({"phone"})
"""Kinds that households and colleagues share."""
_HEADER = 32 * 1024
_AT_ONCE, _LISTED = 16, 8
_ADDRESSED = ("from", "to", "cc", "reply-to", "sender")


@dataclass(frozen=True)
class Asked:
    """What one person is known by, and how possible matches of theirs were judged."""

    identities: frozenset[Identity]
    confirmed: frozenset[bytes] = frozenset()
    refused: frozenset[bytes] = frozenset()


def selection(
    store: str, name: str, prefix: Prefix, key: ReferenceKey, identities: Iterable[Identity], kinds: Iterable[str]
) -> Selection | None:
    """Rows inside objects that name somebody by one of `kinds`; None where nothing of it is known."""
    wanted = frozenset(kinds) & frozenset(prefix.identifying.values())
    persons = frozenset(marks.references(key, [each for each in identities if each[0] in wanted]))
    columns = {column: kind for column, kind in prefix.identifying.items() if kind in wanted}
    return Selection(store, name, columns, persons=persons, key=key) if persons else None


def in_scope(policy: Policy, scope: Scope) -> dict[str, dict[str, Prefix]]:
    """Prefixes that can say whose their objects are, by store: our own, or those held for clients."""
    found: dict[str, dict[str, Prefix]] = defaultdict(dict)
    for store, dataset in policy.datasets.items():
        for name, prefix in dataset.prefixes.items():
            of_clients = (prefix.role or policy.stores[store].role) is Role.PROCESSOR
            if prefix.identifying and of_clients == bool(scope.client):
                found[store][name] = prefix
    return dict(found)


def find_objects(
    policy: Policy,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    persons: Mapping[UUID, Asked],
    scope: Scope,
    *,
    capability: str = "rights",
) -> tuple[dict[UUID, list[Match]], list[Place]]:
    """Objects and versions that hold something of each person, by case, and every prefix that was (not) looked into.

    A match's key is the object's; with `\\0` and the version's behind it where only that version is meant: one with
    rows inside, or an earlier one of an object that is somebody else's now. What was learnt is committed.
    """
    matches: dict[UUID, list[Match]] = {case: [] for case in persons}
    places: list[Place] = []
    asked: list[tuple[str, str, Prefix, dict[UUID, Asked]]] = []
    for store, prefixes in in_scope(policy, scope).items():
        for name, prefix in prefixes.items():
            kinds = frozenset(prefix.identifying.values())
            meant = {
                case: each
                for case, each in persons.items()
                if not kinds.isdisjoint(kind for kind, _ in each.identities)
            }
            if scope.client:
                why = "nothing says which client's its objects are"
                places.append(Place(store, name, Outcome.UNREACHABLE, reason=why))
            elif meant:
                asked.append((store, name, prefix, meant))
            else:
                places.append(Place(store, name, Outcome.NOTHING_TO_ASK))
    with _Listings(policy, resolve, capability, [(store, name) for store, name, _, _ in asked]) as listings:
        for store, name, prefix, meant in asked:
            try:
                client, versions = listings.of(store, name)
                index = ObjectIndex(governance, key, store)
                there = _Prefix(client, str(policy.stores[store].bucket), store, name, prefix, key, index, versions)
                found = list(there.rows(meant) if prefix.format in ROWS else there.carried(meant))
                governance.commit()
            except (StoreError, ClientError, BotoCoreError) as error:
                governance.rollback()
                said = str(error) if isinstance(error, StoreError) else f"{name}: {reason(error)}"
                places.append(Place(store, name, Outcome.UNREACHABLE, reason=said))
                continue
            for case, match in found:
                matches[case].append(match)
            possible = sum(match.certainty is Certainty.POSSIBLE for _, match in found)
            places.append(Place(store, name, Outcome.SEARCHED, found=len(found), possible=possible))
    return matches, places


class _Listings:
    """What lies under prefixes: all of them are listed at once, and each is waited for where it is needed.

    A server takes longer to tell which versions there are than an index to say which of them matter.
    """

    def __init__(self, policy: Policy, resolve: Resolver, capability: str, prefixes: Sequence[tuple[str, str]]) -> None:
        self._policy, self._resolve, self._capability = policy, resolve, capability
        self._clients: dict[str, S3Client | StoreError] = {
            store: self._client(store) for store in dict.fromkeys(store for store, _ in prefixes)
        }
        self._pool = ThreadPoolExecutor(_LISTED, thread_name_prefix="list")
        self._listed = {place: self._pool.submit(self._list, *place) for place in prefixes}

    def __enter__(self) -> _Listings:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def of(self, store: str, name: str) -> tuple[S3Client, Sequence[Version]]:
        """The client of a store, and every version under a prefix. Raises StoreError and what S3 raises."""
        return self._listed[store, name].result()

    def _client(self, store: str) -> S3Client | StoreError:
        try:
            return s3_client(self._resolve(f"{self._policy.stores[store].connection}_{self._capability}"))
        except StoreError as error:
            return error

    def _list(self, store: str, name: str) -> tuple[S3Client, Sequence[Version]]:
        client = self._clients[store]
        if isinstance(client, StoreError):
            raise client
        return client, list(rewrite.versions(client, str(self._policy.stores[store].bucket), name))


@dataclass(frozen=True)
class _Prefix:
    """One prefix of a bucket that is looked through."""

    client: S3Client
    bucket: str
    store: str
    name: str
    prefix: Prefix
    key: ReferenceKey
    index: ObjectIndex
    versions: Sequence[Version]

    # --- what an object carries ---------------------------------------------------------------------------------------

    def carried(self, persons: Mapping[UUID, Asked]) -> Iterator[tuple[UUID, Match]]:
        """Objects that name somebody in their metadata, or in the header of a message."""
        wanted: dict[Identity, list[UUID]] = defaultdict(list)
        for case, asked in persons.items():
            for identity in asked.identities:
                wanted[identity].append(case)
        latest: dict[str, frozenset[Identity]] = {}
        older: list[tuple[Version, frozenset[Identity]]] = []
        for version, said in self._said(self.versions, wanted):
            if version.latest:
                latest[version.key] = said
            else:
                older.append((version, said))
        for name, said in latest.items():
            yield from self._judged(name, said, wanted, persons)
        for version, said in older:
            theirs = {case for identity in latest.get(version.key, ()) for case in wanted.get(identity, ())}
            yield from (
                each for each in self._judged(version.name, said, wanted, persons) if each[0] not in theirs
            )  # an object that goes goes with every version

    def _said(
        self, versions: Sequence[Version], wanted: Mapping[Identity, object]
    ) -> Iterator[tuple[Version, frozenset[Identity]]]:
        """Versions that name somebody who is asked for, with all whom they name; the index says which need no look."""
        column = f"carried|{','.join(sorted(self.prefix.identifying))}"
        known = self.index.recall(versions, column)
        asked = halves([self._reference(identity) for identity in wanted])
        filters = [each.filters[0] if each.filters else None for each in known.values()]
        maybe = holding([each or Bloom(b"") for each in filters], asked)
        ruled_out = {version for version, may in zip(known, maybe, strict=True) if not may}
        todo = [version for version in versions if version not in ruled_out]
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="carried") as pool:
            seen = dict(zip(todo, pool.map(self._ask, todo), strict=True))
        self.index.remember(
            {
                version: Looked(1, filters=[Bloom.of({self._reference(each) for each in said})] if said else [])
                for version, said in seen.items()
                if version not in known
            },
            column,
        )
        return ((version, said) for version, said in seen.items() if not said.isdisjoint(wanted))

    def _ask(self, version: Version) -> frozenset[Identity]:
        """Whom one version names, in the form in which identities are compared."""
        identifying = self.prefix.identifying
        if self.prefix.format == "eml" and version.size:
            answer = self.client.get_object(
                Bucket=self.bucket, Key=version.key, VersionId=version.version, Range=f"bytes=0-{_HEADER - 1}"
            )
            header = BytesHeaderParser().parsebytes(answer["Body"].read())
            metadata = answer["Metadata"]
            said = [str(value) for name in _ADDRESSED for value in header.get_all(name, [])]
            addresses = [address for _, address in getaddresses(said) if "@" in address]
        else:
            head = self.client.head_object(Bucket=self.bucket, Key=version.key, VersionId=version.version)
            metadata, addresses = head["Metadata"], []
        carried = {name.lower(): value for name, value in metadata.items()}
        found = [(kind, carried[name]) for name, kind in identifying.items() if carried.get(name)]
        if "email" in identifying.values():
            found += [("email", address) for address in addresses]
        return frozenset((kind, normal.form(kind).of(value)) for kind, value in found)

    def _reference(self, identity: Identity) -> bytes:
        return self.key.subject(*identity)

    def _judged(
        self, name: str, said: frozenset[Identity], wanted: Mapping[Identity, list[UUID]], persons: Mapping[UUID, Asked]
    ) -> Iterator[tuple[UUID, Match]]:
        agrees: dict[UUID, set[str]] = defaultdict(set)
        for identity in said:
            for case in wanted.get(identity, ()):
                agrees[case].add(identity[0])
        for case, kinds in agrees.items():
            if match := self._match(name, frozenset(kinds), persons[case]):
                yield case, match

    def _match(self, name: str, kinds: frozenset[str], asked: Asked) -> Match | None:
        reference = self.key.row(self.store, self.name, name)
        if reference in asked.refused:
            return None
        certain = bool(kinds - WEAK) or reference in asked.confirmed
        return Match(
            self.store, self.name, name, reference, Certainty.CERTAIN if certain else Certainty.POSSIBLE, kinds
        )  # fmt: skip

    # --- rows inside --------------------------------------------------------------------------------------------------

    def rows(self, persons: Mapping[UUID, Asked]) -> Iterator[tuple[UUID, Match]]:
        """Versions with rows that name somebody. What a household shares makes a match possible, and no more."""
        kinds = frozenset(self.prefix.identifying.values())
        seen: set[tuple[UUID, str]] = set()
        for asking in (kinds - WEAK, kinds & WEAK):
            selections = {
                case: made
                for case, asked in persons.items()
                if (made := selection(self.store, self.name, self.prefix, self.key, asked.identities, asking))
            }
            for case, version in self._holding(selections):
                match = self._match(version.name, asking, persons[case])
                if match and (case, version.name) not in seen:
                    seen.add((case, version.name))
                    yield case, match

    def _holding(self, selections: Mapping[UUID, Selection]) -> Iterator[tuple[UUID, Version]]:
        """Read once for everybody; then who it is, where somebody is in it."""
        if not selections:
            return
        first = next(iter(selections.values()))
        everybody = frozenset().union(*(each.persons or () for each in selections.values()))
        whole = Selection(self.store, self.name, first.identifying, persons=everybody, key=self.key)
        for found in find(self.client, self.bucket, self.name, whole, self.index, among=self.versions):
            if not found.seen.goes:
                continue
            if len(selections) == 1:
                yield next(iter(selections)), found.version
                continue
            filters = self.index.recall([found.version], column_of(whole)).get(found.version, Looked()).filters
            for case, one in selections.items():
                references = halves([reference for _, reference in one.persons or ()])
                if filters and not any(each.any(references) for each in filters):
                    continue
                looked, _ = rewrite.look(self.client, self.bucket, found.version, one)
                if looked.goes:
                    yield case, found.version
