"""`hoeder redact`: texts from standard input."""

import json
import subprocess
import sys

import pytest


def run(given: bytes, *options: str) -> list[str]:
    command = [sys.executable, "-c", "from hoeder.cli import main; main()", "redact", *options]
    done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=120)
    return done.stdout.decode().split("\n")[:-1]


def test_every_line_gives_a_line() -> None:
    record = b'{"text": "kl wiersnga\\nbelt", "known": {"last": "Wiersinga"}}'
    given = b"\n".join([b"Bel Jan de Boer", record, b"", b"{broken", b"\xff\xfe rare bytes", b""])
    assert run(given) == ["Bel [PERSON]", "kl [PERSON]\\nbelt", "", "{broken", "\ufffd\ufffd rare bytes"]


def test_spans_are_counted_in_characters() -> None:
    text = "😀 één keer bellen met Jan de Boer, 06-12345678"
    (line,) = run((text + "\n").encode(), "--json", "--strict")
    spans = json.loads(line)["spans"]
    assert [[text[start:end], entity] for start, end, entity, _ in spans] == [
        ["Jan de Boer", "PERSON"],
        ["06-12345678", "PHONE"],
    ]
    assert all(0 < confidence <= 1 for *_, confidence in spans)


@pytest.mark.parametrize("line", ['{"text": 5}', '{"text": "x", "known": 7}', "[1, 2]", "null"])
def test_json_of_another_shape_is_a_text_like_any_other(line: str) -> None:
    (answer,) = run(line.encode() + b"\n", "--json")
    assert json.loads(answer) == {"spans": []}
