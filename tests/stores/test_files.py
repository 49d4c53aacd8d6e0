"""Objects whose format nobody declared: each kind, packed or not, whole or broken."""

import gzip
import io
import json
import zipfile
from email.message import EmailMessage
from time import monotonic

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from PIL import Image
from pypdf import PdfWriter
from servers import Bucket

from hoeder.stores import s3
from hoeder.stores.files import has_header
from hoeder.stores.samples import Reading, SampledObject

ROWS = [("naam", "E-mail adres", "bedrag"), ("Jan de Vries", "jan@a.example", "3,50"), ("Piet Bos", "", "4,00")]


def table(separator: str, *, header: bool = True) -> bytes:
    return "\r\n".join(separator.join(row) for row in ROWS[0 if header else 1 :]).encode()


def put(bucket: Bucket, key: str, body: bytes) -> None:
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body)


def scan(bucket: Bucket, reading: Reading | None = None) -> dict[str, SampledObject]:
    reading = reading or Reading()
    groups = s3.datasets(bucket.client, bucket.name, full=reading.full)
    return {name: s3.sample(bucket.client, bucket.name, name, group, reading=reading) for name, group in groups.items()}


def columns(thing: SampledObject) -> dict[str, tuple[str, ...]]:
    return {column.name: column.values for column in thing.columns}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_is_read_whatever_separates_its_cells(bucket: Bucket, separator: str) -> None:
    put(bucket, "crm/klanten.csv", table(separator).replace(b"3,50", b"3.50").replace(b"4,00", b"4.00"))
    assert columns(scan(bucket)["crm/klanten.csv"]) == {
        "naam": ("Jan de Vries", "Piet Bos"), "E-mail adres": ("jan@a.example",), "bedrag": ("3.50", "4.00")
    }  # fmt: skip


@pytest.mark.parametrize(("packed", "ending"), [(gzip.compress, "gz"), (zstandard.compress, "zst")])
def test_packed_files_are_read_as_what_is_in_them(bucket: Bucket, packed: object, ending: str) -> None:
    lines = "\n".join(json.dumps({"a": {"b": [{"mail": f"p{n}@a.example"}]}}) for n in range(3)).encode()
    put(bucket, f"x/klanten.csv.{ending}", packed(table(";")))  # type: ignore[operator]
    put(bucket, f"x/events.jsonl.{ending}", packed(lines))  # type: ignore[operator]
    found = scan(bucket)
    assert columns(found[f"x/klanten.csv.{ending}"])["naam"] == ("Jan de Vries", "Piet Bos")
    assert columns(found[f"x/events.jsonl.{ending}"]) == {"a.b.mail": ("p0@a.example", "p1@a.example", "p2@a.example")}


def test_a_table_without_a_header_has_numbered_columns_and_no_name_of_a_person(bucket: Bucket) -> None:
    put(bucket, "uitvoer.csv", table(";", header=False))
    found = scan(bucket)["uitvoer.csv"]
    assert list(columns(found)) == ["column_1", "column_2", "column_3"]
    assert columns(found)["column_1"] == ("Jan de Vries", "Piet Bos")


def test_a_header_is_told_from_a_row() -> None:
    assert has_header([["voornaam", "woonplaats"], ["Jan", "Breda"]])
    assert has_header([["x", "y"], ["1", "2"], ["3", "4"]])
    assert not has_header([["Jan", "Breda"], ["Piet", "Goes"]])
    assert not has_header([["1", "2"], ["3", "4"]])


def test_nested_parquet_is_read_by_path(bucket: Bucket) -> None:
    sink = io.BytesIO()
    rows = [
        {"n": 1, "klant": {"mail": "a@b.example", "tel": ["0612345678"]}, "regels": [{"x": 1}], "foto": b"\xff\xd8\xff"}
    ]
    pq.write_table(pa.Table.from_pylist(rows), sink)
    put(bucket, "data/part-0001.parquet", sink.getvalue())
    assert columns(scan(bucket)["data/*.parquet"]) == {
        "n": ("1",), "klant.mail": ("a@b.example",), "klant.tel": ("0612345678",), "regels.x": ("1",),
        "foto": ("image/jpeg",),
    }  # fmt: skip


def test_a_mail_shows_the_kinds_and_names_of_its_attachments(bucket: Bucket) -> None:
    message = EmailMessage()
    message["From"] = "Jan de Vries <jan@a.example>"
    message["Subject"] = "cv"
    message.set_content("zie bijlage")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="cv.pdf")
    put(bucket, "mail/1.eml", message.as_bytes())
    found = columns(scan(bucket)["mail/*.eml"])
    assert found["attachment"] == ("application/pdf",)
    assert found["attachment.name"] == ("cv.pdf",)
    assert found["from.name"] == ("Jan de Vries",)


def pdf(text: str, password: str | None = None) -> bytes:
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)
    font = DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    })  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject({
        NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    })  # fmt: skip
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    sink = io.BytesIO()
    writer.write(sink)
    return sink.getvalue()


