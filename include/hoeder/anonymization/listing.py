"""What a reader finds first: a page and a JSON file that list the versions on their shelf."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import jinja2

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
    return _PAGE.render(shelf=shelf, entries=entries)


_PAGE = jinja2.Environment(autoescape=True).from_string("""<!doctype html>
<html lang="nl"><meta charset="utf-8"><title>Vrijgaven</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid
#ddd;vertical-align:top}</style>
<h1>Vrijgaven: {{ shelf }}</h1>
{% if not entries %}<p>Er staat nu niets.</p>{% else %}
<table><tr><th>Vrijgave<th>Vraag<th>Versie<th>Rijen<th>Tot<th>
{% for e in entries %}<tr><td>{{ e.title }}<br><small>{{ e.columns|join(', ') }}</small><td>{{ e.question }}<td>{{
e.version }}<td>{{ e.rows }}
<td>{{ e.until }}<td><a href="../../{{ e.data }}">data</a> · <a href="../../{{ e.datasheet }}">datasheet</a>
{% endfor %}</table>{% endif %}
</html>
""")
