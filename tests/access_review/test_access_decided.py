"""Who may decide about whose access, and that a decision is about exactly the list that was shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from office import RUN, Office, day

from hoeder.access_review.decide import Choice, as_proposed, asked, decide
from hoeder.access_review.findings import Decision
from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused


@pytest.fixture
def reviewed(office: Office) -> Office:
    office.login("zwaluwenborg_nobody")
    office.db.execute("grant select on note to public")
    office.review()
    return office


def decided(office: Office) -> int:
    row = office.governance.execute("select count(*) from access_decision").fetchone()
    office.governance.commit()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"responder": "other"}, "for the owner of office to decide"),
        ({"responder": "dpo"}, "no officer who may approve access_review"),
        ({"responder": None}, "no officer"),
        ({"received": False, "answered_at": None}, "nobody answered"),
        ({"run_id": "manual__2026-01-01T00:00:00+00:00"}, "belongs to another run"),
        ({"subject": "0" * 64}, "does not name this digest"),
        ({"has_reason": False}, "no reason was given"),
        ({"answered_at": datetime.now(UTC) - timedelta(days=1)}, "older than what is asked about"),
        ({"answered_at": datetime.now(UTC) + timedelta(days=1)}, "lies in the future"),
    ],
)
def test_an_answer_that_is_none_decides_nothing(standing: Office, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        standing.decide(Choice((standing.number("orphan"),), Decision.REMOVE, "no-need"), **changes)
    assert decided(standing) == 0
    assert standing.execute() == {}
    assert standing.can_log_in("zwaluwenborg_standing")


@pytest.mark.parametrize(
    ("kind", "decision", "because", "until", "reason"),
    [
        ("orphan", Decision.REMOVE, "needed", None, "needed is no reason to remove"),
        ("orphan", Decision.KEEP, "needed", None, "has a last day"),
        ("orphan", Decision.KEEP, "needed", "2030-01-01", "kept for 180 days at most"),
        ("orphan", Decision.KEEP, "needed", "2020-01-01", "kept for 180 days at most"),
        ("orphan", Decision.REMOVE, "no-need", "2026-12-01", "only such a one"),
        ("no-secrecy", Decision.REMOVE, "no-need", None, "no access that can be taken away"),
    ],
)
def test_a_choice_that_does_not_belong_decides_nothing(
    standing: Office, kind: str, decision: Decision, because: str, until: str | None, reason: str
) -> None:
    choice = Choice((standing.number(kind),), decision, because, day(until) if until else None)
    with pytest.raises(Refused, match=reason):
        standing.decide(choice)
    assert decided(standing) == 0


def test_one_wrong_choice_leaves_the_others_undecided_too(standing: Office) -> None:
    good = Choice((standing.number("orphan"),), Decision.REMOVE, "no-need")
    with pytest.raises(Refused, match="finding 9999 is not in this list"):
        standing.decide(good, replace(good, findings=(9999,)))
    with pytest.raises(Refused, match="decided about twice"):
        standing.decide(good, good)
    assert decided(standing) == 0


def test_nobody_decides_about_their_own_access(office: Office) -> None:
    office.login("chief")
    office.db.execute("insert into worker values (9, 'x', 'active', null); insert into login values "
                      "(9, 9, 'Chief', true, null); grant select on form to chief")  # fmt: skip
    office.review()
    own = [office.number("beyond-need"), office.number("no-secrecy")]  # an account, and what a person lacks
    for finding in own:
        with pytest.raises(Refused, match="about whoever answers"):
            office.decide(Choice((finding,), Decision.KEEP, "needed", office.now.date()))


def test_a_list_that_is_not_the_last_one_is_not_decided_about(reviewed: Office) -> None:
    before, answer = asked(reviewed.governance), reviewed.answer()
    choice = Choice((reviewed.number("orphan"),), Decision.REMOVE, "no-need")
    reviewed.db.execute("grant select on form to public")
    reviewed.review()
    with pytest.raises(Refused, match="not the last one"):
        decide(reviewed.governance, reviewed.policy, reviewed.key, answer, [choice],
                             review=before.review, run=RUN)  # fmt: skip
    with pytest.raises(Refused, match="does not name this digest"):
        reviewed.decide(choice, subject=before.digest)


def test_a_changed_policy_asks_again(reviewed: Office) -> None:
    reviewed.policy = reviewed.policy.model_copy(update={"digest": "b" * 64})
    with pytest.raises(Refused, match="policy changed"):
        reviewed.remove("orphan")


def test_an_approval_is_about_what_the_responder_answers_for_but_what_is_kept(reviewed: Office) -> None:
    review, today = asked(reviewed.governance).review, datetime.now(AMSTERDAM).date()
    orphan, public = reviewed.number("orphan"), reviewed.number("public-grant")
    assert as_proposed(reviewed.governance, reviewed.policy, review, "other", (), today) == []
    chosen = as_proposed(reviewed.governance, reviewed.policy, review, "chief", {public}, today)
    assert [(c.findings, c.decision) for c in chosen] == [((orphan,), Decision.REMOVE), ((public,), Decision.KEEP)]
    reviewed.decide(*chosen)
    assert as_proposed(reviewed.governance, reviewed.policy, review, "chief", (), today) == []


def test_what_is_kept_is_settled_in_later_reviews_until_its_day(reviewed: Office) -> None:
    until = datetime.now(AMSTERDAM).date() + timedelta(days=30)
    reviewed.decide(Choice((reviewed.number("public-grant"),), Decision.KEEP, "temporary", until))
    reviewed.review()
    rows = reviewed.governance.execute("select kind, settled from access_finding_now order by kind").fetchall()
    assert dict(rows) == {"orphan": False, "public-grant": True}
