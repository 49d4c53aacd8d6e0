"""A shop whose notes are full of other people, and a case of one of its customers up to what they are given."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from desk import KEY
from pydantic import TypeAdapter
from servers import Database
from small_policy import made, store

from hoeder.evidence.ledger import Run
from hoeder.persons.person import Found
from hoeder.policy import Policy
from hoeder.rights import case, case_file, granting, search
from hoeder.rights.case import Channel, Right, What
from hoeder.rights.case_file import CaseFile
from hoeder.rights.granting import Protections
from hoeder.rights.letters import Written
from hoeder.rights.work import Work
from hoeder.stores.connection import Connection
from hoeder.vault import Vault, open_vault

TODAY = date(2026, 11, 22)
RUN = Run("a" * 64, "subject_request", "manual__2026-11-22T10:00:00+00:00", "carry_out")

SCHEMA = """
    create table contact (id int primary key, name text, email text, phone text, active boolean);
    insert into contact values
        (1, 'Jan de Vries', 'jan@example.nl',  '06-12345678', true),
        (2, 'Anna Bakker',  'anna@example.nl', '06-87654321', true);
    create table note (id int primary key, contact_id int, body text, author text, noted_on date);
    insert into note values
        (10, 1, 'Jan belde zelf op 0612345678. Zijn buurman Piet Pietersen (06 98765432) wist van niets.', 'fatima',
         '2026-03-01'),
        (11, 1, 'Gevraagd naar de factuur. <script>alert(1)</script>', null, null),
        (12, 2, 'Anna Bakker belde over haar bestelling.', 'anouk', '2026-03-02');
    create table message (id int primary key, contact_id int, body text);
    insert into message values (20, 1, 'Mijn zus Marieke Jansen heeft hetzelfde probleem gehad.'), (21, 2, 'Hallo');
    create table reader (id int primary key, contact_id int, email text, score int);
    insert into reader values (30, 1, 'jan@example.nl', 7), (31, 2, 'anna@example.nl', 3);
    create table staff (id int primary key, given text, family text);
    insert into staff values (1, 'Fatima', 'El Idrissi');
