"""What the report asks a decision for."""

import dataclasses
from datetime import date, timedelta

import pytest
import report_seed as seed

from hoeder.evidence.ledger import Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.report.attention import attention
from hoeder.report.facts.attention import Attention, Severity
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.report.front import decisions, overdue


def found(figures: Figures, code: str) -> Attention:
    [point] = [point for point in figures.attention if point.code == code]
    return point


def test_a_busy_company_is_told_everything_once(figures: Figures) -> None:
    codes = [point.code for point in figures.attention]
    assert sorted(codes) == sorted({
        "not_executed", "problem", "erase_failed", "remaining", "hold_overdue", "never_scanned", "scan_failed",
        "misplaced", "unfinished", "anchor", "uncovered", "undeclared", "unclassified", "release_refused",
        "uncertain", "hold_soon", "scan_old", "not_found", "never_released", "register_differs", "attestation_expired",
        "attestation_expiring", "attestation_missing",
    })  # fmt: skip
    severities = [list(Severity).index(point.severity) for point in figures.attention]
    assert severities == sorted(severities)


@pytest.mark.parametrize(
    ("code", "dutch", "english"),
    [
        ("anchor", "55 records hebben geen begindatum", "55 records have no start date"),
        ("remaining", "701 records staan er na het wissen nog", "701 records are still there"),
        ("hold_overdue", "1 blokkade had al herzien moeten zijn: claim-2099-014", "claim-2099-014"),
        ("undeclared", "4 kolommen bevatten persoonsgegevens", "4 columns hold personal data"),
        ("misplaced", "1 kolom bevat burgerservicenummers", "1 column holds citizen service numbers"),
    ],
)
def test_a_point_has_its_figures_in_both_languages(figures: Figures, code: str, dutch: str, english: str) -> None:
    point = found(figures, code)
    assert dutch in point.nl.replace("\u00a0", " ")
    assert english in point.en.replace("\u00a0", " ")


def test_every_point_says_where_its_figures_come_from(figures: Figures) -> None:
    for point in figures.attention:
        assert point.ledger or point.scans or point.plan or point.policy or point.holds, point.code


def test_a_plan_without_an_answer_awaits_one(db: Connection, policy: Policy) -> None:
    seed.plan(db)
    seed.begun(db)
    figures = collect(db, policy, seed.PERIOD, now=seed.NOW)
    assert "28.735" in found(figures, "awaiting").nl and "28,735" in found(figures, "awaiting").en
    assert not [point for point in figures.attention if point.code == "not_executed"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"login": "somebody"}, "unauthorised"),
        ({"digest": "c" * 64}, "other_digest"),
        ({"decision": "rejected"}, "rejected"),
    ],
)
def test_an_answer_that_does_not_fit_the_plan_is_a_point(
    db: Connection, policy: Policy, answer: dict[str, str], code: str
) -> None:
    seed.plan(db)
    seed.approve(db, **answer)
    seed.begun(db)
    assert found(collect(db, policy, seed.PERIOD, now=seed.NOW), code).plan == seed.sha(str(seed.PLAN))


def test_a_company_that_never_scanned_is_told_that_nothing_is_known(db: Connection, policy: Policy) -> None:
    seed.act(db, "evidence", "seal", "ledger", Outcome.DONE)
    db.commit()
    codes = {point.code for point in collect(db, policy, seed.PERIOD, now=seed.NOW).attention}
    assert codes == {"never_scanned", "no_plan", "uncovered", "uncertain", "never_released", "attestation_missing"}


def test_a_plan_made_under_another_policy_is_watched(figures: Figures) -> None:
    changed = dataclasses.replace(figures, policy_digest="d" * 64)
    assert "policy_changed" in {point.code for point in attention(changed, 14)}


def test_a_scan_that_could_not_read_everything_is_a_point(db: Connection, policy: Policy) -> None:
    seed.scan(db, "crm", finished_at=seed.NOW)
    seed.act(db, "inventory", "scan", "crm", Outcome.PARTIAL)
    db.commit()
    assert "crm" in found(collect(db, policy, seed.PERIOD, now=seed.NOW), "scan_partial").nl


def test_what_should_have_happened_is_due_at_once_and_a_decision_after_as_many_days_as_policy_gives(
    worked: Connection, figures: Figures
) -> None:
    for point in figures.attention:
        late = {Severity.DECIDE: timedelta(days=14)}.get(point.severity, timedelta())
        if point.code != "attestation_expiring":
            assert point.due == point.since + late, point.code
    assert found(figures, "attestation_expiring").due == date(2099, 12, 10), "its own last day"
    assert found(figures, "attestation_expired").due == date(2099, 11, 1)
    assert found(figures, "hold_overdue").due == date(2099, 11, 8)
    assert found(figures, "anchor").due == date(2099, 11, 21) + timedelta(days=14)


def test_a_decision_that_waits_longer_than_policy_gives_moves_to_what_is_overdue(figures: Figures) -> None:
    day = date(2099, 12, 5)
    for today, place in ((day, decisions), (day + timedelta(days=1), overdue)):
        assert "anchor" in {point.code for point in place(figures, today)}
    assert "anchor" not in {point.code for point in overdue(figures, day)}
