"""What a column holds follows from the table it stands in, and from values that are written in an unusual way."""

import random
from collections.abc import Sequence

import pytest
from stdnum import ean

from hoeder.detection import context, names, validators
from hoeder.detection.columns import classify
from hoeder.detection.seen import Seen

PEOPLE = [f"{first} {last}" for first in ("Anna", "Pieter", "Fatima", "Joost", "Sanne", "Mehmet")
          for last in ("de Vries", "Yilmaz", "Jansen", "Bakker")]  # fmt: skip
NUMBERS = [str(100_200 + 7 * n) for n in range(24)]
CALLED = [f"{person.split()[0].lower()}{n}@ziggo.nl" for n, person in enumerate(PEOPLE)]
CUSTOMERS = {"klant_naam": PEOPLE, "klant_mail": CALLED}


def found(table: str, columns: dict[str, Sequence[object]]) -> dict[str, str | None]:
    """The category of each column."""
    seen = [Seen(name, "boolean" if values[0] is True else "text", list(values)) for name, values in columns.items()]
    [verdicts] = context.judge([(table, seen)])
    return {column.name: verdict.category for column, verdict in zip(seen, verdicts, strict=True)}


def meters(number: int = 24, *, right: bool = True) -> list[str]:
    bare = [f"87168{60_000_000_000 + 987_654_321 * n}0"[:17] for n in range(number)]
    return [f"{code}{(int(ean.calc_check_digit(code)) + (not right)) % 10}" for code in bare]


@pytest.mark.parametrize(
    ("name", "table", "read"),
    [
        ("vz_pct", "verzuim_mld", "verzuim_pct"), ("vzm", "hr.verzuim_mld", "verzuim"),
        ("payload.vz_pct", "verzuim_mld", "payload.verzuim_pct"),
        ("tel", "telefoonlijst", "tel"), ("pc", "personeelscursus", "pc"), ("xq_pct", "verzuim_mld", "xq_pct"),
    ],
)  # fmt: skip
def test_an_unknown_abbreviation_is_read_with_the_words_of_the_table(name: str, table: str, read: str) -> None:
    assert names.in_table(name, table) == read


@pytest.mark.parametrize(
    ("name", "table", "own"),
    [
        ("kl_nr", "klachtenregister", True), ("kl_naam", "klachtenregister", False), ("kl_nr", "orders", False),
        ("kl_nr", "klanten", False), ("vz_id", "verzuim_mld", True), ("klant_id", "klant_order", False),
    ],
)  # fmt: skip
def test_the_number_of_a_row_is_no_persons(name: str, table: str, *, own: bool) -> None:
    assert names.is_own_number(name, table) is own


def test_a_percentage_of_sickness_is_health_and_its_rows_numbers_are_not() -> None:
    verdicts = found("verzuim_mld", {"vz_id": NUMBERS, "vz_pct": ["25", "50", "100"] * 8, "medew_naam": PEOPLE})
    assert verdicts["vz_pct"] == "user.health_and_medical"
    assert verdicts["vz_id"] is None


def test_a_tables_own_key_is_its_peoples_where_they_are_what_it_is_about() -> None:
    assert found("ws_customer_entity", {"entity_id": NUMBERS, **CUSTOMERS})["entity_id"] == "user.unique_id"
    assert found("customer_address_entity", {"entity_id": NUMBERS, **CUSTOMERS})["entity_id"] is None
    assert found("stock_entity", {"entity_id": NUMBERS, "sku": NUMBERS, "qty": NUMBERS})["entity_id"] is None


def test_a_meter_is_known_by_its_check_digit() -> None:
    assert all(map(validators.is_meter_ean, meters()))
    assert not any(map(validators.is_meter_ean, meters(right=False)))
    assert classify("aansl", "text", meters()).category == "user.unique_id"
    assert classify("aansl", "text", meters(right=False)).category is None
    assert classify("ean", "text", ["8710400280507", "8710400145882", "8711000340813"]).category is None


