"""`hoeder requests`: the clock first, nothing personal but where it is asked for, exit code 0 only when all is well."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import KEY, Desk, ago
from desk import desk as desk
from desk import place as place
from servers import Database, connection_to
from typer.testing import CliRunner, Result

import hoeder.policy
from hoeder.cli import app
from hoeder.errors import HoederError, Refused
from hoeder.rights import by_hand, case, case_file, deciding, finish, letters, search, steps
from hoeder.rights.case import What

Run = Callable[..., Result]


@pytest.fixture
def run(desk: Desk, governance: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(hoeder.policy, "load", lambda: desk.work.policy)
    key = {"conn_type": "generic", "password": base64.b64encode(KEY.secret).decode()}
    connections = tmp_path / "connections.json"
    known = {name: each.model_dump(by_alias=True) for name, each in desk.connections.items()}
    known |= {"governance_rights": connection_to(governance).model_dump(by_alias=True), "reference_key": key}
    connections.write_text(json.dumps(known))

    def call(*words: str, typed: str | None = None) -> Result:
        desk.db.commit()
        return CliRunner().invoke(app, ["requests", *words, "--connections", str(connections)], input=typed)

    return call


def test_requests_are_listed_most_urgent_first_and_one_that_is_late_is_said_with_the_exit_code(
    desk: Desk, run: Run
) -> None:
    new = desk.confirmed("access")
    fine = run("list")
    assert fine.exit_code == 0, fine.output
    late = desk.confirmed("erasure", received_at=ago(50))
    shown = run("list")
    assert shown.exit_code == 1
    assert shown.output.index(str(late)[:8]) < shown.output.index(str(new)[:8])
    assert "2 open, 1 overdue" in shown.output
    said = json.loads(run("list", "--json").output)
    assert [(each["rights"], each["days_left"] < 0) for each in said] == [(["erasure"], True), (["access"], False)]
    assert "jan" not in shown.output + str(said)


def test_a_case_is_shown_by_the_beginning_of_its_number_without_its_person(desk: Desk, run: Run) -> None:
    number = desk.searched("erasure")
    shown = run("show", str(number)[:8])
    assert shown.exit_code == 0, shown.output
    for said in ("erasure", "identified", "known-address", "shop.note: 2 records", "an extension is told by"):
        assert said in shown.output
    assert not re.search("jan@|Vries", shown.output)
    assert json.loads(run("show", str(number), "--json").output)["places"]
    desk.confirmed("access")
    for wrong in ("zz", ""):
        with pytest.raises(HoederError, match=r"begins with"):
            raise_of(run("show", wrong))


def raise_of(result: Result) -> None:
    assert result.exception is not None, result.output
    raise result.exception


def test_a_letter_is_typed_or_read_and_goes_to_the_vault(desk: Desk, run: Run, tmp_path: Path) -> None:
    typed = "Anna Bakker\nanna@example.nl\n\n1982-01-01\n1234AB\n\n"
    given = run("new", "--channel", "letter", "--received", f"{ago(3):%Y-%m-%d}", "--right", "access", typed=typed)
    assert given.exit_code == 0, given.output
    (found,) = case.open_cases(desk.db)
    file = case_file.read(desk.work.vault, found.case_id)
    assert (file.identities, file.answer_to) == ((("email", "anna@example.nl"),), "anna@example.nl")
    assert (found.last, found.channel) == (What.PROPOSED, "letter")
    who = tmp_path / "who.json"
    who.write_text(json.dumps({"names": ["Karel"], "identities": [["email", "k@example.nl"]]}))
    words = ("new", "--channel", "desk", "--received", f"{ago(0):%Y-%m-%d}", "--right", "erasure", "--who", str(who))
    assert run(*words).exit_code == 0
    who.write_text('{"name": "Karel geheim"}')
    for wrong, why in (
        (words, "no JSON object with the fields of a case"),
        ((*words[:2], "pigeon", *words[3:]), "letter, telephone or desk"),
        ((*words[:6], "forgetting", *words[7:]), "there are access"),
        ((*words[:4], "2099-01-01", *words[5:]), "fields of a case|future"),
    ):
        with pytest.raises(HoederError, match=why) as error:
            raise_of(run(*wrong))
        assert "geheim" not in str(error.value)


def test_possible_matches_are_shown_and_judged_one_by_one(desk: Desk, run: Run) -> None:
    number = desk.identified("access")
    steps.find(desk.work, number)
    (possible,) = search.possible(desk.db, number)
    shown = run("matches", str(number))
    assert shown.exit_code == 1, "one waits"
    assert "Piet de Vries" in shown.output and possible.reference.hex() in shown.output
    for wrong, why in ((("xyz", "yes"), "row of digits"), ((possible.reference.hex(), "maybe"), "yes or no"),
                       (("00" * 16, "yes"), "no possible match")):  # fmt: skip
        with pytest.raises(HoederError, match=why):
            raise_of(run("judge", str(number), *wrong))
    judged = run("judge", str(number), possible.reference.hex(), "no", "--by", "dpo")
    assert "0 left" in judged.output
    assert run("matches", str(number)).exit_code == 0
    assert steps.to_judge(desk.work, number) is None, "Airflow does not ask again"


def test_an_extension_is_told_by_letter_and_its_ground_is_no_excuse(desk: Desk, run: Run, tmp_path: Path) -> None:
    number = str(desk.confirmed("access", received_at=ago(3)))
    with pytest.raises(HoederError, match="being busy is none"):
        raise_of(run("extend", number, "--ground", "busy", "--reason", "x"))
    assert run("extend", number, "--ground", "complexity", "--reason", "Veel systemen").exit_code == 0
    with pytest.raises(Refused, match="it can be once"):
        raise_of(run("extend", number, "--ground", "complexity", "--reason", "Nog meer"))
    assert run("letters", number, "--out", str(tmp_path / "post")).exit_code == 0
    assert {each.suffix for each in (tmp_path / "post").iterdir()} == {".pdf", ".txt"}


def test_a_package_shows_its_secret_once(desk: Desk, run: Run, tmp_path: Path) -> None:
    number = desk.searched("access")
    answers = []
    for text in deciding.to_decide(desk.work, number):
        answers.append(desk.answer(text, "Grant"))
    deciding.decide(desk.work, number, answers)
    finish.carry_out(desk.work, number, answers)
    there = tmp_path / "there.zip"
    there.write_bytes(b"mine")
    with pytest.raises(HoederError, match="nothing was closed"):
        raise_of(run("package", str(number), "access", "--out", str(there)))
    assert there.read_bytes() == b"mine"
    shown = run("package", str(number), "access", "--out", str(tmp_path / "a.zip"))
    assert shown.exit_code == 0, shown.output
    secret = shown.output.rpartition("shown once: ")[2].strip()
    assert len(secret) >= 16
    assert secret not in str(list(desk.db.execute("select * from ledger"))), "kept nowhere"
    with pytest.raises(Refused, match="handed out"):
        raise_of(run("package", str(number), "access", "--out", str(tmp_path / "b.zip")))
    assert not (tmp_path / "b.zip").exists()


def test_a_restriction_is_lifted_on_the_day_that_the_person_is_told(desk: Desk, run: Run) -> None:
    number = str(desk.confirmed("restriction"))
    with pytest.raises(HoederError, match="--lift"):
        raise_of(run("restrict", number))
    assert "by itself" in run("restrict", number, "--lift").output
    with pytest.raises(Refused, match="settled already"):
        raise_of(run("restrict", number, "--lift"))
    assert [each.name for each in letters.written(desk.db, case.open_cases(desk.db)[0].case_id)] == ["lifting"]


def test_corrections_are_read_from_a_file_and_their_values_stay_in_the_vault(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    number = desk.confirmed("rectification")
    said = tmp_path / "said.json"
    said.write_text(json.dumps([{"place": "shop.contact", "column": "name", "value": "Jan van Vries"}]))
    given = run("correct", str(number), str(said))
    assert given.exit_code == 0, given.output
    (one,) = case_file.read(desk.work.vault, number).corrections
    assert one.value == "Jan van Vries"
    assert "van Vries" not in given.output + str(list(desk.db.execute("select * from subject_step")))
    said.write_text("[{}]")
    with pytest.raises(HoederError, match="no JSON list of corrections"):
        raise_of(run("correct", str(number), str(said)))
    with pytest.raises(Refused, match="asks for no rectification"):
        said.write_text("[]")
        raise_of(run("correct", str(desk.confirmed("access")), str(said)))


WHO = {"identities": [["email", "jan@example.nl"]], "names": ["Jan"]}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "%"), "no case begins with '%'"),
        (("show", "zz", "--message"), "no case begins with 'zz'"),
        (("new", "--channel", "mail"), "are taken in by themselves"),
        (("new", "--right", "inzage"), "there are access, rectification"),
        (("new", "--who", "WHO", "--by", "Jan de Vries"), "--by is a login"),
        (("new", "--who", "KINDS"), "nobody is found by emial; identities are contact, email, phone"),
        (("new", "--who", "."), "cannot read"),
        (("correct", "CASE", "OTHER"), "shop.note.body is not corrected by a request: policy names shop.contact"),
        (("correct", "CASE", "COLUMN"), "policy names name, email"),
        (("letters", "CASE", "--out", "WHO"), "--out is a folder"),
        (("extend", "CASE", "--ground", "busy"), "being busy is none"),
        (("judge", "CASE", "abc", "yes"), "the row of digits"),
    ],
)
def test_wrong_words_are_said_in_one_sentence_and_change_nothing(
    desk: Desk, run: Run, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    number = str(desk.searched("rectification"))
    for name, said in {
        "WHO": WHO, "KINDS": WHO | {"identities": [["emial", "jan@example.nl"]]},
        "OTHER": [{"place": "shop.note", "column": "body", "value": "x"}],
        "COLUMN": [{"place": "shop.contact", "column": "phone", "value": "x"}],
    }.items():  # fmt: skip
        (tmp_path / name).write_text(json.dumps(said))
    given = [number if word == "CASE" else str(tmp_path / word) if word.isupper() else word for word in words]
    if words[0] == "new":
        given += [word for option, value in (("--channel", "desk"), ("--received", "2026-11-01"), ("--right", "access"))
                  if option not in words for word in (option, value)]  # fmt: skip
    before = len(desk.db.execute("select from subject_step").fetchall())
    with pytest.raises(HoederError, match=why) as refused:
        raise_of(run(*given))
    assert "\n" not in str(refused.value) and "jan@" not in str(refused.value)
    assert len(desk.db.execute("select from subject_step").fetchall()) == before


def test_the_question_to_the_person_says_something(desk: Desk) -> None:
    with pytest.raises(Refused, match="say which"):
        by_hand.clarify(desk.work, desk.confirmed("access"), "  ", by="dpo")
