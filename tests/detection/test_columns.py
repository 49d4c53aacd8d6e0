import random
from collections.abc import Callable

import made
import pytest

from hoeder.detection import classify
from hoeder.detection.columns import NATIONAL_ID

PHONE, STREET = "user.contact.phone_number", "user.contact.address.street"
Make = Callable[[random.Random], object]

PERSONAL: list[tuple[str, str, Make, str]] = [
    ("ach_nm", "varchar(60)", made.one_of(*made.LAST), "user.name.last"),
    ("vnm", "text", made.one_of(*made.FIRST), "user.name.first"),
    ("voorl", "text", lambda r: f"{r.choice('ABCDEFGHJK')}.{r.choice('ABCDEFGHJK')}.", "user.name.first"),
    ("tussenv", "text", made.one_of("van", "de", "van der", ""), "user.name.last"),
    ("klantnm", "text", made.person, "user.name"),
    ("medew", "text", lambda r: made.person(r).lower(), "user.name"),
    ("emladr", "text", lambda r: f"p{r.randrange(10**6)}@voorbeeld.example", "user.contact.email"),
    ("tel_prv", "text", lambda r: f"0{r.choice(['20', '30'])}-{r.randint(2000000, 9999999)}", PHONE),
    ("mobnr", "text", made.mobile, PHONE),
    ("phone", "bigint", lambda r: int(made.mobile(r)), PHONE),
    ("str", "text", made.one_of(*made.STREETS), STREET),
    ("hsnr", "integer", made.number(1, 300), STREET),
    ("adres", "text", lambda r: f"{r.choice(made.STREETS)} {r.randint(1, 300)}", STREET),
    ("pcd", "text", lambda r: f"{r.randint(1000, 9999)} {r.choice('ABCDE')}{r.choice('ABCDE')}",
     "user.contact.address.postal_code"),
    ("wpl", "text", made.one_of(*made.TOWNS), "user.contact.address.city"),
    ("gebdt", "date", made.day(1935, 2006), "user.demographic.date_of_birth"),
    ("gesl", "char(1)", made.one_of("M", "V", "X"), "user.demographic.gender"),
    ("sofinr", "integer", lambda r: int(made.bsn(r)), NATIONAL_ID),
    ("reknr", "text", made.iban, "user.financial.bank_account"),
    ("kent", "text", lambda r: f"{r.choice('GHJK')}-{r.randint(100, 999)}-{r.choice('BDFG')}{r.choice('BDFG')}",
     "user.government_id.vehicle_registration"),
    ("client_ip", "inet", lambda r: f"{r.randint(1, 223)}.{r.randint(0, 255)}.3.4/32", "user.device.ip_address"),
    ("opm", "text", lambda r: f"Klant wil teruggebeld worden op {made.mobile(r)}", "user.content.private"),
    ("klantnr", "bigint", made.number(1, 99999), "user.unique_id"),
]  # fmt: skip

NOT_PERSONAL: list[tuple[str, str, Make]] = [
    ("ordnr", "text", made.number(100_000_000, 999_999_999)),
    ("klant_ordr_no", "text", lambda r: f"01000{r.randint(10000, 99999)}"),
    ("bedrag", "numeric(10,2)", lambda r: r.randint(100, 99999) / 100),
    ("kvknr", "text", made.number(10_000_000, 89_999_999)),
    ("meterstand", "integer", made.number(10_000, 999_999)),
    ("artikelcode", "text", lambda r: f"{r.randint(1000, 9999)}{r.choice('ABCD')}{r.choice('ABCD')}"),
    ("art_omschr", "text", made.one_of("Waterkoker 1,7 liter", "Wilhelmina pepermunt rol", "Printer HP 6230 AB")),
    ("prod_naam", "text", made.one_of("Kast Lisa", "Bank Sofie", "Stoel Anna", "Bureaulamp", "Eettafel Eiken")),
    ("naam", "text", made.one_of("Basispakket", "Pluspakket", "Zakelijk Pro", "Starter")),
    ("bedr_nm", "text", lambda r: f"{r.choice(made.LAST)} {r.choice(['BV', 'Holding', 'Groep'])}"),
    ("versie", "text", lambda r: f"{r.randint(1, 9)}.{r.randint(0, 9)}.{r.randint(0, 9)}.{r.randint(0, 99)}"),
    ("factdt", "date", made.day(2021, 2026)),
    ("dt_oprichting", "date", made.day(1930, 2010)),
    ("rsin", "text", made.bsn),
    ("polis", "bigint", made.number(700_000_000, 799_999_999)),
    ("token", "text", lambda r: f"{r.getrandbits(128):032x}"),
    ("melding", "text", lambda r: f"Timeout bij verbinding met server, code {r.randint(1, 99)}"),
]


