"""What is made once and read from then on: the detector's model, the dictionary's words."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO


def folder() -> Path:
    """HOEDER_MODELS, or the user's cache folder."""
    root = os.environ.get("HOEDER_MODELS") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "hoeder"


def keep(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        write(file)
    Path(file.name).replace(path)
