"""A Dutch reader gets Dutch: what policy says, and why a scan took a column for personal."""

import dataclasses

import pytest

from hoeder.policy.load import load
from hoeder.policy.models import Policy
from hoeder.report.compose import compose
from hoeder.report.facts.figures import Figures
from hoeder.report.traces import in_dutch
from hoeder.report.words import Words

SAME = {"Compliance Officer", "compliance officer", "Functionaris voor de Gegevensbescherming", "Belastingdienst"}
"""As Dutch as they are English."""
ENGLISH = {"and", "the", "of", "to", "former", "with", "as", "what", "on", "benchmark", "recital", "no"}


def shown(policy: Policy) -> set[str]:
    """Every sentence of policy that the report prints."""
    places = [
        place
        for dataset in policy.datasets.values()
        for group in (dataset.tables, dataset.prefixes)
        for place in group.values()
    ]
    return {
        *(store.description for store in policy.stores.values()),
        *(store.owner for store in policy.stores.values()),
        *(officer.title for officer in policy.organisation.officers.values()),
        *(place.purpose for place in places if place.purpose),
        *(place.subject.kind for place in places if place.subject),
        *(recipient for place in places for recipient in place.recipients),
        *(text for release in policy.releases for text in (release.question, release.description)),
        *(rule.source.basis for rule in policy.retention if ENGLISH & set(rule.source.basis.split())),
    }


def test_policy_has_dutch_for_all_that_the_report_prints_and_for_nothing_else() -> None:
    policy = load()
    printed = shown(policy) - SAME
    assert sorted(printed - policy.dutch.keys()) == []
    assert sorted(policy.dutch.keys() - printed) == []
    for english, dutch in policy.dutch.items():
        assert dutch != english
        assert not {"the", "and", "with", "former"} & set(dutch.split()), dutch


def test_the_dutch_report_says_it_in_dutch_and_the_english_one_as_policy_does(figures: Figures, policy: Policy) -> None:
    store = figures.inventory.stores[0]
    english = dataclasses.replace(store, description="Contacts of ours")
    told = dataclasses.replace(figures, inventory=dataclasses.replace(figures.inventory, stores=(english,)))
    known = policy.model_copy(update={"dutch": {"Contacts of ours": "Contacten van ons"}})
    for language, said in (("nl", "Contacten van ons"), ("en", "Contacts of ours")):
        sections = compose(told, known, language).sections  # type: ignore[arg-type]
        (table, *_) = next(each for each in sections if each.key == "inventory").tables
        assert table.rows[0][0].small == said
    assert Words("nl").policy("Contacts of ours") == "Contacts of ours"
    assert Words("nl").policy(None) == ""


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("e-mail 100 % of 19 distinct values; name 'mail'", "e-mail 100 % van 19 verschillende waarden; naam 'mail'"),
        (
            "words about health in 18 of 594 distinct values",
            "woorden over gezondheid in 18 van 594 verschillende waarden",
        ),
        (
            "identifying columns: email, id and 3 more; no rule",
            "herkenbare kolommen: email, id en 3 andere; geen regel",
        ),
        ("name 'phone in', values of its shape", "naam 'phone in', waarden in die vorm"),
        (
            "text: phone in 8.5 %, town in 13 % of 142 distinct values",
            "tekst: telefoon in 8,5 %, plaats in 13 % van 142 verschillende waarden",
        ),
        ("something new", "something new"),
    ],
)
def test_the_trace_of_a_finding_is_told_in_dutch_and_names_stay(noted: str, said: str) -> None:
    assert in_dutch(noted).replace("\u00a0", " ") == said
