"""A request that no check could ever pass is refused at the door, with every reason, and nothing of it is kept."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from disclosing import TODAY, Desk, certificate, written
from hypothesis import given
from hypothesis import strategies as st

from hoeder.disclosures import intake
from hoeder.disclosures.case import MAY_FOLLOW, Case, Step, Verified, What, read
from hoeder.errors import HoederError, StoreError
from hoeder.evidence.ledger import Run

SECRET = "Wubbegien"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"authority": "polise"}, "authority polise is not in the table.*did you mean police"),
        ({"power": "sv-126nd"}, "power sv-126nd is not police's, but prosecution's; it has: sv-126nc"),
        ({"power": "sv-999"}, "power sv-999 is not police's; it has"),
        ({"article": "Sv 126nd"}, "the article is not that of power sv-126nc, which is Sv 126nc"),
        ({"received_on": date(2005, 12, 31)}, "in force from 2006-01-01 to 2029-03-31, not on 2005-12-31"),
        ({"received_on": TODAY + timedelta(days=1)}, "lies in the future"),
        ({"compelled": False}, "by power sv-126nc we must answer"),
        ({"asked": ["user.nam"]}, "user.nam is no category that anybody knows.*did you mean user.name"),
        ({"asked": ["everything"]}, "everything is no category"),
        ({"client": "acmee"}, "client acmee is not in processing.yaml"),
        ({"fraud_case": str(uuid4())}, "fraud_case goes with an own report"),
        ({"power": "without-order", "article": "UAVG 41", "compelled": False, "secret_until": date(2027, 1, 1)},
         "cannot bind to secrecy"),
    ],
)  # fmt: skip
def test_what_no_check_could_pass_is_refused_and_the_refusal_is_recorded(
    desk: Desk, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(HoederError, match=reason):
        desk.new(**changes)
    desk.db.rollback()
    assert (desk.cases(), desk.kept("disclosures/")) == (set(), [])
    assert [outcome for _, outcome in desk.outcomes("receive")] == ["refused"]


def test_a_power_that_expired_gives_nothing_any_more(desk: Desk) -> None:
    request, file = intake.from_file(
        written(desk.folder, received_on=date(2029, 4, 1), certificate_pem=certificate(2000))
    )
    with pytest.raises(HoederError, match="to 2029-03-31, not on 2029-04-01"):
        intake.take_in(
            desk.db, desk.policy, desk.vault, request, file, by="clerk", run=Run("a" * 64), today=date(2029, 4, 2)
        )


def test_a_certificate_that_expired_is_no_address(desk: Desk) -> None:
    with pytest.raises(StoreError, match="not valid on 2026-11-23; ask the recipient for a new one"):
        desk.new(certificate_pem=certificate(30))
    assert desk.kept("disclosures/") == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"document": None}, "document: field required"),
        ({"document": "not-there.pdf"}, "not-there.pdf: the document of the request cannot be read"),
        ({"colour": SECRET}, "colour: extra inputs are not permitted"),
        ({"subjects": []}, "subjects: tuple should have at least 1 item"),
        ({"subjects": None}, "subjects: field required"),
        ({"subjects": [{"name": SECRET}]}, "subjects.0.name: extra inputs"),
        ({"subjects": [{"names": [SECRET], "client": "acme"}, {"names": ["b"], "client": "other"}], "client": "acme"},
         "subjects of more than one client"),
        ({"subjects": [{"names": [SECRET], "client": "acme"}]}, "subjects of more than one client, or of a client and"),
        ({"official": {"name": SECRET}}, "official: certificate, reached_at, unit is missing"),
        ({"verified": SECRET}, "verified: input should be 'called-back'"),
        ({"received_on": SECRET}, "received_on: input should be a valid date"),
        ({"asked": []}, "asked: tuple should have at least 1 item"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_request_says_why_without_quoting_it(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(HoederError, match=reason) as error:
        intake.from_file(written(tmp_path, **changes))
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b"a: [", b"\xff\xfe\x00", b"x" * 2_000_000])
def test_anything_else_than_a_request_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "request.yaml"
    path.write_bytes(content)
    with pytest.raises(HoederError, match="request"):
        intake.from_file(path)


def form(**changes: Any) -> dict[str, Any]:
    return {
        "authority": "police", "power": "sv-126nc", "article": "Sv 126nc", "document": "d" * 64,
        "received_on": "2026-11-20", "verified": "called-back", "compelled": True,
        "asked": ["user.name", "user.contact"], "client": "", "secret_until": None,
    } | changes  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [("document", None), ("document", "order.pdf"), ("power", None)])
def test_a_form_without_a_document_or_power_is_none(name: str, value: object) -> None:
    with pytest.raises(HoederError, match=f"the form: {name}"):
        intake.from_form(form(**{name: value}))


def test_a_case_from_a_form_waits_for_its_subjects_and_takes_only_those_of_the_same_request(desk: Desk) -> None:
    request, file = intake.from_file(written(desk.folder))
    asked = intake.from_form(form(document=request.document))
    run = Run(desk.policy.digest)
    case = intake.take_in(desk.db, desk.policy, None, asked, None, by="dpo", run=run, today=TODAY)
    assert case.last is What.TAKEN_IN
    other, _ = intake.from_file(written(desk.folder, asked=["user.name"]))
    with pytest.raises(HoederError, match="the file differs from the form in asked"):
        intake.add_subjects(desk.db, desk.policy, desk.vault, case.case_id, other, file, by="clerk", today=TODAY)
    intake.add_subjects(desk.db, desk.policy, desk.vault, case.case_id, request, file, by="clerk", today=TODAY)
    assert read(desk.db, case.case_id).last is What.SUBJECTS


def test_an_own_report_needs_a_fraud_file_that_somebody_approved(desk: Desk) -> None:
    report = {
        "power": "report-of-crime", "article": "Sv 161", "compelled": False, "asked": ["user.name"],
        "fraud_case": str(uuid4()),
    }  # fmt: skip
    with pytest.raises(HoederError, match="no open fraud file"):
        desk.new(**report)


STEPS = st.lists(st.sampled_from(list(What)), max_size=14)


@given(STEPS, st.booleans())
def test_no_order_of_steps_releases_without_check_preparation_and_client(tried: list[What], clients: bool) -> None:
    at = TODAY
    case = Case(
        uuid4(), "police", "sv-126nc", False, True, "d" * 64, at, Verified.CALLED_BACK, None,
        "acme" if clients else None, ("user",), None, "a" * 64, None,  # type: ignore[arg-type]
    )  # fmt: skip
    for what in tried:
        if case.objection(what) is None:
            step = Step(what, None, "x", None, {})  # type: ignore[arg-type]
            case = Case(**{**vars(case), "steps": (*case.steps, step)})
    taken = [step.what for step in case.steps]
    assert taken == sorted(set(taken), key=taken.index) or taken.count(What.PREPARED) > 1
    if What.RELEASED in taken:
        before = taken[: taken.index(What.RELEASED)]
        assert before[-1] is What.PREPARED
        assert What.CHECKED in before
        assert not {What.REFUSED, What.FORWARDED, What.CLOSED} & set(before)
        assert not clients or What.CLIENT_TOLD in before
    if What.CLOSED in taken:
        assert taken[-1] is What.CLOSED
        assert {What.ERASED, What.REFUSED, What.FORWARDED} & set(taken)


def test_every_step_can_be_reached_and_nothing_follows_the_end() -> None:
    assert set(MAY_FOLLOW) == set(What)
    assert all(What.CLOSED not in after for after in MAY_FOLLOW.values())
