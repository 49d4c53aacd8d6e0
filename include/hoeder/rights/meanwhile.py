"""While it is examined what somebody asks their data are restricted (GDPR 18(1)(a), (d)); with the decision that ends.

Nobody has to remember it: the day is set as the decision is taken, and the person is told of it before (18(3)).
"""

from collections.abc import Collection
from datetime import date, timedelta

from hoeder.persons import marks
from hoeder.persons.person import Identity
from hoeder.rights import search
from hoeder.rights.case import Case, Right
from hoeder.rights.work import Work, granted, open_rights

EXAMINED = frozenset({Right.RESTRICTION, Right.OBJECTION})
TOLD_BEFORE = timedelta(days=7)
"""How long before its end a person is told that a restriction ends."""


def mark(work: Work, found: Case, identities: Collection[Identity]) -> int:
    """Restrict who asks for restriction or objects, at once, until that is decided; how many identities.

    Not where they ask for erasure too: what must go would then have to stay. Works inside the caller's transaction.
    """
    if not identities or EXAMINED.isdisjoint(open_rights(found)) or Right.ERASURE in found.rights:
        return 0
    return marks.restrict(work.db, work.key, found.case_id, identities)


def end(work: Work, found: Case) -> int:
    """End it where a case was decided, or where nobody could say who asks, unless a restriction was granted.

    With the letter that tells the person when; how many identities that were. Works inside the caller's transaction.
    """
    if _holds(found, Right.RESTRICTION) or not marks.restricts(work.db, found.case_id):
        return 0
    ends = told(work, found)
    return marks.release(work.db, found.case_id, told_on=work.today, on=ends)


def told(work: Work, found: Case) -> date:
    """Write the person when their restriction ends; that day. An objection that was granted holds beyond it."""
    ends = work.today + TOLD_BEFORE
    work.letter(found, "lifting", lifted=ends, objection=_holds(found, Right.OBJECTION))
    return ends


def _holds(found: Case, right: Right) -> bool:
    """Whether a right was granted, carried out or not."""
    return right in granted(found) or right in search.carried_out(found)
