"""Each expectation is shown to fail: a file that passes is spoilt in one way, and the gate names that one."""

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from visits import VIEWS, changed, parquet, policy, views

from hoeder.anonymization import encode, gate, recoding, source, table
from hoeder.anonymization.candidate import Candidate
from hoeder.anonymization.read import Batch
from hoeder.errors import GateFailed

SOURCE = source.locate(VIEWS, policy())


@pytest.fixture(scope="module")
def good() -> Candidate:
    days = [views(date(2026, 11, day), people=40, each=6) for day in (1, 2)]
    extract = encode.encode([Batch("test", day) for day in days], VIEWS)
    recoded = recoding.choose(extract, VIEWS, {}, {}, {})
    shown = table.show(extract, recoded, {}, VIEWS, extract.persons.astype(np.uint64), {})
    data, order = table.sorted_file(table.arrow(shown))
    return Candidate(
        data=data,
        persons=shown.persons[order],
        steps=recoded.steps,
        vocabulary={name: frozenset(labels) for name, labels in recoded.names.items()},
        rows_in=extract.rows,
    )


def spoilt(good: Candidate, column: str, values: pa.Array) -> Candidate:
    """The file with one column replaced or added."""
    rows = pq.read_table(io.BytesIO(good.data))
    place = rows.schema.get_field_index(column)
    rows = rows.append_column(column, values) if place < 0 else rows.set_column(place, column, values)
    return replace(good, data=parquet(rows))


def cells(good: Candidate, column: str, first: str) -> pa.Array:
    """A column's cells with `first` in ten rows of ten persons: enough for k, so only its content is wrong."""
    old = pq.read_table(io.BytesIO(good.data)).column(column).to_pylist()
    _, rows = np.unique(good.persons, return_index=True)
    for row in rows:
        old[row] = first
    return pa.array(old)


def refusal(candidate: Candidate, release=VIEWS, origin=SOURCE) -> str:
    with pytest.raises(GateFailed) as failed:
        gate.check(candidate, release, origin)
    return str(failed.value)


def test_a_good_file_passes_and_its_persons_are_counted_again(good):
    measured = gate.check(good, VIEWS, SOURCE)
    rows = pq.read_table(io.BytesIO(good.data)).select(["visited_at", "section", "logged_in"]).to_pylist()
    groups: dict[tuple[str, ...], set[int]] = {}
    for row, person in zip(rows, good.persons.tolist(), strict=True):
        groups.setdefault(tuple(row.values()), set()).add(person)
    assert measured == gate.Measured(rows=480, groups=len(groups), k_reached=min(map(len, groups.values())))


def test_a_group_of_too_few_persons_fails(good):
    # every row of one group belongs to one person: as many rows as before, one person
    rows = pq.read_table(io.BytesIO(good.data)).select(["visited_at", "section", "logged_in"]).to_pylist()
    persons = np.where([row == rows[0] for row in rows], 1, good.persons)
    assert "every group has at least 10 persons; not so for 1 of" in refusal(replace(good, persons=persons))


def test_one_person_short_of_k_fails(good):
    reached = gate.check(good, VIEWS, SOURCE).k_reached
    gate.check(good, changed(VIEWS, k=reached), SOURCE)
    message = refusal(good, changed(VIEWS, k=reached + 1))
    assert f"every group has at least {reached + 1} persons; not so for" in message


def test_rows_of_nobody_known_count_for_nothing(good):
    reached = gate.check(good, VIEWS, SOURCE).k_reached
    nobody = np.where(good.persons == good.persons[0], 0, good.persons)  # the person of the first row, everywhere
    assert f"every group has at least {reached} persons" in refusal(
        replace(good, persons=nobody), changed(VIEWS, k=reached)
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("contact jan.jansen@example.nl", "e-mail address"),
        ("/thanks?mail=jan%40example.nl", "e-mail address"),
        ("06-00123456", "phone number"),
        ("+31 (0)6 00123456", "phone number"),
        ("NL91 ABNA 0417 1643 00", "IBAN"),
        ("nl91abna0417164300", "IBAN"),
        ("klant 999990019", "BSN"),
        ("203.0.113.7", "IP address"),
    ],
)
def test_personal_data_in_a_text_cell_fails_and_is_not_repeated(good, value, kind):
    candidate = spoilt(good, "section", cells(good, "section", value))
    candidate = replace(candidate, vocabulary=candidate.vocabulary | {"section": frozenset({"home", "jobs", value})})
    message = refusal(candidate)
    assert f"expected: no {kind} in section; not so for" in message
    assert value not in message
    assert "expected labels" not in message


