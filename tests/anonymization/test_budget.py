"""Noise costs what was reserved before, never more than the dataset has, whatever goes wrong; and it is not too
loud.
"""

import threading
from typing import Any

import numpy as np
import psycopg
import pytest
from servers import Database
from visits import RUN

from hoeder.anonymization import budget, noise
from hoeder.errors import HoederError, Refused
from hoeder.evidence import ledger
from hoeder.policy.release import Noise


@pytest.fixture
def db(governance: Database):
    with psycopg.connect(governance.conninfo) as connection:
        ledger.register_names(connection, RUN.policy_digest, ["pages"])
        connection.commit()
        yield connection


def reserve(db: Any, version: str, epsilon: float = 1.0) -> int:
    return budget.reserve(
        db, RUN, dataset="web:page-views/", release="pages", version=version, epsilon=epsilon, budget=3.0
    )


def test_what_would_overspend_is_refused_and_the_ledger_tells(db):
    for version in ("a", "b", "c"):
        budget.confirm(db, reserve(db, version))
    with pytest.raises(Refused, match="would be overspent: 3 of 3 is spent and this version asks 1"):
        reserve(db, "d")
    assert budget.spent(db, "web:page-views/") == 3.0
    last = ledger.entries(db, last=1)[0]
    assert (last.activity, last.outcome, last.counts) == (
        "anonymization.budget@1", "refused", {"epsilon_milli": 1000, "left_milli": 0},
    )  # fmt: skip


def test_a_run_that_dies_after_reserving_has_spent(db):
    reserve(db, "a", 2.5)  # and never confirmed
    db.rollback()
    with pytest.raises(Refused):
        reserve(db, "a", 1.0)  # the same version again is new noise, and new cost
    reserve(db, "b", 0.5)
    assert budget.spent(db, "web:page-views/") == 3.0


def test_reservations_at_the_same_time_never_overspend(governance, db):
    done: list[str] = []

    def one(number: int) -> None:
        with psycopg.connect(governance.conninfo) as own:
            try:
                reserve(own, f"v{number}", 0.7)
                done.append("reserved")
            except Refused:
                done.append("refused")

    threads = [threading.Thread(target=one, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["refused"] * 4 + ["reserved"] * 4
    assert budget.spent(db, "web:page-views/") == pytest.approx(2.8)


def test_the_analysts_account_cannot_give_budget_back(db):
    reserve(db, "a")
    db.execute("set role hoeder_anonymization")
    for statement in ("delete from privacy_budget", "update privacy_budget set epsilon_micro = 1"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(statement)
        db.rollback()
        db.execute("set role hoeder_anonymization")


def test_the_error_is_that_of_theory():
    counts = np.zeros(40_000, dtype=np.int64)
    for most, epsilon in ((1, 1.0), (8, 1.0), (4, 0.1)):
        error = np.abs(noise.laplace(counts, most / epsilon, most, epsilon)).mean()
        assert error <= 1.05 * noise.theory(most / epsilon)
        assert error >= 0.95 * noise.theory(most / epsilon)


def test_noise_that_is_too_small_for_epsilon_is_not_drawn():
    with pytest.raises(HoederError, match="no noise was drawn"):
        noise.laplace(np.zeros(3, dtype=np.int64), 1.0, 8, 1.0)


def test_one_person_with_a_thousand_rows_counts_in_few_cells():
    persons = np.array([1] * 1000 + [2, 3])
    cells = np.array([*range(1000), 5, 6])
    who, where = noise.bounded(persons, cells, 4, np.random.default_rng(1))
    assert (who == 1).sum() == 4
    assert {2, 3} <= set(who.tolist())
    assert len(where) == 6


def test_rows_of_nobody_known_are_not_counted():
    who, _ = noise.bounded(np.array([0, 0, 1]), np.array([1, 2, 3]), 4, np.random.default_rng(1))
    assert who.tolist() == [1]


def test_every_cell_is_there_also_where_nobody_is():
    made = noise.noisy_counts(
        np.array([1, 2]), {"a": np.array([0, 1]), "b": np.array([0, 0])}, {"a": ("x", "y"), "b": ("p", "q")},
        Noise(epsilon=1, budget=3, most_cells=1), 1,
    )  # fmt: skip
    assert made.labels == (("x", "p"), ("x", "q"), ("y", "p"), ("y", "q"))
    assert len(made.persons) == 4
    assert (made.persons >= 0).all()
