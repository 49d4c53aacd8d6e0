"""The figures are what the governance database says: compared with SQL written apart from the library."""

import dataclasses
import json
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
import report_seed as seed

from hoeder.errors import ReportError
from hoeder.evidence.ledger import Connection, Outcome
from hoeder.policy import load
from hoeder.policy.models import Policy
from hoeder.report import section_evidence, section_retention
from hoeder.report.document import canonical
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.retention import Erasure, Step
from hoeder.report.figures import collect
from hoeder.report.period import Period
from hoeder.report.words import Language, Words


def asked(db: Connection, query: str) -> list[tuple[Any, ...]]:
    rows = db.execute(query).fetchall()
    db.rollback()
    return list(rows)


def test_inventory_figures_are_those_of_the_last_finished_scan_of_each_store(db: Connection, policy: Policy) -> None:
    seed.scan(db, "crm", finished_at=seed.NOW - timedelta(days=9), agreed=20)
    seed.work(db)
    db.execute("insert into scan (store, policy_digest) values ('crm', 'x')")  # never finished
    db.commit()
    figures = collect(db, policy, seed.PERIOD, now=seed.NOW)
    expected = asked(
        db,
        """select s.store, s.scan, (select sum(o.rows) from scanned_object o where o.scan = s.scan),
                  sum((c.declared like 'user%' and c.verdict <> 'not-found')::int),
                  sum((c.verdict = 'undeclared')::int), sum((c.verdict = 'misplaced')::int),
                  sum((c.verdict = 'not-found')::int), sum((c.verdict = 'unclassified')::int),
                  sum((c.verdict <> 'not-found' and c.column <> '*')::int)
           from scan s join scanned_column c on c.scan = s.scan
           where s.finished_at = (select max(t.finished_at) from scan t where t.store = s.store)
           group by s.store, s.scan""",
    )
    got = {
        (s.store, s.scan.scan, s.scan.rows, s.scan.declared, s.scan.undeclared, s.scan.misplaced, s.scan.not_found,
         s.scan.unclassified, s.scan.columns)
        for s in figures.inventory.stores
        if s.scan
    }  # fmt: skip
    assert got == set(expected)
    assert len(got) == 6


def test_a_store_that_could_not_be_scanned_has_no_figures_and_says_why(figures: Figures) -> None:
    marketing = next(store for store in figures.inventory.stores if store.store == "marketing")
    assert marketing.scan is None
    assert marketing.attempt is not None and marketing.attempt.outcome is Outcome.UNREACHABLE
    archive = next(store for store in figures.inventory.stores if store.store == "archive")
    assert archive.failed and archive.scan is not None and archive.scan.age_days == 11


def test_every_disagreement_is_a_finding_and_no_agreement_is(worked: Connection, figures: Figures) -> None:
    expected = asked(worked, "select object, \"column\", verdict from scanned_column where verdict <> 'agreed'")
    assert {(f.object, f.column, f.verdict) for f in figures.inventory.findings} == set(expected)
    assert figures.inventory.findings[0].verdict == "misplaced"


def test_retention_figures_add_up_to_plan_and_ledger(worked: Connection, figures: Figures) -> None:
    [(due, missing)] = asked(worked, "select sum(due), sum(missing_anchor) from plan_part")
    [(erased, remaining)] = asked(
        worked,
        """select sum((counts ->> 'erased')::int), sum((counts ->> 'remaining')::int)
           from ledger where phase = 'outcome' and capability = 'retention'""",
    )
    parts = [rule.part for rule in figures.retention.rules if rule.part]
    executions = [rule.execution for rule in figures.retention.rules if rule.execution]
    assert (sum(p.due for p in parts), sum(p.missing_anchor for p in parts)) == (due, missing)
    assert sum(e.erased or 0 for e in executions) == erased
    assert sum(e.remaining or 0 for e in executions) == remaining


def test_each_rule_says_how_far_it_has_come(figures: Figures) -> None:
    steps = {rule.rule: rule.step for rule in figures.retention.rules}
    assert steps["contact-message"] is Step.EXECUTED
    assert steps["supplier"] is Step.UNFINISHED
    assert steps["subscriber"] is Step.APPROVED
    assert steps["web-log"] is Step.PROBLEM
    assert steps["consent"] is Step.UNPLANNED


