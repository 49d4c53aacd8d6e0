"""One run of a release, from source to published version, with its line in the ledger."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoeder.errors import GateFailed, HoederError, PolicyError
from hoeder.evidence import ledger
from hoeder.stores.connection import Resolver, connect

if TYPE_CHECKING:
    from hoeder.policy.models import Policy, Release

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}")


@dataclass(frozen=True)
class Summary:
    """What came of a run, in counts. `suppressed` are rows; `k_reached` is the smallest group's number of persons."""

    release: str
    version: str
    rows_in: int
    rows_out: int
    suppressed: int
    groups: int
    k_required: int
    k_reached: int
    digest: str
    """SHA-256 of the published file, in hex."""


def run(release: str, policy: Policy, resolve: Resolver, *, run: ledger.Run, version: str) -> Summary:
    """Make, check and publish one version of a release; `version` is its moment, as 2026-11-22T060000.

    Reads through the connection `<connection>_anonymization` of the source's store, publishes through
    `releases_anonymization` to the bucket in its extra, writes the ledger through `governance_anonymization`.
    The same version again, with the same source and policy, publishes nothing twice.

    Raises PolicyError (a column undeclared or never to be released; ledger: refused), GateFailed (an expectation
    failed; refused), StoreError (source empty: nothing; gone: missing; unreachable; else failed). Then nothing was
    published.
    """
    found = next((each for each in policy.releases if each.release == release), None)
    if found is None:
        known = ", ".join(each.release for each in policy.releases)
        raise PolicyError(f"there is no release {release}; policy has: {known or 'none'}")
    if _VERSION.fullmatch(version) is None:
        raise HoederError(f"release {release}: version {version!r} is not a moment as 2026-11-22T060000")
    with closing(connect(resolve("governance_anonymization"))) as governance:
        ledger.register_policy(governance, policy)
        with ledger.act(governance, run, ledger.Activity.ANONYMIZATION_RELEASE, release) as doing:
            return _released(found, policy, resolve, version, doing)


def _released(release: Release, policy: Policy, resolve: Resolver, version: str, doing: ledger.Act) -> Summary:
    from hoeder.anonymization.source import SourceProblem

    try:
        return _steps(release, policy, resolve, version, doing)
    except SourceProblem as problem:
        doing.outcome = problem.outcome
        raise
    except (PolicyError, GateFailed):
        doing.outcome = ledger.Outcome.REFUSED
        raise


def _steps(release: Release, policy: Policy, resolve: Resolver, version: str, doing: ledger.Act) -> Summary:
    # Here, not above: these bring pandas, pyarrow and Great Expectations, which cost seconds to import.
    from hoeder.anonymization import encode, gate, publish, read, search, source, table
    from hoeder.anonymization.candidate import Candidate

    doing.counts["k_required"] = release.k
    origin = source.locate(release, policy)
    columns = [release.subject, *source.released(release)]
    connection = resolve(f"{origin.store.connection}_anonymization")
    extract = encode.encode(read.batches(origin, columns, connection), release)
    doing.counts["rows_in"] = extract.rows
    choice = search.search(extract, release)
    made = table.make(extract, choice, release)
    names = [generalisation.column for generalisation in release.quasi_identifiers]
    candidate = Candidate(
        data=made.data,
        persons=made.persons,
        steps={name: level.step for name, level in zip(names, choice.levels, strict=True)},
        vocabulary={name: frozenset(level.labels) for name, level in zip(names, choice.levels, strict=True)},
        rows_in=extract.rows,
    )
    measured = gate.check(candidate, release, origin)
    package = publish.describe(release, origin, choice, made, measured, rows_in=extract.rows, version=version)
    prefix = f"{release.release}/version={version}"
    publish.publish(resolve("releases_anonymization"), prefix, made.data, package)
    doing.digest = hashlib.sha256(made.data).hexdigest()
    doing.counts = {
        "rows_in": extract.rows,
        "rows_out": measured.rows,
        "suppressed": extract.rows - measured.rows,
        "groups": measured.groups,
        "k_required": release.k,
        "k_reached": measured.k_reached,
    }
    return Summary(release=release.release, version=version, digest=doing.digest, **doing.counts)
