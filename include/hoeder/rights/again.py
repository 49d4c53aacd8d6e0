"""Do once more what was granted then, and nothing else: a package whose secret was lost, a correction that a restored
backup undid.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from hoeder.errors import Refused
from hoeder.rights import case, package, portability, rectify
from hoeder.rights.case import Right
from hoeder.rights.work import Work

_AGAIN: Mapping[Right, Callable[..., Mapping[str, int]]] = {
    Right.ACCESS: package.make, Right.PORTABILITY: portability.make, Right.RECTIFICATION: rectify.apply,
}  # fmt: skip


def again(work: Work, case_id: UUID, right: Right) -> Mapping[str, int]:
    """Put the package of a right together anew, or make its corrections again where a store lost them; counts.

    Raises Refused where the right was not granted, or other records stand there now than were: reopen the case then.
    """
    found = case.read(work.db, case_id)
    digests = [step.detail["granted"][right] for step in found.steps if right in (step.detail.get("granted") or {})]
    if not digests:
        raise Refused(f"case {case_id} did not grant {right}, so there is nothing to do again")
    return _AGAIN[right](
        work.db, work.policy, work.resolve, work.key, work.vault, case_id, digest=digests[-1], run=work.run,
        today=work.today,
    )  # fmt: skip
