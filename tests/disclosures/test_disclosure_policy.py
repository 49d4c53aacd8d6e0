"""A table of powers that contradicts itself is named, line by line."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from hoeder.policy.agree_disclosures import problems
from hoeder.policy.dataset import Dataset
from hoeder.policy.disclosures import DisclosureFile, below
from hoeder.policy.fraud_files import FraudFile
from hoeder.policy.parsed import Parsed
from hoeder.policy.source import read

POLICY = Path(__file__).parents[2] / "include" / "policy"
BALANCED = next(
    line for line in (POLICY / "disclosures.yaml").read_text().splitlines() if line.startswith("  balanced: {")
)


def parsed(tmp_path: Path, name: str, kind: Any, old: str, new: str) -> Parsed[Any]:
    text = (POLICY / name).read_text()
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1))
    source, wrong = read(path, name)
    assert wrong == []
    return Parsed(source, TypeAdapter(kind).validate_python(source.data))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("valid_to: 2029-03-31", "valid_to: 2005-12-31", "power sv-126nc ends before it begins"),
        ("power: without-order", "power: sv-126nc", "police has power sv-126nc twice"),
        ("authority: prosecution", "authority: police", "authority police is described twice"),
        (BALANCED, "", "requirement balanced has no words under requirements"),
        ("never: [user.authorization]", "never: [user]", "power sv-126nf covers nothing"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    file = parsed(tmp_path, "disclosures.yaml", DisclosureFile, old, new)
    found = [str(each) for each in problems(file, None, [], [])]
    assert any(reason in each and each.startswith("disclosures.yaml:") for each in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("may_ask: [user.name, user.contact]", "may_ask: []"),
        ("may_ask: [user.name, user.contact]", "may_ask: [user.nam]"),
        ("requires: [written, identity-shown", "requires: [writen, identity-shown"),
        ("certainty: L", "certainty: sure"),
    ],
)
def test_words_that_nobody_knows_are_no_power(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(ValidationError):
        parsed(tmp_path, "disclosures.yaml", DisclosureFile, old, new)


def test_fraud_files_name_tables_and_columns_that_are_declared_and_ruled(tmp_path: Path) -> None:
    file = parsed(tmp_path, "fraud_files.yaml", FraudFile, "approver: approver", "approver: aprover")
    crm = TypeAdapter(Dataset).validate_python(yaml.safe_load((POLICY / "datasets" / "crm.yaml").read_text()))
    found = [each.message for each in problems(None, file, [crm], [])]
    assert sum("crm.fraud_signal has no column aprover by datasets/crm.yaml" in each for each in found) == 1
    assert sum("has no rule in retention.yaml" in each for each in found) == 2


@pytest.mark.parametrize(
    ("category", "covered"),
    [("user.contact", True), ("user.contact.email", True), ("user.contacts", False), ("user", False)],
)
def test_a_category_covers_what_stands_below_it_and_nothing_that_only_sounds_alike(
    category: str, covered: bool
) -> None:
    assert below(category, ["user.contact"]) is covered