"""
_PERSON = {"kind": "contact", "column": "contact_id"}
_TABLES: dict[str, Any] = {
    "contact": {"subject": {"kind": "contact", "column": "id"}, "columns": {
        "id": "user.unique_id", "name": "user.name", "email": "user.contact.email",
        "phone": "user.contact.phone_number", "active": "user.account"}},
    "note": {"subject": _PERSON, "columns": {
        "id": "system", "contact_id": "user.unique_id", "body": "user.content.private", "author": "system",
        "noted_on": "user.behavior"}},
    "message": {"subject": _PERSON, "columns": {"contact_id": "user.unique_id", "body": "user.content.private"}},
    "reader": {"subject": _PERSON, "columns": {
        "contact_id": "user.unique_id", "email": "user.contact.email", "score": "user.behavior"}},
    "staff": {"subject": {"kind": "employee", "column": "id"}, "columns": {
        "id": "user.unique_id", "given": "user.name.first", "family": "user.name.last"}},
}  # fmt: skip
_RULE = {
    "rule": "note", "category": "note", "purpose": "a test", "role": "controller", "keep": "12 months after noted_on",
    "type": "OWN", "because": "a test", "applies_to": "shop.note", "then": "erase",
    "source": {"basis": "AVG 5", "certainty": "L", "owner": "o", "approved_on": "2026-01-01", "changed_by": "clerk"},
    "valid_from": "2026-01-01",
}  # fmt: skip
PROCESSING: dict[str, Any] = {
    "dpo": {"name": "De functionaris", "contact": "fg@shop.example"},
    "purposes": {
        "help": {"nl": "u helpen", "en": "help you", "dpv": "CustomerCare",
                 "fides": "essential.service.operations.support"},
        "news": {"nl": "nieuws sturen", "en": "send news", "dpv": "DirectMarketing",
                 "fides": "marketing.communications"},
    },
    "subjects": {"buyers": {"nl": "klanten", "en": "customers", "dpv": "Consumer", "fides": "customer"}},
    "recipients": {
        "host": {"nl": "Rekencentrum", "en": "Data centre", "role": "processor", "country": "NL",
                 "agreement": "2024-01-01"},
        "sender": {"nl": "Verzendhuis", "en": "Mailing house", "role": "processor", "country": "US",
                   "safeguard": "standard-clauses", "agreement": "2024-01-01"},
    },
    "clients": {"noord": {"name": "Postorder Noord", "contact": "p@noord.example", "is": 1}},
    "processings": [
        {"processing": "service", "nl": "Klantenservice", "en": "Customer service", "role": "controller", "owner": "o",
         "purposes": ["help"], "subjects": ["buyers"], "places": ["shop.contact", "shop.note", "shop.message"],
         "recipients": ["host"], "basis": {"article": "6(1)(f)", "interest": "ours"}},
        {"processing": "newsletter", "nl": "Nieuwsbrief", "en": "Newsletter", "role": "controller", "owner": "o",
         "purposes": ["news"], "subjects": ["buyers"], "places": ["shop.reader"], "recipients": ["host", "sender"],
         "basis": {"article": "6(1)(a)"}},
    ],
}  # fmt: skip
FACING: dict[str, Any] = {
    "columns": {"noted_on": {"nl": "genoteerd op", "en": "noted on"}, "body": {"nl": "tekst", "en": "text"}},
    "places": {
        "shop.note": {"nl": "Wat wij noteerden", "en": "What we noted", "withheld": ["author"],
                      "obtained": {"nl": "onze medewerkers", "en": "our staff"}},
        "shop.message": {"nl": "Wat u ons schreef", "en": "What you wrote", "provided": ["body"]},
        "shop.reader": {"nl": "De nieuwsbrief", "en": "The newsletter", "provided": ["email"]},
    },
}  # fmt: skip


def shop_policy(bucket: str) -> Policy:
    tables = {name: {"description": name, "purpose": "a test", **each} for name, each in _TABLES.items()}
    stores = {"shop": store(backups_kept_days=35), "cases": store("s3", "cases", bucket=bucket)}
    found = made(stores, {"shop": tables}, [_RULE])
    return TypeAdapter(Policy).validate_python(
        found.model_dump(by_alias=True) | {"processing": PROCESSING, "person_facing": FACING}
    )


@dataclass
class Handing:
    """What the functions that give a person something work with."""

    db: case.Db
    policy: Policy
    connections: dict[str, Connection]
    vault: Vault
    shop: Database

    def resolve(self, name: str) -> Connection:
        return self.connections[name]

    def case(
        self, *rights: Right, language: str = "nl", file: CaseFile | None = None, client: str | None = None
    ) -> UUID:
        """A case that was searched."""
        number, _ = case.open_case(
            self.db, received_at=datetime(2026, 11, 2, 9, tzinfo=UTC), channel=Channel.MAIL, language=language,
            policy_digest="a" * 64, stores=["shop"],
        )  # fmt: skip
        said = CaseFile(identities=(("email", "jan@example.nl"),), names=("Jan de Vries",))
        case_file.write(self.vault, number, file or said)
        asked = [str(right) for right in rights or (Right.ACCESS,)]
        case.take(self.db, number, What.PROPOSED, "intake", {"rights": dict.fromkeys(asked, "named")})
        case.take(self.db, number, What.CONFIRMED, "dpo", {"rights": asked, "client": client})
        if client is None:
            case.take(self.db, number, What.IDENTIFIED, "dpo", {"method": "known-address", "doubt": None})
            case.take(self.db, number, What.SEARCHED, "search", {})
        self.db.commit()
        return number

    def found(self, number: UUID) -> Found:
        return search.look(self.db, self.policy, self.resolve, KEY, self.vault, number)

    def digest(self, number: UUID, right: Right) -> str:
        """Of what an officer would grant now."""
        free = Protections(KEY, (), {})
        return granting.propose(self.policy, self.resolve, KEY, free, self.found(number), right, TODAY).digest

    def letter(self, number: UUID, name: str, **values: object) -> Written:
        """Write a letter as the steps of a case do."""
        work = Work(self.db, self.policy, self.resolve, KEY, self.vault, RUN, TODAY)
        with self.db.transaction():
            written = work.letter(case.read(self.db, number), name, **values)
        self.db.commit()
        return written

    def changed(self, **changes: Any) -> "Handing":
        return replace(self, **changes)

    def say(self, statement: str) -> None:
        with psycopg.connect(self.shop.conninfo, autocommit=True) as shop:
            shop.execute(statement)  # type: ignore[call-overload]

    def governance_text(self) -> str:
        """All that the governance database holds of cases, as text."""
        tables = ("subject_case", "subject_step", "subject_match", "subject_letter", "subject_package",
                  "recipient_notice", "ledger")  # fmt: skip
        return "\n".join(
            str(row)
            for table in tables
            for row in self.db.execute(f"select t::text from {table} t").fetchall()  # type: ignore[call-overload]
        )


@pytest.fixture
def handing(place: tuple[Database, dict[str, Connection], str], governance: Database) -> Iterator[Handing]:
    shop, connections, bucket = place
    policy = shop_policy(bucket)
    with psycopg.connect(shop.conninfo, autocommit=True) as making:
        making.execute("drop schema public cascade; create schema public")
        making.execute(SCHEMA)
    with psycopg.connect(governance.conninfo) as db:
        vault = open_vault(policy, connections.__getitem__, "rights")
        yield Handing(db, policy, dict(connections), vault, shop)
