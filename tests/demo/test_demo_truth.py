"""The book of what was planted agrees with what the stores hold, counted another way."""

import gzip
import io
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy

import psycopg
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from small_company import Company

from hoeder.clock import due_date
from hoeder.demo.roles import BUILDER
from hoeder.demo.terms import TERMS, Window
from hoeder.policy.load import load
from hoeder.policy.term import Term

_SEVEN_YEARS = "extract(year FROM {}) + 8 <= extract(year FROM %(today)s::date)"
_SEVEN_AFTER_LEAVING = _SEVEN_YEARS.format("left_on")
_LOGIN, _OPENED = "greatest(created_on, last_login_on)", "greatest(subscribed_on, last_opened_on)"
_SPOKEN = "greatest(relation_ended_on, last_contact_on)"
_LEFT, _CLOSED, _ANY, _NONE = "status = 'left'", "status = 'closed'", "true", "false"

# By PostgreSQL's own calendar: what is due on %(today)s, what a hold keeps, what has ended, the anchor.
TABLES = {
    "crm.contact_message": ("closed_on + interval '3 months' <= %(today)s", _NONE, _CLOSED, "closed_on"),
    "crm.complaint": ("closed_on + interval '2 years' <= %(today)s", "contact_id = 1", _CLOSED, "closed_on"),
    "crm.call_note": ("last_contact_on + interval '1 year' <= %(today)s", "contact_id = 1", _ANY, "last_contact_on"),
    "crm.client_note": (
        "(noted_on AT TIME ZONE 'Europe/Amsterdam')::date + interval '6 months' <= %(today)s",
        "customer_id = 1",
        _ANY,
        "noted_on",
    ),
    "hr.payslip": (_SEVEN_YEARS.format("paid_on"), "employee_id = 2", _ANY, "paid_on"),
    "hr.contract": (_SEVEN_AFTER_LEAVING, "employee_id = 2", _LEFT, "left_on"),
    "hr.employee": (_SEVEN_AFTER_LEAVING, "id = 2", _LEFT, "left_on"),
    "hr.absence": ("left_on + interval '2 years' <= %(today)s", "employee_id = 2", _LEFT, "left_on"),
    "hr.training": ("left_on + interval '2 years' <= %(today)s", "employee_id = 2", _LEFT, "left_on"),
    "hr.nda": ("left_on + interval '5 years' <= %(today)s", "employee_id = 2", _LEFT, "left_on"),
    "hr.applicant": ("procedure_closed_on + 28 <= %(today)s", _NONE, _CLOSED, "procedure_closed_on"),
    "partners.invoice": (_SEVEN_YEARS.format("invoice_date"), _NONE, _ANY, "invoice_date"),
    "partners.contact_person": (
        "relation_ended_on + interval '2 years' <= %(today)s",
        _NONE,
        "status = 'ended'",
        "relation_ended_on",
    ),
    "crm.marketing_opt_out": (
        "ended_on <= %(today)s",
        "contact_id IS NOT DISTINCT FROM 1",
        "status = 'ended'",
        "ended_on",
    ),
    "crm.portal_account": (f"{_LOGIN} + interval '2 years' <= %(today)s", "contact_id = 1", _ANY, _LOGIN),
    "crm.newsletter_reader": (f"{_OPENED} + interval '2 years' <= %(today)s", "contact_id = 1", _ANY, _OPENED),
    "crm.consent_record": (
        "ended_on + interval '5 years' <= %(today)s",
        "contact_id = 1",
        "status = 'ended'",
        "ended_on",
    ),
    "crm.passed_on": ("passed_on + interval '5 years' <= %(today)s", "contact_id = 1", _ANY, "passed_on"),
    "crm.delivery": (
        "(sent_at AT TIME ZONE 'Europe/Amsterdam')::date + interval '2 years' <= %(today)s",
        _NONE,
        _ANY,
        "sent_at",
    ),
    "crm.client_contact": (
        f"{_SPOKEN} + interval '2 years' <= %(today)s",
        _NONE,
        "status = 'ended'",
        _SPOKEN,
    ),
    "crm.fraud_signal": ("decided_on + 28 <= %(today)s", "contact_id = 1", "status = 'decided'", "decided_on"),
    "crm.fraud_file": ("closed_on + interval '2 years' <= %(today)s", "contact_id = 1", _CLOSED, "closed_on"),
    "hr.screening": ("left_on + interval '2 years' <= %(today)s", "employee_id = 2", _LEFT, "left_on"),
    "hr.reintegration": (
        "ended_on + interval '2 years' <= %(today)s",
        "employee_id = 2",
        "status = 'ended'",
        "ended_on",
    ),
    "hr.working_time": ("worked_on + 364 <= %(today)s", "employee_id = 2", _ANY, "worked_on"),
    "hr.wage_attachment": ("lifted_on <= %(today)s", "employee_id = 2", "status = 'lifted'", "lifted_on"),
    "hr.evaluation": ("evaluated_on + interval '1 year' <= %(today)s", "employee_id = 2", _ANY, "evaluated_on"),
    "hr.access_event": (
        "(happened_at AT TIME ZONE 'Europe/Amsterdam')::date + interval '1 year' <= %(today)s",
        "employee_id = 2",
        _ANY,
        "happened_at",
    ),
    "hr.guest": ("visited_on + interval '6 months' <= %(today)s", _NONE, _ANY, "visited_on"),
    "hr.talent_pool": ("consented_on + interval '1 year' <= %(today)s", _NONE, _ANY, "consented_on"),
    "partners.agreement": (_SEVEN_YEARS.format("ended_on"), _NONE, "status = 'ended'", "ended_on"),
}


