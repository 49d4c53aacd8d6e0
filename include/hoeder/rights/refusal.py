"""Why a right may be refused: a closed list. Who finds no ground in it grants the right."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hoeder.errors import Refused
from hoeder.rights.case import Right

_EVERY = frozenset(Right)


class Refusal(StrEnum):
    """A ground of refusal."""

    NOT_IDENTIFIABLE = "not-identifiable"
    UNFOUNDED = "manifestly-unfounded"
    REPETITIVE = "excessive-repetitive"
    ABUSIVE = "excessive-abusive"
    RIGHTS_OF_OTHERS = "rights-of-others"
    EXCEPTION = "legal-exception"
    STILL_NEEDED = "still-needed"
    COMPELLING = "compelling-grounds"
    CONDITIONS = "conditions-not-met"
    NOT_CONTROLLER = "not-controller"

    @property
    def article(self) -> str:
        """Where the law allows it."""
        return _GROUNDS[self].article

    @property
    def rights(self) -> frozenset[Right]:
        """Which rights can be refused on it."""
        return _GROUNDS[self].rights

    @property
    def advised(self) -> bool:
        """Whether nobody refuses on it without the advice of the data protection officer."""
        return _GROUNDS[self].advised


@dataclass(frozen=True)
class _Ground:
    article: str
    rights: frozenset[Right] = _EVERY
    advised: bool = False


_GROUNDS: Mapping[Refusal, _Ground] = {
    Refusal.NOT_IDENTIFIABLE: _Ground("AVG 11(2), 12(2)"),
    Refusal.UNFOUNDED: _Ground("AVG 12(5)(b)"),
    Refusal.REPETITIVE: _Ground("AVG 12(5)(b)"),
    # Exceptional: the intent must be proven (CJEU C-526/24).
    Refusal.ABUSIVE: _Ground("AVG 12(5)(b)", advised=True),
    Refusal.RIGHTS_OF_OTHERS: _Ground("AVG 15(4), 20(4)", frozenset({Right.ACCESS, Right.PORTABILITY})),
    # Case by case, as far as necessary and proportionate: security, prosecution, supervision, others' rights, claims.
    Refusal.EXCEPTION: _Ground("UAVG 41", _EVERY - {Right.WITHDRAWAL}, advised=True),
    Refusal.STILL_NEEDED: _Ground("AVG 17(3)", frozenset({Right.ERASURE})),
    Refusal.COMPELLING: _Ground("AVG 21(1)", frozenset({Right.OBJECTION})),
    Refusal.CONDITIONS: _Ground(
        "AVG 16, 17(1), 18(1), 20(1)",
        frozenset({Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.PORTABILITY}),
    ),
    Refusal.NOT_CONTROLLER: _Ground("AVG 28(3)(e)"),
}


def grounds_for(right: Right) -> tuple[Refusal, ...]:
    """On which grounds a right can be refused."""
    return tuple(ground for ground in Refusal if right in ground.rights)


def check(right: Right, ground: str | None) -> Refusal:
    """The ground, where this right can be refused on it. Raises Refused with the grounds that there are."""
    allowed = grounds_for(right)
    if ground not in allowed:
        raise Refused(
            f"{right} cannot be refused on {ground or 'no ground'}; it can on {', '.join(allowed)}, or is granted"
        )
    return Refusal(ground)
