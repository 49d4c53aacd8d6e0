"""What a message asks is proposed in everyday Dutch and English; what asks nothing is proposed as nothing."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoeder.rights.case import Right
from hoeder.rights.proposal import Cue, propose

A, F, E, R, P, OBJECT, W = (
    Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.PORTABILITY, Right.OBJECTION,
    Right.WITHDRAWAL,
)  # fmt: skip
ASKED = [
    ("Ik wil graag inzage in mijn gegevens op grond van artikel 15 AVG.", {A}),
    ("Kunt u mij laten weten welke gegevens u van mij heeft?", {A}),
    ("wat hebben jullie allemaal over mij, ik wil weten wat jullie over mij opgeslagen hebben", {A}),
    ("Please send me a copy of all my personal data.", {A}),
    ("I would like to know what you hold about me.", {A}),
    ("graag ontvang ik een overzicht van alle gegevens die u van mij heeft", {A}),
    ("Hallo, wilt u al mijn gegevens verwijderen? Ik ben geen klant meer.", {E}),
    ("haal mij uit jullie systeem aub", {E}),
    ("Ik beroep me op het recht op vergetelheid.", {E}),
    ("Please delete my account and everything in it", {E}),
    ("Ik verzoek u mijn persoonsgegevens te wissen", {E}),
    ("mijn adres staat verkeerd bij jullie. kunnen jullie dat aanpassen?", {F}),
    ("Mijn geboortedatum klopt niet in uw administratie", {F}),
    ("My address is wrong, I moved house.", {F}),
    ("Zolang mijn klacht loopt wil ik dat u niets met mijn gegevens doet.", {R}),
    ("Graag beperking van de verwerking (art. 18).", {R}),
    ("Graag ontvang ik een bestand; ik wil mijn gegevens meenemen naar een andere aanbieder", {P}),
    ("I request portability of my data", {P}),
    ("Ik maak bezwaar tegen het gebruik van mijn gegevens voor reclame.", {OBJECT}),
    ("geen nieuwsbrieven en reclame meer graag", {OBJECT}),
    ("I object to the processing of my data for marketing", {OBJECT}),
    ("Ik wil niet meer gebeld worden.", {OBJECT}),
    ("Hierbij trek ik mijn toestemming in.", {W}),
    ("I withdraw my consent.", {W}),
    ("Graag inzage in mijn gegevens. Daarna wil ik dat u al mijn gegevens verwijdert.", {A, E}),
]  # fmt: skip
NOTHING = [
    "Mijn pakket is niet aangekomen, kunt u dat nakijken?",
    "Wat zijn jullie openingstijden?",
    "Ik wil mijn factuur graag in termijnen betalen.",
    "Bedankt voor het snelle antwoord!",
    "Can you call me back about my order?",
    "De website doet het niet, ik kan niet inloggen.",
    "Ik heb een klacht over de wachttijd aan de telefoon.",
    "Out of office: I am back on Monday.",
    "Wij bieden u graag onze diensten aan op het gebied van AVG.",
]


@pytest.mark.parametrize(("text", "rights"), ASKED)
def test_what_is_asked(text: str, rights: set[Right]) -> None:
    assert set(propose("", text).rights) == rights


@pytest.mark.parametrize("text", NOTHING)
def test_what_asks_nothing(text: str) -> None:
    assert propose("vraag", text).rights == {}


def test_the_laws_own_word_counts_for_more() -> None:
    assert propose("Inzageverzoek", "").rights == {A: Cue.NAMED}
    assert propose("", "wilt u al mijn gegevens verwijderen").rights == {E: Cue.SAID}


def test_advertising_stops_at_once_and_other_objections_wait() -> None:
    assert propose("", "stop met reclame sturen, ik maak bezwaar").opt_out
    assert not propose("", "Ik maak bezwaar tegen het gebruik van mijn gespreksnotities.").opt_out
    assert not propose("", "Leuke reclame hebben jullie!").opt_out


def test_who_writes_about_a_client_is_proposed_as_its_customer() -> None:
    found = propose("", "Verwijder mijn gegevens bij Postorder Noord.", ["Postorder Noord", "Energiek"])
    assert found.clients == ("Postorder Noord",)
    assert propose("", "energieke groet", ["Energiek"]).clients == ()


@pytest.mark.parametrize(
    ("text", "language"), [("Please send me my data", "en"), ("Graag mijn gegevens", "nl"), ("", "nl")]
)
def test_in_which_language_to_answer(text: str, language: str) -> None:
    assert propose("", text).language == language


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300) | st.lists(st.sampled_from(ASKED), max_size=4).map(lambda all: " ".join(t for t, _ in all))
)
def test_any_text_gives_a_proposal(text: str) -> None:
    propose(text[:40], text)


def test_a_text_made_to_keep_patterns_busy_does_not() -> None:
    begun = time.process_time()
    propose("", "mijn gegevens " * 20_000)
    propose("", "alle mijn de over " * 20_000)
    propose("", "wijzig " * 50_000)
    assert time.process_time() - begun < 10
