"""GDPR 19: whoever has the data is told, once, and what came of it is known."""

from datetime import timedelta
from uuid import UUID

import pytest
from desk import KEY
from desk import place as place
from handing import RUN, TODAY, Handing
from handing import handing as handing

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.rights import letters, recipients
from hoeder.rights.case import Right
from hoeder.rights.recipients import Answer, Ground

PLACES = ("shop.contact", "shop.reader")


def notify(
    desk: Handing, number: UUID, right: Right = Right.ERASURE, places: tuple[str, ...] = PLACES
) -> dict[str, int]:
    return recipients.notify(
        desk.db, desk.policy, KEY, desk.vault, number, right=right, places=places, run=RUN, today=TODAY
    )


def test_recipients_are_those_of_the_processings_whose_places_were_changed(handing: Handing) -> None:
    found = recipients.recipients_of(handing.policy, PLACES)
    assert found == {"host": ("shop.contact", "shop.reader"), "sender": ("shop.reader",)}
    assert recipients.recipients_of(handing.policy, ("shop.staff",)) == {}


def test_each_recipient_gets_one_notice_for_a_right(handing: Handing) -> None:
    number = handing.case(Right.ERASURE)
    assert notify(handing, number) == {"recipients": 2, "to_send": 2}
    assert notify(handing, number) == {"recipients": 2, "to_send": 2}, "again changes nothing"
    written = letters.written(handing.db, number)
    assert len(written) == 2
    texts = [letters.fetch(handing.vault, each)[1] for each in written]
    (sender,) = [text for text in texts if "Geachte lezer van Verzendhuis" in text]
    assert "Naam: Jan de Vries" in sender and "e-mailadres: jan@example.nl" in sender
    assert "De nieuwsbrief" in sender and "Klantenservice" not in sender, "nothing but what they got"
    assert "jan" not in handing.governance_text().lower()


@pytest.mark.parametrize("right", [Right.ACCESS, Right.PORTABILITY, Right.OBJECTION, Right.WITHDRAWAL])
def test_other_rights_are_told_to_nobody(handing: Handing, right: Right) -> None:
    assert notify(handing, handing.case(right), right) == {"recipients": 0, "to_send": 0}
    assert recipients.notices(handing.db) == []


def test_sent_then_answered_and_each_stands_in_the_ledger(handing: Handing) -> None:
    number = handing.case(Right.ERASURE)
    notify(handing, number)
    with pytest.raises(Refused, match="is to be sent; it cannot be answered now"):
        recipients.answered(handing.db, number, Right.ERASURE, "host", Answer.DONE, by="dpo", run=RUN)
    assert recipients.sent(handing.db, number, Right.ERASURE, "host", by="dpo", run=RUN).sent_at
    with pytest.raises(Refused, match="is sent; it cannot be sent now"):
        recipients.sent(handing.db, number, Right.ERASURE, "host", by="dpo", run=RUN)
    with pytest.raises(Refused, match="is sent; it cannot be impossible now"):
        recipients.impossible(handing.db, number, Right.ERASURE, "host", Ground.IMPOSSIBLE, by="dpo", run=RUN)
    done = recipients.answered(handing.db, number, Right.ERASURE, "host", Answer.KEPT_BY_LAW, by="dpo", run=RUN)
    assert done.answer == "kept-by-law" and not done.is_open
    with pytest.raises(Refused, match="is kept-by-law"):
        recipients.answered(handing.db, number, Right.ERASURE, "host", Answer.DONE, by="dpo", run=RUN)
    with pytest.raises(Refused, match="there are: host, sender"):
        recipients.sent(handing.db, number, Right.ERASURE, "tax", by="dpo", run=RUN)
    with pytest.raises(Refused, match="there are: none"):
        recipients.sent(handing.db, number, Right.RESTRICTION, "host", by="dpo", run=RUN)
    ended = [(e.object, e.outcome) for e in ledger.entries(handing.db) if e.act == "notify" and e.phase == "outcome"]
    assert ended.count(("erasure", "done")) == 2 and ended.count(("erasure", "refused")) == 5


def test_whoever_cannot_be_told_is_so_with_a_ground_and_not_named_in_the_answer(handing: Handing) -> None:
    number = handing.case(Right.ERASURE)
    notify(handing, number)
    gone = recipients.impossible(
        handing.db, number, Right.ERASURE, "sender", Ground.DISPROPORTIONATE, by="dpo", run=RUN
    )
    assert gone.ground == "disproportionate" and not gone.is_open
    answer = handing.letter(number, "answer", outcomes=[letters.Outcome(Right.ERASURE, 3, PLACES)])
    _, text = letters.fetch(handing.vault, answer)
    assert "Rekencentrum" in text and "Verzendhuis" not in text


def test_what_was_not_sent_or_answered_in_time_is_counted(handing: Handing) -> None:
    number = handing.case(Right.ERASURE)
    notify(handing, number)
    recipients.sent(handing.db, number, Right.ERASURE, "host", by="dpo", run=RUN)
    (host, sender) = recipients.notices(handing.db, number)
    made, sent = (each.astimezone(AMSTERDAM).date() for each in (sender.made_at, host.sent_at or host.made_at))
    assert recipients.overdue(handing.db, made + recipients.SEND_WITHIN) == {"to_send": 0, "reminded": 0}
    assert recipients.overdue(handing.db, made + recipients.SEND_WITHIN + timedelta(days=1))["to_send"] == 1
    last = sent + recipients.ANSWER_WITHIN
    assert recipients.overdue(handing.db, last)["reminded"] == 0
    assert recipients.overdue(handing.db, last + timedelta(days=1))["reminded"] == 1
    recipients.answered(handing.db, number, Right.ERASURE, "host", Answer.DONE, by="dpo", run=RUN)
    assert recipients.overdue(handing.db, last + timedelta(days=99)) == {"to_send": 1, "reminded": 0}


def test_notices_go_with_their_case(handing: Handing) -> None:
    number = handing.case(Right.ERASURE)
    notify(handing, number)
    handing.db.execute("alter table subject_step disable trigger append_only")
    handing.db.execute("delete from subject_step")
    handing.db.execute("delete from subject_case where case_id = %s", [number])
    assert recipients.notices(handing.db) == [] and letters.written(handing.db, number) == []
