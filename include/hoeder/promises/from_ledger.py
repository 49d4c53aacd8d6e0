"""Controls that the ledger answers: what was done, when, how it ended, and whether the ledger itself is whole."""

from collections.abc import Collection
from datetime import timedelta

from hoeder.policy.control import ActivityOnTime, LedgerSealed, ReleasesAnonymous
from hoeder.policy.release import Release
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Attempt, Sight
from hoeder.promises.status import Evidence, Status

_BAD = ("failed", "unreachable", "missing", "partial")


def activity_on_time(control: ActivityOnTime, sight: Sight) -> Answer:
    """Each time that an activity was begun in the period: ended in time, and well the last time for each object."""
    if not sight.knows(control.activity):
        return answer(Status.UNKNOWN, "no-capability", activity=control.activity)
    tried = [
        attempt
        for attempt in sight.attempts(control.activity, since=sight.since(control.days))
        if control.object in (None, attempt.object)
    ]
    if not tried:
        return answer(Status.UNKNOWN, "no-entries", activity=control.activity, days=control.days)
    term = timedelta(days=control.within_days)
    well = {(a.object, a.case): a.entry for a in tried if a.outcome is not None and a.outcome not in _BAD}
    late = [
        a
        for a in tried
        if (a.ended_at or sight.at) - a.begun_at > term
        and (a.ended_at or well.get((a.object, a.case), 0) < a.entry)  # what a crash left, a later attempt made good
    ]
    last = {(a.object, a.case): a for a in tried if a.outcome is not None}
    bad = [a for a in last.values() if a.outcome in _BAD]
    open_ = [a for a in tried if a.outcome is None]
    evidence = _entries(tried, f"{len(tried)} times, {len(late)} late, {len(bad)} ended badly, {len(open_)} open")
    if late or bad:
        return answer(Status.BROKEN, "activity-late", evidence, times=len(tried), late=len(late), bad=len(bad))
    if len(open_) == len(tried):
        return answer(Status.UNKNOWN, "activity-open", evidence, times=len(tried))
    return answer(Status.KEPT, "activity-on-time", evidence, times=len(tried))


def releases_anonymous(control: ReleasesAnonymous, sight: Sight) -> Answer:
    """The last published version of each release, as its gate left it."""
    releases = [one for one in sight.policy.releases if not control.releases or _named(one, control.releases)]
    tried = sight.attempts("anonymization.release@1")
    published = {a.object: a for a in tried if a.outcome == "done"}
    there = [(release, published[release.release]) for release in releases if release.release in published]
    if not there:
        return answer(Status.UNKNOWN, "never-published", releases=len(releases))
    weak = [
        (release, attempt)
        for release, attempt in there
        if attempt.counts.get("k_reached", 0) < max(release.k, attempt.counts.get("k_required", 0))
        or _verdict(sight, attempt) not in (None, "anonymous")
    ]
    smallest = min(attempt.counts.get("k_reached", 0) for _, attempt in there)
    evidence = _entries(
        [attempt for _, attempt in there],
        f"{len(there) - len(weak)} of {len(releases)} releases passed; smallest group {smallest}",
    )
    if weak:
        return answer(Status.BROKEN, "gate-failed", evidence, releases=len(weak), of=len(there))
    old = [attempt for _, attempt in there if (attempt.ended_at or attempt.begun_at) < sight.since(control.days)]
    last = {a.object: a for a in tried if a.outcome is not None}
    held_back = [  # the gate said no, or too few persons are in it yet: nothing is out
        release
        for release in releases
        if release.release not in published
        and (attempt := last.get(release.release)) is not None
        and attempt.outcome in ("nothing", "refused")
        and attempt.begun_at >= sight.since(control.days)
    ]
    lacking = len(releases) - len(there) - len(held_back)
    if lacking or old:
        return answer(
            Status.UNKNOWN, "releases-lacking", evidence, lacking=lacking, old=len(old), of=len(releases)
        )  # fmt: skip
    return answer(Status.KEPT, "releases-anonymous", evidence, releases=len(there), smallest=smallest)


def _verdict(sight: Sight, attempt: Attempt) -> str | None:
    """For whom the version is anonymous; None once it has ended and nothing is kept of it."""
    row = sight.db.execute(
        "select verdict from release_version where release = %s and digest = %s", [attempt.object, attempt.digest]
    ).fetchone()
    return row[0] if row else None


def _named(release: Release, names: Collection[str]) -> bool:
    """Whether a release, or the one that it was made from for a client, is among these."""
    general = release.release
    if release.reader == "client":
        general = release.release.removesuffix(f"-{next(iter(release.clients))}")
    return release.release in names or general in names


def ledger_sealed(control: LedgerSealed, sight: Sight) -> Answer:
    """The newest signature, and whether every entry that it commits to is still there."""
    row = sight.db.execute(
        "select size, signed_at from ledger_checkpoint where signed_at <= %s and size <= %s order by size desc limit 1",
        [sight.moment, sight.up_to],
    ).fetchone()
    if row is None:
        return answer(Status.UNKNOWN, "never-sealed")
    size, signed_at = row
    counted = sight.db.execute(
        """select coalesce(max(h.entry), 0), (select count(*) from ledger l where l.entry <= %(size)s
              and l.entry > (select coalesce(max(entry), 0) from ledger_horizon))
           from ledger_horizon h""",
        {"size": size},
    ).fetchone()
    horizon, there = counted if counted else (0, 0)
    lacking = max(0, size - horizon) - there
    evidence = Evidence("ledger", f"ledger 1-{size}", f"{lacking} of {size:,} signed entries missing")
    if lacking:
        return answer(Status.BROKEN, "entries-missing", evidence, entries=lacking, size=size)
    if signed_at < sight.since(control.days):
        age = (sight.at - signed_at).days
        return answer(Status.UNKNOWN, "old-seal", evidence, days=age, most=control.days)
    return answer(Status.KEPT, "sealed", evidence, entries=size)


def _entries(attempts: Collection[Attempt], figure: str) -> Evidence:
    numbers = [n for a in attempts for n in (a.entry, a.outcome_entry) if n]
    return Evidence("ledger", f"ledger {min(numbers)}-{max(numbers)}", figure)
