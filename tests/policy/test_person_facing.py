"""rights.yaml: every table and column that it gives words to is declared, and every person's table has words."""

import shutil
from pathlib import Path

import pytest

from hoeder.policy import default_folder, load
from hoeder.policy.load import examine
from hoeder.policy.person_facing import column_name, place_name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_folder(), tmp_path / "policy"))


def test_a_table_or_column_that_nobody_declared_is_named_with_its_line(folder: Path) -> None:
    file = folder / "rights.yaml"
    text = file.read_text()
    for right, wrong in (
        ("  crm.contact: {", "  crm.contract: {"),
        ("provided: [email, subscribed_on", "provided: [emial, subscribed_on"),
        ("withheld: [host_id]", "withheld: [host]"), ("  noted_on: {", "  noted_at: {"),
    ):  # fmt: skip
        assert right in text
        text = text.replace(right, wrong)
    file.write_text(text)
    policy, problems = examine(folder)
    said = "\n".join(map(str, problems))
    assert policy is None
    for expected in (
        "no dataset declares crm.contract; did you mean crm.contact?",
        "crm.newsletter_reader has no column emial; did you",
        "hr.guest has no column host; did you mean host_id?", "no dataset declares a column noted_at; did you mean",
    ):  # fmt: skip
        assert expected in said
    assert all("rights.yaml:" in str(problem) for problem in problems)


def test_a_key_that_means_nothing_is_an_error(folder: Path) -> None:
    file = folder / "rights.yaml"
    file.write_text(file.read_text().replace("provided: [email, sub", "provides: [email, sub"))
    _, problems = examine(folder)
    assert "rights.yaml" in str(problems[0]) and "unknown key" in str(problems[0])


def test_a_company_without_the_file_still_has_a_policy(folder: Path) -> None:
    (folder / "rights.yaml").unlink()
    policy, problems = examine(folder)
    assert policy is not None and problems == []
    assert place_name(policy, "crm.complaint", "nl") == "Eigen klantenservice", "its processing's name"
    assert column_name(policy, "email", "user.contact.email", "en") == "e-mail address", "its category's"
    assert column_name(policy, "closed_on", "system.operations", "en") == "closed on", "its own"


def test_every_table_about_persons_has_words_for_them() -> None:
    policy = load()
    about_us = [
        f"{store}.{name}"
        for store, dataset in policy.datasets.items()
        for name, table in dataset.tables.items()
        if table.subject and (table.role or policy.stores[store].role) != "processor"
    ]
    named = policy.person_facing.places
    processed = {place for each in policy.processing.processings for place in each.places}
    assert [place for place in about_us if place not in named and place not in processed] == []


def test_nothing_that_we_noted_ourselves_is_called_provided() -> None:
    policy = load()
    for place in ("crm.call_note", "crm.fraud_file", "hr.evaluation", "hr.absence"):
        shown = policy.person_facing.places.get(place)
        assert shown is None or shown.provided == ()


def test_a_prefix_is_known_however_a_search_writes_it() -> None:
    policy = load()
    assert (
        place_name(policy, "web.page-views/", "en") == place_name(policy, "web:page-views/", "en") != "web.page-views/"
    )
