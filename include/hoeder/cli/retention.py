"""`hoeder retention`: what was erased stays erased, also on a store that comes back from a backup."""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from hoeder.cli.common import Connections, Json, err, out, resolver
from hoeder.errors import HoederError
from hoeder.stores.connection import connect

app = typer.Typer(help="Retention: what was erased stays erased.", no_args_is_help=True)


@app.command()
def replay(
    store: Annotated[str, typer.Argument(help="The store as policy names it.")],
    taken: Annotated[str, typer.Option(help="When the backup was begun: 2026-11-01T03:00, on a clock in Amsterdam.")],
    connection: Annotated[
        str | None, typer.Option(help="Restored elsewhere: the connection's name without _retention.")
    ] = None,
    bucket: Annotated[str | None, typer.Option(help="Restored elsewhere: the bucket.")] = None,
    keys_used_again: Annotated[
        bool, typer.Option("--keys-used-again", help="Keys that were erased before the backup are other persons' now.")
    ] = False,
    corrected: Annotated[
        list[UUID] | None,
        typer.Option(help="A case whose corrections were made again on the restored store; name each."),
    ] = None,
    as_json: Json = False,
    connections: Connections = None,
) -> None:
    """Repeat on a restored store what was erased and changed after its backup was begun. Release it only after exit 0.

    Take the moment at which the backup began; where in doubt, an earlier one. Values that were corrected since are
    named by case: correct them again out of the case's file, and run this again with --corrected CASE.
    """
    import base64

    from hoeder.evidence.ledger import Run
    from hoeder.policy import load
    from hoeder.pseudonym import ReferenceKey
    from hoeder.retention.corrections import by_hand
    from hoeder.retention.replay import replay as again

    find = resolver(connections)
    policy = load()
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_retention")) as db:
        done = again(
            store, policy, find, db, key, run=Run(policy.digest), taken=moment(taken), connection=connection,
            bucket=bucket, keys_used_again=keys_used_again,
        )  # fmt: skip
        left = by_hand(db, policy, store, done, corrected or (), run=Run(policy.digest))
    if as_json:
        print(json.dumps(done.counts() | {"to_correct": [str(each.case_id) for each in left]}))
        raise typer.Exit(1 if left else 0)
    out.print(
        f"{done.entries} journal entries since the backup: {done.erased} erased again, {done.changed} changed again"
    )
    if done.held:
        err.print(f"{done.held} are kept: a legal hold or restriction protects them now")
    if done.restricted:
        out.print(f"{done.restricted} persons of this store are under restriction or objection, and stay so")
    for each in left:
        err.print(
            f"corrections to make again: case {each.case_id}, table {each.target}, {each.records} records, "
            f"corrected on {each.corrected_at:%Y-%m-%d}"
        )
    if left:
        err.print(f"store {store} must not be released: make them again, then add --corrected CASE for each case")
        raise typer.Exit(1)
    out.print("nothing that was erased is left; the store can be released")


def moment(text: str) -> datetime:
    """A moment as somebody types it; without a zone it is the time in Amsterdam."""
    from hoeder.clock import AMSTERDAM

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise HoederError(f"--taken {text!r} is no moment: write 2026-11-01T03:00 or 2026-11-01T03:00+01:00") from None
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)


@app.command()
def returns(as_json: Json = False, connections: Connections = None) -> None:
    """What was handed back to clients, and who said that they have it. Exit 1 while a receipt is missing."""
    from hoeder.retention import returning

    with connect(resolver(connections)("governance_retention")) as db:
        found = returning.returns(db)
    if as_json:
        print(json.dumps([vars(each) for each in found], default=str))
    for each in found if not as_json else ():
        state = f"received, recorded by {each.received_by}" if each.received_by else "waits for the client's receipt"
        out.print(f"{each.client}  {each.rows:,} rows  {each.folder}  manifest {each.manifest}  {state}")
    if not found and not as_json:
        out.print("nothing was handed back")
    if any(each.received_by is None for each in found):
        raise typer.Exit(1)


@app.command()
def received(
    manifest: Annotated[str, typer.Argument(help="SHA-256 of manifest.json, as the client names it.")],
    by: Annotated[str, typer.Option(help="Who records it: a function or login.")],
    connections: Connections = None,
) -> None:
    """Record that a client has its data back. From here on they are due, and the next plan asks to erase them."""
    from hoeder.policy import load
    from hoeder.retention import returning

    with connect(resolver(connections)("governance_retention")) as db:
        one = returning.receive(db, load(), manifest, by=by)
    out.print(f"{one.client} has {one.rows:,} rows back; the next plan of retention asks to erase them")


@app.command()
def lifecycles(
    put_back: Annotated[
        bool, typer.Option("--put-back", help="Write policy's lifecycle over one that drifted; it goes in the ledger.")
    ] = False,
    connections: Connections = None,
) -> None:
    """Hold the lifecycle of every bucket that keeps a term by itself against policy. Exit 1 where one drifted."""
    import base64

    from hoeder.clock import AMSTERDAM
    from hoeder.evidence.ledger import Run
    from hoeder.policy import load
    from hoeder.pseudonym import ReferenceKey
    from hoeder.retention import lifecycles as kept_by_stores

    find = resolver(connections)
    policy = load()
    key = ReferenceKey(base64.b64decode(find("reference_key").password or ""))
    with connect(find("governance_retention")) as db:
        done = kept_by_stores.keep(
            policy, find, db, key, run=Run(policy.digest), as_of=datetime.now(AMSTERDAM).date(), put_back=put_back
        )
    for each in done:
        out.print(
            f"{each.store}  {each.rules} rules in force{', written now' if each.written else ''}, nothing overdue"
        )
    if not done:
        out.print("no bucket keeps a term by itself")


@app.command("age-out")
def age_out(connections: Connections = None) -> None:
    """Remove journal entries whose records no backup can hold any more."""
    from hoeder.clock import AMSTERDAM
    from hoeder.governance import journal

    with connect(resolver(connections)("governance_retention")) as db:
        gone = journal.age_out(db, datetime.now(AMSTERDAM).date())
    out.print(f"{gone} journal entries ended: no backup can bring their records back")
