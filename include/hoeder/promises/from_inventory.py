"""Controls that the inventory answers. Where no inventory looked lately, or it could not look, nobody knows."""

from collections.abc import Collection

from hoeder.policy.control import ClientsApart, DataDeclared, FieldsLimited, NoFindings
from hoeder.promises.answer import Answer, answer
from hoeder.promises.looked import gap_in, in_policy, looked_at, place_of, scans_of, split
from hoeder.promises.sight import Observed, Scan, Sight
from hoeder.promises.status import Evidence, Status


def no_findings(control: NoFindings, sight: Sight) -> Answer:
    """Findings of some kinds that stand: present, and not accepted by anybody."""
    stores = {split(place)[0] for place in control.places} or set(sight.policy.stores)
    if gap := gap_in(sight, stores, control.days, control.places):
        return gap
    scans = [sight.scans[store] for store in sorted(stores)]
    met = [
        seen
        for scan in scans
        for seen in scan.observed
        if seen.kind in control.kinds and (not control.places or seen.place in control.places)
    ]
    return _of_findings(met, scans)


def _of_findings(met: Collection[Observed], scans: Collection[Scan]) -> Answer:
    open_ = [seen for seen in met if not seen.accepted]
    accepted = len(met) - len(open_)
    numbers = sorted({seen.number for seen in open_ if seen.number is not None})
    named = f"; findings {', '.join(map(str, numbers[:12]))}{' …' if len(numbers) > 12 else ''}" if numbers else ""
    evidence = Evidence("inventory", scans_of(scans) + named, f"{len(open_)} findings stand, {accepted} accepted")
    if open_:
        return answer(Status.BROKEN, "findings-stand", evidence, findings=len(open_), accepted=accepted)
    return answer(Status.KEPT, "no-findings", evidence, stores=len(scans), accepted=accepted)


def data_declared(control: DataDeclared, sight: Sight) -> Answer:
    """Kinds of data at one place, in policy and in the store."""
    store, target = split(control.place)
    if gap := gap_in(sight, [store], control.days, [control.place]):
        return gap
    scan = sight.scans[store]
    declared = place_of(sight, control.place)
    columns = declared.columns if declared else {}
    there = {column.name for column in scan.things[target].columns if column.is_there}
    absent = 0
    for category in control.categories:
        named = [name for name, said in columns.items() if f"{said}.".startswith(f"{category}.")]
        absent += not any(name in there for name in named)
    total = len(control.categories)
    evidence = Evidence(
        "inventory", f"{scans_of([scan])}; {control.place}", f"{total - absent} of {total} kinds of data"
    )
    if absent:
        return answer(Status.BROKEN, "data-absent", evidence, absent=absent, kinds=total, place=control.place)
    return answer(Status.KEPT, "data-there", evidence, kinds=total, place=control.place)


def fields_limited(control: FieldsLimited, sight: Sight) -> Answer:
    """Fields that a place has beyond those that it may have."""
    store, target = split(control.place)
    if gap := gap_in(sight, [store], control.days, [control.place]):
        return gap
    scan = sight.scans[store]
    fields = {column.name.partition(".")[0] for column in scan.things[target].columns if column.is_there}
    if not fields:
        return answer(Status.UNKNOWN, "not-seen", looked_at(scan, control.place), places=1, place=control.place)
    beyond = fields - set(control.fields)
    evidence = Evidence(
        "inventory", f"{scans_of([scan])}; {control.place}", f"{len(beyond)} of {len(fields)} fields not agreed"
    )
    if beyond:
        return answer(Status.BROKEN, "fields-beyond", evidence, fields=len(beyond), place=control.place)
    return answer(Status.KEPT, "fields-agreed", evidence, fields=len(fields), place=control.place)


def clients_apart(control: ClientsApart, sight: Sight) -> Answer:
    """Rows under another client than their person, wherever clients' data are kept."""
    places = [
        f"{dataset.store}.{name}"
        for dataset in sight.policy.datasets.values()
        for name, table in dataset.tables.items()
        if table.client_column
    ]
    if not places:
        return answer(Status.UNKNOWN, "no-clients", in_policy(sight, "0 places with clients' data"))
    stores = {split(place)[0] for place in places}
    if gap := gap_in(sight, stores, control.days, places):
        return gap
    scans = [sight.scans[store] for store in sorted(stores)]
    mixed = [seen for scan in scans for seen in scan.observed if seen.kind == "client-mixed" and not seen.accepted]
    evidence = Evidence("inventory", scans_of(scans), f"{len(mixed)} of {len(places)} tables hold mixed clients")
    if mixed:
        return answer(Status.BROKEN, "clients-mixed", evidence, tables=len(mixed), of=len(places))
    return answer(Status.KEPT, "clients-apart", evidence, tables=len(places))
