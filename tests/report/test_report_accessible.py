"""The page in a real browser: axe finds nothing wrong, by day and by night, and a phone shows all of it."""

import json
import re
import shutil
import subprocess
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from hoeder.report.build import Report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

DARK = "(prefers-color-scheme: dark) and (not print)"
CHECK = """
<script>%s</script>
<script>
  document.querySelectorAll("details").forEach(each => each.open = true);
  const wide = [...document.querySelectorAll("body *")].filter(each => {
    const place = each.getBoundingClientRect();
    return place.width && place.right > innerWidth + 1 && getComputedStyle(each).position !== "absolute";
  }).map(each => each.tagName + "." + each.className).slice(0, 5);
  axe.run(document, {resultTypes: ["violations"]}).then(found => parent.tell(frameElement.id, {
    width: innerWidth, paper: getComputedStyle(document.documentElement).backgroundColor, wide,
    violations: found.violations.map(one =>
      ({id: one.id, impact: one.impact, nodes: one.nodes.map(node => node.html.slice(0, 90)).slice(0, 3)})),
  }));
</script>
"""
TELL = """
<script>
  const all = {};
  function tell(name, found) {
    all[name] = found;
    if (Object.keys(all).length < %d) return;
    document.body.innerHTML = "<pre id=told>" + encodeURIComponent(JSON.stringify(all)) + "</pre>";
  }
</script>
"""


@pytest.fixture(scope="module")
def seen(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What axe and the layout say of the page at a desk, at night and on a phone, and of one that is spoilt.

    Each stands in a frame of its width: a window cannot be as narrow as a phone.
    """
    faulty = re.sub(r"<main.*</main>", '<main><img src="data:,"></main>', report.html, flags=re.DOTALL)
    pages = {
        "desk": (1200, report.html),
        "night": (1200, report.html.replace(DARK, "all")),
        "phone": (360, report.html),
        "faulty": (1200, faulty.replace('<html lang="nl">', "<html>")),
    }
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    check = CHECK % axe.replace("</script>", "<\\/script>")
    frames = ""
    for name, (width, html) in pages.items():
        checked = escape(html.replace("</body>", check + "</body>"))
        frames += f'<iframe id="{name}" width="{width}" height="900" srcdoc="{checked}"></iframe>'
    folder: Path = tmp_path_factory.mktemp("browser")
    (folder / "pages.html").write_text(TELL % len(pages) + frames, "utf-8")
    assert CHROMIUM
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1300,1000",
        "--virtual-time-budget=60000", f"--user-data-dir={folder / 'profile'}", "--dump-dom",
        (folder / "pages.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=170, check=True)
    told = re.search(r'id="told">([^<]+)<', done.stdout)
    assert told, "the pages did not come to their end in the browser"
    return dict(json.loads(unquote(told[1])))


@pytest.mark.parametrize(("place", "width"), [("desk", 1200), ("night", 1200), ("phone", 360)])
def test_axe_finds_nothing_wrong_and_nothing_sticks_out(seen: dict[str, Any], place: str, width: int) -> None:
    assert seen[place]["width"] == width
    assert seen[place]["violations"] == []
    assert seen[place]["wide"] == []


def test_at_night_the_paper_is_dark(seen: dict[str, Any]) -> None:
    assert {place: seen[place]["paper"] for place in ("desk", "night")} == {
        "desk": "rgb(255, 255, 255)", "night": "rgb(20, 29, 34)",
    }  # fmt: skip


def test_a_page_with_faults_is_found_out(seen: dict[str, Any]) -> None:
    """The check itself: no language, and a picture that says nothing."""
    assert {one["id"] for one in seen["faulty"]["violations"]} >= {"html-has-lang", "image-alt"}
