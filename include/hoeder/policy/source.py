"""YAML with its line numbers kept, so that every complaint can say where."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Location = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to a value."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One policy file: its data, and the line on which each value begins."""

    file: str
    data: Any
    lines: dict[Location, int]

    def line(self, location: Location) -> int:
        """The line of a value, or of the nearest thing around it."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def problem(self, location: Location, message: str) -> Problem:
        """A problem at a value of this file."""
        return Problem(self.file, self.line(location), message)


def read(path: Path, name: str) -> tuple[Source, list[Problem]]:
    """Read one file. A file that is not YAML has no data and one problem; a repeated key is a problem."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Source(name, None, {}), [Problem(name, 1, "the file does not exist")]
    except (OSError, UnicodeDecodeError) as error:
        return Source(name, None, {}), [Problem(name, 1, f"the file cannot be read: {error}")]
    try:
        loader = yaml.CSafeLoader(text)
    except yaml.YAMLError as error:  # characters that YAML does not have
        return Source(name, None, {}), [Problem(name, 1, f"not valid YAML: {' '.join(str(error).split())}")]
    try:
        node = loader.get_single_node()
        if node is None:
            return Source(name, None, {}), [Problem(name, 1, "the file is empty")]
        lines = dict(_lines(node, ()))
        repeated = [
            Problem(name, line, f"key {key} occurs twice; the second would silently win")
            for key, line in _repeated(node)
        ]
        data = loader.construct_document(node)
        if data is None:
            return Source(name, None, {}), [Problem(name, 1, "the file is empty")]
        return Source(name, data, lines), repeated
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Source(name, None, {}), [Problem(name, mark.line + 1 if mark else 1, f"not valid YAML: {error.problem}")]
    except yaml.YAMLError as error:
        return Source(name, None, {}), [Problem(name, 1, f"not valid YAML: {error}")]
    except ValueError as error:  # such as 2026-02-30
        return Source(name, None, {}), [Problem(name, 1, f"a value cannot be read: {error}")]
    except RecursionError:
        reason = "nested too deeply, or an alias (*) stands inside its own anchor (&)"
        return Source(name, None, {}), [Problem(name, 1, reason)]
    finally:
        loader.dispose()


def _lines(node: yaml.Node, at: Location) -> Iterator[tuple[Location, int]]:
    yield at, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            yield from _lines(value, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _lines(value, (*at, position))


def _repeated(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):  # the constructor refuses any other key
                if key.value in seen:
                    yield key.value, key.start_mark.line + 1
                seen.add(key.value)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated(value)
