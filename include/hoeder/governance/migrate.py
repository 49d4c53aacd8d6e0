"""Bring the governance database to the current schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL

from hoeder.stores.connection import Connection

CAPABILITIES = (
    "inventory",
    "anonymization",
    "retention",
    "rights",
    "access_review",
    "client_segregation",
    "disclosures",
    "fraud_files",
    "marketing_gate",
    "incidents",
    "questions",
    "registers",
    "promises",
    "audit_report",
    "evidence_seal",
)


def upgrade(connection: Connection) -> None:
    """Create or update every table and grant; needs the owner's connection. Running it again changes nothing."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = URL.create(
        "postgresql+psycopg",
        username=connection.login,
        password=connection.password,
        host=connection.host,
        port=connection.port,
        database=connection.database,
    )
    command.upgrade(config, "head")
