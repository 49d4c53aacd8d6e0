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

from hoeder import typeface
from hoeder.errors import ReportError
from hoeder.evidence.ledger import Connection, Outcome
from hoeder.policy.models import Policy
from hoeder.promises import Status
from hoeder.report import build as build_module
from hoeder.report.build import Report, build, legible
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.report.period import Period
from hoeder.report.words import Language, Words

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
    for figure in ("28.735", "27.256", "minstens 10", "701 records"):
        assert figure in report.html.replace("\u00a0", " ")
        assert figure in text_of(report).replace("\u00a0", " ")


def test_the_english_report_is_english(months: Figures, policy: Policy) -> None:
    report = build(months, policy, language="en")
    assert Outline(report.html).all("html") == [{"lang": "en"}]
    assert "28,735" in report.html and "28,735" in text_of(report)
    assert "Retention and destruction" in report.html
    for dutch in ("geblokkeerd", "nagekomen", "kengetal", "geschonden"):
        assert dutch not in report.html.lower()
    assert str(pypdf.PdfReader(io.BytesIO(report.pdf)).root_object["/Lang"]).startswith("en")


def test_what_the_report_must_not_read_is_not_in_it(report: Report) -> None:
    for where in (report.html, text_of(report), report.json.decode(), report.pdf.decode("latin-1")):
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
    named = sum("aria-label" in table for table in outline.all("table"))
    assert named + len(outline.all("caption")) == len(outline.all("table")) and named == len(outline.all("details"))
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
    report = build(collect(worked, policy, seed.PERIOD, now=seed.NOW), policy, language="nl")
    assert not Outline(report.html).all("script")
    assert "&lt;script&gt;" in report.html


@pytest.mark.parametrize("verdict", ["undeclared", "unclassified"])
def test_typst_markup_in_a_name_is_not_interpreted(db: Connection, policy: Policy, verdict: str) -> None:
    number = seed.scan(db, "crm", finished_at=seed.NOW)
    seed.begun(db)
    for name in MARKUP:
        seed.finding(db, number, (name, name, verdict, None, None, name))
    db.commit()
    shown = re.sub(r"\s", "", text_of(build(collect(db, policy, seed.PERIOD, now=seed.NOW), policy, language="nl")))
    for name in MARKUP:
        assert shown.count(re.sub(r"\s", "", name)) >= 2, name


def test_signs_that_cannot_be_shown_are_spelled_out(db: Connection, policy: Policy) -> None:
    number = seed.scan(db, "crm", finished_at=seed.NOW)
    seed.begun(db)
    seed.finding(db, number, ("漢字", "ab\u202egnp.exe\n", "undeclared", None, "user.name", "😀"))
    db.commit()
    report = build(collect(db, policy, seed.PERIOD, now=seed.NOW), policy, language="nl")
    assert "\u202e" not in report.html
    for shown in (r"\u{6f22}", r"ab\u{202e}gnp", r"\u{1f600}"):
        assert shown in report.html.replace("<wbr>", "")
        assert shown in re.sub(r"\s", "", text_of(report))


def test_legible_leaves_what_the_typeface_has() -> None:
    assert legible(["één € – ‘x’", {"k": "naïef"}, 3, None]) == ["één € – ‘x’", {"k": "naïef"}, 3, None]
    assert legible("\t") == r"\u{9}"


def test_what_nobody_counted_is_reported_as_unknown_and_never_as_zero(db: Connection, policy: Policy) -> None:
    seed.act(db, "evidence", "seal", "ledger", Outcome.DONE)
    db.commit()
    report = build(collect(db, policy, seed.PERIOD, now=seed.NOW), policy, language="nl")
    for text in (report.html, re.sub(r"\s+", " ", text_of(report))):
        assert "Er is nog geen bewaarplan" in text
        assert "Er is nog geen bron met succes gescand" in text
    tiles = report.html[report.html.index('<dl class="tiles">') : report.html.index("</dl>")]
    assert re.findall(r'class="figure">([^<]*)<', tiles) == ["–", "–", "–", "0\u00a0%"]  # no store of seven is scanned
    assert not Outline(report.html).all("svg")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_can_be_reported(db: Connection, policy: Policy, outcome: Outcome) -> None:
    seed.plan(db)
    seed.approve(db)
    seed.act(db, "retention", "erase", "complaint", outcome, case_id=seed.PLAN)
    seed.act(db, "inventory", "scan", "crm", outcome)
    seed.act(db, "anonymization", "release", "call-volumes", outcome)
    db.commit()
    assert build(collect(db, policy, seed.PERIOD, now=seed.NOW), policy, language="nl").pdf.startswith(b"%PDF")


def test_the_same_figures_give_the_same_report(figures: Figures, policy: Policy) -> None:
    assert build(figures, policy, language="nl") == build(figures, policy, language="nl")


