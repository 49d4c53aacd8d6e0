"""What was granted is done once, looked at again, answered with its grounds, and only then closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from desk import RUN, Desk, ago
from desk import desk as desk
from desk import place as place
from hypothesis import given
from hypothesis import strategies as st

from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.persons.marks import Ground, references
from hoeder.rights import (
    by_hand,
    case,
    deciding,
    finish,
    identity,
    letters,
    matches,
    meanwhile,
    packages,
    search,
    steps,
    work,
)
from hoeder.rights.case import Channel, ExtensionGround, Right, Step, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.identity import Doubt, Identification, Method


def last(desk: Desk, number: Any) -> What | None:
    return case.read(desk.db, number).last


def decided(desk: Desk, number: Any, **choices: str) -> list[Any]:
    """The officer's answers: every right granted but those with a ground of refusal."""
    answers = []
    for text in deciding.to_decide(desk.work, number):
        ground = choices.get(str(text.about))
        answers.append(desk.answer(text, "Refuse" if ground else "Grant", fields={"ground": ground}))
    deciding.decide(desk.work, number, answers)
    return answers


# --- carried out ------------------------------------------------------------------------------------------------------


def test_nothing_is_carried_out_that_nobody_granted(desk: Desk) -> None:
    number = desk.searched("access")
    with pytest.raises(Refused, match="nobody decided"):
        finish.carry_out(desk.work, number, [])
    answers = decided(desk, number)
    for forged in ([], [replace(answers[0], responder="clerk")], [replace(answers[0], chosen=("Refuse",))]):
        with pytest.raises(Refused):
            finish.carry_out(desk.work, number, forged)
    elsewhere = replace(desk.work, run=replace(RUN, run_id="manual__2026-11-23T10:00:00+00:00"))
    with pytest.raises(Refused, match="was not asked in this run"):
        finish.carry_out(elsewhere, number, answers)
    assert last(desk, number) is What.DECIDED
    with pytest.raises(Refused, match="not everything asked"):
        finish.answer(desk.work, number)
    with pytest.raises(Refused, match="closed when its person was answered"):
        finish.close(desk.work, number)


def finished(desk: Desk, number: Any, answers: Any) -> Any:
    """Everything after the decision, as the tasks do it."""
    finish.carry_out(desk.work, number, answers)
    finish.notify(desk.work, number)
    finish.verify(desk.work, number)
    return finish.answer(desk.work, number)


def test_access_and_erasure_in_one_case_a_copy_first_then_all_that_nothing_keeps(desk: Desk) -> None:
    number = desk.searched("erasure", "access")
    written = finished(desk, number, decided(desk, number))
    assert desk.rows("select id from note order by 1") == [(12,), (13,)], "another's stay"
    assert desk.rows("select id from invoice order by 1") == [(20,), (22,)], "the law keeps one of theirs"
    assert [step.detail["right"] for step in case.read(desk.db, number).steps if step.what is What.CARRIED_OUT] == [
        "access", "erasure",
    ]  # fmt: skip
    (made,) = packages.packages(desk.db, number)
    assert (made.right, made.records) == (Right.ACCESS, 5)
    _, text = letters.fetch(desk.work.vault, written)
    assert "AWR 52(4)" in text
    assert finish.close(desk.work, number).last is What.CLOSED
    acts = [(e.act, e.object, e.outcome) for e in ledger.entries(desk.db, case_id=number) if e.phase == "outcome"]
    wanted = ("carry_out", "access"), ("carry_out", "erasure"), ("verify", "request"), ("answer", "request"), (
        "close", "request",
    )  # fmt: skip
    assert all((*each, "done") in acts for each in wanted)
    assert all(e.outcome for e in ledger.entries(desk.db, case_id=number) if e.phase == "outcome")


def test_a_second_execution_does_nothing(desk: Desk) -> None:
    number = desk.searched("erasure")
    answers = decided(desk, number)
    assert finish.carry_out(desk.work, number, answers)["erasure"]["erased"] == 4
    desk.change("insert into note values (77, 3, 'of somebody else')")
    steps_before = len(case.read(desk.db, number).steps)
    assert finish.carry_out(desk.work, number, answers) == {}
    assert len(case.read(desk.db, number).steps) == steps_before
    assert desk.rows("select id from note where id = 77") == [(77,)]


