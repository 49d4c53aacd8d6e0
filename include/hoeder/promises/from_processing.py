"""Controls about processings, recipients and terms: what policy declares, held against what the inventory saw."""

from collections.abc import Collection

from hoeder.policy.base import Role
from hoeder.policy.control import ProcessingRegistered, RecipientsLimited, TermsJustified
from hoeder.policy.dataset import Prefix, Table
from hoeder.policy.processing import Processing
from hoeder.promises.answer import Answer, answer
from hoeder.promises.looked import gap_in, in_policy, places_of, scans_of, split
from hoeder.promises.sight import Sight
from hoeder.promises.status import Evidence, Status


def processing_registered(control: ProcessingRegistered, sight: Sight) -> Answer:
    """Purposes and groups that a processing with a basis covers, whose places the inventory saw."""
    found = _processings(sight, control.purposes, control.subjects)
    covered = {word for p in found for word in (*p.purposes, *p.subjects)}
    lacking = [word for word in (*control.purposes, *control.subjects) if word not in covered]
    ground = [p for p in found if p.basis is None and p.role is not Role.PROCESSOR]
    said = in_policy(sight, f"{len(found)} processings, {len(ground)} without legal basis")
    if lacking:
        return answer(Status.BROKEN, "no-processing", said, lacking=len(lacking))
    if ground:
        return answer(Status.BROKEN, "no-basis", said, processings=len(ground))
    places = sorted({place for p in found for place in p.places})
    if not places:
        return answer(Status.UNKNOWN, "elsewhere", said, processings=len(found))
    stores = sorted({split(place)[0] for place in places})
    if gap := gap_in(sight, stores, control.days, places):
        return gap
    gone = [place for place in places if not sight.scans[split(place)[0]].things[split(place)[1]].is_there]
    evidence = Evidence(
        "inventory",
        scans_of([sight.scans[store] for store in stores]),
        f"{len(places) - len(gone)} of {len(places)} places",
    )
    if gone:
        return answer(Status.BROKEN, "places-gone", evidence, said, gone=len(gone), places=len(places))
    return answer(Status.KEPT, "registered", evidence, said, processings=len(found), places=len(places))


def recipients_limited(control: RecipientsLimited, sight: Sight) -> Answer:
    """Recipients of another kind than allowed. What really leaves the house, other controls must show."""
    found = _processings(sight, control.purposes, ())
    if not control.purposes:
        found = [p for p in found if p.role is not Role.PROCESSOR]
    known = sight.policy.processing.recipients
    named = [known[name] for p in found for name in p.recipients if name in known]
    wrong = {recipient.en for recipient in named if recipient.role not in control.allowed}
    evidence = in_policy(sight, f"{len(wrong)} recipients beyond those allowed, {len(found)} processings")
    if not found:
        return answer(Status.UNKNOWN, "no-such-processing", evidence)
    if wrong:
        return answer(Status.BROKEN, "recipients-beyond", evidence, recipients=len(wrong))
    return answer(Status.KEPT, "recipients-agreed", evidence, processings=len(found))


def terms_justified(control: TermsJustified, sight: Sight) -> Answer:
    """Personal data without a rule, by policy and by the inventory; rules that nobody has approved yet."""
    policy = sight.policy
    if gap := gap_in(sight, set(policy.stores), control.days):
        return gap
    rules = policy.rules_on(sight.day)
    ruled = {rule.applies_to for rule in rules}
    bare = [place for place, declared in places_of(sight) if _personal(declared) and place not in ruled]
    early = [rule for rule in rules if rule.source.approved_on > sight.day]
    scans = [sight.scans[store] for store in sorted(policy.stores)]
    met = [seen for scan in scans for seen in scan.observed if seen.kind == "no-retention"]
    accepted = {seen.place for seen in met if seen.accepted}
    without = {*bare, *(seen.place for seen in met)} - accepted
    evidence = (
        in_policy(sight, f"{len(rules)} rules, {len(early)} not approved yet"),
        Evidence("inventory", scans_of(scans), f"{len(without)} places with personal data and no rule"),
    )
    if without or early:
        return answer(Status.BROKEN, "terms-lacking", *evidence, places=len(without), early=len(early))
    return answer(Status.KEPT, "terms-justified", *evidence, rules=len(rules))


def _personal(declared: Table | Prefix) -> bool:
    return any(category.partition(".")[0] == "user" for category in declared.columns.values())


def _processings(sight: Sight, purposes: Collection[str], subjects: Collection[str]) -> list[Processing]:
    return [
        p
        for p in sight.policy.processing.processings
        if (not purposes or set(purposes) & set(p.purposes)) and (not subjects or set(subjects) & set(p.subjects))
    ]
