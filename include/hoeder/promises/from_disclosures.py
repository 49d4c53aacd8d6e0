"""Controls that the register of disclosures and the daily look at fraud files answer."""

from datetime import timedelta

from hoeder.clock import AMSTERDAM
from hoeder.policy.control import DisclosuresLawful, NoFraudFindings
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status

# By case: received on, who checked, whether it was refused, who released, whether that was exactly what was made last
# before it, and when it was judged. Steps count that were taken by the moment.
_CASES = """
    with step as (select * from disclosure_step where at <= %(moment)s)
    select d.received_on, c.by_whom, x.case_id is not null, r.by_whom,
           r.digest is not distinct from (select digest from step m where m.case_id = d.case_id
                                             and m.what = 'prepared' and m.step < r.step order by m.step desc limit 1),
           least(c.at, x.at)
      from disclosure d
      left join lateral (select * from step s where s.case_id = d.case_id and s.what = 'checked' limit 1) c on true
      left join lateral (select * from step s where s.case_id = d.case_id and s.what = 'refused' limit 1) x on true
      left join lateral (select * from step s where s.case_id = d.case_id and s.what = 'released' limit 1) r on true
     where d.taken_in_at <= %(moment)s and d.taken_in_at >= %(since)s and not d.own_report
"""


def disclosures_lawful(control: DisclosuresLawful, sight: Sight) -> Answer:
    """Requests that came in over the period: when each was checked, and who let out what."""
    rows = sight.db.execute(_CASES, {"moment": sight.moment, "since": sight.since(control.days)}).fetchall()
    if not rows:
        return answer(Status.UNKNOWN, "nobody-asked", days=control.days)
    term = timedelta(days=sight.policy.disclosures.checked_within_days)
    late = sum(
        (judged_at.astimezone(AMSTERDAM).date() if judged_at else sight.day) - received_on > term
        for received_on, *_, judged_at in rows
    )
    loose = sum(
        released is not None and (checker is None or checker == released or not same)
        for _, checker, _, released, same, _ in rows
    )
    released = sum(each[3] is not None for each in rows)
    refused = sum(each[2] for each in rows)
    waiting = sum(each[5] is None for each in rows)
    figure = f"{len(rows)} requests, {released} released, {refused} refused, {waiting} wait, {late} late"
    evidence = Evidence("register", f"register of disclosures, {control.days} days", figure)
    if late or loose:
        return answer(Status.BROKEN, "disclosures-unlawful", evidence, late=late, loose=loose)
    if waiting == len(rows):
        return answer(Status.UNKNOWN, "disclosures-open", evidence, waiting=waiting)
    checked = len(rows) - waiting
    return answer(Status.KEPT, "disclosures-lawful", evidence, checked=checked, released=released, refused=refused)


def no_fraud_findings(control: NoFraudFindings, sight: Sight) -> Answer:
    """What the last look at fraud files found of some kinds."""
    last = sight.db.execute(
        """select c.fraud_check, c.checked_at, c.rows, o.entry from fraud_check c
             join ledger o on o.intent = c.entry and o.phase = 'outcome'
            where o.entry <= %s and o.recorded_at <= %s order by c.fraud_check desc limit 1""",
        [sight.up_to, sight.moment],
    ).fetchone()
    if last is None:
        return answer(Status.UNKNOWN, "never-looked-fraud")
    check, checked_at, rows, entry = last
    if checked_at < sight.since(control.days):
        return answer(Status.UNKNOWN, "old-look-fraud", days=(sight.at - checked_at).days, most=control.days)
    row = sight.db.execute(
        "select coalesce(sum(number), 0)::bigint from fraud_finding where fraud_check = %s and kind = any(%s)",
        [check, list(control.kinds)],
    ).fetchone()
    findings = int(row[0]) if row else 0
    evidence = Evidence(
        "register", f"look at fraud files {check} (ledger {entry})", f"{findings} findings, {rows} rows"
    )
    if findings:
        return answer(Status.BROKEN, "fraud-unreasoned", evidence, findings=findings, rows=rows)
    return answer(Status.KEPT, "fraud-reasoned", evidence, rows=rows)
