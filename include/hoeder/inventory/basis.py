"""The rules under which something was found: a decision stands as long as these are the same."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from hoeder.policy.dataset import Dataset, Prefix, Store, Table
from hoeder.policy.retention import RetentionRule

_CODE = ("hoeder.detection", "hoeder.inventory")
_JUDGING = ("signals.py", "findings.py", "observed.py", "clients.py", "reading.py")


def place(dataset: Dataset | None, name: str) -> Table | Prefix | None:
    """What policy declares of a table or prefix."""
    return None if dataset is None else dataset.tables.get(name) or dataset.prefixes.get(name)


def digest(store: Store, dataset: Dataset | None, name: str, rules: Iterable[RetentionRule]) -> str:
    """SHA-256 in hex over the detector and the part of policy that speaks of one table or prefix.

    `rules` are those in force; only the ones about this table or prefix count.
    """
    declared = place(dataset, name)
    said = {
        "store": {"kind": store.kind, "role": store.role},
        "declared": declared.model_dump(mode="json") if declared else None,
        "rules": sorted(rule.rule for rule in rules if rule.target == name),
        "detector": detector(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cache
def detector() -> str:
    """The detector's version: a digest of its own code and data, so that nobody has to remember to raise a number."""
    state = hashlib.sha256()
    for package in _CODE:
        with resources.as_file(resources.files(package)) as folder:
            for path in sorted(_files(folder)):
                if package != "hoeder.inventory" or path.name in _JUDGING:
                    state.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return state.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    return (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts and "training" not in p.parts)
