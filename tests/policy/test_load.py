"""Policy files: the shipped ones are valid, and every mistake is named with its line, all at once."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from hoeder.clock import due_date
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
        ("datasets/crm.yaml", "user.contact.email", "user.contact.mail", "did you mean user.contact.email?"),
        ("organisation.yaml", "approves: [retention, ", "approves: [", "nobody could approve"),
        ("retention.yaml", "approved_on: 2026-11-01", "approved_on: 2026-02-30", "cannot be read"),
        ("retention.yaml", "- rule: contact-message", "- rule: [contact-message", "not valid YAML"),
        ("retention.yaml", "3 months after", "0 months after", "at least 1 month"),
        ("retention.yaml", "2 years after", "101 years after", "at most 100 years"),
        ("retention.yaml", "3 months after closed_on", "3 months after body", "user.content.private, which is no date"),
        ("datasets/crm.yaml", "    subject: {kind: message, column: id}\n", "", "crm.contact_message has no subject"),
        ("datasets/documents.yaml", "    subject: {kind: employee, column: employee_id}\n", "", "has no subject"),
        ("datasets/documents.yaml", "column: employee_id}", "column: employe_id}", "did you mean employee_id?"),
        ("datasets/crm.yaml", "    client_column: client_id\n", "", "client_column must say for which client"),
        ("datasets/web.yaml", "  searches/:", "  access-logs/searches/:", "lies inside prefix access-logs/"),
        ("datasets/web.yaml", "  access-logs/:", "  access-logs:", "a prefix ends in /"),
        ("stores.yaml", "bucket: documents", "bucket: web", "store documents is the same place as store web"),
        ("stores.yaml", "connection: hr", "connection: crm", "store hr is the same place as store crm"),
    ],
)
def test_names_that_nobody_declared_and_values_that_mean_nothing_are_refused(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    edit(folder / file, old, new)
    policy, problems = examine(folder)
    assert policy is None
    assert any(message in str(p) for p in problems), [str(p) for p in problems]


def add_rule(folder: Path, like: str, **changes: object) -> None:
    """One more rule, like one that is there but for the changes."""
    rules = yaml.safe_load((folder / "retention.yaml").read_text())
    rules.append({**next(rule for rule in rules if rule["rule"] == like), **changes})
    (folder / "retention.yaml").write_text(yaml.safe_dump(rules))


def test_a_second_rule_cannot_cut_short_what_a_floor_keeps(folder: Path) -> None:
    add_rule(folder, "payslip", rule="payslip-short", keep="1 day after paid_on", type="OWN")
    policy, problems = examine(folder)
    assert policy is None
    assert any("rules payslip and payslip-short are both in force for hr.payslip" in p.message for p in problems)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"type": "CEILING", "keep": "2 years after paid_on", "purpose": "another"},
            "payslip-2 (CEILING, 2 years after paid_on) must be gone while payslip (FLOOR, 7 years after the calendar",
        ),
        (
            {"type": "OWN", "then": {"null": ["net"]}, "keep": "2 years after paid_on"},
            "payslip-2 never acts, as payslip",
        ),
        ({"then": {"null": ["nett"]}, "covers": ["gros"]}, "did you mean net?"),
        ({"covers": ["gros"], "purpose": "another"}, "covered column hr.payslip.gros is not declared"),
        ({"then": {"null": ["id"]}}, "the key and the client column tell rows apart"),
        ({"then": {"anonymize": {"paid_on": "decade"}}}, "anonymize knows year, month"),
        ({"then": "shred"}, "expected erase, drop-partition, rewrite"),
        ({"then": "rewrite"}, "rewrite is for rows inside objects"),
        ({"then": {"return": "elsewhere:out/"}}, "expected erase, drop-partition, rewrite"),
        ({"role": "controller"}, "hr.payslip is held as employer, and the rule says controller"),
        ({"clients": {"a": {"is": 1, "instructed_on": "2026-01-01"}}}, "no client_column"),
    ],
)
def test_rules_that_cannot_be_carried_out_together_or_at_all_are_named(
    folder: Path, changes: dict[str, object], message: str
) -> None:
    add_rule(folder, "payslip", rule="payslip-2", **changes)
    _, problems = examine(folder)
    assert any(message in str(p) for p in problems), [str(p) for p in problems]


BY_THE_STORE = {
    "applies_to": "releases:catalog/", "keep": "30 days after stored", "enforce": "store", "pre_approved_up_to": 10,
    "role": "controller", "rule": "scratch",
}  # fmt: skip


def test_a_bucket_may_keep_the_term_of_what_holds_nobodys_data(folder: Path) -> None:
    edit(folder / "datasets" / "releases.yaml", "columns: {}", "columns: {language: system.operations}")
    add_rule(folder, "expired-release", **BY_THE_STORE)
    assert examine(folder)[1] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"enforce": "hoeder"}, "only a rule with `enforce: store` counts from the day on which an object was stored"),
        ({"keep": "30 days after date"}, "expected `<n> days after stored`"),
        ({"keep": "3 months after stored"}, "expected `<n> days after stored`"),
        ({"pre_approved_up_to": None}, "say how many objects may go at once"),
        ({"then": "rewrite"}, "erases whole objects of a prefix"),
        ({"applies_to": "recordings:calls/"}, "a legal hold must be able to keep an object"),
        ({"applies_to": "releases:versions/"}, "has another rule, which a bucket would not wait for"),
        ({"enforce": "bucket"}, "enforce"),
    ],
)
def test_a_bucket_keeps_no_term_that_it_cannot_or_that_a_hold_may_stop(
    folder: Path, changes: dict[str, object], message: str
) -> None:
    add_rule(folder, "expired-release", **BY_THE_STORE | changes)
    _, problems = examine(folder)
    assert any(message in str(p) for p in problems), [str(p) for p in problems]


def test_only_what_is_erased_afterwards_goes_back_to_a_client_first(folder: Path) -> None:
    rules = yaml.safe_load((folder / "retention.yaml").read_text())
    (note,) = [rule for rule in rules if rule["rule"] == "client-note"]
    note["clients"]["kabelaar"]["first"] = "return"
    (folder / "retention.yaml").write_text(yaml.safe_dump(rules))
    returned = {rule.rule for rule in load(folder).retention if rule.client and rule.client.returned}
    assert "client-note-kabelaar" in returned
    assert "client-note-stroomwijs" not in returned
    note["then"] = {"null": ["body"]}
    (folder / "retention.yaml").write_text(yaml.safe_dump(rules))
    assert any("other ends have no `first: return`" in p.message for p in examine(folder)[1])


def test_a_part_of_a_record_that_a_floor_does_not_need_may_go_sooner(folder: Path) -> None:
    edit(
        folder / "retention.yaml",
        "  applies_to: hr.payslip\n",
        "  applies_to: hr.payslip\n  covers: [gross, paid_on]\n",
    )
    add_rule(folder, "payslip", rule="payslip-net", keep="2 years after paid_on", type="OWN", then={"null": ["net"]},
             covers=[], purpose="another")  # fmt: skip
    assert examine(folder)[1] == []


def test_processor_data_without_the_clients_instructions_are_refused(folder: Path) -> None:
    rules = yaml.safe_load((folder / "retention.yaml").read_text())
    (folder / "retention.yaml").write_text(yaml.safe_dump([{**r, "clients": {}} for r in rules]))
    assert [p.message for p in examine(folder)[1]] == [
        "rule client-note: held as processor, so the clients' instructions decide: say for each client since when, and "
        "the term where it differs (AVG 28(3))"
    ]


def test_each_client_has_its_own_rule_and_the_others_share_one(folder: Path) -> None:
    edit(folder / "retention.yaml", "stroomwijs: {is: 1,", "stroomwijs: {is: 1, keep: 3 months after noted_on,")
    rules = {rule.rule: rule for rule in load(folder).retention if rule.applies_to == "crm.client_note"}
    assert {name: str(rule.keep) for name, rule in rules.items()} == {
        "client-note": "6 months after noted_on",
        "client-note-stroomwijs": "3 months after noted_on",
        "client-note-kabelaar": "6 months after noted_on",
        "client-note-zekerdak": "6 months after noted_on",
        "client-note-tuinkamer": "6 months after noted_on",
    }
    assert not rules["client-note"].keeps_from(rules["client-note-stroomwijs"])


def test_who_alone_may_approve_cannot_be_who_changed_the_rules(folder: Path) -> None:
    edit(folder / "retention.yaml", "changed_by: compliance_officer", "changed_by: dpo")
    assert any("nobody could approve its plans" in p.message for p in examine(folder)[1])


def test_book_years_begin_when_the_organisation_says_so(folder: Path) -> None:
    edit(folder / "organisation.yaml", "locked_years:", "book_year_begins: 7\nlocked_years:")
    edit(folder / "retention.yaml", "the calendar year of invoice_date", "the book year of invoice_date")
    keep = next(rule.keep for rule in load(folder).retention if rule.rule == "invoice")
    assert due_date(date(2022, 6, 15), keep) == date(2029, 7, 1)
    assert due_date(date(2022, 7, 1), keep) == date(2030, 7, 1)


def test_a_rule_may_follow_another_that_has_ended(folder: Path) -> None:
    edit(folder / "retention.yaml", "  valid_from: 2026-11-01\n", "  valid_from: 2026-11-01\n  valid_to: 2027-06-30\n")
    add_rule(folder, "contact-message", rule="contact-message-2027", valid_from="2027-07-01", valid_to=None)
    assert examine(folder)[1] == []


def test_a_store_that_no_dataset_describes_is_refused(folder: Path) -> None:
    (folder / "datasets" / "mailbox.yaml").unlink()
    assert any("store mailbox has no file in datasets/" in p.message for p in examine(folder)[1])


def test_a_policy_without_rules_is_refused(folder: Path) -> None:
    (folder / "retention.yaml").write_text("[]\n")
    assert any("nothing would ever be erased" in p.message for p in examine(folder)[1])


@pytest.mark.parametrize("name", ["releases/web-usage.yml", "datasets/old/crm.yaml"])
def test_a_file_that_would_not_be_read_is_named(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("release: unread\n")
    policy, problems = examine(folder)
    assert policy is None
    assert [(p.file.endswith(name), "is not read" in p.message) for p in problems] == [(True, True)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("~\n", "the file is empty"),
        ("- &a [*a]\n", "an alias"),
        ("[" * 2000 + "]" * 2000, "nested too deeply"),
        ("? [a, b]\n: 1\n", "unhashable key"),
    ],
    ids=["null", "alias of itself", "deep", "list as key"],
)
@pytest.mark.parametrize("file", ["stores.yaml", "datasets/crm.yaml"])
def test_yaml_that_python_cannot_hold_is_a_problem_of_its_file(
    folder: Path, file: str, text: str, message: str
) -> None:
    (folder / file).write_text(text)
    policy, problems = examine(folder)
    assert policy is None
    assert any(p.file.endswith(file) and message in p.message for p in problems), [str(p) for p in problems]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "stores.yaml").unlink()
    with pytest.raises(PolicyError, match=r"stores\.yaml:1: the file does not exist"):
        load(folder)


def test_a_release_of_an_undeclared_column_is_refused(folder: Path) -> None:
    release = folder / "releases" / "contact-reasons.yaml"
    edit(release, "  reason: {role", "  mood: {role")
    _, problems = examine(folder)
    assert any("a column that nobody classified is not released" in p.message for p in problems)
