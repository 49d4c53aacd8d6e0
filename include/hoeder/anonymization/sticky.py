"""The rule against reading two versions side by side: a group is shown as before, or differs by at least k persons.

Rows carry no number of a person, so versions can only be compared group by group. Between two versions of a group
that differ by one person stands that person. Therefore a new group is held against every remembered version: if
between 1 and k-1 persons came, went or changed, the group is shown exactly as it was (carried over). So is a group
whose sensitive values, taken together with those shown before, would leave fewer possibilities than policy asks for;
and where a sensitive value belongs to the person, the same holds along each person's way from group to group.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from hoeder.anonymization.engine.columns import Ints
from hoeder.anonymization.history import Group, Signature, Version, group_ref, value_ref
from hoeder.anonymization.table import Digests, Shown
from hoeder.policy.release import Release

_ROUNDS = 20


@dataclass(frozen=True)
class Held:
    """What may be shown anew, what is carried over from the last version, and all groups as they will stand."""

    rows: Shown
    carried: tuple[bytes, ...]
    groups: Mapping[bytes, Group]
    withheld: int
    """Groups that could neither be shown anew nor carried over."""


def hold(rows: Shown, earlier: Sequence[Version], release: Release, key: bytes, today: date, *, alike: bool) -> Held:
    """Hold rows against earlier versions, the newest first; `alike` says whether the newest had the same recoding.

    Groups are carried over from the newest version only, as it holds what is still shown of older ones.
    """
    lasting = [s for s in release.sensitive if s.lasting]
    for _ in range(_ROUNDS if lasting and earlier else 0):
        kept = rows.only(_possible(rows, earlier, release, key))
        done, rows = len(kept) == len(rows), kept
        if done:
            break
    groups, first = _grouped(rows)
    refs = [group_ref(key, [rows.names[n][c[row]] for n, c in rows.labels.items()]) for row in first]
    now = _groups(rows, groups, len(first), refs, key, today)
    newest = earlier[0] if earlier and alike else None
    fresh, carried, standing, withheld = [], [], {}, 0
    for position, ref in enumerate(refs):
        group = _narrowed(now[ref], ref, earlier)
        if _allowed(group, ref, earlier, release):
            fresh.append(position)
            standing[ref] = group
        elif newest is not None and ref in newest.groups and _fresh_enough(newest.groups[ref], release, today):
            carried.append(ref)
            standing[ref] = newest.groups[ref]
        else:
            withheld += 1
    keep = np.isin(groups, np.array(fresh, dtype=np.int64))
    return Held(rows.only(keep), tuple(carried), standing, withheld)


def _grouped(rows: Shown) -> tuple[Ints, Ints]:
    groups, count = rows.groups()
    first = np.full(count, -1, dtype=np.int64)
    first[groups[::-1]] = np.arange(len(rows))[::-1]
    return groups, first


def _groups(
    rows: Shown, groups: Ints, count: int, refs: Sequence[bytes], key: bytes, today: date
) -> dict[bytes, Group]:
    """Each group's persons with a digest of what each shows in it, and the sensitive values shown."""
    order = np.lexsort((rows.digests, groups))
    of, who, what = groups[order], rows.digests[order], contents(rows, key)[order]
    starts = np.flatnonzero(np.r_[True, (of[1:] != of[:-1]) | (who[1:] != who[:-1])]) if len(of) else np.zeros(0, int)
    sums = _mixed(np.add.reduceat(what, starts)) if len(starts) else np.zeros(0, np.uint64)
    bounds = np.searchsorted(of[starts], np.arange(count + 1))
    signatures = _signatures(rows, groups, count, key)
    return {
        ref: Group(who[starts][low:high], sums[low:high], signatures[position], today)
        for position, (ref, low, high) in enumerate(zip(refs, bounds[:-1], bounds[1:], strict=True))
    }


