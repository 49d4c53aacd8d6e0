"""Marketing in the report: lists by reason without small numbers, findings, and indicators counted again."""

from datetime import timedelta
from typing import get_args

import pytest
import report_seed as seed

from hoeder.evidence.ledger import Activity, Connection, record_intent, record_outcome, register_names
from hoeder.evidence.ledger import Outcome as Ended
from hoeder.marketing_gate.judge import ALLOWED, Reason
from hoeder.policy.marketing_gate import ADDRESS, MarketingFindingKind
from hoeder.policy.models import Policy
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.report.section_marketing import MAY, marketing
from hoeder.report.texts import texts
from hoeder.report.words import Words

NL, EN = Words("nl"), Words("en")


@pytest.fixture
def sold(worked: Connection, policy: Policy) -> Figures:
    """A list gated twice, and a check."""
    register_names(worked, seed.RUN.policy_digest, ["newsletter"])
    entry = record_intent(worked, seed.RUN, Activity.MARKETING_OPT_OUT, "crm")
    record_outcome(worked, seed.RUN, entry, Ended.PARTIAL, counts={"persons": 9, "late": 2})
    for hours, allowed in ((5, 1), (4, 700)):
        row = worked.execute(
            """insert into marketing_gating (gated_at, on_day, list, channel, source, result, listed, allowed,
                                             policy_digest, entry)
               values (%s, '2099-11-22', 'newsletter', 'email', repeat('b', 64), repeat('c', 64), 1000, %s,
                       repeat('a', 64), %s) returning gating""",
            [seed.NOW - timedelta(hours=hours), allowed, entry],
        ).fetchone()
        for reason, number in (("consent", allowed), ("opted-out", 297), ("withdrawn", 3)):
            worked.execute("insert into marketing_reason values (%s, %s, %s)", [row and row[0], reason, number])
    row = worked.execute(
        """insert into marketing_check (checked_at, on_day, from_day, deliveries, passed_on, policy_digest, entry)
           values (%s, '2099-11-22', '2099-08-22', 5000, 40, repeat('a', 64), %s) returning marketing_check""",
        [seed.NOW - timedelta(hours=3), entry],
    ).fetchone()
    for found in (
        ("after-opt-out", "newsletter", "email", 2), ("shared-after-opt-out", "other", "none", 1),
        ("no-consent", "other", "telephone", 7), ("unproven-consent", "other", "none", 5),
    ):  # fmt: skip
        worked.execute("insert into marketing_finding values (%s, %s, %s, %s, %s)", [row and row[0], *found])
    worked.commit()
    # The seed lives in 2099; what the ledger itself dates is now, so it is moved there.
    worked.execute("alter table ledger disable trigger user")
    worked.execute(
        "update ledger set recorded_at = %s where capability = 'marketing_gate'", [seed.NOW - timedelta(hours=2)]
    )
    worked.execute("alter table ledger enable trigger user")
    worked.commit()
    return collect(worked, policy, seed.PERIOD, now=seed.NOW)


def test_the_last_gating_counts_and_small_numbers_are_not_said(sold: Figures) -> None:
    (gating,) = sold.marketing.gatings
    assert (gating.allowed, {each.reason: each.number for each in gating.reasons}) == (
        700, {"consent": 700, "opted-out": 297, "withdrawn": None},
    )  # fmt: skip
    lists, reasons, findings = marketing(sold, EN).tables
    assert [cell.text for cell in lists.rows[0]][:2] == ["newsletter", "ourselves"]
    assert [[cell.text for cell in row] for row in reasons.rows] == [
        ["allowed, with consent and proof of it", "700"], ["opted out", "297"], ["consent withdrawn", "few"],
    ]  # fmt: skip
    assert len(findings.rows) == 4


def test_indicators_count_breaches_and_late_opt_outs(sold: Figures, figures: Figures) -> None:
    keys = ("marketing_after_opt_out", "marketing_without_ground", "opt_outs_late")
    now, before = ({each.key: each for each in those.kpis} for those in (sold, figures))
    assert [(now[key].part, now[key].met) for key in keys] == [(3, False), (7, False), (2, False)]
    assert [before[key].part for key in keys] == [None, None, None]


def test_without_a_gating_or_check_the_section_says_so(figures: Figures) -> None:
    assert marketing(figures, NL).paragraphs == (NL.say("marketing.none"),)
    assert marketing(figures, EN).tables == ()


def test_every_reason_kind_and_channel_has_its_words() -> None:
    assert all(f"marketing.reason.{reason}" in texts() for reason in Reason)
    assert all(f"marketing.finding.{kind}" in texts() for kind in get_args(MarketingFindingKind))
    assert all(f"channel.{channel}" in texts() for channel in ADDRESS)
    assert set(MAY) == set(ALLOWED)
