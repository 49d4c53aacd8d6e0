"""Where requests come in is held against what policy declares, with file and line."""

import shutil
from pathlib import Path

from hoeder.policy.load import default_folder, examine


def test_a_mailbox_or_form_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(default_folder(), tmp_path / "policy"))
    (folder / "requests.yaml").write_text(
        "mailboxes: ['mailbox:inbax/', 'web:page-views/']\n"
        "forms:\n"
        "  - {store: crm, table: contact_massage, email: email, body: body, received: received_on}\n"
        "  - {store: crm, table: contact_message, email: emial, body: body, received: received_on}\n"
    )
    policy, problems = examine(folder)
    said = {(problem.line, str(problem).partition(": ")[2]) for problem in problems}
    assert policy is None
    assert {line for line, _ in said} == {1, 3, 4}
    for words in (
        "mailbox mailbox:inbax/ is declared by no dataset; did you mean mailbox:inbox/?",
        "mailbox web:page-views/ does not hold mail",
        "table crm.contact_massage is declared by no dataset",
        "column crm.contact_message.emial is not declared; did you mean email?",
    ):
        assert any(words in text for _, text in said), (words, said)
