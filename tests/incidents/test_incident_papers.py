"""What goes out of an incident: the supervisor's form and letters; and what people wrote, in the vault."""

import io
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from bureau import Bureau, ago, bureau, policy
from cryptography.fernet import Fernet
from pypdf import PdfReader

from hoeder.errors import Refused
from hoeder.incidents import letters, texts
from hoeder.incidents.facts import Texts
from hoeder.incidents.form import fill
from hoeder.stack.s3 import S3
from hoeder.vault import Vault

__all__ = ["bureau"]
DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WRITTEN = Texts(summary="Brief van Jan Zeldzaam in de verkeerde envelop", reporter_name="Piet Zeldzaam")
KNOWN = {
    "categories": ["name", "national-id", "health"], "consequences": ["identity-fraud"], "persons_least": 3,
    "persons_most": 5, "protection": "none", "severity": "high", "method": "judgement", "cross_border": False,
}  # fmt: skip


@pytest.fixture
def vault(s3: S3) -> Iterator[Vault]:
    client, name = s3.client("admin"), f"cases-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name)
    yield Vault(client, name, Fernet(Fernet.generate_key()))
    for each in client.list_objects_v2(Bucket=name).get("Contents", ()):
        client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_form_has_every_section_and_names_what_nobody_knows_yet(bureau: Bureau) -> None:
    number = bureau.register(kind="published")
    form = fill(bureau.read(number), Texts(), policy(), at=NOW)
    assert [section.number for section in form.sections] == list(range(10))
    assert {"1.chamber_of_commerce", "1.reporter_name", "2.started_at", "2.aware_at", "3.summary", "4.categories",
            "5.groups", "5.persons_least", "6.protection", "7.severity", "8.told",
            "8.measures"} <= {*form.missing}  # fmt: skip
    said = json.loads(form.json())
    assert said["missing"] == list(form.missing)
    assert "nog niet bekend" in read(form.pdf(policy()))


def test_a_form_for_which_everything_is_known_lacks_nothing(bureau: Bureau) -> None:
    number = bureau.register(
        **KNOWN, started_at=ago(5).isoformat(), ended_at=ago(4).isoformat(), groups=["customers"], records=5
    )
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    bureau.decide(number, "persons", "Do not tell", fields={"exception": "risk-taken-away"})
    bureau.take(number, "measures", cause="human-error", measures=["retrieved"])
    everything = policy(form={"chamber_of_commerce": "12345678", "sector": "s", "part": "p"})
    dpo = everything.organisation.officers["dpo"]
    written = Texts(
        summary="s", consequences="c", protection="p", reporter_name="n", reporter_function="f", reporter_phone="1",
        reporter_email="e",
    )  # fmt: skip
    form = fill(bureau.read(number), written, everything, at=NOW)
    assert (form.missing, dpo.title) == ((), "DPO")
    assert "gezondheid (bijzonder)" in read(form.pdf(everything))


def test_after_the_notice_the_form_is_a_follow_up_with_the_number_of_the_first(bureau: Bureau) -> None:
    number = bureau.register()
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    bureau.take(number, "notified", at=ago(0).isoformat(), number="AP-4711")
    values = {
        field.key: field.value for field in fill(bureau.read(number), Texts(), policy(), at=NOW).sections[0].fields
    }
    assert (values["kind"], values["previous_number"]) == ("vervolg", "AP-4711")


def test_the_form_is_the_same_bytes_for_the_same_facts(bureau: Bureau) -> None:
    form = fill(bureau.read(bureau.register(**KNOWN)), WRITTEN, policy(), at=NOW)
    assert form.pdf(policy()) == form.pdf(policy())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_letter_to_persons_has_the_four_contents_of_the_law(bureau: Bureau, language: str) -> None:
    number = bureau.register(**KNOWN)
    bureau.decide(number, "triage", "Confirmed")
    bureau.take(number, "measures", cause="human-error", measures=["retrieved"])
    letter = letters.to_persons(bureau.read(number), policy(), language, on=DAY)  # type: ignore[arg-type]
    nature, contact, consequence, measure = {
        "nl": ("verkeerde ontvanger", "Mail naar p", "misbruik van identiteit", "gegevens teruggekregen"),
        "en": ("wrong recipient", "Write to p", "identity fraud", "data got back"),
    }[language]
    for content in (nature, contact, consequence, measure):
        assert content in letter.text
    assert letter.version == 1
    assert "Autoriteit Persoonsgegevens" in read(letter.pdf)


def test_a_letter_that_could_not_say_what_the_law_asks_is_not_written(bureau: Bureau) -> None:
    number = bureau.register()
    with pytest.raises(Refused, match=r"categories of data, consequences, measures"):
        letters.to_persons(bureau.read(number), policy(), "nl", on=date(2026, 11, 22))


def test_a_client_is_written_to_about_its_own_data_alone(bureau: Bureau) -> None:
    number = bureau.register(own=False, clients=["tuinkamer"], **KNOWN)
    letter = letters.to_client(bureau.read(number), policy(), "tuinkamer", "nl", on=date(2026, 11, 22))
    assert "termijn van 72 uur" in letter.text and "3 – 5" in letter.text
    with pytest.raises(Refused, match="does not concern client zekerdak"):
        letters.to_client(bureau.read(number), policy(), "zekerdak", "nl", on=date(2026, 11, 22))


def test_what_people_wrote_lies_encrypted_and_is_completed_not_replaced(vault: Vault) -> None:
    number = uuid4()
    assert texts.read(vault, number) == Texts()
    texts.write(vault, number, WRITTEN)
    texts.write(vault, number, Texts(remarks="Later gehoord"))
    assert texts.read(vault, number) == WRITTEN.model_copy(update={"remarks": "Later gehoord"})
    raw = vault.client.get_object(Bucket=vault.bucket, Key=f"incidents/{number}/texts")["Body"].read()
    assert b"Zeldzaam" not in raw


def test_the_term_of_what_was_written_begins_when_the_incident_ends_and_stops_when_it_is_reopened(
    bureau: Bureau, vault: Vault
) -> None:
    number = bureau.register()
    texts.write(vault, number, WRITTEN)
    name = f"incidents/{number}/texts"
    assert texts.settle(vault, [bureau.read(number)]) == 0
    found = bureau.decide(number, "triage", "No incident")
    assert texts.settle(vault, [found]) == 1
    assert vault.term(name)["status"] == "closed" and "closed_on" in vault.term(name)
    found = bureau.take(number, "reopened", by="dpo")
    assert texts.settle(vault, [found]) == 1
    assert vault.term(name) == {"status": "open"}
    assert texts.read(vault, number) == WRITTEN


def test_nothing_of_what_people_wrote_reaches_the_governance_database(bureau: Bureau, vault: Vault) -> None:
    number = bureau.register(**KNOWN)
    texts.write(vault, number, WRITTEN)
    bureau.decide(number, "triage", "Confirmed")
    bureau.decide(number, "supervisor", "Notify")
    dumped = str(bureau.db.execute("select i, s from incident i join incident_step s using (incident_id)").fetchall())
    dumped += str(bureau.db.execute("select * from ledger").fetchall())
    dumped += str(bureau.db.execute("select * from incident_question").fetchall())
    assert "Zeldzaam" not in dumped
