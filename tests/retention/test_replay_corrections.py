"""A backup brings back values that a person had corrected. The store is not ready before they are right again."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from shop import Shop
from typer.testing import CliRunner

from hoeder.cli import retention as command
from hoeder.errors import Refused, StoreError
from hoeder.evidence.ledger import Run
from hoeder.governance import journal
from hoeder.governance.answer import REJECT, Answer
from hoeder.retention import corrections
from hoeder.retention.corrections import CORRECTED
from hoeder.retention.replay import replay
from hoeder.retention.wanted import Replayed
from hoeder.stores.connection import Connection

FIRST, SECOND = UUID(int=1), UUID(int=2)
RUN = Run("a" * 64, "restore", "manual__2026-11-22T10:00:00+00:00_abcdefgh", "replay")


def corrected(shop: Shop, case: UUID, table: str, keys: Sequence[object]) -> None:
    references = [shop.key.row("shop", table, key) for key in keys]
    entry = journal.rectified(shop.governance, shop.policy, "shop", table, references, case_id=case)
    shop.governance.commit()
    journal.confirm(shop.governance, entry)
    shop.governance.commit()


def replayed(shop: Shop, taken: datetime, run: Run = RUN) -> Replayed:
    return replay("shop", shop.policy, shop.resolve, shop.governance, shop.key, run=run, taken=taken)


def answer(shop: Shop, done: Replayed, **changes: Any) -> Answer:
    given: dict[str, Any] = {
        "dag_id": "restore", "run_id": RUN.run_id, "received": True, "chosen": (CORRECTED,), "responder": "dpo",
        "answered_at": datetime.now(UTC), "subject": corrections.subject("shop", done), "has_reason": True,
    }  # fmt: skip
    return Answer(**given | changes)


def ready(shop: Shop, given: Answer | None, run: Run = RUN) -> bool:
    return corrections.ready(shop.governance, shop.policy, "shop", given, run=run)


def said(shop: Shop) -> list[tuple[str, int]]:
    return [
        (str(outcome), count)
        for outcome, count in shop.governance.execute(
            """select outcome, (counts ->> 'corrections')::int from ledger
                where activity = 'retention.ready@1' and phase = 'outcome' order by entry"""
        )
    ]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    officers = shop.policy.organisation.officers
    dpo = officers["dpo"].model_copy(update={"approves": ("retention", "rights")})
    organisation = shop.policy.organisation.model_copy(update={"officers": officers | {"dpo": dpo}})
    shop.policy = shop.policy.model_copy(update={"organisation": organisation})
    return shop


def test_corrections_since_the_backup_are_named_by_case_in_the_order_they_were_made(shop: Shop) -> None:
    corrected(shop, SECOND, "message", [12])  # before the backup, which has it
    taken = datetime.now(UTC)
    corrected(shop, SECOND, "message", [14, 15])
    corrected(shop, FIRST, "customer", [2])
    corrected(shop, SECOND, "message", [14])  # an attempt that was repeated
    done = replayed(shop, taken)
    assert [(each.case_id, each.target, each.records) for each in done.corrections] == [
        (FIRST, "customer", 1), (SECOND, "message", 2),
    ]  # fmt: skip
    assert (done.counts()["corrections"], done.counts()["cases"], done.erased) == (3, 2, 0)
    asked = corrections.body("shop", done, 7)
    assert f"| {SECOND} | shop.message | 2 |" in asked
    with pytest.raises(Refused, match="nobody answered"):
        ready(shop, None)
    assert ready(shop, answer(shop, done))
    assert said(shop) == [("refused", 3), ("done", 3)]


def test_of_who_was_erased_since_nothing_is_to_be_corrected(shop: Shop) -> None:
    taken = datetime.now(UTC)
    corrected(shop, FIRST, "message", [10])
    entry = journal.record(
        shop.governance, shop.policy, "shop", "message", "message", [shop.key.row("shop", "message", 10)]
    )
    shop.governance.commit()
    journal.confirm(shop.governance, entry)
    corrected(shop, FIRST, "message", [99])  # not in the backup
    done = replayed(shop, taken)
    assert (done.erased, done.corrections) == (1, ())
    assert ready(shop, None)  # nobody has to be asked
    assert said(shop) == [("done", 0)]


def test_a_store_without_corrections_is_ready_after_its_replay_and_not_before(shop: Shop) -> None:
    with pytest.raises(Refused, match="was not replayed to the end in this run"):
        ready(shop, None)
    taken = datetime.now(UTC)
    replayed(shop, taken, Run("a" * 64, "restore", "manual__2026-11-21T10:00:00+00:00_abcdefgh", "replay"))
    with pytest.raises(Refused, match="in this run"):
        ready(shop, None)
    replayed(shop, taken)
    assert ready(shop, None)
    shop.db.execute("drop table message cascade")
    corrected(shop, FIRST, "message", [10])
    with pytest.raises(StoreError, match="table message does not exist"):
        replayed(shop, taken)
    with pytest.raises(Refused, match="was not replayed to the end"):
        ready(shop, None)


def test_only_an_officers_own_answer_to_this_list_makes_it_ready(shop: Shop) -> None:
    taken = datetime.now(UTC)
    corrected(shop, FIRST, "customer", [2])
    done = replayed(shop, taken)
    nobody = {"received": False, "chosen": (), "responder": None, "answered_at": None}
    wrong: list[tuple[dict[str, Any], str]] = [
        (nobody, "nobody answered"),
        ({"responder": "clerk"}, "no officer who may approve rights"),
        ({"has_reason": False}, "no reason was given"),
        ({"subject": "another list"}, "does not name this digest"),
        ({"run_id": "run-2"}, "belongs to another run"),
        ({"chosen": ("Approve",)}, "none of Corrected, Reject"),
    ]
    for changes, reason in wrong:
        with pytest.raises(Refused, match=reason):
            ready(shop, answer(shop, done, **changes))


def test_an_answer_to_a_list_that_grew_since_is_refused_and_a_no_keeps_the_store_closed(shop: Shop) -> None:
    taken = datetime.now(UTC)
    corrected(shop, FIRST, "customer", [2])
    given = answer(shop, replayed(shop, taken))
    corrected(shop, SECOND, "customer", [3])
    done = replayed(shop, taken)
    with pytest.raises(Refused, match="does not name this digest"):
        ready(shop, given)
    assert not ready(shop, answer(shop, done, chosen=(REJECT,), has_reason=False))
    assert said(shop) == [("refused", 2), ("rejected", 2)]


def test_at_the_terminal_every_case_is_named_before_the_store_is_ready(shop: Shop) -> None:
    taken = datetime.now(UTC)
    corrected(shop, FIRST, "customer", [2])
    corrected(shop, SECOND, "customer", [3])
    done = replayed(shop, taken)
    left = corrections.by_hand(shop.governance, shop.policy, "shop", done, [FIRST], run=RUN)
    assert [each.case_id for each in left] == [SECOND]
    assert not corrections.by_hand(shop.governance, shop.policy, "shop", done, [FIRST, SECOND], run=RUN)
    assert said(shop) == [("refused", 2), ("done", 2)]


def test_the_command_names_what_to_correct_and_says_ready_only_after(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = shop.governance.info
    accounts = {
        "governance_retention": Connection(
            conn_type="postgres", host=info.host, port=info.port, login=info.user, password=info.password,
            schema=info.dbname,
        ),
        "reference_key": Connection(conn_type="generic", password=base64.b64encode(b"k" * 32).decode()),
    }  # fmt: skip
    monkeypatch.setattr(command, "resolver", lambda _: (accounts | shop.connections).__getitem__)
    monkeypatch.setattr("hoeder.policy.load", lambda: shop.policy)
    taken = datetime.now(UTC).isoformat()
    corrected(shop, FIRST, "customer", [2])
    run = CliRunner()
    waits = run.invoke(command.app, ["replay", "shop", "--taken", taken])
    told = " ".join(waits.output.split())
    assert (waits.exit_code, f"corrections to make again: case {FIRST}, table customer, 1 records" in told) == (1, True)
    assert "can be released" not in told
    done = run.invoke(command.app, ["replay", "shop", "--taken", taken, "--corrected", str(FIRST)])
    assert (done.exit_code, "the store can be released" in done.output) == (0, True)
