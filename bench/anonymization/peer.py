"""Run one peer in its own environment: peer.py anonypy|anonypyx k input.parquet output.parquet; prints seconds."""

import sys
from time import perf_counter

import pandas as pd

name, k, source, target = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
frame = pd.read_parquet(source)
quasi = [column for column in frame.columns if column != "salary-class"]
for column in frame.columns:
    if frame[column].dtype.kind not in "if":
        frame[column] = frame[column].astype("category")
begun = perf_counter()
if name == "anonypy":
    import anonypy

    out = pd.DataFrame(anonypy.Preserver(frame, quasi, "salary-class").anonymize_k_anonymity(k=k))
else:
    import anonypyx

    maker = anonypyx.Anonymiser(frame, k=k, feature_columns=quasi, generalisation_strategy="human-readable")
    out = pd.DataFrame(maker.anonymise())
seconds = perf_counter() - begun
for column in quasi:
    out[column] = [",".join(map(str, v)) if isinstance(v, list | tuple | set) else str(v) for v in out[column]]
if "count" not in out:
    out["count"] = 1
out[[*quasi, "count"]].to_parquet(target)
print(seconds)
