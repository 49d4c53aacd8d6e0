"""Whose folder it is: nothing of somebody else's is changed, and what `make up` keeps no demonstration removes."""

import stat
from datetime import date
from pathlib import Path

import pytest

from hoeder.demo import main_job
from hoeder.errors import StackError
from hoeder.stack import manager
from hoeder.stack.home import MARKER, is_disposable, make_home, mark, secret
from hoeder.stack.manager import Spec, Stack


class Reached(Exception):
    """The servers would be started now."""


def _say(line: str) -> None:
    pass


def _demo(home: Path) -> None:
    main_job.run(home, home, persons=100, today=date(2026, 11, 22), say=_say, show=_say)


@pytest.fixture(autouse=True)
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(home: Path, spec: Spec, say: object) -> Stack:
        raise Reached

    monkeypatch.setattr(manager, "up", start)


@pytest.fixture
def thesis(tmp_path: Path) -> Path:
    """A folder of somebody else, with a secrets.json, state.json and lock of its own."""
    folder = tmp_path / "my project"
    folder.mkdir(mode=0o700)
    for name in ("secrets.json", "state.json", "lock", "thesis.tex"):
        (folder / name).write_text('{"mine": 1}')
    return folder


def _look(folder: Path) -> dict[str, object]:
    return {path.name: path.read_text() for path in folder.iterdir()} | {"": stat.S_IMODE(folder.stat().st_mode)}


@pytest.mark.parametrize(
    "act",
    [make_home, _demo, lambda home: manager.down(home, _say), manager.status],
    ids=["up", "demo", "down", "status"],
)
def test_a_folder_that_hoeder_did_not_make_stays_as_it_is(thesis, act):
    before = _look(thesis)
    with pytest.raises(StackError, match="was not made by Hoeder"):
        act(thesis)
    assert _look(thesis) == before


def test_a_marker_with_other_words_is_not_hoeders(thesis):
    (thesis / MARKER).write_text("notes about Hoeder")
    with pytest.raises(StackError, match="was not made by Hoeder"):
        _demo(thesis)
    assert (thesis / "thesis.tex").exists()


def test_a_second_demonstration_removes_the_first(tmp_path):
    home = make_home(tmp_path / "demo")
    mark(home, disposable=True)
    secret(home, "reference-key")
    (home / "pg").mkdir()
    (home / "pg" / "PG_VERSION").write_text("18")
    with pytest.raises(Reached):
        _demo(home)
    assert not {"pg", "secrets.json", "logs"} & {path.name for path in home.iterdir()}


def test_what_make_up_started_no_demonstration_removes(tmp_path):
    home = make_home(tmp_path / "kept")
    key = secret(home, "reference-key")
    with pytest.raises(StackError, match=r"kept holds what `make up` started.*--home FOLDER"):
        _demo(home)
    assert secret(home, "reference-key") == key


def test_what_cannot_be_removed_is_said(tmp_path, monkeypatch):
    home = make_home(tmp_path)
    mark(home, disposable=True)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(main_job.shutil, "rmtree", refuse)
    with pytest.raises(StackError, match=r"cannot remove .*logs.*: Permission denied"):
        _demo(home)


def test_a_home_with_a_comma_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(StackError, match="comma"):
        make_home(tmp_path / "a,b")
    assert list(tmp_path.iterdir()) == []


def test_a_new_home_is_kept_until_a_demonstration_says_otherwise(tmp_path):
    assert not is_disposable(make_home(tmp_path / "new"))
