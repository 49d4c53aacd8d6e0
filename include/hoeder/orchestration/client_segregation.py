"""The task of DAG client_segregation."""

import logging
from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.errors import StoreError
from hoeder.orchestration.run import current_run, governance, nothing_personal, resolve, today
from hoeder.policy import load

log = logging.getLogger(__name__)


@nothing_personal
def check() -> dict[str, int]:
    """Look at each client's data as its agents see them; counts. Fails where a role could not be looked through."""
    from hoeder import client_segregation
    from hoeder.client_segregation.check import age_out

    policy = load()
    with governance("client_segregation") as db:
        checked = client_segregation.run(
            policy, resolve, db, run=current_run(policy.digest), now=datetime.now(AMSTERDAM)
        )
        age_out(db, policy, today())
    for finding in checked.findings:
        log.warning("%s: %s %s %s: %d", finding.kind, finding.store, finding.place, finding.client, finding.number)
    if not checked.whole:
        raise StoreError("not every client's role could be looked through: hoeder access clients says which")
    return {
        "trials": checked.trials, "apart": checked.apart, "notes": checked.notes, "findings": len(checked.findings)
    }  # fmt: skip
