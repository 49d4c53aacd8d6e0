"""The privacy budget of a dataset: what noise has cost so far, reserved before it is drawn, never overspent.

Epsilon adds up over versions (sequential composition), so the sum of all reservations is what the dataset's persons
have
lost at most. A reservation is made and committed before any noise exists; a run that dies keeps what it reserved. It is
confirmed once the version stands.
"""

from decimal import Decimal

from hoeder.errors import Refused
from hoeder.evidence import ledger

_LOCK = 0x65707369  # one reservation at a time


def reserve(
    db: ledger.Connection, run: ledger.Run, *, dataset: str, release: str, version: str, epsilon: float, budget: float
) -> int:
    """Take epsilon from a dataset's budget; the reservation's number. Commits.

    Raises Refused, recorded as such, where that would overspend.
    """
    wanted, allowed = _micro(epsilon), _micro(budget)
    with ledger.act(db, run, ledger.Activity.ANONYMIZATION_BUDGET, release) as doing:
        db.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        row = db.execute(
            "select coalesce(sum(epsilon_micro), 0)::bigint from privacy_budget where dataset = %s", [dataset]
        ).fetchone()
        spent = int(row[0]) if row else 0
        doing.counts = {"epsilon_milli": wanted // 1000, "left_milli": max(allowed - spent, 0) // 1000}
        if spent + wanted > allowed:
            doing.outcome = ledger.Outcome.REFUSED
            raise Refused(
                f"release {release}: the privacy budget of {dataset} would be overspent: {spent / 1e6:g} of "
                f"{budget:g} is "
                f"spent and this version asks {epsilon:g}. The earlier version stays; wait for new data in a "
                "dataset of "
                "its own, lower epsilon, or let the officer raise the budget"
            )
        made = db.execute(
            """insert into privacy_budget (dataset, release, version, epsilon_micro) values (%s, %s, %s, %s)
               returning reservation""",
            [dataset, release, version, wanted],
        ).fetchone()
        doing.counts["left_milli"] = (allowed - spent - wanted) // 1000
    assert made is not None  # noqa: S101
    return int(made[0])


def confirm(db: ledger.Connection, reservation: int) -> None:
    """The version stands: its noise is what readers have seen. The caller commits."""
    db.execute(
        "update privacy_budget set confirmed_at = clock_timestamp() where reservation = %s and confirmed_at is null",
        [reservation],
    )


def spent(db: ledger.Connection, dataset: str) -> float:
    """Epsilon reserved so far, confirmed or not."""
    row = db.execute(
        "select coalesce(sum(epsilon_micro), 0)::bigint from privacy_budget where dataset = %s", [dataset]
    ).fetchone()
    return (int(row[0]) if row else 0) / 1e6


def _micro(value: float) -> int:
    return int(Decimal(str(value)) * 1_000_000)
