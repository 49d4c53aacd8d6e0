"""Letters: every word versioned, every field filled or none written, and nothing of a person outside the vault."""

import io
import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pypdf
import pytest
from desk import place as place
from handing import Handing
from handing import handing as handing
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.errors import Refused, ReportError, StoreError
from hoeder.evidence import ledger
from hoeder.letter import Language, Sender, Templates
from hoeder.rights import case, decide, letters
from hoeder.rights.case import ExtensionGround, Right, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.identity import Doubt, Method
from hoeder.rights.refusal import Refusal, grounds_for

SENDER = Sender("Winkel", ("Postbus 1", "8900 AA Leeuwarden"), "privacy@shop.example", "Demonstratie")
LANGUAGES: tuple[Language, ...] = ("nl", "en")
DAY = date(2026, 11, 22)


def outcome(right: Right, **said: Any) -> dict[str, Any]:
    return {
        "right": right,
        "records": 3,
        "refused": None,
        "article": None,
        "kept": [],
        "withheld": [],
        "backups": None,
        **said,
    }


FIELDS: dict[str, Any] = {
    "name": "Jan de Vries", "received": date(2026, 11, 2), "due": date(2026, 12, 2), "extended": date(2027, 2, 2),
    "petition": date(2027, 1, 4), "mailbox": "privacy@shop.example", "dpo": None, "rights": sorted(Right),
    "client": SimpleNamespace(name="Postorder Noord", contact="p@noord.example"), "question": "Welk adres?",
    "ground": "complexity", "reason": "Er zijn ook opnamen.", "lifted": date(2026, 12, 9), "objection": True,
    "withheld": [], "given": ["Zusterbedrijf: uw contactgegevens, op 3 maart 2026"],
    "recipients": ["Verzendhuis"],
    "recipient": "Verzendhuis", "right": Right.ERASURE, "identities": ["e-mailadres: jan@example.nl"],
    "places": ["Uw account"], "records": 3, "redacted": 2, "listed": 1, "processings": [], "transfers": [], "alone": [],
    "method": Method.CODE, "doubt": Doubt.UNKNOWN_ADDRESS, "outcomes": [outcome(right) for right in Right],
}  # fmt: skip


def render(letter: str, language: Language = "nl", **changed: Any) -> str:
    made = letters.templates().render(letter, language, FIELDS | changed, sender=SENDER, reference="12ab34cd", on=DAY)
    return made.text


@pytest.mark.parametrize("name", letters.templates().names())
def test_every_letter_is_a_version_and_is_made_in_both_languages(name: str) -> None:
    assert letters.templates().version(name) >= 1
    for language in LANGUAGES:
        made = letters.templates().render(name, language, FIELDS, sender=SENDER, reference="12ab34cd", on=DAY)
        assert "{{" not in made.text and "{%" not in made.text and "12ab34cd" in made.text
        reader = pypdf.PdfReader(io.BytesIO(made.pdf))
        assert reader.trailer["/Root"]["/Lang"] == language  # type: ignore[index]
        assert made.subject.split()[0] in reader.pages[0].extract_text()


def test_the_same_values_give_the_same_letter() -> None:
    one, two = (
        letters.templates().render("receipt", "nl", FIELDS, sender=SENDER, reference="x", on=DAY) for _ in range(2)
    )
    assert one == two


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_closed_list_has_words_in_a_letter(language: Language) -> None:
    refused = [outcome(right, refused=each, article=each.article) for each in Refusal for right in each.rights]
    kept = [{"what": f"x{at}", "records": 2, "ground": each, "basis": None, "until": None}
            for at, each in enumerate(decide.Ground)]  # fmt: skip
    text = render("answer", language, outcomes=[*refused, outcome(Right.ERASURE, kept=kept)])
    assert all(ground.article in text for ground in Refusal)
    assert all(f"x{at}: 2, " in text for at in range(len(kept)))
    asked = {render("identity", language, doubt=doubt) for doubt in (*Doubt, None)}
    assert len(asked) == len(Doubt) + 1
    assert len({render("identity", language, method=method) for method in Method}) == len(Method)


