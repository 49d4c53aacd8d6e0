"""What was planted, written down for the tests alone: nothing in the pipeline reads it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from hoeder.demo.terms import TERMS, Fate, is_due
from hoeder.governance.holds import Ground
from hoeder.stack.home import write_private

Key = int | str


@dataclass(frozen=True)
class Hold:
    """A legal hold that must stand before anything is erased."""

    matter: str
    ground: Ground
    subject_kind: str
    subject_value: str


@dataclass
class Tally:
    """One rule's rows. `due` leaves the held ones out, and those that go back to their client first (`returned`);
    `missing` ended without saying when; `pending` runs on.
    """

    due: list[Key] = field(default_factory=list)
    held: list[Key] = field(default_factory=list)
    missing: list[Key] = field(default_factory=list)
    returned: list[Key] = field(default_factory=list)
    pending: int = 0
    total: int = 0


class Truth:
    """Counts along while rows are made."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.rules = {target: Tally() for target in TERMS}
        self.places: dict[str, set[str]] = defaultdict(set)
        self.anomalies: dict[str, object] = {}
        self.rows: dict[str, int] = {}
        self.findings: set[tuple[str, str, str, str]] = set()
        self.requests: list[dict[str, object]] = []

    def see(self, target: str, key: Key, fate: Fate, *, held: bool = False, returned: bool = False) -> None:
        """One row or object under a rule; `held` if a legal hold keeps it, `returned` if its client gets it first."""
        tally = self.rules[target]
        tally.total += 1
        if fate.pending:
            tally.pending += 1
        elif fate.anchor is None:
            tally.missing.append(key)
        elif is_due(target, fate.anchor, self.today):
            (tally.held if held else tally.returned if returned else tally.due).append(key)

    def place(self, canary: str, where: str, key: Key) -> None:
        """A canary was put into a row (`crm.contact`, 7) or object."""
        self.places[canary].add(f"{where}#{key}")

    def find(self, kind: str, store: str, thing: str, column: str = "*") -> None:
        """A finding that the inventory must come to, of one of its kinds."""
        self.findings.add((kind, store, thing, column))

    def ask(self, where: str, became: str, *, rights: Iterable[str] = (), **more: object) -> None:
        """A message in which somebody asks something, and what intake must make of it."""
        self.requests.append({"where": where, "became": became, "rights": sorted(rights), **more})

    def write(self, path: Path, *, canaries: dict[str, dict[str, str]], holds: tuple[Hold, ...]) -> None:
        """Canaries by name: every distinctive value, and where each person occurs."""
        plain = {
            "today": self.today.isoformat(),
            "rules": {
                target: {
                    "counts": {"due": len(tally.due), "held": len(tally.held), "missing": len(tally.missing),
                               "returned": len(tally.returned), "pending": tally.pending, "total": tally.total},
                    "due": tally.due, "held": tally.held, "missing": tally.missing,
                    "returned": tally.returned,
                }
                for target, tally in self.rules.items()
            },
            "holds": [asdict(hold) for hold in holds],
            "anomalies": self.anomalies,
            "canaries": {
                name: {"values": values, "places": sorted(self.places[name])} for name, values in canaries.items()
            },
            "rows": self.rows,
            "findings": sorted(self.findings),
            "requests": self.requests,
        }  # fmt: skip
        write_private(path, json.dumps(plain, indent=1, ensure_ascii=False))
