"""Releases: who is left out, what earlier versions showed, keys and their end, verdicts, and the privacy budget."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
