"""The charts: bars and trends, readable in black and white and for the colour-blind, drawn without a network."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache, lru_cache

from hoeder import typeface

INK, MUTED, LINE = "#1b2b34", "#55656e", "#d9e0e4"

DARK, AMBER, PALE, RED, GREY, SKY = "#14506e", "#e0a030", "#d2dce1", "#bf3f27", "#84939c", "#7fb2cc"
"""Steps of lightness first, hue second: dark blue and amber, pale grey and red stay apart in every colour vision."""

_NAMES, _TOTALS = 238, 56
"""Pixels left of the bars for their names, and right of them for their totals: the same in every chart."""

_WHITE_TEXT = {DARK, RED}


@dataclass(frozen=True)
class Series:
    """One kind of segment, in the order of the legend."""

    label: str
    colour: str


@dataclass(frozen=True)
class Bar:
    """One bar: a count per series, as number and as the reader's text; `total` stands at its end."""

    name: str
    counts: tuple[int, ...]
    texts: tuple[str, ...]
    total: str


def stacked(
    series: tuple[Series, ...], bars: tuple[Bar, ...], *, shares: bool, width: int, title: str, text: str
) -> str:
    """Horizontal stacked bars as an SVG of `width` pixels, with `title` and `text` for who cannot see it.

    `shares` draws every bar at full length, so that a rule with ten records can be read beside one with ten thousand.
    """
    return _accessible(_stacked(series, bars, shares, width), title, text)


@lru_cache
def _stacked(series: tuple[Series, ...], bars: tuple[Bar, ...], shares: bool, width: int) -> str:
    narrow = width < 500
    names = [bar.name for bar in bars]
    plot = width - (4 if narrow else _NAMES + 4)
    return _svg(_chart(series, bars, shares=shares, plot=plot, narrow=narrow, names=names))


def bar(parts: tuple[tuple[str, int, str], ...], *, width: int, title: str, text: str) -> str:
    """One whole, in parts of (number as read, count, colour), as an SVG of `width` pixels."""
    return _accessible(_bar(parts, width), title, text)


@lru_cache
def _bar(parts: tuple[tuple[str, int, str], ...], width: int) -> str:
    import altair as alt

    whole, start = sum(count for _, count, _ in parts) or 1, 0.0
    rows: list[dict[str, object]] = []
    for shown, count, colour in parts:
        end = start + count / whole
        fits = (end - start) * width > 9 * len(shown) + 6
        rows.append({
            "start": start, "end": end, "middle": (start + end) / 2, "colour": colour, "text": shown if fits else "",
            "ink": "white" if colour in _WHITE_TEXT else INK,
        })  # fmt: skip
        start = end
    scale = alt.Scale(domain=[0, 1], range=[0, width - 4])
    base = alt.Chart(alt.InlineData(values=rows))
    segments = base.mark_bar(height=34, stroke="white", strokeWidth=1.5).encode(
        x=alt.X("start:Q", scale=scale, axis=None), x2="end:Q", color=alt.Color("colour:N", scale=None)
    )
    numbers = base.mark_text(baseline="middle", fontSize=15, fontWeight=600).encode(
        x=alt.X("middle:Q", scale=scale), text="text:N", color=alt.Color("ink:N", scale=None)
    )
    drawn = alt.layer(segments, numbers).properties(width=width - 4, height=36, background="transparent")
    return _svg(_themed(drawn))


def trend(values: tuple[float | None, ...], aim: float | None, *, title: str, text: str) -> str:
    """A small line over time, its last point marked, with the aim as a broken line; an SVG of 132 by 34 pixels."""
    return _accessible(_trend(values, aim), title, text)


@lru_cache
def _trend(values: tuple[float | None, ...], aim: float | None) -> str:
    import altair as alt

    rows = [{"x": position, "y": value} for position, value in enumerate(values) if value is not None]
    everything = [float(row["y"]) for row in rows] + ([aim] if aim is not None else [])
    low, high = min(everything), max(everything)
    pad = (high - low) * 0.12 or 1.0
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, len(values) - 1], range=[4, 128]), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[low - pad, high + pad], range=[30, 4]), axis=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    layers = [
        base.mark_line(color=INK, strokeWidth=1.6),
        base.mark_point(color=INK, filled=True, size=14, opacity=1),
        base.transform_filter(f"datum.x == {len(values) - 1}").mark_point(
            color=DARK, filled=True, size=60, opacity=1, shape="diamond"
        ),
    ]
    if aim is not None:
        goal = alt.Chart(alt.InlineData(values=[{"y": aim}]))
        layers.insert(0, goal.mark_rule(color=GREY, strokeWidth=1.2, strokeDash=[4, 3]).encode(y=y))
    drawn = alt.layer(*layers).properties(width=132, height=34, background="transparent")
    return _svg(_themed(drawn))


