"""Times of the library and of one RE2 pass, each run in a process of its own on one core.

python speed.py hoeder|re2 < rounds.json: the first list of texts warms up, the others are timed, one round each;
answers {"start": s, "seconds": [a round]}. Seconds are of the processor, so that others on the machine do not count.
"""

import json
import sys
from collections.abc import Sequence
from time import perf_counter, process_time

# Twelve shapes of personal data, loosely: what a prefilter would look for.
PATTERNS = (
    r"\b[Nn][Ll]\d{2} ?[A-Za-z]{4} ?\d{4} ?\d{4} ?\d{2}\b",
    r"\b\d{9}\b",
    r"\b\d{4}\.?\d{2}\.?\d{3}\b",
    r"\b0[1-9](?:[- ]?\d){8}\b",
    r"\+31[- ]?(?:\(0\))?(?:[- ]?\d){9}\b",
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    r"\b[1-9]\d{3} ?[A-Z]{2}\b",
    r"\b[A-Z][a-z]+(?:straat|laan|weg|plein|kade) \d+\b",
    r"\b\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d{2}\b",
    r"\b(?:[A-Z]{1,2}-\d{2,3}-[A-Z]{1,2}|\d{1,2}-[A-Z]{2,3}-\d{1,2})\b",
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
    r"\b(?:[A-Z]\.){1,4} ?(?:van |de |der )*[A-Z][a-z]+\b",
)


def time_library(rounds: Sequence[Sequence[str]]) -> dict[str, object]:
    start = perf_counter()
    from hoeder.detection.spans import find

    find(list(rounds[0][:200]))
    started = perf_counter() - start
    seconds = []
    for texts in rounds[1:]:
        start = process_time()
        find(list(texts))
        seconds.append(process_time() - start)
    return {"start": started, "seconds": seconds}


def time_re2(rounds: Sequence[Sequence[str]]) -> dict[str, object]:
    import re2

    start = perf_counter()
    pattern = re2.compile("|".join(f"(?:{one})" for one in PATTERNS).encode())
    started = perf_counter() - start
    seconds = []
    for texts in rounds[1:]:
        joined = "\n".join(texts).encode()  # as text it would also translate every position
        start = process_time()
        sum(1 for _ in pattern.finditer(joined))
        seconds.append(process_time() - start)
    return {"start": started, "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps({"hoeder": time_library, "re2": time_re2}[sys.argv[1]](json.load(sys.stdin))))
