"""Promises that the review of access and the look at clients' data answer."""

from datetime import timedelta

import evidence_seed as seed
import pytest

from hoeder.evidence.ledger import Connection

ACCESS = {"no_access_findings": {"kinds": ["leaver", "orphan"]}}
PUBLIC = {"no_access_findings": {"kinds": ["public-grant"]}}
APART = {"no_separation_findings": {"kinds": ["sees-others", "named-in-note"]}}


def test_what_nobody_looked_at_is_unknown(db: Connection) -> None:
    assert seed.of(db, ACCESS) == ("unknown", "never-reviewed")
    assert seed.of(db, APART) == ("unknown", "never-looked-apart")


def test_a_finding_breaks_the_promises_about_its_kind_alone(db: Connection) -> None:
    seed.reviewed(db, "leaver")
    seed.looked_apart(db, "rows-crossed")
    assert seed.of(db, ACCESS) == ("broken", "access-stands")
    assert seed.of(db, PUBLIC) == ("kept", "access-needed")
    assert seed.of(db, APART) == ("kept", "seen-apart")
    seed.looked_apart(db, "named-in-note")
    assert seed.of(db, APART) == ("broken", "not-apart")
    seed.reviewed(db)
    assert seed.of(db, ACCESS) == ("kept", "access-needed"), "the last review counts"


@pytest.mark.parametrize(
    ("days", "outcome", "told"),
    [(30, None, "kept"), (-1, None, "broken"), (None, None, "broken"), (None, "still-there", "broken"),
     (None, "by-hand", "broken"), (None, "gone", "kept"), (None, "no-longer", "kept")],
)  # fmt: skip
def test_a_finding_stands_until_it_is_kept_for_a_while_or_gone(
    db: Connection, days: int | None, outcome: str | None, told: str
) -> None:
    (finding,) = seed.reviewed(db, "orphan")
    until = None if days is None else seed.today(db) + timedelta(days=days)
    seed.decided_access(db, finding, until, outcome)
    assert seed.of(db, ACCESS)[0] == told


def test_a_decision_to_keep_holds_in_the_next_review_and_one_to_remove_does_not(db: Connection) -> None:
    kept, removed = seed.reviewed(db, "orphan", "public-grant")
    seed.decided_access(db, kept, seed.today(db) + timedelta(days=30))
    seed.decided_access(db, removed, None, "gone")
    seed.reviewed(db, "orphan", "public-grant")
    assert seed.of(db, ACCESS)[0] == "kept"
    assert seed.of(db, PUBLIC)[0] == "broken", "it came back"


def test_without_a_usable_list_of_staff_nothing_is_known_of_people(db: Connection) -> None:
    seed.reviewed(db, "staff-list", state="short")
    assert seed.of(db, ACCESS) == ("unknown", "staff-list-unusable")
    assert seed.of(db, PUBLIC)[0] == "kept"


def test_what_nobody_could_look_through_is_never_taken_for_fine(db: Connection) -> None:
    seed.reviewed(db, "unreadable")
    seed.looked_apart(db, "role-unreadable")
    assert seed.of(db, PUBLIC) == ("unknown", "access-unread")
    assert seed.of(db, APART) == ("unknown", "roles-unread")


def test_an_old_look_says_nothing_any_more_and_a_later_one_nothing_about_before(db: Connection) -> None:
    before = seed.now(db)
    seed.reviewed(db, "leaver")
    seed.looked_apart(db, "sees-others")
    later = seed.now(db) + timedelta(days=60)
    assert seed.of(db, ACCESS, at=later) == ("unknown", "old-review")
    assert seed.of(db, APART, at=later) == ("unknown", "old-look-apart")
    assert seed.of(db, ACCESS, at=before) == ("unknown", "never-reviewed")
