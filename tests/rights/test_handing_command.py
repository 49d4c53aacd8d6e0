"""`hoeder requests`: letters that somebody asks for, a package made again, and recipients that are not told."""

from pathlib import Path

import pytest
from desk import TODAY, Desk
from desk import desk as desk
from desk import place as place
from test_requests_command import Run, raise_of
from test_requests_command import run as run

from hoeder.errors import HoederError, Refused
from hoeder.governance.protection import Protections
from hoeder.rights import case, package, recipients, upkeep
from hoeder.rights.case import Right, What
from hoeder.rights.granting import propose


def test_a_letter_is_written_when_somebody_asks(desk: Desk, run: Run, tmp_path: Path) -> None:
    number = str(desk.confirmed("access"))
    with pytest.raises(HoederError, match="receipt or recipients"):
        raise_of(run("letters", number, "--out", str(tmp_path), "--write", "answer"))
    assert run("letters", number, "--out", str(tmp_path), "--write", "receipt").exit_code == 0
    assert run("letters", number, "--out", str(tmp_path), "--write", "recipients").exit_code == 0
    (receipt,) = tmp_path.glob("*-receipt.txt")
    assert "u wilt uw gegevens inzien" in receipt.read_text()
    (told,) = tmp_path.glob("*-recipients.txt")
    assert "Niemand kreeg deze gegevens van ons" in told.read_text()


def test_a_package_is_made_again_where_the_secret_was_lost(desk: Desk, run: Run, tmp_path: Path) -> None:
    number, work = desk.searched("access"), desk.work
    would = propose(
        work.policy, work.resolve, work.key, Protections.read(desk.db, work.key), work.look(number), Right.ACCESS, TODAY
    ).digest
    case.take(desk.db, number, What.DECIDED, "dpo", {"granted": {"access": would}})
    package.make(
        desk.db, work.policy, work.resolve, work.key, work.vault, number, digest=would, run=work.run, today=TODAY
    )
    assert run("package", str(number), "access", "--out", str(tmp_path / "a.zip")).exit_code == 0
    with pytest.raises(Refused, match="--again"):
        raise_of(run("package", str(number), "access", "--out", str(tmp_path / "b.zip")))
    again = run("package", str(number), "access", "--out", str(tmp_path / "b.zip"), "--again")
    assert "secret, shown once:" in again.output and (tmp_path / "b.zip").read_bytes()[:2] == b"PK"


def test_a_recipient_that_is_not_told_is_put_down_with_its_ground(desk: Desk, run: Run) -> None:
    number = str(desk.searched("erasure"))
    with pytest.raises(HoederError, match="impossible, disproportionate"):
        raise_of(run("recipients", number, "--untold", "host", "--ground", "busy"))
    with pytest.raises(HoederError, match="no notice for host"):
        raise_of(run("recipients", number, "--untold", "host"))


def test_notices_that_wait_too_long_are_counted_with_the_clocks(desk: Desk) -> None:
    number = desk.searched("erasure")
    desk.db.execute(
        """with l as (insert into subject_letter (case_id, name, version, template_digest, language, reference)
                      values (%s, 'notice', 1, repeat('a', 64), 'nl', %s) returning letter)
           insert into recipient_notice (case_id, asked, recipient, letter, made_at)
           select %s, 'erasure', 'host', letter, clock_timestamp() - interval '9 days' from l""",
        [number, b"x" * 16, number],
    )
    today = recipients.notices(desk.db)[0].made_at.date()
    counts = upkeep.clocks(desk.db, desk.work.policy, run=desk.work.run, today=today.replace(year=today.year + 1))
    assert (counts["to_send"], counts["reminded"]) == (1, 0)
