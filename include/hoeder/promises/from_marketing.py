"""The control that the look at deliveries and passings-on answers."""

from hoeder.policy.control import NoMarketingFindings
from hoeder.promises.answer import Answer, answer
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status

_LAST = """
    select c.marketing_check, c.checked_at, c.deliveries, c.passed_on, o.entry from marketing_check c
    join ledger o on o.intent = c.entry and o.phase = 'outcome'
    where o.entry <= %(up_to)s and o.recorded_at <= %(moment)s order by c.marketing_check desc limit 1
"""


def no_marketing_findings(control: NoMarketingFindings, sight: Sight) -> Answer:
    """How many of some kinds the last look found, by some channels where the control names them."""
    last = sight.db.execute(_LAST, {"up_to": sight.up_to, "moment": sight.moment}).fetchone()
    if last is None:
        return answer(Status.UNKNOWN, "never-looked-marketing")
    check, checked_at, deliveries, passed, entry = last
    if checked_at < sight.since(control.days):
        return answer(Status.UNKNOWN, "old-look-marketing", days=(sight.at - checked_at).days, most=control.days)
    row = sight.db.execute(
        """select coalesce(sum(number), 0) from marketing_finding
            where marketing_check = %s and kind = any(%s) and (%s or channel = any(%s))""",
        [check, list(control.kinds), not control.channels, list(control.channels)],
    ).fetchone()
    found = int(row[0]) if row else 0
    evidence = Evidence(
        "register", f"marketing check {check} (ledger {entry})", f"{found} in {deliveries + passed} looked at"
    )
    if found:
        return answer(
            Status.BROKEN, "marketing-found", evidence, found=found, deliveries=deliveries, passed=passed
        )  # fmt: skip
    return answer(Status.KEPT, "marketing-clean", evidence, deliveries=deliveries, passed=passed)
