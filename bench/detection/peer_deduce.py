"""Deduce, run in its own environment: a JSON text a line in, the spans a line out (see text.py for the protocol)."""

import json
import sys
from time import perf_counter, process_time

start = perf_counter()

import deduce.person  # noqa: E402
from deduce import Deduce  # noqa: E402

# Ages, hospitals and web addresses have no counterpart in the marked texts: left out, so they do not count as wrong.
LABELS = {
    "persoon": "PERSON", "patient": "PERSON", "locatie": "STREET|CITY|POSTCODE", "datum": "DOB", "bsn": "BSN",
    "telefoonnummer": "PHONE", "emailadres": "EMAIL", "id": "CLIENT|DOCNR",
}  # fmt: skip

model = Deduce()
model.deidentify("Opwarmen: Jan de Vries, Kerkstraat 1, 06-12345678.")
print(json.dumps({"start": perf_counter() - start}))
rows = [json.loads(line) for line in sys.stdin]
start, answers = process_time(), []
for row in rows:
    known = row.get("known")
    metadata = None
    if known:
        first = known.get("first", "").split()
        metadata = {"patient": deduce.person.Person(first_names=first, surname=known.get("last"))}
    found = model.deidentify(row["text"], metadata=metadata).annotations
    answers.append(
        [[int(one.start_char), int(one.end_char), LABELS[one.tag], 1.0] for one in found if one.tag in LABELS]
    )
seconds = process_time() - start
for answer in answers:
    print(json.dumps({"spans": answer}))
print(json.dumps({"seconds": seconds}))
