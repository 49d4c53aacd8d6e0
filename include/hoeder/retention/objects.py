"""One rule on one prefix: whole objects with every version."""

from collections.abc import Sequence
from typing import Any

from hoeder.retention import due
from hoeder.retention.work import Work
from hoeder.stores import steps
from hoeder.stores.erase import erase_object, open_door
from hoeder.stores.steps import Step

OBJECTS = 100
"""Objects per opening of the door: few enough that placing a legal hold waits for seconds, not minutes."""


def erase(work: Work, target: due.PrefixTarget, keys: Sequence[Any], references: Sequence[bytes]) -> None:
    """Erase the planned objects of a prefix. Raises botocore's errors and StoreError."""
    journal = work.journal(target.rule)
    for start in range(0, len(keys), OBJECTS):
        some = keys[start : start + OBJECTS]
        with open_door(work.governance, work.key) as protections:
            if journal:
                journal.intend(references[start : start + OBJECTS])
                work.governance.commit()
            stayed = 0
            for object_key in some:
                steps.reached(Step.OBJECT_JUDGED)
                done = erase_object(
                    target.client, work.governance, protections, bucket=target.bucket, prefix=target.prefix,
                    rule=target.rule, as_of=work.plan.as_of, object_key=object_key,
                )  # fmt: skip
                steps.reached(Step.OBJECT_ERASED)
                stayed += 1 - done.erased
                work.add(done)
            if journal and not stayed:
                journal.confirm()
                work.governance.commit()
