"""To whom somebody's data went: told by name in their copy, and told of it when the data change."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from desk import KEY
from desk import place as place
from handing import RUN, TODAY, Handing
from handing import handing as handing

from hoeder.clock import AMSTERDAM
from hoeder.governance import shared
from hoeder.persons import marks
from hoeder.policy import Policy
from hoeder.policy.disclosures import DisclosureFile
from hoeder.policy.marketing_gate import MarketingGate
from hoeder.rights import case_file, letters, package, recipients, went
from hoeder.rights.case import Right

TOLD_ON = date(2026, 3, 3)
_SOURCE = {
    "basis": "a test", "certainty": "H", "owner": "o", "approved_on": "2026-01-01", "changed_by": "clerk",
}  # fmt: skip
_GATE = {
    "rules": [{"rule": "email", "channel": "email", "basis": "consent", "because": "b", "source": _SOURCE,
               "valid_from": "2020-01-01"}],
    "persons": {"table": "shop.contact", "kind": "contact", "email": "email"},
    "opt_outs": {"table": "shop.no", "person": "p", "email": "e", "scope": "s", "since": "d", "status": "t",
                 "standing": "yes"},
    "consents": {"table": "shop.yes", "person": "p", "text": "t", "given_on": "g", "how": "h", "status": "s",
                 "standing": "yes", "ended_on": "e"},
    "deliveries": {"table": "shop.sent", "person": "p", "campaign": "c", "channel": "h", "email": "e", "phone": "t",
                   "sent_at": "a"},
    "passed_on": {"table": "shop.passed", "person": "p", "company": "c", "day": "d"},
    "texts": {"text-1": {"channels": ["email"]}},
    "companies": {"sister": {"nl": "Zusterbedrijf", "en": "Sister company", "called": "Sister"}},
    "allowed_into": "cases:allowed/",
}  # fmt: skip
_DISCLOSURES = {
    "requirements": {"written": {"nl": "op schrift", "en": "in writing"}},
    "authorities": [{"authority": "police", "nl": "Politie", "en": "Police", "powers": [
        {"power": "sv-126nc", "nl": "Vordering", "en": "Order", "article": "Sv 126nc", "compelled": True,
         "may_ask": ["user.name"], "requires": ["written"], "used_by": "an officer", "source": _SOURCE,
         "valid_from": "2020-01-01"}]}],
}  # fmt: skip


@pytest.fixture
def known(handing: Handing) -> Handing:
    """Of contact 1 a related company got data, and the police; of contact 2 another company."""
    gate, told = MarketingGate.model_validate(_GATE), DisclosureFile.model_validate(_DISCLOSURES)
    found: Policy = handing.policy.model_copy(update={"marketing_gate": gate, "disclosures": told})
    for contact, company in (("1", "sister"), ("2", "other")):
        passed = [(reference, company, TOLD_ON) for _, reference in marks.references(KEY, [("contact", contact)])]
        shared.note(handing.db, "contact", passed)
    handing.db.commit()
    return handing.changed(policy=found)


def disclosed(desk: Handing, secret_until: date | None = None, contact: str = "1") -> UUID:
    """Data of somebody that were given to the police."""
    number = uuid4()
    desk.db.execute(
        """insert into disclosure (case_id, authority, power, own_report, compelled, document, received_on, verified,
                                   secret_until, asked, policy_digest, taken_in_by)
           values (%s, 'police', 'sv-126nc', false, true, repeat('d', 64), today(), 'called-back', %s,
                   '{user.name}', repeat('a', 64), 'clerk')""",
        [number, secret_until],
    )
    for what, by, digest in (("taken-in", "clerk", None), ("checked", "dpo", None), ("prepared", "task", "e" * 64),
                             ("released", "deputy", "e" * 64)):  # fmt: skip
        desk.db.execute(
            "insert into disclosure_step (case_id, what, by_whom, digest) values (%s, %s, %s, %s)",
            [number, what, by, digest],
        )
    desk.db.execute(
        "insert into disclosure_line values (%s, %s, 'shop.contact', 'name', 'user.name', 1, null)", [number, "e" * 64]
    )
    desk.db.execute(
        "insert into disclosure_subject values (%s, 'contact', %s)", [number, KEY.subject("contact", contact)]
    )
    desk.db.commit()
    return number


def copied(desk: Handing) -> dict[str, str]:
    """The files of a copy, as text."""
    number = desk.case()
    package.make(
        desk.db, desk.policy, desk.resolve, KEY, desk.vault, number, digest=desk.digest(number, Right.ACCESS), run=RUN,
        today=TODAY,
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(desk.vault.get(f"packages/{number}-access"))) as archive:
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def test_a_copy_names_the_companies_and_authorities_that_got_this_persons_data(known: Handing) -> None:
    disclosed(known)
    disclosed(known, contact="2")
    files = copied(known)
    for name in ("brief.txt", "overzicht.html"):
        assert "Zusterbedrijf: uw contactgegevens, op 3 maart 2026" in files[name]
        assert "Politie: Vordering (Sv 126nc): " in files[name]
        assert "other" not in files["brief.txt"], "what went of somebody else"
    given = json.loads(files["gegevens.json"])["given_to"]
    assert [each["to"] for each in given] == ["Zusterbedrijf", "Politie"]
    assert given[0]["first"] == "2026-03-03"


def test_what_an_order_of_secrecy_hides_is_told_once_it_ended(known: Handing) -> None:
    disclosed(known, secret_until=datetime.now(AMSTERDAM).date() + timedelta(days=30))
    assert "Politie" not in str(copied(known))
    disclosed(known, secret_until=datetime.now(AMSTERDAM).date() - timedelta(days=2))
    assert "Politie" in copied(known)["brief.txt"]


def test_nothing_of_it_is_said_where_nobody_got_anything(handing: Handing) -> None:
    files = copied(handing)
    assert "Aan deze bedrijven" not in files["brief.txt"] and json.loads(files["gegevens.json"])["given_to"] == []


def test_a_company_that_got_the_data_is_told_that_they_changed_and_no_authority_is(known: Handing) -> None:
    disclosed(known)
    number = known.case(Right.ERASURE)
    file = case_file.read(known.vault, number)
    known_as = (*file.identities, ("contact", "1"))
    case_file.write(known.vault, number, file.model_copy(update={"identities": known_as}))

    def notify(*places: str) -> dict[str, int]:
        given: dict[str, Any] = {"right": Right.ERASURE, "places": places, "run": RUN, "today": TODAY}
        return recipients.notify(known.db, known.policy, KEY, known.vault, number, **given)

    assert notify("shop.note") == {"recipients": 1, "to_send": 1}, "the company got nothing of the notes"
    assert notify("shop.contact", "shop.note") == {"recipients": 2, "to_send": 2}
    assert [each.recipient for each in recipients.notices(known.db, number)] == ["host", "sister"]
    texts = [letters.fetch(known.vault, each)[1] for each in letters.written(known.db, number)]
    (told,) = [text for text in texts if "Geachte lezer van Zusterbedrijf" in text]
    assert "Klantenservice" in told and "Jan de Vries" in told
    answer = letters.fetch(known.vault, known.letter(number, "answer", outcomes=[letters.Outcome(Right.ERASURE, 1)]))
    assert "Zusterbedrijf" in answer[1] and "Politie" not in answer[1]


def test_a_period_is_told_as_one(known: Handing) -> None:
    one = went.Went("Zuster", "uw contactgegevens", TOLD_ON, date(2026, 4, 5))
    assert one.sentence("nl") == "Zuster: uw contactgegevens, van 3 maart 2026 tot en met 5 april 2026"
    assert one.sentence("en") == "Zuster: uw contactgegevens, from 3 March 2026 to 5 April 2026"