def _signatures(rows: Shown, groups: Ints, count: int, key: bytes) -> list[dict[str, frozenset[int]]]:
    found: list[dict[str, frozenset[int]]] = [{} for _ in range(count)]
    for column, codes in rows.sensitive.items():
        names = rows.names[column]
        refs = [value_ref(key, column, name) for name in names]
        values: list[set[int]] = [set() for _ in range(count)]
        for pair in np.unique(groups * len(names) + codes).tolist():
            values[pair // len(names)].add(refs[pair % len(names)])
        for position, each in enumerate(values):
            found[position][column] = frozenset(each)
    return found


def contents(rows: Shown, key: bytes) -> npt.NDArray[np.uint64]:
    """A keyed digest of what each row shows beside its labels."""
    seed = np.frombuffer(hashlib.blake2b(b"contents", digest_size=8, key=key).digest(), np.uint64)[0]
    found = np.full(len(rows), seed, dtype=np.uint64)
    for column, codes in rows.sensitive.items():
        refs = np.array([value_ref(key, column, name) for name in rows.names[column]] or [0], dtype=np.uint64)
        found = _mixed(found ^ refs[codes])
    for values in rows.measures.values():
        found = _mixed(found ^ np.where(np.isnan(values), -1.0, values).astype(np.int64).view(np.uint64))
    return _mixed(found)


def _mixed(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64: every bit of the input moves about half of the output's."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def changed(one: Group, other: Group) -> tuple[int, bool]:
    """How many known persons came or went, or, where nobody did, show something else; and whether anything differs.

    Where somebody came or went only that counts: if all numbers were rounded anew at the same time, one person more is
    still one person more.
    """
    came_or_went = np.setxor1d(one.persons, other.persons)
    if len(came_or_went):
        return int((came_or_went != 0).sum()), True
    pairs = np.concatenate(
        [np.stack([one.persons, one.contents], axis=1), np.stack([other.persons, other.contents], axis=1)]
    )
    pairs, times = np.unique(pairs, axis=0, return_counts=True)
    moved = np.unique(pairs[times == 1][:, 0])
    return int((moved != 0).sum()), len(moved) > 0


def _narrowed(group: Group, ref: bytes, earlier: Sequence[Version]) -> Group:
    """The group with only those sensitive values that the last version showing it left possible."""
    last = next((version.groups[ref] for version in earlier if ref in version.groups), None)
    if last is None:
        return group
    both: Signature = {c: values & last.signature.get(c, values) for c, values in group.signature.items()}
    unchanged = not changed(group, last)[1]
    return replace(group, signature=both, made_on=last.made_on if unchanged else group.made_on)


def _allowed(group: Group, ref: bytes, earlier: Sequence[Version], release: Release) -> bool:
    if int((group.persons != 0).sum()) < release.k:
        return False
    if any(len(group.signature.get(s.column, ())) < s.least for s in release.sensitive):
        return False
    for version in earlier:
        if ref in version.groups:
            moved, differs = changed(group, version.groups[ref])
            if differs and moved < release.k:
                return False
    return True


def _fresh_enough(group: Group, release: Release, today: date) -> bool:
    """Whether a group that is carried over was made within the release's term."""
    return (today - group.made_on).days < release.expires_after * 30


def _possible(rows: Shown, earlier: Sequence[Version], release: Release, key: bytes) -> npt.NDArray[np.bool_]:
    """The rows of persons of whom, with all earlier versions in hand, enough sensitive values stay possible."""
    keep = np.ones(len(rows), dtype=np.bool_)
    groups, first = _grouped(rows)
    signatures = _signatures(rows, groups, len(first), key)
    for wanted in (s for s in release.sensitive if s.lasting):
        left: dict[int, frozenset[int]] = {}
        for version in earlier:
            for group in version.groups.values():
                shown = group.signature.get(wanted.column)
                if shown is not None:
                    for person in group.persons.tolist():
                        left[person] = left[person] & shown if person in left else shown
        pairs, where = np.unique(
            np.stack([groups.astype(np.uint64), rows.digests], axis=1), axis=0, return_inverse=True
        )
        enough = np.array(
            [
                person not in left or len(left[person] & signatures[int(group)][wanted.column]) >= wanted.least
                for group, person in pairs.tolist()
            ],
            dtype=np.bool_,
        )
        keep &= enough[where.reshape(-1)] if len(pairs) else keep
    return keep


def carried_rows(refs: Sequence[bytes], names: Sequence[str], previous: Sequence[Sequence[str]], key: bytes) -> Ints:
    """Positions in the previous file of the rows of these groups; `previous` holds its label columns."""
    wanted = set(refs)
    cache: dict[tuple[str, ...], bool] = {}
    found = []
    for position, labels in enumerate(zip(*previous, strict=True)):
        if labels not in cache:
            cache[labels] = group_ref(key, labels) in wanted
        if cache[labels]:
            found.append(position)
    assert len(names) == len(previous)  # noqa: S101
    return np.array(found, dtype=np.int64)


__all__ = ["Digests", "Held", "carried_rows", "changed", "contents", "hold"]
