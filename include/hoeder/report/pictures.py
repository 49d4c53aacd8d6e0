"""Which figures go into which chart."""

from collections.abc import Mapping, Sequence

from hoeder.promises import Status
from hoeder.report import charts
from hoeder.report.charts import AMBER, DARK, GREY, PALE, RED, SKY, Bar, Series, stacked
from hoeder.report.facts.indicators import KpiFigure, Unit
from hoeder.report.facts.inventory import StoreFigures
from hoeder.report.facts.retention import RuleFigures
from hoeder.report.period import Period
from hoeder.report.view import Chart
from hoeder.report.words import Words

WIDE, NARROW = 640, 340

COLOURS = {
    Status.BROKEN: RED,
    Status.KEPT: DARK,
    Status.ATTESTED: SKY,
    Status.UNKNOWN: PALE,
    Status.SUPERSEDED: AMBER,
}
"""In the order in which they stand side by side; neighbours differ in lightness as well."""

FEWEST = 3
"""Known figures that a trend needs; fewer are told in words."""


def promises_bar(counted: Mapping[Status, int], words: Words) -> Chart:
    """All promises as one bar. The numbers and words that belong to it stand under it, as text."""
    some = [(status, counted.get(status, 0)) for status in COLOURS if counted.get(status, 0)]
    parts = tuple((words.number(n), n, COLOURS[status]) for status, n in some)
    text = ", ".join(f"{words.number(n)} {words.say(f'status.{status}')}" for status, n in some) + "."
    title = words.say("front.promises")
    wide, narrow = (charts.bar(parts, width=width, title=title, text=text) for width in (WIDE, NARROW))
    return Chart(title, "", text, wide, narrow)


def chapters(counted: Mapping[str, Mapping[Status, int]], words: Words) -> Chart | None:
    """Per chapter how its promises stand. None for fewer than two chapters, which a sentence says as well."""
    if len(counted) < 2:
        return None
    series = tuple(Series(words.say(f"status.{status}"), colour) for status, colour in COLOURS.items())
    bars, lines = [], []
    for chapter, counts in counted.items():
        numbers = tuple(counts.get(status, 0) for status in COLOURS)
        bars.append(_bar(chapter, numbers, words))
        said = ", ".join(f"{n} {one.label}" for n, one in zip(numbers, series, strict=True) if n)
        lines.append(words.say("chart.promises.line", chapter=chapter, counts=said))
    return _chart("promises", series, tuple(bars), lines, words, shares=False)


def trend(name: str, kpi: KpiFigure, period: Period, words: Words) -> Chart | None:
    """How an indicator went, up to this period. None where too little is known to see a course in it."""
    points = [*((each.period, each.part, each.whole) for each in kpi.earlier), (str(period), kpi.part, kpi.whole)]
    values = tuple(_value(kpi.unit, part, whole) for _, part, whole in points)
    known = [value for value in values if value is not None]
    if len(known) < FEWEST or values[-1] is None:
        return None
    said = ", ".join(
        f"{words.period(Period.parse(when))} {_said(kpi.unit, part, whole, words)}" for when, part, whole in points
    )
    aim = 1.0 if kpi.unit is Unit.SHARE and kpi.at_least is not None else kpi.at_most
    if kpi.unit is not Unit.SHARE and aim is None:
        aim = kpi.at_least
    text = words.say("trend", name=name, values=said)
    svg = charts.trend(values, None if aim is None else float(aim), title=name, text=text)
    return Chart(name, "", text, svg, svg)


def _value(unit: Unit, part: int | None, whole: int | None) -> float | None:
    if part is None or (unit is Unit.SHARE and not whole):
        return None
    return part / whole if unit is Unit.SHARE and whole else float(part)


def _said(unit: Unit, part: int | None, whole: int | None, words: Words) -> str:
    if _value(unit, part, whole) is None or part is None:
        return words.say("kpi.unknown")
    return words.share(part, whole) if unit is Unit.SHARE and whole else words.number(part)


