"""What is wrong in incidents.yaml or questions.yaml is named with its line and what was meant."""

import shutil
from pathlib import Path

import pytest

from hoeder.policy import default_folder
from hoeder.policy.load import examine


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("incidents", "  zekerdak: {tell_within_hours: 12}\n", "", "client zekerdak has no hours"),
        ("incidents", "  zekerdak:", "  zekerdaak:", "did you mean zekerdak?"),
        ("incidents", "finding: leaver", "finding: leavers", "access_review has no finding leavers"),
        ("incidents", "kind: access-not-ended", "kind: access-not-endd", "did you mean access-not-ended?"),
        ("incidents", "notify_all: undecided", "notify_all: maybe", "'undecided', 'yes' or 'no'"),
        ("questions", "table: complaint", "table: complaints", "did you mean complaint?"),
        ("questions", "received: received_on", "received: receved_on", "did you mean received_on?"),
        ("questions", "prefix: inbox/", "prefix: inbx/", "did you mean inbox/?"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(default_folder(), folder)
    path = folder / f"{file}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    policy, problems = examine(folder)
    assert policy is None
    assert said in "\n".join(map(str, problems))
    assert f"{file}.yaml:" in str(problems[0])


def test_a_bare_yes_or_no_is_taken_as_it_is_meant(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    shutil.copytree(default_folder(), folder)
    path = folder / "incidents.yaml"
    path.write_text(path.read_text().replace("notify_all: undecided", "notify_all: yes"))
    policy, problems = examine(folder)
    assert problems == []
    assert policy and policy.incidents and policy.incidents.notify_all == "yes"
