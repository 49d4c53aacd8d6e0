"""The ledger as a person would tell it: by run, each intent with what came of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Entry


def tell(entries: Sequence[Entry]) -> Iterator[str]:
    """Lines: a heading for every run, then its acts. An outcome stands with its intent, not on its own."""
    outcomes = {entry.intent: entry for entry in entries if entry.phase == "outcome"}
    told = {entry.entry for entry in entries if entry.phase == "intent"}
    heading = ""
    for entry in entries:
        if entry.phase == "outcome" and entry.intent in told:
            continue
        if (here := _heading(entry)) != heading:
            heading = here
            yield heading
        yield f"  {_time(entry.recorded_at)}  {_act(entry, outcomes.get(entry.entry))}"


def _heading(entry: Entry) -> str:
    if entry.run_id is None:
        return f"{entry.dag_id or entry.capability}, policy {entry.policy_digest[:8]}"
    return f"{entry.dag_id}, run {entry.run_id}, policy {entry.policy_digest[:8]}"


def _act(entry: Entry, outcome: Entry | None) -> str:
    if entry.phase == "outcome":
        return f"{entry.entry:>6}  {entry.act} {entry.object}: {_result(entry)} (intended in entry {entry.intent})"
    span = f"{entry.entry}–{outcome.entry}" if outcome else f"{entry.entry}–…"
    case = f" in plan {str(entry.case_id)[:8]}" if entry.case_id else ""
    if outcome is None:
        return f"{span:>13}  {entry.act} {entry.object}{case}: intended, not finished"
    took = (outcome.recorded_at - entry.recorded_at).total_seconds()
    return f"{span:>13}  {entry.act} {entry.object}{case}: {_result(outcome)}, {took:.1f} s, by {entry.actor}"


def _result(outcome: Entry) -> str:
    counts = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in outcome.counts.items() if value)
    digest = f" [{outcome.digest[:8]}]" if outcome.digest else ""
    return f"{outcome.outcome}{f' ({counts})' if counts else ''}{digest}"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(AMSTERDAM):%d-%m-%Y %H:%M:%S}"
