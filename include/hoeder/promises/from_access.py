"""Controls that the review of access and the look at clients' data answer."""

from hoeder.policy.control import NoAccessFindings, NoSeparationFindings
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status

_REVIEW = """
    select r.review, r.made_at, r.staff_state, o.entry from access_review r
    join ledger o on o.intent = r.entry and o.phase = 'outcome'
    where o.entry <= %(up_to)s and o.recorded_at <= %(moment)s order by r.review desc limit 1
"""
# A decision to keep holds for the same thing in every later review; what was taken away, for this one alone.
_FINDINGS = """
    select f.finding,
           coalesce(d.decision = 'keep' and d.until >= %(day)s, false)
               or exists (select from access_withdrawal w where w.decision_id = d.decision_id and d.finding = f.finding
                            and w.outcome in ('gone', 'no-longer') and w.entry <= %(up_to)s and w.at <= %(moment)s)
    from access_finding f left join lateral (
        select * from access_decision d where d.item = f.item and d.entry <= %(up_to)s and d.decided_at <= %(moment)s
        order by decision_id desc limit 1) d on true
    where f.review = %(review)s and f.kind = any(%(kinds)s) order by f.finding
"""
_CHECK = """
    select c."check", c.made_at, o.entry from separation_check c
    join ledger o on o.intent = c.entry and o.phase = 'outcome'
    where o.entry <= %(up_to)s and o.recorded_at <= %(moment)s order by c."check" desc limit 1
"""
_NEED_STAFF = frozenset({"leaver", "orphan", "shared", "beyond-need", "other-client", "no-secrecy", "client-system"})
"""Kinds of which nothing is known where HR's list cannot be relied on."""


def no_access_findings(control: NoAccessFindings, sight: Sight) -> Answer:
    """Findings of some kinds that stand: neither kept by their owner for a while, nor taken away since."""
    bounds = {"up_to": sight.up_to, "moment": sight.moment}
    last = sight.db.execute(_REVIEW, bounds).fetchone()
    if last is None:
        return answer(Status.UNKNOWN, "never-reviewed")
    review, made_at, state, entry = last
    if made_at < sight.since(control.days):
        return answer(Status.UNKNOWN, "old-review", days=(sight.at - made_at).days, most=control.days)
    rows = sight.db.execute(
        _FINDINGS, {**bounds, "review": review, "kinds": list(control.kinds), "day": sight.day}
    ).fetchall()
    standing = [number for number, settled in rows if not settled]
    kept = len(rows) - len(standing)
    named = f"; findings {', '.join(map(str, standing[:12]))}{' …' if len(standing) > 12 else ''}" if standing else ""
    evidence = Evidence(
        "register", f"access review {review} (ledger {entry}){named}", f"{len(standing)} findings stand, {kept} settled"
    )
    if standing:
        return answer(Status.BROKEN, "access-stands", evidence, findings=len(standing), settled=kept)
    if state != "usable" and _NEED_STAFF & set(control.kinds):
        return answer(Status.UNKNOWN, "staff-list-unusable", evidence)
    unread = sight.db.execute(
        "select count(*) from access_finding where review = %s and kind = 'unreadable'", [review]
    ).fetchone()
    if unread and unread[0]:
        return answer(Status.UNKNOWN, "access-unread", evidence, places=unread[0])
    return answer(Status.KEPT, "access-needed", evidence, settled=kept)


def no_separation_findings(control: NoSeparationFindings, sight: Sight) -> Answer:
    """What the last look at clients' data found in some ways; a role that nobody could look through is no answer."""
    last = sight.db.execute(_CHECK, {"up_to": sight.up_to, "moment": sight.moment}).fetchone()
    if last is None:
        return answer(Status.UNKNOWN, "never-looked-apart")
    check, made_at, entry = last
    if made_at < sight.since(control.days):
        return answer(Status.UNKNOWN, "old-look-apart", days=(sight.at - made_at).days, most=control.days)
    found: dict[str, int] = dict(
        sight.db.execute(
            """select kind, count(*) from separation_finding where "check" = %s group by kind""", [check]
        ).fetchall()
    )
    trials = sight.db.execute('select count(*) from separation_trial where "check" = %s', [check]).fetchone()
    wrong = sum(count for kind, count in found.items() if kind in control.kinds)
    evidence = Evidence(
        "register",
        f"look at clients {check} (ledger {entry})",
        f"{wrong} findings; {trials[0] if trials else 0} trials of roles",
    )
    if wrong:
        return answer(Status.BROKEN, "not-apart", evidence, findings=wrong)
    blind = sum(count for kind, count in found.items() if kind in ("role-missing", "role-unreadable"))
    if blind:
        return answer(Status.UNKNOWN, "roles-unread", evidence, roles=blind)
    return answer(Status.KEPT, "seen-apart", evidence, trials=trials[0] if trials else 0)
