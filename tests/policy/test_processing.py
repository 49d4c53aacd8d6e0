"""processing.yaml and attestations.yaml: every word they use is declared, and an error says where and what to do."""

import shutil
from pathlib import Path

import pytest

from hoeder.policy import default_folder, load
from hoeder.policy.load import examine
from hoeder.policy.processing import EEA
from hoeder.registers.content import places


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped policy to make mistakes in."""
    return Path(shutil.copytree(default_folder(), tmp_path / "policy"))


# Reading a whole policy takes a while, so mistakes are made together: those within a file, and those between files.
WITHIN = [
    ("processing", "also: [user.content.private]", "also: [user.contents]", "user.contents is no category of personal"),
    ("processing", "dpv: VendorManagement", "dpv: VendorManagment", "is no purpose of DPV that Hoeder knows"),
    ("processing", "fides: supplier_vendor", "fides: supplier", "supplier is no data subject of fideslang"),
    ("processing", "law: ATW 4:3}", "interest: ours}", "name the statute that obliges"),
    ("processing", "article: 6(1)(b)", "article: 6(1)(g)", "'6(1)(a)'"),
    (
        "processing",
        "country: NL, agreement: 2023",
        "country: NL, safeguard: adequacy, agreement: 2023",
        "needs no safeguard",
    ),
    ("processing", "nl: Werving\n", "nl: Werving\n  legal_basis: x\n", "unknown key"),
    ("attestations", "because: AVG 38(3);", "warn_days: 350\n  because: AVG 38(3);", "is as long as the 12 months"),
]
BETWEEN = [
    ("processing", "purposes: [answer]", "purposes: [anwser]",
     "purpose anwser is not declared under purposes; did you mean answer?"),
    ("processing", "subjects: [guests, employees]", "subjects: [gests]",
     "subject gests is not declared under subjects"),
    ("processing", "recipients: [client, hosting]", "recipients: [hostin]", "recipient hostin is not declared"),
    ("processing", "places: [crm.contact_message]", "places: [crm.contact_mesage]",
     "did you mean crm.contact_message?"),
    ("processing", "places: [crm.newsletter_reader,", "places: [cmr.newsletter_reader,",
     "store cmr is not in stores.yaml; did you mean crm?"),
    ("processing", "places: [crm.fraud_signal,", "places: [crm,", "place crm is not declared in datasets/"),
    ("processing", "places: [hr.working_time]", "places: [crm.client_note]",
     "is held as processor, and the processing is done as employer"),
    ("processing", "  role: processor\n", "  role: processor\n  clients: [stroomwij]\n  basis: {article: 6(1)(b)}\n",
     "did you mean stroomwijs?"),
    ("processing", "  nl: Klantenservice voor opdr", "  nl: Klantenservice voor opdr", "the basis is the client's"),
    ("processing", "- processing: website-security", "- processing: website", "is described twice"),
    ("processing", "kabelaar.example, is: 2,", "kabelaar.example, is: 9,",
     "client kabelaar is 9 here and 2 in rule client-note"),
    ("processing", "tuinkamer.example, is: 6,", "tuinkamer.example, is: 1,",
     "clients stroomwijs and tuinkamer have the same value"),
    ("attestations", "attested_by: [dpo]", "attested_by: [dop]",
     "dop is no officer of organisation.yaml; did you mean dpo?"),
    ("attestations", "- kind: training", "- kind: iso-27001", "is described twice"),
]  # fmt: skip


@pytest.mark.parametrize("mistakes", [WITHIN, BETWEEN], ids=["within", "between"])
def test_every_mistake_is_named_with_its_line_and_what_was_meant(
    folder: Path, mistakes: list[tuple[str, str, str, str]]
) -> None:
    for file, old, new, _ in mistakes:
        path = folder / f"{file}.yaml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
    policy, problems = examine(folder)
    assert policy is None
    for file, _, new, message in mistakes:
        text = (folder / f"{file}.yaml").read_text()
        line = text[: text.index(new)].count("\n") + 1
        found = [p for p in problems if message in p.message and Path(p.file).name == f"{file}.yaml"]
        assert found, (message, problems)
        assert any(abs(problem.line - line) <= 15 for problem in found), (message, line, found)


@pytest.mark.parametrize("file", ["processing.yaml", "attestations.yaml"])
def test_without_the_file_there_is_no_policy(folder: Path, file: str) -> None:
    (folder / file).unlink()
    policy, problems = examine(folder)
    assert policy is None
    assert [Path(problem.file).name for problem in problems] == [file]


def test_a_client_that_a_rule_names_and_nobody_introduces_is_an_error(folder: Path) -> None:
    path = folder / "processing.yaml"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("  kabelaar:")))
    _, problems = examine(folder)
    assert any("rule client-note names client kabelaar" in problem.message for problem in problems)


def test_every_declared_place_with_personal_data_stands_in_a_processing() -> None:
    policy = load()
    covered = {place for one in policy.processing.processings for place in one.places}
    personal = {
        place for place, one in places(policy).items() if any(c.startswith("user") for c in one.columns.values())
    }
    assert personal - covered == set()


def test_the_eea_has_thirty_countries() -> None:
    assert len(EEA) == 30
    assert not EEA & {"GB", "CH", "US"}