def test_the_text_layer_of_a_pdf_is_read_and_an_encrypted_one_is_told_of(bucket: Bucket) -> None:
    put(bucket, "open/1.pdf", pdf("Mail naar jan@a.example"))
    put(bucket, "dicht/1.pdf", pdf("geheim", password="x"))
    found = scan(bucket)
    assert columns(found["open/*.pdf"])["text"] == ("Mail naar jan@a.example",)
    assert "an encrypted PDF" in (found["dicht/*.pdf"].problem or "")


def test_of_an_image_its_kind_and_whether_it_tells_a_place_are_known(bucket: Bucket) -> None:
    for name, gps in (("a", True), ("b", False)):
        image, exif, sink = Image.new("RGB", (4, 4)), Image.Exif(), io.BytesIO()
        if gps:
            exif[0x8825] = {1: "N", 2: (52.0, 0.0, 0.0)}
        image.save(sink, "JPEG", exif=exif)
        put(bucket, f"{name}/1.jpg", sink.getvalue())
    found = scan(bucket)
    assert columns(found["a/*.jpg"]) == {"content": ("image/jpeg",), "exif.gps": ("present",)}
    assert columns(found["b/*.jpg"]) == {"content": ("image/jpeg",)}


def test_an_archive_is_listed_and_never_unpacked(bucket: Bucket) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/klanten.csv", b"0" * 200_000_000)
    put(bucket, "bom.zip", sink.getvalue())
    begun = monotonic()
    found = scan(bucket)["*.zip"]
    assert columns(found)["entry"] == ("klanten.csv",)
    assert "not unpacked" in (found.columns[0].note or "")
    assert monotonic() - begun < 5


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("a.parquet", b"PAR1 cut off"), ("a.csv.gz", gzip.compress(b"a;b\n1;2\n" * 99, mtime=0)[:-12]), ("a.csv", b""),
        ("a.csv.zst", zstandard.compress(b"a;b\n" * 99)[:-3]), ("a.pdf", b"%PDF-1.7 nothing"),
        ("a.zip", b"PK\x03\x04 no"),
        ("a.json", b'{"a": '), ("a.jsonl", b"[" * 90_000), ("a.json", b"[" * 90_000), ("a.eml", b""),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_of_without_its_name_or_content(bucket: Bucket, key: str, body: bytes) -> None:
    put(bucket, f"jan-jansen/{key}", body)
    [found] = scan(bucket).values()
    assert found.problem is not None
    assert "jan" not in f"{found.problem}{found.name}"


def test_bytes_of_every_value_are_read_without_stumbling(bucket: Bucket) -> None:
    put(bucket, "a.csv", b"naam;x\nJos\xe9;\x00\x00\nA\xff;2\n")
    put(bucket, "b.jsonl", b'{"naam": "Jos\xe9 \\u0000"}\n')
    put(bucket, "c.bin", bytes(range(256)) * 99)
    put(bucket, "d.json", "\ufeff[{}]".encode())
    found = scan(bucket)
    assert columns(found["a.csv"])["naam"] == ("José", "Aÿ")
    assert found["*.bin"].problem is None
    assert "not opened" in (found["*.bin"].columns[0].note or "")


def test_one_enormous_line_is_left_out_and_the_others_are_read(bucket: Bucket) -> None:
    put(bucket, "a.csv.gz", gzip.compress(b"naam;x\nJan;" + b"y" * 10_000_000 + b"\nPiet;2\n"))
    found = scan(bucket)["a.csv.gz"]
    assert columns(found)["naam"] == ("Piet",)
    assert "left out" in (found.columns[0].note or "")


def test_files_of_different_records_in_one_folder_are_told_apart_and_parts_are_not(bucket: Bucket) -> None:
    for key in ("crm/klanten.csv", "crm/orders_2026-01.csv", "crm/orders_2026-02.csv", "v/date=2026-01-01/part-0.csv",
                "v/date=2026-01-02/part-1.csv", "jan.jansen@a.example/cv.pdf", "piet-puk/cv.pdf"):  # fmt: skip
        put(bucket, key, table(";"))
    found = {name: group.objects for name, group in s3.datasets(bucket.client, bucket.name).items()}
    assert found == {"crm/klanten.csv": 1, "crm/orders*.csv": 2, "v/*.csv": 2, "*/*.pdf": 2}


def test_the_fingerprint_of_a_group_changes_with_its_objects(bucket: Bucket) -> None:
    def fingerprint() -> str:
        return s3.groups(bucket.client, bucket.name, ["x/"])["x/"].fingerprint

    put(bucket, "x/a", b"1")
    first = fingerprint()
    assert fingerprint() == first
    put(bucket, "x/a", b"2")
    assert fingerprint() != first


def test_an_empty_bucket_holds_nothing(bucket: Bucket) -> None:
    assert scan(bucket) == {}
