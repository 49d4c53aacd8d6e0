"""The personnel database. Every table repeats whether and when its employee left, as its rules count from there."""

from collections.abc import Callable, Iterator, Set
from datetime import date, timedelta
from functools import partial
from random import Random

from hoeder.demo import access, canaries, personnel
from hoeder.demo.people import Crowd
from hoeder.demo.staff import Employee
from hoeder.demo.terms import Fate, fates, window
from hoeder.demo.texts import Writer
from hoeder.demo.world import Row, Stream, World

_COURSES = ("privacybewust werken", "datalek herkennen", "informatiebeveiliging basis", "gespreksvaardigheid", "bhv")
_OLD_ACCOUNTS = 720  # days after leaving that a blocked account is still in the list


def streams(world: World, staff: tuple[Employee, ...]) -> Iterator[Stream]:
    """Every table, parents first."""
    faults = access.Faults(staff, world.today)
    yield Stream(
        "employee",
        "id, given_name, name_prefix, family_name, born_on, bsn, iban, email, phone, street, house_number, postcode, "
        "city, started_on, status, left_on",
        _employees(world, staff),
    )
    yield Stream(
        "contract",
        "id, employee_id, job, hours_per_week, monthly_salary, started_on, status, left_on",
        _about(world, staff, "hr.contract", _contracts),
    )
    yield Stream("payslip", "id, employee_id, period, paid_on, gross, net", _payslips(world, staff))
    yield Stream(
        "absence",
        "id, employee_id, eerste_ziektedag, hersteld_op, opmerking, status, left_on",
        _about(world, staff, "hr.absence", _absences),
    )
    yield Stream(
        "applicant",
        "id, name, email, phone, letter, applied_on, status, procedure_closed_on",
        _applicants(world),
    )
    yield Stream(
        "nda",
        "id, employee_id, text_version, signed_on, status, left_on",
        _about(world, staff, "hr.nda", partial(_ndas, unsigned=faults.unsigned)),
    )
    yield Stream(
        "training",
        "id, employee_id, course, followed_on, status, left_on",
        _about(world, staff, "hr.training", partial(_trainings, untrained=faults.untrained)),
    )
    yield Stream(
        "screening",
        "id, employee_id, seen_on, status, left_on",
        _about(world, staff, "hr.screening", _screenings),
    )
    yield from personnel.streams(world, staff)
    yield Stream("account", "id, employee_id, login, active, last_login_on", _accounts(world, staff))
    yield Stream("entitlement", "id, account_id, system, role", _entitlements(world, staff, faults))


def _employees(world: World, staff: tuple[Employee, ...]) -> Iterator[Row]:
    for employee in staff:
        _book(world, "hr.employee", employee.number, employee)
        person = employee.person
        yield (
            employee.number, person.given, person.prefix, person.family, person.born_on, employee.bsn, person.iban,
            person.email, person.phone, person.street, person.house_number, person.postcode, person.city,
            employee.started_on, employee.status, employee.left_on,
        )  # fmt: skip


def _book(world: World, target: str, key: int, employee: Employee) -> None:
    world.truth.see(target, key, employee.fate, held=employee.held)
    if employee.canary:
        world.truth.place(employee.canary, target, key)


def _about(
    world: World,
    staff: tuple[Employee, ...],
    target: str,
    rows_of: Callable[[World, Random, Employee], Iterator[Row]],
) -> Iterator[Row]:
    """Rows that end with the employee's own status and leaving date."""
    random, number = world.random(target), 0
    for employee in staff:
        for row in rows_of(world, random, employee):
            number += 1
            _book(world, target, number, employee)
            yield number, employee.number, *row, employee.status, employee.left_on


def _contracts(world: World, random: Random, employee: Employee) -> Iterator[Row]:
    salary = 2_150 + int(random.random() * 2_400)
    for start in access.contract_starts(employee, world.today):
        job = access.job_of(employee, start)
        hours = (16, 20, 24, 28, 32, 36, 40)[employee.number % 7]
        yield job, hours, salary + start // 5, employee.started_on + timedelta(days=start)


def _payslips(world: World, staff: tuple[Employee, ...]) -> Iterator[Row]:
    """The last months one by one; of older years the yearly statement."""
    random, truth, number = world.random("hr.payslip"), world.truth, 0
    for employee in staff:
        gross = round(1_900 + random.random() * 2_600, 2)
        end = employee.left_on or world.today
        for period, paid_on in _pay_days(employee.started_on, end):
            number += 1
            truth.see("hr.payslip", number, Fate(paid_on), held=employee.held)
            if employee.canary:
                truth.place(employee.canary, "hr.payslip", number)
            amount = gross * (12 if len(period) == 4 else 1)
            yield number, employee.number, period, paid_on, amount, round(amount * 0.74, 2)


