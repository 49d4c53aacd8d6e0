"""The sections on releases, on the ledger and on how the figures came about."""

from hoeder.evidence.ledger import Outcome
from hoeder.policy.models import Policy
from hoeder.report.attention import HOLD_DAYS
from hoeder.report.cells import MOST_ROWS, count, day, more, outcome_cell, when
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.releases import ReleaseFigures
from hoeder.report.kpis.evidence import UNFINISHED
from hoeder.report.kpis.inventory import SCAN_DAYS
from hoeder.report.view import Cell, Column, Fact, Section, Table, Tone
from hoeder.report.words import Words


def releases(figures: Figures, words: Words) -> Section:
    """Every dataset for analysts: made or not, how small its smallest group is, and which file went out."""
    say = words.say
    if not figures.releases:
        return Section("releases", say("releases"), (say("releases.none"),))
    columns = (
        Column(say("col.release"), "name", 26),
        Column(say("col.in"), "number", 11),
        Column(say("col.out"), "number", 11),
        Column(say("col.suppressed"), "number", 12),
        Column(say("col.groups"), "number", 10),
        Column(say("col.k"), "number", 11),
        Column(say("col.outcome"), "state", 21),
    )
    attempts = Table(say("table.releases"), columns, tuple(_release_row(r, words) for r in figures.releases))
    purposes = Table(
        say("table.questions"),
        (
            Column(say("col.release"), "name", 24),
            Column(say("col.question"), "text", 38),
            Column(say("col.digest"), "name", 38),
        ),
        tuple(
            (
                Cell(release.release),
                Cell(words.policy(release.question), words.policy(release.description)),
                _published(release, words),
            )
            for release in figures.releases
        ),
    )
    return Section(
        "releases", say("releases"), (say("releases.intro"),), tables=(attempts, _attacks(figures, words), purposes)
    )


def _attacks(figures: Figures, words: Words) -> Table:
    """What the attacks of the gate achieved, and who and what was left out or kept as it was."""
    say = words.say
    columns = (
        Column(say("col.release"), "name", 34),
        Column(say("col.persons_out"), "number", 22),
        Column(say("col.carried"), "number", 20),
        Column(say("col.attacks"), "number", 20),
        Column(say("col.risk"), "number", 22),
    )
    rows = []
    for release in figures.releases:
        counts = release.attempt.counts if release.attempt else {}
        risk = counts.get("risk_per_mille")
        rows.append((
            Cell(release.release),
            count(counts.get("left_out"), words),
            count(counts.get("carried"), words),
            count(counts.get("attacks"), words),
            Cell("–" if risk is None else words.basis_points(risk * 10)),
        ))  # fmt: skip
    return Table(say("table.attacks"), columns, tuple(rows))


def _release_row(release: ReleaseFigures, words: Words) -> tuple[Cell, ...]:
    say, attempt = words.say, release.attempt
    name = Cell(release.release, release.source)
    if attempt is None:
        return (name, *[Cell("–")] * 5, Cell(say("release.never"), tone="quiet"))
    counts = attempt.counts
    rows_in, left_out = counts.get("rows_in"), counts.get("suppressed")
    suppressed = words.share(left_out, rows_in) if rows_in and left_out is not None else "–"
    most = release.max_suppressed_bp
    required = counts.get("k_required", release.k)
    reached = counts.get("k_reached")
    if attempt.outcome is None:
        state = Cell(say("release.unfinished"), words.ledger(attempt.entries), "bad")
    elif attempt.outcome in {Outcome.DONE, Outcome.REFUSED}:
        tone: Tone = "good" if attempt.outcome is Outcome.DONE else "bad"
        state = Cell(say(f"release.{attempt.outcome}"), words.ledger(attempt.entries), tone)
    else:
        state = outcome_cell(attempt.outcome, attempt.entries, words)
    return (
        name,
        count(rows_in, words),
        count(counts.get("rows_out"), words),
        Cell(suppressed, "" if most is None else say("cell.most", share=words.basis_points(most))),
        count(counts.get("groups"), words),
        count(
            reached, words, say("cell.k", k=required), tone="bad" if reached is not None and reached < required else ""
        ),
        state,
    )


