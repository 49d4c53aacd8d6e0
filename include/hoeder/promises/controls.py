"""Which function answers which control of policy."""

from collections.abc import Callable, Iterable
from typing import Any

from hoeder.policy import control as asked
from hoeder.policy.control import Control
from hoeder.promises.answer import Answer, answer
from hoeder.promises.from_access import no_access_findings, no_separation_findings
from hoeder.promises.from_disclosures import disclosures_lawful, no_fraud_findings
from hoeder.promises.from_incidents import incidents_handled
from hoeder.promises.from_inventory import clients_apart, data_declared, fields_limited, no_findings
from hoeder.promises.from_ledger import activity_on_time, ledger_sealed, releases_anonymous
from hoeder.promises.from_letters import letter_says
from hoeder.promises.from_marketing import no_marketing_findings
from hoeder.promises.from_policy import policy_says, supervisor_named
from hoeder.promises.from_processing import processing_registered, recipients_limited, terms_justified
from hoeder.promises.from_registers import attested, register_complete
from hoeder.promises.from_retention import terms_kept
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status

ANSWERS: dict[type[Control], Callable[[Any, Sight], Answer]] = {
    asked.NoFindings: no_findings,
    asked.DataDeclared: data_declared,
    asked.FieldsLimited: fields_limited,
    asked.ProcessingRegistered: processing_registered,
    asked.RecipientsLimited: recipients_limited,
    asked.ClientsApart: clients_apart,
    asked.TermsKept: terms_kept,
    asked.TermsJustified: terms_justified,
    asked.ReleasesAnonymous: releases_anonymous,
    asked.LedgerSealed: ledger_sealed,
    asked.ActivityOnTime: activity_on_time,
    asked.NoAccessFindings: no_access_findings,
    asked.NoSeparationFindings: no_separation_findings,
    asked.DisclosuresLawful: disclosures_lawful,
    asked.NoFraudFindings: no_fraud_findings,
    asked.NoMarketingFindings: no_marketing_findings,
    asked.LetterSays: letter_says,
    asked.IncidentsHandled: incidents_handled,
    asked.PolicySays: policy_says,
    asked.SupervisorNamed: supervisor_named,
    asked.Attested: attested,
    asked.RegisterComplete: register_complete,
}
"""Every control but the one that sums up all promises."""


def ask(control: Control, sight: Sight) -> Answer:
    """What the evidence answers to one control."""
    return ANSWERS[type(control)](control, sight)


def all_promises(others: Iterable[Status], sight: Sight) -> Answer:
    """How all other promises stand together."""
    counted = dict.fromkeys(Status, 0)
    for status in others:
        counted[status] += 1
    total = sum(counted.values())
    figure = ", ".join(f"{count} {status}" for status, count in counted.items())
    evidence = Evidence("ledger", f"ledger 1-{sight.up_to}", figure)
    broken, unknown = counted[Status.BROKEN], counted[Status.UNKNOWN]
    if broken:
        return answer(Status.BROKEN, "some-broken", evidence, broken=broken, unknown=unknown, of=total)
    if unknown or not total:
        return answer(Status.UNKNOWN, "some-unknown", evidence, unknown=unknown, of=total)
    status = Status.ATTESTED if counted[Status.ATTESTED] else Status.KEPT
    return answer(status, "none-broken", evidence, of=total)
