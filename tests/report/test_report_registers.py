"""Registers and attestations as they stood at the report's moment."""

from datetime import date, timedelta
from typing import get_args

import report_seed as seed

from hoeder.evidence.ledger import Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.registers import State
from hoeder.report.figures import collect
from hoeder.report.period import Period
from hoeder.report.section_registers import registers
from hoeder.report.texts import texts
from hoeder.report.words import Words


def test_registers_findings_and_attestations_are_told(figures: Figures) -> None:
    known = figures.registers
    assert [(each.register, each.version) for each in known.versions] == [("client-northwind", 3), ("controller", 3)]
    assert {each.kind for each in known.findings} == {"not-registered", "no-term"}
    assert [(each.kind, each.state, each.valid_until) for each in known.attested] == [
        ("confidentiality-text", "expired", date(2099, 11, 1)),
        ("budget", "missing", None),
        ("training", "expiring", date(2099, 12, 10)),
    ]


def test_a_report_of_before_knows_no_later_version_comparison_attestation_or_withdrawal(
    worked: Connection, policy: Policy
) -> None:
    seed.act(worked, "inventory", "scan", "crm", Outcome.DONE, at=seed.NOW - timedelta(days=500))
    seed.act(worked, "inventory", "scan", "crm", Outcome.DONE, at=seed.NOW - timedelta(days=100))
    worked.execute(
        """insert into attestation_withdrawal select attestation, 'revoked', 'x', %s, 1 from attestation
           where kind = 'training'""",
        [seed.NOW - timedelta(hours=1)],
    )
    worked.commit()
    long_ago = collect(worked, policy, Period.parse("2098-07"), now=seed.NOW).registers
    assert (long_ago.versions, long_ago.findings, long_ago.checked_at) == ((), (), None)
    assert {each.state for each in long_ago.attested} == {"missing"}
    in_august = {
        each.kind: each.state
        for each in collect(worked, policy, Period.parse("2099-08"), now=seed.NOW).registers.attested
    }
    assert in_august["training"] == "valid"
    now = {each.kind: each.state for each in collect(worked, policy, seed.PERIOD, now=seed.NOW).registers.attested}
    assert now["training"] == "missing"


def test_every_difference_and_state_has_its_words(db: Connection) -> None:
    kinds = {
        kind for (kind,) in db.execute("select kind from register_finding_kind where kind not like 'attestation-%'")
    }
    assert kinds and all(f"difference.{kind}" in texts() for kind in kinds)
    assert all(f"attested.{state}" in texts() for state in get_args(State))


def test_nobody_who_attested_is_named(figures: Figures) -> None:
    for language in ("nl", "en"):
        assert seed.CANARY not in repr(registers(figures, Words(language)))  # type: ignore[arg-type]
