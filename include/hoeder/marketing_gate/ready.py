"""Which lists lie there to be judged."""

from __future__ import annotations

from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.marketing_gate.gate import CAPABILITY, declared, named
from hoeder.marketing_gate.hashed import Db
from hoeder.policy import Policy
from hoeder.policy.marketing_gate import Channel, MailingList
from hoeder.stores.anchors import iter_objects
from hoeder.stores.connection import Resolver, s3_client
from hoeder.stores.contents import reason


def chosen(policy: Policy, resolve: Resolver, governance: Db, name: str, channel: str) -> list[tuple[str, Channel]]:
    """The list of that name, for that channel or its only one. Without a name every list that was handed in since it
    was gated last; a table counts as handed in where it was never gated. Raises Refused, StoreError.
    """
    gate = declared(policy)
    if name:
        listed = gate.list_named(name)
        only = listed.channels[0] if listed and len(listed.channels) == 1 else ""
        found, on = named(gate, name, channel or only)
        return [(found.list, on)]
    return [
        (listed.list, on)
        for listed in gate.lists
        for on in listed.channels
        if _is_new(policy, resolve, listed, _gated(governance, listed.list, on))
    ]


def _gated(governance: Db, name: str, channel: str) -> datetime | None:
    row = governance.execute(
        "select max(gated_at) from marketing_gating where list = %s and channel = %s", [name, channel]
    ).fetchone()
    return row[0] if row else None


def _is_new(policy: Policy, resolve: Resolver, listed: MailingList, gated: datetime | None) -> bool:
    if listed.is_table:
        return gated is None
    store = policy.stores[listed.store]
    client = s3_client(resolve(f"{store.connection}_{CAPABILITY}"))
    try:
        put = [each.modified for each in iter_objects(client, store.bucket or "", listed.target)]
    except (ClientError, BotoCoreError) as error:
        raise StoreError(f"list {listed.list}: bucket {store.bucket} cannot be listed: {reason(error)}") from error
    return bool(put) and (gated is None or max(put) > gated)
