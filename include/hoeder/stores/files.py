"""Columns and values of an object whose format nobody declared: known by its first bytes and its ending."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from hoeder.detection import may_be_shown, names
from hoeder.stores import gather, limits
from hoeder.stores.anchors import StoredObject
from hoeder.stores.limits import NotRead
from hoeder.stores.ranged import RangedObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Columns = dict[str, tuple[str, list[str]]]
"""Column name to type and values as text."""

TABLES = ("parquet", "jsonl", "ndjson", "json", "csv", "tsv")
"""Endings of files with records."""
LONGEST = 4_000
_WHOLE = 16 * 1024 * 1024
_TEXT = 256 * 1024
_PAGES = 20
_SECONDS = 20.0
_ENTRIES = 10_000
_PIXELS = 50_000_000


def kind_of(key: str) -> str:
    """The ending of a key without that of its compression: `csv` of `a/b.csv.gz`; empty where there is none."""
    name = key.rpartition("/")[2].lower()
    for packed in (".gz", ".zst", ".gzip", ".zstd"):
        name = name.removesuffix(packed)
    return name.rpartition(".")[2][:8] if "." in name else ""


def read(client: S3Client, bucket: str, stored: StoredObject, most: int | None) -> tuple[Columns, list[str]]:
    """Columns of an object, and what was left out. Raises NotRead, or what the parsers and S3 raise.

    `most` records are read of a file of records, None for all within the bounds.
    """
    if stored.size == 0:
        raise NotRead("empty")
    file = RangedObject(client, bucket, stored)
    head = file.read(64) or b""
    file.seek(0)
    kind = gather.magic(head.hex())
    ending = kind_of(stored.key)
    with limits.within(_SECONDS if most is not None else 60 * _SECONDS):
        if kind == "application/parquet" or ending == "parquet":
            return parquet(file, most), []
        if kind == "application/pdf":
            return _pdf(file, stored.size)
        if kind == "application/zip":
            return _zip(file)
        if kind.startswith("image/"):
            return _image(file, stored.size, kind)
        if kind in ("application/gzip", "application/zstd", "application/octet-stream"):
            return _plain(limits.unpacked(file, head), ending, most)
    return {"content": ("bytea", [kind])}, ["not opened"]


def _plain(file: IO[bytes], ending: str, most: int | None) -> tuple[Columns, list[str]]:
    if ending in ("csv", "tsv", "txt", "dat"):
        found = _csv(file, most, sure=ending in ("csv", "tsv"))
        if found is not None:
            return found
        file.seek(0)
    if ending == "json":
        return _json(file, most)
    if ending in ("jsonl", "ndjson"):
        return json_lines(file, most)
    return _text(file)


# --- records --------------------------------------------------------------------------------------------------------


def parquet(file: RangedObject, most: int | None) -> Columns:
    """The first rows; nested lists and structures by path, binary values by their kind."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # With a buffer size, columns are streamed a page at a time; without, a whole row group would be fetched.
    opened = pq.ParquetFile(file, buffer_size=256 * 1024, pre_buffer=False)
    nested = pa.types.is_nested
    found: Columns = {field.name: (str(field.type), []) for field in opened.schema_arrow if not nested(field.type)}
    for batch in opened.iter_batches(batch_size=most or 65_536):
        for field, column in zip(batch.schema, batch.columns, strict=True):
            plain = column.dictionary_decode() if hasattr(column, "dictionary") else column
            if nested(field.type):
                for value in _values(plain):
                    _unfold(found, value, field.name)
            elif pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
                heads = {value[:32].hex() for value in _values(plain) if isinstance(value, bytes)}
                found[field.name][1].extend(
                    sorted({gather.magic(head) for head in heads} - {"application/octet-stream"})
                )
            else:
                found[field.name][1].extend(text_of(value) for value in _values(plain))
        if most is not None:
            break
    return found


def _values(column: object) -> Iterator[object]:
    """One by one: a day that Python cannot hold makes one value unreadable, not the column."""
    for value in column:  # type: ignore[attr-defined]  # an Arrow array
        try:
            plain = value.as_py()
        except (ValueError, OverflowError):
            plain = str(value)
        if plain is not None:
            yield plain


def _unfold(found: Columns, value: object, name: str) -> None:
    for path, type, inside in gather.paths(value, name):
        column = path if path in found or len(found) < gather.MOST_PATHS else gather.OTHER
        found.setdefault(column, (type, []))[1].append(inside[:LONGEST])


