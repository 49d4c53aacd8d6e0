"""`hoeder map`: where personal data are, whose, what for, who gets them, and what changed."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.tree import Tree

from hoeder.cli.common import PROJECT, Connections, Json, out, resolver
from hoeder.clock import AMSTERDAM
from hoeder.stores.connection import connect

if TYPE_CHECKING:
    from hoeder.inventory.datamap import DataMap, Place, StoreMap


def data_map(
    as_json: Json = False,
    openlineage: Annotated[
        bool, typer.Option("--openlineage", help="Print the last scans' OpenLineage events instead, one a line.")
    ] = False,
    connections: Connections = None,
) -> None:
    """Show where personal data are: stores, datasets, purposes, recipients, rows, terms, and what changed."""
    from hoeder.inventory.datamap import draw
    from hoeder.inventory.lineage import flows
    from hoeder.policy import load

    with connect(resolver(connections)("governance_audit_report")) as db:
        if openlineage:
            for (event,) in db.execute(_EVENTS):
                print(json.dumps(event, ensure_ascii=False))
            return
        found = draw(db, load(), flows(PROJECT / "dags"))
    if as_json:
        plain = asdict(found) | {"rows_by_subject": found.rows_by_subject, "rows_by_client": found.rows_by_client}
        print(json.dumps(plain, ensure_ascii=False, default=str))
        return
    for store in found.stores:
        out.print(_tree(store, found))
    if found.rows_by_subject:
        out.print("rows by subject  " + _counts(found.rows_by_subject))
    if found.rows_by_client:
        out.print("rows by client   " + _counts(found.rows_by_client))
    for flow in found.flows:
        before = " + ".join(flow.waits_for)
        out.print(f"{before + ' → ' if before else ''}[bold]{flow.dag}[/bold] → {', '.join(flow.brings) or '·'}")


_EVENTS = """
    select event from lineage_event where scan in (
        select distinct on (store) scan from scan where finished_at is not null
        order by store, finished_at desc, scan desc)
    order by scan, object
"""


def _tree(store: "StoreMap", found: "DataMap") -> Tree:
    when = f"scanned {store.scanned_at.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}" if store.scanned_at else "never scanned"
    tree = Tree(f"[bold]{escape(store.store)}[/bold] ({store.kind}, {escape(store.owner)}; {when})")
    for place in store.places:
        branch = tree.add(escape(_title(place, store)))
        if place.purpose:
            branch.add(escape(f"for: {place.purpose}"))
        receives = [*place.recipients]
        receives += [f"analysts, as {name}" for name in found.releases.get(f"{store.store}.{place.object}", ())]
        if receives:
            branch.add(escape(f"to: {'; '.join(receives)}"))
        if place.clients:
            branch.add(escape(f"by client: {_counts(place.clients)}"))
        for term in place.terms:
            oldest = f", oldest {term.oldest:%d-%m-%Y}" if term.oldest else ""
            branch.add(escape(f"term {term.rule}: {term.due:,} due of {term.rows:,}{oldest}"))
    for name in store.vanished:
        tree.add(escape(f"{name}: vanished since the scan before"))
    return tree


def _title(place: "Place", store: "StoreMap") -> str:
    about = f" of {place.subject_kind}" if place.subject_kind else ""
    title = f"{place.object}  {place.rows:,} rows{about}, {place.personal} personal columns"
    if place.purpose is None:
        title += ", not in policy"
    if place.change != "same":
        title += f", {place.change}" + (f" from {place.before:,}" if place.before is not None else "")
    if place.read_at and store.scanned_at and (days := (store.scanned_at - place.read_at).days):
        title += f", unchanged and last read {days} days ago"
    return title


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {rows:,}" for name, rows in counts.items())
