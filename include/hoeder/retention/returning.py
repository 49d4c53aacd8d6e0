"""Return: a client gets its data back, says that it has them, and only then they are erased.

Where a client instructed it (`first: return`), rows that are due are written to files that only the client can open
(CMS, RFC 5652: `openssl cms -decrypt`), in a folder of its own, with a manifest of counts and digests. Every file is
read back before the return counts. Somebody records the receipt by the manifest's digest, which the client names.
Until then the plan counts the rows as returning and not as due, and the erasure refuses them.

Each object carries the day in its metadata (`handed_on`), so that the copy has a term of its own. A folder is named
after the rows that are in it: what dies half-way is written again in the same place.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from hoeder import envelope
from hoeder.errors import HoederError, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.policy import Policy, RetentionRule
from hoeder.pseudonym import ReferenceKey
from hoeder.retention import due
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason
from hoeder.stores.postgres import said
from hoeder.stores.references import References, unpacked

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from mypy_boto3_s3 import S3Client

Db = psycopg.Connection[tuple[Any, ...]]

ROWS = 20_000
"""Rows to a file: encrypting one takes some times its size of memory."""


@dataclass(frozen=True)
class Return:
    """One return as it stands."""

    number: int
    rule: str
    client: str
    folder: str
    manifest: str
    rows: int
    made_at: datetime
    received_by: str | None
    received_at: datetime | None


@dataclass(frozen=True)
class _File:
    """One file of a return: rows of the table as JSON, gzipped, encrypted. Digests are SHA-256 in hex."""

    name: str
    rows: int
    size: int
    digest: str
    content_digest: str
    """Of the JSON lines, as the client has them after opening and unpacking the file."""


def returning_rules(policy: Policy, as_of: date) -> tuple[RetentionRule, ...]:
    """Rules in force whose client wants its data back first."""
    return tuple(rule for rule in policy.rules_on(as_of) if rule.client is not None and rule.client.returned)


def hand_back(
    policy: Policy, resolve: Resolver, governance: Db, key: ReferenceKey, *, run: ledger.Run, as_of: date
) -> dict[str, int]:
    """Write what is due and was not handed back yet, rule by rule; rows by rule. Safe to run again.

    Connections: `returns_retention` (the bucket; extra `bucket`), and `client_<name>` of each client, with its
    certificate in extra `certificate` (PEM). Raises StoreError after the last rule where one could not be handed back.
    """
    ledger.register_policy(governance, policy)
    done: dict[str, int] = {}
    problems: list[str] = []
    for rule in returning_rules(policy, as_of):
        with_rule = f"rule {rule.rule}: nothing was handed back"
        try:
            done[rule.rule] = _hand_back(policy, rule, resolve, governance, key, run, as_of)
        except (ClientError, BotoCoreError) as error:
            problems.append(f"{with_rule}: bucket of returns: {reason(error)}")
        except StoreError as error:
            problems.append(f"{with_rule}: {error}")
    if problems:
        raise StoreError("\n".join(problems))
    return done


def covered(governance: Db, rule: str, references: References) -> bool:
    """Whether the client said that it has every one of these rows."""
    return _covered(governance, rule, references, received=True)


def _covered(governance: Db, rule: str, references: References, *, received: bool) -> bool:
    rows = governance.execute(
        """select refs from client_return r where rule = %s
              and (not %s or exists (select from client_receipt c where c.return = r.return))""",
        [rule, received],
    ).fetchall()
    handed = References.unpack(b"".join(bytes(refs) for (refs,) in rows))
    return bool((handed.positions(unpacked(references.packed)) >= 0).all())


def returns(governance: Db) -> tuple[Return, ...]:
    """Every return, the latest first."""
    rows = governance.execute(
        """select return, rule, client, folder, manifest, rows, made_at, recorded_by, recorded_at
             from client_return left join client_receipt using (return) order by return desc"""
    ).fetchall()
    return tuple(Return(*row) for row in rows)


def receive(governance: Db, policy: Policy, manifest: str, *, by: str) -> Return:
    """Record that a client has its data: it named the SHA-256 of the manifest that it found. Commits.

    Raises HoederError where no return has that manifest, or its receipt is recorded already.
    """
    found = [each for each in returns(governance) if each.manifest == manifest.strip().lower()]
    if not found:
        raise HoederError(
            "no return has this manifest: ask the client for the SHA-256 of manifest.json as it found it "
            "(sha256sum manifest.json); hoeder retention returns lists them"
        )
    one = found[0]
    if one.received_by:
        raise HoederError(f"the receipt of {one.folder} was recorded by {one.received_by} already")
    ledger.register_policy(governance, policy)
    run = ledger.Run(policy.digest)
    with ledger.act(governance, run, Activity.RETENTION_RECEIPT, one.rule) as act:
        governance.execute("insert into client_receipt (return, recorded_by) values (%s, %s)", [one.number, by])
        act.counts, act.digest = {"rows": one.rows}, one.manifest
    return next(each for each in returns(governance) if each.number == one.number)


def _hand_back(
    policy: Policy,
    rule: RetentionRule,
    resolve: Resolver,
    governance: Db,
    key: ReferenceKey,
    run: ledger.Run,
    as_of: date,
) -> int:
    target = due.open_target(policy, rule, resolve, as_of)
    try:
        if not isinstance(target, due.TableTarget):
            raise StoreError(f"{rule.applies_to} is no table; only rows are handed back")
        # What is counted is what is written, even where somebody adds a row in between.
        target.db.execute("begin isolation level repeatable read read only")
        references = _references(target, key)
        if not len(references) or _covered(governance, rule.rule, references, received=False):
            return 0
        with ledger.act(governance, run, Activity.RETENTION_RETURN, rule.rule) as act:
            folder, manifest, files = _write(policy, rule, target, references, resolve, as_of)
            governance.execute(
                """insert into client_return (rule, store, target, client, folder, manifest, rows, files, refs)
                   values (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                [
                    rule.rule, rule.store, rule.target, _client(rule), folder, manifest, len(references), len(files),
                    references.packed,
                ],
            )  # fmt: skip
            act.counts, act.digest = {"rows": len(references), "files": len(files)}, manifest
            if sum(file.rows for file in files) != len(references):
                act.outcome = Outcome.FAILED
                raise StoreError(f"{rule.applies_to}: the files do not hold the rows that were counted")
        return len(references)
    finally:
        due.close(target)