def _published(release: ReleaseFigures, words: Words) -> Cell:
    if release.published is None:
        return Cell(words.say("release.unpublished"))
    when = words.say("release.earlier", day=day(release.published.begun_at, words))
    return Cell(release.published.digest or "–", f"{when} · {words.ledger(release.published.entries)}")


def evidence(figures: Figures, words: Words) -> Section:
    """Where the ledger stands, and what in it has no end."""
    say, known = words.say, figures.evidence
    facts = [Fact(say("fact.policy"), figures.policy_digest, code=True)]
    if figures.retention.plan:
        facts.append(Fact(say("fact.plan.digest"), figures.retention.plan.digest, code=True))
    if not known.entries:
        return Section("evidence", say("evidence"), (say("evidence.none"),), facts=tuple(facts))
    facts += _sealed(figures, words)
    columns = (
        Column(say("col.capability"), "text", 26),
        Column(say("col.positions"), "text", 14),
        Column(say("col.intents"), "number", 13),
        Column(say("col.outcomes"), "number", 13),
        Column(say("col.first"), "text", 17),
        Column(say("col.last"), "text", 17),
    )
    rows = tuple(
        (
            Cell(_capability(line.capability, words)),
            Cell(f"{line.first}–{line.last}" if line.first != line.last else str(line.first)),
            count(line.intents, words),
            count(line.outcomes, words),
            Cell(*when(line.first_at, words)),
            Cell(*when(line.last_at, words)),
        )
        for line in known.capabilities
    )
    tables = [Table(say("table.ledger"), columns, rows)]
    if known.unfinished:
        tables.append(_unfinished_table(figures, words))
    return Section("evidence", say("evidence"), (say("evidence.intro"),), facts=tuple(facts), tables=tuple(tables))


def _sealed(figures: Figures, words: Words) -> list[Fact]:
    say, last = words.say, figures.evidence.checkpoint
    if last is None:
        return [Fact(say("fact.checkpoint"), say("checkpoint.none"))]
    where = say("checkpoint.last", at=last.signed_at, size=str(last.size), since=last.since)
    return [Fact(say("fact.checkpoint"), where), Fact(say("fact.root"), last.root, code=True)]


def _unfinished_table(figures: Figures, words: Words) -> Table:
    say, unfinished = words.say, figures.evidence.unfinished
    columns = (
        Column(say("col.position"), "text", 12),
        Column(say("col.act"), "text", 30),
        Column(say("col.object"), "name", 38),
        Column(say("col.since"), "text", 20),
    )
    rows = tuple(
        (
            Cell(str(act.entry)),
            Cell(_capability(act.capability, words), act.activity),
            Cell(act.object),
            Cell(*when(act.begun_at, words)),
        )
        for act in unfinished[:MOST_ROWS]
    )
    return Table(say("table.unfinished"), columns, rows, more(len(unfinished), words))


def method(figures: Figures, policy: Policy, words: Words) -> Section:
    """How the figures came about, and what they do not say."""
    say = words.say
    hours = int(UNFINISHED.total_seconds() // 3600)
    paragraphs = [
        say("method.sources", at=figures.at, period=words.period(figures.period)),
        say("method.check"),
        f"{say('method.unknown')} {say('method.records')}",
        say("method.old", scan_days=SCAN_DAYS, hours=hours, hold_days=HOLD_DAYS),
        say("method.small", n=policy.organisation.small_below),
        say("method.due", days=policy.organisation.decided_within_days),
        say("method.gaps"),
        say("method.opinion"),
    ]
    return Section("method", say("method"), tuple(paragraphs))


def _capability(name: str, words: Words) -> str:
    return words.say(f"capability.{name}") if words.knows(f"capability.{name}") else name.replace("_", " ")
