"""What counts as somebody's data in a text that would leave, and what does not."""

import pytest

from hoeder.anonymization.personal import personal
from hoeder.demo import canaries

LABELS = [
    "Groningen", "Noord-Holland", "Den Haag", "'s-Hertogenbosch", "Assen", "Breda", "Delft", "Bergen op Zoom",
    "2026", "2026-11", "2026-Q4", "2026-W47", "2026-11-22", "unknown", "other", "*", "all", "20-24", "[20, 24]", "12**",
    "home", "jobs", "Chrome", "Edge", "Safari", "Samsung Internet", "Chrome 120", "desktop", "true", "false",
    "phone", "chat", "e-mail", "Tarieven 2026", "vacatures/klantenservice-b1", "100.000 bezoekers", "24/7 online",
    "klacht", "verhuizing", "factuur", "ziek", "ziekte", "zwanger", "wachttijd", "medewerker klantcontact",
    "HR-adviseur", "niet nagekomen afspraak", "onjuiste informatie gegeven door een medewerker",
    "te laat teruggebeld na een storing",
    "White", "Black", "Sales", "Holland", "Philips", "Mexico", "snelwegen", "Bos", "Visser",
    "Exec-managerial", "Married-civ-spouse", "United-States", "visited_at", "hours_per_week",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_an_ordinary_label_is_not_refused(label):
    assert personal([label]) == {}


def test_ordinary_labels_together_are_not_refused():
    assert personal(LABELS) == {}


@pytest.mark.parametrize("name", sorted(canaries.PERSONS))
def test_every_canary_is_seen_by_its_address_and_numbers_and_in_a_sentence(name):
    person = canaries.PERSONS[name]
    for value in (person.email, person.phone, person.iban, person.postcode):
        assert personal([value]), "a number"
        assert personal([*LABELS, value]), "a number among labels"
    assert personal([f"Mevrouw {person.name} belde over de factuur"])
    assert personal([f"woont aan de {person.street} {person.house_number} in {person.city}"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jan Jansen", "name"), ("gegevens jan jansen", "name"), ("Hoekstra", "name"), ("yılmaz", "name"),
        ("Kerkstraat", "street"), ("Harmtje de Krommelinck", "name"),
        ("Kerkstraat 12", "street"), ("1234 AB", "postcode"), ("12-AB-34", "licence plate"),
        ("geboren 12-03-1980", "birth date"), ("203.0.113.7", "IP address"), ("bsn 999990019", "BSN"),
        ("123456782", "BSN"), ("jan.jansen@example.nl", "e-mail"), ("06-12345678", "phone"),
        ("NL91ABNA0417164300", "IBAN"), ("paspoort NX1234567", "document number"),
        ("klantnummer K9704131", "client number"),
        ("belde over haar man Piet de Boer uit Assen", "name"),
    ],
)  # fmt: skip
def test_somebodys_data_is_named_by_its_kind(text, kind):
    assert kind in personal([text])
