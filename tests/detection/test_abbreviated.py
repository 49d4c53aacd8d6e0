"""Names of columns from which letters are missing: what can be read from the rest, and what cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoeder.detection import names
from hoeder.detection.columns import Prepared, Surroundings, classify, decide
from hoeder.detection.name_words import WORDS


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("gbrtdtm", "user.demographic.date_of_birth"), ("uurln", "user.financial"), ("natnl", "user.demographic"),
        ("mdwrkr", "user.name"), ("zkmldng", "user.health_and_medical"), ("nwsbrf", "user.privacy_preferences"),
    ],
)  # fmt: skip
def test_a_word_is_known_without_its_vowels(name: str, category: str) -> None:
    found = names.meaning(name)
    assert found is not None and found[0].startswith(category)


@pytest.mark.parametrize("name", ["lvrncr_nm", "opdrgvr_tel", "prdct_nm", "vstgng_plts"])
def test_so_are_words_for_things_and_organisations(name: str) -> None:
    assert names.speaks_of_a_thing(name)


@pytest.mark.parametrize(
    "name", ["self_check_unit", "custom_1", "created", "mandt", "abonn_srt", "dest_city", "herstel_plaats"]
)
def test_whole_words_are_no_abbreviations_and_places_of_travel_nobodys(name: str) -> None:
    assert names.meaning(name) is None


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("client_naam", "user.name"), ("lead_email", "user.contact.email"), ("birth_place", "user.demographic"),
        ("ink_toets", "user.financial"), ("vak_lid", "user.demographic.union_membership"),
        ("user_pass", "user.authorization"), ("avg_akkoord", "user.privacy_preferences"), ("zkt_uren", "user.health"),
        ("last_gclid", "user.device.cookie_id"), ("gezinsgr", "user.demographic"),
    ],
)  # fmt: skip
def test_words_that_mean_something_only_together(name: str, category: str) -> None:
    found = names.meaning(name)
    assert found is not None and found[0].startswith(category)


@pytest.mark.parametrize("name", ["gpart", "patron_id", "driver_id", "CreatedById", "client_nr", "passagier_id"])
def test_codes_in_a_column_that_says_who_are_keys_of_somebody(name: str) -> None:
    assert classify(name, "text", [f"{n * 7919 % 100_000:07d}" for n in range(100)]).category == "user.unique_id"


def test_job_titles_of_vacancies_are_nobodys() -> None:
    titles = ["Lasser", "Callcenter agent", "Teamleider", "Verpleegkundige", "Chauffeur", "Planner"] * 10
    around = Surroundings("job_order")
    assert decide("title", Prepared("text", titles), around).category is None
    assert decide("title", Prepared("text", titles)).category == "user.job_title"


@pytest.mark.parametrize("name", ["zterm", "drmp", "vlgnr", "afspr", "mntr", "xkcd", "brnd", "strtp"])
def test_letters_that_fit_by_chance_are_not_believed_without_values(name: str) -> None:
    found = names.meaning(name)
    assert found is None or not found[1]


def test_what_is_guessed_from_some_letters_the_values_have_to_say_themselves() -> None:
    assert classify("natnl", "text", ["NLD", "SUR", "DEU", "BEL", "TUR", "MAR"] * 20).category is not None
    assert classify("natnl", "text", [f"{n:05d}x" for n in range(100)]).category is None


@given(st.sampled_from(sorted({form for forms in WORDS.values() for form in forms.split() if form.isascii()})))
def test_a_word_written_in_full_means_itself(form: str) -> None:
    assert any(form in forms.split() for word, forms in WORDS.items() if word in names.words(form)[0])


def test_names_before_a_comma_are_people() -> None:
    sorted_names = ["Vries, P. de", "Kok, N.P.", "Veld, F. op 't", "Mulder, J.M.", "Bos, A. van den", "Groen, K."]
    assert (classify("x7", "text", sorted_names * 5).category or "").startswith("user.name")
    assert (
        classify("x7", "text", ["Stoel, eiken", "Tafel, rond", "Kast, hoog", "Bed, smal", "Lamp, groot"]).category
        is None
    )


def test_hidden_card_numbers_are_still_somebodys() -> None:
    hidden = [f"5490 **** **** {n:04d}" for n in range(40)]
    assert classify("x7", "text", hidden).category == "user.financial.credit_card"
    assert classify("x7", "text", [f"REFX **** **** {n:04d}" for n in range(1, 40)]).category is None


def test_a_column_called_after_an_illness_that_holds_names_holds_people() -> None:
    carers = ["Noor Meijer", "Naomi van der Meer", "Petra Bakker", "Wilma Hoekstra", "Jan de Vries", "Ali Yilmaz"]
    assert (classify("ouder_verz", "text", carers * 4).category or "").startswith("user.name")
