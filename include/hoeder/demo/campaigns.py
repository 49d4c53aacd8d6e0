"""Who agreed to what, who said no, what was sent, and lists that are about to be used: with planted breaches.

The people of this file are nobody's else: no other table picks them, so that what must come of each is known.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hoeder.demo.numbers import canary_phone
from hoeder.demo.objects import Thing
from hoeder.demo.people import Crowd, Person
from hoeder.demo.places import FIRST, moment
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.world import Row, World

BUCKET = "campaigns"
_DELIVERY = "crm.delivery"
_CASES = {
    "reader": 6, "called": 6, "customer": 4, "early-customer": 2, "opted-out": 4, "silent": 3, "withdrawn": 2,
    "unproven": 2, "shared": 6, "unshared": 2,
}  # fmt: skip
"""How many of each: agreed to the newsletter, to calls; customers who were (not) offered to opt out; said no; agreed to
nothing; took it back; agreed, and nobody knows how; agreed to be passed on; and then said no to that.
"""
_PHONES = 60  # from here the planted numbers are nobody's else
_SISTERS = ("Zusterbedrijf Post (verzonnen)", "Zusterbedrijf Pakketten (verzonnen)")


@dataclass(frozen=True)
class Planted:
    """Somebody of whom it is known what must become of them."""

    number: int
    person: Person


def people(world: World) -> dict[str, list[Planted]]:
    """By case; their numbers come after those of all other contacts."""
    ordinary = Crowd(world.seed, "contact")
    found: dict[str, list[Planted]] = {}
    index = 0
    for case, count in _CASES.items():
        for _ in range(count):
            number = FIRST + world.contacts + index
            mail, phone = f"campagne{index}@campagne.example", canary_phone(_PHONES + index)
            person = ordinary[number]._replace(email=mail, phone=phone)
            found.setdefault(case, []).append(Planted(number, person))
            index += 1
    return found


def by_number(world: World) -> dict[int, Person]:
    """The same people as contacts."""
    return {one.number: one.person for those in people(world).values() for one in those}


def continued(world: World, target: str, rows: Iterable[Row], more: Iterable[tuple[Fate, Row]]) -> Iterator[Row]:
    """Rows of a table under a rule, and further ones numbered after them."""
    number = 0
    for row in rows:
        number = int(str(row[0]))
        yield row
    for fate, row in more:
        number += 1
        world.truth.see(target, number, fate)
        yield number, *row


def accounts(world: World) -> Iterator[tuple[Fate, Row]]:
    """Customers: with an account at our own portal."""
    for case, since in (("customer", date(2024, 3, 1)), ("early-customer", date(2021, 5, 1))):
        for one in people(world)[case]:
            last = world.days_ago(20)
            yield Fate(last), (one.number, f"campagne{one.number}", one.person.email, since, last)


def consents(world: World) -> Iterator[tuple[Fate, Row]]:
    """Texts, days and how; `how` is empty where nobody wrote it down."""
    long_ago = world.days_ago(3_650)
    all_texts = ("nieuwsbrief-2", "bellen-1")
    given: tuple[tuple[str, tuple[str, ...], str | None, date | None], ...] = (
        ("reader", ("nieuwsbrief-2",), "webformulier", None),
        ("called", ("bellen-1",), "telefoon, opgenomen", None),
        ("opted-out", all_texts, "webformulier", None),
        ("withdrawn", all_texts, "webformulier", world.days_ago(100)),
        ("unproven", all_texts, None, None),
        ("shared", ("delen-1",), "webformulier", None),
        ("unshared", ("delen-1",), "webformulier", None),
    )
    for case, texts, how, ended in given:
        for one in people(world)[case]:
            for text in texts:
                fate = Fate(ended) if ended else Fate(None, pending=True)
                yield fate, (one.number, text, long_ago, how, "ended" if ended else "standing", ended)


def opt_outs(world: World) -> Iterator[tuple[Fate, Row]]:
    """Half of them left an address alone, in their own spelling."""
    since, fate = world.days_ago(40), Fate(None, pending=True)
    for case, scope in (("opted-out", "marketing"), ("unshared", "sharing")):
        for at, one in enumerate(people(world)[case]):
            known, mail = (one.number, one.person.email) if at % 2 else (None, one.person.email.upper())
            yield fate, (known, mail, scope, since, "contactformulier", "standing", None)


def passings(world: World) -> Iterator[tuple[Fate, Row]]:
    """One after somebody said no, one of somebody who never agreed."""
    for case, company, days in (
        ("unshared", _SISTERS[0], 10),
        ("silent", _SISTERS[1], 12),
        ("unshared", _SISTERS[0], 60),
    ):
        on = world.days_ago(days)
        yield Fate(on), (people(world)[case][0].number, company, "e-mail", on)


def lawful_passing(world: World, number: int) -> int:
    """Somebody who agreed to be passed on."""
    those = people(world)["shared"]
    return those[number % len(those)].number


def deliveries(world: World) -> Iterator[Row]:
    """Newsletters to readers on either side of the term, then lawful and unlawful ones of late."""
    random, known = world.random(_DELIVERY), people(world)
    number = 0
    for fate in fates(_DELIVERY, world.today, random, world.some(0.05)):
        number += 1
        world.truth.see(_DELIVERY, number, fate)
        one = known["reader"][number % len(known["reader"])]
        yield number, *_sent(one, "newsletter", "email", moment(fate.anchor or world.today, random.random()))
    for case, campaign, channel, days, _ in _LATELY:
        number += 1
        on = world.days_ago(days)
        world.truth.see(_DELIVERY, number, Fate(on))
        yield number, *_sent(known[case][0], campaign, channel, moment(on, random.random()))


def _sent(one: Planted, campaign: str, channel: str, at: datetime) -> Row:
    mail = channel == "email"
    return one.number, campaign, channel, one.person.email if mail else None, None if mail else one.person.phone, at


# Case, campaign, channel, days ago, and what a check must find: the last day before an opt-out or withdrawal is lawful.
_LATELY: tuple[tuple[str, str, str, int, str | None], ...] = (
    ("opted-out", "newsletter", "email", 10, "after-opt-out"),
    ("opted-out", "newsletter", "email", 50, None),
    ("opted-out", "winter-calls", "telephone", 10, "after-opt-out"),
    ("silent", "winter-calls", "telephone", 5, "no-consent"),
    ("customer", "winter-calls", "telephone", 5, "no-consent"),
    ("customer", "newsletter", "email", 5, None),
    ("early-customer", "newsletter", "email", 5, "no-consent"),
    ("called", "winter-calls", "telephone", 5, None),
    ("withdrawn", "newsletter", "email", 99, None),
    ("withdrawn", "newsletter", "email", 30, "no-consent"),
    ("unproven", "newsletter", "email", 5, "no-proof"),
)


def findings(world: World) -> list[list[object]]:
    """What a check must find: kind, what it is about, channel, how many."""
    counted = Counter((kind, campaign, channel) for _, campaign, channel, _, kind in _LATELY if kind)
    counted |= {
        ("shared-after-opt-out", "post", "none"): 1,
        ("shared-without-consent", "parcels", "none"): 1,
        ("unproven-consent", "other", "none"): 2 * _CASES["unproven"],
    }
    return [[*place, number] for place, number in sorted(counted.items())]


# --- lists -----------------------------------------------------------------------------------------------------------

Line = tuple[str | None, str | None, str | None, str]
"""Number, telephone, mail, and what must become of it."""


def things(world: World) -> Iterator[Thing]:
    """Today's lists, those of earlier campaigns, and what the gate let through then."""
    known = people(world)
    lists = {
        "newsletter": ("email", ("contact_id", "naam", "mail"), list(_newsletter(known))),
        "winter-calls": ("telephone", ("naam", "mobiel", "mail"), list(_calls(known))),
        "sister-post": ("email", ("contact_id", "mail"), list(_sister(known))),
    }
    expected = {}
    for name, (channel, columns, lines) in lists.items():
        yield from _earlier(world, f"{name}/", columns, lines[:4])
        key = f"{name}/date={world.today}/lijst.parquet"
        world.truth.see(f"{BUCKET}:{name}/", key, Fate(world.today))
        yield Thing(BUCKET, key, _file(columns, lines))
        expected[f"{name} {channel}"] = dict(sorted(Counter(line[3] for line in lines).items()))
    yield from _earlier(world, "allowed/", ("contact_id", "naam", "mobiel", "mail"), lists["newsletter"][2][:4])
    world.truth.anomalies["marketing_gate"] = {"lists": expected, "findings": findings(world)}


