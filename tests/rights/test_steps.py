"""A case goes on by an officer's stored answer to exactly what was asked, and by nothing else."""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import RUN, Desk, ago
from desk import desk as desk
from desk import place as place
from servers import Database

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.persons.marks import Ground, references
from hoeder.rights import case, deciding, decisions, finish, letters, search, steps, work
from hoeder.rights.case import Right, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.decisions import OPTIONS
from hoeder.rights.identity import Doubt, Method
from hoeder.rights.refusal import Refusal
from hoeder.rights.search import Judgements
from hoeder.stores.connection import Connection


def last(desk: Desk, number: Any) -> What | None:
    return case.read(desk.db, number).last


def restricted(desk: Desk, *emails: str) -> bool:
    marked = [reference for _, reference in references(desk.work.key, [("email", email) for email in emails])]
    row = desk.db.execute(
        "select count(*) from left_out where ground = %s and subject_ref = any(%s)", [Ground.RESTRICTION, marked]
    ).fetchone()
    return bool(row and row[0])


# --- the way through --------------------------------------------------------------------------------------------------


def test_from_the_question_to_the_decision(desk: Desk) -> None:
    number = desk.open("erasure", "access")
    asked = steps.to_confirm(desk.work, number)
    found = steps.confirm(desk.work, number, desk.answer(asked, "As proposed", None))
    assert found.rights == {Right.ERASURE, Right.ACCESS}
    steps.identify(desk.work, number, desk.answer(steps.to_identify(desk.work, number), "Identified", None))
    seen = steps.find(desk.work, number)
    assert seen and len(seen.to_confirm) == 1, "another's telephone"
    asked = steps.to_judge(desk.work, number)
    assert asked and "phone" in asked.body and "name" in asked.body
    steps.judge(desk.work, number, desk.answer(asked, "None is theirs"))
    assert steps.to_judge(desk.work, number) is None
    texts = deciding.to_decide(desk.work, number)
    assert [text.about for text in texts] == [Right.ACCESS, Right.ERASURE], "a copy before it goes"
    assert "4 gegevens wissen, 1 laten staan" in texts[1].body
    found = deciding.decide(desk.work, number, [desk.answer(text, "Grant") for text in texts])
    detail = found.steps[-1].detail
    assert (found.last, set(detail["granted"]), detail["refused"]) == (What.DECIDED, {"access", "erasure"}, {})
    assert detail["withheld"] == 1
    outcomes = [(e.act, e.outcome) for e in ledger.entries(desk.db, case_id=number) if e.phase == "outcome"]
    assert outcomes == [
        ("decide", "done"), ("identify", "done"), *[("find", "done")] * 3, ("decide", "done"),
    ]  # fmt: skip
    assert len({e.subject_ref for e in ledger.entries(desk.db, case_id=number)}) == 1


def test_no_question_says_anything_of_the_person(desk: Desk) -> None:
    number = desk.open("erasure")
    texts = [steps.to_confirm(desk.work, number)]
    steps.confirm(desk.work, number, desk.answer(texts[-1], "As proposed"))
    texts.append(steps.to_identify(desk.work, number))
    steps.identify(desk.work, number, desk.answer(texts[-1], "Identified"))
    steps.find(desk.work, number)
    texts.append(steps.to_judge(desk.work, number))
    steps.judge(desk.work, number, desk.answer(texts[-1], "All are theirs"))
    texts += deciding.to_decide(desk.work, number)
    kept = str([row for table in ("subject_step", "subject_question", "subject_match", "subject_case", "ledger")
                for row in desk.db.execute(f"select * from {table}")])  # type: ignore[arg-type]  # fmt: skip
    for text in texts:
        assert text is not None
        kept += text.subject + text.body
    assert not any(value in kept for value in ("jan@", "Vries", "piet@", "12345678"))


def test_a_step_that_was_taken_meanwhile_is_not_asked_about_again(desk: Desk) -> None:
    number = desk.confirmed("access")
    assert steps.to_confirm(desk.work, number) is None
    assert steps.confirm(desk.work, number, None).last is What.CONFIRMED
    case.take(desk.db, number, What.IDENTIFIED, "dpo", {"method": "shown", "doubt": "on-behalf"})
    assert steps.to_identify(desk.work, number) is None
    assert steps.identify(desk.work, number, None).last is What.IDENTIFIED


def test_what_is_no_request_or_a_duplicate_ends_there(desk: Desk) -> None:
    for choice, becomes in (("No request", What.NO_REQUEST), ("Duplicate", What.DUPLICATE)):
        number = desk.open("access")
        steps.confirm(desk.work, number, desk.answer(steps.to_confirm(desk.work, number), choice))
        assert last(desk, number) is becomes
        assert steps.find(desk.work, number) is None


