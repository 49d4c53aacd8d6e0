"""What `access_review.yaml` may say, and the words for what it may not."""

import shutil
from pathlib import Path

import pytest

from hoeder.policy import default_folder
from hoeder.policy.load import examine


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("owner: applications_dataprotection_manager", "owner: compliance_officer", "cannot decide"),
        ("owner: applications_dataprotection_manager", "owner: nobody", "is no officer of organisation.yaml"),
        ("  store: hr", "  store: hrm", "did you mean hr"),
        ("  store: hr", "  store: web", "is no database"),
        ("left_on: left_on", "left_on: left_at", "did you mean left_on"),
        ("{table: payslip,", "{table: payslips,", "did you mean payslip"),
        ("    table: nda\n    person: employee_id\n    text: text_version\n    signed_on: signed_on",
         "    table: employee\n    person: id\n    text: status\n    signed_on: left_on", "kept apart from"),
        ("tables: [client_note]", "tables: [client_notes]", "did you mean client_note"),
        ("groups: ['agent_{client}']\n  teamleider", "groups: ['agents_{client}']\n  teamleider", "not under groups"),
        ("client_systems: {kabelaar:", "client_systems: {kabelar:", "did you mean kabelaar"),
        ("- place: crm.call_note", "- place: crm.call_notes", "is not declared in datasets/"),
        ("attestations: [training,", "attestations: [trainings,", "did you mean training"),
        ("may: [select]}\n  anonymization", "may: [read]}\n  anonymization", "programs.inventory.may.0"),
        ("keep_days: 180", "keep_days: 0", "keep_days"),
        ("most_missing: 0.2", "most_missing: 0.9", "most_missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, before: str, after: str, reason: str) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(default_folder(), folder)
    file = folder / "access_review.yaml"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))
    policy, problems = examine(folder)
    assert policy is None
    assert any("access_review.yaml:" in str(p) and reason in str(p) for p in problems), problems


def test_a_company_without_the_file_reviews_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(default_folder(), folder)
    (folder / "access_review.yaml").unlink()
    policy, problems = examine(folder)
    assert problems == []
    assert policy is not None
    assert policy.access_review is None
