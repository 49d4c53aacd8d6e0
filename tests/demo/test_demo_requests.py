"""What was planted for the rights of persons is taken in as the book says, with the accounts that the company gives."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from botocore.exceptions import ClientError
from cryptography.fernet import Fernet
from servers import connection_to, fresh_database
from small_company import TODAY, Company

from hoeder.demo import waiting
from hoeder.demo.roles import BUILDER
from hoeder.demo.truth import Truth
from hoeder.demo.world import World
from hoeder.evidence.ledger import Run
from hoeder.governance import migrate
from hoeder.persons import indexes, marks
from hoeder.persons.find import find
from hoeder.persons.marks import OptOut
from hoeder.persons.person import Outcome, Scope
from hoeder.policy import Policy, load
from hoeder.pseudonym import ReferenceKey
from hoeder.rights import case, case_file, contact_form, intake, quarantine
from hoeder.rights.case import Case, Channel, What
from hoeder.stores.connection import Connection, Resolver, s3_client
from hoeder.vault import Vault, open_vault

KEY = ReferenceKey(b"k" * 32)


@dataclass
class Desk:
    company: Company
    policy: Policy
    db: case.Db
    vault: Vault
    resolve: Resolver
    counts: Counter[str]

    def case_of(self, name: str) -> Case:
        (asked,) = [each for each in self.company.truth["requests"] if each.get("name") == name]
        key = asked["where"].partition("#")[2]
        row = self.db.execute(
            "select case_id from subject_message where reference = %s", [KEY.row("mailbox", "inbox/", key)]
        ).fetchone()
        assert row
        return case.read(self.db, row[0])

    def address(self, name: str) -> str:
        return str(case_file.read(self.vault, self.case_of(name).case_id).answer_to)


@pytest.fixture(scope="module")
def desk(company: Company) -> Iterator[Desk]:
    policy = load()
    company.s3.client(BUILDER).create_bucket(Bucket="cases-of-the-desk")
    policy.stores["cases"] = policy.stores["cases"].model_copy(update={"bucket": "cases-of-the-desk"})
    keys, account = company.s3.keys[BUILDER], company.built.connections["objects_rights"]
    vault_account = account.model_copy(update={
        "login": keys.access, "password": keys.secret,
        "extra": account.extra | {"encryption_key": Fernet.generate_key().decode()},
    })  # fmt: skip
    connections: dict[str, Connection] = company.built.connections | {"cases_rights": vault_account}
    run = Run(policy.digest, "subject_requests", "run-1", "take_in")
    clients = [slug.replace("-", " ") for slug in policy.processing.clients]
    with fresh_database(company.server) as database:
        migrate.upgrade(connection_to(database))
        with psycopg.connect(database.conninfo) as db:
            vault = open_vault(policy, connections.__getitem__, "rights")
            counts = intake.take_in(
                policy, connections.__getitem__, db, KEY, vault, store="mailbox", prefix="inbox/", clients=clients,
                run=run, today=TODAY,
            ).counts  # fmt: skip
            for form in policy.requests.forms:
                counts += contact_form.take_in(
                    policy, connections.__getitem__, db, KEY, vault, form, clients=clients, run=run, today=TODAY
                ).counts
            yield Desk(company, policy, db, vault, connections.__getitem__, counts)


def test_every_planted_message_became_what_the_book_says(desk: Desk) -> None:
    for asked in desk.company.truth["requests"]:
        where, _, key = asked["where"].partition("#")
        place = ("mailbox", "inbox/") if ":" in where else ("crm", "contact_message")
        row = desk.db.execute(
            "select became, case_id from subject_message where reference = %s", [KEY.row(*place, key)]
        ).fetchone()
        assert row, asked
        assert row[0] == asked["became"], asked
        if row[0] == "case":
            assert sorted(case.read(desk.db, row[1]).steps[0].detail["rights"]) == asked["rights"], asked


def test_one_was_planted_for_each_right_and_one_by_the_form(desk: Desk) -> None:
    asked = {right for each in desk.company.truth["requests"] for right in each["rights"]}
    assert asked == {str(right) for right in case.Right}
    assert any(found.channel is Channel.CONTACT_FORM for found in case.open_cases(desk.db))


def test_who_opted_out_is_left_alone_before_anybody_looked(desk: Desk) -> None:
    for name, scope in (("no-marketing", OptOut.MARKETING), ("no-sharing", OptOut.SHARING)):
        assert marks.suppressed(desk.db, KEY, scope, {("email", desk.address(name))})


def test_a_clients_customer_is_seen_to_be_one(desk: Desk) -> None:
    assert [found for found in case.open_cases(desk.db) if found.steps[0].detail["clients"] == 1]


def test_the_old_one_is_overdue_and_the_rest_is_not_because_of_it(desk: Desk) -> None:
    assert desk.case_of("overdue").due.due < TODAY
    assert desk.case_of("access").due.due > TODAY


def test_copies_of_identity_documents_are_out_of_the_mailbox_and_the_scan_waits_in_the_vault(desk: Desk) -> None:
    run = Run(desk.policy.digest, "subject_requests", "run-1", "take_in")
    quarantine.take_out(desk.db, desk.policy, desk.resolve, KEY, desk.vault, run=run, today=TODAY)
    scan = desk.case_of("scan")
    assert quarantine.held(desk.vault, scan.case_id) == 1
    key = case_file.read(desk.vault, scan.case_id).message.partition(":")[2]  # type: ignore[union-attr]
    raw = desk.company.s3.client(BUILDER).get_object(Bucket="mailbox", Key=key)["Body"].read()
    assert b"image/jpeg" not in raw
    assert quarantine.destroy(desk.db, desk.vault, scan.case_id, why=quarantine.Why.CLOSED, run=run) == 1


def test_the_account_of_rights_finds_a_person_in_every_table_it_is_asked_about(desk: Desk) -> None:
    found = desk.case_of("access")
    file = case_file.read(desk.vault, found.case_id)
    (result,) = find(desk.policy, desk.resolve, KEY, {found.case_id: file.person()}, Scope()).values()
    away = {(p.store, p.target, p.reason) for p in result.places if p.outcome is Outcome.UNREACHABLE}
    assert {place for place in away if place[0] != "legacy"} == set()
    assert {(m.store, m.target) for m in result.matches} >= {("crm", "contact"), ("crm", "contact_message")}


def test_no_identifying_column_lacks_an_index(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "SMALL", 0)
    policy = desk.policy.model_copy(
        update={"datasets": {name: each for name, each in desk.policy.datasets.items() if name != "legacy"}}
    )
    assert [(each.table, each.column) for each in indexes.lacking(policy, desk.resolve, Scope())] == []


def test_cases_from_before_wait_for_who_asks_each_with_its_copy(desk: Desk) -> None:
    world = World(11, TODAY, 300, Truth(TODAY))
    before = {found.case_id for found in case.open_cases(desk.db)}
    assert waiting.plant(desk.db, desk.vault, desk.policy, world) == 3
    desk.db.commit()
    planted = [found for found in case.open_cases(desk.db) if found.case_id not in before]
    copies = {key for key in desk.company.objects("cases") if key.startswith(quarantine.PREFIX)}
    assert copies == {f"{quarantine.PREFIX}{found.case_id}/1" for found in planted}
    for found in planted:
        assert found.last is What.IDENTITY_ASKED
        assert len(case_file.read(desk.vault, found.case_id).person().identities) == 1


@pytest.mark.parametrize(("user", "own", "others"), [
    ("rights", "quarantine/", "disclosures/"), ("disclosures", "disclosures/", "files/"),
    ("incidents", "incidents/", "files/"),
])  # fmt: skip
def test_a_capability_sees_its_own_drawer_of_the_vault_alone(
    company: Company, user: str, own: str, others: str
) -> None:
    client = s3_client(company.built.connections[f"objects_{user}"])
    client.put_object(Bucket="cases", Key=f"{own}probe", Body=b"x")
    assert client.list_objects_v2(Bucket="cases", Prefix=own)["KeyCount"] >= 1
    client.delete_object(Bucket="cases", Key=f"{own}probe")
    for call in (
        lambda: client.list_objects_v2(Bucket="cases", Prefix=others),
        lambda: client.list_objects_v2(Bucket="cases"),
        lambda: client.put_object(Bucket="cases", Key=f"{others}probe", Body=b"x"),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
