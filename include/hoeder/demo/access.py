"""Who was given what, and what went wrong with it: one fault of each kind that a review of access must find."""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
from psycopg import sql

from hoeder.demo.names import CLIENTS
from hoeder.demo.staff import Employee
from hoeder.demo.truth import Truth
from hoeder.stack.postgres import Postgres
from hoeder.stores.withdraw import INSTALL

JOBS = (
    "medewerker klantcontact", "medewerker klantcontact", "medewerker klantcontact", "teamleider", "planner",
    "kwaliteitsmedewerker", "trainer", "salarisadministrateur", "applicatiebeheerder",
)  # fmt: skip
_AGENT, _PORTAL = JOBS[0], "portaal-kabelaar"
_SYSTEMS = {
    _AGENT: (("telefonie", "agent"), ("intranet", "gebruiker")),
    "teamleider": (("crm", "supervisor"), ("telefonie", "agent"), ("intranet", "gebruiker")),
    "planner": (("telefonie", "agent"), ("intranet", "gebruiker")),
    "kwaliteitsmedewerker": (("crm", "supervisor"), ("intranet", "gebruiker")),
    "trainer": (("intranet", "gebruiker"),),
    "salarisadministrateur": (("hr", "lezer"), ("intranet", "gebruiker")),
    "applicatiebeheerder": (("crm", "supervisor"), ("hr", "lezer"), ("intranet", "gebruiker")),
}
_MOST_LOGINS = 40
"""Agents with a login of their own in the database; all others work through the application."""
UNKNOWN_KEY = "bureau"
"""An identity of the object store that policy does not know."""


def contract_starts(employee: Employee, today: date) -> range:
    """Days after the first day of work on which each contract began."""
    days = ((employee.left_on or today) - employee.started_on).days
    return range(0, max(days, 1), 365 if days < 900 else days // 2 + 1)


def job_of(employee: Employee, start: int) -> str:
    """The function of the contract that began so many days after the first day."""
    return JOBS[(employee.number + start // 700) % len(JOBS)]


def function_of(employee: Employee, today: date) -> str:
    """The function of the last contract."""
    return job_of(employee, contract_starts(employee, today)[-1])


def client_of(employee: Employee) -> str:
    """For which client somebody answers the telephone."""
    return CLIENTS[employee.number % len(CLIENTS)][0]


def entitlements(employee: Employee, faults: "Faults", today: date) -> Iterator[tuple[str, str]]:
    """System and role of all that an account was given."""
    job = function_of(employee, today)
    if job == _AGENT:
        yield "crm", f"agent_{client_of(employee)}"
        if client_of(employee) == "kabelaar" and not employee.gone:
            yield _PORTAL, "agent"
    yield from _SYSTEMS[job]
    if employee.number == faults.extra_role:
        yield "hr", "lezer"
    if employee.number == faults.in_clients_system:
        yield _PORTAL, "agent"


class Faults:
    """Who each fault is planted with; None where the company has nobody for it."""

    def __init__(self, staff: tuple[Employee, ...], today: date) -> None:
        works = [e for e in staff if not e.gone and not e.canary]
        self.agents = [e for e in works if function_of(e, today) == _AGENT][:_MOST_LOGINS]
        self.canary = next(e for e in staff if e.canary == "employee")
        self.leaver = next(e for e in staff if e.live_account)
        planners = [e.number for e in works if function_of(e, today) == "planner"]
        self.extra_role = planners[0] if planners else None
        recent = [e.number for e in staff if e.gone and not e.live_account and not e.held and e.left_on
                  and e.left_on > today - timedelta(days=700)]  # fmt: skip
        self.in_clients_system = recent[0] if recent else None
        self.untrained = works[-1].number
        forgot = {e.number for e in works if e.number % 97 == 16}
        self.unsigned = forgot or {works[len(works) // 2].number}
        self.bypasses = next((e for e in works if function_of(e, today) == "applicatiebeheerder"), None)

    def tell(self, truth: Truth) -> None:
        """Every finding that a review of access must come to: kind, system and place."""
        found = [
            ("leaver", "hr", "account"), ("leaver", "crm", ""), ("orphan", "crm", ""), ("orphan", "objects", ""),
            ("shared", "crm", ""), ("public-grant", "crm", "newsletter_reader"), ("beyond-need", "crm", "complaint"),
            ("beyond-need", "crm", "fraud_file"),
            ("other-client", "crm", f"agent_{self._elsewhere}"), ("no-training", "hr", "training"),
            ("use", "crm", "contact_message"), ("egress", "partners", "publication"),
            *[("no-secrecy", "hr", "nda")] * len(self.unsigned),
        ]  # fmt: skip
        found += [("beyond-need", "hr", "")] if self.extra_role else []
        found += [("client-system", _PORTAL, "")] if self.in_clients_system else []
        found += [("superuser", "crm", "")] if self.bypasses else []
        truth.anomalies["access"] = sorted(found)

    @property
    def _elsewhere(self) -> str:
        """A client that the first agent does not work for."""
        return next(slug for slug, _ in CLIENTS if slug != client_of(self.agents[0]))

    def people_in(self, server: Postgres) -> None:
        """Logins of agents in the database, each in the group of their client; and what is wrong with some."""
        with psycopg.connect(server.conninfo("crm")) as db:
            for employee in self.agents:
                _login(db, employee.login, f"agent_{client_of(employee)}")
            _login(db, self.canary.login)
            _login(db, self.leaver.login, "agent_stroomwijs")
            _login(db, "oproepkracht7", "agent_stroomwijs")
            _login(db, "balie", "agent_waterwende")
            _login(db, "crm_reporting")
            for sharing in self.agents[1:3]:
                _run(db, "GRANT {} TO {}", "balie", sharing.login)
            _run(db, "GRANT {} TO {}", f"agent_{self._elsewhere}", self.agents[0].login)
            if self.bypasses:
                _login(db, self.bypasses.login)
                _run(db, "ALTER ROLE {} BYPASSRLS", self.bypasses.login)
            _run(db, "GRANT SELECT ON complaint TO {}", self.canary.login)
            _run(db, "GRANT SELECT ON contact_message TO {}", "crm_reporting")
            _run(db, "GRANT SELECT ON fraud_file TO {}", "crm_reporting")
            db.execute("GRANT SELECT ON newsletter_reader TO PUBLIC")
        with psycopg.connect(server.conninfo("partners")) as db:
            db.execute("CREATE PUBLICATION boekhouding FOR TABLE invoice")


def install(server: Postgres, database: str) -> None:
    """The functions by which access is taken away, as the owner of a database installs them."""
    with psycopg.connect(server.conninfo(database)) as db:
        db.execute(INSTALL.read_bytes())
        account = sql.Identifier(f"{database}_access_withdraw")
        db.execute(sql.SQL("GRANT USAGE ON SCHEMA hoeder_access TO {}").format(account))
        for function in ("close_account(name)", "leave_group(name, name)", "take_right(name, regclass, name, text)"):
            db.execute(sql.SQL("GRANT EXECUTE ON FUNCTION hoeder_access.{} TO {}").format(sql.SQL(function), account))


def _login(db: psycopg.Connection, name: str, *groups: str) -> None:
    _run(db, "CREATE ROLE {} LOGIN", name)
    password = sql.Literal(secrets.token_urlsafe(24))
    db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), password))
    _run(db, "GRANT CONNECT ON DATABASE crm TO {}", name)
    for group in groups:
        _run(db, "GRANT {} TO {}", group, name)


def _run(db: psycopg.Connection, statement: str, *names: str) -> None:
    db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
