"""`hoeder redact`: personal data in texts from standard input, marked or replaced."""

import json
import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Annotated, Any, TextIO

import typer

from hoeder.cli.common import Json

_LINES = 20_000
"""Texts looked at together."""


def redact(
    strict: Annotated[bool, typer.Option("--strict", help="Whatever one voter says is personal.")] = False,
    json_: Json = False,
) -> None:
    """Replace personal data in texts, one a line on standard input: Bel [PERSON] op [PHONE].

    A line may be JSON: {"text": …, "known": {"first": …, "last": …, "phone": …}} with what is known of the person it
    belongs to. With --json every line gives {"spans": [[start, end, entity, confidence], …]}, places in characters.
    """
    # Bytes that are no UTF-8 become one sign each: a broken line must not stop the others.
    with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False) as source:
        for lines in _parts(source):
            for answer in _answers(lines, strict=strict, spans=json_):
                sys.stdout.write(answer + "\n")
    sys.stdout.flush()


def _parts(source: TextIO) -> Iterator[list[str]]:
    while lines := [line.rstrip("\r\n") for line in islice(source, _LINES)]:
        yield lines


def _answers(lines: list[str], *, strict: bool, spans: bool) -> Iterator[str]:
    from hoeder.detection.spans import Span, find

    asked = [_parse(line) for line in lines]
    texts = [text for text, _ in asked]
    found = find(texts, known=[known for _, known in asked], strict=strict)
    each: list[list[Span]] = [[] for _ in texts]
    for row, span in found:
        each[row].append(span)
    for text, hits in zip(texts, each, strict=True):
        if spans:
            yield json.dumps({"spans": [[s.start, s.end, s.entity.name, round(s.confidence, 3)] for s in hits]})
        else:
            yield _replaced(text, [(s.start, s.end, s.entity.name) for s in hits]).replace("\n", "\\n")


def _parse(line: str) -> tuple[str, Mapping[str, Any] | None]:
    """The text of a line and what is known of its person; a line that is no such JSON is the text itself."""
    if line.startswith("{"):
        try:
            asked = json.loads(line)
        except ValueError:
            return line, None
        if isinstance(asked, dict) and isinstance(asked.get("text"), str):
            known = asked.get("known")
            return asked["text"], known if isinstance(known, dict) else None
    return line, None


def _replaced(text: str, hits: list[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, entity in hits:
        pieces += [text[at:start], f"[{entity}]"]
        at = end
    return "".join([*pieces, text[at:]])
