"""Governance databases that have been at work, and what the report makes of one."""

import dataclasses
from collections.abc import Iterator

import psycopg
import pytest
import report_seed as seed
from servers import Database, fresh_database

from hoeder.evidence.ledger import Connection
from hoeder.policy.models import Policy
from hoeder.report.build import Report, build
from hoeder.report.facts.figures import Figures
from hoeder.report.figures import collect
from hoeder.stack.postgres import Postgres


@pytest.fixture
def db(governance: Database) -> Iterator[Connection]:
    """Migrated and empty."""
    with psycopg.connect(governance.conninfo) as connection:
        yield connection


@pytest.fixture
def worked(db: Connection) -> Connection:
    """At work for a fortnight."""
    seed.work(db)
    return db


@pytest.fixture(scope="session")
def policy() -> Policy:
    return seed.policy()


@pytest.fixture(scope="session")
def figures(postgres: Postgres, migrated: Database, policy: Policy) -> Iterator[Figures]:
    """Of a company at work for a fortnight, and for some months before in `months`."""
    with fresh_database(postgres, template=migrated.dbname) as database:
        with psycopg.connect(database.conninfo) as connection:
            seed.work(connection)
            found = collect(connection, policy, seed.PERIOD, now=seed.NOW)
        yield found


@pytest.fixture(scope="session")
def months(postgres: Postgres, migrated: Database, policy: Policy) -> Iterator[Figures]:
    """Of a company at work for months, with a statement of 121 promises."""
    with fresh_database(postgres, template=migrated.dbname) as database:
        with psycopg.connect(database.conninfo) as connection:
            seed.before(connection)
            seed.work(connection)
            found = collect(connection, policy, seed.PERIOD, now=seed.NOW)
        yield dataclasses.replace(found, promises=seed.promises())


@pytest.fixture(scope="session")
def report(months: Figures, policy: Policy) -> Report:
    return build(months, policy, language="nl")
