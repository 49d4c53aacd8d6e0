"""`hoeder anonymize`: a table about persons in, a table in which nobody stands alone out."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from hoeder.cli.common import Json, out
from hoeder.errors import HoederError


def anonymize(
    source: Annotated[Path, typer.Argument(help="A .csv or .parquet file, or a folder of Parquet files.")],
    quasi: Annotated[str, typer.Option(help="Columns that others may know of a person: a,b,c. They become coarse.")],
    target: Annotated[Path, typer.Option("--out", help="Where the rows go: .csv or .parquet.")],
    report: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")],
    k: Annotated[int, typer.Option("-k", help="Every class holds at least so many.")] = 10,
    sensitive: Annotated[str, typer.Option(help="Columns that leave as they are, spread by -l and -t: d,e.")] = "",
    insensitive: Annotated[str, typer.Option(help="Columns that leave as they are. Others do not leave.")] = "",
    person: Annotated[str | None, typer.Option(help="Column that tells persons apart: classes count persons.")] = None,
    diversity: Annotated[
        str | None, typer.Option("-l", help="l-diversity: 3 (distinct), entropy:2.5 or recursive:c,l.")
    ] = None,
    t: Annotated[float | None, typer.Option("-t", help="Largest distance of a class from all rows, 0 to 1.")] = None,
    distance: Annotated[
        Literal["equal", "ordered"], typer.Option(help="How t is measured: values apart, or in order.")
    ] = "equal",
    hierarchy: Annotated[
        list[str] | None, typer.Option(help="column=file: levels as ARX writes them. Others are built.")
    ] = None,
    labels: Annotated[Literal["hierarchy", "sets"], typer.Option(help="What cells show.")] = "hierarchy",
    aim: Annotated[
        Literal["counts", "cells"], typer.Option(help="With sets: good counts, or little loss per cell.")
    ] = "counts",
    weight: Annotated[list[str] | None, typer.Option(help="column=number: how much its detail matters.")] = None,
    whole: Annotated[str, typer.Option(help="Columns with one level for all rows: a,b.")] = "",
    suppression: Annotated[float, typer.Option(help="Largest share of rows left out.")] = 0.05,
    seed: Annotated[
        int | None, typer.Option(help="Secret number: each class waits for a size of its own, k to 2k - 1.")
    ] = None,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="What counts the source's rows; the result is the same.")
    ] = "duckdb",
    as_json: Json = False,
) -> None:
    """Anonymize a table. What is written was counted again first; below a limit, nothing is written."""
    from hoeder.anonymization.engine import Limits, Roles, anonymize_file

    distinct, entropy, recursive = _diversity(diversity)
    roles = Roles(
        quasi=_names(quasi),
        sensitive=_names(sensitive),
        insensitive=_names(insensitive),
        person=person,
        weights={column: _number(text, f"--weight {column}") for column, text in _pairs(weight, "--weight").items()},
        whole=frozenset(_names(whole)),
    )
    limits = Limits(
        k=k, l_distinct=distinct, l_entropy=entropy, l_recursive=recursive,
        t=t, t_distance=distance, max_suppressed=suppression,
    )  # fmt: skip
    if (limits.about_sensitive) and not roles.sensitive:
        raise HoederError("-l and -t are about sensitive columns: name them with --sensitive")
    files = {column: Path(file) for column, file in _pairs(hierarchy, "--hierarchy").items()}
    if strange := sorted(set(files) - set(roles.quasi)):
        raise HoederError(f"--hierarchy {strange[0]}: not one of --quasi")
    found = anonymize_file(
        source, target, report, roles, limits, hierarchies=files, labels=labels, aim=aim, secret=seed,
        engine=engine,
    )  # fmt: skip
    if as_json:
        print(found.json(), end="")
        return
    unit = "persons" if found.persons_counted else "rows"
    out.print(
        escape(
            f"{target}: {found.rows_out:,} of {found.rows_in:,} rows, in classes of at least {found.k_reached} {unit} "
            f"(classes: {found.classes:,}; rows left out: {found.suppressed:,})"
        )
    )
    for column, spread in found.sensitive.items():
        out.print(escape(
            f"{column}: at least {spread.distinct} values in a class (as {spread.entropy:.2f} evenly spread), "
            f"distance t {spread.ordered if distance == 'ordered' else spread.equal:.3f}"
        ))  # fmt: skip
    out.print(f"information lost (GCP) {found.gcp:.2%}; highest risk {found.risk.prosecutor_highest:.1%}, "
              f"average {found.risk.prosecutor_average:.1%}; {found.seconds['all']:.2f} s")  # fmt: skip


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts or []:
        column, mark, value = text.partition("=")
        if not mark or not column or not value or column in pairs:
            raise HoederError(f"{option} takes column=value, each column once")
        pairs[column] = value
    return pairs


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise HoederError(f"{option} takes a number") from None


def _diversity(text: str | None) -> tuple[int | None, float | None, tuple[float, int] | None]:
    """Distinct, entropy and recursive l, of which at most one is asked."""
    if text is None:
        return None, None, None
    kind, _, value = text.rpartition(":")
    try:
        if kind == "entropy":
            return None, float(value), None
        if kind == "recursive":
            c, among = value.split(",")
            return None, None, (float(c), int(among))
        if kind in {"", "distinct"}:
            return int(value), None, None
    except ValueError:
        pass
    raise HoederError("-l takes a whole number, entropy:number, or recursive:c,l")