def test_what_nobody_counted_is_unknown_not_zero(figures: Figures) -> None:
    rules = {rule.rule: rule for rule in figures.retention.rules}
    assert (rules["recording"].erased, rules["recording"].remaining, rules["recording"].uncounted) == (None, None, 733)
    assert rules["consent"].remaining is None and rules["web-log"].remaining is None
    assert rules["subscriber"].remaining == 27  # approved and not executed: all of it is still there
    assert rules["contract"].remaining == 9  # refused: nothing was touched


def test_erasure_in_two_attempts_counts_every_record_once(db: Connection, policy: Policy) -> None:
    seed.plan(db)
    seed.approve(db)
    first = {"planned": 1240, "erased": 500, "held": 0, "gone": 740, "remaining": 740}
    again = {"planned": 1240, "erased": 737, "held": 1, "gone": 502, "remaining": 0}
    seed.act(db, "retention", "erase", "contact-message", Outcome.PARTIAL, case_id=seed.PLAN, counts=first)
    seed.act(db, "retention", "erase", "contact-message", Outcome.DONE, case_id=seed.PLAN, counts=again)
    db.commit()
    rule = next(
        r for r in collect(db, policy, seed.PERIOD, now=seed.NOW).retention.rules if r.rule == "contact-message"
    )
    execution = rule.execution
    assert execution is not None
    assert (execution.erased, execution.held, execution.gone, execution.remaining) == (1237, 1, 2, 0)
    assert rule.held == 3 + 1
    assert len(execution.entries) == 4


def test_only_the_latest_plan_counts(worked: Connection, policy: Policy) -> None:
    newer = uuid.UUID(int=7)
    seed.plan(worked, plan=newer, made_at=seed.NOW - timedelta(hours=1))
    worked.commit()
    retention = collect(worked, policy, seed.PERIOD, now=seed.NOW).retention
    assert retention.plan is not None and retention.plan.plan == str(newer)
    assert retention.plan.decision is None
    assert all(rule.execution is None for rule in retention.rules)


def executed(
    db: Connection, plan: uuid.UUID, outcome: Outcome, at: datetime = seed.NOW - timedelta(hours=2), **counts: int
) -> None:
    seed.act(db, "retention", "erase", "complaint", outcome, at=at, case_id=plan, counts=counts)
    db.commit()


def complaints(
    db: Connection, policy: Policy, *, now: datetime = seed.NOW, period: Period = seed.PERIOD
) -> Erasure | None:
    erasures = collect(db, policy, period, now=now).retention.erasures
    return next((erasure for erasure in erasures if erasure.rule == "complaint"), None)


def test_what_earlier_plans_erased_is_told_after_a_new_plan(db: Connection, policy: Policy) -> None:
    first, second, third = (uuid.UUID(int=number) for number in (1, 2, 3))
    for plan, erased in ((first, 5), (second, 2)):
        seed.plan(db, plan=plan, made_at=seed.NOW - timedelta(days=4 - plan.int))
        executed(db, plan, Outcome.DONE, erased=erased, remaining=0)
    seed.plan(db, plan=third, made_at=seed.NOW - timedelta(hours=1))
    db.commit()
    found = complaints(db, policy)
    assert found is not None
    assert (found.erased, found.last, found.failed, len(found.entries)) == (7, Outcome.DONE, False, 4)


def test_a_failure_is_told_until_a_later_execution_of_the_rule_is_good(db: Connection, policy: Policy) -> None:
    executed(db, uuid.UUID(int=1), Outcome.UNREACHABLE, at=seed.NOW - timedelta(days=40))
    seed.plan(db, plan=uuid.UUID(int=2), made_at=seed.NOW - timedelta(hours=1))
    executed(db, uuid.UUID(int=2), Outcome.REJECTED)  # the officer's no mends nothing
    found = collect(db, policy, seed.PERIOD, now=seed.NOW)
    assert [point.ledger for point in found.attention if point.code == "erase_failed"] == [(1, 2)]
    erasure = next(each for each in found.retention.erasures if each.rule == "complaint")
    assert (erasure.erased, erasure.executed) == (None, False), "it failed before the period that is reported"
    executed(db, uuid.UUID(int=3), Outcome.NOTHING, erased=0)
    after = collect(db, policy, seed.PERIOD, now=seed.NOW)
    assert "erase_failed" not in {point.code for point in after.attention}


