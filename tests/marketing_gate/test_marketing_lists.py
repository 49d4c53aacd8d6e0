"""Lists on real servers: what goes out, what is refused, what is written down, and what a check finds afterwards."""

import gzip
import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from market import KEY, RUN, TODAY, Market, gate, gated

from hoeder.errors import HoederError, Refused, StoreError
from hoeder.governance import shared
from hoeder.marketing_gate import passed_on
from hoeder.marketing_gate.check import Checked, Finding
from hoeder.marketing_gate.check import check as look
from hoeder.marketing_gate.cleared import cleared
from hoeder.marketing_gate.judge import Reason
from hoeder.marketing_gate.lists import from_bytes
from hoeder.marketing_gate.opt_outs import TakenOver
from hoeder.persons import marks
from hoeder.persons.marks import Ground, OptOut


def check(market: Market, today: Any = TODAY) -> Checked:
    passed_on.take_over(market.policy, market.resolve, market.governance, KEY, RUN, today=today)
    return look(market.policy, market.resolve, market.governance, KEY, RUN, today=today)


def outcomes(market: Market, act: str = "gate") -> list[str]:
    return [
        row[0]
        for row in market.governance.execute(
            "select outcome from ledger where act = %s and phase = 'outcome' order by entry", [act]
        )
    ]


MAILING = b"nr;mail;name\n1;p1@shop.example;Een\n2;P2@shop.example;Twee\n3;p3@shop.example;Drie\n"


@pytest.fixture
def three(market: Market) -> Market:
    """One agreed, one agreed and said no, one never agreed."""
    market.person(1, text="mail-1")
    market.person(2, text="mail-1")
    market.person(3)
    market.say_no("p2@SHOP.example")
    market.put("mailing", MAILING)
    return market


def test_only_whom_a_rule_allows_is_in_the_file(three: Market) -> None:
    done = gated(three)
    assert done.reasons == {Reason.ALLOWED_CONSENT: 1, Reason.OPTED_OUT: 1, Reason.NO_CONSENT: 1}
    ((key, content),) = three.allowed().items()
    assert key.startswith("allowed/date=2026-11-23/mailing-email-")
    assert pq.read_table(io.BytesIO(content)).to_pylist() == [{"mail": "p1@shop.example", "nr": "1", "name": "Een"}]
    assert hashlib.sha256(content).hexdigest() == done.result
    assert hashlib.sha256(MAILING).hexdigest() == done.source
    assert outcomes(three) == ["done"]


def test_an_opt_out_holds_after_its_record_is_erased_and_when_the_person_comes_back(three: Market) -> None:
    gated(three)
    three.db.execute("delete from said_no; delete from agreed where person = 2; delete from person where id = 2")
    three.db.execute("insert into person values (22, 'p2@shop.example', '0611111111')")
    three.agree(22, "mail-1")
    three.put("mailing", b"nr,mail,name\n22,p2@shop.example,Terug\n")
    assert gated(three).reasons == {Reason.OPTED_OUT: 1}


def test_an_opt_out_by_mail_alone_stops_the_call_too(market: Market) -> None:
    market.person(1, text="call-1")
    market.say_no("P1@shop.example")
    market.put("calls", b"tel,mail\n06-10000001,\n")
    assert gated(market, "calls", "telephone").reasons == {Reason.OPTED_OUT: 1}


def test_a_restriction_stops_everything(three: Market) -> None:
    marks.mark(three.owner, KEY, Ground.RESTRICTION, {("email", "p1@SHOP.example")}, stores=["shop"])
    assert gated(three).reasons == {Reason.RESTRICTED: 1, Reason.OPTED_OUT: 1, Reason.NO_CONSENT: 1}


