"""The promises of the statement, as they stood at one moment."""

from datetime import datetime

from hoeder import promises
from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.promises import Promise, PromiseEvidence


def read_promises(db: Connection, policy: Policy, at: datetime) -> tuple[Promise, ...]:
    """Every promise with its status, judged by what was recorded before `at`; none where policy has no promises."""
    judged = {each.promise: each for each in assess(db, policy, at)}
    return tuple(
        Promise(
            promise=promise.id,
            chapter_nl=chapter.title.nl,
            chapter_en=chapter.title.en,
            nl=promise.nl,
            en=promise.en,
            status=judged[promise.id].status,
            why_nl=promises.say(judged[promise.id].why, "nl"),
            why_en=promises.say(judged[promise.id].why, "en"),
            evidence=tuple(
                PromiseEvidence(each.kind, each.reference, each.figure) for each in judged[promise.id].evidence
            ),
        )
        for chapter in policy.chapters
        for promise in chapter.promises
    )


def assess(db: Connection, policy: Policy, at: datetime) -> tuple[promises.Assessment, ...]:
    """Judged by what was recorded before `at`; nothing where policy has no promises or nothing was recorded."""
    row = db.execute("select max(entry) from ledger where recorded_at < %s", [at]).fetchone()
    if not policy.chapters or row is None or row[0] is None:
        return ()
    return promises.assess(db, policy, at=at, up_to=row[0])
