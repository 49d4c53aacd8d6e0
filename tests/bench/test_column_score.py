import os
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "detection"))

import column_kinds
import column_score
import columns
import northwind
from column_score import Tally, findings, key, score
from stdnum import iban
from stdnum.nl import bsn

NAME = ("user.name",)
JUDGED = {("t", "a"): NAME, ("t", "b"): (), ("t", "c"): None, ("t", "d"): ("user.contact.email", "user.name")}


def test_a_category_below_an_accepted_one_is_right_and_one_above_it_is_not():
    below = score({("t", "a"): NAME}, {("t", "a"): ("user.name.last",)})
    above = score({("t", "a"): ("user.name.last",)}, {("t", "a"): NAME})
    lookalike = score({("t", "a"): NAME}, {("t", "a"): ("user.namesake",)})
    assert [s.personal for s in (below, above, lookalike)] == [Tally(1, 1, 1), Tally(1, 1, 0), Tally(1, 1, 0)]


def test_any_of_several_accepted_categories_is_right():
    assert score(JUDGED, {("t", "d"): NAME}).personal == Tally(2, 1, 1)


def test_an_alarm_on_a_clean_column_counts_once_and_a_debatable_column_never():
    result = score(JUDGED, {("t", "b"): ("user.name", "user.contact.email"), ("t", "c"): NAME})
    assert (result.clean, result.alarms, result.alarms_by) == (1, 1, {"user.name": 1})
    assert result.personal.found == 0


def test_a_finding_on_a_column_nobody_judged_counts_nowhere():
    assert score(JUDGED, {("elsewhere", "a"): NAME, ("t", "ab"): NAME}).personal.found == 0


def test_a_scan_that_never_mentions_a_column_is_told_from_one_that_cleared_it():
    assert score({("t", "b"): ()}, {}).unread == 1
    assert score({("t", "b"): ()}, {("t", "b"): ()}).unread == 0


def test_a_finding_on_a_path_counts_for_the_column_that_holds_it_but_not_the_other_way_round():
    assert score({("t", "size"): ()}, {("t", "size.width"): NAME}).alarms == 1
    assert score({("t", "p.name"): NAME}, {("t", "p"): NAME}).personal.found == 0


def test_only_categories_of_persons_are_findings():
    scan = [
        {"object": "public.T", "column": "p.list[].mail", "category": "user.contact.email"},
        {"object": "t", "column": "n", "category": None},
        {"object": "t", "column": "s", "category": "system.operations"},
    ]
    assert findings(scan) == {("t", "p.list.mail"): ("user.contact.email",), ("t", "n"): (), ("t", "s"): ()}


@pytest.mark.parametrize("column", ["a.b", "$.a.b", "a[*].b", "a.b[]", "A[0].B"])
def test_paths_written_differently_are_one_column(column: str):
    assert key("crm.T", column) == ("t", "a.b")


def test_shares_of_nothing_are_zero():
    empty = score({}, {})
    assert (empty.found, empty.right, empty.alarm_rate) == (0, 0, 0)


def test_the_company_is_as_large_as_it_says_and_every_column_is_judged_once():
    judged = [(table.name, column.name) for table in columns.COMPANY for column in table.columns]
    verdicts = [column.verdict for table in columns.COMPANY for column in table.columns]
    assert len(judged) == len(set(judged)) >= 140
    assert sum(bool(verdict) for verdict in verdicts) >= 75
    assert sum(verdict == () for verdict in verdicts) >= 65


def test_the_same_seed_gives_the_same_values_and_another_seed_others():
    assert (
        column_kinds.values(columns.HR, 1, 20)
        == column_kinds.values(columns.HR, 1, 20)
        != column_kinds.values(columns.HR, 2, 20)
    )


def test_hidden_tables_have_the_same_values_under_names_that_say_nothing():
    for shown, hid in zip(columns.COMPANY, column_kinds.hidden(columns.COMPANY), strict=True):
        changed = [c for c, h in zip(shown.columns, hid.columns, strict=True) if c.verdict != h.verdict]
        assert all(f"{shown.name}.{c.name}" in column_kinds.UNTELLABLE for c in changed)
        assert all(re.fullmatch(r"col\d+(\.k\d+)*", c.name) and c.comment is None for c in hid.columns)
        assert len({c.name for c in hid.columns}) == len(hid.columns)


def test_what_values_cannot_tell_names_columns_that_are_there():
    there = {f"{table.name}.{column.name}" for table in columns.COMPANY for column in table.columns}
    assert there > column_kinds.UNTELLABLE


def test_hiding_names_does_not_change_the_values_that_are_loaded():
    shown, hid = columns.CALLS, column_kinds.hidden([columns.CALLS])[0]
    assert column_kinds.values(shown, 3, 30) == column_kinds.values(hid, 3, 30)


def test_made_up_numbers_have_the_check_digits_of_real_ones():
    rows = column_kinds.values(columns.PAYROLL, 5, 200)
    names = [column.name for column in columns.PAYROLL.columns]
    assert all(bsn.is_valid(str(row[names.index("sofi")])) for row in rows)
    assert all(iban.is_valid(str(row[names.index("acct")])) for row in rows)


def test_northwind_is_judged_column_by_column_with_a_reason():
    path = os.environ.get("HOEDER_NORTHWIND")
    if not path:
        pytest.skip("HOEDER_NORTHWIND does not name northwind.sql")
    lines = Path(path).read_text(encoding="utf-8")
    there = set()
    for name, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", lines, re.S):
        there |= {(name, column) for column in re.findall(r"^    (\w+) ", body, re.M)}
    assert there == set(northwind.VERDICTS)


def test_a_reason_stands_with_every_northwind_verdict():
    assert all(judged.because for judged in northwind.JUDGED)
    assert all(len(column_score.key(*at)) == 2 for at in northwind.VERDICTS)
    assert all(a <= b for a, b in pairwise([judged.table for judged in northwind.JUDGED]))
