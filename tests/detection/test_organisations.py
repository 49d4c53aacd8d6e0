"""What is an organisation's own in a table is nobody's; whom one reaches there is somebody."""

from collections.abc import Sequence

import pytest

from hoeder.detection import context
from hoeder.detection.seen import Seen

COMPANIES = [f"{name} {kind}" for name in ("Rijnstroom", "Veluwe", "Noorder", "Maas", "Delta", "Amstel")
             for kind in ("Techniek BV", "Transport B.V.", "Installaties", "Groep NV")]  # fmt: skip
PEOPLE = [f"{first} {last}" for first in ("Anna", "Pieter", "Fatima", "Joost", "Sanne", "Mehmet")
          for last in ("de Vries", "Yilmaz", "Jansen", "Bakker")]  # fmt: skip
LANDLINES = [f"030-{2_300_000 + 1_713 * n}" for n in range(24)]
MOBILES = [f"06-{20_000_000 + 1_234_567 * n}" for n in range(24)]
DESKS = [f"{desk}@firma{n}.nl" for n, desk in enumerate(("info", "facturen", "planning.oost", "administratie") * 6)]
CALLED = [f"{person.split()[0].lower()}.{person.split()[-1].lower()}@firma.nl" for person in PEOPLE]
STREETS = [f"Handelsweg {n}" for n in range(1, 25)]


def claimed(table: str, columns: dict[str, Sequence[str]]) -> set[str]:
    """The columns in which somebody's data is seen."""
    seen = [Seen(name, "text", list(values)) for name, values in columns.items()]
    [verdicts] = context.judge([(table, seen)])
    return {column.name for column, verdict in zip(seen, verdicts, strict=True) if verdict.category}


def test_of_a_company_only_whom_one_reaches_there_is_somebody() -> None:
    found = claimed(
        "cicmpy",
        {"cmp_name": COMPANIES, "cmp_adres": STREETS, "cmp_tel": LANDLINES, "cmp_mail": DESKS, "cnt_naam": PEOPLE,
         "cnt_mob": MOBILES},
    )  # fmt: skip
    assert found == {"cnt_naam", "cnt_mob"}


def test_the_only_phone_beside_a_contact_person_is_where_that_person_is_reached() -> None:
    companies = {"naam": COMPANIES, "contactpersoon": PEOPLE, "telefoon": LANDLINES}
    assert claimed("leveranciers", companies) == {"contactpersoon", "telefoon"}


def test_a_number_that_is_said_to_be_the_whole_companys_is_not() -> None:
    companies = {"naam": COMPANIES, "contactpersoon": PEOPLE, "tel_alg": LANDLINES}
    assert claimed("leveranciers", companies) == {"contactpersoon"}


@pytest.mark.parametrize("reached", [{"telefoon": MOBILES}, {"mail": CALLED}])
def test_where_phones_are_carried_or_mailboxes_called_after_people_sole_traders_are_among_the_rows(
    reached: dict[str, list[str]],
) -> None:
    found = claimed("leveranciers", {"naam": COMPANIES, "kvk_nr": [str(30_000_000 + n) for n in range(24)], **reached})
    assert set(reached) <= found


def test_a_person_named_plainly_makes_the_row_theirs() -> None:
    people = {"voornaam": [p.split()[0] for p in PEOPLE], "achternaam": [p.split()[-1] for p in PEOPLE]}
    found = claimed("klanten", {**people, "werkgever": COMPANIES, "telefoon": LANDLINES, "adres": STREETS})
    assert {"telefoon", "adres", "achternaam"} <= found


def test_customers_of_both_kinds_keep_their_data() -> None:
    mixed = [*COMPANIES[:10], *PEOPLE[:14]]
    assert "adres" in claimed("klanten", {"naam": mixed, "adres": STREETS, "tel": LANDLINES, "klantnr": LANDLINES})


def test_mailboxes_of_desks_are_nobodys() -> None:
    assert claimed("afdelingen", {"afdeling": COMPANIES, "mail": DESKS, "code": LANDLINES}) == set()


def test_notes_in_which_nobody_is_spoken_of_are_no_personal_data() -> None:
    about_things = ["Lantaarnpaal brandt niet.", "Container zit vol.", "Tegel ligt los.", "Bank is stuk.", "Hek open."]
    about_people = [f"Teruggebeld met {person}, belt morgen weer." for person in PEOPLE]
    people = {"melder_naam": PEOPLE, "melder_mail": CALLED}
    assert "opmerking" not in claimed("meldingen", {**people, "opmerking": about_things})
    assert "opmerking" in claimed("meldingen", {**people, "opmerking": about_people})
