"""What becomes of each line of a list; and nobody who said no passes, whatever the spelling."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market import KEY, TODAY, gate, listed, rule

from hoeder.errors import Refused
from hoeder.marketing_gate import addresses
from hoeder.marketing_gate.addresses import Addresses
from hoeder.marketing_gate.facts import Facts
from hoeder.marketing_gate.hashed import LeftAlone, references
from hoeder.marketing_gate.judge import ALLOWED, REASONS, Reason
from hoeder.marketing_gate.sift import sift
from hoeder.persons import marks
from hoeder.policy.marketing_gate import Channel, MailingList
from hoeder.stores.references import References

GATE = gate()
NOBODY = LeftAlone({})
D = date


def facts(
    persons: Iterable[tuple[str, str | None, str | None]], consents: Iterable[tuple[Any, ...]] = (),
    customers: Iterable[tuple[str, date, bool]] = (),
) -> Facts:  # fmt: skip
    """Consents are person, text, given, ended, stands, told how."""

    def table(rows: Iterable[tuple[Any, ...]], **types: Any) -> pa.Table:
        columns = list(zip(*rows, strict=True)) or [()] * len(types)
        return pa.table({name: pa.array(list(c), t) for c, (name, t) in zip(columns, types.items(), strict=True)})

    known = table(persons, person=pa.string(), email=pa.string(), phone=pa.string())
    forms = {kind: addresses.read(kind, [known[kind]]).strict for kind in ("email", "phone")}
    return Facts(
        pa.table({"person": known["person"]} | forms),
        table(consents, person=pa.string(), text=pa.string(), given_on=pa.date32(), ended_on=pa.date32(),
              stands=pa.bool_(), told_how=pa.bool_()),
        table(customers, person=pa.string(), since=pa.date32(), offered=pa.bool_()),
    )  # fmt: skip


def left_alone(*identities: tuple[str, str]) -> LeftAlone:
    """As an opt-out is taken over: under every form of each identity."""
    every = {(kind, form) for kind, value in identities for form in addresses.of(kind, value)} | set(identities)
    by_kind: dict[str, list[bytes]] = {}
    for kind, reference in marks.references(KEY, every):
        by_kind.setdefault(kind, []).append(reference)
    return LeftAlone({kind: References.of(those) for kind, those in by_kind.items()})


def reasons(
    rows: dict[str, list[Any]], known: Facts, *, channel: Channel = "email", name: str = "strangers",
    said_no: LeftAlone = NOBODY, restricted: LeftAlone = NOBODY, day: date = TODAY,
) -> list[Reason]:  # fmt: skip
    """`rows` by kind of identity."""
    columns: dict[str, Addresses] = {
        kind: addresses.read(
            kind, list(map(pa.array, zip(*values, strict=True))) if kind == "post" else [pa.array(values)]
        )
        for kind, values in rows.items()
    }
    done = sift(
        GATE, GATE.list_named(name) or _no(), channel, day, columns=columns, facts=known, opted_out=said_no,
        restricted=restricted, key=KEY,
    )  # fmt: skip
    return [REASONS[code] for code in done.codes]


def _no() -> MailingList:
    raise AssertionError("no such list")


JAN = ("1", "jan@x.nl", "0612345678")
YES = ("1", "mail-1", D(2025, 1, 1), None, True, True)


@pytest.mark.parametrize(
    ("consents", "customers", "reason"),
    [
        ([YES], [], Reason.ALLOWED_CONSENT),
        ([], [], Reason.NO_CONSENT),
        ([("1", "call-1", D(2025, 1, 1), None, True, True)], [], Reason.NO_CONSENT),
        ([("1", "share-1", D(2025, 1, 1), None, True, True)], [], Reason.NO_CONSENT),
        ([("1", "mail-1", D(2026, 11, 24), None, True, True)], [], Reason.NO_CONSENT),
        ([("1", "mail-1", D(2025, 1, 1), None, True, False)], [], Reason.NO_PROOF),
        ([("1", "mail-0", D(2025, 1, 1), None, True, True)], [], Reason.NO_PROOF),
        ([("1", "mail-1", D(2025, 1, 1), D(2026, 1, 1), False, True)], [], Reason.WITHDRAWN),
        ([("1", "mail-1", D(2025, 1, 1), None, False, True)], [], Reason.WITHDRAWN),
        ([("1", "mail-1", D(2025, 1, 1), None, False, True), YES], [], Reason.WITHDRAWN),
        ([("1", "mail-1", D(2024, 1, 1), D(2024, 6, 1), False, True), YES], [], Reason.ALLOWED_CONSENT),
        ([("1", "mail-1", D(2025, 1, 2), D(2025, 6, 1), False, True), YES], [], Reason.WITHDRAWN),
        ([("1", "mail-1", D(2025, 1, 1), D(2027, 1, 1), True, True)], [], Reason.ALLOWED_CONSENT),
        ([], [("1", D(2024, 1, 1), True)], Reason.ALLOWED_CUSTOMER),
        ([], [("1", D(2022, 1, 1), False)], Reason.NOT_OFFERED),
        ([("1", "mail-1", D(2025, 1, 1), D(2026, 1, 1), False, True)], [("1", D(2024, 1, 1), True)], Reason.WITHDRAWN),
    ],
)  # fmt: skip
def test_what_somebody_agreed_to_decides(
    consents: list[tuple[Any, ...]], customers: list[tuple[str, date, bool]], reason: Reason
) -> None:
    known = facts([JAN], consents, customers)
    assert reasons({"email": ["JAN@x.nl"], "contact": ["1"]}, known, name="mailing") == [reason]


def test_a_customer_may_be_written_to_about_own_similar_things_only() -> None:
    known = facts([JAN], customers=[("1", D(2024, 1, 1), True)])
    assert reasons({"email": ["jan@x.nl"]}, known, name="strangers") == [Reason.CUSTOMER_ONLY]


def test_customers_could_be_called_until_july_2026() -> None:
    known = facts([JAN], customers=[("1", D(2024, 1, 1), True)])
    rows = {"phone": ["0612345678"], "email": [None]}
    call = {"channel": "telephone", "name": "calls"}
    assert reasons(rows, known, day=D(2026, 6, 30), **call) == [Reason.ALLOWED_CUSTOMER]  # type: ignore[arg-type]
    assert reasons(rows, known, day=D(2026, 7, 1), **call) == [Reason.CUSTOMER_ONLY]  # type: ignore[arg-type]


def test_without_a_rule_in_force_nobody_passes() -> None:
    with pytest.raises(Refused, match=r"no rule .* for sms on 2026-11-23.*text ended on 2026-10-31"):
        reasons({"phone": ["0612345678"], "email": [None]}, facts([JAN], [YES]), channel="sms", name="calls")


def test_sharing_rests_on_consent_that_names_the_company() -> None:
    known = facts([JAN], [YES], [("1", D(2024, 1, 1), True)])
    assert reasons({"email": ["jan@x.nl"], "contact": ["1"]}, known, name="sister") == [Reason.CUSTOMER_ONLY]
    known = facts([JAN], [("1", "share-1", D(2025, 1, 1), None, True, True)])
    assert reasons({"email": ["jan@x.nl"], "contact": ["1"]}, known, name="sister") == [Reason.ALLOWED_CONSENT]


def test_every_line_has_its_reason() -> None:
    known = facts([JAN, ("2", "piet@x.nl", None)], [YES, ("2", *YES[1:])])
    rows = {
        "email": ["jan@x.nl", "", None, "jan@", "Jan@X.nl ", "who@x.nl", "piet@x.nl", "jan@x.nl"],
        "contact": ["1", "1", "1", "1", "1", "9", "1", "x y"],
    }
    assert reasons(rows, known, name="mailing") == [
        Reason.ALLOWED_CONSENT, Reason.NO_ADDRESS, Reason.NO_ADDRESS, Reason.MALFORMED, Reason.DUPLICATE,
        Reason.UNKNOWN, Reason.OTHER_ADDRESS, Reason.MALFORMED,
    ]  # fmt: skip


def test_where_two_have_one_address_both_must_have_agreed() -> None:
    two = [JAN, ("2", "jan@x.nl", None)]
    assert reasons({"email": ["jan@x.nl"]}, facts(two, [YES])) == [Reason.NO_CONSENT]
    assert reasons({"email": ["jan@x.nl"]}, facts(two, [YES, ("2", *YES[1:])])) == [Reason.ALLOWED_CONSENT]


def test_a_foreign_number_has_not_the_consent_of_a_dutch_one_with_the_same_last_digits() -> None:
    known = facts([JAN], [("1", "call-1", D(2025, 1, 1), None, True, True)])
    rows = {"phone": ["+31612345678", "+49612345678"], "email": [None, None]}
    assert reasons(rows, known, channel="telephone", name="calls") == [Reason.ALLOWED_CONSENT, Reason.UNKNOWN]


def test_letters_go_to_whoever_did_not_object_and_an_objection_holds_for_the_household() -> None:
    rows = {"post": [("1234 AB", "12"), ("1234ab", "12-a"), ("0234 AB", "1"), ("1234AB", "12 a")],
            "email": [None, None, None, "jan@x.nl"]}  # fmt: skip
    found = reasons(rows, facts([]), channel="post", name="letters", said_no=left_alone(("email", "jan@x.nl")))
    assert found == [Reason.ALLOWED_NO_OBJECTION, Reason.OPTED_OUT, Reason.MALFORMED, Reason.OPTED_OUT]


def test_whoever_is_restricted_is_left_alone() -> None:
    known = facts([JAN], [YES])
    assert reasons({"email": ["jan@x.nl"]}, known, restricted=left_alone(("email", "jan@x.nl"))) == [Reason.RESTRICTED]


def test_an_opt_out_under_another_identity_of_the_line_counts_for_every_line_with_its_address() -> None:
    known = facts([JAN], [("1", "call-1", D(2025, 1, 1), None, True, True)])
    rows = {"phone": ["06 12345678", "0031612345678"], "email": [None, "Jan@X.nl"]}
    no = left_alone(("email", "jan@x.nl"))
    assert reasons(rows, known, channel="telephone", name="calls", said_no=no) == [Reason.OPTED_OUT] * 2


@pytest.mark.parametrize(
    "number",
    ["612345678", "06-1234567", "geen", "06-12345678 of 020-1234567", "tel: 06", "٠٦١٢٣٤٥٦٧٨", "+31 0", "112", "+1"],
)
def test_what_can_be_read_in_more_than_one_way_is_no_number(number: str) -> None:
    assert addresses.read("phone", [pa.array([number])]).malformed.to_pylist() == [True]


def test_bytes_that_are_no_text_are_no_address() -> None:
    found = addresses.read("email", [pa.array([b"\xff\xfe@x.nl", b"jan@x.nl", "jan@x.nl\u200b".encode()])])
    assert found.strict.to_pylist() == [None, "jan@x.nl", None]
    assert found.malformed.to_pylist() == [True, False, True]


local = st.text("abcdefghijklmnopqrstuvwxyz0123456789._+-", min_size=1, max_size=20)
mails = st.builds(lambda a, b: f"{a}@{b}.example", local, st.text("abcdefgh", min_size=1, max_size=8))
numbers = st.integers(100_000_000, 999_999_999).map(lambda n: f"0{n}")


@st.composite
def spelled(draw: st.DrawFn, mail: str) -> str:
    """The same address as people and systems write it."""
    text = "".join(draw(st.sampled_from((c.lower(), c.upper()))) for c in mail)
    space = st.sampled_from(["", " ", "  ", "\t", "\u00a0", "\u200b"])
    return draw(space) + text + draw(space)


@st.composite
def dialled(draw: st.DrawFn, number: str) -> str:
    national = number[1:]
    begin = draw(st.sampled_from(["0", "+31", "0031", "+31 (0)", "+31(0)", "0031 (0)", "31", ""]))
    gaps = draw(st.lists(st.sampled_from(["", " ", "-", ".", "/", " - "]), min_size=9, max_size=9))
    return begin + "".join(gap + digit for gap, digit in zip(gaps, national, strict=True))


@settings(deadline=None, max_examples=30)
@given(st.data(), mails, numbers, st.booleans())
def test_nobody_who_said_no_passes_whatever_the_spelling(
    data: st.DataObject, mail: str, number: str, by_mail: bool
) -> None:
    """Known, agreed to everything, and said no: in one spelling there, in another one here."""
    known = facts([("1", mail, number)], [YES, ("1", "call-1", D(2025, 1, 1), None, True, True)])
    said = ("email", data.draw(spelled(mail))) if by_mail else ("phone", data.draw(dialled(number)))
    no = left_alone(said)
    lines = data.draw(st.lists(st.tuples(dialled(number), spelled(mail)), min_size=1, max_size=4))
    rows = {"phone": [line[0] for line in lines], "email": [line[1] for line in lines]}
    for channel, name, kinds in (
        ("email", "strangers", ("email", "phone")),
        ("telephone", "calls", ("phone", "email")),
    ):
        found = reasons({kind: rows[kind] for kind in kinds}, known, channel=channel, name=name, said_no=no)  # type: ignore[arg-type]
        assert ALLOWED.isdisjoint(found)
        clean = reasons({kind: rows[kind] for kind in kinds}, known, channel=channel, name=name)  # type: ignore[arg-type]
        assert set(clean) <= ALLOWED | {Reason.MALFORMED, Reason.DUPLICATE}, "and that is not because nobody ever does"


@pytest.mark.parametrize(
    "written", ["Jan <jan@x.nl>", "mailto:JAN@x.nl", "\u200bjan@x.nl", "ｊａｎ@x.nl", "jan@x.nl; tel 06", " jan@x.nl\n"]
)
def test_an_opt_out_is_understood_however_it_was_written_down(written: str) -> None:
    assert reasons({"email": ["jan@x.nl"]}, facts([JAN], [YES]), said_no=left_alone(("email", written))) == [
        Reason.OPTED_OUT
    ]


@given(st.lists(mails | numbers | st.just(""), max_size=80))
def test_references_of_a_column_are_those_of_each_value(values: list[str]) -> None:
    found = references(KEY, "email", pa.array(values, pa.string()).slice(1))
    assert [row.tobytes() for row in found] == [KEY.subject("email", value) for value in values[1:]]


def test_a_rule_that_is_not_about_post_cannot_rest_on_silence() -> None:
    assert [r.basis for r in gate(rules=[rule("letter", "post", "no-objection")]).rules_on(TODAY, "post")] == [
        "no-objection"
    ]
    with pytest.raises(ValueError, match="names no column phone"):
        gate(lists=[listed("bad", channels=["telephone"])])
