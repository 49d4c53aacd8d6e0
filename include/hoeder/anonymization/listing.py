"""What a reader finds first: a page and a JSON file that list the versions on their shelf."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hoeder.anonymization.datasheet import ENVIRONMENT, READERS, STYLE
from hoeder.anonymization.publish import Shelf


def refresh(shelf: Shelf, shelves: Sequence[str], today: date) -> int:
    """Write each shelf's catalog anew from what stands on it, also where nothing does; the number of versions
    listed.
    """
    standing, listed = shelf.standing(), 0
    for name in sorted({*shelves, *standing}):
        entries = [_entry(where, package) for where, package in standing.get(name, [])]
        entries = [entry for entry in entries if entry["until"] > today.isoformat()]
        entries.sort(key=lambda entry: (entry["release"], entry["version"]), reverse=True)
        shelf.put_catalog(name, page(name, entries), {"shelf": name, "releases": entries})
        listed += len(entries)
    return listed


def _entry(where: str, package: dict[str, Any]) -> dict[str, Any]:
    [resource] = package["resources"]
    return {
        "release": package["name"],
        "title": package["title"],
        "question": package["description"],
        "version": package["version"],
        "until": package["verdict"]["until"],
        "rows": resource["rows"],
        "k": package["anonymization"]["k"],
        "method": package["anonymization"]["method"],
        "columns": [field["name"] for field in resource["schema"]["fields"]],
        "data": f"{where}/data.parquet",
        "datapackage": f"{where}/datapackage.json",
        "datasheet": f"{where}/datasheet.html",
        "hash": resource["hash"],
    }


def page(shelf: str, entries: Sequence[dict[str, Any]]) -> str:
    """The catalog as one self-contained HTML page."""
    return _PAGE.render(reader=_reader(shelf), entries=entries)


def _reader(shelf: str) -> str:
    return shelf.removeprefix("client-") if shelf.startswith("client-") else READERS.get(shelf, shelf)


_PAGE = ENVIRONMENT.from_string(
    f"""<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Vrijgaven voor {{{{ reader }}}}</title><style>{STYLE}</style></head>
"""
    """<body><main><h1>Vrijgaven voor {{ reader }}</h1>
{% if not entries %}<p>Er staat nu niets.</p>{% else %}
<p>Elke versie is anoniem voor {{ reader }} tot de dag die erbij staat; daarna wordt zij gewist. Lees eerst het
datasheet: daar staat wat een kolom betekent, en wat niet te beantwoorden is.</p>
<div class="wide"><table><tr><th>Vrijgave<th>Vraag<th>Versie van<th class="n">Rijen<th class="n">k<th>Tot<th>Lezen
{% for e in entries %}<tr><td><strong>{{ e.release }}</strong><br>{{ e.title }}<br><small>{{ e.columns|join(', ')
}}</small><td>{{ e.question }}<td class="date">{{ e.version[8:10] }}-{{ e.version[5:7] }}-{{ e.version[:4] }}<td
class="n">{{ e.rows|dutch }}<td class="n">{{ e.k }}<td class="date">{{ e.until[8:10] }}-{{ e.until[5:7] }}-{{
e.until[:4] }}<td><a href="../../{{ e.datasheet }}">datasheet</a><br><a href="../../{{ e.data }}">data</a>
{% endfor %}</table></div>{% endif %}
</main></body></html>
"""
)
