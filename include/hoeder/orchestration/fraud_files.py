"""The tasks of DAG fraud_files."""

import logging

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from hoeder.fraud_files import case
from hoeder.fraud_files import check as checking
from hoeder.orchestration.run import current_run, governance, nothing_personal, reference_key, resolve, today
from hoeder.policy import load

log = logging.getLogger(__name__)
CAPABILITY = "fraud_files"


@nothing_personal
def check() -> dict[str, int]:
    """Look at every file and every account that can read them; counts by kind. Forgets cases that ended long ago."""
    policy = load()
    if policy.fraud_files is None:
        raise AirflowSkipException("policy keeps no fraud files")
    with governance(CAPABILITY) as db:
        case.age_out(db, today(), policy.fraud_files.kept_years)
        checked = checking.check(db, policy, resolve, reference_key(), run=current_run(policy.digest), today=today())
    for each in checked.findings:
        log.warning("%s: %d in %s%s", each.kind, each.number, each.place, f" by {each.subject}" if each.subject else "")
    return checked.counts()


@nothing_personal
def judge(counts: dict[str, int]) -> None:
    """Fail the run while anything is wrong, so that somebody looks."""
    wrong = {kind: number for kind, number in counts.items() if kind != "rows" and number}
    if wrong:
        told = ", ".join(f"{kind} {number}" for kind, number in sorted(wrong.items()))
        raise AirflowFailException(f"{told}: hoeder fraud-files findings names the places")
