"""The engine: a table about persons becomes a table in which each looks like at least k.

Rows are counted into distinct tuples of quasi-identifiers (`tuples`), the search over levels or sets runs on those
(`search`, with `sieve`, `tree` and `cluster`), and what it chose is laid over the rows again (`apply`). `check` counts
the result anew, with other code; `files` does all of it from file to file.

What k, l and t do not promise: whoever knows how labels were chosen can sometimes undo part of it, because the search
generalises no more than it must (Cohen 2022, downcoding; Chhillar 2025, combinatorial refinement of local recoding). A
secret closing threshold makes that harder and proves nothing. Only differential privacy is proof against it.
"""

from hoeder.anonymization.engine.anonymize import Result, anonymize
from hoeder.anonymization.engine.check import Checked, check
from hoeder.anonymization.engine.files import anonymize_file
from hoeder.anonymization.engine.limits import Limits, Roles, Unfit
from hoeder.anonymization.engine.report import Report
from hoeder.anonymization.engine.sources import Steps

__all__ = ["Checked", "Limits", "Report", "Result", "Roles", "Steps", "Unfit", "anonymize", "anonymize_file", "check"]
