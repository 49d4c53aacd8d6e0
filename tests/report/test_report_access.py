"""What the report says of who can see what, and of clients apart: counts alone, few persons not counted out."""

from datetime import timedelta

import report_seed as seed

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.report.read_access import read_access
from hoeder.report.section_access import access
from hoeder.report.words import Words

WHEN = seed.NOW - timedelta(days=2)


def reviewed(db: Connection, *findings: tuple[str, int | None], state: str = "usable") -> None:
    """A review and a look, as the capabilities write them; `findings` are kind and hours."""
    row = db.execute(
        """insert into access_review (made_at, on_day, policy_digest, staff_state, working, digest, entry)
           values (%s, %s, %s, %s, 40, %s, 1) returning review""",
        [WHEN, WHEN.date(), "a" * 64, state, "c" * 64],
    ).fetchone()
    assert row
    for number, (kind, hours) in enumerate(findings):
        db.execute(
            """insert into access_finding (review, item, kind, system, place, "right", number, hours, owner, by_machine)
               values (%s, %s, %s, 'crm', '', '', 1, %s, 'dpo', false)""",
            [row[0], seed.sha(f"{kind}{number}"), kind, hours],
        )
    db.execute(
        """insert into access_right (review, system, account_ref, status, function, place, "right", needed, special)
           values (%s, 'crm', %s, 'works', '', '', 'select', false, true)""",
        [row[0], b"k" * 16],
    )
    look = db.execute(
        """insert into separation_check (made_at, on_day, policy_digest, digest, notes, objects, entry)
           values (%s, %s, %s, %s, 70, 6, 1) returning "check" """,
        [WHEN, WHEN.date(), "a" * 64, "c" * 64],
    ).fetchone()
    assert look
    db.execute(
        """insert into separation_trial values (%(c)s, 'crm', 'note', 'red', 'apart', 5, 0),
               (%(c)s, 'crm', 'note', 'blue', 'sees-others', 5, 2)""",
        {"c": look[0]},
    )
    db.execute("insert into separation_finding values (%s, 'sees-others', 'crm', 'note', 'blue', 2)", [look[0]])
    db.commit()


def collected(db: Connection, policy: Policy) -> Figures:
    return collect(db, policy, seed.PERIOD, now=seed.NOW)


def test_without_a_review_the_report_says_that_nobody_knows(figures: Figures) -> None:
    section = access(figures, Words("en"))
    assert [text[:25] for text in section.paragraphs] == ["Access was never reviewed", "Nobody has looked as each"]
    assert section.tables == ()
    parts = {kpi.key: kpi.part for kpi in figures.kpis}
    assert [parts[key] for key in ("access_open", "leaver_days", "clients_apart")] == [None, None, None]


def test_findings_are_counted_by_kind_and_what_few_persons_lack_is_not(worked: Connection, policy: Policy) -> None:
    reviewed(worked, ("leaver", 49), ("leaver", 3), ("no-secrecy", None), ("public-grant", None))
    found = collected(worked, policy)
    lines = {(line.kind, line.found, line.open, line.hours) for line in found.access.lines}
    assert lines == {("leaver", 2, 2, 49), ("no-secrecy", None, None, None), ("public-grant", 1, 1, None)}
    kpis = {kpi.key: (kpi.part, kpi.whole, kpi.met) for kpi in found.kpis}
    assert kpis["access_open"] == (4, None, False)
    assert kpis["leaver_days"] == (3, None, False)
    assert kpis["clients_apart"] == (1, 2, False)
    for language in ("nl", "en"):
        section = access(found, Words(language))  # type: ignore[arg-type]
        assert [len(table.rows) for table in section.tables] == [3, 1]
    assert collect(worked, policy, seed.PERIOD, now=seed.NOW).access == found.access


def test_a_list_of_staff_that_cannot_be_relied_on_is_said_in_words(worked: Connection, policy: Policy) -> None:
    for state in ("empty", "old", "short", "shrunk", "unreadable"):
        reviewed(worked, ("staff-list", None), state=state)
        found = collected(worked, policy)
        assert any("HR's list" in text for text in access(found, Words("en")).paragraphs), state
        assert next(kpi for kpi in found.kpis if kpi.key == "leaver_days").part is None


def test_what_came_later_is_not_told(worked: Connection) -> None:
    reviewed(worked, ("leaver", 1))
    before = read_access(worked, WHEN - timedelta(hours=1), small_below=5)
    assert (before.reviewed_at, before.looked_at, before.lines) == (None, None, ())