def test_each_erasure_is_told_in_one_period_only(db: Connection, policy: Policy) -> None:
    """A moment on the border belongs to the period that begins there."""
    november = seed.PERIOD.start
    for position, moment in enumerate((november - timedelta(seconds=1), november, seed.NOW)):
        executed(db, uuid.UUID(int=position + 1), Outcome.DONE, at=moment, erased=10**position)
    later = seed.PERIOD.end + timedelta(days=3)
    told = {
        text: complaints(db, policy, now=later, period=Period.parse(text))
        for text in ("2099-10", "2099-11", "2099-Q4", "2099")
    }
    assert {text: found.erased for text, found in told.items() if found} == {
        "2099-10": 1, "2099-11": 110, "2099-Q4": 111, "2099": 111,
    }  # fmt: skip


def test_a_rule_that_ran_on_the_policys_word_is_told_with_who_answers_for_it(
    worked: Connection, policy: Policy
) -> None:
    worked.execute(
        """insert into pre_approval (plan, rule, digest, up_to, due, owner, approved_on, admitted_at)
           select plan, rule, %s, 500, 3, 'compliance officer', '2026-11-01', %s
             from plan_part where plan = %s limit 1""",
        ["a" * 64, seed.NOW - timedelta(hours=1), seed.PLAN],
    )
    worked.commit()
    figures = collect(worked, policy, seed.PERIOD, now=seed.NOW)
    sentences: tuple[tuple[Language, str], ...] = (("nl", "van hoogstens 500, uitgevoerd"), ("en", "of at most 500"))
    for language, said in sentences:
        text = str(section_retention.retention(figures, Words(language)))
        assert said in text
        assert "compliance officer" in text


def test_the_decision_names_a_function_and_not_a_login(figures: Figures) -> None:
    plan = figures.retention.plan
    assert plan is not None and plan.decision is not None
    assert plan.decision.function == "functionaris voor gegevensbescherming"
    assert plan.decision.same_digest


def test_a_table_with_personal_data_and_no_rule_is_named(figures: Figures) -> None:
    assert figures.retention.uncovered == ("crm.ticket_import",)


def test_holds_count_persons_and_days_overdue_and_leave_lifted_ones_out(figures: Figures) -> None:
    assert [(h.matter, h.overdue_days) for h in figures.holds] == [("claim-2099-014", 14), ("audit-2099-q3", 0)]


@pytest.mark.parametrize(("persons", "told"), [(0, 0), (1, None), (4, None), (5, 5), (6, 6)])
def test_few_persons_are_not_counted_out(db: Connection, policy: Policy, persons: int, told: int | None) -> None:
    seed.work(db)
    db.execute("delete from hold_subject")
    db.execute(
        "insert into hold_subject select hold, 'customer', int4send(n) from hold, generate_series(1, %s) n", [persons]
    )
    db.commit()
    figures = collect(db, policy, seed.PERIOD, now=seed.NOW)
    assert {hold.subjects for hold in figures.holds} == {told}


def test_a_report_about_a_day_before_a_review_tells_the_review_that_stood_then(
    worked: Connection, policy: Policy
) -> None:
    worked.execute(
        "update hold set review_by = '2099-11-30', reviewed_on = '2099-11-23' where matter = 'claim-2099-014'"
    )
    worked.execute("update hold_review_was set changed_at = %s", [seed.NOW + timedelta(days=1)])
    worked.commit()
    assert collect(worked, policy, seed.PERIOD, now=seed.NOW).holds[0].review_by == date(2099, 11, 8)
    later = collect(worked, policy, seed.PERIOD, now=seed.NOW + timedelta(days=2))
    assert {h.matter: h.review_by for h in later.holds}["claim-2099-014"] == date(2099, 11, 30)


def test_evidence_covers_the_whole_ledger(worked: Connection, figures: Figures) -> None:
    [(total, first, last)] = asked(worked, "select count(*), min(entry), max(entry) from ledger")
    lines = figures.evidence.capabilities
    assert figures.evidence.entries == total
    assert (min(line.first for line in lines), max(line.last for line in lines)) == (first, last)
    assert [act.object for act in figures.evidence.unfinished] == ["supplier"]


def test_what_was_recorded_after_the_period_is_not_in_its_report(worked: Connection, policy: Policy) -> None:
    seed.act(worked, "inventory", "scan", "crm", Outcome.DONE, at=seed.NOW - timedelta(days=60))
    worked.commit()
    figures = collect(worked, policy, Period.parse("2099-09"), now=seed.NOW)
    assert figures.at == Period.parse("2099-09").end
    assert figures.evidence.entries == 2
    assert figures.retention.plan is None and not figures.retention.erasures
    assert all(store.scan is None for store in figures.inventory.stores)


