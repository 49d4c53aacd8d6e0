import copy
from datetime import date

import pyarrow as pa
import pytest
from visits import DATASETS, NOTES, VIEWS, changed, policy, views

from hoeder.anonymization.encode import encode
from hoeder.anonymization.read import Batch
from hoeder.anonymization.source import is_withheld, locate
from hoeder.errors import PolicyError
from hoeder.policy.load import load


def declared(column: str, category: str | None):
    """The datasets, with one column of the page views declared otherwise or not at all."""
    datasets = copy.deepcopy(DATASETS)
    columns = datasets["web"]["prefixes"]["page-views/"]["columns"]
    if category is None:
        del columns[column]
    else:
        columns[column] = category
    return datasets


def test_a_release_reads_what_it_names_and_what_policy_declares():
    source = locate(NOTES, policy())
    assert (source.target, source.purpose) == ("call_note", "Answering the next call")
    assert list(source.categories) == ["noted_on", "reason", "duration_s"]


@pytest.mark.parametrize(
    ("column", "category", "says"),
    [
        ("section", None, "section is not classified"),
        ("seconds", None, "seconds is not classified"),
        ("visitor_id", None, "visitor_id is not classified"),
        ("section", "user.contact.email", "section is declared user.contact.email, which is never released"),
        ("section", "user.name", "never released"),
        ("seconds", "user.unique_id", "never released"),
        ("logged_in", "user", "never released"),
    ],
)
def test_a_column_that_is_undeclared_or_identifies_is_refused(column, category, says):
    with pytest.raises(PolicyError, match=says):
        locate(VIEWS, policy(datasets=declared(column, category)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"source": "archive.call_note"}, "store archive is not in stores.yaml"),
        ({"source": "crm.calls"}, "no dataset of store crm declares the table calls"),
        ({"subject": "id"}, "k would count something else than persons"),
        ({"measures": ["contact_id"]}, "contact_id tells persons apart and never leaves"),
        ({"measures": ["reason"]}, "reason is named twice"),
    ],
)
def test_a_release_that_does_not_fit_its_source_is_refused(fields, says):
    with pytest.raises(PolicyError, match=says):
        locate(changed(NOTES, **fields), policy())


def test_data_held_as_a_processor_are_not_released():
    datasets = copy.deepcopy(DATASETS)
    datasets["crm"]["tables"]["call_note"]["role"] = "processor"
    with pytest.raises(PolicyError, match="held for clients"):
        locate(NOTES, policy(datasets=datasets))


def test_the_releases_of_the_shipped_policy_may_be_made():
    shipped = load()
    assert {release.shelf for release in shipped.releases} >= {"company", "public", "client-stroomwijs"}
    assert {r.release for r in shipped.releases if r.reader == "company"} == {
        "call-volumes", "complaint-causes", "contact-reasons", "note-topics", "staff-planning", "web-usage",
    }  # fmt: skip
    for release in shipped.releases:
        assert release.k >= 10
        assert locate(release, shipped).categories


def test_a_category_below_a_withheld_one_is_withheld_and_a_like_sounding_one_is_not():
    assert is_withheld("user.contact.address.city")
    assert not is_withheld("user.device")
    assert not is_withheld("user.contacts_made")


def test_one_person_written_in_several_ways_is_one_and_a_word_for_nobody_is_none():
    written = ["Jan@x.nl", "jan@x.nl ", "JAN@X.NL", "piet@x.nl", "NULL", "-", "None", "n/a", "Onbekend", " unknown", ""]
    table = views(date(2026, 11, 1), people=len(written), each=1)
    table = table.set_column(1, "visitor_id", pa.array(written))
    assert encode([Batch("test", table)], VIEWS).persons.tolist() == [1, 1, 1, 2] + [0] * 7


def test_an_empty_subject_is_nobody_known():
    table = views(date(2026, 11, 1), people=3, each=1).set_column(1, "visitor_id", pa.array(["a", " ", None]))
    assert encode([Batch("test", table)], VIEWS).persons.tolist() == [1, 0, 0]


def test_a_moment_with_a_zone_falls_on_its_dutch_day():
    late = pa.array([1_761_953_400_000_000], pa.timestamp("us", "UTC"))  # 2025-10-31 23:30 UTC, 1 November here
    table = views(date(2026, 11, 1), people=1, each=1).set_column(0, "visited_at", late)
    assert encode([Batch("test", table)], VIEWS).columns["visited_at"].values == (date(2025, 11, 1),)


def test_a_measure_that_is_not_a_number_is_refused_by_name():
    table = views(date(2026, 11, 1), people=1, each=1).set_column(4, "seconds", pa.array(["12"]))
    with pytest.raises(PolicyError, match="measure seconds holds string"):
        encode([Batch("web/part-0.parquet", table)], VIEWS)


def test_a_column_that_changes_its_type_between_files_is_refused_by_name():
    table = views(date(2026, 11, 1), people=1, each=1)
    other = table.set_column(0, "visited_at", pa.array(["2026-11-01"]))
    with pytest.raises(PolicyError, match="column visited_at has different types"):
        encode([Batch("a", table), Batch("b", other)], VIEWS)