def test_a_client_is_named_from_the_list_and_gets_the_request(desk: Desk) -> None:
    number = desk.open("access")
    given = desk.answer(steps.to_confirm(desk.work, number), "A client's customer", fields={"client": "nobody"})
    with pytest.raises(Refused, match="no such client"):
        steps.confirm(desk.work, number, given)
    assert last(desk, number) is What.PROPOSED
    found = steps.confirm(desk.work, number, replace(given, fields={"client": "Noord"}))
    assert (found.last, found.client) == (What.FORWARDED, "noord")
    assert [each.name for each in letters.written(desk.db, number)] == ["to-client", "forwarded"]
    done = steps.find, steps.to_judge, finish.verify, finish.notify, finish.answer
    assert not any(step(desk.work, number) for step in done), "it is not ours to answer"
    assert deciding.to_decide(desk.work, number) == []
    assert finish.carry_out(desk.work, number, []) == {}
    assert finish.close(desk.work, number).last is What.CLOSED


def test_what_the_officer_ticks_counts_and_ticking_nothing_is_refused(desk: Desk) -> None:
    number = desk.open()
    asked = steps.to_confirm(desk.work, number)
    for choice in ("As proposed", "As ticked"):
        with pytest.raises(Refused, match="names no right"):
            steps.confirm(desk.work, number, desk.answer(asked, choice))
    ticked = {"erasure": True, "access": False, "marketing": True}
    found = steps.confirm(desk.work, number, desk.answer(asked, "As ticked", fields=ticked))
    assert found.rights == {Right.ERASURE}


# --- marked at once ---------------------------------------------------------------------------------------------------


def test_who_asks_for_restriction_or_objects_is_restricted_from_then_on_under_every_name(desk: Desk) -> None:
    desk.change("insert into note values (14, 1, 'x'); update contact set email = 'other@example.nl' where id = 1")
    for right in ("restriction", "objection"):
        desk.db.execute("delete from left_out")
        number = desk.confirmed(right, file=CaseFile(identities=(("contact", "1"), ("email", "jan@example.nl"))))
        assert restricted(desk, "jan@example.nl")
        assert not restricted(desk, "other@example.nl")
        steps.identify(desk.work, number, desk.answer(steps.to_identify(desk.work, number), "Identified"))
        steps.find(desk.work, number)
        assert restricted(desk, "other@example.nl")


def test_nobody_is_restricted_who_asks_for_something_else_or_to_be_erased_too(desk: Desk) -> None:
    desk.confirmed("access")
    desk.confirmed("objection", "erasure")
    assert not restricted(desk, "jan@example.nl")


# --- an answer that is none -------------------------------------------------------------------------------------------