def test_a_killed_task_that_is_cleared_finishes_exactly_the_rest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.searched("erasure", "access")
    answers = decided(desk, number)
    whole = finish._DO[Right.ERASURE]

    def killed(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setitem(finish._DO, Right.ERASURE, killed)  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        finish.carry_out(desk.work, number, answers)
    desk.db.rollback()
    assert search.carried_out(case.read(desk.db, number)) == {Right.ACCESS}
    assert len(desk.rows("select from note where contact_id = 1")) == 2
    monkeypatch.setitem(finish._DO, Right.ERASURE, whole)  # type: ignore[arg-type]
    assert list(finish.carry_out(desk.work, number, answers)) == ["erasure"], "the copy is not made twice"
    assert finish.verify(desk.work, number)["remaining"] == 0


def test_nothing_is_answered_while_something_is_left_that_should_be_gone(desk: Desk) -> None:
    number = desk.searched("erasure")
    finish.carry_out(desk.work, number, decided(desk, number))
    desk.change("insert into note values (78, 1, 'an import brought it back, and nothing that leads to it')")
    with pytest.raises(StoreError, match="is not done"):
        finish.verify(desk.work, number)
    with pytest.raises(Refused, match="looked at again"):
        finish.answer(desk.work, number)
    desk.change("delete from note where id = 78")
    finish.verify(desk.work, number)
    assert finish.answer(desk.work, number)


def test_a_restriction_is_marked_under_every_name_and_told(desk: Desk) -> None:
    number = desk.searched("restriction")
    written = finished(desk, number, decided(desk, number))
    marked = [reference for _, reference in references(desk.work.key, [("email", "jan@example.nl"), ("contact", "1")])]
    row = desk.db.execute("select count(*) from left_out where subject_ref = any(%s)", [marked]).fetchone()
    assert row == (2,)
    assert written and len(desk.rows("select from note where contact_id = 1")) == 2


def test_what_was_refused_is_answered_with_its_ground_and_closed(desk: Desk) -> None:
    number = desk.searched("erasure")
    answers = decided(desk, number, erasure="manifestly-unfounded")
    assert finish.carry_out(desk.work, number, answers) == {}
    assert len(desk.rows("select from note where contact_id = 1")) == 2
    written = finish.answer(desk.work, number)
    assert written and written.name == "answer"
    _, text = letters.fetch(desk.work.vault, written)
    assert "Autoriteit Persoonsgegevens" in text and "12(5)" in text
    assert finish.answer(desk.work, number) is None, "once"
    assert finish.close(desk.work, number).last is What.CLOSED
    assert finish.close(desk.work, number).last is What.CLOSED


def test_who_cannot_be_identified_gets_a_letter(desk: Desk) -> None:
    number = desk.confirmed("access")
    doubt = {"doubt": "unknown-address", "method": "code"}
    steps.identify(desk.work, number, desk.answer(steps.to_identify(desk.work, number), "Ask the person", fields=doubt))
    assert [each.name for each in letters.written(desk.db, number)] == ["identity"]
    assert finish.answer(desk.work, number) is None, "we wait for them"
    assert finish.close(desk.work, number).is_open
    again = steps.to_identify(desk.work, number)
    steps.identify(desk.work, number, desk.answer(again, "Cannot be identified", fields=doubt))
    written = finish.answer(desk.work, number)
    assert written and written.name == "not-identified"
    assert finish.close(desk.work, number).last is What.CLOSED


def test_a_message_that_asks_nothing_is_closed_without_an_answer(desk: Desk) -> None:
    number = desk.open("access")
    steps.confirm(desk.work, number, desk.answer(steps.to_confirm(desk.work, number), "No request"))
    assert finish.answer(desk.work, number) is None
    assert finish.close(desk.work, number).last is What.CLOSED


# --- by hand ----------------------------------------------------------------------------------------------------------


def opened_by_hand(desk: Desk, **changes: Any) -> Any:
    given = {
        "channel": Channel.LETTER,
        "received_at": ago(2),
        "language": "nl",
        "rights": [Right.ACCESS],
        "by": "me",
    }
    file = CaseFile(identities=(("email", "anna@example.nl"),), names=("Anna Bakker",))
    return by_hand.open_case(desk.work, changes.pop("file", file), **(given | changes))


def test_a_letter_becomes_a_case_that_goes_the_same_way(desk: Desk) -> None:
    first, second = opened_by_hand(desk), opened_by_hand(desk)
    found = case.read(desk.db, second)
    assert (found.last, found.channel, found.steps[0].by) == (What.PROPOSED, Channel.LETTER, "me")
    assert found.steps[0].detail["same_person"] == [str(first)]
    steps.confirm(desk.work, second, desk.answer(steps.to_confirm(desk.work, second), "As proposed"))
    assert case.read(desk.db, second).rights == {Right.ACCESS}
    with pytest.raises(Refused, match="future"):
        opened_by_hand(desk, received_at=datetime.now(UTC) + timedelta(days=1))
    with pytest.raises(Refused, match="nobody could be answered"):
        opened_by_hand(desk, file=CaseFile())


def test_an_extension_goes_with_its_letter_and_keeps_no_words_of_the_reason(desk: Desk) -> None:
    number = desk.confirmed("access", received_at=ago(5))
    with pytest.raises(Refused, match="with its reason"):
        by_hand.extend(desk.work, number, ExtensionGround.NUMBER, " ", by="dpo")
    found = by_hand.extend(desk.work, number, ExtensionGround.COMPLEXITY, "Uw dossier van Jan", by="dpo")
    assert found.extended and found.due.due > found.due.notice
    (letter,) = letters.written(desk.db, number)
    assert "Uw dossier van Jan" in letters.fetch(desk.work.vault, letter)[1]
    assert "dossier" not in str(list(desk.db.execute("select * from subject_step")))
    late = desk.confirmed("access", received_at=ago(60))
    with pytest.raises(Refused, match="within the first month"):
        by_hand.extend(desk.work, late, ExtensionGround.COMPLEXITY, "reason", by="dpo")
    assert letters.written(desk.db, late) == [], "no letter without its step"
    assert [e.outcome for e in ledger.entries(desk.db, case_id=late) if e.act == "extend"] == [None, "refused"]


def test_while_the_person_says_what_they_mean_the_case_waits_and_the_strict_clock_does_not(desk: Desk) -> None:
    number = desk.confirmed("access")
    before = case.read(desk.db, number).due
    by_hand.clarify(desk.work, number, "Welke gegevens?", by="dpo")
    assert steps.find(desk.work, number) is None
    found = by_hand.clarified(desk.work, number, by="dpo")
    assert (found.last, found.due) == (What.CLARIFIED, before)
    assert steps.to_identify(desk.work, number) is not None


def restricted_until(desk: Desk, email: str = "jan@example.nl") -> Any:
    """The day on which a restriction ends; `never` where none was set, None for who is not restricted."""
    marked = [reference for _, reference in references(desk.work.key, [("email", email)])]
    row = desk.db.execute(
        "select until from left_out where ground = %s and subject_ref = any(%s)", [Ground.RESTRICTION, marked]
    ).fetchone()
    return None if row is None else row[0] or "never"


def test_a_restriction_ends_on_the_day_that_the_person_is_told(desk: Desk) -> None:
    number = desk.searched("restriction")
    finished(desk, number, decided(desk, number))
    assert restricted_until(desk) == "never", "what was granted holds"
    day = by_hand.lift(desk.work, number)
    assert day > desk.work.today and restricted_until(desk) == day
    assert [each.name for each in letters.written(desk.db, number)][-1] == "lifting"
    with pytest.raises(Refused, match="it is settled already"):
        by_hand.lift(desk.work, number)
    with pytest.raises(Refused, match="restricts nobody"):
        by_hand.lift(desk.work, desk.confirmed("access"))


@pytest.mark.parametrize(("right", "ground", "says"), [
    ("objection", None, "Voor dat doel gebruiken wij uw gegevens ook daarna niet"),
    ("objection", "compelling-grounds", "gebruiken wij de gegevens weer zoals daarvoor"),
    ("restriction", "conditions-not-met", "gebruiken wij de gegevens weer zoals daarvoor"),
])  # fmt: skip
def test_the_restriction_while_a_right_is_examined_ends_with_the_decision(
    desk: Desk, right: str, ground: str | None, says: str
) -> None:
    number = desk.searched(right)
    assert restricted_until(desk) == "never"
    answers = decided(desk, number, **({right: ground} if ground else {}))
    day = restricted_until(desk)
    assert day == desk.work.today + meanwhile.TOLD_BEFORE, "in the same step, after the person was told"
    (told,) = letters.written(desk.db, number)
    assert told.name == "lifting" and says in letters.fetch(desk.work.vault, told)[1]
    (entry,) = [
        e for e in ledger.entries(desk.db, case_id=number) if e.act == "decide" and (e.counts or {}).get("lifted")
    ]
    assert entry.outcome == ("rejected" if ground else "done")
    finished(desk, number, answers)
    assert restricted_until(desk) == day
    left_out = desk.db.execute("select count(*) from left_out where ground = 'objection'").fetchone()
    assert (left_out != (0,)) is (right == "objection" and ground is None), "an objection that was granted holds"


def test_a_restriction_that_was_granted_outlives_an_objection_that_is_decided(desk: Desk) -> None:
    first = desk.searched("restriction")
    finished(desk, first, decided(desk, first))
    second = desk.searched("objection")
    decided(desk, second, objection="compelling-grounds")
    assert restricted_until(desk) == "never"


def test_who_cannot_be_identified_is_not_restricted_for_ever(desk: Desk) -> None:
    number = desk.confirmed("objection")
    ask = {"fields": {"method": "code", "doubt": "unknown-address"}}
    steps.identify(desk.work, number, desk.answer(steps.to_identify(desk.work, number), "Ask the person", **ask))
    assert restricted_until(desk) == "never"
    text = steps.to_identify(desk.work, number)
    steps.identify(desk.work, number, desk.answer(text, "Cannot be identified", **ask))
    assert restricted_until(desk) == desk.work.today + meanwhile.TOLD_BEFORE


def test_the_officer_sees_what_stands_in_a_possible_match(desk: Desk) -> None:
    number = desk.identified("access")
    seen = steps.find(desk.work, number)
    assert seen is not None
    shown = matches.values(desk.work.policy, desk.work.resolve, seen.to_confirm)
    (possible,) = search.possible(desk.db, number)
    assert shown[possible.reference]["name"] == "Piet de Vries"


# --- the ladder -------------------------------------------------------------------------------------------------------


@given(st.sampled_from(Method), st.sampled_from([None, *Doubt]), st.lists(st.sampled_from(Method), max_size=4))
def test_more_is_asked_only_on_a_doubt_and_a_copy_only_after_something_lighter(
    method: Method, doubt: Doubt | None, tried: list[Method]
) -> None:
    asked = tuple(Step(What.IDENTITY_ASKED, datetime(2026, 1, 2, tzinfo=UTC), "dpo", {"method": m}) for m in tried)
    found = case.Case(
        work.UUID(int=1), datetime(2026, 1, 1, tzinfo=UTC), Channel.MAIL, "nl", "a" * 64, ("shop",), asked
    )
    may = not identity.objections(found, Identification(method, doubt))
    if method in (Method.KNOWN_ADDRESS, Method.ACCOUNT):
        assert may
    elif method is Method.SHIELDED_COPY:
        assert may == (doubt is not None and any(each is not Method.SHIELDED_COPY for each in tried))
    else:
        assert may == (doubt is not None)


@given(st.permutations(list(Right)), st.sets(st.sampled_from(Right), min_size=1))
def test_whatever_is_asked_copies_are_made_before_anything_goes(order: list[Right], asked: set[Right]) -> None:
    found = case.Case(
        work.UUID(int=1), datetime(2026, 1, 1, tzinfo=UTC), Channel.MAIL, "nl", "a" * 64, ("shop",),
        (Step(What.CONFIRMED, datetime(2026, 1, 2, tzinfo=UTC), "dpo", {"rights": [r for r in order if r in asked]}),),
    )  # fmt: skip
    rights = work.open_rights(found)
    assert set(rights) == asked
    if Right.ERASURE in asked:
        assert rights[-1] is Right.ERASURE
