"""Colours that stand beside each other are told apart by the colour-blind and in black and white."""

import itertools

import numpy as np
import pytest

from hoeder.promises import Status
from hoeder.report.charts import AMBER, DARK, GREY, PALE, RED
from hoeder.report.front import ORDER
from hoeder.report.pictures import COLOURS

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISIONS = {
    "all": np.eye(3),
    "protan": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deutan": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritan": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CHARTS = {
    "promises": [COLOURS[status] for status in ORDER],
    "retention": [DARK, AMBER, PALE, GREY, RED],
    "inventory": [DARK, AMBER, RED],
}
APART = 14
"""Smallest distance in CIELAB (CIE76); about 2 is the smallest that anybody sees."""


def lab(colour: str, vision: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = TO_XYZ @ np.clip(VISIONS[vision] @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", ["all", "protan", "deutan", "tritan"])
@pytest.mark.parametrize("chart", CHARTS)
def test_any_two_colours_of_a_chart_differ_in_every_colour_vision(chart: str, vision: str) -> None:
    for one, other in itertools.combinations(CHARTS[chart], 2):
        apart = float(np.linalg.norm(lab(one, vision) - lab(other, vision)))
        assert apart >= APART, f"{one} and {other} are {apart:.0f} apart"


@pytest.mark.parametrize("chart", CHARTS)
def test_neighbours_in_a_bar_differ_in_black_and_white(chart: str) -> None:
    for one, other in itertools.pairwise(CHARTS[chart]):
        apart = abs(float(lab(one, "grey")[0] - lab(other, "grey")[0]))
        assert apart >= 10, f"{one} and {other} are {apart:.0f} apart"


def test_every_status_has_its_own_colour_in_the_order_of_the_page() -> None:
    assert list(COLOURS) == list(ORDER) and set(COLOURS) == set(Status)
    assert len(set(COLOURS.values())) == len(Status)
