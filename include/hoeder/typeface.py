"""One typeface everywhere, Source Sans Pro from a package: no page depends on the fonts of a machine."""

import base64
import importlib.util
import io
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hoeder.errors import ReportError

FAMILY = "Source Sans Pro"
WEIGHTS = {400: "SourceSansPro-Regular.ttf", 600: "SourceSansPro-Semibold.ttf"}


@contextmanager
def folder() -> Iterator[Path]:
    """A folder with these two weights and nothing else: the package has every weight twice, in two formats."""
    with tempfile.TemporaryDirectory(prefix="hoeder-fonts-") as temporary:
        for name in WEIGHTS.values():
            shutil.copy(package() / name, temporary)
        yield Path(temporary)


@cache
def characters() -> frozenset[str]:
    """What both weights can show."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    maps = [TTFont(str(package() / name), lazy=True).getBestCmap() for name in WEIGHTS.values()]
    return frozenset(map(chr, set.intersection(*(set(known) for known in maps))))


def css(text: str) -> str:
    """`@font-face` rules with the glyphs that `text` needs, as data URIs."""
    return "\n".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};font-display:block;"
        f"src:url(data:font/woff;base64,{_subset(package() / name, text)}) format('woff')}}"
        for weight, name in WEIGHTS.items()
    )


def package() -> Path:
    """The package's folder of font files. Raises ReportError where it is not installed."""
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise ReportError("the package font-source-sans-pro is not installed; run: pip install -r requirements.txt")
    return Path(spec.origin).parent / "files"


def _subset(path: Path, text: str) -> str:
    from fontTools import subset  # type: ignore[import-untyped]

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it looks at
    options = subset.Options(flavor="woff", layout_features=["kern", "liga", "tnum", "lnum"], hinting=False)
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    target = io.BytesIO()
    subset.save_font(font, target, options)
    return base64.b64encode(target.getvalue()).decode()
