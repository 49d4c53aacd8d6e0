"""Put the report together: the page for who has one minute, then the sections."""

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Outcome
from hoeder.policy.models import Policy
from hoeder.report.facts import Attention, Figures, Severity
from hoeder.report.section_evidence import evidence, method, releases
from hoeder.report.section_inventory import inventory
from hoeder.report.section_retention import holds, retention
from hoeder.report.view import Notice, Section, Tile, Tone, View
from hoeder.report.words import Language, Words

_LABELS = ("page", "of", "contents", "skip")


def compose(figures: Figures, policy: Policy, language: Language) -> View:
    """The whole report in one language."""
    words = Words(language)
    say = words.say
    notices = [(point, _notice(point, words)) for point in figures.attention]
    watch = tuple(notice for point, notice in notices if point.severity is Severity.WATCH)
    return View(
        lang=language,
        title=say("title"),
        organisation=policy.organisation.name,
        subtitle=say("subtitle", at=figures.at),
        basis=say("basis", statement=words.day(policy.organisation.statement_date)),
        note=policy.organisation.note,
        lead=_lead(figures, words),
        tiles_title=say("tiles"),
        tiles=(*_inventory_tiles(figures, words), *_retention_tiles(figures, words), *_release_tiles(figures, words)),
        attention_title=say("attention"),
        attention=tuple(notice for point, notice in notices if point.severity is not Severity.WATCH),
        attention_none=say("attention.none"),
        sections=(
            retention(figures, words),
            holds(figures, words),
            inventory(figures, words),
            releases(figures, words),
            evidence(figures, words),
            *([Section("watch", say("watch"), notices=watch)] if watch else []),
            method(figures, words),
        ),
        labels={label: say(label) for label in _LABELS},
    )


def _lead(figures: Figures, words: Words) -> str:
    counts = {severity: sum(1 for p in figures.attention if p.severity is severity) for severity in Severity}
    points = [
        words.say(f"lead.{severity}", n=counts[severity])
        for severity in (Severity.URGENT, Severity.DECIDE)
        if counts[severity]
    ]
    first = f" {words.say('and')} ".join(points) + "." if points else words.say("lead.quiet")
    stores = figures.inventory.stores
    scanned = sum(1 for store in stores if store.scan)
    second = words.say("lead.scanned", stores=len(stores), scanned=scanned) if scanned else words.say("lead.none")
    return f"{first} {second[0].upper()}{second[1:]}."


def _notice(point: Attention, words: Words) -> Notice:
    where = [words.ledger(point.ledger)]
    if point.scans:
        where.append(f"{words.say('scan')}\u00a0{words.positions(point.scans)}")
    if point.holds:
        where.append(f"{words.say('hold')}\u00a0{words.positions(point.holds)}")
    if point.policy:
        where.append(f"{words.say('policy')}\u00a0{point.policy[:8]}")
    if point.plan:
        where.append(f"{words.say('plan')}\u00a0{point.plan[:8]}")
    sentence = point.nl if words.language == "nl" else point.en
    label = words.say(f"severity.{point.severity}")
    return Notice(point.severity.value, label, sentence, " · ".join(filter(None, where)))


def _inventory_tiles(figures: Figures, words: Words) -> tuple[Tile, ...]:
    scans = [store.scan for store in figures.inventory.stores if store.scan]
    labels = words.say("tile.personal"), words.say("tile.undeclared")
    if not scans:
        return tuple(_unknown(label, "tile.unscanned", words) for label in labels)
    source = f"{words.say('scan')} {words.positions(scan.scan for scan in scans)}"
    found, undeclared = sum(scan.personal for scan in scans), sum(scan.undeclared for scan in scans)
    return (
        _tile(labels[0], found, "n.columns", source, words),
        _tile(labels[1], undeclared, "n.columns", source, words, "bad" if undeclared else "good"),
    )


def _retention_tiles(figures: Figures, words: Words) -> tuple[Tile, ...]:
    say, plan = words.say, figures.retention.plan
    keys = ("due", "erased", "held", "anchor")
    if plan is None:
        return tuple(_unknown(say(f"tile.{key}"), "tile.unplanned", words) for key in keys)
    rules = [rule for rule in figures.retention.rules if rule.part]
    parts = [rule.part for rule in rules if rule.part]
    source = f"{say('plan')} {plan.digest[:8]}, {words.short_day(plan.made_at.astimezone(AMSTERDAM).date())}"
    executed = [erasure for erasure in figures.retention.erasures if erasure.executed]
    entries = [entry for erasure in executed for entry in erasure.entries]
    erased = [erasure.erased for erasure in executed if erasure.erased is not None]
    uncounted = sum(1 for rule in rules if rule.uncounted)
    since = words.short_day(figures.retention.since.astimezone(AMSTERDAM).date())
    done = f"{say('tile.since', day=since)} · {_span(entries, words)}" if entries else ""
    if uncounted:
        done = f"{done} · {say('tile.partly', n=uncounted)}"
    anchor = sum(part.missing_anchor for part in parts)
    return (
        _tile(say("tile.due"), sum(part.due for part in parts), "n.records", source, words),
        _tile(say("tile.erased"), sum(erased), "n.records", done, words)
        if erased
        else Tile(say("tile.erased"), "–", "", say("tile.unexecuted", day=since), "quiet"),
        _tile(say("tile.held"), sum(rule.held or 0 for rule in rules), "n.records", source, words),
        _tile(say("tile.anchor"), anchor, "n.records", source, words, "warn" if anchor else "good"),
    )


def _release_tiles(figures: Figures, words: Words) -> tuple[Tile, ...]:
    say, releases = words.say, figures.releases
    labels = say("tile.releases"), say("tile.k")
    if not releases:
        return tuple(_unknown(label, "tile.noreleases", words) for label in labels)
    last = [r.attempt for r in releases if r.attempt and r.attempt.outcome is Outcome.DONE]
    entries = [entry for r in releases if r.attempt for entry in r.attempt.entries]
    if not entries:
        return tuple(_unknown(label, "tile.unreleased", words) for label in labels)
    tone: Tone = "good" if len(last) == len(releases) else "warn"
    first = Tile(labels[0], words.number(len(last)), say("n.of", n=len(releases)), _span(entries, words), tone)
    reached = [
        (a.counts["k_reached"], a.counts["k_required"]) for a in last if {"k_reached", "k_required"} <= {*a.counts}
    ]
    if not reached:
        return (first, _unknown(labels[1], "tile.unreleased", words))
    k, required = min(reached)
    enough = all(one >= needed for one, needed in reached)
    return (
        first,
        Tile(
            labels[1],
            words.number(k),
            say("n.persons", n=k),
            say("tile.required", k=required),
            "good" if enough else "bad",
        ),
    )


def _tile(label: str, value: int, unit: str, source: str, words: Words, tone: Tone = "") -> Tile:
    return Tile(label, words.number(value), words.say(unit, n=value), source, tone)


def _unknown(label: str, reason: str, words: Words) -> Tile:
    return Tile(label, "–", "", words.say(reason), "quiet")


def _span(entries: list[int], words: Words) -> str:
    """First and last position: a tile has no room for the gaps in between."""
    return f"{words.say('ledger')} {min(entries)}–{max(entries)}"
