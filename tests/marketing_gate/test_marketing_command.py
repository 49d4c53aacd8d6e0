"""`hoeder marketing`: what somebody at a desk sees, and the exit codes that a script relies on."""

import json
from datetime import date
from pathlib import Path

import pytest
from market import Market, gated
from typer.testing import CliRunner

from hoeder.cli import marketing
from hoeder.errors import Refused
from hoeder.marketing_gate import ready

RUNNER = CliRunner()


@pytest.fixture
def desk(market: Market, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The connections in a file, and the company's policy."""
    monkeypatch.setattr(marketing, "load", lambda: market.policy)
    file = tmp_path / "connections.json"
    plain = {name: one.model_dump(by_alias=True) for name, one in market.connections.items()}
    file.write_text(json.dumps(plain), encoding="utf-8")
    return file


def test_a_list_is_judged_cleared_and_checked(market: Market, desk: Path, tmp_path: Path) -> None:
    def call(*words: str) -> tuple[int, str]:
        done = RUNNER.invoke(marketing.app, [*words, "--connections", str(desk)])
        return done.exit_code, done.output

    market.person(1, text="mail-1")
    market.person(2)
    market.put("mailing", b"nr;mail;name\n1;p1@shop.example;Een\n2;p2@shop.example;Twee\n")
    code, said = call("gate", "mailing")
    assert (code, said.splitlines()[0]) == (0, "1 of 2 lines may be used")
    assert "no-consent" in said and "shop.example" not in said
    (content,) = market.allowed().values()
    file = tmp_path / "send.parquet"
    file.write_bytes(content)
    code, said = call("clear", str(file))
    assert (code, said.splitlines()[0][:38]) == (0, "1 line of list mailing may be used for")
    assert call("check")[0] == 0
    market.db.execute("insert into sent values (2, 'mailing', 'email', 'p2@shop.example', null, now())")
    code, said = call("check", "--json")
    assert code == 1
    assert json.loads(said)["findings"] == [{"kind": "no-consent", "what": "mailing", "channel": "email", "number": 1}]
    market.put("mailing", b"nr;mail;name\n2;p2@shop.example;Twee\n")
    assert call("gate", "mailing", "--json")[0] == 1, "nobody may be written to"
    code, said = call("lists", "--json")
    mailing = next(one for one in json.loads(said) if one["list"] == "mailing")
    assert (code, mailing["listed"], mailing["allowed"]) == (0, 1, 0)


def test_a_run_without_a_name_takes_what_is_new(market: Market) -> None:
    assert ready.chosen(market.policy, market.resolve, market.governance, "", "") == [("table", "telephone")]
    market.put("mailing", b"nr;mail;name\n")
    assert ("mailing", "email") in ready.chosen(market.policy, market.resolve, market.governance, "", "")
    assert ready.chosen(market.policy, market.resolve, market.governance, "mailing", "") == [("mailing", "email")]
    with pytest.raises(Refused, match="for telephone, sms"):
        ready.chosen(market.policy, market.resolve, market.governance, "calls", "")


def test_the_day_in_a_key_says_which_list_is_the_newest(market: Market) -> None:
    market.person(1, text="mail-1")
    for day, mail in (("2026-11-23", "p1"), ("2026-11-20", "p2")):
        market.put(f"mailing/date={day}", f"nr,mail,name\n1,{mail}@shop.example,x\n".encode())
    assert gated(market, today=date(2026, 11, 23)).allowed == 1
