"""The incidents that the demonstration company reports: registered as planted, with the clocks that have run out."""

from datetime import UTC, datetime

import pytest
from bureau import Bureau, bureau

from hoeder.demo import incidents as planted
from hoeder.incidents import case
from hoeder.incidents.state import Phase
from hoeder.policy import load

__all__ = ["bureau"]


@pytest.fixture
def reported(bureau: Bureau) -> list[case.Incident]:
    planted.report(bureau.db, load())
    return case.all_of_them(bureau.db)


def test_each_is_suspected_and_exactly_the_planted_clocks_have_run_out(reported: list[case.Incident]) -> None:
    now, policy = datetime.now(UTC), load()
    assert [each.phase for each in reported] == [Phase.SUSPECTED] * len(planted.REPORTED)
    for found, expected in zip(reported, planted.REPORTED, strict=True):
        late = {clock.what for clock in found.clocks(policy) if clock.running and clock.late(now)}
        assert late == expected.overdue, expected.facts["kind"]


def test_the_client_that_was_told_in_time_has_no_clock_that_runs(reported: list[case.Incident]) -> None:
    running = {c.client for each in reported for c in each.clocks(load()) if c.what == "client" and c.running}
    assert running == {"tuinkamer"}