def test_a_table_is_a_list_too(market: Market) -> None:
    market.person(1, text="call-1")
    market.db.execute(
        "insert into call_list values ('06 10000001', null), ('0610000002', ''), ('x', null), (null, 'a')"
    )
    market.db.execute("grant select on call_list to shop_marketing_gate")
    done = gated(market, "table", "telephone")
    assert done.reasons == {
        Reason.ALLOWED_CONSENT: 1, Reason.UNKNOWN: 1, Reason.MALFORMED: 1, Reason.NO_ADDRESS: 1
    }  # fmt: skip
    assert gated(market, "table", "telephone").source == done.source
    market.db.execute("insert into call_list values ('0610000009', null)")
    assert gated(market, "table", "telephone").source != done.source


def test_a_parquet_list_and_a_packed_csv_give_the_same(three: Market) -> None:
    first = gated(three)
    three.put("mailing", gzip.compress(MAILING), "csv.gz")
    assert gated(three).reasons == first.reasons
    sink = io.BytesIO()
    numbers = pa.array([1, 2, 3])
    names = pa.array(["a", "b", "c"]).dictionary_encode()
    pq.write_table(pa.table({"nr": numbers, "mail": [f"p{n}@shop.example" for n in (1, 2, 3)], "name": names}), sink)
    three.put("mailing", sink.getvalue(), "parquet")
    assert gated(three).reasons == first.reasons


@pytest.mark.parametrize(
    ("content", "ending", "said"),
    [
        (b"", "csv", "the file is empty"),
        (b"mail;name\np1@shop.example;x\n", "csv", "no column nr"),
        (b"nr;mail;name;mail\n1;p1@shop.example;x;y\n", "csv", "2 times the column mail"),
        (b"nr;mail;name\n1;p1@shop.example\n", "csv", "cannot be read"),
        (b"nr;mail;name\n1;p1@shop.example;" + b"x" * 10_000_000 + b"\n", "csv", "cannot be read"),
        (b"PAR1 and then nothing", "parquet", "cannot be read"),
        (b"\x1f\x8b broken", "csv.gz", "cannot be read"),
    ],
    ids=["empty", "column lacking", "column twice", "short line", "a line of 10 MB", "no parquet", "no gzip"],
)
def test_a_list_that_cannot_be_read_as_a_whole_is_refused(content: bytes, ending: str, said: str) -> None:
    mailing = gate().list_named("mailing")
    assert mailing is not None
    with pytest.raises(Refused, match=said) as refusal:
        from_bytes(content, f"x.{ending}", mailing)
    assert "shop.example" not in str(refusal.value)


def test_a_refused_list_lets_nobody_through_and_the_ledger_says_refused(three: Market) -> None:
    three.put("mailing", b"mail;name\np1@shop.example;x\n")
    with pytest.raises(Refused, match="no column nr"):
        gated(three)
    assert (three.allowed(), outcomes(three)) == ({}, ["refused"])


def test_lines_that_are_no_text_are_counted_and_left_out(three: Market) -> None:
    three.put("mailing", b"nr;mail;name\n1;p1@shop.example;Ren\xe9\n1;\xff\xfe@x.nl;x\n;;\n")
    assert gated(three).reasons == {Reason.ALLOWED_CONSENT: 1, Reason.MALFORMED: 1, Reason.NO_ADDRESS: 1}


def test_a_list_without_lines_is_nothing_and_no_list_is_an_error(three: Market) -> None:
    three.put("mailing", b"nr;mail;name\n")
    assert gated(three).listed == 0
    with pytest.raises(StoreError, match="there is no list under files:sister/"):
        gated(three, "sister")
    assert (outcomes(three), outcomes(three, "share"), three.allowed()) == (["nothing"], ["failed"], {})


@pytest.mark.parametrize(("name", "channel"), [("mailings", "email"), ("mailing", "telephone"), ("calls", "sms")])
def test_what_policy_does_not_allow_is_refused(three: Market, name: str, channel: str) -> None:
    three.put("calls", b"tel,mail\n0610000001,\n")
    with pytest.raises(Refused, match=r"did you mean mailing|for email|no rule"):
        gated(three, name, channel)
    assert three.allowed() == {}


