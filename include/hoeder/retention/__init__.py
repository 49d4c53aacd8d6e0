"""Retention: what is due is planned, approved by the DPO, erased exactly as approved, and looked for again."""

from hoeder.governance.answer import Answer
from hoeder.retention.approve import admit, decide, finished
from hoeder.retention.execute import erase
from hoeder.retention.plan import Plan, PlanPart, make_plan
from hoeder.retention.verify import Conclusion, conclude

__all__ = ["Answer", "Conclusion", "Plan", "PlanPart", "admit", "conclude", "decide", "erase", "finished", "make_plan"]
