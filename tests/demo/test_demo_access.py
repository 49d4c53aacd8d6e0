"""What each role and identity can do, tried from the outside with its own password."""

from datetime import date
from pathlib import Path

import psycopg
import pytest
from botocore.exceptions import ClientError
from psycopg import errors, sql
from small_company import Company

from hoeder.demo.company import build
from hoeder.demo.names import CLIENTS
from hoeder.demo.roles import LOGINS, agent, s3_identities
from hoeder.errors import StackError, StoreError
from hoeder.stores.connection import connect, s3_client


def _login(company: Company, name: str, **options: bool) -> psycopg.Connection:
    return connect(company.built.connections[name], **options)


def test_there_is_a_connection_for_every_store_and_capability(company: Company) -> None:
    assert set(company.built.connections) == {
        "crm_inventory", "crm_retention", "crm_anonymization", "hr_inventory", "hr_retention", "partners_inventory",
        "partners_retention", "legacy_inventory", "objects_inventory", "objects_retention", "objects_anonymization",
        "objects_audit_report", "objects_evidence_seal", "objects_analyst", "objects_officer", "hr_anonymization",
        "crm_rights", "hr_rights", "partners_rights", "legacy_rights", "objects_rights", "objects_disclosures",
        "objects_incidents", "crm_disclosures", "hr_disclosures", "partners_disclosures", "legacy_disclosures",
        "crm_fraud_files", "crm_questions", "objects_questions", "crm_marketing_gate", "objects_marketing_gate",
        *(f"{store}_access_{what}" for store in ("crm", "hr", "partners", "legacy") for what in ("review", "withdraw")),
        "crm_client_segregation", "objects_access_review", "objects_client_segregation", "objects_bureau",
        *(f"objects_client_{slug}" for slug, _ in CLIENTS),
    }  # fmt: skip


@pytest.mark.parametrize("number", range(1, len(CLIENTS) + 1))
def test_an_agent_sees_the_notes_of_their_client_alone(company: Company, number: int) -> None:
    name = f"person_at_{CLIENTS[number - 1][0]}"
    with psycopg.connect(company.server.conninfo("crm"), autocommit=True) as connection:
        expected = connection.execute("SELECT count(*) FROM client_note WHERE client_id = %s", (number,)).fetchone()
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'for-this-test' IN ROLE {}").format(
                sql.Identifier(name), sql.Identifier(agent(CLIENTS[number - 1][0]))
            )
        )
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE crm TO {}").format(sql.Identifier(name)))
    with psycopg.connect(
        host=company.server.host, port=company.server.port, user=name, password="for-this-test", dbname="crm"
    ) as connection:
        seen = connection.execute("SELECT client_id, count(*) FROM client_note GROUP BY 1").fetchall()
        assert seen == [(number, *expected)]
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM customer")
    with psycopg.connect(company.server.conninfo("crm"), autocommit=True) as connection:  # a review would meet it
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.mark.parametrize("name", ["crm_inventory", "crm_retention"])
def test_inventory_and_retention_see_every_clients_notes(company: Company, name: str) -> None:
    with _login(company, name) as connection:
        assert connection.execute("SELECT count(*) FROM client_note").fetchone() == (
            company.truth["rows"]["crm.client_note"],
        )


@pytest.mark.parametrize("statement", ["DELETE FROM complaint", "UPDATE complaint SET body = ''", "CREATE TABLE x ()"])
def test_the_inventory_cannot_change_anything_even_when_it_asks_for_a_writing_transaction(
    company: Company, statement: str
) -> None:
    with _login(company, "crm_inventory") as connection:
        with pytest.raises(errors.ReadOnlySqlTransaction):
            connection.execute(statement)
        connection.rollback()
        connection.execute("SET TRANSACTION READ WRITE")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_inventory_sees_tables_that_appear_later(company: Company) -> None:
    with psycopg.connect(company.server.conninfo("crm"), autocommit=True) as connection:
        connection.execute("CREATE TABLE export_of_somebody (email text)")
        try:
            with _login(company, "crm_inventory") as inventory:
                assert inventory.execute("SELECT count(*) FROM export_of_somebody").fetchone() == (0,)
        finally:
            connection.execute("DROP TABLE export_of_somebody")


