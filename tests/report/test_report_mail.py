"""The mail: to whom policy says, with the first page in words, and never at the cost of the report."""

import pytest
import report_seed as seed
from postbox import Postbox
from postbox import empty as empty
from postbox import server as server

from hoeder.errors import ReportError, StoreError
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.policy.organisation import ReportMail
from hoeder.report.facts.figures import Figures
from hoeder.report.mail import Summary, send, summary
from hoeder.stores.connection import Connection as Account
from hoeder.stores.connection import Resolver

FILES = {"report.json": b"{}", "report.pdf": b"%PDF"}


@pytest.fixture
def postbox(empty: Postbox) -> Postbox:
    return empty


@pytest.fixture
def resolve(server: Postbox) -> Resolver:
    account = Account(
        conn_type="smtp", host="127.0.0.1", port=server.port, login=None, password=None, schema=None,
        extra={"from_email": "hoeder@example.nl", "disable_ssl": True, "disable_tls": True},
    )  # fmt: skip
    return lambda name: account


def mailing(policy: Policy, *, attach: bool = False) -> Policy:
    mail = ReportMail(to=("dpo@example.nl", "board@example.nl"), attach=attach)
    return policy.model_copy(update={"organisation": policy.organisation.model_copy(update={"report_mail": mail})})


@pytest.fixture(scope="module")
def told(months: Figures, policy: Policy) -> Summary:
    return summary(months, policy, "nl", {"report.pdf": "s3://reports/2099-11/report.pdf"})


def entries(db: Connection) -> list[tuple[str, dict[str, int]]]:
    return [(e.outcome or "", e.counts) for e in ledger.entries(db) if e.act == "mail" and e.phase == "outcome"]


def test_the_mail_says_what_the_first_page_says_and_where_the_files_lie(
    db: Connection, policy: Policy, postbox: Postbox, resolve: Resolver, told: Summary
) -> None:
    assert send(db, mailing(policy), resolve, told, run=seed.RUN_REPORT, files=lambda: FILES) == 2
    [(_, mail)] = postbox.mails
    text = mail.get_content()
    assert str(mail["Subject"]).startswith("Privacyrapportage november 2099")
    assert mail["To"] == "dpo@example.nl, board@example.nl" and mail["From"] == "hoeder@example.nl"
    for said in ("Van de 121 beloften", "Over tijd", "claim-2099-014", "uiterlijk", "s3://reports/2099-11/report.pdf"):
        assert said in text
    assert not list(mail.iter_attachments())
    assert entries(db) == [("done", {"recipients": 2})]


def test_the_files_go_along_only_if_policy_says_so(
    db: Connection, policy: Policy, postbox: Postbox, resolve: Resolver, told: Summary
) -> None:
    send(db, mailing(policy, attach=True), resolve, told, run=seed.RUN_REPORT, files=lambda: FILES)
    attached = {part.get_filename(): part.get_content() for part in postbox.mails[0][1].iter_attachments()}
    assert attached["report.pdf"] == b"%PDF" and set(attached) == set(FILES)


def test_without_a_mailbox_in_policy_nothing_is_sent_or_recorded(
    db: Connection, policy: Policy, postbox: Postbox, resolve: Resolver, told: Summary
) -> None:
    assert send(db, policy, resolve, told, run=seed.RUN_REPORT, files=lambda: FILES) == 0
    assert postbox.mails == [] and entries(db) == []


def test_a_refusal_is_an_outcome_and_does_not_quote_the_server(
    db: Connection, policy: Policy, postbox: Postbox, resolve: Resolver, told: Summary
) -> None:
    postbox.refusal = "554 no mail for dpo@example.nl"
    with pytest.raises(ReportError, match=r"SMTPDataError 554.*report itself is stored") as caught:
        send(db, mailing(policy), resolve, told, run=seed.RUN_REPORT, files=lambda: FILES)
    assert "dpo@" not in str(caught.value)
    assert entries(db) == [("failed", {"recipients": 2})]


def test_a_server_that_does_not_answer_is_an_outcome(
    db: Connection, policy: Policy, resolve: Resolver, told: Summary
) -> None:
    away = resolve("x").model_copy(update={"port": 1})
    with pytest.raises(ReportError, match="was not sent"):
        send(db, mailing(policy), lambda name: away, told, run=seed.RUN_REPORT, files=lambda: FILES)
    assert entries(db) == [(Outcome.UNREACHABLE.value, {"recipients": 2})]


def test_a_missing_connection_is_an_outcome_and_says_which(db: Connection, policy: Policy, told: Summary) -> None:
    def resolve(name: str) -> Account:
        raise StoreError(f"there is no connection {name}")

    with pytest.raises(ReportError, match=r"no connection smtp_audit_report.*report itself is stored"):
        send(db, mailing(policy), resolve, told, run=seed.RUN_REPORT, files=lambda: FILES)
    assert entries(db) == [("missing", {"recipients": 2})]
