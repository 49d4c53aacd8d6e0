"""Who works or worked here. Everything else about employees (rows and documents) follows from this list."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hoeder.demo import canaries
from hoeder.demo.numbers import bsn
from hoeder.demo.people import Crowd, Person
from hoeder.demo.terms import Fate, window
from hoeder.demo.world import World

_EDGES = (
    "hr.employee",
    "hr.absence",
    "hr.nda",
    "documents:id-copies/",
)  # one rule of each length that counts from left_on


@dataclass(frozen=True)
class Employee:
    """`left_on` is None for who works here, and for a leaver whose date was forgotten (`gone`)."""

    number: int
    person: Person
    bsn: str
    login: str
    started_on: date
    gone: bool
    left_on: date | None
    canary: str | None = None
    held: bool = False
    live_account: bool = False

    @property
    def status(self) -> str:
        return "left" if self.gone else "active"

    @property
    def fate(self) -> Fate:
        return Fate(self.left_on, pending=not self.gone)


def employees(world: World) -> tuple[Employee, ...]:
    """The planted ones first: canaries, both sides of every term, a forgotten date, a leaver who can still log in."""
    random = world.random("hr.employee")
    crowd = Crowd(world.seed, "employee")
    staff: list[Employee] = []

    def hire(left_on: date | None, *, gone: bool, days: int = 0) -> Employee:
        number = len(staff) + 1
        person = crowd[number]
        started = (left_on or world.today) - timedelta(days=days or 40 + int(random.random() * 3_600))
        login = f"{person.given[0]}{person.family}{number}".lower()
        employee = Employee(number, person, bsn(number), login, started, gone, left_on)
        staff.append(employee)
        return employee

    def become(employee: Employee, person: Person, **fields: object) -> None:
        staff[employee.number - 1] = replace(employee, person=person, **fields)  # type: ignore[arg-type]

    works = hire(None, gone=False, days=1_400)
    become(works, canaries.EMPLOYEE, bsn=canaries.BSN["employee"], login=canaries.LOGINS["employee"], canary="employee")
    overdue = window("hr.employee", world.today).due - timedelta(days=430)
    held = hire(overdue, gone=True, days=900)
    become(held, canaries.HELD_EMPLOYEE, bsn=canaries.BSN["held_employee"], canary="held_employee", held=True)
    for target in _EDGES:
        for left_on in window(target, world.today).edges():
            hire(left_on, gone=True)
    hire(overdue + timedelta(days=25), gone=True)
    hire(None, gone=True)
    leaver = hire(world.days_ago(110), gone=True)
    become(leaver, leaver.person, live_account=True)
    world.truth.anomalies["leaver_with_live_account"] = leaver.number

    for _ in range(min(2_000, world.some(0.02, least=60)) - len(staff)):
        if random.random() < 0.62:
            hire(None, gone=False)
        else:
            hire(world.days_ago(2 + random.random() * random.random() * 4_200), gone=True)
    return tuple(staff)
