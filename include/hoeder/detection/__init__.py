"""Personal data recognised in columns: by validated values first, by names where the values do not contradict them."""

from hoeder.detection.columns import Verdict, classify

__all__ = ["Verdict", "classify"]
