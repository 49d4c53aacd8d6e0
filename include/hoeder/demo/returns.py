"""What went back to a client some time ago: a return whose copy has expired, and one with a day to go."""

import json
from collections.abc import Iterator
from datetime import timedelta

from hoeder.demo.objects import Thing
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

BUCKET = "returns"
_TARGET = "returns:client-tuinkamer/"


def things(world: World) -> Iterator[Thing]:
    """Manifest and file of each. The file is noise: nobody but the client could tell."""
    around = window(_TARGET, world.today)
    for day in (around.due - timedelta(days=3), *around.edges()):
        folder = f"client-tuinkamer/client-note-tuinkamer/{day}-{day.toordinal():012x}"
        noise = world.random(folder).randbytes(600)
        manifest = json.dumps({"client": "tuinkamer", "rows": 2, "files": [{"name": "rows-00001.jsonl.gz.p7m"}]})
        for name, body in (("rows-00001.jsonl.gz.p7m", noise), ("manifest.json", manifest.encode())):
            key = f"{folder}/{name}"
            world.truth.see(_TARGET, key, Fate(day))
            yield Thing(BUCKET, key, body, {"handed_on": day.isoformat()})
    folder = f"client-tuinkamer/client-note-zekerdak/{around.kept}-misplaced"  # another client's, in the wrong folder
    manifest = json.dumps({"client": "zekerdak", "rows": 2, "files": [{"name": "rows-00001.jsonl.gz.p7m"}]})
    for name, body in (("rows-00001.jsonl.gz.p7m", b"\0" * 600), ("manifest.json", manifest.encode())):
        world.truth.see(_TARGET, f"{folder}/{name}", Fate(around.kept))
        yield Thing(BUCKET, f"{folder}/{name}", body, {"handed_on": around.kept.isoformat()})
