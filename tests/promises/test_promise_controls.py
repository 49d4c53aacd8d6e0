"""What each control answers: kept, broken, and unknown where nobody has looked."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import evidence_seed as seed
import pytest
from shop import shop_policy

from hoeder.errors import EvidenceError
from hoeder.evidence.ledger import Activity, Connection, Outcome
from hoeder.inventory.findings import Verdict
from hoeder.inventory.observed import Kind
from hoeder.policy.control import CONTROLS, AllPromises
from hoeder.policy.organisation import Supervisor
from hoeder.promises.controls import ANSWERS

WEEKS = timedelta(days=15)
INVENTORY: list[Any] = [
    {"no_findings": {"kinds": ["national-id"]}},
    {"data_declared": {"place": "shop.message", "categories": ["user.content"]}},
    {"fields_limited": {"place": "shop.message", "fields": list(seed.SHOP["message"])}},
    {"processing_registered": {"purposes": ["answer"], "subjects": ["contacts"]}},
    "clients_apart",
]


def test_every_control_of_policy_has_its_answer() -> None:
    assert set(ANSWERS) == set(CONTROLS.values()) - {AllPromises}


@pytest.mark.parametrize("control", INVENTORY, ids=str)
def test_without_a_recent_whole_inventory_nobody_knows(db: Connection, control: Any) -> None:
    assert seed.of(db, control) == ("unknown", "never-scanned")
    seed.scans(db)
    assert seed.of(db, control)[0] == "kept"
    assert seed.of(db, control, at=seed.now(db) + WEEKS) == ("unknown", "old-scan")
    seed.scan(db, "shop", [seed.thing("customer", unread=True), seed.thing("message", unread=True)], Outcome.PARTIAL)
    assert seed.of(db, control) == ("unknown", "not-seen")
    seed.scans(db)
    seed.scan(db, "shop", outcome=Outcome.UNREACHABLE)
    assert seed.of(db, control) == ("unknown", "scan-failed")


def test_an_inventory_without_its_outcome_in_the_ledger_is_no_evidence(db: Connection) -> None:
    seed.scans(db)
    before = seed.head(db)
    control = {"no_findings": {"kinds": ["national-id"], "places": ["files:copies/"]}}
    at = seed.now(db)
    assert seed.judge(db, seed.policy(control), at=at, up_to=before)[0].status == "kept"
    assert seed.judge(db, seed.policy(control), at=at, up_to=before - 1)[0].status == "unknown"


def test_a_finding_breaks_a_promise_until_somebody_accepts_it(db: Connection) -> None:
    control = {"no_findings": {"kinds": ["national-id", "health"]}}
    seed.scans(db, ("message", "body", Kind.NATIONAL_ID))
    assert seed.of(db, control) == ("broken", "findings-stand")
    assert seed.of(db, {"no_findings": {"kinds": ["health"]}}) == ("kept", "no-findings")
    assert seed.of(db, {"no_findings": {"kinds": ["national-id"], "places": ["shop.customer"]}})[0] == "kept"
    seed.decide(db, Kind.NATIONAL_ID, "fix", "redact")
    assert seed.of(db, control)[0] == "broken", "to be mended is not mended"
    seed.decide(db, Kind.NATIONAL_ID, "accept", "legal-duty", until=date(2099, 1, 1))
    assert seed.of(db, control)[0] == "kept"
    assert seed.judge(db, seed.policy(control))[0].evidence[0].figure == "0 findings stand, 1 accepted"


def test_an_accepted_finding_that_comes_back_is_asked_again(db: Connection) -> None:
    control = {"no_findings": {"kinds": ["national-id"]}}
    seed.scans(db, ("message", "body", Kind.NATIONAL_ID))
    seed.decide(db, Kind.NATIONAL_ID, "accept", "legal-duty")
    seed.scans(db, ("message", "body", Kind.NATIONAL_ID))
    assert seed.of(db, control)[0] == "kept", "it was there all the time"
    seed.scans(db)
    seed.scans(db, ("message", "body", Kind.NATIONAL_ID))
    assert seed.of(db, control)[0] == "broken"


def test_data_that_the_store_or_policy_does_not_have_break_the_category(db: Connection) -> None:
    seed.scan(db, "shop", [seed.thing("message", ("id", "customer_id"))])
    body = {"data_declared": {"place": "shop.message", "categories": ["user.content"]}}
    assert seed.of(db, body) == ("broken", "data-absent")
    name = {"data_declared": {"place": "shop.message", "categories": ["user.name"]}}
    assert seed.of(db, name) == ("broken", "data-absent")


def test_one_field_more_than_agreed_breaks_minimisation(db: Connection) -> None:
    seed.scans(db)
    agreed = list(seed.SHOP["message"])
    assert seed.of(db, {"fields_limited": {"place": "shop.message", "fields": agreed[:-1]}})[0] == "broken"


def test_mixed_clients_break_the_promise_and_no_clients_prove_nothing(db: Connection) -> None:
    seed.scans(db, ("message", "status", Kind.CLIENT_MIXED))
    assert seed.of(db, "clients_apart") == ("broken", "clients-mixed")
    assert seed.of(db, "clients_apart", datasets=shop_policy("files").datasets) == ("unknown", "no-clients")


def test_a_processing_needs_a_basis_and_places_that_are_there(db: Connection) -> None:
    control = {"processing_registered": {"purposes": ["answer"]}}
    known = seed.policy().processing
    (line,) = known.processings
    seed.scans(db)
    changed = known.model_copy(update={"processings": (line.model_copy(update={"basis": None}),)})
    assert seed.of(db, control, processing=changed) == ("broken", "no-basis")
    elsewhere = known.model_copy(update={"processings": (line.model_copy(update={"places": ()}),)})
    assert seed.of(db, control, processing=elsewhere) == ("unknown", "elsewhere")
    none = known.model_copy(update={"processings": ()})
    assert seed.of(db, control, processing=none) == ("broken", "no-processing")
    gone = seed.thing("message", ())
    whole = (seed.column("message", "*", None, Verdict.NOT_FOUND),)
    seed.scan(db, "shop", [seed.thing("customer"), type(gone)(**{**vars(gone), "columns": whole, "rows": None})])
    assert seed.of(db, control) == ("broken", "places-gone")


def test_a_recipient_of_another_kind_breaks_the_limit(db: Connection) -> None:
    known = seed.policy().processing
    (line,) = known.processings
    control = {"recipients_limited": {"purposes": ["answer"], "allowed": ["processor"]}}
    assert seed.of(db, control) == ("kept", "recipients-agreed")
    wider = known.model_copy(update={"processings": (line.model_copy(update={"recipients": ("bank",)}),)})
    assert seed.of(db, control, processing=wider) == ("broken", "recipients-beyond")
    none = known.model_copy(update={"processings": ()})
    assert seed.of(db, control, processing=none) == ("unknown", "no-such-processing")


def test_every_personal_place_needs_an_approved_term(db: Connection) -> None:
    assert seed.of(db, "terms_justified") == ("unknown", "never-scanned")
    seed.scans(db)
    assert seed.of(db, "terms_justified") == ("kept", "terms-justified")
    rules = seed.policy().retention
    assert seed.of(db, "terms_justified", retention=rules[1:]) == ("broken", "terms-lacking")
    source = rules[0].source.model_copy(update={"approved_on": date(2099, 1, 1)})
    early = (rules[0].model_copy(update={"source": source}), *rules[1:])
    assert seed.of(db, "terms_justified", retention=early) == ("broken", "terms-lacking")
    seed.scans(db, ("customer", "*", Kind.NO_RETENTION))
    assert seed.of(db, "terms_justified") == ("broken", "terms-lacking")


def test_releases_pass_fail_or_were_never_published(db: Connection) -> None:
    assert seed.of(db, "releases_anonymous") == ("unknown", "never-published")
    seed.published(db)
    assert seed.of(db, "releases_anonymous") == ("kept", "releases-anonymous")
    old = seed.now(db) + timedelta(days=41)
    assert seed.of(db, "releases_anonymous", at=old) == ("unknown", "releases-lacking")
    seed.published(db, k=9)
    assert seed.of(db, "releases_anonymous") == ("broken", "gate-failed")
    seed.published(db, verdict="pseudonymous")
    assert seed.of(db, "releases_anonymous") == ("broken", "gate-failed")


def test_a_release_that_its_gate_held_back_harms_nobody_and_one_never_tried_is_unknown(db: Connection) -> None:
    what = seed.policy("releases_anonymous")
    two = what.model_copy(
        update={"releases": (*what.releases, what.releases[0].model_copy(update={"release": "more"}))}
    )
    seed.published(db)
    assert seed.of(db, "releases_anonymous", releases=two.releases) == ("unknown", "releases-lacking")
    seed.act(db, Activity.ANONYMIZATION_RELEASE, "more", Outcome.REFUSED, what=two)
    assert seed.of(db, "releases_anonymous", releases=two.releases) == ("kept", "releases-anonymous")


def test_the_ledger_is_sealed_lately_and_nothing_signed_is_missing(db: Connection) -> None:
    assert seed.of(db, "ledger_sealed") == ("unknown", "never-sealed")
    seed.scans(db)
    seed.checkpoint(db)
    assert seed.of(db, "ledger_sealed") == ("kept", "sealed")
    assert seed.of(db, "ledger_sealed", at=seed.now(db) + WEEKS) == ("unknown", "old-seal")
    db.execute("alter table ledger disable trigger user")
    db.execute("delete from ledger where entry = 2")
    assert seed.of(db, "ledger_sealed") == ("broken", "entries-missing")


def test_an_activity_that_nothing_records_and_one_that_never_happened_are_unknown(db: Connection) -> None:
    assert seed.of(db, {"activity_on_time": {"activity": "fraud.open@1"}}) == ("unknown", "no-capability")
    control = {"activity_on_time": {"activity": "audit_report.report@1", "object": "nl"}}
    assert seed.of(db, control) == ("unknown", "no-entries")
    seed.act(db, Activity.AUDIT_REPORT, "nl", outcome=None)
    assert seed.of(db, control) == ("unknown", "activity-open")
    later = seed.now(db) + timedelta(days=2)
    assert seed.of(db, control, at=later) == ("broken", "activity-late"), "it never ended"
    seed.act(db, Activity.AUDIT_REPORT, "nl")
    assert seed.of(db, control) == ("kept", "activity-on-time")
    assert seed.of(db, control, at=later) == ("kept", "activity-on-time"), "a later attempt made the crash good"
    assert seed.of(db, control, at=seed.now(db) + timedelta(days=366)) == ("unknown", "no-entries")
    seed.act(db, Activity.AUDIT_REPORT, "en", Outcome.FAILED)
    assert seed.of(db, control)[0] == "kept", "the English one is not asked about"
    seed.act(db, Activity.AUDIT_REPORT, "nl", Outcome.FAILED)
    assert seed.of(db, control) == ("broken", "activity-late")


def test_policy_says_who_has_which_function(db: Connection) -> None:
    assert seed.of(db, {"policy_says": {"key": "officers.dpo.title", "equals": "DPO"}}) == ("kept", "policy-says")
    assert seed.of(db, {"policy_says": {"key": "officers.dpo.title", "equals": "CEO"}}) == ("broken", "policy-differs")
    assert seed.of(db, {"policy_says": {"key": "officers.dpo.reports_to"}}) == ("broken", "policy-differs")


def test_a_supervisor_that_ended_supervises_nothing(db: Connection) -> None:
    named = seed.policy().organisation.model_copy(
        update={"supervisors": (Supervisor(name="AP", watches="AVG"),
                                Supervisor(name="Register", watches="calls", until=date(2021, 7, 1)))}
    )  # fmt: skip

    def asked(**control: str) -> tuple[str, str]:
        return seed.of(db, {"supervisor_named": control}, organisation=named)

    assert asked(supervisor="AP", watches="AVG") == ("kept", "supervisor-named")
    assert asked(supervisor="AP", watches="cookies") == ("broken", "supervisor-other")
    assert asked(supervisor="Register") == ("broken", "supervisor-ended")
    assert asked(supervisor="ACM") == ("broken", "supervisor-unknown")


def test_an_attestation_holds_while_it_is_valid_covers_and_stands(db: Connection) -> None:
    control = {"attested": {"kind": "iso", "stores": ["shop"]}}
    seed.tick(db)
    assert seed.of(db, control) == ("unknown", "not-attested")
    seed.attest(db, "iso", "2026-06-01", ["shop"])
    assert seed.of(db, control) == ("broken", "expired")
    seed.attest(db, "iso", "2099-01-01", ["files"])
    assert seed.of(db, control) == ("broken", "scope-short")
    number = seed.attest(db, "iso", "2099-01-01", ["files", "shop"])
    assert seed.of(db, control) == ("attested", "attested")
    seed.withdraw(db, number)
    assert seed.of(db, control) == ("broken", "scope-short")
    assert seed.of(db, {"attested": {"kind": "other"}})[0] == "unknown"


def test_an_only_attestation_that_is_withdrawn_breaks_the_promise(db: Connection) -> None:
    seed.tick(db)
    seed.withdraw(db, seed.attest(db, "iso", "2099-01-01"))
    assert seed.of(db, {"attested": {"kind": "iso"}}) == ("broken", "withdrawn")


def test_a_register_is_judged_by_its_comparison_with_the_last_inventory(db: Connection) -> None:
    control = {"register_complete": {"register_of": "controller"}}
    assert seed.of(db, control) == ("unknown", "no-register")
    seed.scans(db)
    seed.register(db)
    assert seed.of(db, control) == ("kept", "register-complete")
    assert seed.of(db, {"register_complete": {"register_of": "clients"}}) == ("unknown", "no-register")
    seed.scans(db)
    assert seed.of(db, control) == ("unknown", "register-behind")
    seed.register(db, ("not-found", "controller"), ("attestation-missing", ""))
    assert seed.of(db, control) == ("broken", "register-differs")
    no_basis = {"register_complete": {"register_of": "controller", "kinds": ["no-basis"]}}
    assert seed.of(db, no_basis) == ("kept", "register-complete")


def test_the_sum_of_all_promises_is_as_good_as_its_worst_one(db: Connection) -> None:
    kept = {"policy_says": {"key": "name"}}
    broken = {"policy_says": {"key": "name", "equals": "x"}}
    unknown = {"activity_on_time": {"activity": "fraud.open@1"}}

    def total(*others: object) -> str:
        return seed.judge(db, seed.policy("all_promises", *others))[0].status.value

    assert total(kept) == "kept"
    assert total(kept, unknown) == "unknown"
    assert total(kept, unknown, broken) == "broken"
    assert total() == "unknown"
    seed.tick(db)
    seed.attest(db, "iso", "2099-01-01")
    assert total(kept, {"attested": {"kind": "iso"}}) == "attested"


def test_several_controls_are_as_good_as_their_worst_answer(db: Connection) -> None:
    kept: Any = {"policy_says": {"key": "name"}}
    unknown: Any = {"activity_on_time": {"activity": "fraud.open@1"}}
    broken: Any = {"policy_says": {"key": "name", "equals": "x"}}
    one, two = seed.judge(db, seed.policy([kept, unknown], [kept, unknown, broken]))
    assert (one.status, one.why.key) == ("unknown", "no-capability")
    assert (two.status, two.why.key) == ("broken", "policy-differs")


LAW = {
    "effect": "overrides", "basis": "Tw 11.7", "since": "2021-07-01", "source": "s", "certainty": "H",
    "says": {"nl": "n", "en": "e"},
}  # fmt: skip


def test_law_overtakes_a_statement_that_is_older_and_a_newer_statement_is_judged_again(db: Connection) -> None:
    control = {"activity_on_time": {"activity": "fraud.open@1"}}
    what = seed.policy(control, law=LAW)
    (one,) = seed.judge(db, what)
    assert (one.status, one.why.key) == ("superseded", "overtaken")
    assert one.evidence[0].figure == "Tw 11.7; s"
    (before,) = seed.judge(db, what, at=datetime(2021, 6, 30, tzinfo=UTC))
    assert before.status == "unknown"
    renewed = what.organisation.model_copy(update={"statement_date": date(2022, 1, 1)})
    assert seed.judge(db, what.model_copy(update={"organisation": renewed}))[0].status == "unknown"
    milder = seed.policy(control, law=LAW | {"effect": "milder"})
    assert seed.judge(db, milder)[0].status == "unknown"
    broken = seed.policy({"policy_says": {"key": "name", "equals": "x"}}, law=LAW)
    assert seed.judge(db, broken)[0].status == "broken", "what took its place is not done either"


def test_a_position_beyond_the_ledger_is_refused(db: Connection) -> None:
    with pytest.raises(EvidenceError, match="ends at entry 0"):
        seed.judge(db, seed.policy(), up_to=1)
    with pytest.raises(EvidenceError, match="time zone"):
        seed.judge(db, seed.policy(), at=datetime(2026, 1, 1))  # noqa: DTZ001
