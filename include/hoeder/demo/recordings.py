"""Sound and pictures: calls kept for coaching, calls that prove what was agreed, and the camera at the entrance."""

import io
import struct
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from PIL import Image

from hoeder.demo.objects import Thing
from hoeder.demo.places import HELD_CONTACT, any_contact
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.world import World

BUCKET = "recordings"
_CALLS, _PROOFS, _CAMERA = "recordings:calls/", "recordings:proofs/", "recordings:camera/"


def things(world: World) -> Iterator[Thing]:
    """Every object of the bucket, prefix by prefix. Nothing is to be heard or seen."""
    yield from _calls(world)
    yield from _proofs(world)
    yield from _camera(world)


def _calls(world: World) -> Iterator[Thing]:
    random = world.random(_CALLS)
    count = min(60, 20 + world.persons // 500)
    planted = Fate(window(_CALLS, world.today).overdue(random))
    for number, fate in enumerate([*fates(_CALLS, world.today, random, count), planted], start=1):
        held = fate is planted
        contact = HELD_CONTACT if held else any_contact(world, random)
        key = f"calls/date={fate.anchor}/{number:05d}.wav"
        _book(world, _CALLS, key, fate, held=held)
        yield Thing(BUCKET, key, _silence(), {"contact_id": str(contact)})


def _proofs(world: World) -> Iterator[Thing]:
    random = world.random(_PROOFS)
    count = min(40, 12 + world.persons // 1_000)
    planted = Fate(window(_PROOFS, world.today).overdue(random))
    made = fates(_PROOFS, world.today, random, count, pending=0.5, missing=True)
    for number, fate in enumerate([*made, planted], start=1):
        held = fate is planted
        metadata = {"contact_id": str(HELD_CONTACT if held else any_contact(world, random))}
        metadata["status"] = "running" if fate.pending else "ended"
        if fate.anchor:
            metadata["ended_on"] = fate.anchor.isoformat()
        key = f"proofs/{number:05d}.wav"
        _book(world, _PROOFS, key, fate, held=held)
        yield Thing(BUCKET, key, _silence(), metadata)


def _book(world: World, target: str, key: str, fate: Fate, *, held: bool) -> None:
    world.truth.see(target, key, fate, held=held)
    if held:
        world.truth.place("held_contact", target, key)


def _camera(world: World) -> Iterator[Thing]:
    around = window(_CAMERA, world.today)
    days = {*around.edges(), around.overdue(Random(1)), *(world.days_ago(back) for back in range(1, 8))}  # noqa: S311
    for day in sorted(days):
        key = f"camera/date={day}/entrance.jpg"
        world.truth.see(_CAMERA, key, Fate(day))
        yield Thing(BUCKET, key, _still(day), {"camera": "entrance"})


def _silence() -> bytes:
    """A tenth of a second, 8 kHz, 8 bits."""
    sound = bytes([128]) * 800
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, 8_000, 8_000, 1, 8,
                       b"data", len(sound))  # fmt: skip
    return head + sound


def _still(day: date) -> bytes:
    """An empty hall, darker in winter."""
    light = 210 - abs((day - date(day.year, 6, 21)) // timedelta(days=2))
    sink = io.BytesIO()
    Image.new("RGB", (64, 36), (light, light, light - 10)).save(sink, "JPEG", quality=60)
    return sink.getvalue()