WRONG: dict[str, dict[str, Any]] = {
    "nobody answered": {"received": False, "answered_at": None},
    "belongs to another run": {"run_id": "manual__2026-01-01T00:00:00+00:00"},
    "no officer who may approve rights": {"responder": "clerk"},
    "does not name this digest": {"subject": "Verzoek: toewijzen? " + "0" * 64},
    "no reason was given": {"has_reason": False, "reason_digest": None},
    "older than what is asked about": {"answered_at": datetime(2026, 1, 1, tzinfo=UTC)},
    "lies in the future": {"answered_at": datetime.now(UTC) + timedelta(days=1)},
    "the answer is none of": {"chosen": ("Approve",)},
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_no_answer_decides_nothing(desk: Desk, why: str) -> None:
    number = desk.searched("erasure")
    (text,) = deciding.to_decide(desk.work, number)
    # the guard sees the answer that belongs to the text whatever its subject says
    given = desk.answer(text, "Grant", **WRONG[why])
    expected = "nobody answered" if why == "does not name this digest" else why
    with pytest.raises(Refused, match=expected):
        deciding.decide(desk.work, number, [given])
    assert last(desk, number) is What.SEARCHED
    assert decisions.decided(desk.db, number, Right.ERASURE) is None
    assert [e.outcome for e in ledger.entries(desk.db, case_id=number) if e.act == "decide"][-1] == "refused"


def test_a_task_that_somebody_marked_successful_answers_nothing(desk: Desk) -> None:
    number = desk.open("erasure")
    steps.to_confirm(desk.work, number)
    with pytest.raises(Refused, match="nobody answered"):
        steps.confirm(desk.work, number, None)
    with pytest.raises(Refused, match="nobody confirmed"):
        steps.to_identify(desk.work, number)
    number = desk.confirmed("erasure")
    with pytest.raises(Refused, match="before it is clear who asks"):
        steps.find(desk.work, number)
    number = desk.identified("erasure")
    with pytest.raises(Refused, match="search again before"):
        deciding.to_decide(desk.work, number)


def test_an_answer_to_what_has_changed_since_decides_nothing(desk: Desk) -> None:
    number = desk.searched("erasure")
    (text,) = deciding.to_decide(desk.work, number)
    given = desk.answer(text, "Grant")
    desk.change("insert into note values (99, 1, 'came in after the question')")
    with pytest.raises(Refused, match="was not asked in this run about what stands there now"):
        deciding.decide(desk.work, number, [given])
    assert last(desk, number) is What.SEARCHED


def test_an_answer_of_another_run_serves_nothing_here_though_it_names_the_digest(desk: Desk) -> None:
    number = desk.searched("erasure")
    (text,) = deciding.to_decide(desk.work, number)
    given = desk.answer(text, "Grant")
    elsewhere = replace(desk.work, run=replace(RUN, run_id="manual__2026-11-23T10:00:00+00:00"))
    with pytest.raises(Refused, match="was not asked in this run"):
        deciding.decide(elsewhere, number, [given])


def test_one_question_has_one_answer(desk: Desk) -> None:
    number = desk.searched("erasure")
    (text,) = deciding.to_decide(desk.work, number)

    def admitted(choice: str) -> decisions.Decision:
        return decisions.admit(
            desk.db, desk.work.policy, number, text.asks, replace(first, chosen=(choice,)), digest=text.digest, run=RUN,
            about=text.about, fields={"ground": None},
        )  # fmt: skip

    first = desk.answer(text, "Grant")
    assert admitted("Grant").choice == admitted("Grant").choice == "Grant"
    with pytest.raises(Refused, match="answered differently before"):
        admitted("Refuse")


def test_all_rights_are_decided_or_none(desk: Desk) -> None:
    number = desk.searched("erasure", "access")
    texts = deciding.to_decide(desk.work, number)
    with pytest.raises(Refused, match="nobody answered"):
        deciding.decide(desk.work, number, [desk.answer(texts[0], "Grant")])
    assert decisions.decided(desk.db, number, Right.ACCESS) is None


def test_a_refusal_needs_a_ground_of_the_closed_list(desk: Desk) -> None:
    number = desk.searched("erasure", "access")
    texts = {text.about: text for text in deciding.to_decide(desk.work, number)}
    granted = desk.answer(texts[Right.ACCESS], "Grant")
    for ground in (None, "", "too busy"):
        with pytest.raises(Refused, match="cannot be refused on"):
            deciding.decide(
                desk.work, number, [granted, desk.answer(texts[Right.ERASURE], "Refuse", fields={"ground": ground})]
            )  # fmt: skip
    found = deciding.decide(
        desk.work, number,
        [granted, desk.answer(texts[Right.ERASURE], "Refuse", fields={"ground": "manifestly-unfounded"})],
    )  # fmt: skip
    assert work.refused(found) == {Right.ERASURE: "manifestly-unfounded"}
    assert work.open_rights(found) == (Right.ACCESS,)


# --- who asks ---------------------------------------------------------------------------------------------------------


def test_the_person_is_asked_then_identified(desk: Desk) -> None:
    number = desk.confirmed("access")
    asked = steps.to_identify(desk.work, number)
    fields = {"method": "code", "doubt": "unknown-address"}
    found = steps.identify(desk.work, number, desk.answer(asked, "Ask the person", None, fields=fields))
    assert (found.last, found.steps[-1].detail) == (What.IDENTITY_ASKED, fields)
    again = steps.to_identify(desk.work, number)
    assert again and asked and again.digest != asked.digest, "the first answer does not serve the second question"
    found = steps.identify(desk.work, number, desk.answer(again, "Identified", None, fields=fields))
    assert found.last is What.IDENTIFIED


def test_a_heavier_rung_without_a_doubt_or_with_words_of_no_list_is_refused(desk: Desk) -> None:
    number = desk.confirmed("access")
    asked = steps.to_identify(desk.work, number)
    for fields, why in (
        ({"method": "shown"}, "needs a reasonable doubt"),
        ({"method": "shielded-copy", "doubt": "wrong-answer"}, "only after something lighter"),
        ({"method": "passport 1234567"}, "method is one of"),
        ({"method": "code", "doubt": "he sounds odd"}, "doubt is empty or one of"),
    ):
        with pytest.raises(Refused, match=why) as error:
            steps.identify(desk.work, number, desk.answer(asked, "Identified", fields=fields))
        assert "1234567" not in str(error.value) and "odd" not in str(error.value)
    assert last(desk, number) is What.CONFIRMED


def test_nobody_is_turned_away_unasked_and_nothing_of_them_is_searched(desk: Desk) -> None:
    number = desk.confirmed("access")
    doubt = {"doubt": "unknown-address", "method": "code"}
    asked = steps.to_identify(desk.work, number)
    with pytest.raises(Refused, match="ask first"):
        steps.identify(desk.work, number, desk.answer(asked, "Cannot be identified", fields=doubt))
    steps.identify(desk.work, number, desk.answer(asked, "Ask the person", fields=doubt))
    again = steps.to_identify(desk.work, number)
    steps.identify(desk.work, number, desk.answer(again, "Cannot be identified", fields=doubt))
    assert steps.find(desk.work, number) is None
    assert deciding.to_decide(desk.work, number) == []
    assert case.may_follow(last(desk, number), What.ANSWERED), "they get a letter"


# --- what is theirs ---------------------------------------------------------------------------------------------------


def test_a_store_that_does_not_answer_keeps_the_case_where_it_is(desk: Desk) -> None:
    number = desk.identified("erasure")
    there = desk.connections["shop_rights"]
    desk.connections["shop_rights"] = Connection(conn_type="postgres", host="127.0.0.1", port=1)
    with pytest.raises(StoreError, match="stays open: 3 places could not be searched"):
        steps.find(desk.work, number)
    assert last(desk, number) is What.IDENTIFIED
    assert [e.outcome for e in ledger.entries(desk.db, case_id=number)][-1] == "unreachable"
    desk.connections["shop_rights"] = there
    assert steps.find(desk.work, number)
    assert last(desk, number) is What.SEARCHED


def test_a_judgement_holds_in_later_searches_and_what_it_leads_to_is_found(desk: Desk) -> None:
    number = desk.identified("erasure")
    steps.find(desk.work, number)
    seen = steps.judge(desk.work, number, desk.answer(steps.to_judge(desk.work, number), "All are theirs"))
    assert seen and {(m.target, m.key) for m in seen.matches} >= {("contact", "2"), ("note", "12")}
    assert not search.search(
        desk.db, desk.work.policy, desk.work.resolve, desk.work.key, desk.work.vault, number, run=RUN, by="find"
    ).to_confirm  # fmt: skip


def test_matches_judged_one_by_one_need_no_answer_and_others_cannot_be_judged(desk: Desk) -> None:
    number = desk.identified("erasure")
    steps.find(desk.work, number)
    (possible,) = search.possible(desk.db, number)
    asked = steps.to_judge(desk.work, number)
    with pytest.raises(Refused, match="not judged one by one"):
        steps.judge(desk.work, number, desk.answer(asked, "As judged one by one"))
    with pytest.raises(Refused, match="no possible match"):
        search.judge(desk.db, number, Judgements(frozenset({b"x" * 16}), frozenset()), by="dpo")
    desk.db.rollback()
    search.judge(desk.db, number, Judgements(frozenset(), frozenset({possible.reference})), by="dpo")
    assert steps.to_judge(desk.work, number) is None
    assert steps.judge(desk.work, number, None) is None
    (text,) = deciding.to_decide(desk.work, number)
    assert "4 gegevens wissen" in text.body


def test_a_case_that_names_nobody_is_not_searched(desk: Desk) -> None:
    number = desk.identified("access", file=CaseFile(names=("Jan de Vries",)))
    with pytest.raises(Refused, match="names nobody"):
        steps.find(desk.work, number)


def test_decisions_go_with_their_case_and_not_before(desk: Desk, governance: Database) -> None:
    number = desk.searched("erasure", received_at=ago(3))
    (text,) = deciding.to_decide(desk.work, number)
    deciding.decide(desk.work, number, [desk.answer(text, "Refuse", fields={"ground": "manifestly-unfounded"})])
    for what in (What.ANSWERED, What.CLOSED):
        case.take(desk.db, number, what, "close")
    desk.db.commit()
    desk.db.execute("select cases_age_out(%s)", [datetime.now(AMSTERDAM).date() + timedelta(days=2)])
    desk.db.commit()
    for table in ("subject_question", "subject_decision", "subject_match", "subject_case"):
        assert desk.db.execute(f"select count(*) from {table}").fetchone() == (0,), table  # type: ignore[arg-type]


def test_the_forms_of_the_dag_offer_the_words_of_the_library_and_its_tasks_are_those_there_are() -> None:
    source = (Path(__file__).parents[2] / "dags" / "subject_request.py").read_text()
    tree = ast.parse(source)
    words = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert words["RIGHTS"] == tuple(Right)
    assert words["METHODS"] == tuple(Method)
    assert words["DOUBTS"] == tuple(Doubt)
    assert words["GROUNDS"] == tuple(Refusal)
    asked = {
        ast.literal_eval(call.args[0]): tuple(ast.literal_eval(each) for each in call.args[1:])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "ask"
    }
    assert asked == OPTIONS
    tasks = subprocess.run(
        [sys.executable, "-c", "from hoeder.orchestration.subject_request import STEPS; print(*STEPS)"],
        capture_output=True, text=True, check=True, env=os.environ | {"AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
    ).stdout.split()  # fmt: skip
    assert set(tasks) == {*words["STEPS"], *(f"to_{asks}" for asks in asked)}
