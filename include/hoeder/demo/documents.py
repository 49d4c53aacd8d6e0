"""Scanned personnel documents: identity copies as images, signed statements as PDF. Drawn, and marked SPECIMEN."""

import io
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFont

from hoeder.demo.objects import Thing
from hoeder.demo.staff import Employee
from hoeder.demo.terms import fates
from hoeder.demo.world import World

BUCKET = "documents"
_PAPER, _INK, _STAMP = (214, 226, 232), (25, 35, 60), (190, 60, 60)


def things(world: World, staff: tuple[Employee, ...]) -> Iterator[Thing]:
    """Identity copies of the first employees (the planted ones are among them), statements of half of those.

    One copy lies among the statements, whose term is another.
    """
    copies = min(len(staff), 20 + world.persons // 120, 110)
    for employee in staff[:copies]:
        kind = "PNG" if employee.number % 4 == 0 else "JPEG"
        key = f"id-copies/{employee.number:06d}.{kind.lower().replace('jpeg', 'jpg')}"
        yield _thing(world, employee, "documents:id-copies/", key, identity_copy(employee, kind))
    for employee in staff[: max(16, copies // 2)]:
        key = f"personnel-files/{employee.number:06d}.pdf"
        yield _thing(world, employee, "documents:personnel-files/", key, _letter(employee))
    for employee in staff[: max(16, copies // 2)]:
        key = f"signed-statements/{employee.number:06d}.pdf"
        yield _thing(world, employee, "documents:signed-statements/", key, statement(employee))
    yield from closed_files(world, BUCKET, "reports-of-wrongs/", "Melding van een misstand (verzonnen)")
    misfiled = staff[-1]
    key = f"signed-statements/kopie-paspoort-{misfiled.number:06d}.jpg"
    world.truth.find("identity-document", "documents", "signed-statements/")
    yield _thing(world, misfiled, "documents:signed-statements/", key, identity_copy(misfiled, "JPEG"))


def _thing(world: World, employee: Employee, target: str, key: str, body: bytes) -> Thing:
    world.truth.see(target, key, employee.fate, held=employee.held)
    if employee.canary:
        world.truth.place(employee.canary, target, key)
    metadata = {"employee_id": str(employee.number), "status": employee.status}
    if employee.left_on:
        metadata["left_on"] = employee.left_on.isoformat()
    return Thing(BUCKET, key, body, metadata)


def identity_copy(employee: Employee, kind: str) -> bytes:
    """A card of the land SPECIMEN with a portrait like a smiley, and three lines in the manner of ICAO 9303."""
    person = employee.person
    card = Image.new("RGB", (520, 330), _PAPER)
    draw = ImageDraw.Draw(card)
    large, small = ImageFont.load_default(19), ImageFont.load_default(14)
    draw.rectangle((0, 0, 520, 40), fill=_INK)
    draw.text((14, 9), "SPECIMEN  identiteitskaart  GEEN ECHT DOCUMENT", font=large, fill=_PAPER)
    draw.ellipse((30, 70, 140, 200), outline=_INK, width=3)
    draw.arc((55, 120, 115, 175), 20, 160, fill=_INK, width=3)
    lines = (
        f"Naam      {person.surname}", f"Voornaam  {person.given}", f"Geboren   {person.born_on:%d %m %Y}",
        f"BSN       {employee.bsn}", f"Nummer    SPECI{employee.number:04d}",
    )  # fmt: skip
    for row, line in enumerate(lines):
        draw.text((170, 66 + 27 * row), line, font=small, fill=_INK)
    for row, line in enumerate(_machine_readable(employee)):
        draw.text((20, 240 + 26 * row), line, font=small, fill=_INK)
    draw.line((170, 215, 500, 60), fill=_STAMP, width=3)
    sink = io.BytesIO()
    card.save(sink, kind, **({"quality": 70} if kind == "JPEG" else {"compress_level": 1}))
    return sink.getvalue()


def _machine_readable(employee: Employee) -> tuple[str, str, str]:
    """Three lines of thirty in the layout of size TD1; country UTO (Utopia) is ICAO's own for specimens."""
    person = employee.person
    name = f"{person.surname}<<{person.given}".upper().replace(" ", "<")
    return (
        f"I<UTOSPECI{employee.number:04d}<<".ljust(30, "<"),
        f"{person.born_on:%y%m%d}0X300101<UTO".ljust(30, "<"),
        name.ljust(30, "<")[:30],
    )


def statement(employee: Employee) -> bytes:
    """The wage tax statement (loonheffingsverklaring), one page of text."""
    person = employee.person
    lines = (
        "Opgaaf gegevens voor de loonheffingen (SPECIMEN)", "", f"Naam: {person.name}", f"BSN: {employee.bsn}",
        f"Adres: {person.street} {person.house_number}", f"{person.postcode} {person.city}",
        f"Geboortedatum: {person.born_on:%d-%m-%Y}", "Loonheffingskorting toepassen: ja", "",
        f"Getekend: {person.name}, {employee.started_on:%d-%m-%Y}",
    )  # fmt: skip
    return _page(lines)


def closed_files(world: World, bucket: str, prefix: str, title: str) -> Iterator[Thing]:
    """Papers of cases that nobody is named in, on either side of their term; sealed, so that only dates are outside."""
    target = f"{bucket}:{prefix}"
    for number, fate in enumerate(fates(target, world.today, world.random(target), 8, pending=0.2, missing=True), 1):
        key = f"{prefix}{number:04d}.pdf"
        world.truth.see(target, key, fate)
        metadata = {"status": "open" if fate.pending else "closed"}
        if fate.anchor:
            metadata["closed_on"] = fate.anchor.isoformat()
        yield Thing(bucket, key, _page((title, "", f"Zaak {number}")), metadata)


def _letter(employee: Employee) -> bytes:
    """From the rest of a personnel file: what was agreed at a yearly talk."""
    person = employee.person
    return _page((
        "Verslag jaargesprek (verzonnen)", "", f"Medewerker: {person.name}",
        f"Adres: {person.street} {person.house_number}", f"{person.postcode} {person.city}", "",
        "Besproken: werkdruk, scholing, planning. Afspraak: volgend jaar opnieuw.",
    ))  # fmt: skip


def _page(lines: tuple[str, ...]) -> bytes:
    """One page of text, in the plainest PDF 1.4 there is."""
    shown = b" T* ".join(b"(" + _pdf_text(line) + b") Tj" for line in lines)
    page = b"BT /F1 12 Tf 60 780 Td 20 TL " + shown + b" ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    pdf, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(pdf))
    return pdf + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def _pdf_text(line: str) -> bytes:
    """Helvetica knows the letters of Windows-1252; the few others (ı, ł, ş) lose their mark."""
    plain = line.translate(str.maketrans("ışłńśİŞ", "islnsIS"))
    return plain.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