@pytest.mark.parametrize("before", ["tel:", "sip:", "callto:"])
def test_a_number_is_a_phone_behind_the_scheme_of_an_address(before: str) -> None:
    numbers = [f"{before}+316{20_000_000 + 1_234_567 * n}{'@sbc.carrier.nl' * (before == 'sip:')}" for n in range(20)]
    assert classify("addr_from", "text", numbers).category == "user.contact.phone_number"
    assert classify("link", "text", [f"https://shop.example/{n}" for n in range(20)]).category is None


def test_an_address_over_two_lines_is_one() -> None:
    streets = [f"{street}\n{n}" for street in ("Merelstraat", "Oude Rijksweg", "Havenkade") for n in range(3, 12)]
    assert found("ws_customer_entity", {"ship_street": streets, **CUSTOMERS})["ship_street"] == (
        "user.contact.address.street"
    )


def test_a_few_mailboxes_called_after_what_they_are_for_are_desks() -> None:
    desks = ["verhuizen@enerbron.nl", "declaraties@zorgvast.nl", "info@zorgvast.nl", "klachten@zorgvast.nl"]
    assert classify("mbox", "text", desks).category is None
    assert classify("mbox", "text", desks[:1]).category == "user.contact.email"
    assert classify("mbox", "text", ["roos@enerbron.nl", "f.tenbrinke@zorgvast.nl"]).category == "user.contact.email"


def test_logins_in_a_column_called_after_who_did_it_are_user_names() -> None:
    logins = ["verhoe01", "hvande", "debeem01", "bilter01", "jjanse02", "kvries"] * 4
    assert classify("behandelaar", "text", logins).category == "user.account.username"
    assert classify("behandelaar", "text", ["wacht", "klaar", "nieuw", "open"]).category is None


def test_a_description_in_which_most_texts_name_somebody_is_about_people() -> None:
    told = [f"Mevrouw {person.split()[-1]} vindt het keuzemenu niet te doen en belt" for person in PEOPLE]
    lifts = [f"Lift {n} in de hal is blijven hangen en weer gemaakt" for n in range(24)]
    assert found("klachtenregister", {"omschrijving": told, "status": ["open", "dicht"] * 12})["omschrijving"]
    assert found("storingen", {"omschrijving": lifts, "status": ["open", "dicht"] * 12})["omschrijving"] is None


def test_short_lines_of_a_ledger_with_names_in_them_are_texts_about_people_and_names_are_names() -> None:
    rents = [f"Regeling achterstand Mevr. {person.split()[-1]} termijn {n}" for n, person in enumerate(PEOPLE)]
    assert classify("oms", "text", rents).category == "user.content.private"
    assert classify("oms", "text", [f"Dhr. P. {person}" for person in PEOPLE]).category == "user.name"


def test_a_secret_that_opens_an_account_is_one_where_there_are_accounts() -> None:
    source = random.Random(4)
    secrets = [source.randbytes(16).hex() for _ in range(24)]
    assert found("users", {"reset_token": secrets, **CUSTOMERS})["reset_token"] == "user.authorization.credentials"
    assert found("builds", {"cache_token": secrets, "build": NUMBERS, "duration": NUMBERS})["cache_token"] is None


def test_machines_of_ones_own_are_nobodys_unless_the_column_is_called_an_address() -> None:
    own = [f"10.{n}.4.{200 - n}" for n in range(24)]
    seen = [f"10.{n}.9.{100 + n}" for n in range(24)]
    log = found("platform_log", {"upstream": own, "ip_adres": seen, "user_id": NUMBERS, "user_email": CALLED})
    assert log["upstream"] is None
    assert log["ip_adres"] == "user.device.ip_address"
    assert found("cmdb_ci_hardware", {"mgmt_ip": own, **CUSTOMERS})["mgmt_ip"] is None


def test_the_number_of_a_loan_is_no_sum_and_a_death_is_somebodys() -> None:
    library = found("circ_loan", {"loan_no": NUMBERS, "book": NUMBERS, "due_on": NUMBERS})
    assert library["loan_no"] is None
    assert classify("overlijdensdatum", "date", ["2021-03-04", None]).category == "user.demographic"
    assert classify("loonbeslag", "boolean", [True, False]).category == "user.financial"
    claims = found("polis_schade", {"fraude_ind": [True, False] * 12, **CUSTOMERS})
    assert claims["fraude_ind"] == "user.criminal_history"
