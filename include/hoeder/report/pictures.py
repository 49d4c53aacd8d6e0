"""Which figures go into which chart."""

from collections.abc import Sequence

from hoeder.report.charts import AMBER, DARK, GREY, PALE, RED, Bar, Series, stacked
from hoeder.report.facts import RuleFigures, StoreFigures
from hoeder.report.view import Chart
from hoeder.report.words import Words

WIDE, NARROW = 640, 340


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
    rows = sorted((row for row in rows if sum(row[1])), key=lambda row: -sum(row[1]))
    if not rows:
        return None
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
