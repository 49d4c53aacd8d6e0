"""Generated tables, each anonymized and counted again twice: by loops (tests) and by pycanon. tables.py FIRST LAST.

pycanon counts rows: tables that count persons are counted by loops alone. It is asked for k, and for l and t where the
table asks for these; its t is against the rows that leave, as ours is.
"""

import sys
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/anonymization/engine"))

from generated import Case, case
from naive import problems
from pycanon import anonymity

from hoeder.anonymization.engine import Unfit
from hoeder.anonymization.engine.anonymize import make


def second(one: Case, frame) -> list[str]:  # type: ignore[no-untyped-def]
    """What pycanon finds below its limit."""
    quasi, limits = list(one.roles.quasi), one.limits
    wrong = [] if anonymity.k_anonymity(frame, quasi) >= limits.k else ["k"]
    if limits.l_distinct and anonymity.l_diversity(frame, quasi, ["s"]) < limits.l_distinct:
        wrong.append("l")
    asked = limits.t is not None and limits.t_distance == "equal"
    if asked and anonymity.t_closeness(frame, quasi, ["s"]) > limits.t + 1e-6:
        wrong.append("t")
    return wrong


def main(first: int, last: int) -> None:
    """Print how many tables were released, refused, and below a limit."""
    warnings.simplefilter("ignore")
    found: Counter[str] = Counter()
    for seed in range(first, last):
        one = case(seed)
        try:
            made, _ = make(
                one.table, one.roles, one.limits, labels=one.labels, aim=one.aim, secret=one.secret  # type: ignore[arg-type]
            )  # fmt: skip
        except Unfit:
            found["refused"] += 1
            continue
        table = made.table()
        found["released"] += 1
        if problems(table, one.roles, one.limits, made.persons_by_row()):
            found["below, by loops"] += 1
            print(f"table {seed}: below, by loops")
        if one.roles.person is None:
            frame = table.to_pandas().fillna("none known").reset_index(drop=True)
            found["also by pycanon"] += 1
            if wrong := second(one, frame):
                found["below, by pycanon"] += 1
                print(f"table {seed}: below, by pycanon: {', '.join(wrong)}")
    print(dict(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
