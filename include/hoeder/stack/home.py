"""The one directory the servers of this machine live in, and the secrets made for them.

<home>/made-by-hoeder.txt     that the folder is Hoeder's, and whether `make demo` may empty it
<home>/pg s3 airflow logs     each server's own data
<home>/secrets.json           generated passwords and keys, 0600
<home>/state.json             which processes run, and on which ports (see processes.py)
"""

import json
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from hoeder.errors import StackError

MARKER = "made-by-hoeder.txt"
_KEPT = "Hoeder made this folder and keeps its servers' data here.\n"
_DISPOSABLE = _KEPT + "They are a demonstration: `make demo` may remove them. `make up` takes this line away.\n"
_secrets_lock = threading.Lock()  # servers start side by side, and each adds its own secrets


def make_home(home: Path) -> Path:
    """Create `home` and return it absolute. Others may pass through (PostgreSQL runs as its own user), not look.

    Raises StackError, and changes nothing, where the folder holds files and Hoeder did not make it.
    """
    home = home.resolve()
    if "," in str(home):
        raise StackError(f"{home}: SeaweedFS cannot work under a path with a comma; choose another folder with --home")
    if not is_ours(home):
        home.mkdir(parents=True, exist_ok=True)
        mark(home, disposable=False)
    home.chmod(0o711)
    logs(home).mkdir(exist_ok=True, mode=0o700)
    return home


def is_ours(home: Path) -> bool:
    """Whether Hoeder made `home`; False where there is nothing yet. StackError for somebody else's files."""
    if _marked(home) in {_KEPT, _DISPOSABLE}:
        return True
    if home.exists() and not (home.is_dir() and not any(home.iterdir())):
        raise StackError(f"{home} was not made by Hoeder and is not an empty folder; choose another with --home")
    return False


def is_disposable(home: Path) -> bool:
    """Whether what is in `home` was made by a demonstration and by nobody kept."""
    return _marked(home) == _DISPOSABLE


def mark(home: Path, *, disposable: bool) -> None:
    """Write down that Hoeder made `home`, and whether a demonstration may empty it."""
    write_private(home / MARKER, _DISPOSABLE if disposable else _KEPT)


def _marked(home: Path) -> str | None:
    try:
        return (home / MARKER).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def logs(home: Path) -> Path:
    return home / "logs"


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, readable by its owner only from the first byte."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, object]:
    """The JSON object in `path`; empty if there is no file. StackError if it is not one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise StackError(
            f"{path} is not valid JSON ({error}); restore it, or remove its folder to start afresh"
        ) from error
    if not isinstance(found, dict):
        raise StackError(f"{path} should hold one JSON object; restore it, or remove its folder to start afresh")
    return found


def secret(home: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
    """The secret called `name`: the stored one, or a new one made by `make` and stored."""
    path = home / "secrets.json"
    with _secrets_lock:
        known = read_json(path)
        if name not in known:
            known[name] = make()
            write_private(path, json.dumps(known, indent=2, sort_keys=True))
        return str(known[name])