def test_every_table_of_the_book_is_counted_by_sql_too() -> None:
    assert set(TABLES) == {target for target in TERMS if ":" not in target}


@pytest.mark.parametrize("target", TABLES)
def test_the_book_agrees_with_sql(company: Company, target: str) -> None:
    database, table = target.split(".")
    due, held, ended, anchor = TABLES[target]
    book = company.truth["rules"][target]
    today = {"today": company.truth["today"]}
    with psycopg.connect(company.server.conninfo(database)) as connection:

        def ids(condition: str) -> set[int]:
            return {row[0] for row in connection.execute(f"SELECT id FROM {table} WHERE {condition}", today)}

        first = "client_id = 6" if target == "crm.client_note" else _NONE
        assert ids(f"{due} AND NOT ({held}) AND NOT ({first})") == set(book["due"])
        assert ids(f"{due} AND {first}") == set(book["returned"])
        assert ids(f"{due} AND {held}") == set(book["held"])
        assert ids(f"{ended} AND {anchor} IS NULL") == set(book["missing"])
        assert len(ids(f"NOT ({ended}) AND {anchor} IS NULL")) == book["counts"]["pending"]
        assert len(ids("true")) == book["counts"]["total"]


@pytest.mark.parametrize("target", [target for target in TERMS if ":" in target])
def test_the_book_agrees_with_the_buckets(company: Company, target: str) -> None:
    bucket, prefix = target.split(":")
    book = company.truth["rules"][target]
    client = company.s3.client(BUILDER)
    due, held, missing, pending, total = set(), set(), set(), 0, 0
    for key in company.objects(bucket):
        if not key.startswith(prefix):
            continue
        total += 1
        metadata = client.head_object(Bucket=bucket, Key=key)["Metadata"]
        said = next(
            (
                metadata[name]
                for name in ("left_on", "expires_on", "ended_on", "closed_on", "handed_on", "made_on", "taken_on")
                if name in metadata
            ),
            None,
        )
        day = said or next((p[5:] for p in key.split("/") if p.startswith("date=")), None)
        if metadata.get("status") in ("active", "open", "running"):
            pending += 1
        elif day is None:
            missing.add(key)
        elif due_date(date.fromisoformat(day), TERMS[target]) <= date.fromisoformat(company.truth["today"]):
            held_by = metadata.get("employee_id") == "2" or metadata.get("contact_id") == "1"
            (held if held_by else due).add(key)
    assert (due, held, missing) == (set(book["due"]), set(book["held"]), set(book["missing"]))
    assert (pending, total) == (book["counts"]["pending"], book["counts"]["total"])


