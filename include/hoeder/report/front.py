"""The first page: what a board member needs in one minute."""

from collections import Counter
from datetime import date

from hoeder.clock import AMSTERDAM
from hoeder.promises import Status
from hoeder.report import pictures
from hoeder.report.facts.attention import Attention, Severity
from hoeder.report.facts.figures import Figures
from hoeder.report.section_kpis import indicator
from hoeder.report.view import Count, Front, Item, Tone
from hoeder.report.words import Words

ORDER = (Status.BROKEN, Status.KEPT, Status.ATTESTED, Status.UNKNOWN, Status.SUPERSEDED)
"""Of what stands beside each other, everywhere in the report."""

TONES: dict[Status, Tone] = {
    Status.BROKEN: "bad",
    Status.KEPT: "good",
    Status.ATTESTED: "good",
    Status.UNKNOWN: "quiet",
    Status.SUPERSEDED: "warn",
}

MOST = 5
"""Longest list on the first page; what is beyond it is counted, and told in the section on attention."""


SHOWN = ("past_due", "erased", "drift", "stores_scanned")
"""Indicators that the first page shows; the others have their section."""


def front(figures: Figures, words: Words) -> Front:
    """The sentence on top, the promises, what is overdue and what waits for a decision."""
    say = words.say
    day = figures.at.astimezone(AMSTERDAM).date()
    late, waiting = overdue(figures, day), decisions(figures, day)
    counted = Counter(promise.status for promise in figures.promises)
    counts = tuple(
        Count(status.value, words.number(counted[status]), say(f"status.{status}"), TONES[status])
        for status in ORDER
        if counted[status] or status in {Status.KEPT, Status.BROKEN}
    )
    return Front(
        lead=_lead(figures, len(late), len(waiting), words),
        promises_title=say("front.promises"),
        promises=counts if figures.promises else (),
        bar=pictures.promises_bar({status: counted[status] for status in ORDER}, words) if figures.promises else None,
        indicators=tuple(
            indicator(kpi, figures.period, words, drawn=False)
            for key in SHOWN
            for kpi in figures.kpis
            if kpi.key == key
        ),
        overdue_title=say("front.overdue"),
        overdue=tuple(_item(point, day, words) for point in late[:MOST]),
        overdue_more=say("front.more", n=len(late) - MOST) if len(late) > MOST else "",
        decide_title=say("front.decide"),
        decide=tuple(_item(point, day, words) for point in waiting[:MOST]),
        decide_more=say("front.more", n=len(waiting) - MOST) if len(waiting) > MOST else "",
        none=say("attention.none"),
    )


def overdue(figures: Figures, day: date) -> list[Attention]:
    """What should have happened by then, the longest overdue first."""
    late = [
        point for point in figures.attention
        if point.severity is Severity.URGENT or (point.severity is Severity.DECIDE and point.due < day)
    ]  # fmt: skip
    return sorted(late, key=lambda point: point.due)


def decisions(figures: Figures, day: date) -> list[Attention]:
    """What waits for somebody and is not overdue yet, the first to become so on top."""
    waiting = [point for point in figures.attention if point.severity is Severity.DECIDE and point.due >= day]
    return sorted(waiting, key=lambda point: point.due)


def _lead(figures: Figures, late: int, waiting: int, words: Words) -> str:
    say, total = words.say, len(figures.promises)
    counted = Counter(promise.status for promise in figures.promises)
    unknown = counted[Status.UNKNOWN]
    first = [
        say(
            "lead.promises", n=counted[Status.KEPT], total=total,
            attested=say("lead.attested", n=counted[Status.ATTESTED]) if counted[Status.ATTESTED] else "",
            broken=counted[Status.BROKEN], rest=say("lead.unknown", n=unknown) if unknown else "",
        )
    ] * bool(total)  # fmt: skip
    points = [say("lead.late", n=late)] * bool(late) + [say("lead.waiting", n=waiting)] * bool(waiting)
    second = f" {say('and')} ".join(points) + "." if points else say("lead.quiet")
    return " ".join([*first, second[0].upper() + second[1:]])


def _item(point: Attention, day: date, words: Words) -> Item:
    if point.due < day:
        due = words.say("due.late", day=words.short_day(point.due), n=(day - point.due).days)
    elif point.severity is Severity.URGENT:
        due = words.say("due.now")
    else:
        due = words.say("due.before", day=words.short_day(point.due))
    return Item(point.nl if words.language == "nl" else point.en, due, source(point, words))


def source(point: Attention, words: Words) -> str:
    """Where its figures come from."""
    where = [words.ledger(point.ledger)]
    for key, numbers in (("scan", point.scans), ("hold", point.holds)):
        if numbers:
            where.append(f"{words.say(key)}\u00a0{words.positions(numbers)}")
    for key, digest in (("policy", point.policy), ("plan", point.plan)):
        if digest:
            where.append(f"{words.say(key)}\u00a0{digest[:8]}")
    return " · ".join(filter(None, where))