def text_of(value: object) -> str:
    """A value as text, up to the most that is read of one."""
    plain = (
        value
        if isinstance(value, str)
        else json.dumps(value, default=str)
        if isinstance(value, list | dict)
        else str(value)
    )
    return plain[:LONGEST]


def json_lines(
    file: IO[bytes],
    most: int | None,
    flat: Callable[[dict[str, object]], Iterator[tuple[str, str, str]]] = gather.paths,
) -> tuple[Columns, list[str]]:
    """Records of JSON lines by path. Raises ValueError where a line is no record, or no line can be read."""
    found: Columns = {}
    lines = limits.Lines(file, most)
    for line in lines:
        if not line.strip():
            continue
        record = json.loads(line.decode("utf-8", "replace").removeprefix("\ufeff"))
        if not isinstance(record, dict):
            raise ValueError("not an object")
        for path, type, value in flat(record):
            column = path if path in found or len(found) < gather.MOST_PATHS else gather.OTHER
            known = found.setdefault(column, (type, []))
            if value:
                known[1].append(value[:LONGEST])
    if lines.too_long and not found:
        raise ValueError("a line too long")
    return found, [lines.note] if lines.note else []


def _json(file: IO[bytes], most: int | None) -> tuple[Columns, list[str]]:
    raw = file.read(_WHOLE + 1)
    if len(raw) > _WHOLE:
        raise NotRead(f"one JSON document of more than {_WHOLE:,} bytes")
    try:
        parsed = json.loads(raw.decode("utf-8-sig", "replace"))
    except ValueError:
        return json_lines(io.BytesIO(raw), most)  # many call their JSON lines .json
    found: Columns = {}
    for record in parsed[:most] if isinstance(parsed, list) else [parsed]:
        _unfold(found, record, "" if isinstance(record, dict) else "value")
    return found, []


# --- CSV ------------------------------------------------------------------------------------------------------------

_HEADER = re.compile(r"[^\W\d][\w .()/&%€#:-]{0,60}")


def _csv(file: IO[bytes], most: int | None, *, sure: bool) -> tuple[Columns, list[str]] | None:
    """Records with a sniffed separator, with or without a header; None where it is likely no table at all."""
    lines = limits.Lines(file, None if most is None else most + 1)
    decoded = [line.replace(b"\x00", b"") for line in lines] if most is not None else None
    source: Iterator[bytes] = iter(decoded) if decoded is not None else (line.replace(b"\x00", b"") for line in lines)
    first = [line for _, line in zip(range(50), source, strict=False)]
    if not first:
        if lines.too_long:
            raise NotRead(f"every line is longer than {limits.LINE:,} bytes")
        return {}, []
    encoding = _encoding(b"".join(first))
    beginning = b"".join(first).decode(encoding, "replace")
    delimiter = _delimiter(beginning)
    if delimiter is None and not sure:
        return None

    def texts() -> Iterator[str]:
        yield from beginning.splitlines(keepends=True)
        yield from (line.decode(encoding, "replace") for line in source)

    csv.field_size_limit(2 * limits.LINE)
    rows = csv.reader(texts(), delimiter=delimiter or ",")
    try:
        some = [row for _, row in zip(range(200), rows, strict=False)]
        header = has_header(some)
        shown = _headings(some[0]) if header else [f"column_{number + 1}" for number in range(max(map(len, some)))]
        found: Columns = {name: ("string", []) for name in shown}
        for row in [*some[header:], *rows]:
            for name, value in zip(shown, row, strict=False):
                if value:
                    found[name][1].append(value[:LONGEST])
    except csv.Error:
        raise NotRead("broken quotes or lines") from None
    return found, [lines.note] if lines.note else []


def _encoding(beginning: bytes) -> str:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(text: str) -> str | None:
    """The one that cuts most lines into the same number of parts, more than one."""
    lines = [line for line in text.splitlines() if line.strip()][:30]
    best, most = None, 0.0
    for delimiter in ";,\t|":
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        common = max(set(counts), key=counts.count)
        steady = counts.count(common) / len(counts)
        if common > 1 and steady >= 0.6 and steady * common**0.25 > most:
            best, most = delimiter, steady * common**0.25
    return best


