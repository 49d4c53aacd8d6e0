"""What the personnel database keeps besides the file itself: hours, evaluations, guests and what passes."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

from hoeder.demo.matters import Matter, Planted, Table, rows
from hoeder.demo.people import Crowd
from hoeder.demo.places import HELD_EMPLOYEE, moment
from hoeder.demo.staff import Employee
from hoeder.demo.world import Row, Stream, World

_BOTH = (Planted("held_employee", HELD_EMPLOYEE, held=True), Planted("employee", 1))


def streams(world: World, staff: tuple[Employee, ...]) -> Iterator[Stream]:
    """Rows about those who work here: nobody who left long ago is kept for one of them."""
    working = [employee.number for employee in staff if not employee.gone]

    def employee(random: Random) -> int:
        return working[int(random.random() * len(working))]

    crowd = Crowd(world.seed, "employee")
    for table, columns in _OF_EMPLOYEES:
        yield Stream(table.target.partition(".")[2], f"id, {columns}", rows(world, table, crowd, employee))
    guests = rows(world, _GUEST, Crowd(world.seed, "guest"), employee)
    yield Stream("guest", "id, name, email, host_id, visited_on", guests)
    pool = rows(world, _TALENT, Crowd(world.seed, "talent"), lambda random: int(random.random() * 100_000))
    yield Stream("talent_pool", "id, name, email, phone, consented_on", pool)


def _reintegration(of: Matter) -> Row:
    step = of.pick("plan van aanpak", "eerstejaarsevaluatie", "spoor 2", "urenopbouw")
    return of.whose, step, of.before(500), of.status("running", "ended"), of.fate.anchor


def _working_time(of: Matter) -> Row:
    return of.whose, of.end, 240 + 15 * int(of.random.random() * 17)


def _wage_attachment(of: Matter) -> Row:
    amount = round(80 + of.random.random() * 400, 2)
    return of.whose, amount, of.before(700), of.status("running", "lifted"), of.fate.anchor


def _evaluation(of: Matter) -> Row:
    remark = of.pick("rustig gebleven", "vat goed samen", "te snel doorverbonden", "vergeet de naam te vragen")
    return of.whose, 4 + int(of.random.random() * 6), remark, of.fate.anchor


def _access_event(of: Matter) -> Row:
    at: datetime = moment(of.end, of.random.random())
    return of.whose, of.pick("crm", "hr", "telefonie"), of.pick("opened", "searched", "exported"), at


def _guest(of: Matter) -> Row:
    email = of.person.email if of.random.random() < 0.9 else None
    return of.person.name, email, of.whose, of.fate.anchor


def _talent(of: Matter) -> Row:
    return of.person.name, of.person.email, of.person.phone, of.fate.anchor


_OF_EMPLOYEES = (
    (
        Table("hr.reintegration", _reintegration, 0.004, pending=0.3, missing=True, planted=_BOTH),
        "employee_id, step, opened_on, status, ended_on",
    ),
    (Table("hr.working_time", _working_time, 0.05, planted=_BOTH), "employee_id, worked_on, minutes"),
    (
        Table("hr.wage_attachment", _wage_attachment, 0.002, pending=0.5, missing=True, planted=_BOTH),
        "employee_id, amount, laid_on, status, lifted_on",
    ),
    (
        Table("hr.evaluation", _evaluation, 0.02, missing=True, planted=_BOTH),
        "employee_id, score, remark, evaluated_on",
    ),
    (Table("hr.access_event", _access_event, 0.05, planted=_BOTH), "employee_id, system, action, happened_at"),
)
_GUEST = Table("hr.guest", _guest, 0.01, missing=True, planted=(Planted("outsider", 1),))
_TALENT = Table("hr.talent_pool", _talent, 0.005, missing=True, planted=(Planted("outsider", 0),))