def test_what_is_sent_must_be_what_was_let_through(three: Market) -> None:
    gated(three)
    (content,) = three.allowed().values()
    now = datetime.now(UTC)
    done = cleared(three.governance, gate(), KEY, content, now=now)
    assert (done.list, done.channel, done.lines) == ("mailing", "email", 1)
    with pytest.raises(Refused, match="changed, or is another one"):
        cleared(three.governance, gate(), KEY, MAILING, now=now)
    with pytest.raises(Refused, match="more than 24 hours ago"):
        cleared(three.governance, gate(), KEY, content, now=now + timedelta(hours=25))
    three.say_no("p1@shop.example")
    passed_on.take_over(three.policy, three.resolve, three.governance, KEY, RUN, today=TODAY)
    with pytest.raises(Refused, match="said no since"):
        cleared(three.governance, gate(), KEY, content, now=now)


def test_sharing_is_written_down_person_by_person_before_the_file_is_there(market: Market) -> None:
    for number in (1, 2, 3):
        market.person(number, text="share-1")
    market.say_no("p2@shop.example", scope="sharing")
    market.put("sister", b"nr,mail\n1,p1@shop.example\n2,p2@shop.example\n3,p3@shop.example\n")
    assert gated(market, "sister").reasons == {Reason.ALLOWED_CONSENT: 2, Reason.OPTED_OUT: 1}

    def of(*identities: tuple[str, str]) -> list[str]:
        found = shared_reader(market, marks.references(KEY, identities))
        return [one.recipient for one in found]

    assert of(("contact", "1")) == of(("email", "P3@shop.example")) == ["sister"]
    assert of(("contact", "2"), ("email", "p2@shop.example")) == []


def shared_reader(market: Market, references: list[tuple[str, bytes]]) -> tuple[shared.Shared, ...]:
    return shared.recipients(market.governance, references)


def test_the_companys_own_list_of_passings_is_taken_over_once(market: Market) -> None:
    market.person(1, text="share-1")
    for company, day in (("Sister Ltd", "2026-10-01"), ("Nobody", "2026-10-01"), ("Sister Ltd", None)):
        market.db.execute("insert into passed values (1, %s, %s)", [company, day])
    for _ in range(2):
        passed_on.take_over(market.policy, market.resolve, market.governance, KEY, RUN, today=TODAY)
    (found,) = shared_reader(market, marks.references(KEY, [("contact", "1")]))
    assert (found.recipient, found.first.isoformat()) == ("sister", "2026-10-01")
    assert outcomes(market, "share") == ["done", "nothing"]


def test_an_opt_out_that_reached_us_late_is_told(market: Market) -> None:
    market.person(1)
    market.say_no("p1@shop.example", since="2020-01-01")

    def take() -> TakenOver:
        return passed_on.take_over(market.policy, market.resolve, market.governance, KEY, RUN, today=TODAY)

    assert take().late == 0, "the first run takes over what has stood for years"
    market.say_no("friday@x.nl", since="2026-11-20")  # Monday is the working day after
    assert (take().new, take().late) == (1, 0)
    market.say_no("thursday@x.nl", since="2026-11-19")
    assert take().late == 1
    assert outcomes(market, "opt_out") == ["done", "done", "nothing", "partial"]


def send(market: Market, number: int | None, on: str, channel: str = "email", campaign: str = "mailing") -> None:
    mail = f"p{number}@shop.example" if channel == "email" else None
    phone = f"06-{10_000_000 + (number or 0)}" if channel != "email" else None
    market.db.execute("insert into sent values (%s, %s, %s, %s, %s, %s)", [number, campaign, channel, mail, phone, on])