def test_without_the_typeface_there_is_no_report(
    figures: Figures, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeface, "WEIGHTS", {400: "absent.ttf"})
    typeface.characters.cache_clear()
    try:
        with pytest.raises(ReportError, match=r"report \(nl\)"):
            build(figures, policy, language="nl")
    finally:
        monkeypatch.undo()
        typeface.characters.cache_clear()


def test_importing_the_report_costs_no_heavy_library() -> None:
    script = "import sys, hoeder.report.build, hoeder.report.figures; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"altair", "typst", "vl_convert", "fontTools", "pandas"} & set(done.stdout.split())


def test_the_period_and_what_was_erased_in_it_are_on_the_page(db: Connection, policy: Policy) -> None:
    seed.act(db, "retention", "erase", "complaint", Outcome.DONE, case_id=uuid.UUID(int=9), counts={"erased": 4321})
    seed.plan(db)
    db.commit()
    figures = collect(db, policy, Period.parse("2099-Q4"), now=seed.NOW)
    for language, title, sentence in (
        ("nl", "Privacyrapportage 4e kwartaal 2099", "Van 1 oktober 2099, 00:00 tot 22 november 2099, 14:05"),
        ("en", "Privacy report 4th quarter 2099", "From 1 October 2099, 00:00 to 22 November 2099, 14:05"),
    ):
        html = build(figures, policy, language=cast(Language, language)).html.replace("\u00a0", " ")
        assert title in html and sentence in html
        assert ("4.321" if language == "nl" else "4,321") in html


def test_the_first_page_of_paper_stands_alone_and_says_what_matters(report: Report, months: Figures) -> None:
    pages = pypdf.PdfReader(io.BytesIO(report.pdf)).pages
    first = re.sub(r"\s+", " ", pages[0].extract_text())
    assert "Van de 121 beloften zijn er 85 aantoonbaar nagekomen, 11 verklaard en 3 geschonden; van 20" in first
    for part in ("Over tijd", "Dit vraagt een besluit", "claim-2099-014", "uiterlijk 5 dec 2099"):
        assert part in first
    assert first.count("onder Aandachtspunten") == 2  # both lists are cut, and say so
    assert "De beloften" in pages[1].extract_text()[:400]


def test_every_promise_stands_on_the_page_with_its_status_and_broken_ones_first(report: Report) -> None:
    text = re.sub(r"\s+", " ", text_of(report))
    for promise in seed.promises():
        many = 2 if promise.status is Status.BROKEN else 1
        assert len(re.findall(rf"{promise.promise}\b", text)) == many
    section = text[text.index("Geschonden beloften") :]
    assert section.index("REQ-024") < section.index("REQ-083") < section.index("REQ-001")


def test_every_indicator_says_formula_unit_trend_and_evidence(report: Report, months: Figures) -> None:
    words = Words("nl")
    for html in (report.html,):
        for kpi in months.kpis:
            if kpi.part is not None:
                assert kpi.grounds, f"{kpi.key} has no evidence"
            item = html[html.index(f"<h3>{words.say(f'kpi.{kpi.key}')}</h3>") :].split("</li>")[0]
            assert words.say(f"kpi.{kpi.key}.formula") in item
            assert all(ground.digest[:12] in item for ground in kpi.grounds)


def test_every_picture_has_its_words_in_html_and_pdf(report: Report) -> None:
    outline = Outline(report.html)
    reader = pypdf.PdfReader(io.BytesIO(report.pdf))
    told = {str(alt) for alt in alternatives(reader)}
    assert len(told) >= 12
    for picture in outline.all("svg"):
        assert picture["aria-label"]
    assert any("Verloop van Records over hun termijn: " in text for text in told)
    assert any("3 geschonden, 85 nagekomen, 11 verklaard" in text for text in told)


def alternatives(reader: pypdf.PdfReader) -> list[str]:
    """Every alternative text in the tree of tags."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/Alt" in node:
                found.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.root_object["/StructTreeRoot"])
    return found


def test_the_pdf_has_an_outline_and_tagged_headings(report: Report) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report.pdf))
    titles = [str(item["/Title"]) for item in reader.outline if not isinstance(item, list)]  # type: ignore[index]
    assert titles[:3] == ["De beloften van de privacyverklaring", "Over tijd", "Dit vraagt een besluit"]
    assert "Verantwoording" in titles


@pytest.mark.parametrize("name", ["page.typ", "page.html"])
def test_a_broken_template_makes_no_report_and_says_which(
    figures: Figures, policy: Policy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole = build_module.template
    broken = {"page.typ": "#let x = (", "page.html": "{% for %}"}[name]
    monkeypatch.setattr(build_module, "template", lambda asked: broken if asked == name else whole(asked))
    with pytest.raises(ReportError, match=name):
        build(figures, policy, language="nl")
