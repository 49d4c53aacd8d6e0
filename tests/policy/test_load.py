"""Policy files: the shipped ones are valid, and every mistake is named with its line, all at once."""

import shutil
from pathlib import Path

import pytest

from hoeder.errors import PolicyError
from hoeder.policy import default_folder, load
from hoeder.policy.load import examine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped policy to make mistakes in."""
    return Path(shutil.copytree(default_folder(), tmp_path / "policy"))


def edit(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence; its line number."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_policy_is_valid_and_has_a_digest() -> None:
    policy = load()
    assert len(policy.digest) == 64
    assert policy.organisation.approvers("retention") == {"dpo"}


def test_the_digest_follows_the_meaning_and_not_the_comments(folder: Path) -> None:
    before = load(folder).digest
    (folder / "retention.yaml").write_text("# a remark\n" + (folder / "retention.yaml").read_text())
    assert load(folder).digest == before
    edit(folder / "retention.yaml", "3 months after closed_on", "4 months after closed_on")
    assert load(folder).digest != before


def test_every_mistake_of_every_file_is_reported_at_once_with_its_line(folder: Path) -> None:
    keep = edit(folder / "retention.yaml", "keep: 3 months after closed_on", "keep: a while")
    kind = edit(folder / "stores.yaml", "kind: postgresql", "kind: oracle")
    mailbox = edit(folder / "organisation.yaml", "privacy_mailbox:", "privacy_mailbx:")
    _, problems = examine(folder)
    found = {(Path(p.file).name, p.line) for p in problems}
    assert {("retention.yaml", keep), ("stores.yaml", kind), ("organisation.yaml", mailbox)} <= found


def test_an_unknown_key_is_an_error_that_names_the_known_ones(folder: Path) -> None:
    line = edit(folder / "retention.yaml", "  because:", "  becuase:")
    _, problems = examine(folder)
    assert any(p.line == line and "did you mean because?" in p.message for p in problems)


def test_a_key_written_twice_is_an_error(folder: Path) -> None:
    line = edit(folder / "retention.yaml", "  type: OWN\n", "  type: OWN\n  type: NORM\n")
    _, problems = examine(folder)
    assert any(p.line == line + 1 and "twice" in p.message for p in problems)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("retention.yaml", "after closed_on", "after closed_at", "did you mean closed_on?"),
        ("retention.yaml", "crm.contact_message", "crm.contact_mesage", "did you mean contact_message?"),
        ("retention.yaml", "crm.contact_message", "cmr.contact_message", "did you mean crm?"),
        ("retention.yaml", "column: status", "column: sttus", "pending column"),
        ("retention.yaml", "valid_from: 2026-11-01", "valid_from: 2026-11-01\n  valid_to: 2020-01-01", "is before"),
        ("retention.yaml", "rule: complaint", "rule: contact-message", "in force twice"),
        ("organisation.yaml", "approves: [retention]", "approves: []", "nobody could approve"),
        ("retention.yaml", "approved_on: 2026-11-01", "approved_on: 2026-02-30", "cannot be read"),
        ("retention.yaml", "- rule: contact-message", "- rule: [contact-message", "not valid YAML"),
    ],
)
def test_names_that_nobody_declared_and_values_that_mean_nothing_are_refused(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    edit(folder / file, old, new)
    policy, problems = examine(folder)
    assert policy is None
    assert any(message in str(p) for p in problems), [str(p) for p in problems]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "stores.yaml").unlink()
    with pytest.raises(PolicyError, match=r"stores\.yaml:1: the file does not exist"):
        load(folder)


def test_a_release_of_an_undeclared_column_is_refused(folder: Path) -> None:
    release = folder / "releases" / "contact-reasons.yaml"
    edit(release, "column: reason", "column: mood")
    _, problems = examine(folder)
    assert any("a column that nobody classified is not released" in p.message for p in problems)
