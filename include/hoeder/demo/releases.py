"""Two versions of a release from before: one that has expired and waits for retention, one with a day to go."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta

from hoeder.demo.objects import Thing
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

BUCKET = "releases"
_TARGET = "releases:versions/"
_RELEASE = "web-usage-2025"


def things(world: World) -> Iterator[Thing]:
    """Data and description of each; nobody's data, as releases are."""
    for expires_on in window(_TARGET, world.today).edges():
        version = f"{expires_on - timedelta(days=365)}T060000"
        for name, body in (("data.parquet", _data()), ("datapackage.json", _package(version, expires_on))):
            key = f"versions/company/{_RELEASE}/version={version}/{name}"
            world.truth.see(_TARGET, key, Fate(expires_on))
            yield Thing(BUCKET, key, body, {"expires_on": expires_on.isoformat()})


def _data() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.table({"section": ["contact", "home"], "visitors": [120, 340]}), sink, compression="zstd")
    return sink.getvalue()


def _package(version: str, expires_on: date) -> bytes:
    fields = [{"name": "section", "type": "string"}, {"name": "visitors", "type": "integer"}]
    resource = {
        "name": "data", "path": "data.parquet", "format": "parquet", "rows": 2, "hash": "",
        "schema": {"fields": fields},
    }  # fmt: skip
    return json.dumps({
        "name": _RELEASE, "title": "Visitors by section, an earlier version", "description": "Which parts are used?",
        "version": version, "verdict": {"reader": "company", "level": "anonymous", "until": expires_on.isoformat()},
        "anonymization": {"k": 10, "method": "counts"}, "resources": [resource],
    }).encode()  # fmt: skip
