"""Labels of tokens become spans: forms and records vote where the tagger said nothing, and neighbours join."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoeder.compiled import compiled
from hoeder.detection.candidates import Candidates
from hoeder.detection.entities import Reason
from hoeder.detection.tokens import Tokens


class Grouped(NamedTuple):
    """Spans of a batch in the order of its texts: tokens `firsts` up to and with `lasts` of text `rows`."""

    rows: NDArray[np.int64]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    entities: NDArray[np.uint8]
    margins: NDArray[np.float32]
    """By how much the tagger's label beats 'nothing', on average over the tokens."""
    reasons: NDArray[np.uint8]


def group(
    tokens: Tokens,
    flags: NDArray[np.uint32],
    proposed: Candidates,
    labels: NDArray[np.uint8],
    margins: NDArray[np.int32],
    numbered: NDArray[np.uint8],
    *,
    strict: bool,
) -> Grouped:
    """The spans that tagger, forms and records make together. `labels` and `margins` are written over."""
    n = len(tokens)
    reasons = np.full(n, int(Reason.CONTEXT), np.uint8)
    _vote(
        tokens.rows, proposed.forms, proposed.heads, proposed.tails, tokens.shapes, flags, numbered, strict,
        labels, margins, reasons,
    )  # fmt: skip
    out = Grouped(
        np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.uint8),
        np.empty(n, np.float32), np.empty(n, np.uint8),
    )  # fmt: skip
    count = _group(tokens.rows, labels, margins, reasons, proposed.forms, proposed.heads, out)
    return Grouped._make(column[:count].copy() for column in out)


@compiled
def _entity_of(form: int, strict: bool) -> int:
    """The entity that a form proves by itself, in strict mode also where it only suggests it."""
    if form == 3:
        return 6
    if form == 5 or form == 6:
        return 7
    if form == 20:
        return 12
    if strict:
        if form == 1:
            return 5
        if form == 15:
            return 13
        if form == 21:
            return 12
        if form == 7:
            return 8
        if form == 13:
            return 3
        if form == 11:
            return 10
        if form == 23:
            return 5
    return 0


@compiled
def _write(labels: NDArray[np.uint8], first: int, last: int, entity: int) -> None:
    for i in range(first, last + 1):
        labels[i] = entity


@compiled
def _vote(
    rows: NDArray[np.int64],
    forms: NDArray[np.uint8],
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    shapes: NDArray[np.uint8],
    flags: NDArray[np.uint32],
    numbered: NDArray[np.uint8],
    strict: bool,
    labels: NDArray[np.uint8],
    margins: NDArray[np.int32],
    reasons: NDArray[np.uint8],
) -> None:
    """Let forms and records speak where the tagger said nothing; a candidate belongs to one entity as a whole."""
    for row in range(len(rows) - 1):
        i = rows[row]
        while i < rows[row + 1]:
            head, tail = heads[i], tails[i]
            if numbered[i] and (labels[i] == 0 or tail > head):
                end = i
                while end + 1 < rows[row + 1] and numbered[end + 1] == numbered[i]:
                    end += 1
                _write(labels, i, end, numbered[i])
                for k in range(i, end + 1):
                    margins[k], reasons[k] = 2200, 3
                i = end + 1
                continue
            if forms[i] and head == i:
                proven = _entity_of(forms[i], strict)
                counts = np.zeros(16, np.int64)
                top = 0
                for k in range(head, tail + 1):
                    entity = labels[k]
                    if entity:
                        counts[entity] += 1
                        if counts[entity] > counts[top]:
                            top = entity
                # Half a phone number is no entity: all of the candidate, or nothing.
                if top and (forms[i] != 23 and forms[i] != 22):
                    worst = 0
                    for k in range(head, tail + 1):
                        worst = max(worst, margins[k])
                    _write(labels, head, tail, top)
                    for k in range(head, tail + 1):
                        margins[k] = max(margins[k], worst)
                elif proven and top == 0:
                    _write(labels, head, tail, proven)
                    for k in range(head, tail + 1):
                        margins[k], reasons[k] = 900 if forms[i] != 5 else 2200, 2
                i = tail + 1
                continue
            if flags[i] & np.uint32(512 | 2048) and shapes[i] != 0:
                # A name of the record: an ordinary word counts only with a capital, in strict mode always.
                plain = flags[i] & np.uint32(1) and shapes[i] == 1
                if labels[i] == 0 and flags[i] & np.uint32(512) and (strict or not plain):
                    labels[i], margins[i] = 1, 900
                if labels[i] == 4 and not plain and not flags[i] & np.uint32(8):
                    labels[i] = 1  # no town is called so, and somebody is
                if labels[i] == 1:
                    reasons[i] = 3
            i += 1


@compiled
def _group(
    rows: NDArray[np.int64],
    labels: NDArray[np.uint8],
    margins: NDArray[np.int32],
    reasons: NDArray[np.uint8],
    forms: NDArray[np.uint8],
    heads: NDArray[np.int32],
    out: Grouped,
) -> int:
    n = 0
    for row in range(len(rows) - 1):
        i = rows[row]
        while i < rows[row + 1]:
            if labels[i] == 0:
                i += 1
                continue
            entity = labels[i]
            end, total, reason = i, np.float32(0), reasons[i]
            # Two candidates beside each other, say two phone numbers, are two spans.
            while (
                end < rows[row + 1]
                and labels[end] == entity
                and (end == i or not forms[end] or heads[end] != end or not forms[i])
            ):
                total += margins[end]
                reason = max(reason, reasons[end])
                end += 1
            out.rows[n], out.firsts[n], out.lasts[n] = row, i, end - 1
            out.entities[n], out.margins[n], out.reasons[n] = entity, total / np.float32(end - i), reason
            n += 1
            i = end
    return n
