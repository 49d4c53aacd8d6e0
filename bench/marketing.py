"""How long the marketing gate takes over a list, beside only reading it: the same file, the same rows, one run.

.venv/bin/python bench/marketing.py [ROWS]

Everything is invented: so many persons, half of whom agreed, one in fifty said no. The list names everybody once, in
three spellings. No servers: what a database would bring is in memory, as it is once it was read.
"""

import io
import sys
from datetime import date
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from hoeder.marketing_gate import addresses, lists
from hoeder.marketing_gate.facts import Facts
from hoeder.marketing_gate.hashed import LeftAlone, references
from hoeder.marketing_gate.sift import sift
from hoeder.policy import load
from hoeder.policy.marketing_gate import MailingList
from hoeder.pseudonym import ReferenceKey
from hoeder.stores.references import References

TODAY = date(2026, 11, 23)
KEY = ReferenceKey(b"k" * 32)
CALLS = TypeAdapter(MailingList).validate_python(
    {"list": "calls", "nl": "x", "en": "x", "place": "campaigns:calls/", "channels": ["telephone"],
     "columns": {"phone": "phone", "email": "mail"}}
)  # fmt: skip


def people(rows: int) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Numbers, telephones and mails."""
    numbers = np.arange(rows)
    return (
        pa.array(numbers.astype(str)),
        pa.array([f"06{10_000_000 + n:08d}" for n in range(rows)]),
        pa.array([f"person{n}@mail{n % 97}.example" for n in range(rows)]),
    )


def known(keys: pa.Array, phones: pa.Array, mails: pa.Array) -> Facts:
    """Every second one agreed to be called, three years ago."""
    agreed = keys.take(pa.array(np.arange(0, len(keys), 2)))
    some = len(agreed)
    consents = {
        "person": agreed, "text": pa.repeat("bellen-1", some), "given_on": pa.repeat(pa.scalar(date(2023, 1, 1)), some),
        "ended_on": pa.nulls(some, pa.date32()), "stands": pa.repeat(True, some), "told_how": pa.repeat(True, some),
    }  # fmt: skip
    customers = {
        "person": pa.nulls(0, pa.string()),
        "since": pa.nulls(0, pa.date32()),
        "offered": pa.nulls(0, pa.bool_()),
    }
    persons = {"person": keys, "email": mails, "phone": addresses.read("phone", [phones]).strict}
    return Facts(pa.table(persons), pa.table(consents), pa.table(customers))


def main(rows: int) -> None:
    gate = load().marketing_gate
    if gate is None:
        raise SystemExit("policy has no marketing_gate.yaml")
    keys, phones, mails = people(rows)
    facts = known(keys, phones, mails)
    said_no = addresses.read("email", [mails.take(pa.array(np.arange(0, rows, 50)))]).strict
    opted_out = LeftAlone({"email": References(references(KEY, "email", said_no))})
    written = [(f"+31 6 {p[2:6]} {p[6:]}", p, f"0031{p[1:]}")[n % 3] for n, p in enumerate(phones.to_pylist())]
    listed = pa.table({"phone": written, "mail": mails})
    csv, parquet = io.BytesIO(), io.BytesIO()
    pv.write_csv(listed, csv)
    pq.write_table(listed, parquet)
    print(f"{rows:,} lines, telephone and mail each")
    for ending, content in (("csv", csv.getvalue()), ("parquet", parquet.getvalue())):
        for attempt in ("first (compiling)", "second"):
            begun = perf_counter()
            read = lists.from_bytes(content, f"x.{ending}", CALLS)
            after = perf_counter()
            done = sift(
                gate, CALLS, "telephone", TODAY, columns=read.identities(CALLS), facts=facts, opted_out=opted_out,
                restricted=LeftAlone({}), key=KEY,
            )  # fmt: skip
            out = lists.handed_out(read.rows.filter(pa.array(done.allowed)))
            total = perf_counter() - begun
            print(
                f"{ending:<8}{attempt:<18} reading {after - begun:5.2f} s, all {total:5.2f} s, "
                f"{total / (after - begun):5.1f} times reading; {int(done.allowed.sum()):,} allowed, {len(out):,} bytes"
            )
    print({str(reason): number for reason, number in done.counts.items()})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
