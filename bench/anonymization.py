"""What a release keeps and costs, beside peers: same data, same quasi-identifiers, same k, same measure, one run.

.venv/bin/python bench/anonymization.py [--quick] [--large]

Needs the Adult data beside the project (../shared/data/adult, or HOEDER_ADULT). Peers are installed in environments of
their own under bench/.envs. --quick leaves out what takes minutes and says so; --large adds 30 million rows.
"""
# not a DAG: it may import what it measures

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from time import perf_counter, process_time

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent / "anonymization"
sys.path.insert(0, str(HERE))

from scale import QUASI  # noqa: E402
from score import Score, Truth, score, truth  # noqa: E402

from hoeder.anonymization.engine import Limits, Report, Roles, anonymize  # noqa: E402
from hoeder.anonymization.engine.anonymize import make  # noqa: E402

ADULT = Path(os.environ.get("HOEDER_ADULT") or Path(__file__).parents[2] / "shared/data/adult")
ENVIRONMENTS = Path(__file__).parent / ".envs"
PEERS = {"anonypy": "anonypy==0.2.1", "anonypyx": "anonypyx==0.2.11"}
ROUNDS = 5  # the best of, after one that compiles
OURS = {
    "levels of hierarchies": {},
    "sets, for counts": {"labels": "sets"},
    "sets, for cells": {"labels": "sets", "aim": "cells"},
}
# (GCP %, q %, seconds) at most; None: no bar
BARS = {
    ("levels of hierarchies", 5): (5.4, 3.3, 0.15), ("levels of hierarchies", 10): (7.9, 5.2, 0.25),
    ("levels of hierarchies", 50): (15.1, 11.5, 0.6),
    ("sets, for counts", 5): (None, 1.2, None), ("sets, for counts", 10): (None, 2.6, None),
    ("sets, for counts", 50): (None, 9.0, None),
    ("sets, for cells", 5): (1.85, None, None), ("sets, for cells", 10): (3.5, None, None),
    ("sets, for cells", 50): (10.6, None, None),
}  # fmt: skip
SLOW = {5: "anonypy, anonypyx", 10: "anonypy, anonypyx"}

out = Console(highlight=False, width=140)


def main() -> None:
    """Print the tables."""
    if not (ADULT / "adult.csv").is_file():
        out.print(f"no Adult data in {ADULT}: nothing was measured (set HOEDER_ADULT)")
        sys.exit(1)
    quick, large = "--quick" in sys.argv, "--large" in sys.argv
    table = pyarrow.csv.read_csv(ADULT / "adult.csv", parse_options=pyarrow.csv.ParseOptions(delimiter=";"))
    out.print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    out.print("seconds by the clock, to which the bars apply (and by the processor)")
    adult(table, quick=quick)
    models(table)
    scale([3_016_200, *([30_162_000] if large else [])])
    if not large:
        out.print("30 million rows: not run (--large)")


def adult(table: pa.Table, *, quick: bool) -> None:
    """Adult, 8 quasi-identifiers, by k."""
    original = truth(table, QUASI, ADULT)
    published = json.loads((HERE / "published.json").read_text())
    shown = Table(title=f"Adult, {table.num_rows:,} rows, 8 quasi-identifiers", title_justify="left")
    for name in ("k", "labels", "by", "GCP %", "q %", "left out", "smallest", "seconds", "bars"):
        shown.add_column(name, justify="left" if name in {"labels", "by", "bars"} else "right")
    for k in (5, 10, 50):
        for labels, how in OURS.items():
            found, seconds, processor = timed(table, Roles(QUASI), Limits(k=k), how)
            scored = score(found, original)
            bars = judged(BARS[labels, k], (scored.gcp, scored.q, seconds))
            shown.add_row(str(k), labels, "Hoeder", *cells(scored), f"{seconds:.3f} ({processor:.3f})", bars)
        arx = published["hierarchy"][str(k)]
        shown.add_row(str(k), "levels of hierarchies", "ARX, published", f"{arx['gcp']:.2f}", f"{arx['q']:.2f}", "", "",
                      f"{arx['seconds']:.1f}", "frozen figure, not run")  # fmt: skip
        if quick and k in SLOW:
            shown.add_row(str(k), "sets", SLOW[k], "", "", "", "", "", "not run (--quick)")
        for name in () if quick and k in SLOW else PEERS:
            shown.add_row(str(k), "sets", name, *peer(name, k, table, original))
    out.print(shown)


def timed(table: pa.Table, roles: Roles, limits: Limits, how: dict[str, str]) -> tuple[pa.Table, float, float]:
    """The rows, and the best seconds from table to table, by the clock and by the processor."""
    files = {name: ADULT / f"adult_hierarchy_{name}.csv" for name in roles.quasi}
    best, cheapest = float("inf"), float("inf")
    rows = make(table, roles, limits, hierarchies=files, **how)[0].table()  # type: ignore[arg-type]
    for _ in range(ROUNDS if how.get("aim") != "cells" else 2):
        begun, worked = perf_counter(), process_time()
        rows = make(table, roles, limits, hierarchies=files, **how)[0].table()  # type: ignore[arg-type]
        best, cheapest = min(best, perf_counter() - begun), min(cheapest, process_time() - worked)
    return rows, best, cheapest


def cells(found: Score) -> tuple[str, str, str, str]:
    """A score as text."""
    return f"{found.gcp:.2f}", f"{found.q:.2f}", str(found.suppressed), str(found.k)


