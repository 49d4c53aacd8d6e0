"""What may be corrected, and where a consent ends: only in tables and columns that there are, and never a client's."""

import shutil
from pathlib import Path

import pytest

from hoeder.policy import default_folder
from hoeder.policy.load import examine


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("crm.contact: {facts: [name,", "crm.contact: {facts: [nam,", "column crm.contact.nam is not declared"),
        ("crm.newsletter_reader:", "crm.newsletter_readers:", "table crm.newsletter_readers is declared by no dataset"),
        ("hr.guest: {facts: [name, email]}", "crm.client_note: {facts: [body]}", "held for clients"),
        ("ended_on: ended_on}", "ended_on: ended}", "column crm.consent_record.ended is not declared"),
    ],
)
def test_a_place_that_is_none_is_said_with_its_line(tmp_path: Path, old: str, new: str, why: str) -> None:
    folder = Path(shutil.copytree(default_folder(), tmp_path / "policy"))
    path = folder / "requests.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    line = text[: text.index(old)].count("\n") + 1
    _, problems = examine(folder)
    assert any(
        why in each.message and (Path(each.file).name, each.line) == ("requests.yaml", line) for each in problems
    )
