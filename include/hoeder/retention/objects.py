"""One rule on one prefix: whole objects with every version."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from hoeder.governance.protection import Protections
from hoeder.retention import due
from hoeder.retention.work import Work
from hoeder.stores import steps
from hoeder.stores.erase import Erased, erase_object, open_door
from hoeder.stores.steps import Step

OBJECTS = 100
"""Objects per opening of the door: few enough that placing a legal hold waits for seconds, not minutes."""
_AT_ONCE = 4


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
            for done in _erased(work, target, protections, some):
                stayed += 1 - done.erased
                work.add(done)
            if journal and not stayed:
                journal.confirm()
                work.governance.commit()


def _erased(
    work: Work, target: due.PrefixTarget, protections: Protections, some: Sequence[Any]
) -> Iterator[Erased]:  # fmt: skip
    """What came of each object, four at a time. Where one fails, the others are told of before it is raised."""

    def one(object_key: str) -> Erased:
        steps.reached(Step.OBJECT_JUDGED)
        done = erase_object(
            target.client, work.governance, protections, bucket=target.bucket, prefix=target.prefix,
            rule=target.rule, due_by=work.plan.as_of, object_key=object_key,
        )  # fmt: skip
        steps.reached(Step.OBJECT_ERASED)
        return done

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="erase") as pool:
        all_of_them = [pool.submit(one, object_key) for object_key in some]
        wait(all_of_them)
    failed = [error for each in all_of_them if (error := each.exception()) is not None]
    yield from (each.result() for each in all_of_them if each.exception() is None)
    if failed:
        raise failed[0]
