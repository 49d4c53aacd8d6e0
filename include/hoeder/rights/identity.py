"""Who asks: the ladder of identification, lightest rung first (GDPR 12(6), recital 64).

More is asked of a person only on a reasonable doubt, which is recorded, and a copy of an identity document only after
something lighter was tried (Rechtbank Amsterdam 10-08-2023, DPG Media). Method, doubt and outcome are kept: never the
number of a document, never its image. Who cannot be identified gets an answer that says so (12(2), 11(2)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hoeder.errors import Refused
from hoeder.rights import case
from hoeder.rights.case import Case, Db, What


class Method(StrEnum):
    """How somebody is known, the lightest first."""

    KNOWN_ADDRESS = "known-address"  # asks from an address that is on file, and knows one thing that is on file
    ACCOUNT = "account"  # asks from within their own account, or as an employee who is logged in
    CODE = "code"  # sends back a code that went to the address on file
    CALL_BACK = "call-back"  # answers the telephone number on file
    SHOWN = "shown"  # shows a document, at the desk or on a screen; nothing of it is stored
    SHIELDED_COPY = "shielded-copy"  # number and photograph covered, purpose and date written on it

    @property
    def rung(self) -> int:
        """How much is asked of the person; nothing beyond the request itself at 0."""
        return _RUNGS[self]


_RUNGS: Mapping[Method, int] = {
    Method.KNOWN_ADDRESS: 0,
    Method.ACCOUNT: 0,
    Method.CODE: 1,
    Method.CALL_BACK: 2,
    Method.SHOWN: 3,
    Method.SHIELDED_COPY: 4,
}


class Doubt(StrEnum):
    """Why it is not clear that the person is who they say."""

    UNKNOWN_ADDRESS = "unknown-address"  # asks from an address that nobody has on file
    WRONG_ANSWER = "wrong-answer"  # did not know what they should
    SEVERAL_PERSONS = "several-persons"  # the name is that of more persons than one
    ON_BEHALF = "on-behalf"  # asks for somebody else; the mandate must be shown
    SIGNS_OF_MISUSE = "signs-of-misuse"


@dataclass(frozen=True)
class Identification:
    """A rung of the ladder, and the doubt that asks for it."""

    method: Method
    doubt: Doubt | None = None


def objections(found: Case, how: Identification) -> list[str]:
    """What speaks against asking this of the person; nothing where it may be asked."""
    tried = [
        Method(str(step.detail["method"])).rung
        for step in found.steps
        if step.what is What.IDENTITY_ASKED and "method" in step.detail
    ]
    copy = how.method is Method.SHIELDED_COPY
    checks = (
        (
            how.method.rung > 0 and how.doubt is None,
            f"{how.method} asks more of the person than their request, which needs a reasonable doubt: "
            f"{', '.join(Doubt)} (GDPR 12(6))",
        ),
        (
            copy and not any(rung < how.method.rung for rung in tried),
            "a copy of an identity document is asked only after something lighter was: code, call-back or shown",
        ),
    )
    return [reason for wrong, reason in checks if wrong]


def ask(db: Db, case_id: UUID, how: Identification, *, by: str) -> Case:
    """Put down that the person was asked to show who they are. Raises Refused where that may not be asked.

    Works inside the caller's transaction, as the others here.
    """
    _check(case.read(db, case_id), how)
    return case.take(db, case_id, What.IDENTITY_ASKED, by, _detail(how))


def identify(db: Db, case_id: UUID, how: Identification, *, by: str) -> Case:
    """Put down that it is clear who asks, and by which rung. Raises Refused for a rung that needed a doubt."""
    _check(case.read(db, case_id), how)
    return case.take(db, case_id, What.IDENTIFIED, by, _detail(how))


def give_up(db: Db, case_id: UUID, doubt: Doubt | None, *, by: str) -> Case:
    """Put down that nobody can say who asks. Raises Refused without a doubt, and before the person was asked once."""
    found = case.read(db, case_id)
    if doubt is None:
        raise Refused(f"case {case_id}: it must be said what the doubt is ({', '.join(Doubt)}); nothing was refused")
    if found.latest(What.IDENTITY_ASKED) is None:
        raise Refused(f"case {case_id}: nobody is turned away who was not asked to show who they are; ask first")
    return case.take(db, case_id, What.NOT_IDENTIFIED, by, {"doubt": str(doubt)})


def _check(found: Case, how: Identification) -> None:
    if against := objections(found, how):
        raise Refused(f"case {found.case_id}: {'; '.join(against)}")


def _detail(how: Identification) -> dict[str, str | None]:
    return {"method": str(how.method), "doubt": str(how.doubt) if how.doubt else None}
