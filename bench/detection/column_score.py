"""What a scan is worth: personal columns found, the right type, false alarms. Counts only, never which column."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]  # a table, and a column or a path in it
Accepted = tuple[str, ...] | None
Found = Mapping[Key, tuple[str, ...]]


@dataclass(frozen=True)
class Tally:
    """Of so many columns expected in one category, how many were called personal, and how many rightly."""

    columns: int = 0
    found: int = 0
    right: int = 0


@dataclass(frozen=True)
class Score:
    """Counts over judged columns; `alarms_by` counts false alarms by the category that was claimed."""

    personal: Tally
    clean: int
    alarms: int
    by_category: Mapping[str, Tally] = field(default_factory=dict)
    alarms_by: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0  # judged columns about which the scan said nothing at all

    @property
    def found(self) -> float:
        return share(self.personal.found, self.personal.columns)

    @property
    def right(self) -> float:
        return share(self.personal.right, self.personal.columns)

    @property
    def alarm_rate(self) -> float:
        return share(self.alarms, self.clean)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def key(table: str, column: str) -> Key:
    """One spelling for what tools write differently: public.t or t; a.b, $.a.b or a[].b."""
    return table.rpartition(".")[2].lower(), re.sub(r"\[[^\]]*\]|\$\.|^\$", "", column).strip(".").lower()


def findings(scan: Iterable[Mapping[str, object]]) -> dict[Key, tuple[str, ...]]:
    """What `hoeder scan --json` printed, as categories by column. Only personal categories count as a finding."""
    found: dict[Key, tuple[str, ...]] = {}
    for entry in scan:
        at, category = key(str(entry["object"]), str(entry["column"])), entry["category"]
        personal = (category,) if isinstance(category, str) and matches(category, "user") else ()
        found[at] = (*found.get(at, ()), *personal)
    return found


def matches(category: str, accepted: str) -> bool:
    """Whether a category is the accepted one or lies below it."""
    return category == accepted or category.startswith(accepted + ".")


def score(judged: Mapping[Key, Accepted], found: Found) -> Score:
    """Compare findings with the verdicts; columns that nobody judged, and debatable ones, count nowhere.

    A finding on a path counts for a judged column that holds the path (`size.width` for `size`), not the other way
    round: that a whole JSON document is personal does not say where the name is.
    """
    by_category: dict[str, list[Tally]] = {}
    alarms_by: Counter[str] = Counter()
    clean = unread = 0
    for at, accepted in judged.items():
        if accepted is None:
            continue
        claims = _claims(at, found)
        unread += claims is None
        claimed = claims or ()
        if accepted:
            right = any(matches(category, one) for category in claimed for one in accepted)
            by_category.setdefault(accepted[0], []).append(Tally(1, int(bool(claimed)), int(right)))
        else:
            clean += 1
            alarms_by.update(claimed[:1])
    tallies = {category: _total(tallies) for category, tallies in sorted(by_category.items())}
    return Score(_total(tallies.values()), clean, alarms_by.total(), tallies, dict(alarms_by.most_common()), unread)


def _claims(at: Key, found: Found) -> tuple[str, ...] | None:
    table, column = at
    below = [names for (where, name), names in found.items() if where == table and matches(name, column)]
    return tuple(category for names in below for category in names) if below else None


def _total(tallies: Iterable[Tally]) -> Tally:
    listed = list(tallies)
    return Tally(sum(t.columns for t in listed), sum(t.found for t in listed), sum(t.right for t in listed))
