"""What a stretch of text could be by its form: phone numbers, IBANs, dates, and what only resembles them."""

import numpy as np
import pytest

from hoeder.detection import candidates, gazetteer
from hoeder.detection.candidates import Form
from hoeder.detection.fold import fold
from hoeder.detection.gazetteer import Flag, Gazetteer
from hoeder.detection.tokens import tokenize

LISTS = {
    Flag.NUMBER: "nul een twee drie vier vijf zes zeven acht negen twaalf vierendertig zesenvijftig achtenzeventig",
    Flag.MONTH: "januari maart mei sep",
    Flag.MAILBOX: "info",
    Flag.WORD: "en de km in of om is van kind",
}


@pytest.fixture(scope="module")
def words() -> Gazetteer:
    tokens = {flag: tokenize(fold([listed])).words for flag, listed in LISTS.items()}
    flags = [np.full(len(hashes), int(flag), np.uint32) for flag, hashes in tokens.items()]
    return gazetteer.build(np.concatenate(list(tokens.values())), np.concatenate(flags), {})


def forms(words: Gazetteer, text: str) -> list[tuple[str, str]]:
    folded = fold([text])
    tokens = tokenize(folded)
    flags, _ = words.look_up(folded, tokens)
    found = candidates.propose(folded, tokens, flags, year=2026)
    heads = [i for i in range(len(tokens)) if found.forms[i] and found.heads[i] == i]
    return [(Form(found.forms[i]).name, text[tokens.starts[i] : tokens.ends[found.tails[i]]]) for i in heads]


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (Form.PHONE, "06-12345678"),
        (Form.PHONE, "06 12 34 56 78"),
        (Form.PHONE, "06.14.55.32.90"),
        (Form.PHONE, "0612345678"),
        (Form.PHONE, "+31 6 1234 5678"),
        (Form.PHONE, "+31(0)6-12345678"),
        (Form.PHONE, "0031612345678"),
        (Form.PHONE, "(020) 123 45 67"),
        (Form.PHONE, "+48 512345678"),
        (Form.PHONE, "31612345678"),
        (Form.SERVICE_PHONE, "0900-1234"),
        (Form.SERVICE_PHONE, "0800 0123"),
        (Form.EMAIL, "jan.de-vries_3@mail.example.com"),
        (Form.ROLE_EMAIL, "info@bedrijf.nl"),
        (Form.IBAN, "NL91 ABNA 0417 1643 00"),
        (Form.IBAN, "nl91abna0417164300"),
        (Form.IBAN, "NL91  ABNA  0417 1643 00"),
        (Form.IBAN, "BE71 0961 2345 6769"),
        (Form.IBAN_LIKE, "NL91ABNA0417164301"),
        (Form.BSN, "111222333"),
        (Form.BSN, "1234.56.782"),
        (Form.BSN, "123 456 782"),
        (Form.NINE_DIGITS, "123456789"),
        (Form.BIRTH_LIKE, "12-03-1980"),
        (Form.BIRTH_LIKE, "7-7-77"),
        (Form.BIRTH_LIKE, "3 mei 1975"),
        (Form.BIRTH_LIKE, "1980-03-12"),
        (Form.BIRTH_LIKE, "19800312"),
        (Form.BIRTH_LIKE, "maart 1962"),
        (Form.OTHER_DATE, "12-10-2026"),
        (Form.PLATE, "AB-12-CD"),
        (Form.PLATE, "12-abc-3"),
        (Form.PLATE, "SZ - 907 - P"),
        (Form.PLATE_LIKE, "GT856H"),
        (Form.PLATE_LIKE, "SHSL22"),
        (Form.POSTCODE, "1234 AB"),
        (Form.POSTCODE, "1234xz"),
        (Form.POSTCODE_LIKE, "1000 km"),
        (Form.IP, "192.168.1.10"),
        (Form.IP, "2a02:a45:b3c1::1f"),
        (Form.IP, "2001:db8:85a3:8d3:1319:8a2e:370:7348"),
        (Form.MONEY, "12,50"),
        (Form.TIME, "12:30"),
        (Form.CODE, "R-445-221"),
        (Form.DOCUMENT, "NWL2B4C81"),
        (Form.MRZ, "P<NLDDE<BRUIJN<<WILLEKE<LISELOTTE<<<<<<<<<<<<"),
        (Form.MRZ, "1234567890NLD8001014M2801017<<<<<<<<<<<<<<02"),
        (Form.WEB, "https://mijn.example.nl/x?a=1"),
        (Form.WEB, "voorbeeld.nl"),
        (Form.SPOKEN_NUMBER, "nul zes twaalf vierendertig zesenvijftig achtenzeventig"),
    ],
)
@pytest.mark.parametrize("around", ["{}", "Zie {} en verder.", "Kijk:\n{}\ndaar"])
def test_a_form_is_seen_whole_in_any_place(words: Gazetteer, form: Form, written: str, around: str) -> None:
    assert (form.name, written) in forms(words, around.format(written))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind 1 02-02-2009", [("BIRTH_LIKE", "02-02-2009")]),
        ("bsn is 235881193 en geboren 18-8-1993", [("BSN", "235881193"), ("BIRTH_LIKE", "18-8-1993")]),
        ("eindigt op 81: 06 51 40 22 81", [("PHONE", "06 51 40 22 81")]),
        ("geb.7-7-77", [("BIRTH_LIKE", "7-7-77")]),
        ("om 12:30:45 in", [("TIME", "12:30")]),
        ("in 2024 en 2025", [("POSTCODE_LIKE", "2024 en")]),
        ("een of twee", []),
        ("3 x 4 = 12", []),
    ],
)
def test_neighbours_do_not_run_together(words: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    assert forms(words, text) == expected
