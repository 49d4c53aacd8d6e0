"""The page on which somebody reads their data, in a real browser: axe finds nothing wrong, a phone shows all of it."""

import json
import re
import shutil
import subprocess
from datetime import date
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from handing import shop_policy

from hoeder.rights import explained, overview
from hoeder.rights.gathered import Gathered

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TODAY = date(2026, 11, 22)
DARK = "(prefers-color-scheme: dark) and (not print)"
CHECK = """<script>%s</script><script>
  const wide = [...document.querySelectorAll("body *")].filter(each => {
    const place = each.getBoundingClientRect();
    return place.width && place.right > innerWidth + 1 && !each.closest(".scroll");
  }).map(each => each.tagName + "." + each.className).slice(0, 5);
  axe.run(document, {resultTypes: ["violations"]}).then(found => parent.tell(frameElement.id, {
    wide, violations: found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 90)).slice(0, 3)]),
  }));
</script>"""
TELL = """<script>
  const all = {};
  function tell(name, found) {
    all[name] = found;
    if (Object.keys(all).length == %d)
      document.body.innerHTML = "<pre id=told>" + encodeURIComponent(JSON.stringify(all)) + "</pre>";
  }
</script>"""
GATHERED = [
    Gathered("shop.contact", {"name": "user.name", "email": "user.contact.email", "active": "user.account"},
             (("Jan <b>de Vries</b>", "jan@example.nl", True),)),
    Gathered("shop.note", {"body": "user.content.private", "noted_on": "user.behavior"},
             (("Belde over de factuur. " * 9, "2026-03-01"), ("x" * 300, None)), (date(2027, 3, 1), None)),
    Gathered("shop.elsewhere", {"object": "system.operations"}, (("calls/2026/1.ogg",),), (None,), listed=True),
]  # fmt: skip


def page(*, redacted: int = 0) -> str:
    policy = shop_policy("cases")
    parts = explained.explain(policy, GATHERED, "nl", TODAY)
    return overview.page(policy, parts, "nl", redacted=redacted, today=TODAY).decode()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What axe and the layout say at a desk, at night, on a phone, and of a page that is spoilt."""
    made = page(redacted=2)
    pages = {
        "desk": (1200, made), "night": (1200, made.replace(DARK, "all")), "phone": (360, made),
        "spoilt": (1200, re.sub(r"<main.*</main>", '<main><img src="data:,"></main>', made, flags=re.DOTALL)),
    }  # fmt: skip
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    check = CHECK % axe.replace("</script", r"<\/script")
    frames = "".join(
        f'<iframe id="{name}" title="{name}" width="{width}" height="900" '
        f'srcdoc="{escape(html.replace("</body>", check + "</body>"))}"></iframe>'
        for name, (width, html) in pages.items()
    )
    outer: Path = tmp_path_factory.mktemp("overview") / "frames.html"
    outer.write_text(f"<!doctype html><meta charset=utf-8><body>{TELL % len(pages)}{frames}</body>", encoding="utf-8")
    shown = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=30000", "--dump-dom",
         outer.as_uri()], capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    told = re.search(r'<pre id="told">([^<]*)', shown)
    assert told, "every frame told what it saw"
    return dict(json.loads(unquote(told[1])))


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("where", ["desk", "night", "phone"])
def test_nothing_is_wrong_and_nothing_sticks_out(seen: dict[str, Any], where: str) -> None:
    assert seen[where] == {"wide": [], "violations": []}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_what_is_wrong_would_be_seen(seen: dict[str, Any]) -> None:
    assert "image-alt" in [name for name, _ in seen["spoilt"]["violations"]]


def test_what_is_in_a_store_is_text_and_days_are_words() -> None:
    made = page()
    assert "Jan &lt;b&gt;de Vries&lt;/b&gt;" in made and "1 maart 2026" in made and "1 maart 2027" in made
    assert "Overige gegevens" in made and "calls/2026/1.ogg" in made and "U kunt om een kopie vragen" in made
    assert "[weggelaten]" not in made and "één keer" in page(redacted=1)
