"""How well `hoeder scan` tells personal columns from others, and how fast, beside other tools on the same columns.

.venv/bin/python bench/detection/scan.py [--all] [--rows 10000000] [--cells 1000000] [--envs DIR]

Real PostgreSQL, started for this. Northwind is scanned too when HOEDER_NORTHWIND or --northwind names its SQL file.
Prints counts, never which column was missed. `--all` adds the peers that take minutes.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from column_kinds import ROWS, hidden, values
from column_lines import RIGHT, RIGHT_HIDDEN, Line, cells, quality, show, show_categories
from column_peers import MEANS, PEERS, Peer, run
from column_score import Score, findings, key, score
from column_server import Judged, Server, company, load, load_northwind, options, running
from column_speed import full_speed, sampled_speed
from columns import COMPANY
from rich.console import Console
from rich.table import Table as Grid

Scored = tuple[Judged, Score]


def scanned(server: Server, northwind: Path | None) -> Iterator[Scored]:
    """Our scores: the company, the company with its names hidden, and Northwind if its file is known."""
    shown = [(table, values(table)) for table in COMPANY]
    unnamed = [(table, rows) for table, (_, rows) in zip(hidden(COMPANY), shown, strict=True)]
    for title, loaded in (("names", shown), ("names hidden", unnamed)):
        name = title.replace(" ", "_")
        with server.database(name) as connection:
            load(connection, loaded)
        judged = company(title, loaded)
        yield judged, score(judged.verdicts, findings(server.scan(name).printed))
    if northwind:
        with server.database("Northwind") as connection:
            judged = load_northwind(connection, northwind)
        yield judged, score(judged.verdicts, findings(server.scan("Northwind").printed))


def show_peers(console: Console, sets: Sequence[Scored], peers: Sequence[Peer], folder: Path) -> None:
    """Every peer on every set; one that does not run is a line that says why."""
    grid = Grid(title="The same columns by other tools", title_justify="left")
    for heading in ("", "columns", "found", "right type", "false alarms", "s per 1 million cells read", "start"):
        grid.add_column(heading)
    for judged, ours in sets:
        grid.add_row("Hoeder", judged.title, *cells(ours), "", "")
    for peer in peers:
        for judged, _ in sets:
            ran = run(peer, judged.texts, folder)
            if ran.failed:
                grid.add_row(peer.name, f"did not run: {ran.failed}", "", "", "", "", "")
                break
            found = {key(*name.split(" ", 1)): MEANS.get(label or "", ()) for name, label in ran.labels.items()}
            rate = ran.seconds / max(ran.cells, 1) * 1e6
            grid.add_row(
                peer.name, judged.title, *cells(score(judged.verdicts, found)), f"{rate:.1f}", f"{ran.start:.1f} s"
            )
    console.print(grid)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--northwind", type=Path, default=os.environ.get("HOEDER_NORTHWIND") or None, help="its SQL")
    parser.add_argument("--all", action="store_true", help="also the peers that take minutes")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the full scan; 0 leaves it out")
    parser.add_argument("--cells", type=int, default=1_000_000, help="cells of the sampled scan; 0 leaves it out")
    parser.add_argument(
        "--envs", type=Path, default=Path(__file__).parents[1] / ".envs", help="where the peers' environments are kept"
    )
    return parser.parse_args()


def main() -> None:
    asked, offered = arguments(), options()
    console = Console(width=None if sys.stdout.isatty() else 140)
    lines: list[Line] = []
    with running() as server:
        sets = list(scanned(server, asked.northwind and Path(asked.northwind)))
        for judged, result in sets:
            lines += quality(judged.title, result, RIGHT_HIDDEN if judged.title == "names hidden" else RIGHT)
        if asked.cells:
            lines += sampled_speed(server, asked.cells, offered)
        if asked.rows:
            lines += full_speed(server, asked.rows, offered)
    title = f"hoeder scan on {len(sets[0][0].verdicts)} judged columns of {ROWS:,} rows in {len(COMPANY)} tables"
    show(console, title, lines)
    show_categories(console, [(judged.title, result) for judged, result in sets])
    if not asked.no_peers:
        show_peers(console, sets, [peer for peer in PEERS if asked.all or not peer.slow], asked.envs)
    if not asked.northwind:
        console.print("Northwind was left out: name its SQL file in HOEDER_NORTHWIND or --northwind.")


if __name__ == "__main__":
    main()
