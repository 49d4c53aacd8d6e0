"""What is wrong with `marketing_gate.yaml` is told with file and line, before anybody is approached by it."""

import re
import shutil
from pathlib import Path

import pytest

from hoeder.policy import default_folder
from hoeder.policy.load import examine


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule: email-consent", "rule: telephone-consent", "rule telephone-consent is there twice"),
        ("valid_to: 2026-06-30", "valid_to: 2020-06-30", "rule telephone-customer ends before it begins"),
        ("basis: consent\n    because: sales", "basis: no-objection\n    because: sales", "a ground for post alone"),
        ("how: given_how", "how: given_hows", "has no column given_hows.*did you mean given_how"),
        ("table: crm.delivery", "table: crm.deliveries", "crm.deliveries is not declared in datasets/crm.yaml"),
        ("companies: [post, parcels]", "companies: [post, parcel]", "company parcel is not among companies"),
        ("to: post,", "to: posts,", "company posts is not among companies"),
        ("list: winter-calls", "list: newsletter", "list newsletter is there twice"),
        ("{phone: mobiel, email: mail}", "{phone: mobil, email: mail}", "is declared without column mobil"),
        ("place: 'campaigns:newsletter/'", "place: 'campaign:newsletter/'", "store campaign is not in stores.yaml"),
        ("place: 'campaigns:newsletter/'", "place: campaigns.newsletter", "store campaigns is not a database"),
        ("allowed_into: 'campaigns:allowed/'", "allowed_into: 'campaigns:ok/'", "campaigns:ok/ is not declared"),
        ("good_for_hours: 24", "good_for_hours: 240", "good_for_hours"),
        ("{phone: mobiel, email: mail}", "{email: mail}", "names no column phone"),
    ],
)  # fmt: skip
def test_every_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(default_folder(), folder)
    file = folder / "marketing_gate.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    policy, problems = examine(folder)
    assert policy is None
    told = [str(problem) for problem in problems]
    assert any(re.search(rf"marketing_gate\.yaml:\d+: .*{said}", each) for each in told), told


def test_a_company_that_does_no_marketing_needs_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(default_folder(), folder)
    (folder / "marketing_gate.yaml").unlink()
    policy, problems = examine(folder)
    assert (problems, policy and policy.marketing_gate) == ([], None)