def has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: words that come back nowhere below and mean something."""
    first, rest = rows[0], rows[1:]
    cells = [cell.strip() for cell in first]
    if not all(_HEADER.fullmatch(cell) for cell in cells if cell) or len({*cells}) < len(cells) or not any(cells):
        return False
    if any(cell in {row[at].strip() for row in rest if at < len(row)} for at, cell in enumerate(cells) if cell):
        return False
    known = sum(names.meaning(cell) is not None or any(names.words(cell)) for cell in cells)
    if known >= max(1, len(cells) / 3):
        return True
    numeric = sum(bool(column) and all(map(_is_number, column)) for column in _columns(rest, len(cells)))
    return numeric > 0 and bool(rest)


def _columns(rows: list[list[str]], count: int) -> list[list[str]]:
    return [[row[at] for row in rows if at < len(row) and row[at]] for at in range(count)]


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"[\d.,:/ €%+-]+", value))


def _headings(cells: list[str]) -> list[str]:
    """Headings as names; one that may be a person's own is not shown."""
    shown: list[str] = []
    for number, cell in enumerate(cells):
        name = cell.strip()
        plain = re.sub(r"\W+", "_", name.lower()).strip("_")
        fine = name and (may_be_shown(plain) or names.meaning(name) is not None) and name not in shown
        shown.append(name if fine else f"column_{number + 1}")
    return shown


# --- documents ------------------------------------------------------------------------------------------------------


def _text(file: IO[bytes]) -> tuple[Columns, list[str]]:
    raw = file.read(_TEXT + 1)
    if b"\x00" in raw[:4_096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return {"content": ("bytea", [gather.magic(raw[:32].hex())])}, ["not opened"]
    lines = [line.strip()[:LONGEST] for line in raw[:_TEXT].decode(_encoding(raw[:_TEXT]), "replace").splitlines()]
    notes = [f"text read up to {_TEXT:,} bytes"] if len(raw) > _TEXT else []
    return {"text": ("string", [line for line in lines if line])}, notes


def _pdf(file: RangedObject, size: int) -> tuple[Columns, list[str]]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if size > _WHOLE:
        raise NotRead(f"a PDF of more than {_WHOLE:,} bytes")
    try:
        opened = PdfReader(io.BytesIO(file.read() or b""))
        if opened.is_encrypted:
            raise NotRead("an encrypted PDF")
        pages = opened.pages[:_PAGES]
        lines = [line.strip()[:LONGEST] for page in pages for line in page.extract_text().splitlines() if line.strip()]
        author = [str(opened.metadata.author)] if opened.metadata and opened.metadata.author else []
    except (PyPdfError, AttributeError, KeyError, TypeError, IndexError, AssertionError):
        raise NotRead("a broken PDF") from None
    found: Columns = {"content": ("bytea", ["application/pdf"]), "text": ("string", lines)}
    if author:
        found["author"] = ("string", [text_of(name) for name in author])
    notes = ["no text layer"] if not lines else []
    return found, notes + ([f"{_PAGES} pages read"] if len(opened.pages) > _PAGES else [])


_GPS, _ARTIST, _OWNER = 0x8825, 0x013B, 0xA430


def _image(file: RangedObject, size: int, kind: str) -> tuple[Columns, list[str]]:
    """An image's kind, and what its EXIF tells of place and maker. The picture itself is not looked at."""
    from PIL import Image, UnidentifiedImageError

    found: Columns = {"content": ("bytea", [kind])}
    if size > _WHOLE:
        return found, [f"EXIF not read of an image of more than {_WHOLE:,} bytes"]
    try:
        with Image.open(io.BytesIO(file.read() or b"")) as image:
            if image.width * image.height > _PIXELS:
                return found, ["EXIF not read of so large an image"]
            exif = image.getexif()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return found, ["EXIF not read: a broken image"]
    if exif.get_ifd(_GPS):
        found["exif.gps"] = ("string", ["present"])
    makers = [text_of(exif[tag]) for tag in (_ARTIST, _OWNER) if exif.get(tag)]
    if makers:
        found["exif.author"] = ("string", makers)
    return found, []


def _zip(file: RangedObject) -> tuple[Columns, list[str]]:
    """The names in an archive; nothing of it is unpacked."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    names_inside = [entry.filename.rpartition("/")[2][:200] for entry in entries[:_ENTRIES] if not entry.is_dir()]
    kinds = sorted({kind_of(name) for name in names_inside})
    found: Columns = {"content": ("bytea", ["application/zip"]), "entry": ("string", names_inside)}
    return found, [f"{len(entries)} entries of {len(kinds)} kinds listed, not unpacked"]