def test_ordinary_labels_are_not_taken_for_personal_data(good):
    labels = frozenset(
        {"Tarieven 2026", "vacatures/klantenservice-b1", "100.000 bezoekers", "Chrome 120", "24/7 online"}
    )
    candidate = good
    for value in sorted(labels):
        candidate = spoilt(candidate, "section", cells(candidate, "section", value))
        gate.check(
            replace(candidate, vocabulary=good.vocabulary | {"section": labels | {"home", "jobs"}}), VIEWS, SOURCE
        )


def test_a_column_that_was_added_fails(good):
    candidate = spoilt(good, "visitor_id", pa.array(["x"] * len(good.persons)))
    message = refusal(candidate)
    assert "the columns are exactly those of the release" in message
    assert "no column tells persons apart; not so for 1 of 5" in message
    assert "no column is a direct identifier" not in message  # its category was never handed to the gate
    assert "every column is declared in policy; not so for 1 of 5" in message


def test_a_column_of_a_direct_identifier_fails(good):
    origin = replace(SOURCE, categories=SOURCE.categories | {"section": "user.contact.email"})
    assert "no column is a direct identifier; not so for 1 of 4" in refusal(good, origin=origin)


def test_a_label_that_the_step_does_not_give_fails(good):
    message = refusal(spoilt(good, "visited_at", cells(good, "visited_at", "2026-11-01T10:00")))
    assert "visited_at has expected labels only" in message
    assert f"visited_at is generalised to {good.steps['visited_at'][0]}" in message


def test_an_empty_cell_fails(good):
    assert "section is never empty" in refusal(spoilt(good, "section", cells(good, "section", None)))


def test_more_suppression_than_allowed_fails(good):
    assert "at least 486 are left, and none was added; found 480" in refusal(replace(good, rows_in=511))


def test_an_empty_file_fails(good):
    rows = pq.read_table(io.BytesIO(good.data)).slice(0, 0)
    message = refusal(replace(good, data=parquet(rows), persons=good.persons[:0]))
    assert "there are rows; found 0" in message


def test_a_number_that_one_person_has_alone_fails(good):
    numbers = pq.read_table(io.BytesIO(good.data)).column("seconds").to_pylist()
    message = refusal(spoilt(good, "seconds", pa.array([*numbers[:-1], 86_400])))
    assert "every value of a measure is shared by at least 10 persons; not so for 1 of" in message


def test_text_in_a_measure_fails(good):
    assert "seconds holds numbers" in refusal(spoilt(good, "seconds", pa.array(["a"] * len(good.persons))))


def test_a_column_that_is_gone_fails_without_a_stack_trace(good):
    rows = pq.read_table(io.BytesIO(good.data)).drop_columns(["section", "seconds"])
    message = refusal(replace(good, data=parquet(rows)))
    assert "the columns are exactly those of the release" in message
    assert "Traceback" not in message


def test_a_file_that_is_not_parquet_fails(good):
    assert "not readable Parquet" in refusal(replace(good, data=b"PAR1 no"))


def test_a_text_that_only_the_files_dictionary_holds_fails_and_is_not_repeated(good):
    rows = pq.read_table(io.BytesIO(good.data))
    place = rows.schema.get_field_index("section")
    labels = rows.column("section").to_pylist()
    known = sorted(set(labels))
    kept_whole = pa.DictionaryArray.from_arrays(
        pa.array([known.index(label) for label in labels], pa.int32()), pa.array([*known, "mayor of Urk"])
    )
    message = refusal(replace(good, data=parquet(rows.set_column(place, "section", kept_whole))))
    assert "the file holds no text that none of its rows shows; not so for 1 of" in message
    assert "Urk" not in message