@pytest.mark.parametrize("name", ["answer", "extension", "not-identified", "lifting", "access-cover"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_may_disagree_is_told_of_the_authority_and_the_court(name: str, language: Language) -> None:
    text = render(name, language)
    assert "Autoriteit Persoonsgegevens" in text and "35" in text
    assert ("4 januari 2027" if language == "nl" else "4 January 2027") in text


def test_a_copy_of_a_document_is_asked_shielded_with_date_and_purpose() -> None:
    text = render("identity", method=Method.SHIELDED_COPY)
    for said in ("KopieID", "burgerservicenummer (BSN) en uw foto onzichtbaar", "Schrijf op de kopie de datum",
                 "vernietigen de kopie meteen"):  # fmt: skip
        assert said in text
    assert not any("KopieID" in render("identity", method=method) for method in Method if method.rung < 4)


def test_the_receipt_asks_for_no_copy_of_a_document() -> None:
    assert "Stuur nog geen kopie" in render("receipt")


# --- templates --------------------------------------------------------------------------------------------------------


def test_a_changed_word_without_a_new_version_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(str(files("hoeder.rights.templates")), folder)
    for changed in ("receipt", "parts"):
        text = (folder / f"{changed}.yaml").read_text()
        (folder / f"{changed}.yaml").write_text(text.replace("Beste", "Hallo").replace("ontvingen", "kregen"))
        with pytest.raises(ReportError, match=r"is no version yet: add [0-9a-f]{64}"):
            Templates(cast(Any, folder)).version("receipt")
        (folder / f"{changed}.yaml").write_text(text)
    with (folder / "versions.yaml").open("a") as known:
        (folder / "receipt.yaml").write_text((folder / "receipt.yaml").read_text() + "\n")
        known.write("")
    digest = Templates(cast(Any, folder)).digest("receipt")
    listed = (folder / "versions.yaml").read_text().replace("receipt:\n", "receipt:\n  - " + "0" * 64 + "\n", 1)
    (folder / "versions.yaml").write_text(listed.replace("recipients:\n", f"recipients:\n  - {digest}\n"))
    with pytest.raises(ReportError, match="no version"):
        Templates(cast(Any, folder)).version("receipt")


def test_a_letter_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(ReportError, match=r"there is no template recipe.yaml; there are access-cover, answer"):
        render("recipe")


@pytest.mark.parametrize("lacking", ["received", "question", "name"])
def test_a_field_without_a_value_is_named(lacking: str) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != lacking}
    with pytest.raises(ReportError, match=rf"letter clarification \(nl\) was not written: '{lacking}' is undefined"):
        letters.templates().render("clarification", "nl", fields, sender=SENDER, reference="x", on=DAY)


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_whatever_somebody_is_called_it_is_text_and_no_markup(name: str) -> None:
    hostile = f"{name} {{{{ 7*7 }}}} #panic() *x* $y$ <b>"
    text = render("receipt", name=hostile)
    assert "{{ 7*7 }}" in text and "#panic()" in text and "49" not in text.replace(name, "")


# --- in a case --------------------------------------------------------------------------------------------------------


def test_a_letter_of_a_case_lies_in_the_vault_and_its_version_in_the_case(handing: Handing) -> None:
    number = handing.case(Right.ACCESS, Right.ERASURE)
    written = handing.letter(number, "receipt")
    pdf, text = letters.fetch(handing.vault, written)
    assert pdf.startswith(b"%PDF") and "Beste Jan de Vries," in text
    assert "u wilt uw gegevens inzien" in text and "2 december 2026" in text
    assert (written.name, written.language, written.version) == (
        "receipt",
        "nl",
        letters.templates().version("receipt"),
    )
    (entry,) = [e for e in ledger.entries(handing.db) if e.act == "letter" and e.phase == "outcome"]
    assert (entry.digest, entry.counts) == (letters.templates().digest("receipt"), {"letters": 1})
    assert handing.vault.term(f"{written.place}.pdf") == {"made_on": "2026-11-22"}
    assert "jan" not in handing.governance_text().lower()
    assert handing.letter(number, "receipt").number == written.number, "the same letter twice is one"
    assert handing.letter(number, "clarification", question="Welke?").number != written.number
    assert [each.name for each in letters.written(handing.db, number)] == ["receipt", "clarification"]


def test_the_answer_names_what_stays_by_what_ground_and_until_when_backups_hold_the_rest(handing: Handing) -> None:
    number = handing.case(Right.ERASURE, Right.OBJECTION)
    kept = decide.Kept(decide.Ground.LEGAL_DUTY, 2, "invoice", "AWR 52(4)", date(2033, 1, 1))
    outcomes = [
        letters.Outcome(Right.ERASURE, records=1, places=("shop.note",), kept=(("shop.message", kept),)),
        letters.Outcome(Right.OBJECTION, refused=Refusal.COMPELLING),
    ]
    _, text = letters.fetch(handing.vault, handing.letter(number, "answer", outcomes=outcomes))
    assert "Wij hebben 1 gegeven verwijderd" in text and "tot en met 27 december 2026" in text
    assert (
        "Wat u ons schreef: 2, want de wet verplicht ons ze te bewaren (AWR 52(4)), tot uiterlijk 1 januari 2033"
        in text
    )
    assert "dwingende redenen" in text and "(AVG 21(1))" in text


def test_an_extension_is_told_with_its_ground_and_reason_or_not_at_all(handing: Handing) -> None:
    number = handing.case()
    for wrong in ({"ground": "busy", "reason": "druk"}, {"ground": "number", "reason": " "}, {"reason": "x"}):
        with pytest.raises(Refused, match="says why"):
            handing.letter(number, "extension", **wrong)
    good = {"ground": ExtensionGround.COMPLEXITY, "reason": "Uw gegevens staan ook in opnamen."}
    _, text = letters.fetch(handing.vault, handing.letter(number, "extension", **good))
    assert "Uw gegevens staan ook in opnamen." in text and "uiterlijk op 2 februari 2027" in text
    assert "opnamen" not in handing.governance_text()


def test_a_letter_that_cannot_be_filled_or_kept_leaves_nothing(handing: Handing) -> None:
    number = handing.case()
    with pytest.raises(ReportError, match="'outcomes' is undefined"):
        handing.letter(number, "answer")
    with pytest.raises(ReportError, match="'client' is undefined"):
        handing.letter(number, "forwarded")

    class Full(type(handing.vault)):  # type: ignore[misc]
        def put(self, name: str, content: bytes, **_: object) -> None:
            raise StoreError("bucket cases took nothing: full")

    broken = handing.changed(vault=Full(handing.vault.client, handing.vault.bucket, handing.vault.key))
    with pytest.raises(StoreError, match="took nothing"):
        broken.letter(number, "receipt")
    assert letters.written(handing.db, number) == [] and not list(handing.vault.names(f"letters/{number}"))
    assert [e for e in ledger.entries(handing.db) if e.act == "letter"] == []


def test_a_clients_customer_is_told_to_whom_the_request_went(handing: Handing) -> None:
    number = handing.case(client="noord")
    case.take(handing.db, number, What.FORWARDED, "forward")
    for name in ("forwarded", "to-client"):
        _, text = letters.fetch(handing.vault, handing.letter(number, name))
        assert "Postorder Noord" in text and "p@noord.example" in text


def test_a_name_over_several_lines_makes_no_lines_of_its_own(handing: Handing) -> None:
    number = handing.case(file=CaseFile(names=("Jan\n\n# Kop\n- punt",)))
    _, text = letters.fetch(handing.vault, handing.letter(number, "receipt"))
    assert "Beste Jan # Kop - punt," in text


# --- grounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("right", list(Right))
def test_a_right_is_refused_on_its_own_grounds_alone(right: Right) -> None:
    from hoeder.rights.refusal import check

    allowed = grounds_for(right)
    assert allowed and Refusal.NOT_IDENTIFIABLE in allowed
    for ground in Refusal:
        if ground in allowed:
            assert check(right, ground) is ground
        else:
            with pytest.raises(Refused, match="cannot be refused on"):
                check(right, ground)
    for nothing in (None, "", "busy"):
        with pytest.raises(Refused):
            check(right, nothing)
    assert (Refusal.STILL_NEEDED in allowed) == (right is Right.ERASURE)
