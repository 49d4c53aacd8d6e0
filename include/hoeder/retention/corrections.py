"""Corrections after a restore: named by case, made again by hand, and an officer's word that they were.

The journal holds no values, so nothing here can make a correction. What can be done is not to let it be forgotten: the
store is ready only after an officer answered the list that `replay` made in the same run.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

import psycopg

from hoeder.errors import Refused
from hoeder.evidence import ledger
from hoeder.evidence.ledger import Activity, Outcome
from hoeder.governance.answer import REJECT, Answer, Question, require
from hoeder.policy import Policy
from hoeder.retention.wanted import Correction, Replayed

Db = psycopg.Connection[tuple[Any, ...]]

CORRECTED = "Corrected"
OPTIONS = (CORRECTED, REJECT)


def digest(store: str, corrections: Collection[Correction]) -> str:
    """SHA-256 in hex over exactly these corrections: an answer serves this list and no other."""
    canonical = json.dumps([store, [asdict(each) for each in corrections]], default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def subject(store: str, done: Replayed) -> str:
    """One line that names the list by its digest."""
    return (
        f"Teruggezette opslag {store}: rectificaties van {len(done.cases)} verzoeken opnieuw aangebracht? "
        f"Lijst {digest(store, done.corrections)}"
    )


def body(store: str, done: Replayed, days: int) -> str:
    """A Markdown table of what must be corrected again, and what either answer does; `days` is how long it holds."""
    rows = [
        f"| {each.case_id} | {store}.{each.target} | {each.records} | {each.corrected_at:%d-%m-%Y} |"
        for each in done.corrections
    ]
    return "\n".join(
        [
            f"De back-up van `{store}` is ouder dan deze rectificaties (AVG art. 16): de gegevens staan er weer zoals "
            "zij vóór de correctie waren. Wat sindsdien gewist is, is al opnieuw gewist.",
            "",
            "| Zaak | Tabel | Gegevens | Gecorrigeerd op |",
            "|---|---|--:|---|",
            *rows,
            "",
            "Breng ze opnieuw aan, van boven naar beneden, met `hoeder requests correct ZAAK --again`: de juiste "
            "waarden staan in het dossier van de zaak, niet hier.",
            "",
            f"**{CORRECTED}** verklaart dat dit voor al deze zaken is gebeurd en geeft de opslag vrij; geef een reden "
            f"(wie het deed, hoe het is nagekeken). **{REJECT}** laat de opslag gesloten; start de DAG opnieuw als het "
            f"gedaan is. Het antwoord geldt {days} dagen en voor deze lijst alleen.",
        ]
    )


def ready(governance: Db, policy: Policy, store: str, answer: Answer | None, *, run: ledger.Run) -> bool:
    """Whether a restored store may be worked with again: replayed in this run, and corrected by an officer's word.

    False where the officer said no. Raises Refused where this run did not replay the store to its end, or where
    corrections are to be made and nobody who may answer for requests said of exactly these that they were.
    """
    ledger.register_policy(governance, policy)
    with ledger.act(governance, run, Activity.RETENTION_READY, store) as act:
        act.outcome = Outcome.REFUSED
        replayed = governance.execute(
            """select digest, (counts ->> 'corrections')::bigint, (counts ->> 'cases')::bigint, outcome, recorded_at,
                      clock_timestamp()
                 from ledger where activity = %s and phase = 'outcome' and object = %s and dag_id = %s and run_id = %s
                order by entry desc limit 1""",
            [Activity.RETENTION_REPLAY, store, run.dag_id, run.recorded_run_id],
        ).fetchone()
        if replayed is None or replayed[3] not in (Outcome.DONE, Outcome.NOTHING):
            raise Refused(f"store {store} was not replayed to the end in this run. It is not ready.")
        listed, records, cases, _, asked_at, now = replayed
        act.counts, act.digest = {"corrections": records or 0, "cases": cases or 0}, listed
        if records:
            question = Question(run.dag_id or "", run.run_id or "", listed, asked_at, OPTIONS)
            given = require(answer, question, policy.organisation, f"store {store}", may="rights", now=now)
            if given.chosen == (REJECT,):
                act.outcome = Outcome.REJECTED
                return False
        act.outcome = Outcome.DONE
    return True


def by_hand(
    governance: Db, policy: Policy, store: str, done: Replayed, corrected: Collection[UUID], *, run: ledger.Run
) -> tuple[Correction, ...]:
    """The same on the word of who sits at the terminal, case by case; what nobody said was corrected again.

    The ledger names the account that said so.
    """
    left = tuple(each for each in done.corrections if each.case_id not in corrected)
    with ledger.act(governance, run, Activity.RETENTION_READY, store) as act:
        act.counts = {name: done.counts()[name] for name in ("corrections", "cases")} | {"remaining": len(left)}
        act.digest = digest(store, done.corrections)
        act.outcome = Outcome.REFUSED if left else Outcome.DONE
    return left
