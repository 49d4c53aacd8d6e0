"""A policy as small as a test needs: some stores, what is in them, and rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from hoeder.policy import Policy


def store(kind: str = "postgresql", connection: str = "shop", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "connection": connection, "role": "controller", "owner": "o", "description": "d"} | more


def made(
    stores: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]], retention: Sequence[Mapping[str, Any]] = ()
) -> Policy:
    """`tables` by store and name."""
    return TypeAdapter(Policy).validate_python(
        {
            "organisation": {
                "name": "Shop", "statement": "s", "statement_date": "2020-03-01", "note": "n", "privacy_mailbox": "p",
                "locked_years": 1, "ledger_kept_years": 7, "postal_address": ["p"], "officers": {}, "supervisors": [],
            },
            "stores": dict(stores), "retention": list(retention), "releases": [], "digest": "a" * 64,
            "datasets": {name: {"store": name, "tables": dict(those)} for name, those in tables.items()},
        }
    )  # fmt: skip
