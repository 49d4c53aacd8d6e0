"""Read a candidate beside every remembered version, as somebody who kept them all would: a second, simple look.

Groups are formed here from the file's own cells with pandas, and compared with what the governance database remembers
of earlier files. Nothing is taken from the rule in `sticky` but the way digests are made.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hoeder.anonymization.history import Group, Version, group_ref, value_ref
from hoeder.policy.release import Release


def replay(
    frame: pd.DataFrame, digests: np.ndarray, earlier: Sequence[Version], release: Release, key: bytes
) -> list[str]:
    """Sentences on what the versions together would give away; empty where nothing. `frame` has the fresh rows only."""
    labels = [g.column for g in release.quasi_identifiers]
    if not earlier or frame.empty:
        return []
    shown = frame.assign(_who=digests)
    small: set[bytes] = set()
    narrowed = {s.column: 0 for s in release.sensitive}
    for cells, rows in shown.groupby(labels, observed=True, dropna=False, sort=False):
        ref = group_ref(key, cells if isinstance(cells, tuple) else (cells,))
        now = set(rows["_who"].unique().tolist()) - {0}
        for group in (version.groups[ref] for version in earlier if ref in version.groups):
            if 0 < len(now ^ (set(group.persons.tolist()) - {0})) < release.k:
                small.add(ref)
            for wanted in release.sensitive:
                narrowed[wanted.column] += _possible(rows, wanted.column, group, key) < wanted.least
    complaints = [
        f"{groups} groups leave, beside an earlier version, too few values of {column} possible: give a "
        "quasi-identifier "
        "a coarser step"
        for column, groups in narrowed.items()
        if groups
    ]
    if small:
        complaints.insert(
            0,
            f"{len(small)} groups differ from an earlier version by fewer than {release.k} persons, who would stand in "
            "the difference: publish less often (refresh), or wait until more has changed",
        )
    complaints += _on_their_way(shown, labels, earlier, release, key)
    return complaints


def _possible(rows: pd.DataFrame, column: str, group: Group, key: bytes) -> int:
    values = {value_ref(key, column, value) for value in rows[column].unique()}
    return len(values & group.signature.get(column, frozenset(values)))


def _on_their_way(
    shown: pd.DataFrame, labels: list[str], earlier: Sequence[Version], release: Release, key: bytes
) -> list[str]:
    """Persons whose lasting sensitive value the groups they were in, one version after the other, give away."""
    complaints = []
    for wanted in (s for s in release.sensitive if s.lasting):
        possible: dict[int, set[int]] = {}
        for version in earlier:
            for group in version.groups.values():
                for person in group.persons.tolist():
                    values = set(group.signature.get(wanted.column, frozenset()))
                    possible[person] = possible[person] & values if person in possible else values
        told = 0
        for _, rows in shown.groupby(labels, observed=True, dropna=False, sort=False):
            values = {value_ref(key, wanted.column, value) for value in rows[wanted.column].unique()}
            told += sum(
                person in possible and len(possible[person] & values) < wanted.least for person in rows["_who"].unique()
            )
        if told:
            complaints.append(f"{told} persons' {wanted.column} follows from several versions together: leave them out")
    return complaints