def _earlier(world: World, prefix: str, columns: tuple[str, ...], lines: list[Line]) -> Iterator[Thing]:
    target = f"{BUCKET}:{prefix}"
    around = window(target, world.today)
    for day in (around.due, around.kept, around.due - timedelta(days=9), world.days_ago(7)):
        key = f"{prefix}date={day}/lijst.parquet"
        world.truth.see(target, key, Fate(day))
        yield Thing(BUCKET, key, _file(columns, lines))


def _newsletter(known: dict[str, list[Planted]]) -> Iterator[Line]:
    for case, reason in (
        ("reader", "consent"), ("customer", "customer"), ("early-customer", "not-offered"), ("opted-out", "opted-out"),
        ("silent", "no-consent"), ("withdrawn", "withdrawn"), ("unproven", "no-proof"),
    ):  # fmt: skip
        for at, one in enumerate(known[case]):
            yield str(one.number), None, f" {one.person.email.title()}" if at % 2 else one.person.email, reason
    first, second = known["reader"][:2]
    yield str(first.number), None, first.person.email.upper(), "duplicate"
    yield str(second.number), None, "ander.adres@campagne.example", "other-address"
    yield str(first.number), None, "campagne at campagne.example", "malformed"
    yield str(first.number), None, "", "no-address"
    yield None, None, "vreemde@campagne.example", "unknown"


