"""The review of access and the look at clients' data, as they stood at one moment."""

from datetime import datetime

from hoeder.clock import AMSTERDAM
from hoeder.evidence.ledger import Connection
from hoeder.report.facts.access import Access, AccessLine, ApartLine

# What was decided about each finding of the last review, and what came of it, by then.
FINDINGS = """
    select f.finding, f.kind, f.system, f.hours, d.decision,
           coalesce(d.decision = 'keep' and d.until >= %(day)s, false) as kept, w.outcome
    from access_finding f
    left join lateral (select * from access_decision d where d.item = f.item and d.decided_at < %(until)s
                       order by decision_id desc limit 1) d on true
    left join lateral (select outcome from access_withdrawal w
                       where w.decision_id = d.decision_id and d.finding = f.finding and w.at < %(until)s
                       order by at desc limit 1) w on true
    where f.review = (select max(review) from access_review where made_at < %(until)s)
    order by f.finding
"""
GONE = ("gone", "no-longer")
_OF_PERSONS = ("no-secrecy", "no-training")
"""What somebody lacks, rather than what an account can do."""


def read_access(db: Connection, until: datetime, *, small_below: int) -> Access:
    """Counts by kind and system; empty where nobody reviewed."""
    review = db.execute(
        """select review, made_at, entry, staff_state, working from access_review
           where made_at < %s order by review desc limit 1""",
        [until],
    ).fetchone()
    look = db.execute(
        """select "check", made_at, entry, notes, objects from separation_check
           where made_at < %s order by "check" desc limit 1""",
        [until],
    ).fetchone()
    access = Access()
    if review:
        rows = findings(db, until)
        rights = db.execute(
            """select count(*), count(*) filter (where not needed), count(*) filter (where special)
               from access_right where review = %s""",
            [review[0]],
        ).fetchone() or (0, 0, 0)
        access = Access(
            review[1], review[2], review[3], review[4], rights[0], rights[1], rights[2],
            kept=sum(kept for *_, kept, _ in rows), withdrawn=sum(row[6] in GONE for row in rows),
            by_hand=sum(row[6] == "by-hand" for row in rows), lines=_lines(rows, small_below),
        )  # fmt: skip
    if look:
        tried = db.execute(
            """select count(*), count(*) filter (where outcome in ('apart', 'no-access')) from separation_trial
               where "check" = %s""",
            [look[0]],
        ).fetchone() or (0, 0)
        found = db.execute(
            """select kind, trim(store || ' ' || place), client, number from separation_finding where "check" = %s
               order by kind, store, place, client""",
            [look[0]],
        ).fetchall()
        access = Access(**{
            **vars(access), "looked_at": look[1], "look_entry": look[2], "texts": look[3], "objects": look[4],
            "trials": tried[0], "apart": tried[1], "apart_lines": tuple(ApartLine(*row) for row in found),
        })  # fmt: skip
    return access


def findings(db: Connection, until: datetime) -> list[tuple[int, str, str, int | None, str | None, bool, str | None]]:
    """Number, kind, system, hours, decision, whether it is kept, and what came of it."""
    return db.execute(FINDINGS, {"until": until, "day": until.astimezone(AMSTERDAM).date()}).fetchall()


def _lines(
    rows: list[tuple[int, str, str, int | None, str | None, bool, str | None]], small_below: int
) -> tuple[AccessLine, ...]:
    met: dict[tuple[str, str], list[tuple[int | None, bool]]] = {}
    for _, kind, system, hours, _, kept, outcome in rows:
        met.setdefault((kind, system), []).append((hours, not kept and outcome not in GONE))
    lines = []
    for (kind, system), those in sorted(met.items()):
        hidden = kind in _OF_PERSONS and len(those) < small_below
        still = sum(is_open for _, is_open in those)
        longest = max((hours for hours, _ in those if hours is not None), default=None)
        lines.append(AccessLine(kind, system, None if hidden else len(those), None if hidden else still, longest))
    return tuple(lines)
