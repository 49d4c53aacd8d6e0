"""The ledger: numbered without gaps, closed vocabularies, append-only, sealed by checkpoints."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
