"""What a release lost and what risk is left, in figures."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from hoeder.anonymization.engine.check import Checked, Spread
from hoeder.anonymization.engine.classes import Classes
from hoeder.anonymization.engine.limits import Limits


@dataclass(frozen=True)
class Risk:
    """Chance of finding the right person, from 0 to 1, as ARX defines it.

    The prosecutor knows that the person is in the data, the journalist that they may be, the marketer wants as many as
    possible. Without a table of the population, the journalist is given the prosecutor's chance, which is never lower.
    """

    prosecutor_highest: float
    prosecutor_average: float
    journalist_highest: float
    journalist_average: float
    marketer: float
    rows_at_highest: float
    """Share of the released rows that are at the highest risk."""


@dataclass(frozen=True)
class Report:
    """All figures of one release. Losses are of all rows read: a row left out loses everything."""

    rows_in: int
    rows_out: int
    suppressed: int
    suppressed_share: float
    persons_counted: bool
    """Whether classes are counted in persons rather than rows."""
    k_asked: int
    k_reached: int
    sensitive: Mapping[str, Spread]
    """l and t reached per sensitive column, over the released rows."""
    classes: int
    average_class: float
    average_class_over_k: float
    """C_avg (LeFevre 2006): 1 is the least there can be."""
    discernibility: int
    """Sum of squared class sizes; a row left out counts as all rows (Bayardo 2005)."""
    gcp: float
    """Mean over all cells of what each leaves open, from 0 to 1 (Ghinita 2007)."""
    ncp: Mapping[str, float]
    """The same for each column."""
    weighted_loss: float
    """Mean with the columns' weights: what the search made small."""
    risk: Risk
    seconds: Mapping[str, float]

    def json(self) -> str:
        """Two-space indented JSON with sorted keys, a newline at the end."""
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def report(
    classes: Classes,
    checked: Checked,
    limits: Limits,
    rows_in: int,
    *,
    persons_counted: bool,
    weights: Mapping[str, float],
    seconds: Mapping[str, float],
) -> Report:
    """Put the figures together: sizes, k, l and t as the check counted them, losses from the cells."""
    ncp = losses(classes, rows_in)
    importance = np.array([weights.get(name, 1.0) for name in ncp])
    values = np.array(list(ncp.values()))
    suppressed = rows_in - checked.rows
    average = checked.rows / max(checked.classes, 1)
    return Report(
        rows_in=rows_in,
        rows_out=checked.rows,
        suppressed=suppressed,
        suppressed_share=suppressed / max(rows_in, 1),
        persons_counted=persons_counted,
        k_asked=limits.k,
        k_reached=checked.k,
        sensitive=checked.spread,
        classes=checked.classes,
        average_class=average,
        average_class_over_k=average / limits.k,
        discernibility=int((checked.sizes**2).sum()) + suppressed * rows_in,
        gcp=float(values.mean()),
        ncp=ncp,
        weighted_loss=float(values @ importance / importance.sum()),
        risk=risk(checked),
        seconds=dict(seconds),
    )


def losses(classes: Classes, rows_in: int) -> dict[str, float]:
    """NCP of each column over all rows read."""
    pieces = classes.pieces
    size = np.bincount(pieces.of[pieces.of >= 0], weights=pieces.rows[pieces.of >= 0], minlength=classes.count)
    left_out = float(pieces.rows[pieces.of < 0].sum())
    return {each.name: (float(size @ each.loss) + left_out) / max(rows_in, 1) for each in classes.cells}


def risk(checked: Checked) -> Risk:
    """Chances from the sizes of the classes; in persons, the smallest class decides the highest."""
    if not checked.classes:
        return Risk(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    highest = 1 / max(checked.k, 1)
    average = checked.classes / checked.rows
    at_highest = float(checked.sizes[checked.sizes == checked.sizes[0]].sum()) / checked.rows
    return Risk(highest, average, highest, average, average, at_highest)
