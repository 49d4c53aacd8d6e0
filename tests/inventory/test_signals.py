from hypothesis import given
from hypothesis import strategies as st

from hoeder.inventory import signals


def luhn(body: str) -> str:
    """A number and its check digit, computed another way than the library does."""
    digits = [int(d) for d in body]
    doubled = [d if at % 2 else sum(divmod(2 * d, 10)) for at, d in enumerate(reversed(digits))]
    return body + str(-sum(doubled) % 10)


@given(st.from_regex(r"4\d{14}", fullmatch=True).filter(lambda s: len(set(s)) > 2))
def test_a_card_number_is_known_by_its_check_digit_and_any_other_digit_is_wrong(body: str) -> None:
    number = luhn(body)
    assert signals.is_card(number)
    assert signals.is_card(" ".join(number[at : at + 4] for at in range(0, 16, 4)))
    assert not signals.is_card(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_the_numbers_that_brands_give_out_for_tests_are_cards() -> None:
    for number in ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "2223003122003222"):
        assert signals.is_card(number), number
        assert signals.look([f"mijn creditcard is {number}, geldig tot 04/28"]).cards == 1
    for number in ("4111111111111112", "0000000000000000", "1234567890123452", "9999999999999995"):
        assert not signals.is_card(number), number


def test_a_column_of_order_numbers_is_no_column_of_cards() -> None:
    orders = [f"4{n:015d}" for n in range(1, 400)]
    passing = [number for number in orders if signals.is_card(number)]
    assert 20 < len(passing) < 80, "one in ten passes by chance"
    assert signals.look(orders).cards == 0
    assert signals.look(passing).cards == len(passing)


def test_ibans_phones_and_times_are_no_cards() -> None:
    texts = ["NL91ABNA0417164300", "+31 6 12345678", "2026-11-22T19:05:17.123456", "1700000000000000", "0612345678"]
    assert signals.look(texts).cards == 0


def test_words_about_somebodys_health_are_seen_in_running_text() -> None:
    said = [
        "Kl zit sinds een beroerte in een rolstoel, dochter regelt alles",
        "is gediagnosticeerd met diabetes en kan niet naar de winkel komen",
        "mevrouw is zwanger en wil de levering vervroegen, graag bellen",
    ]
    assert signals.look(said).health == len(said)


def test_the_talk_of_a_help_desk_is_not_about_health() -> None:
    said = [
        "Storing was zekering. Opgelost aan de telefoon, netjes!",
        "klant is het zat en wil de operationele dienst spreken",
        "heeft een machtiging voor de Hartstichting en het Diabetesfonds, klopt het bedrag?",
        "de monteur heeft de kabel gebroken, nieuwe afspraak gemaakt",
        "vraag over de zorgverzekering, doorverwezen naar de website",
    ]
    assert signals.look(said).health == 0


def test_codes_and_labels_are_not_searched_for_health() -> None:
    assert signals.look(["griep", "hernia", "burn-out"]).health == 0


def test_identity_documents_are_known_by_their_lines_and_by_their_files_names() -> None:
    for text in (
        "kopie-paspoort-000123.jpg", "Scan ID kaart Jansen.PDF", "rijbewijs_voor.png", "id_kopie.jpeg",
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "I<UTOSPECI0042<<<<<<<<<<<<<<<<",
    ):  # fmt: skip
        assert signals.shows_identity_document(text), text
    for text in (
        "000123.jpg", "paspoort verlengen.docx", "handleiding.pdf", "video.mp4", "rapport-idee.pdf", "A<B", "solid.png",
        "HET IS <<BELANGRIJK>> DAT U DIT LEEST",
    ):  # fmt: skip
        assert not signals.shows_identity_document(text), text


@given(st.lists(st.one_of(st.none(), st.text(max_size=60))))
def test_any_values_can_be_looked_at(values: list[str | None]) -> None:
    seen = signals.look(values)
    assert max(seen.cards, seen.health, seen.papers) <= seen.values
