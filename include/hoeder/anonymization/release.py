"""One run of a release, from source to published version, with its line in the ledger."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hoeder.errors import GateFailed, HoederError, PolicyError, Refused, StoreError, TooFew
from hoeder.evidence import ledger
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.connection import Resolver, connect

if TYPE_CHECKING:
    from hoeder.anonymization import making, publish
    from hoeder.anonymization.making import Made
    from hoeder.anonymization.read import Batch
    from hoeder.policy.models import Policy
    from hoeder.policy.release import Release

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
    left_out: int
    """Rows of persons who are not analysed."""
    carried: int
    """Rows shown as in the version before."""
    attacks: int
    risk_per_mille: int
    """The highest upper bound of any attack's risk above control."""
    digest: str
    """SHA-256 of the published file, in hex."""


def run(release: str, policy: Policy, resolve: Resolver, *, run: ledger.Run, version: str) -> Summary:
    """Make, check and publish one version of a release; `version` is its moment, as 2026-11-22T060000.

    Reads through the connection `<connection>_anonymization` of the source's store, publishes through
    `releases_anonymization` to the bucket in its extra (and quarantines in `quarantine` there), writes the ledger and
    what later versions are held against through `governance_anonymization`. The same version again, with the same
    source and policy, publishes nothing twice. A release with `engine: spark` is counted by the Spark that
    `spark_default` names, on this machine where there is no such connection.

    Raises PolicyError (a column undeclared or never to be released; ledger: refused), GateFailed (a check failed;
    refused), Refused (privacy budget; refused), StoreError (source empty: nothing; gone: missing; unreachable; else
    failed). Then nothing was published and the version before stands.
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
            return _released(_Job(found, policy, resolve, governance, run, version), doing)


@dataclass(frozen=True)
class _Job:
    release: Release
    policy: Policy
    resolve: Resolver
    db: ledger.Connection
    run: ledger.Run
    version: str

    @property
    def today(self) -> date:
        return date.fromisoformat(self.version[:10])


def _released(job: _Job, doing: ledger.Act) -> Summary:
    from hoeder.anonymization import history
    from hoeder.anonymization.source import SourceProblem

    try:
        return _steps(job, doing)
    except SourceProblem as problem:
        doing.outcome = problem.outcome
        raise
    except TooFew:
        doing.outcome = ledger.Outcome.NOTHING
        raise
    except (PolicyError, GateFailed, Refused):
        doing.outcome = ledger.Outcome.REFUSED
        raise
    finally:
        # Whatever happened: the key of this version, and of any that died before, ends here.
        job.db.rollback()
        history.destroy_keys(job.db, job.run, job.release.release)


def _steps(job: _Job, doing: ledger.Act) -> Summary:
    # Here, not above: these bring pandas, pyarrow and Great Expectations, which cost seconds to import.
    from hoeder.anonymization import datasheet, history, making, package, people, publish, read, source

    release, db = job.release, job.db
    doing.counts["k_required"] = release.k
    origin = source.locate(release, job.policy)
    if release.refresh == "once" and (once := history.another_version(db, release.release, job.version)):
        raise Refused(
            f"release {release.release} is made once, and that was version {once}; a second one needs another name, or "
            "another refresh with recoding: whole"
        )
    shelf = publish.Shelf(job.resolve("releases_anonymization"))
    history.forget_expired(db, release.release, job.today)
    excluded = people.left_out(db, origin.store_name, origin.kind)
    who = people.People(
        release.subject,
        origin.kind,
        excluded,
        _references(job) if excluded else None,
        history.series_key(db, release.release),
    )
    secret = history.make_key(db, release.release, job.version)
    earlier = history.versions(db, release.release, last=release.remembers, today=job.today, before=job.version)
    db.commit()
    connection = job.resolve(f"{origin.store.connection}_anonymization")
    rows = read.batches(origin, [release.subject, *source.released(release)], connection)
    if release.engine == "spark":
        rows = _counted_by_spark(rows, job)
    extract = making.extract(who.sieve(rows), release)
    doing.counts |= {"rows_in": extract.rows} | ({"left_out": who.rows_left_out} if who.rows_left_out else {})
    ingredients = making.Ingredients(
        release, origin, extract, who.digests, who.series, secret, earlier,
        previous=shelf.data(release, earlier[0].version) if earlier and earlier[0].stands else None,
        today=job.today,
    )  # fmt: skip
    made = _made(job, ingredients, shelf)
    version = package.Version(
        release, origin, job.version, making.expiry(job.today, release.expires_after), made.columns, made.measured,
        rows_in=extract.rows, rows_out=made.rows_out, figures=made.figures,
    )  # fmt: skip
    described = package.describe(version, made.data)
    digest = hashlib.sha256(made.data).hexdigest()
    if shelf.is_new(release, job.version, described):
        history.remember(
            db, release.release, job.version, shelf=release.shelf, expires_on=version.expires_on, file=digest,
            recoding=made.recoding, groups=made.groups, verdict="anonymous", reader=release.shelf,
            k_reached=made.measured.k_reached,
        )  # fmt: skip
        try:
            sheet = datasheet.page(version, made.shares)
            shelf.publish(release, job.version, made.data, described, sheet, version.expires_on)
        except Exception:
            history.not_published(db, release.release, job.version)
            raise
        if made.reservation is not None:
            from hoeder.anonymization import budget

            budget.confirm(db, made.reservation)
    history.published(db, release.release, job.version)
    db.commit()
    return _summary(job, doing, made, extract.rows, who.rows_left_out, digest)


def _counted_by_spark(rows: Iterator[Batch], job: _Job) -> Iterator[Batch]:
    from hoeder.anonymization import with_spark

    try:
        cluster = job.resolve("spark_default")
    except StoreError:  # none is named: Spark runs here
        cluster = None
    return with_spark.batches(rows, job.release.source, cluster)


def _made(job: _Job, ingredients: making.Ingredients, shelf: publish.Shelf) -> Made:
    """Make the version and send it through the gate; what the gate refuses goes to quarantine."""
    from hoeder.anonymization import making

    try:
        return making.make(ingredients, lambda: _reserve(job))
    except making.Rejected as refusal:
        reasons = str(refusal.reason).splitlines()
        kept = shelf.quarantine(job.release, job.version, refusal.data, reasons)
        note = "\n  the file is in quarantine, for the officer alone; the version before stands" if kept else ""
        raise GateFailed(f"{refusal.reason}{note}") from None


def _reserve(job: _Job) -> tuple[int, float]:
    from hoeder.anonymization import budget

    noise = job.release.noise
    assert noise is not None  # noqa: S101  # the model ties it to noisy counts
    dataset = job.release.source
    number = budget.reserve(
        job.db, job.run, dataset=dataset, release=job.release.release, version=job.version, epsilon=noise.epsilon,
        budget=noise.budget,
    )  # fmt: skip
    return number, budget.spent(job.db, dataset)


def _references(job: _Job) -> ReferenceKey:
    return ReferenceKey(base64.b64decode(job.resolve("reference_key").password or ""))


def _summary(job: _Job, doing: ledger.Act, made: Made, rows_in: int, left_out: int, digest: str) -> Summary:
    doing.digest = digest
    doing.counts = {
        "rows_in": rows_in,
        "rows_out": made.rows_out,
        "suppressed": made.suppressed,
        "groups": made.measured.groups,
        "k_required": job.release.k,
        "k_reached": made.measured.k_reached,
        "left_out": left_out,
        "carried": made.measured.carried,
        "attacks": made.measured.attempts,
        "risk_per_mille": math.ceil(made.measured.worst * 1000),
    }
    return Summary(release=job.release.release, version=job.version, digest=digest, **doing.counts)


def due(policy: Policy, resolve: Resolver, *, today: date) -> list[str]:
    """The releases to make today: those whose last version is older than their refresh."""
    from hoeder.anonymization import history

    days = {"always": 0, "daily": 1, "weekly": 7, "monthly": 28, "once": math.inf}
    with closing(connect(resolve("governance_anonymization"))) as db:
        last = {each.release: history.last_published(db, each.release) for each in policy.releases}
    return sorted(
        each.release
        for each in policy.releases
        if (stands := last[each.release]) is None
        or (today - date.fromisoformat(stands[:10])).days >= days[each.refresh]
    )


def catalog(policy: Policy, resolve: Resolver, *, today: date) -> int:
    """Write every reader's catalog anew; the number of versions listed."""
    from hoeder.anonymization import listing
    from hoeder.anonymization.publish import Shelf

    shelves = sorted({release.shelf for release in policy.releases})
    return listing.refresh(Shelf(resolve("releases_anonymization")), shelves, today)