def _references(target: due.TableTarget, key: ReferenceKey) -> References:
    """Of every row whose term is over, held or not: they are the client's."""
    _, pages = target.count()
    found = target.rows(target.question(), pages, None)
    each = [some.keys.references(key, target.rule.store, target.rule.target) for some in found]
    return References(np.concatenate(each)) if each else References.of(())


def _write(
    policy: Policy, rule: RetentionRule, target: due.TableTarget, references: References, resolve: Resolver, as_of: date
) -> tuple[str, str, list[_File]]:
    """Files and manifest, read back; the folder, the manifest's digest and the files."""
    client = _client(rule)
    certificate = _certificate(resolve, client, as_of)
    account = resolve("returns_retention")
    bucket = str(account.extra.get("bucket") or "returns")
    folder = f"client-{client}/{rule.rule}/{as_of}-{references.digest[:12]}"
    s3 = s3_client(account)
    try:
        files = [
            _put(s3, bucket, folder, number, rows, certificate, as_of)
            for number, rows in enumerate(_batches(target), start=1)
        ]  # fmt: skip
        manifest = json.dumps(
            {
                "client": client, "rule": rule.rule, "store": rule.store, "table": rule.target,
                "columns": list(target.found.types), "term": str(rule.keep), "as_of": as_of.isoformat(),
                "rows": sum(file.rows for file in files), "policy": policy.digest,
                "format": "JSON lines, gzip, CMS EnvelopedData (openssl cms -decrypt -inform DER)",
                "files": [
                    {"name": file.name, "rows": file.rows, "bytes": file.size, "sha256": file.digest,
                     "content_sha256": file.content_digest}
                    for file in files
                ],
            }, indent=1, sort_keys=True,
        ).encode()  # fmt: skip
        s3.put_object(
            Bucket=bucket, Key=f"{folder}/manifest.json", Body=manifest, ContentType="application/json",
            Metadata={"handed_on": as_of.isoformat()},
        )  # fmt: skip
        digest = hashlib.sha256(manifest).hexdigest()
        for name, expected in [*((file.name, file.digest) for file in files), ("manifest.json", digest)]:
            if _digest(s3, bucket, f"{folder}/{name}") != expected:
                raise StoreError(f"{name} of {folder} was read back and is not what was written; run it again")
    finally:
        s3.close()
    return folder, digest, files


def _put(
    s3: S3Client, bucket: str, folder: str, number: int, rows: Sequence[str], certificate: Certificate,
    as_of: date,
) -> _File:  # fmt: skip
    lines = "".join(f"{row}\n" for row in rows).encode()
    sealed = envelope.seal(gzip.compress(lines, mtime=0), certificate)
    name = f"rows-{number:05d}.jsonl.gz.p7m"
    s3.put_object(
        Bucket=bucket, Key=f"{folder}/{name}", Body=sealed, ContentType="application/pkcs7-mime",
        Metadata={"handed_on": as_of.isoformat()},
    )  # fmt: skip
    return _File(name, len(rows), len(sealed), hashlib.sha256(sealed).hexdigest(), hashlib.sha256(lines).hexdigest())


def _batches(target: due.TableTarget) -> Iterator[list[str]]:
    """Rows as JSON, every column of the table, in the order of their keys."""
    query = sql.SQL("select to_jsonb({name})::text from {table} {name} where {due} order by {key}").format(
        name=sql.Identifier(target.rule.target), table=target.found.identifier, due=target.due,
        key=sql.Identifier(target.table.key),
    )  # fmt: skip
    with said(target.where), target.db.cursor(name="handed") as cursor:
        cursor.itersize = ROWS
        cursor.execute(query)
        while rows := cursor.fetchmany(ROWS):
            yield [row for (row,) in rows]


def _digest(s3: S3Client, bucket: str, key: str) -> str:
    found = hashlib.sha256()
    for chunk in s3.get_object(Bucket=bucket, Key=key)["Body"].iter_chunks(1 << 20):
        found.update(chunk)
    return found.hexdigest()


def _client(rule: RetentionRule) -> str:
    if rule.client is None or rule.client.others:
        raise StoreError(f"rule {rule.rule} is about no single client")
    return rule.client.name


def _certificate(resolve: Resolver, client: str, as_of: date) -> Certificate:
    """Whom the files are encrypted for. Raises StoreError where it cannot be used, and says what to ask for."""
    name = f"client_{client.replace('-', '_')}"
    pem = str(resolve(name).extra.get("certificate") or "")
    return envelope.certificate(pem, whose=f"connection {name} (extra: certificate)", on=as_of)
