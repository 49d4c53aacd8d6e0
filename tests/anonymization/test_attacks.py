"""What the attacks find where there is something to find, and where there is not."""

from typing import Any

import numpy as np
import pytest
from visits import VIEWS, changed

from hoeder.anonymization import attacks
from hoeder.anonymization.attacks import Risk, Target, Tried, measured, wilson

PEOPLE = 4_000


def town(rng: np.random.Generator) -> dict[str, Any]:
    return {name: rng.integers(0, size, PEOPLE) for name, size in (("age", 70), ("town", 40), ("job", 12))}


def target(known: dict[str, Any], coarse: dict[str, int], secret: Any) -> Target:
    """A release in which `coarse` neighbouring values of each column have one label."""
    of = {name: (np.arange(values.max() + 1) // coarse[name])[None, :] for name, values in known.items()}
    return Target(
        np.arange(1, PEOPLE + 1), known, {n: of[n][0][v] for n, v in known.items()}, of, {"secret": secret},
        np.ones(PEOPLE, dtype=bool),
    )  # fmt: skip


def by_kind(risks: list[Risk]) -> dict[str, Risk]:
    return {risk.attack: risk for risk in risks}


def test_a_raw_copy_fails_and_a_coarse_table_passes():
    rng = np.random.default_rng(1)
    known, secret = town(rng), rng.integers(0, 6, PEOPLE)
    raw = by_kind(attacks.run(target(known, dict.fromkeys(known, 1), secret), limit=0.1, seed=1))
    assert raw["singling-out"].low > 0.1
    assert raw["inference"].low > 0.5
    coarse = by_kind(attacks.run(target(known, {"age": 35, "town": 20, "job": 6}, secret), limit=0.1, seed=1))
    assert set(coarse) == {"singling-out", "linkability", "inference"}
    assert all(risk.high <= 0.1 for risk in coarse.values())


def test_what_everybody_could_know_without_the_file_is_no_leak():
    rng = np.random.default_rng(2)
    known = town(rng)
    follows = known["job"] % 3  # a law of this world, true of people who are not in the file as well
    risks = by_kind(attacks.run(target(known, {"age": 70, "town": 40, "job": 1}, follows), limit=0.1, seed=1))
    assert risks["inference"].main > 0.95
    assert risks["inference"].high <= 0.1


def test_a_secret_told_by_groups_of_one_persons_own_fails_and_names_the_column():
    rng = np.random.default_rng(3)
    known, secret = town(rng), rng.integers(0, 2, PEOPLE)
    risks = by_kind(attacks.run(target(known, {"age": 2, "town": 2, "job": 2}, secret), limit=0.1, seed=1))
    assert risks["inference"].column == "secret"
    assert risks["inference"].low > 0.1


def test_attacks_are_added_until_the_decision_is_stable():
    rng = np.random.default_rng(4)
    known, secret = town(rng), (rng.random(PEOPLE) < 0.2).astype(int)
    risk = by_kind(attacks.run(target(known, {"age": 35, "town": 40, "job": 12}, secret), limit=0.05, seed=1))[
        "inference"
    ]
    assert risk.attempts > attacks.FIRST
    assert risk.high <= 0.05 or risk.low > 0.05


def test_the_same_rows_in_any_order_get_the_same_figures():
    rng = np.random.default_rng(5)
    known, secret = town(rng), (rng.random(PEOPLE) < 0.2).astype(int)
    there = target(known, {"age": 7, "town": 4, "job": 3}, secret)
    order = rng.permutation(PEOPLE)
    shuffled = Target(
        there.persons[order], {n: v[order] for n, v in there.known.items()},
        {n: v[order] for n, v in there.labels.items()}, there.of, {n: v[order] for n, v in there.secret.items()},
        there.shown[order],
    )  # fmt: skip
    assert attacks.run(there, limit=0.1, seed=7) == attacks.run(shuffled, limit=0.1, seed=7)


def test_chance_is_that_of_the_policy():
    assert attacks.seed(VIEWS) == attacks.seed(changed(VIEWS))
    assert attacks.seed(VIEWS) != attacks.seed(changed(VIEWS, k=11))


def test_labels_of_several_steps_are_attacked_as_what_they_stand_for():
    """Half of the rows show their exact age: who is among those can be singled out as in a raw copy."""
    rng = np.random.default_rng(6)
    known = town(rng)
    fine = np.arange(PEOPLE) % 2 == 0
    of, labels = {}, {}
    for name, values in known.items():
        size = int(values.max()) + 1
        of[name] = np.stack([np.arange(size), np.full(size, size)])
        labels[name] = np.where(fine, values, size)

    def attacked(shown):
        there = Target(np.arange(1, PEOPLE + 1), known, labels, of, {}, shown)
        return by_kind(attacks.run(there, limit=0.1, seed=1))["singling-out"]

    assert attacked(fine).low > 0.1
    assert attacked(~fine).high <= 0.1


def test_the_interval_is_wilsons():
    centre, width = wilson(50, 100)
    assert (round(centre - width, 4), round(centre + width, 4)) == (0.4038, 0.5962)
    centre, width = wilson(0, 100)
    assert round(centre + width, 4) == 0.037


@pytest.mark.parametrize(("main", "control", "risk"), [(0.9, 0.6, 0.75), (0.5, 0.5, 0.0), (0.2, 0.4, 0.0)])
def test_the_risk_is_what_is_gained_of_what_could_be_gained(main, control, risk):
    found = measured("inference", "x", [Tried(10_000, int(main * 10_000), int(control * 10_000))])
    assert found.risk == pytest.approx(risk, abs=0.001)
    assert found.low <= found.risk <= found.high


def test_choices_of_persons_that_disagree_widen_the_interval():
    alike = measured("inference", "x", [Tried(1_000, 600, 500)] * 8)
    apart = measured("inference", "x", [Tried(1_000, 700, 500), Tried(1_000, 500, 500)] * 4)
    assert alike.risk == apart.risk
    assert alike.high - alike.risk == pytest.approx(0.0277, abs=0.0005)  # as Wilson's: nothing between the choices
    # Each choice lies 0.2 from the mean: a standard error of 0.2 / sqrt(7), and t = 2.365 for seven degrees.
    assert apart.high - apart.risk == pytest.approx(2.365 * 0.2 / 7**0.5, abs=0.001)


def test_one_file_gets_about_one_figure_whatever_the_chance():
    """A few heavy visitors among many light ones: which of them are taken out moves the figures a good deal."""
    rng = np.random.default_rng(8)
    views = np.where(np.arange(300) % 10 == 0, 30, 2)
    persons, device = np.repeat(np.arange(1, 301), views), np.repeat(rng.integers(0, 3, 300), views)
    known = {"device": device, "section": rng.integers(0, 7, len(persons))}
    of = {"device": np.arange(3)[None, :], "section": np.arange(7)[None, :]}
    there = Target(persons, known, known, of, {}, np.ones(len(persons), dtype=bool))
    told = [next(r.risk for r in attacks.run(there, limit=0.1, seed=n) if r.column == "device") for n in range(12)]
    assert max(told) - min(told) < 0.06


def test_one_person_cannot_be_held_against_anybody():
    known = {"a": np.zeros(1, dtype=np.int64)}
    of = {"a": np.zeros((1, 1), dtype=np.int64)}
    alone = Target(np.ones(1, dtype=np.int64), known, known, of, {}, np.ones(1, dtype=bool))
    assert attacks.run(alone, limit=0.1, seed=1) == []