def test_retention_deletes_from_ruled_tables_and_does_nothing_else(company: Company) -> None:
    ruled = {target for target in company.truth["rules"] if "." in target and ":" not in target}
    for login in (login for login in LOGINS if login.capability == "retention"):
        for name in company.truth["rows"]:
            database, table = name.split(".")
            if database != login.database:
                continue
            with _login(company, login.name) as connection:
                may = {
                    privilege: connection.execute("SELECT has_table_privilege(%s, %s)", (table, privilege)).fetchone()[
                        0
                    ]
                    for privilege in ("SELECT", "DELETE", "UPDATE", "INSERT", "TRUNCATE", "TRIGGER")
                }
            assert {privilege for privilege, granted in may.items() if granted} == (
                {"SELECT", "DELETE"} if name in ruled else set()
            ), name


def test_retention_can_delete_a_note_of_any_client(company: Company) -> None:
    with _login(company, "crm_retention") as connection:
        assert connection.execute("DELETE FROM client_note").rowcount == company.truth["rows"]["crm.client_note"]
        connection.rollback()


def test_anonymization_reads_the_columns_of_releases_and_no_others(company: Company) -> None:
    with _login(company, "crm_anonymization", autocommit=True) as connection:
        assert connection.execute(
            "SELECT id, contact_id, reason, channel, duration_s, body, noted_on FROM call_note"
        ).fetchone()
        for statement in ("SELECT body FROM client_note", "SELECT * FROM call_note", "SELECT name FROM contact"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(statement)


def test_a_role_of_one_database_does_not_get_into_another(company: Company) -> None:
    elsewhere = company.built.connections["crm_retention"].model_copy(update={"database": "hr"})
    with pytest.raises(StoreError, match=r"permission denied|CONNECT privilege"):
        connect(elsewhere)


@pytest.mark.parametrize(
    ("identity", "bucket", "reads", "writes"),
    [
        ("inventory", "web", True, False),
        ("inventory", "reports", False, False),
        ("retention", "documents", True, True),
        ("retention", "recordings", True, True),
        ("inventory", "recordings", True, False),
        ("analyst", "recordings", False, False),
        ("retention", "returns", True, True),
        ("client_kabelaar", "returns", False, False),
        ("retention", "releases", True, True),
        ("inventory", "releases", True, False),
        ("officer", "quarantine", True, False),
        ("anonymization", "quarantine", False, True),
        ("analyst", "quarantine", False, False),
        ("anonymization", "web", True, False),
        ("anonymization", "documents", False, False),
        ("anonymization", "releases", True, True),
        ("audit_report", "reports", True, True),
        ("audit_report", "mailbox", False, False),
        ("analyst", "releases", False, False),
        ("analyst", "web", False, False),
    ],
)
def test_an_identity_reads_and_writes_its_own_buckets_alone(
    company: Company, identity: str, bucket: str, reads: bool, writes: bool
) -> None:
    client = s3_client(company.built.connections[f"objects_{identity}"])

    def allowed(action: str) -> bool:
        try:
            if action == "read":
                client.list_objects_v2(Bucket=bucket, MaxKeys=1)
            else:
                client.put_object(Bucket=bucket, Key="probe", Body=b"")
                client.delete_object(Bucket=bucket, Key="probe")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"
            return False
        return True

    assert (allowed("read"), allowed("write")) == (reads, writes)


def test_documents_keep_versions_and_reports_can_be_locked(company: Company) -> None:
    client = company.s3.client("builder")
    assert client.get_bucket_versioning(Bucket="documents")["Status"] == "Enabled"
    assert (
        client.get_object_lock_configuration(Bucket="reports")["ObjectLockConfiguration"]["ObjectLockEnabled"]
        == "Enabled"
    )
    assert {identity.name for identity in s3_identities()} == set(company.s3.keys)


def test_passwords_are_not_shown(company: Company) -> None:
    shown = repr(company.built)
    assert all(connection.password not in shown for connection in company.built.connections.values())


def test_a_second_company_is_refused_before_anything_is_made(company: Company, tmp_path: Path) -> None:

    with pytest.raises(StackError, match="a company here already"):
        build(
            company.server,
            company.s3,
            persons=1,
            seed=1,
            today=date(2026, 11, 22),
            ground_truth=tmp_path / "t.json",
            say=print,
        )
    assert not list(tmp_path.iterdir())
