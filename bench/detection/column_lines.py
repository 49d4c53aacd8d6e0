"""Figures beside their bars, and scores by category, as tables for the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from column_score import Score, Tally
from rich.console import Console
from rich.table import Table as Grid

RIGHT = (0.95, 0.98)  # bar and reach
RIGHT_HIDDEN = (0.80, 0.90)
ALARMS = (0.02, 0.01)


@dataclass(frozen=True)
class Line:
    """A row of the table of figures; `good` is None where there is no bar."""

    what: str
    figure: str
    bar: str = ""
    reach: str = ""
    good: bool | None = None
    reached: bool = False


def quality(scope: str, result: Score, right: tuple[float, float]) -> list[Line]:
    tally, rate = result.personal, result.alarm_rate
    unread = f"; {result.unread} not mentioned" if result.unread else ""
    return [
        Line(f"{scope}: personal columns found", f"{tally.found} of {tally.columns} ({result.found:.1%}){unread}"),
        Line(f"{scope}: right type", f"{tally.right} of {tally.columns} ({result.right:.1%})",
             f"≥ {right[0]:.0%}", f"{right[1]:.0%}", result.right >= right[0], result.right >= right[1]),
        Line(f"{scope}: false alarms", f"{result.alarms} of {result.clean} ({rate:.1%})",
             f"≤ {ALARMS[0]:.0%}", f"{ALARMS[1]:.0%}", rate <= ALARMS[0], rate <= ALARMS[1]),
    ]  # fmt: skip


def show(console: Console, title: str, lines: Sequence[Line]) -> None:
    grid = Grid(title=title, title_justify="left")
    for heading in ("", "measured", "bar", "reach", ""):
        grid.add_column(heading)
    for line in lines:
        word = (
            "" if line.good is None else "[red]missed[/red]" if not line.good else "reached" if line.reached else "met"
        )
        grid.add_row(line.what, line.figure, line.bar, line.reach, word)
    console.print(grid)


def show_categories(console: Console, scores: Sequence[tuple[str, Score]]) -> None:
    grid = Grid(title="Right type by category; false alarms by what was claimed", title_justify="left")
    for heading in ("category", *(title for title, _ in scores)):
        grid.add_column(heading)
    names = sorted({name for _, result in scores for name in (*result.by_category, *result.alarms_by)})
    for name in names:
        grid.add_row(name, *(_category(result, name) for _, result in scores))
    console.print(grid)


def _category(result: Score, name: str) -> str:
    tally, alarms = result.by_category.get(name, Tally()), result.alarms_by.get(name, 0)
    parts = [f"{tally.right} of {tally.columns}"] if tally.columns else []
    return ", ".join([*parts, *([f"{alarms} false"] if alarms else [])])


def cells(result: Score) -> tuple[str, str, str]:
    tally = result.personal
    return f"{tally.found}/{tally.columns}", f"{tally.right}/{tally.columns}", f"{result.alarms}/{result.clean}"
