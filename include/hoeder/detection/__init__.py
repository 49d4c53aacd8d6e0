"""Personal data recognised in columns: by validated values first, by names where the values do not contradict them."""

from hoeder.detection.columns import Verdict, classify
from hoeder.detection.labels import may_be_shown

__all__ = ["Verdict", "classify", "may_be_shown"]