@pytest.mark.parametrize("target", TERMS)
def test_every_rule_has_rows_that_are_due_and_rows_that_are_not(company: Company, target: str) -> None:
    counts = company.truth["rules"][target]["counts"]
    assert counts["due"] >= 2
    assert counts["total"] - counts["due"] - counts["held"] - counts["missing"] - counts["pending"] > counts["returned"]


def test_every_hold_keeps_something_that_is_due(company: Company) -> None:
    rules = company.truth["rules"]
    held = {(hold.subject_kind, hold.subject_value) for hold in company.built.holds}
    assert held == {("customer", "1"), ("contact", "1"), ("employee", "2")}
    for target in ("crm.client_note", "crm.complaint", "hr.employee", "hr.payslip", "documents:id-copies/"):
        assert rules[target]["counts"]["held"] >= 1


def test_the_terms_are_those_of_the_policy() -> None:
    assert {rule.applies_to: rule.keep for rule in load().retention} == TERMS


@given(st.sampled_from(list(TERMS.values())), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_window_lies_on_either_side_of_today_for_every_kind_of_rule(term: Term, today: date) -> None:
    window = Window.of(term, today)
    for floor in (True, False):
        assert due_date(window.due, term, floor=floor) <= today < due_date(window.kept, term, floor=floor)
    assert window.kept - window.due <= timedelta(days=4)


def test_due_employees_can_be_deleted_with_all_their_due_rows(company: Company) -> None:
    with psycopg.connect(company.server.conninfo("hr")) as connection:
        for table in ("contract", "payslip", "absence", "nda", "training", "screening", "employee"):
            keys = company.truth["rules"][f"hr.{table}"]["due"]
            assert connection.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", (keys,)).rowcount == len(keys)
        connection.rollback()


def test_every_value_of_every_canary_is_somewhere(company: Company) -> None:
    texts = list(_everything(company))
    canaries = company.truth["canaries"]
    assert len(canaries) >= 8
    for name, canary in canaries.items():
        assert canary["places"], name
        for part, value in canary["values"].items():
            assert any(value.lower() in text for _, text in texts), (name, part)


def test_the_neighbour_stands_in_the_undeclared_column_alone(company: Company) -> None:
    email = company.truth["canaries"]["neighbour"]["values"]["email"]
    assert [where for where, text in _everything(company) if email in text] == ["crm.complaint"]


def test_the_planted_faults_are_there(company: Company) -> None:
    faults = company.truth["anomalies"]
    with psycopg.connect(company.server.conninfo("crm")) as connection:
        (body,) = connection.execute(
            "SELECT body FROM contact_message WHERE id = %s", (faults["bsn_in_message"],)
        ).fetchone()
        assert company.truth["canaries"]["bsn_leak"]["values"]["bsn"] in body
        strays = connection.execute(
            "SELECT n.id FROM client_note n JOIN customer c ON c.id = n.customer_id WHERE c.client_id <> n.client_id"
        ).fetchall()
        assert strays == [(faults["wrong_client_note"],)]
    with psycopg.connect(company.server.conninfo("hr")) as connection:
        live = connection.execute(
            "SELECT e.id FROM account a JOIN employee e ON e.id = a.employee_id WHERE a.active AND e.status = 'left'"
        ).fetchall()
        assert live == [(faults["leaver_with_live_account"],)]


def _everything(company: Company) -> Iterator[tuple[str, str]]:
    """Every row and object as lower-case text, with its table or key."""
    for name in company.truth["rows"]:
        database, table = name.split(".")
        with psycopg.connect(company.server.conninfo(database)) as connection:
            for (row,) in connection.execute(f"SELECT t::text FROM {table} t"):
                yield name, row.lower()
    client = company.s3.client(BUILDER)
    for bucket in ("web", "documents", "mailbox", "recordings", "returns"):
        for key in company.objects(bucket):
            body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
            yield f"{bucket}:{key}", _as_text(key, body).lower()


def _as_text(key: str, body: bytes) -> str:
    match key.rsplit(".")[-1]:
        case "parquet":
            return str(pq.read_table(io.BytesIO(body)).to_pylist())
        case "gz":
            return gzip.decompress(body).decode()
        case "eml":
            mail = message_from_bytes(body, policy=policy.default)
            return f"{mail['from']} {mail.get_body(('plain',)).get_content()}"
        case "pdf":
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return ""
