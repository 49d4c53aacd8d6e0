"""Make a package once more, where its person lost the secret: what was granted then, and nothing else."""

from collections.abc import Mapping
from uuid import UUID

from hoeder.errors import Refused
from hoeder.rights import case, package, portability
from hoeder.rights.case import Right, What
from hoeder.rights.work import Work


def again(work: Work, case_id: UUID, right: Right) -> Mapping[str, int]:
    """Put the package of a right that was granted together anew; its counts.

    Raises Refused where the right was not granted, or other records stand there now than were: reopen the case then.
    """
    found = case.read(work.db, case_id)
    digests = [step.detail.get("granted", {}).get(right) for step in found.steps if step.what is What.DECIDED]
    if not digests or digests[-1] is None:
        raise Refused(f"case {case_id} did not grant {right}, so there is no package of it to make again")
    make = package.make if right is Right.ACCESS else portability.make
    return make(
        work.db, work.policy, work.resolve, work.key, work.vault, case_id, digest=digests[-1], run=work.run,
        today=work.today,
    )  # fmt: skip