def test_a_check_finds_every_planted_breach_and_nothing_else(market: Market) -> None:
    for number in (1, 2):
        market.person(number, text="mail-1")
    market.person(3)
    market.person(4, text="mail-1", how=None)
    market.person(5, text="call-1", status="ended", ended_on="2026-10-10")
    market.db.execute("insert into customer values (3, '2024-01-01')")
    market.say_no("p2@shop.example", since="2026-11-10")
    send(market, 1, "2026-11-12 10:00+01")
    send(market, 2, "2026-11-09 23:30+01")
    send(market, 2, "2026-11-10 23:30+01")  # the day itself: nobody knows which came first
    send(market, 2, "2026-11-11 00:10+01")  # still the tenth in UTC
    send(market, 3, "2026-11-12 10:00+01")  # a customer, about own similar things
    send(market, 3, "2026-11-12 10:00+01", campaign="Jan's idee")
    send(market, 4, "2026-11-12 10:00+01")
    send(market, 5, "2026-10-09 10:00+02", "telephone", "calls")
    send(market, 5, "2026-10-11 10:00+02", "telephone", "calls")
    send(market, 3, "2026-06-30 10:00+02", "telephone", "calls")  # before what a check looks back on
    send(market, None, "2026-11-12 10:00+01", "telephone", "calls")
    send(market, 1, "2026-11-12 10:00+01", "post", "letters")
    send(market, 1, "2026-11-12 10:00+01", "pigeon", "calls")
    found = check(market)
    assert found.findings == (
        Finding("after-opt-out", "mailing", "email", 1),
        Finding("no-consent", "calls", "telephone", 2),
        Finding("no-consent", "other", "email", 1),
        Finding("no-proof", "mailing", "email", 1),
        Finding("unknown-channel", "other", "none", 1),
        Finding("unproven-consent", "other", "none", 1),
    )
    assert found.deliveries == 12
    assert outcomes(market, "check") == ["done"]


def test_a_customer_called_before_july_2026_was_called_by_the_rule_of_then(market: Market) -> None:
    market.person(1)
    market.db.execute("insert into customer values (1, '2024-01-01')")
    for day in ("2026-06-30", "2026-07-01"):
        send(market, 1, f"{day} 12:00+02", "telephone", "calls")
    assert check(market, TODAY.replace(month=8)).findings == (Finding("no-consent", "calls", "telephone", 1),)


def test_passing_on_after_an_opt_out_or_without_consent_is_found(market: Market) -> None:
    for number in (1, 2):
        market.person(number, text="share-1")
    market.person(3, text="mail-1")
    market.say_no("p2@shop.example", scope="sharing", since="2026-11-10")
    market.db.execute(
        """insert into passed values (1, 'Sister Ltd', '2026-11-12'), (2, 'Sister Ltd', '2026-11-09'),
           (2, 'Sister Ltd', '2026-11-12'), (3, 'Sister Ltd', '2026-11-12'), (1, 'Brother Ltd', '2026-11-12'),
           (1, 'Somebody Ltd', '2026-11-12')"""
    )
    assert check(market).findings == (
        Finding("shared-after-opt-out", "sister", "none", 1),
        Finding("shared-without-consent", "brother", "none", 1),
        Finding("shared-without-consent", "sister", "none", 1),
        Finding("unknown-recipient", "other", "none", 1),
    )


def test_nothing_of_a_person_is_written_down(three: Market) -> None:
    send(three, 2, "2026-11-20 12:00+01")
    gated(three)
    check(three)
    for table in ("ledger", "marketing_gating", "marketing_reason", "marketing_check", "marketing_finding",
                  "suppression", "shared_with", "policy_name"):  # fmt: skip
        rows = three.governance.execute(
            psycopg.sql.SQL("select t::text from {} t").format(psycopg.sql.Identifier(table))
        ).fetchall()
        assert not any("shop.example" in row[0] or "1000000" in row[0] for row in rows), table


def test_a_store_that_may_not_be_read_is_an_error_without_a_row_in_it(three: Market) -> None:
    three.db.execute("revoke select on agreed from shop_marketing_gate")
    with pytest.raises(HoederError, match=r"table shop\.agreed"):
        gated(three)
    assert three.allowed() == {}


def test_opt_outs_by_a_request_count_as_well(three: Market) -> None:
    marks.opt_out(three.governance, KEY, [OptOut.MARKETING], {("phone", "0031 6 10000001")})
    three.governance.commit()
    three.put("calls", b"tel,mail\n0610000001,\n")
    three.agree(1, "call-1")
    assert gated(three, "calls", "telephone").reasons == {Reason.OPTED_OUT: 1}
