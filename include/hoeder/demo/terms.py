"""When the planted rows are due, and dates on either side of that day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hoeder.clock import due_date, latest_due_anchor
from hoeder.policy.term import Term

TERMS = {
    target: Term.parse(text)
    for target, text in {
        "crm.contact_message": "3 months after closed_on",
        "crm.complaint": "2 years after closed_on",
        "crm.call_note": "12 months after last_contact_on",
        "crm.client_note": "6 months after noted_on",
        "crm.marketing_opt_out": "until ended_on",
        "crm.portal_account": "2 years after the latest of created_on, last_login_on",
        "crm.newsletter_reader": "24 months after the latest of subscribed_on, last_opened_on",
        "crm.consent_record": "5 years after ended_on",
        "crm.passed_on": "5 years after passed_on",
        "crm.delivery": "2 years after sent_at",
        "crm.client_contact": "2 years after the latest of relation_ended_on, last_contact_on",
        "crm.fraud_signal": "4 weeks after decided_on",
        "crm.fraud_file": "2 years after closed_on",
        "hr.payslip": "7 years after the calendar year of paid_on",
        "hr.contract": "7 years after the calendar year of left_on",
        "hr.employee": "7 years after the calendar year of left_on",
        "hr.absence": "2 years after left_on",
        "hr.training": "2 years after left_on",
        "hr.nda": "5 years after left_on",
        "hr.applicant": "4 weeks after procedure_closed_on",
        "hr.talent_pool": "1 years after consented_on",
        "hr.screening": "2 years after left_on",
        "hr.reintegration": "2 years after ended_on",
        "hr.working_time": "52 weeks after worked_on",
        "hr.wage_attachment": "until lifted_on",
        "hr.evaluation": "1 years after evaluated_on",
        "hr.access_event": "12 months after happened_at",
        "hr.guest": "6 months after visited_on",
        "partners.agreement": "7 years after the calendar year of ended_on",
        "partners.invoice": "7 years after the calendar year of invoice_date",
        "partners.contact_person": "2 years after relation_ended_on",
        "web:access-logs/": "30 days after date",
        "web:page-views/": "25 months after date",
        "web:searches/": "25 months after date",
        "web:cookie-choices/": "5 years after date",
        "documents:id-copies/": "5 years after the calendar year of left_on",
        "documents:signed-statements/": "5 years after the calendar year of left_on",
        "documents:personnel-files/": "2 years after left_on",
        "documents:reports-of-wrongs/": "2 years after closed_on",
        "campaigns:newsletter/": "4 weeks after date",
        "campaigns:winter-calls/": "4 weeks after date",
        "campaigns:sister-post/": "4 weeks after date",
        "campaigns:allowed/": "4 weeks after date",
        "recordings:calls/": "90 days after date",
        "recordings:proofs/": "5 years after ended_on",
        "recordings:camera/": "4 weeks after date",
        "mailbox:supervisors/": "5 years after closed_on",
        "mailbox:inbox/": "5 years after date",
        "cases:files/": "1 years after closed_on",
        "cases:quarantine/": "4 weeks after taken_on",
        "cases:packages/": "4 weeks after made_on",
        "cases:letters/": "5 years after made_on",
        "cases:incidents/": "5 years after closed_on",
        "cases:disclosures/requests/": "5 years after closed_on",
        "cases:disclosures/packages/": "4 weeks after made_on",
        "returns:client-tuinkamer/": "90 days after handed_on",
        "releases:versions/": "1 days after expires_on",
    }.items()
}
"""The terms that the rows are planted around. The company's policy states them too; tests hold the two side by side."""


@dataclass(frozen=True)
class Window:
    """The last anchor that is due today, and the first that is not.

    The two are a day apart, except around a month's end, where a statutory minimum lasts a day longer than another
    term: anchors between them are not used, so that what is due does not depend on the kind of rule.
    """

    due: date
    kept: date

    @classmethod
    def of(cls, term: Term, today: date) -> "Window":
        return cls(latest_due_anchor(today, term, floor=True), latest_due_anchor(today, term) + timedelta(days=1))

    def edges(self) -> tuple[date, date]:
        return self.due, self.kept

    def overdue(self, random: Random, days: int = 500) -> date:
        return self.due - timedelta(days=1 + int(random.random() * days))

    def recent(self, random: Random, today: date) -> date:
        return self.kept + timedelta(days=int(random.random() * ((today - self.kept).days + 1)))


def window(target: str, today: date) -> Window:
    return Window.of(TERMS[target], today)


def is_due(target: str, anchor: date, today: date) -> bool:
    return due_date(anchor, TERMS[target]) <= today


@dataclass(frozen=True)
class Fate:
    """Where a row stands: `anchor` is None while it is `pending` (rightly) or where somebody forgot it (wrongly)."""

    anchor: date | None
    pending: bool = False


def fates(
    target: str, today: date, random: Random, count: int, *, pending: float = 0.0, missing: bool = False
) -> Iterator[Fate]:
    """`count` fates, at least five: both edges, a long overdue one, a forgotten one if `missing`; then a mix.

    `pending` is the share of rows whose case still runs.
    """
    around = window(target, today)
    sure = [*map(Fate, around.edges()), Fate(around.overdue(random))]
    sure += [Fate(None, pending=True)] * (pending > 0) + [Fate(None)] * missing
    yield from sure
    for _ in range(count - len(sure)):
        chance = random.random()
        if chance < pending:
            yield Fate(None, pending=True)
        elif missing and chance < pending + 0.002:
            yield Fate(None)
        elif chance < pending + 0.12:
            yield Fate(around.overdue(random))
        else:
            yield Fate(around.recent(random, today))