_MOST_BARS = 16
"""Of a chart on a page; what is less stands together in the last one, and by itself in the table."""


def retention(planned: Sequence[RuleFigures], words: Words) -> Chart | None:
    """Per rule with anything to show: erased, held, without start date, still there. None where there is nothing."""
    say = words.say
    series = tuple(
        Series(say(f"chart.{key}"), colour)
        for key, colour in (
            ("erased", DARK),
            ("held", AMBER),
            ("anchor", PALE),
            ("uncounted", GREY),
            ("remaining", RED),
        )
    )
    rows: list[tuple[str, tuple[int, ...]]] = []
    for rule in planned:
        if rule.part and not rule.part.problem:
            counts = (
                rule.erased or 0, rule.held or 0, rule.part.missing_anchor, rule.uncounted, rule.remaining or 0
            )  # fmt: skip
            rows.append((rule.rule, counts))
    # What went wrong comes first, then what is most.
    rows = sorted((row for row in rows if sum(row[1])), key=lambda row: (-sum(row[1][3:]), -sum(row[1])))
    if not rows:
        return None
    if len(rows) > _MOST_BARS:
        rest = rows[_MOST_BARS - 1 :]
        together = tuple(map(sum, zip(*(counts for _, counts in rest), strict=True)))
        rows = [*rows[: _MOST_BARS - 1], (say("chart.retention.rest", n=len(rest)), together)]
    bars = tuple(_bar(name, counts, words) for name, counts in rows)
    lines = [
        say(
            "chart.retention.line",
            rule=name,
            erased=counts[0],
            held=counts[1],
            anchor=counts[2],
            uncounted=counts[3],
            remaining=counts[4],
        )
        for name, counts in rows
    ]
    return _chart("retention", series, bars, lines, words, shares=True)


def inventory(stores: Sequence[StoreFigures], words: Words) -> Chart | None:
    """Columns with personal data per store: as in policy, not in policy, and citizen service numbers out of place."""
    say = words.say
    series = tuple(
        Series(say(f"chart.{key}"), colour)
        for key, colour in (("agreed", DARK), ("undeclared", AMBER), ("misplaced", RED))
    )
    bars, lines = [], []
    for store in stores:
        scan = store.scan
        if scan is None:
            bars.append(Bar(store.store, (0,) * 3, ("",) * 3, say("chart.unscanned")))
            lines.append(say("chart.inventory.unscanned", store=store.store))
            continue
        bars.append(_bar(store.store, (scan.agreed, scan.undeclared, scan.misplaced), words))
        lines.append(
            say(
                "chart.inventory.line", store=store.store, agreed=scan.agreed, undeclared=scan.undeclared,
                misplaced=scan.misplaced,
            )
        )  # fmt: skip
    if not any(sum(bar.counts) for bar in bars):
        return None
    return _chart("inventory", series, tuple(bars), lines, words, shares=False)


def _bar(name: str, counts: tuple[int, ...], words: Words) -> Bar:
    return Bar(name, counts, tuple(map(words.number, counts)), words.number(sum(counts)))


def _chart(
    key: str, series: tuple[Series, ...], bars: tuple[Bar, ...], lines: list[str], words: Words, *, shares: bool
) -> Chart:
    title, text = words.say(f"chart.{key}"), f"{'; '.join(lines)}."
    used = [any(bar.counts[index] for bar in bars) for index in range(len(series))]
    shown = tuple(one for one, use in zip(series, used, strict=True) if use)
    kept = tuple(
        Bar(
            bar.name,
            tuple(count for count, use in zip(bar.counts, used, strict=True) if use),
            tuple(one for one, use in zip(bar.texts, used, strict=True) if use),
            bar.total,
        )
        for bar in bars
    )
    wide, narrow = (
        stacked(shown, kept, shares=shares, width=width, title=title, text=text) for width in (WIDE, NARROW)
    )
    return Chart(title, words.say(f"chart.{key}.note"), text, wide, narrow)