def _pay_days(start: date, end: date) -> Iterator[tuple[str, date]]:
    """Paid on the 24th, within the employment; someone who left before their first 24th is paid on the last day."""
    for year in range(start.year, end.year - 1):
        if date(year, 12, 24) >= start:
            yield str(year), date(year, 12, 24)
    paid = [
        date(year, month, 24)
        for year in (end.year - 1, end.year)
        for month in range(1, 13)
        if start <= date(year, month, 24) <= end
    ]
    for day in paid or [end]:
        yield f"{day:%Y-%m}", day


def _absences(world: World, random: Random, employee: Employee) -> Iterator[Row]:
    writer = Writer(random, Crowd(world.seed, "employee"), world.persons)
    world.truth.find("health", "hr", "absence", "opmerking")
    days = ((employee.left_on or world.today) - employee.started_on).days
    for _ in range(1 + int(random.random() * random.random() * 6)):
        first = employee.started_on + timedelta(days=int(random.random() * days))
        better = min(first + timedelta(days=1 + int(random.random() * 20)), employee.left_on or world.today)
        yield first, better, writer.absence()


def _ndas(world: World, random: Random, employee: Employee, *, unsigned: Set[int] = frozenset()) -> Iterator[Row]:
    version = "2016-1" if employee.started_on.year < 2021 else "2021-2"
    yield version, None if employee.number in unsigned else employee.started_on


def _trainings(world: World, random: Random, employee: Employee, *, untrained: int = 0) -> Iterator[Row]:
    days = ((employee.left_on or world.today) - employee.started_on).days
    followed = _COURSES[: 1 + int(random.random() * len(_COURSES))]
    for course in followed[employee.number == untrained :]:
        yield course, employee.started_on + timedelta(days=int(random.random() * days))


def _screenings(world: World, random: Random, employee: Employee) -> Iterator[Row]:
    if employee.canary or random.random() < 0.6:
        yield (employee.started_on - timedelta(days=int(random.random() * 20)),)


def with_account(world: World, staff: tuple[Employee, ...]) -> Iterator[tuple[int, Employee]]:
    """Who stands in the list of accounts, numbered: all who work here, and leavers of the last two years."""
    number = 0
    for employee in staff:
        if not employee.gone or (employee.left_on and (world.today - employee.left_on).days < _OLD_ACCOUNTS):
            number += 1
            yield number, employee


def _accounts(world: World, staff: tuple[Employee, ...]) -> Iterator[Row]:
    random = world.random("hr.account")
    for number, employee in with_account(world, staff):
        if employee.canary:
            world.truth.place(employee.canary, "hr.account", number)
        last_day = world.today if employee.live_account else employee.left_on or world.today
        last_login = max(employee.started_on, last_day - timedelta(days=int(random.random() * 9)))
        yield number, employee.number, employee.login, not employee.gone or employee.live_account, last_login


def _entitlements(world: World, staff: tuple[Employee, ...], faults: access.Faults) -> Iterator[Row]:
    number = 0
    for account, employee in with_account(world, staff):
        for given in access.entitlements(employee, faults, world.today):
            number += 1
            yield number, account, *given


def _applicants(world: World) -> Iterator[Row]:
    random, truth = world.random("hr.applicant"), world.truth
    crowd = Crowd(world.seed, "applicant")
    writer = Writer(random, crowd, world.persons)
    number = 0
    for fate in fates("hr.applicant", world.today, random, world.some(0.015), pending=0.25, missing=True):
        number += 1
        person = crowd[number]
        truth.see("hr.applicant", number, fate)
        yield _applicant(world, random, number, (person.name, person.email, person.phone, writer.letter(person)), fate)
    number += 1
    about, overdue = canaries.APPLICANT, Fate(window("hr.applicant", world.today).overdue(random))
    truth.see("hr.applicant", number, overdue)
    truth.place("applicant", "hr.applicant", number)
    letter = f"Ik woon aan de {about.street} {about.house_number}. Bel {about.phone}. {about.name}"
    yield _applicant(world, random, number, (about.name, about.email, about.phone, letter), overdue)


def _applicant(world: World, random: Random, number: int, details: Row, fate: Fate) -> Row:
    applied = (fate.anchor or world.today) - timedelta(days=3 + int(random.random() * 40))
    return number, *details, applied, "open" if fate.pending else "closed", fate.anchor
