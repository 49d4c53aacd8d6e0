"""The task of DAG questions."""

import logging

from hoeder.orchestration.run import current_run, governance, nothing_personal, reference_key, resolve, today
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def count() -> dict[str, int]:
    """Count questions and complaints by source; how many wait beyond their time, by source."""
    from hoeder.questions import count as questions

    policy = load()
    with governance("questions") as db:
        found = questions.count(
            db, policy, resolve, reference_key(), run=current_run(policy.digest), today=today()
        )  # fmt: skip
    for source, stand in found.items():
        log.info(
            "%s: %d asked, %d answered (%d late), %d open, %d of them late",
            source, stand.asked, stand.answered, stand.late, stand.open, stand.late_open,
        )  # fmt: skip
    return {source: stand.late_open for source, stand in found.items()}
