"""Which DAG follows from which: the assets that DAG files wait for and bring forth, read from the files themselves."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Flow:
    """A DAG and the assets before and behind it, by name."""

    dag: str
    waits_for: tuple[str, ...]
    brings: tuple[str, ...]


def flows(folder: Path) -> list[Flow]:
    """Every DAG file of a folder. Files are parsed, not run; an asset whose name is not written out is left out."""
    return [_flow(path) for path in sorted(folder.glob("*.py"))]


def _flow(path: Path) -> Flow:
    waits: list[str] = []
    brings: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "schedule":
            waits += _assets(node.value)
        elif isinstance(node, ast.keyword) and node.arg == "outlets":
            brings += _assets(node.value)
    return Flow(path.stem, tuple(dict.fromkeys(waits)), tuple(dict.fromkeys(brings)))


def _assets(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Asset":
            named = [keyword.value for keyword in call.keywords if keyword.arg == "name"] or call.args[:1]
            yield from (str(value.value) for value in named if isinstance(value, ast.Constant))