def _calls(known: dict[str, list[Planted]]) -> Iterator[Line]:
    for case, reason in (
        ("called", "consent"), ("customer", "customer-only"), ("silent", "no-consent"), ("withdrawn", "withdrawn"),
        ("unproven", "no-proof"),
    ):  # fmt: skip
        for at, one in enumerate(known[case]):
            yield None, _written(one.person.phone, at), None, reason
    for at, one in enumerate(known["opted-out"]):  # by the number, or by the mail beside somebody else's number
        phone = _written(one.person.phone, at) if at % 2 else canary_phone(_PHONES + 50 + at)
        yield None, phone, one.person.email, "opted-out"
    yield None, _written(known["called"][0].person.phone, 2), None, "duplicate"
    for malformed in ("0600", "geen", "612345678"):
        yield None, malformed, None, "malformed"
    yield None, None, None, "no-address"
    yield None, canary_phone(_PHONES + 60), None, "unknown"


def _sister(known: dict[str, list[Planted]]) -> Iterator[Line]:
    for case, reason, count in (
        ("shared", "consent", 6), ("unshared", "opted-out", 2), ("opted-out", "opted-out", 1),
        ("reader", "no-consent", 2),
    ):  # fmt: skip
        for one in known[case][:count]:
            yield str(one.number), None, one.person.email, reason


def _written(phone: str, how: int) -> str:
    """A number as one system or another writes it."""
    rest = phone[1:]
    return (phone, f"+31 {rest[0]} {rest[1:5]} {rest[5:]}", f"0031{rest}", f"{phone[:2]}-{phone[2:]}")[how % 4]


def _file(columns: tuple[str, ...], lines: list[Line]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = {
        "contact_id": [line[0] for line in lines],
        "naam": [f"Campagne {at}" for at in range(len(lines))],
        "mobiel": [line[1] for line in lines],
        "mail": [line[2] for line in lines],
    }
    sink = io.BytesIO()
    pq.write_table(pa.table({name: pa.array(values[name], pa.string()) for name in columns}), sink)
    return sink.getvalue()
