"""Words on paper: a Typst template and a view of finished texts become PDF/A-2a and PDF/UA-1, or nothing.

Every text comes in as data and is set as text: nothing in it is markup.
"""

import json
from datetime import UTC, datetime
from typing import Any

from hoeder import typeface
from hoeder.errors import ReportError


def pdf(template: bytes, view: object, at: datetime, name: str) -> bytes:
    """The view on paper; the same view gives the same bytes. `name` is how errors call the template.

    Raises ReportError.
    """
    import typst

    with typeface.folder() as folder:
        loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
        try:
            made, warnings = typst.compile_with_warnings(
                template,
                font_paths=loaded,
                ignore_system_fonts=True,
                sys_inputs={"view": json.dumps(view), "at": at.astimezone(UTC).isoformat()},
                pdf_standards=["a-2a", "ua-1"],
                timestamp=at.astimezone(UTC).replace(microsecond=0),  # all that typst takes
                format="pdf",
            )
        except typst.TypstError as error:
            hints = "".join(f"\n  {hint}" for hint in error.hints)
            raise ReportError(
                f"{name} does not make a PDF that passes PDF/A-2a and PDF/UA-1: {error.message}{hints}"
            ) from error
    if warnings:
        raise ReportError(f"the PDF is not as it should be: {'; '.join(warning.message for warning in warnings)}")
    return made


def legible(value: Any) -> Any:
    """The same, with every character that the typeface does not have written as its code.

    Names of tables may hold anything. A sign that cannot be shown would spoil the page, and one that turns the
    writing around would change what it seems to say.
    """
    match value:
        case str():
            known = typeface.characters()
            return "".join(sign if sign in known else f"\\u{{{ord(sign):x}}}" for sign in value)
        case dict():
            return {key: legible(item) for key, item in value.items()}
        case list() | tuple():
            return [legible(item) for item in value]
        case _:
            return value
