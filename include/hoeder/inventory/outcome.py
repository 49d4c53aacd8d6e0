"""How a store that could not be read is written down: not reached, not there, or refused."""

from psycopg import OperationalError

from hoeder.errors import StoreError
from hoeder.evidence.ledger import Outcome

_GONE = {"NoSuchBucket", "404"}


def of(error: StoreError) -> Outcome:
    """The outcome behind an error: `unreachable`, `missing` (no such database or bucket) or `failed` (all else)."""
    from botocore.exceptions import BotoCoreError, ClientError

    cause = error.__cause__
    if isinstance(cause, ClientError):
        return Outcome.MISSING if cause.response.get("Error", {}).get("Code") in _GONE else Outcome.FAILED
    if isinstance(cause, BotoCoreError):
        return Outcome.UNREACHABLE
    if isinstance(cause, OperationalError):
        # libpq reports what the server said at login only as text.
        said = str(cause)
        if "FATAL" not in said:
            return Outcome.UNREACHABLE
        return Outcome.MISSING if "does not exist" in said and "database" in said else Outcome.FAILED
    return Outcome.FAILED
