"""The pages: nothing leaks, nothing is taken for markup, and the PDF keeps its standards."""

import io
import re
import subprocess
import sys
import uuid
from html.parser import HTMLParser
from typing import cast

import pypdf
import pytest
import report_seed as seed

from hoeder.errors import ReportError
from hoeder.evidence.ledger import Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.report import fonts
from hoeder.report.build import Report, build, legible
from hoeder.report.facts import Figures
from hoeder.report.figures import collect
from hoeder.report.words import Language

HOSTILE = "<script>alert(1)</script>&\"'"
MARKUP = ['#panic("x")', "*bold*", "$x^2$", "= title", "@label", "#import", "`raw`", "_under_", "\\ ", "<label>"]


class Outline(HTMLParser):
    """What the page consists of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def text_of(report: Report) -> str:
    reader = pypdf.PdfReader(io.BytesIO(report.pdf))
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.fixture
def report(figures: Figures, policy: Policy) -> Report:
    return build(figures, policy, language="nl")


def test_the_pdf_declares_its_standards_and_is_tagged(report: Report) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report.pdf))
    root = reader.root_object
    metadata = root["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]
    assert re.search(r"pdfaid:part>2<", metadata) and re.search(r"pdfaid:conformance>A<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root  # type: ignore[index]
    assert str(root["/Lang"]).startswith("nl")
    assert reader.metadata is not None and "Privacyrapportage" in str(reader.metadata.title)


def test_every_page_of_the_pdf_carries_the_company_and_its_note(report: Report, policy: Policy) -> None:
    for page in pypdf.PdfReader(io.BytesIO(report.pdf)).pages:
        assert policy.organisation.name in page.extract_text()
        assert policy.organisation.note in page.extract_text()


def test_the_pdf_has_its_own_typeface_only(report: Report) -> None:
    names = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(report.pdf)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert names and all("SourceSansPro" in name for name in names), names


def test_both_pages_show_the_figures(report: Report) -> None:
    for figure in ("28.735", "27.256", "vereist: 10", "701 records"):
        assert figure in report.html.replace("\u00a0", " ")
        assert figure in text_of(report).replace("\u00a0", " ")


def test_the_english_report_is_english(figures: Figures, policy: Policy) -> None:
    report = build(figures, policy, language="en")
    assert Outline(report.html).all("html") == [{"lang": "en"}]
    assert "28,735" in report.html and "28,735" in text_of(report)
    assert "Retention and destruction" in report.html
    assert "geblokkeerd" not in report.html.lower()
    assert str(pypdf.PdfReader(io.BytesIO(report.pdf)).root_object["/Lang"]).startswith("en")


def test_what_the_report_must_not_read_is_not_in_it(report: Report) -> None:
    for where in (report.html, text_of(report), report.figures_json, report.pdf.decode("latin-1")):
        assert seed.CANARY not in where
        assert seed.CANARY.encode().hex() not in where


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(report: Report) -> None:
    outline = Outline(report.html)
    assert not outline.all("script") and not outline.all("link") and not outline.all("iframe")
    for _, attributes in outline.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert not str(attributes.get("href") or "#").startswith("http")
    assert set(re.findall(r"url\((.{5})", report.html)) <= {"data:"}


def test_the_page_can_be_read_by_a_screen_reader(report: Report) -> None:
    outline = Outline(report.html)
    assert all(attributes.get("scope") in {"col", "row"} for attributes in outline.all("th"))
    assert len(outline.all("caption")) == len(outline.all("table"))
    pictures = outline.all("svg")
    assert pictures and all(p["role"] == "img" and p["aria-label"] for p in pictures)
    assert len(outline.all("desc")) == len(pictures)
    identifiers = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    assert len(outline.all("h1")) == 1


def test_a_hostile_table_name_is_text_on_the_page(worked: Connection, policy: Policy) -> None:
    number = seed.scan(worked, "crm", finished_at=seed.NOW)
    seed.finding(worked, number, (HOSTILE, HOSTILE, "undeclared", None, "user.contact", HOSTILE))
    worked.commit()
    report = build(collect(worked, policy, now=seed.NOW), policy, language="nl")
    assert not Outline(report.html).all("script")
    assert "&lt;script&gt;" in report.html


@pytest.mark.parametrize("verdict", ["undeclared", "unclassified"])
def test_typst_markup_in_a_name_is_not_interpreted(db: Connection, policy: Policy, verdict: str) -> None:
    number = seed.scan(db, "crm", finished_at=seed.NOW)
    for name in MARKUP:
        seed.finding(db, number, (name, name, verdict, None, None, name))
    db.commit()
    shown = re.sub(r"\s", "", text_of(build(collect(db, policy, now=seed.NOW), policy, language="nl")))
    for name in MARKUP:
        assert shown.count(re.sub(r"\s", "", name)) >= 2, name


def test_signs_that_cannot_be_shown_are_spelled_out(db: Connection, policy: Policy) -> None:
    number = seed.scan(db, "crm", finished_at=seed.NOW)
    seed.finding(db, number, ("漢字", "ab\u202egnp.exe\n", "undeclared", None, "user.name", "😀"))
    db.commit()
    report = build(collect(db, policy, now=seed.NOW), policy, language="nl")
    assert "\u202e" not in report.html
    for shown in (r"\u{6f22}", r"ab\u{202e}gnp", r"\u{1f600}"):
        assert shown in report.html.replace("<wbr>", "")
        assert shown in re.sub(r"\s", "", text_of(report))


def test_legible_leaves_what_the_typeface_has() -> None:
    assert legible(["één € – ‘x’", {"k": "naïef"}, 3, None]) == ["één € – ‘x’", {"k": "naïef"}, 3, None]
    assert legible("\t") == r"\u{9}"


def test_an_empty_database_is_reported_as_unknown_and_never_as_zero(db: Connection, policy: Policy) -> None:
    report = build(collect(db, policy, now=seed.NOW), policy, language="nl")
    for text in (report.html, re.sub(r"\s+", " ", text_of(report))):
        assert "Er is nog geen bewaarplan" in text
        assert "Er is nog geen bron met succes gescand" in text
        assert "bewijsregister is nog leeg" in text
    assert re.findall(r'class="figure">([^<]*)<', report.html) == ["–"] * 8
    assert not Outline(report.html).all("svg")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_reported(db: Connection, policy: Policy, outcome: Outcome) -> None:
    seed.plan(db)
    seed.approve(db)
    seed.act(db, "retention", "erase", "complaint", outcome, case_id=seed.PLAN)
    seed.act(db, "inventory", "scan", "crm", outcome)
    seed.act(db, "anonymization", "release", "call-volumes", outcome)
    db.commit()
    assert build(collect(db, policy, now=seed.NOW), policy, language="nl").pdf.startswith(b"%PDF")


def test_the_same_figures_give_the_same_report(figures: Figures, policy: Policy) -> None:
    assert build(figures, policy, language="nl") == build(figures, policy, language="nl")


def test_without_the_typeface_there_is_no_report(
    figures: Figures, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "WEIGHTS", {400: "absent.ttf"})
    fonts.characters.cache_clear()
    try:
        with pytest.raises(ReportError, match=r"report \(nl\)"):
            build(figures, policy, language="nl")
    finally:
        monkeypatch.undo()
        fonts.characters.cache_clear()


def test_importing_the_report_costs_no_heavy_library() -> None:
    script = "import sys, hoeder.report.build, hoeder.report.figures; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"altair", "typst", "vl_convert", "fontTools", "pandas"} & set(done.stdout.split())


def test_the_period_and_what_was_erased_in_it_are_on_the_page(db: Connection, policy: Policy) -> None:
    seed.reported(db, seed.NOW.replace(year=2020))
    seed.act(db, "retention", "erase", "complaint", Outcome.DONE, case_id=uuid.UUID(int=9), counts={"erased": 4321})
    seed.plan(db)
    db.commit()
    figures = collect(db, policy, now=seed.NOW)
    for language, sentence in (
        (
            "nl",
            "Van 22 november 2020, 14:05 tot 22 november 2099, 14:05 zijn volgens het register 4.321 records gewist",
        ),
        ("en", "From 22 November 2020, 14:05 to 22 November 2099, 14:05 the ledger counts 4,321 records erased"),
    ):
        html = build(figures, policy, language=cast(Language, language)).html.replace("\u00a0", " ")
        assert sentence in html
