"""Which numbers the planted people have, and the moments at which people work."""

from datetime import date, datetime
from random import Random

from hoeder.clock import AMSTERDAM
from hoeder.demo.world import World

FIRST = 10  # the ordinary customers and contacts; smaller numbers are planted people
HELD_CUSTOMER, MISFILED = 1, 2
HELD_CONTACT, WRITER = 1, 2
HELD_EMPLOYEE = 2
STROOMWIJS, KABELAAR, TUINKAMER = 1, 2, 6


def any_contact(world: World, random: Random) -> int:
    """One of the ordinary contacts."""
    return FIRST + int(random.random() * world.contacts)


def moment(day: date, chance: float) -> datetime:
    """Some moment of a working day, 8:00 to 20:59 in Amsterdam; `chance` is in [0, 1)."""
    minute = int(chance * 1_000_003) % 780
    return datetime(day.year, day.month, day.day, 8 + minute // 60, minute % 60, tzinfo=AMSTERDAM)