def judged(bars: tuple[float | None, ...], found: tuple[float, ...]) -> str:
    """Which bars are met, and which missed."""
    names = ("GCP", "q", "seconds")
    told = [
        f"{name} ≤ {bar:g} {'met' if value <= bar else '[bold red]MISSED[/bold red]'}"
        for name, bar, value in zip(names, bars, found, strict=True)
        if bar is not None
    ]
    return ", ".join(told)


def peer(name: str, k: int, table: pa.Table, original: Truth) -> tuple[str, ...]:
    """A peer's row of the table; it runs in its own environment."""
    python = environment(name)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        pq.write_table(table.select([*QUASI, "salary-class"]), source)
        ran = subprocess.run(
            [python, HERE / "peer.py", name, str(k), source, target], capture_output=True, text=True, check=False
        )
        if ran.returncode:
            return ("", "", "", "", "", f"failed: {ran.stderr.strip().splitlines()[-1][:60]}")
        return (*cells(score(pq.read_table(target), original)), f"{float(ran.stdout.split()[-1]):.1f}", "")


def environment(name: str) -> Path:
    """The peer's own Python, made at first use."""
    python = ENVIRONMENTS / name / "bin/python"
    if not python.exists():
        venv.create(ENVIRONMENTS / name, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, PEERS[name], "pandas", "pyarrow", "matplotlib"], check=True)
    return python


def models(table: pa.Table) -> None:
    """l and t on 7 quasi-identifiers, k = 5."""
    arx = json.loads((HERE / "published.json").read_text())["l3"]
    roles = Roles(tuple(name for name in QUASI if name != "occupation"), ("occupation",))
    shown = Table(title="Adult, 7 quasi-identifiers, occupation sensitive, k = 5", title_justify="left")
    for name in ("model", "GCP %", "left out %", "reached", "seconds", "bars"):
        shown.add_column(name)
    asked = {
        "distinct l = 3": Limits(k=5, l_distinct=3), "entropy l = 3": Limits(k=5, l_entropy=3),
        "recursive (3, 3)": Limits(k=5, l_recursive=(3.0, 3)),
        "t = 0.4, equal": Limits(k=5, t=0.4), "t = 0.2, equal": Limits(k=5, t=0.2, max_suppressed=0.15),
    }  # fmt: skip
    files = {name: ADULT / f"adult_hierarchy_{name}.csv" for name in roles.quasi}
    for name, limits in asked.items():
        _, seconds, processor = timed(table, roles, limits, {})
        told: Report = anonymize(table, roles, limits, hierarchies=files).report
        spread = told.sensitive["occupation"]
        reached = f"l {spread.distinct}, entropy {spread.entropy:.2f}, t {spread.equal:.4f}"
        bars = (
            judged((arx["gcp"], None, arx["seconds"] / 10), (100 * told.gcp, 0, seconds)) if "distinct" in name else ""
        )
        shown.add_row(name, f"{100 * told.gcp:.2f}", f"{100 * told.suppressed_share:.2f}", reached,
                      f"{seconds:.3f} ({processor:.3f})", bars)  # fmt: skip
    out.print(shown)


def scale(sizes: list[int]) -> None:
    """Parquet to Parquet, k = 5, against what reading, grouping, joining and writing alone take."""
    shown = Table(title="Adult resampled, a tenth of cells swapped, k = 5, Parquet to Parquet", title_justify="left")
    for name in ("rows", "by", "GCP %", "seconds", "MB", "bars"):
        shown.add_column(name, justify="left" if name in {"by", "bars"} else "right")
    first = 0.0
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            source = f"{folder}/mix.parquet"
            run("mix", str(rows), source)
            run("ours", source, folder)  # compiles, and fills the disk's cache
            floor = min((run("floor", source, folder) for _ in range(2)), key=lambda each: each["seconds"])
            ours = min((run("ours", source, folder) for _ in range(2)), key=lambda each: each["seconds"])
        shown.add_row(f"{rows:,}", "floor (DuckDB)", "", f"{floor['seconds']:.2f}", f"{floor['megabytes']:.0f}", "")
        limit = 700 if rows < 10_000_000 else 2000
        ratio = ours["seconds"] / floor["seconds"]
        told = [
            f"{ratio:.2f} × floor ≤ 2.5 {'met' if ratio <= 2.5 else '[bold red]MISSED[/bold red]'}",
            f"≤ {limit} MB {'met' if ours['megabytes'] <= limit else '[bold red]MISSED[/bold red]'}",
        ]
        if first:
            told.append(f"{ours['seconds'] / first:.1f} × the time for {rows / sizes[0]:.0f} × the rows")
        first = first or ours["seconds"]
        shown.add_row(f"{rows:,}", "Hoeder", f"{ours['gcp']:.3f}", f"{ours['seconds']:.2f}", f"{ours['megabytes']:.0f}",
                      ", ".join(told))  # fmt: skip
    arx = json.loads((HERE / "published.json").read_text())["rows_3m"]
    shown.add_row(
        "3,016,200", "ARX, published", "", str(arx["seconds"]), str(arx["megabytes"]), "frozen figure, not run"
    )
    out.print(shown)


def run(*arguments: str) -> dict[str, float]:
    """A step of scale.py in a process of its own."""
    ran = subprocess.run(
        [sys.executable, HERE / "scale.py", *arguments, ADULT], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(ran.stdout) if ran.stdout else {}
    return found


if __name__ == "__main__":
    main()
