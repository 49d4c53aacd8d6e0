"""The website's traces, a file a day: page views, searches, cookie choices, access logs."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from hoeder.clock import AMSTERDAM
from hoeder.demo import canaries
from hoeder.demo.names import TOWNS
from hoeder.demo.numbers import ip
from hoeder.demo.objects import Thing
from hoeder.demo.people import mix
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

BUCKET = "web"
_PAGES = {
    "home": ("/",),
    "diensten": ("/diensten", "/diensten/klantcontact", "/diensten/chat", "/diensten/backoffice"),
    "werken-bij": ("/werken-bij", "/werken-bij/vacatures", "/werken-bij/vacatures/agent", "/werken-bij/solliciteren"),
    "contact": ("/contact", "/contact/formulier", "/contact/route"),
    "over-ons": ("/over-ons", "/over-ons/team", "/over-ons/nieuws"),
    "privacy": ("/privacy", "/cookies"),
    "mijn": ("/mijn/rooster", "/mijn/verlof", "/mijn/berichten"),
}
_SECTIONS = tuple(_PAGES)
_SECTION_WEIGHTS = tuple(accumulate((26, 20, 22, 15, 8, 3, 6)))
_DEVICES = ("mobile", "mobile", "mobile", "mobile", "desktop", "desktop", "desktop", "tablet")
_BROWSERS = {
    "mobile": ("Chrome", "Chrome", "Safari", "Safari", "Samsung Internet", "Firefox"),
    "desktop": ("Chrome", "Chrome", "Edge", "Edge", "Firefox", "Safari"),
    "tablet": ("Safari", "Safari", "Chrome", "Samsung Internet"),
}
_AGENTS = {
    "mobile": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Mobile",
    "desktop": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    "tablet": "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X)",
}
_REFERRERS = (None, None, None, "https://zoek.example/", "https://vacatures.example/", "https://nieuws.example/artikel")
_WORDS = (
    "vacature agent", "salaris klantenservice", "openingstijden", "contact", "telefoonnummer", "klacht indienen",
    "thuiswerken", "vakantiebijslag", "privacy", "parkeren", "stage", "route leeuwarden", "uitzendbureau", "rooster",
)  # fmt: skip
_CHOICES = ("all", "all", "all", "necessary", "necessary", "analytics")


class _Visitor:
    """The same visitor has the same device, browser, town and address, whichever file they appear in."""

    def __init__(self, world: World, number: int) -> None:
        bits = mix(world.seed * 7_368_787 + number)
        self.id = f"v-{bits:016x}"
        self.ip = ip(mix(bits))
        self.device = _DEVICES[bits % 8]
        browsers = _BROWSERS[self.device]
        self.browser = browsers[bits // 8 % len(browsers)]
        self.province = TOWNS[min(bits // 64 % 53, bits // 4_096 % 47, len(TOWNS) - 1)][2]
        self.member = bits // 512 % 12 == 0


def things(world: World) -> Iterator[Thing]:
    """Every object of the bucket, prefix by prefix."""
    recent = min(60, max(10, world.persons // 150))
    yield from _daily(world, "page-views/", "part-0.parquet", recent, 2.0, _page_views)
    yield from _daily(world, "searches/", "part-0.parquet", recent // 2, 0.2, _searches)
    yield from _daily(world, "cookie-choices/", "part-0.parquet", recent // 2, 0.2, _choices)
    yield from _daily(world, "access-logs/", "log.jsonl.gz", recent * 3 // 4, 1.0, _access_log)
    # A one-off export that nobody dated.
    fate, key = Fate(None), "searches/export/searches-oud.parquet"
    world.truth.see("web:searches/", key, fate)
    yield Thing(BUCKET, key, _searches(world, world.random(key), world.days_ago(900), 12, canary=False))


def _daily(
    world: World, prefix: str, name: str, recent: int, share: float, body: Callable[..., bytes]
) -> Iterator[Thing]:
    """Yesterday and back for `recent` days, and days on either side of the term; `share` lines a person in all."""
    target = f"{BUCKET}:{prefix}"
    around = window(target, world.today)
    days = {world.today - timedelta(days=back) for back in range(1, recent + 1)}
    days |= {edge - timedelta(days=back) for edge in around.edges() for back in (0, 1)}
    days |= {around.due - timedelta(days=40), around.kept + timedelta(days=2)}
    lines = max(5, int(world.persons * share / len(days)))
    canary_days = {world.days_ago(3), around.due, around.due - timedelta(days=40)}
    for day in sorted(day for day in days if day < world.today):
        key = f"{prefix}date={day}/{name}"
        world.truth.see(target, key, Fate(day))
        if day in canary_days:
            world.truth.place("visitor", target, key)
        yield Thing(BUCKET, key, body(world, world.random(f"{prefix}{day}"), day, lines, canary=day in canary_days))


def _visitors(world: World, random: Random, count: int) -> Iterator[_Visitor]:
    """Who comes along; half as many visitors as persons, some far more often than others."""
    crowd = max(50, world.persons // 2)
    for _ in range(count):
        yield _Visitor(world, int(random.random() * random.random() * crowd))


def _moment(day: date, random: Random) -> datetime:
    """Mostly daytime, in Amsterdam; stored in UTC."""
    hour = 7 + int((random.random() + random.random()) / 2 * 17)
    return datetime.combine(
        day, time(hour, int(random.random() * 60), int(random.random() * 60)), AMSTERDAM
    ).astimezone(UTC)


def _section(random: Random) -> str:
    chance = random.random() * _SECTION_WEIGHTS[-1]
    return next(section for section, limit in zip(_SECTIONS, _SECTION_WEIGHTS, strict=True) if chance < limit)


def _page_views(world: World, random: Random, day: date, count: int, *, canary: bool) -> bytes:
    columns: dict[str, list[object]] = {
        name: [] for name in (
            "visited_at", "visitor_id", "ip", "page", "section", "device", "browser", "province", "referrer",
            "seconds", "logged_in",
        )
    }  # fmt: skip
    for visitor in _visitors(world, random, count):
        section = _section(random)
        if section == "mijn" and not visitor.member:
            section = "home"
        pages = _PAGES[section]
        row = (
            _moment(day, random), visitor.id, visitor.ip, pages[int(random.random() * len(pages))], section,
            visitor.device, visitor.browser, visitor.province, _REFERRERS[int(random.random() * 6)],
            3 + int(random.random() ** 3 * 600), section == "mijn",
        )  # fmt: skip
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    if canary:
        columns["visitor_id"][0] = canaries.VISITOR_ID
        columns["ip"][0] = canaries.VISITOR_IP
    return _parquet(columns, integers=("seconds",))


def _searches(world: World, random: Random, day: date, count: int, *, canary: bool) -> bytes:
    columns: dict[str, list[object]] = {name: [] for name in ("searched_at", "visitor_id", "ip", "query", "results")}
    for visitor in _visitors(world, random, count):
        row = (
            _moment(day, random), visitor.id, visitor.ip, _WORDS[int(random.random() * len(_WORDS))],
            int(random.random() * 30),
        )  # fmt: skip
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    if canary:
        columns["visitor_id"][0] = canaries.VISITOR_ID
        columns["ip"][0] = canaries.VISITOR_IP
        columns["query"][0] = f"gegevens {canaries.VISITOR.name}".lower()
    return _parquet(columns, integers=("results",))


def _choices(world: World, random: Random, day: date, count: int, *, canary: bool) -> bytes:
    columns: dict[str, list[object]] = {name: [] for name in ("chosen_at", "visitor_id", "choice", "banner_version")}
    for visitor in _visitors(world, random, count):
        row = (_moment(day, random), visitor.id, _CHOICES[int(random.random() * len(_CHOICES))], f"{day.year}.1")
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    if canary:
        columns["visitor_id"][0] = canaries.VISITOR_ID
    return _parquet(columns)


def _access_log(world: World, random: Random, day: date, count: int, *, canary: bool) -> bytes:
    lines = []
    for visitor in _visitors(world, random, count):
        pages = _PAGES[_section(random)]
        lines.append({
            "time": _moment(day, random).isoformat(), "ip": visitor.ip, "method": "GET",
            "path": pages[int(random.random() * len(pages))], "status": 200 if random.random() < 0.97 else 404,
            "bytes": 900 + int(random.random() * 60_000), "user_agent": _AGENTS[visitor.device],
        })  # fmt: skip
    if canary:
        lines[0] |= {"ip": canaries.VISITOR_IP, "path": f"/contact/formulier?email={canaries.VISITOR.email}"}
    text = "".join(f"{json.dumps(line)}\n" for line in sorted(lines, key=lambda line: str(line["time"])))
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def _parquet(columns: dict[str, list[object]], *, integers: tuple[str, ...] = ()) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def kind(name: str) -> pa.DataType:
        if name.endswith("_at"):
            return pa.timestamp("ms", tz="UTC")
        if name in integers:
            return pa.int32()
        return pa.bool_() if name == "logged_in" else pa.string()

    arrays = {name: pa.array(values, kind(name)) for name, values in columns.items()}
    sink = io.BytesIO()
    pq.write_table(pa.table(arrays), sink, compression="zstd")
    return sink.getvalue()
