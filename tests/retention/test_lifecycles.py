"""A bucket that keeps a term by itself does so by exactly the lifecycle that policy says, or somebody hears of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from shop import RUN, Shop, rule

from hoeder.clock import AMSTERDAM
from hoeder.errors import Refused, StoreError
from hoeder.evidence import ledger
from hoeder.governance import holds
from hoeder.governance.protection import Scope
from hoeder.policy.dataset import Prefix
from hoeder.policy.retention import RetentionRule
from hoeder.retention import holding, lifecycles

NOW = datetime.now(UTC).astimezone(AMSTERDAM).date()


def by_the_store(keep: str = "7 days after stored", **changes: Any) -> RetentionRule:
    given = {"enforce": "store", "pre_approved_up_to": 1} | changes
    return RetentionRule.model_validate(rule("scratch", keep, "files:scratch/", **given))


def under(shop: Shop, *rules: RetentionRule) -> None:
    kept = tuple(each for each in shop.policy.retention if each.rule != "scratch")
    shop.policy = shop.policy.model_copy(update={"retention": (*kept, *rules)})


@pytest.fixture
def scratch(shop: Shop) -> Iterator[Shop]:
    prefix = Prefix(description="d", purpose="p", format="document", columns={"job": "system"})
    files = shop.policy.datasets["files"]
    files = files.model_copy(update={"prefixes": files.prefixes | {"scratch/": prefix}})
    shop.policy = shop.policy.model_copy(update={"datasets": shop.policy.datasets | {"files": files}})
    shop.put("scratch/a")
    under(shop, by_the_store())
    yield shop
    shop.bucket.client.delete_bucket_lifecycle(Bucket=shop.bucket.name)


def keep(shop: Shop, *, as_of: date = NOW, put_back: bool = False) -> tuple[lifecycles.Kept, ...]:
    return lifecycles.keep(
        shop.policy, shop.resolve, shop.governance, shop.key, run=RUN, as_of=as_of, put_back=put_back
    )


def in_force(shop: Shop) -> list[Any]:
    return shop.bucket.client.get_bucket_lifecycle_configuration(Bucket=shop.bucket.name)["Rules"]


def outcomes(shop: Shop) -> list[str | None]:
    return [e.outcome for e in ledger.entries(shop.governance) if e.act == "lifecycle" and e.phase == "outcome"]


def disturb(shop: Shop, days: int = 700) -> None:
    other = [{"ID": "x", "Filter": {"Prefix": ""}, "Status": "Enabled", "Expiration": {"Days": days}}]
    shop.bucket.client.put_bucket_lifecycle_configuration(
        Bucket=shop.bucket.name, LifecycleConfiguration={"Rules": other}
    )


def test_the_rule_is_written_once_and_found_in_force_from_then_on(scratch: Shop) -> None:
    (first,) = keep(scratch)
    assert (first.rules, first.written) == (1, True)
    (one,) = in_force(scratch)
    assert (one["ID"], one["Filter"], one["Status"]) == ("hoeder-scratch", {"Prefix": "scratch/"}, "Enabled")
    assert (one["Expiration"], one["NoncurrentVersionExpiration"]) == ({"Days": 7}, {"NoncurrentDays": 1})
    (second,) = keep(scratch)
    assert not second.written
    assert outcomes(scratch) == ["done", "nothing"]


def test_no_plan_erases_what_the_bucket_erases(scratch: Shop) -> None:
    assert "scratch" not in {part.rule for part in scratch.plan().parts}


def test_another_lifecycle_in_force_is_refused_and_left_until_somebody_puts_ours_back(scratch: Shop) -> None:
    keep(scratch)
    disturb(scratch)
    with pytest.raises(Refused, match="not the one that was written; see what it is"):
        keep(scratch)
    assert [each["ID"] for each in in_force(scratch)] == ["x"]
    assert keep(scratch, put_back=True)[0].written
    assert [each["ID"] for each in in_force(scratch)] == ["hoeder-scratch"]
    assert outcomes(scratch) == ["done", "refused", "done"]


def test_ours_taken_away_is_drift_as_well(scratch: Shop) -> None:
    keep(scratch)
    scratch.bucket.client.delete_bucket_lifecycle(Bucket=scratch.bucket.name)
    with pytest.raises(Refused, match="not the one that was written"):
        keep(scratch)


def test_a_lifecycle_from_before_is_not_written_over(scratch: Shop) -> None:
    disturb(scratch)
    with pytest.raises(Refused, match="that policy knows nothing of"):
        keep(scratch)


def test_a_changed_term_is_written_and_an_ended_rule_is_taken_out(scratch: Shop) -> None:
    keep(scratch)
    under(scratch, by_the_store("2 weeks after stored"))
    assert keep(scratch)[0].written
    assert in_force(scratch)[0]["Expiration"] == {"Days": 14}
    under(scratch)
    assert keep(scratch)[0].rules == 0
    with pytest.raises(scratch.bucket.client.exceptions.ClientError, match="NoSuchLifecycle"):
        in_force(scratch)


def test_a_store_that_does_not_act_is_said_with_the_number_of_what_is_left(scratch: Shop) -> None:
    keep(scratch)
    assert keep(scratch, as_of=NOW + timedelta(days=8))  # it has two days to get round to it
    with pytest.raises(StoreError, match="1 objects should have gone by the bucket's lifecycle and are there"):
        keep(scratch, as_of=NOW + timedelta(days=9))
    assert outcomes(scratch)[-1] == "partial"


def test_more_than_policy_approved_does_not_go_at_once(scratch: Shop) -> None:
    scratch.put("scratch/b")
    with pytest.raises(Refused, match="2 objects would go at once, and policy approved 1 beforehand"):
        keep(scratch, as_of=NOW + timedelta(days=30))
    with pytest.raises(scratch.bucket.client.exceptions.ClientError, match="NoSuchLifecycle"):
        in_force(scratch)
    assert outcomes(scratch) == ["refused"]


def test_a_hold_on_the_place_switches_the_rule_off_and_its_end_switches_it_on(scratch: Shop) -> None:
    keep(scratch)
    holding.place(
        scratch.governance, scratch.key, scratch.policy, matter="audit-1", ground=holds.Ground.TAX_AUDIT, by="dpo",
        on=NOW, review_by=NOW, scopes=[Scope("files")],
    )  # fmt: skip
    keep(scratch)
    assert in_force(scratch)[0]["Status"] == "Disabled"
    keep(scratch, as_of=NOW + timedelta(days=30))  # overdue for a reason
    for by in ("dpo", "legal"):
        holding.lift(scratch.governance, scratch.policy, "audit-1", by=by, on=date.today() - timedelta(days=1))  # noqa: DTZ011
    keep(scratch)
    assert in_force(scratch)[0]["Status"] == "Enabled"


def test_killed_between_writing_and_remembering_the_next_run_knows_its_own(
    scratch: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(lifecycles, "_remember", killed)
        with pytest.raises(KeyboardInterrupt):
            keep(scratch)
    scratch.governance.rollback()
    assert not keep(scratch)[0].written
    under(scratch, by_the_store("2 weeks after stored"))
    assert keep(scratch)[0].written
