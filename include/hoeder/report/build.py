"""Make the report: one HTML page, one PDF and the figures behind both, or nothing at all."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import datetime
from importlib import resources

from hoeder import paper, typeface
from hoeder.errors import ReportError
from hoeder.paper import legible as legible
from hoeder.policy.models import Policy
from hoeder.report.compose import compose
from hoeder.report.document import canonical
from hoeder.report.facts.figures import Figures
from hoeder.report.words import Language


@dataclass(frozen=True)
class Report:
    """`pdf` is PDF/A-2a and PDF/UA-1; `json` is canonical: the same figures give the same bytes."""

    html: str
    pdf: bytes
    json: bytes

    def files(self) -> dict[str, bytes]:
        return {"report.html": self.html.encode(), "report.pdf": self.pdf, "report.json": self.json}


def build(figures: Figures, policy: Policy, *, language: Language) -> Report:
    """All three, or ReportError with the reason."""
    try:
        view = legible(dataclasses.asdict(compose(figures, policy, language)))
        return Report(html=_html(view), pdf=pdf(view, figures.at), json=canonical(figures))
    except ReportError:
        raise
    except Exception as error:
        raise ReportError(f"the report ({language}) could not be made: {type(error).__name__}: {error}") from error


def _html(view: object) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.BaseLoader(),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pieces"] = _pieces
    try:
        page = environment.from_string(template("page.html"))
    except jinja2.TemplateError as error:
        raise ReportError(f"template page.html cannot be read: {error}") from error
    # The typeface holds exactly the characters of the page, so the page is drawn once to know them.
    plain = page.render(view=view, fonts="", css="")
    glyphs = "".join(sorted(set(re.sub(r"<[^>]*>", "", plain)) | set("0123456789")))
    return page.render(view=view, fonts=typeface.css(glyphs), css=template("page.css"))


def _pieces(name: str) -> list[str]:
    """Where an identifier may break: behind its punctuation."""
    return re.findall(r"[^._/:-]*[._/:-]|[^._/:-]+", name)


def pdf(view: object, at: datetime, name: str = "page.typ") -> bytes:
    """A view on paper, as PDF/A-2a and PDF/UA-1. Raises ReportError."""
    return paper.pdf(template(name).encode(), view, at, name)


def template(name: str) -> str:
    """A template of this package."""
    return (resources.files("hoeder.report") / name).read_text(encoding="utf-8")
