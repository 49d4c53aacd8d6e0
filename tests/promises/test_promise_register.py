"""The promises of policy: all of them, once, each with controls that exist; and what is said of a mistake."""

import ast
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from hoeder.policy import Policy, default_folder, load
from hoeder.policy.control import CONTROLS, AllPromises, DataDeclared, FieldsLimited, ProcessingRegistered
from hoeder.policy.load import examine
from hoeder.promises import words

HOEDER = Path(words.__file__).parent


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load()


def test_every_requirement_of_the_statement_is_there_exactly_once(policy: Policy) -> None:
    assert [promise.id for promise in policy.promises] == [f"REQ-{number:03}" for number in range(1, 122)]
    assert [chapter.chapter for chapter in policy.chapters] == list("ABCDEFGHIJK")


def test_every_promise_has_a_control_and_one_sums_up_all_others(policy: Policy) -> None:
    assert all(promise.proven_by for promise in policy.promises)
    totals = [p.id for p in policy.promises if any(isinstance(c, AllPromises) for c in p.proven_by)]
    assert totals == ["REQ-001"]
    used = {type(control).name for promise in policy.promises for control in promise.proven_by}
    assert used == set(CONTROLS), "a control that no promise asks for is nobody's"


def test_both_languages_say_each_promise_in_words_of_their_own(policy: Policy) -> None:
    for language in ("nl", "en"):
        said = [promise.says(language) for promise in policy.promises]
        assert [text for text, times in Counter(said).items() if times > 1] == []
    assert [p.id for p in policy.promises if p.nl == p.en] == []


def test_no_file_of_policy_says_how_a_promise_stands() -> None:
    keys = [
        f"{path.name}: {line.strip()}"
        for path in (default_folder() / "promises").glob("*.yaml")
        for line in path.read_text().splitlines()
        if re.match(r"\s*(status|kept|broken)\s*:", line)
    ]
    assert keys == []


def test_what_the_law_overtook_says_which_law_since_when_and_what_holds_instead(policy: Policy) -> None:
    overtaken = {p.id: p.law for p in policy.promises if p.law and p.law.effect == "overrides"}
    assert set(overtaken) == {"REQ-087", "REQ-102", "REQ-108", "REQ-114", "REQ-115"}
    assert all(law.basis and law.source and law.says.nl and law.says.en for law in overtaken.values())
    assert all(law.since > policy.organisation.statement_date for law in overtaken.values())


def test_every_reason_that_a_control_gives_can_be_said() -> None:
    given: set[str] = set()
    for path in HOEDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("answer", "Why"):
                constants = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                given |= set(constants[:1])
    assert given | {"supervisor-ended", "supervisor-unknown"} == set(words.REASONS)
    for dutch, english in words.REASONS.values():
        names = [set(re.findall(r"\{(\w+)", text)) for text in (dutch, english)]
        assert names[0] == names[1], f"the two languages tell different figures: {dutch}"


PROMISE = """chapter: L
title: {nl: n, en: e}
promises:
  - id: REQ-900
    nl: n
    en: e
    kind: promise
    roles: [controller]
    owner: dpo
    proven_by:
      - CONTROL
"""


@pytest.mark.parametrize(
    ("control", "said"),
    [
        ("term_kept", "l-new.yaml:11: promises.0.proven_by.0: there is no control term_kept; did you mean terms_kept?"),
        (
            "terms_kept: {day: 3}",
            "control terms_kept has no parameter day; its parameters are: rules, days, grace_days",
        ),
        ("attested", "control attested needs the parameter kind; its parameters are: kind, stores"),
        ("no_findings: {kinds: []}", "control no_findings, parameter kinds: the list is empty"),
        ("no_findings: {kinds: [bsn]}", "control no_findings, parameter kinds.0: input should be 'undeclared'"),
        ("terms_kept: {days: 0}", "control terms_kept, parameter days: input should be greater than or equal to 1"),
        ("[terms_kept]", "expected one control with its parameters, such as {terms_kept: {rules: [complaint]}}"),
        (
            "terms_kept: {rules: [complaints]}",
            "l-new.yaml:11: promise REQ-900: rule complaints is not in retention.yaml",
        ),
        ("attested: {kind: iso}", "promise REQ-900: attestation iso is not in attestations.yaml"),
        ("attested: {kind: iso-27001, stores: [crn]}", "store crn is not in stores.yaml; did you mean crm?"),
        ("data_declared: {place: crm.msg, categories: [user.name]}", "place crm.msg is not declared in datasets/"),
        ("releases_anonymous: {releases: [x]}", "release x is not in releases/"),
        ("processing_registered: {purposes: [x]}", "purpose x is not in processing.yaml"),
        ("processing_registered", "control processing_registered needs purposes or subjects"),
        ("policy_says: {key: officers.ceo.title}", "organisation.yaml knows no key officers.ceo.title"),
        ("all_promises", "promise REQ-900: REQ-001 sums all promises up already"),
    ],
)
def test_a_wrong_control_is_named_with_its_file_line_and_what_there_is(tmp_path: Path, control: str, said: str) -> None:
    assert said in complaints(tmp_path, PROMISE.replace("CONTROL", control))


def test_a_promise_that_occurs_twice_or_has_an_unknown_owner_is_named(tmp_path: Path) -> None:
    text = PROMISE.replace("CONTROL", "terms_kept")
    assert "promise REQ-035 is already in" in complaints(tmp_path, text.replace("REQ-900", "REQ-035"))
    assert "owner ceo is no officer of organisation.yaml" in complaints(
        tmp_path, text.replace("owner: dpo", "owner: ceo")
    )
    assert "chapter A is already in" in complaints(tmp_path, text.replace("chapter: L", "chapter: A"))
    assert "unknown key promises.0.status" in complaints(
        tmp_path, text.replace("owner: dpo", "owner: dpo\n    status: kept")
    )
    assert "has the same control twice" in complaints(tmp_path, text + "      - terms_kept\n")


def complaints(folder: Path, chapter: str) -> str:
    """What `hoeder policy check` says with one more chapter."""
    copy = folder / "policy"
    if not copy.exists():
        shutil.copytree(default_folder(), copy)
    (copy / "promises" / "l-new.yaml").write_text(chapter)
    policy, problems = examine(copy)
    assert policy is None
    return "\n".join(map(str, problems))


def test_what_the_statement_names_is_declared_where_its_promise_looks(policy: Policy) -> None:
    """Else the promise would be broken in every run, whatever the stores hold."""
    places = {f"{d.store}.{name}": table.columns for d in policy.datasets.values() for name, table in d.tables.items()}
    places |= {f"{d.store}:{name}": p.columns for d in policy.datasets.values() for name, p in d.prefixes.items()}
    lines = policy.processing.processings
    wrong = []
    for promise in policy.promises:
        for control in promise.proven_by:
            match control:
                case DataDeclared():
                    declared = [f"{category}." for category in places[control.place].values()]
                    named = [c for c in control.categories if any(d.startswith(f"{c}.") for d in declared)]
                    fits = len(named) == len(control.categories)
                case FieldsLimited():
                    fits = set(places[control.place]) <= set(control.fields)
                case ProcessingRegistered():
                    covered = {word for line in lines for word in (*line.purposes, *line.subjects)}
                    fits = {*control.purposes, *control.subjects} <= covered
                case _:
                    fits = True
            if not fits:
                wrong.append(f"{promise.id}: {control!r}")
    assert wrong == []