@pytest.mark.parametrize("period", ["2099-12", "2100-Q1", "2100", "2099-11-23..2099-11-24"])
def test_a_period_that_has_not_begun_is_refused(worked: Connection, policy: Policy, period: str) -> None:
    with pytest.raises(ReportError, match=rf"{period} begins on 2.* still to come"):
        collect(worked, policy, Period.parse(period), now=seed.NOW)


def test_a_period_of_which_the_ledger_knows_nothing_is_refused_with_what_it_knows(
    worked: Connection, policy: Policy
) -> None:
    with pytest.raises(ReportError, match="nothing of period 2098; what it knows is from 2099-11"):
        collect(worked, policy, Period.parse("2098"), now=seed.NOW)


def test_an_empty_ledger_makes_no_report(db: Connection, policy: Policy) -> None:
    with pytest.raises(ReportError, match="run DAG inventory first"):
        collect(db, policy, seed.PERIOD, now=seed.NOW)


def test_the_reports_own_intent_is_not_an_unfinished_act(db: Connection, policy: Policy) -> None:
    seed.act(db, "audit_report", "report", "nl", None)
    seed.act(db, "inventory", "scan", "crm", Outcome.DONE)
    db.commit()
    assert collect(db, policy, seed.PERIOD, now=seed.NOW).evidence.unfinished == ()


def test_collecting_reads_in_one_snapshot_and_cannot_write(worked: Connection, policy: Policy) -> None:
    worked.execute("select 1")
    with pytest.raises(ReportError, match="transaction"):
        collect(worked, policy, seed.PERIOD, now=seed.NOW)
    worked.rollback()
    with pytest.raises(ReportError, match="timezone"):
        collect(worked, policy, seed.PERIOD, now=seed.NOW.replace(tzinfo=None))


def test_the_reports_role_may_read_all_that_it_needs(worked: Connection, policy: Policy) -> None:
    worked.execute("set session role hoeder_audit_report")
    worked.commit()
    promising = policy.model_copy(update={"chapters": load().chapters})
    figures = collect(worked, promising, seed.PERIOD, now=seed.NOW)
    assert figures.evidence.entries
    assert len(figures.promises) == 121 and len({promise.promise for promise in figures.promises}) == 121
    assert all(promise.why_nl != promise.why_en for promise in figures.promises)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worked.execute("delete from hold")
    worked.rollback()
    worked.execute("reset role")
    worked.commit()


def test_the_last_seal_before_the_reports_moment_is_told_with_what_came_after_it(
    worked: Connection, policy: Policy
) -> None:
    assert collect(worked, policy, seed.PERIOD, now=seed.NOW).evidence.checkpoint is None
    worked.execute("alter table ledger_checkpoint disable trigger all")
    for size, signed_at in ((2, seed.NOW - timedelta(days=2)), (5, seed.NOW - timedelta(days=1)), (7, seed.NOW)):
        worked.execute(
            "insert into ledger_checkpoint (size, root, note, signed_at) values (%s, %s, '', %s)",
            [size, bytes([size]) * 32, signed_at],
        )
    worked.commit()
    found = collect(worked, policy, seed.PERIOD, now=seed.NOW)
    last = found.evidence.checkpoint
    assert last is not None and (last.size, last.root) == (5, "05" * 32)
    [(later,)] = asked(worked, f"select count(*) from ledger where entry > 5 and recorded_at < '{seed.NOW}'")
    assert last.since == later > 0
    told = {fact.label: fact.value for fact in section_evidence.evidence(found, Words("nl")).facts}
    assert told["Laatste verzegeling"].startswith("21 november 2099")
    assert "regels 1–5 ondertekend" in told["Laatste verzegeling"]
    assert told["Ondertekende wortel"] == "05" * 32


def test_figures_json_is_canonical_and_has_no_floats(figures: Figures) -> None:
    text = canonical(figures).decode()
    loaded = json.loads(text, parse_float=lambda number: pytest.fail(f"float {number}"))
    assert text == json.dumps(loaded, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert loaded["at"] == "2099-11-22T13:05:00+00:00"
    assert canonical(dataclasses.replace(figures)).decode() == text
    assert date.fromisoformat(loaded["holds"][0]["review_by"]) == date(2099, 11, 8)
