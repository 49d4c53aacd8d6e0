"""What the report says of findings, of the data map, and of how well columns are recognised."""

import dataclasses
from datetime import UTC, date, datetime

import psycopg
import pytest
import report_seed as seed

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.compose import compose
from hoeder.report.facts.attention import Severity
from hoeder.report.facts.figures import Figures
from hoeder.report.facts.inventory import Decided, MappedPlace, Recognition
from hoeder.report.figures import collect
from hoeder.report.texts import texts
from hoeder.report.view import Section, Table
from hoeder.report.words import Language

FIRST = datetime(2099, 11, 20, 9, tzinfo=UTC)


def decided(kind: str = "health", **changes: object) -> Decided:
    plain = Decided(
        finding=7, kind=kind, place="crm.note.body", owner="manager", first_seen=FIRST, evidence="words in 2 of 9",
        scan=4, blocks=False, asked_because="new", decision=None, reason=None, until=None, function=None,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


PLACE = MappedPlace(
    store="crm", object="note", rows=402, read_at=FIRST, purpose="help", subject_kind="customer",
    recipients=("Belastingdienst",), releases=("calls",), clients=3, oldest=date(2098, 1, 2), rules=("crm-note",),
    change="grew", before=300,
)  # fmt: skip


def section(figures: Figures, policy: Policy, language: Language = "nl", **changes: object) -> Section:
    """The inventory's section, with other figures in it."""
    inventory = dataclasses.replace(figures.inventory, **changes)  # type: ignore[arg-type]
    view = compose(dataclasses.replace(figures, inventory=inventory), policy, language)
    return next(one for one in view.sections if one.key == "inventory")


def table(one: Section, caption: str) -> Table:
    return next(table for table in (*one.tables, *one.folded) if table.caption in texts()[caption])


def test_findings_that_matter_anywhere_are_shown_with_their_decision_and_its_function(
    figures: Figures, policy: Policy
) -> None:
    accepted = decided(
        "payment-card", asked_because=None, decision="accept", reason="contract", until=date(2100, 1, 31),
        function="Functionaris", finding=8,
    )  # fmt: skip
    shown = section(figures, policy, decided=(decided(), accepted, decided("undeclared")))
    rows = table(shown, "table.decided").rows
    assert [row[3].text for row in rows] == ["te beslissen", "mag blijven"]
    assert rows[1][3].small == "overeenkomst · Functionaris · tot en met 31 jan 2100"
    assert "2 bevindingen wachten op een besluit; over 1 is besloten." in " ".join(shown.paragraphs).replace(
        "\xa0", " "
    )


def test_the_map_says_who_gets_what_and_how_old_it_is(figures: Figures, policy: Policy) -> None:
    shown = table(section(figures, policy, places=(PLACE,), vanished=("crm.old",)), "table.map")
    (row,) = shown.rows
    assert [cell.text for cell in row] == [
        "crm.note",
        "customer",
        "Belastingdienst en analisten (calls)",
        "402",
        "2 jan 2098",
    ]
    assert [row[1].small.replace("\xa0", " "), row[3].small, row[4].small] == [
        "3 opdrachtgevers",
        "gegroeid, was 300",
        "crm-note",
    ]
    assert shown.note == "Sinds de vorige scan verdwenen: crm.old."


def test_recognition_is_shown_by_category(figures: Figures, policy: Policy) -> None:
    found = (Recognition("all", 9, 1, 3, 2), Recognition("user.name", 0, 0, 2, 0))
    rows = table(section(figures, policy, "en", recognition=found), "table.recognition").rows
    assert [cell.text for cell in rows[0]] == ["all together", "9", "1", "3", "90%", "75%", "2"]
    assert [rows[1][4].text, rows[1][5].text] == ["–", "0%"]


def test_red_and_delicate_findings_ask_for_attention_until_somebody_decides(worked: Connection, policy: Policy) -> None:
    with worked.transaction():
        scan = worked.execute("select max(scan) from scan where store = 'crm'").fetchone()
        assert scan is not None
        for kind, blocks in (("payment-card", False), ("no-retention", True)):
            worked.execute(
                """insert into finding (store, object, "column", kind, owner, confidence, evidence, basis, first_seen,
                       since, last_seen, last_scan, blocks)
                   values ('crm', 'list', '*', %s, 'manager', 1, 'e', repeat('a', 64), now(), now(), now(), %s, %s)""",
                [kind, scan[0], blocks],
            )
    points = {point.code: point for point in collect(worked, policy, seed.PERIOD, now=seed.NOW).attention}
    assert points["red"].severity is points["delicate"].severity is Severity.URGENT
    assert "crm.list" in points["red"].nl
    with worked.transaction():
        worked.execute(
            """insert into finding_decision (finding, decision, reason, decided_by, basis)
               select finding, 'accept', 'known-risk', %s, basis from finding""",
            [seed.CANARY],
        )
    after = collect(worked, policy, seed.PERIOD, now=seed.NOW)
    assert not {"red", "delicate"} & {point.code for point in after.attention}
    assert {one.function for one in after.inventory.decided} == {None}, "a login is nobody's function, and is not shown"


@pytest.mark.parametrize("table_name", ["finding_kind", "decision_reason"])
def test_there_is_a_text_for_every_word_of_the_database(
    db: psycopg.Connection[tuple[str, ...]], table_name: str
) -> None:
    from hoeder.report.section_inventory import DELICATE

    if table_name == "finding_kind":
        kinds = {kind for (kind,) in db.execute("select kind from finding_kind")}
        assert set(DELICATE) <= kinds
        assert all(f"kind.{kind}" in texts() for kind in DELICATE)
    else:
        rows = db.execute("select decision, reason from decision_reason").fetchall()
        assert all(f"decision.{d}" in texts() and f"reason.{r}" in texts() for d, r in rows)
