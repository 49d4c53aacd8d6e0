"""What one control answers, and how the answers of several make one."""

from collections.abc import Sequence
from dataclasses import dataclass

from hoeder.promises.status import Evidence, Status, Why


@dataclass(frozen=True)
class Answer:
    """How one control sees it."""

    status: Status
    why: Why
    evidence: tuple[Evidence, ...] = ()


def answer(status: Status, reason: str, /, *evidence: Evidence, **figures: int | str) -> Answer:
    """An answer with the figures that its reason speaks of."""
    return Answer(status, Why(reason, tuple(figures.items())), evidence)


_WORST_FIRST = (Status.BROKEN, Status.UNKNOWN, Status.ATTESTED, Status.KEPT)


def worst(answers: Sequence[Answer]) -> Answer:
    """The answer that a promise with several controls gets: the worst one's status and reason, everyone's evidence."""
    decisive = min(answers, key=lambda one: _WORST_FIRST.index(one.status))
    evidence = dict.fromkeys(each for one in (decisive, *answers) for each in one.evidence)
    return Answer(decisive.status, decisive.why, tuple(evidence))
