"""Thrift's compact protocol, read into plain values and written again: what a Parquet file says about itself.

Fields are kept by their number, those of which nothing is known here included, so that what is not changed comes out as
it went in. https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from typing import Any, TypeAlias

Struct: TypeAlias = dict[int, tuple[int, Any]]
"""Number of a field to its type and value. Lists are tuples of the type and values of their elements."""

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT, UUID = range(1, 14)
_WIDTHS = {TRUE: 1, FALSE: 1, BYTE: 1, DOUBLE: 8, UUID: 16}  # as elements of a list
_DEEPEST = 60


def read(raw: bytes, at: int = 0) -> tuple[Struct, int]:
    """A struct that begins at a place, and the place after it. Raises ValueError where there is none."""
    try:
        return _struct(raw, at, 0)
    except IndexError:
        raise ValueError("a structure does not end") from None


def write(struct: Struct) -> bytes:
    """The bytes of a struct."""
    out = bytearray()
    _put_struct(out, struct)
    return bytes(out)


def get(struct: Struct, number: int, default: Any = None) -> Any:
    """A field's value."""
    found = struct.get(number)
    return default if found is None else found[1]


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    byte = raw[at]
    at += 1
    if byte < 0x80:
        return byte, at
    value, shift = byte & 0x7F, 7
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")


def _struct(raw: bytes, at: int, depth: int) -> tuple[Struct, int]:
    if depth > _DEEPEST:
        raise ValueError("structures lie too deep in each other")
    found: Struct = {}
    number = 0
    while True:
        head = raw[at]
        at += 1
        if head == 0:
            return found, at
        kind, step = head & 0x0F, head >> 4
        if step:
            number += step
        else:
            zigzag, at = _varint(raw, at)
            number = (zigzag >> 1) ^ -(zigzag & 1)
        if kind in (TRUE, FALSE):
            found[number] = (TRUE, kind == TRUE)
        else:
            value, at = _value(raw, at, kind, depth)
            found[number] = (kind, value)


def _value(raw: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        zigzag, at = _varint(raw, at)
        return (zigzag >> 1) ^ -(zigzag & 1), at
    if kind == BINARY:
        size, at = _varint(raw, at)
        return _taken(raw, at, size)
    if kind == STRUCT:
        return _struct(raw, at, depth + 1)
    if kind in (LIST, SET):
        return _list(raw, at, depth)
    if kind == MAP:
        return _map(raw, at, depth)
    if kind in _WIDTHS:
        return _taken(raw, at, _WIDTHS[kind])
    raise ValueError(f"type {kind} is unknown")


def _list(raw: bytes, at: int, depth: int) -> tuple[Any, int]:
    head = raw[at]
    at += 1
    inner, size = head & 0x0F, head >> 4
    if size == 15:
        size, at = _varint(raw, at)
    if size > len(raw):
        raise ValueError("a list is longer than its file")
    values = []
    for _ in range(size):
        value, at = _value(raw, at, inner, depth + 1)
        values.append(value)
    return (inner, values), at


def _map(raw: bytes, at: int, depth: int) -> tuple[Any, int]:
    size, at = _varint(raw, at)
    if size > len(raw):
        raise ValueError("a map is longer than its file")
    if not size:
        return (0, 0, []), at
    kinds = raw[at]
    at += 1
    pairs = []
    for _ in range(size):
        one, at = _value(raw, at, kinds >> 4, depth + 1)
        two, at = _value(raw, at, kinds & 0x0F, depth + 1)
        pairs.append((one, two))
    return (kinds >> 4, kinds & 0x0F, pairs), at


def _taken(raw: bytes, at: int, size: int) -> tuple[bytes, int]:
    if at + size > len(raw):
        raise ValueError("a value does not end")
    return raw[at : at + size], at + size


def _put_varint(out: bytearray, value: int) -> None:
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _put_zigzag(out: bytearray, value: int) -> None:
    _put_varint(out, value << 1 if value >= 0 else (-value << 1) - 1)


def _put_struct(out: bytearray, struct: Struct) -> None:
    before = 0
    for number in sorted(struct):
        kind, value = struct[number]
        head = (TRUE if value else FALSE) if kind == TRUE else kind
        if 0 < number - before <= 15:
            out.append((number - before) << 4 | head)
        else:
            out.append(head)
            _put_zigzag(out, number)
        before = number
        if kind != TRUE:
            _put(out, kind, value)
    out.append(0)


def _put(out: bytearray, kind: int, value: Any) -> None:
    if kind in (I16, I32, I64):
        _put_zigzag(out, value)
    elif kind == BINARY:
        _put_varint(out, len(value))
        out += value
    elif kind == STRUCT:
        _put_struct(out, value)
    elif kind in (LIST, SET):
        _put_list(out, *value)
    elif kind == MAP:
        _put_map(out, *value)
    else:
        out += value


def _put_list(out: bytearray, inner: int, values: list[Any]) -> None:
    if len(values) < 15:
        out.append(len(values) << 4 | inner)
    else:
        out.append(0xF0 | inner)
        _put_varint(out, len(values))
    for each in values:
        _put(out, inner, each)


def _put_map(out: bytearray, one: int, two: int, pairs: list[tuple[Any, Any]]) -> None:
    _put_varint(out, len(pairs))
    if pairs:
        out.append(one << 4 | two)
    for left, right in pairs:
        _put(out, one, left)
        _put(out, two, right)