@pytest.mark.parametrize(("name", "type", "make", "category"), PERSONAL, ids=[case[0] for case in PERSONAL])
def test_finds_a_personal_column_behind_an_abbreviated_name(name: str, type: str, make: Make, category: str) -> None:
    assert classify(name, type, made.many(make)).category == category


@pytest.mark.parametrize(("name", "type", "make"), NOT_PERSONAL, ids=[case[0] for case in NOT_PERSONAL])
def test_leaves_numbers_and_names_of_things_alone(name: str, type: str, make: Make) -> None:
    assert classify(name, type, made.many(make)).category is None


@pytest.mark.parametrize("make", [made.bsn, made.iban, made.person, made.mobile, made.day(1935, 2006)])
def test_values_speak_where_the_name_says_nothing(make: Make) -> None:
    assert classify("c17", "text", made.many(make)).category is not None


def test_a_name_does_not_make_numbers_personal() -> None:
    for name in ("name", "email", "iban", "birth_date", "city"):
        assert classify(name, "integer", list(range(500))).category is None, name


def test_a_few_nine_digit_numbers_that_pass_by_chance_are_no_bsn() -> None:
    numbers = [made.bsn(random.Random(1)), *(str(n) for n in range(400_000_000, 400_000_009))]
    assert classify("nummer", "text", numbers).category is None
    assert classify("nummer", "text", numbers[:1]).category is None


def test_a_bsn_in_running_text_is_told_of() -> None:
    texts = [f"Vraag {n} over de levering van het pakket" for n in range(50)]
    verdict = classify("body", "text", [*texts, f"Mijn BSN is {made.bsn(random.Random(2))}, kunt u helpen?"])
    assert verdict.national_id
    assert "BSN in 2.0 % of 51" in verdict.evidence


def test_an_order_number_in_running_text_is_no_bsn() -> None:
    texts = [f"Bestelling {made.bsn(random.Random(n))} is niet aangekomen vandaag" for n in range(50)]
    assert not classify("body", "text", texts).national_id


def test_functional_mailboxes_belong_to_nobody() -> None:
    assert classify("queue", "text", ["info@hoeder.example", "klantenservice@hoeder.example"]).category is None


def test_an_empty_column_is_judged_by_a_clear_name_only() -> None:
    assert classify("email", "text", []).category == "user.contact.email"
    assert classify("email", "text", []).confidence < 0.5
    assert classify("email", "boolean", []).category is None
    assert classify("naam", "text", [None]).category is None


def test_evidence_never_quotes_a_value() -> None:
    for name, type, make, _ in PERSONAL:
        values = made.many(make)
        evidence = classify(name, type, values).evidence
        assert not any(len(str(value)) > 4 and str(value) in evidence for value in values), name


def test_one_bsn_among_thousands_of_messages_is_told_of() -> None:
    texts = [f"Vraag {n} over de levering van het pakket" for n in range(9_000)]
    assert classify("body", "text", [*texts, f"mijn bsn: {made.bsn(random.Random(2))} alvast bedankt"]).national_id
