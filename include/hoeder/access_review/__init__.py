"""Who can see what, held against who needs it: read, decided by the data's owner, taken away, and read again.

`gather` reads real entitlements and HR's list, `judge` compares them with policy and knows no store, `review` writes
down what came of it, `decide` takes an owner's answer, `execute` takes away exactly what was decided.
"""

from hoeder.access_review.decide import Choice, decide
from hoeder.access_review.execute import execute
from hoeder.access_review.findings import Finding, Kind
from hoeder.access_review.review import Review, run

__all__ = ["Choice", "Finding", "Kind", "Review", "decide", "execute", "run"]