def _svg(chart: "alt.LayerChart") -> str:  # type: ignore[name-defined]  # noqa: F821
    import vl_convert

    _register_fonts()
    # The specification is our own; checking it against the schema takes longer than drawing it, so it is left out.
    drawn = str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False)))
    # A place to a hundredth of a pixel: nine digits behind the point can be somebody's number by chance.
    return _PLACE.sub(lambda place: f"{float(place[0]):.2f}".rstrip("0").rstrip("."), drawn)


_PLACE = re.compile(r"\d+\.\d{3,}")


@cache
def _register_fonts() -> None:
    """Tell the converter which letters to measure."""
    import vl_convert

    vl_convert.register_font_directory(str(typeface.package()))


def _chart(
    series: tuple[Series, ...], bars: tuple[Bar, ...], *, shares: bool, plot: int, narrow: bool, names: list[str]
) -> "alt.LayerChart":  # type: ignore[name-defined]  # noqa: F821
    import altair as alt

    longest = max((sum(bar.counts) for bar in bars), default=0) or 1
    rows: list[dict[str, object]] = []
    for bar in bars:
        whole = (sum(bar.counts) or 1) if shares else longest
        start = 0.0
        for kind, count, shown in zip(series, bar.counts, bar.texts, strict=True):
            end = start + count / whole
            fits = (end - start) * (plot - _TOTALS) > 7 * len(shown) + 6
            rows.append({
                "bar": bar.name, "kind": kind.label, "start": start, "end": end, "middle": (start + end) / 2,
                "text": shown if count and fits else "", "ink": "white" if kind.colour in _WHITE_TEXT else INK,
            })  # fmt: skip
            start = end
        rows.append({"bar": bar.name, "total": bar.total, "end": 1.0 if shares else start})
    step, offset = (40, -13) if narrow else (23, 0)
    y = alt.Y("bar:N", sort=names, title=None, axis=None if narrow else _name_axis())
    scale = alt.Scale(domain=[0, 1], range=[0, plot - _TOTALS])
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    height = 15
    segments = (
        base.transform_filter("isValid(datum.kind) && datum.end > datum.start")
        .mark_bar(height=height, stroke="white", strokeWidth=1, yOffset=6 if narrow else 0)
        .encode(
            x=alt.X("start:Q", scale=scale, axis=None),
            x2="end:Q",
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=[s.label for s in series], range=[s.colour for s in series]),
                legend=alt.Legend(title=None, orient="top", columns=1 if narrow else 0, labelLimit=plot),
            ),
        )
    )
    counts = (
        base.transform_filter("isValid(datum.kind)")
        .mark_text(baseline="middle", dy=6 if narrow else 0, fontSize=11)
        .encode(x=alt.X("middle:Q", scale=scale), text="text:N", color=alt.Color("ink:N", scale=None))
    )
    totals = (
        base.transform_filter("isValid(datum.total)")
        .mark_text(align="left", baseline="middle", dx=6, dy=6 if narrow else 0, fontWeight=600, fontSize=12, color=INK)
        .encode(x=alt.X("end:Q", scale=scale), text="total:N")
    )
    layers = [segments, counts, totals]
    if narrow:
        layers.append(
            base.transform_filter("isValid(datum.total)")
            .mark_text(align="left", baseline="middle", dy=offset + 2, fontSize=13, color=INK)
            .encode(x=alt.value(0), text="bar:N")
        )
    drawn = alt.layer(*layers).properties(width=plot, height={"step": step}, background="transparent")
    return _themed(drawn)


def _name_axis() -> "alt.Axis":  # type: ignore[name-defined]  # noqa: F821
    import altair as alt

    return alt.Axis(labelAlign="left", labelPadding=_NAMES, labelLimit=_NAMES - 10, minExtent=_NAMES, maxExtent=_NAMES)


def _themed(chart: "alt.LayerChart") -> "alt.LayerChart":  # type: ignore[name-defined]  # noqa: F821
    return (
        chart
        .configure(font=typeface.FAMILY, aria=False, padding={"left": 0, "top": 2, "right": 2, "bottom": 2})
        .configure_view(stroke=None)
        .configure_axis(
            domain=False, ticks=False, grid=False, labelFontSize=12.5, labelColor=INK, titleColor=MUTED
        )
        .configure_legend(
            labelFontSize=12.5, labelColor=INK, symbolType="square", symbolSize=130, symbolStrokeWidth=0, offset=10,
            columnPadding=16, labelOffset=5,
        )
    )  # fmt: skip


def _accessible(svg: str, title: str, text: str) -> str:
    """The SVG as one image with a title and a description; its parts are not read out one by one."""
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(svg)  # noqa: S314  # made by the converter from our own specification
    for element in root.iter():
        for name in [a for a in element.attrib if a == "role" or a.startswith("aria-")]:
            del element.attrib[name]
    root.set("role", "img")
    root.set("aria-label", title)
    for position, (tag, content) in enumerate((("title", title), ("desc", text))):
        child = ET.Element(f"{{http://www.w3.org/2000/svg}}{tag}")
        child.text = content
        root.insert(position, child)
    return ET.tostring(root, encoding="unicode")
