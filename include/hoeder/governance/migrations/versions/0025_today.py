"""A day begins in Amsterdam, whatever zone the server or the session has."""

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = max(path.name[:4] for path in Path(__file__).parent.glob("[0-9]*.py") if path.name[:4] < revision)


def upgrade() -> None:
    op.execute(Path(__file__).with_suffix(".sql").read_text())
