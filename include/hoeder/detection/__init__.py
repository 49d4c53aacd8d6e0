"""Personal data recognised in columns and in text: by validated values first, then by names and context."""

from hoeder.detection.columns import Verdict, classify
from hoeder.detection.labels import may_be_shown

__all__ = ["Verdict", "classify", "may_be_shown"]
