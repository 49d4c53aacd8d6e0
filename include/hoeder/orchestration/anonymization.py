"""The tasks of DAG anonymization."""

import logging
from datetime import datetime

from airflow.sdk import get_current_context

from hoeder.clock import AMSTERDAM
from hoeder.errors import HoederError, StoreError, TooFew
from hoeder.orchestration.run import current_run, nothing_personal, resolve, today
from hoeder.policy import Policy, load
from hoeder.policy.release import Release

log = logging.getLogger(__name__)


@nothing_personal
def releases() -> list[str]:
    """Readers for whom a release is due today: `client`, `company`, `public`."""
    return sorted({release.reader for release in _due(load()) if release.engine == "embedded"})


@nothing_personal
def spark_releases() -> list[str]:
    """Releases due today that Spark counts."""
    return [release.release for release in _due(load()) if release.engine == "spark"]


@nothing_personal
def publish(reader: str) -> dict[str, int]:
    """Make, check and publish what is due for one reader without Spark; rows or cells published, by release.

    A release that fails does not stop the next one; the task fails after the last.
    """
    policy = load()
    due = _due(policy)
    return _published(policy, [each.release for each in due if each.reader == reader and each.engine == "embedded"])


@nothing_personal
def publish_with_spark(release: str) -> dict[str, int]:
    """Make, check and publish a release that Spark counts; its rows."""
    return _published(load(), [release])


def _due(policy: Policy) -> list[Release]:
    from hoeder import anonymization

    due = anonymization.due(policy, resolve, today=today())
    return [release for release in policy.releases if release.release in due]


def _published(policy: Policy, names: list[str]) -> dict[str, int]:
    from hoeder import anonymization

    run_after: datetime = get_current_context()["dag_run"].run_after
    version = f"{run_after.astimezone(AMSTERDAM):%Y-%m-%dT%H%M%S}"
    published: dict[str, int] = {}
    problems: list[HoederError] = []
    for release in names:
        try:
            summary = anonymization.run(release, policy, resolve, run=current_run(policy.digest), version=version)
        except TooFew as reason:
            log.info("%s", reason)
            published[release] = 0
            continue
        except HoederError as error:
            problems.append(error)
            continue
        published[release] = summary.rows_out
        log.info("%s: %d rows, smallest group %d", release, summary.rows_out, summary.k_reached)
    if problems:
        raise (StoreError if any(isinstance(e, StoreError) for e in problems) else HoederError)(
            "\n".join(map(str, problems))
        )
    return published


@nothing_personal
def catalog() -> int:
    """List what stands, for every reader; how many versions."""
    from hoeder import anonymization

    return anonymization.catalog(load(), resolve, today=today())
