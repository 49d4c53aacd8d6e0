"""Whether `access_review.yaml` agrees with the rest of policy: every store, table, client and officer is declared."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from hoeder.policy.access_review import CLIENT, AccessReview
from hoeder.policy.attestations import AttestationKind
from hoeder.policy.dataset import Dataset, Store
from hoeder.policy.organisation import Organisation
from hoeder.policy.parsed import Parsed
from hoeder.policy.source import Location, Problem
from hoeder.policy.suggest import did_you_mean


def problems(
    file: Parsed[AccessReview] | None,
    *,
    organisation: Organisation,
    stores: Mapping[str, Store],
    datasets: Sequence[Dataset],
    clients: Collection[str],
    attestations: Sequence[AttestationKind],
) -> list[Problem]:
    """Everything that does not fit, in no particular order; nothing where there is no file."""
    if file is None:
        return []
    access, source = file.value, file.source
    declared = {dataset.store: dataset for dataset in datasets}
    return [
        source.problem(location, message)
        for location, message in (
            *_owners(access, organisation, stores),
            *_staff(access, stores, declared),
            *_groups(access, stores, declared),
            *_places(access, stores, declared, clients, {kind.kind for kind in attestations}),
        )
    ]


Found = Iterator[tuple[Location, str]]


def _owners(access: AccessReview, organisation: Organisation, stores: Mapping[str, Store]) -> Found:
    named: dict[Location, str] = {("owner",): access.owner}
    named |= {("owners", store): officer for store, officer in access.owners.items()}
    for location, officer in named.items():
        known = organisation.officers.get(officer)
        if known is None:
            near = did_you_mean(officer, organisation.officers)
            yield location, f"owner {officer} is no officer of organisation.yaml{near}"
        elif known.user is None or "access_review" not in known.approves:
            yield (
                location,
                f"officer {officer} cannot decide: organisation.yaml gives no user, or not approves: [access_review]",
            )
    for store in access.owners:
        if store not in stores:
            yield ("owners", store), f"store {store} is not in stores.yaml{did_you_mean(store, stores)}"


def _staff(access: AccessReview, stores: Mapping[str, Store], declared: Mapping[str, Dataset]) -> Found:
    store = access.staff.store
    if store not in stores:
        yield ("staff", "store"), f"store {store} is not in stores.yaml{did_you_mean(store, stores)}"
        return
    if stores[store].kind != "postgresql":
        yield ("staff", "store"), f"store {store} is no database: HR's list is read from tables"
        return
    tables = declared[store].tables if store in declared else {}
    for part in ("people", "kept_up", "accounts", "entitlements", "jobs", "secrecy", "training"):
        fields = getattr(access.staff, part)
        if fields.table not in tables:
            message = f"table {store}.{fields.table} is not declared in datasets/{did_you_mean(fields.table, tables)}"
            yield ("staff", part, "table"), message
            continue
        columns = tables[fields.table].columns
        for name, value in fields:
            if name in ("table", "works", "days", "texts", "courses"):
                continue
            if value not in columns:
                near = did_you_mean(value, columns)
                yield ("staff", part, name), f"column {store}.{fields.table}.{value} is not declared in datasets/{near}"
    if access.staff.secrecy.table == access.staff.people.table:
        yield ("staff", "secrecy", "table"), "confidentiality statements are kept apart from the personnel file"


def _groups(access: AccessReview, stores: Mapping[str, Store], declared: Mapping[str, Dataset]) -> Found:
    for name, group in access.groups.items():
        if group.store not in stores:
            near = did_you_mean(group.store, stores)
            yield ("groups", name, "store"), f"group {name}: store {group.store} is not in stores.yaml{near}"
            continue
        tables = declared[group.store].tables if group.store in declared else {}
        for number, table in enumerate(group.tables):
            if table not in tables:
                near = did_you_mean(table, tables)
                yield (
                    ("groups", name, "tables", number),
                    f"group {name}: table {group.store}.{table} is not declared in datasets/{near}",
                )
    for job, function in access.functions.items():
        for number, wanted in enumerate(function.groups):
            if wanted not in access.groups:
                near = did_you_mean(wanted, access.groups)
                yield ("functions", job, "groups", number), f"function {job}: group {wanted} is not under groups{near}"


def _places(
    access: AccessReview,
    stores: Mapping[str, Store],
    declared: Mapping[str, Dataset],
    clients: Collection[str],
    kinds: Collection[str],
) -> Found:
    for program, told in access.programs.items():
        yield from _unknown(("programs", program, "tables"), "store", told.tables, stores, "stores.yaml")
    yield from _uses(access, declared)
    yield from _unknown(("client_systems",), "client", access.client_systems, clients, "processing.yaml")
    yield from _unknown(("attestations",), "kind", access.attestations, kinds, "attestations.yaml")
    for name, identity in access.identities.items():
        if CLIENT not in name and any(CLIENT in place for place in identity.places):
            yield ("identities", name), f"identity {name} is for no client, so its places cannot say {CLIENT}"


def _uses(access: AccessReview, declared: Mapping[str, Dataset]) -> Found:
    for number, use in enumerate(access.uses):
        store, _, table = use.place.partition(".")
        if store not in declared or table not in declared[store].tables:
            yield ("uses", number, "place"), f"place {use.place} is not declared in datasets/"
        yield from _unknown(("uses", number, "programs"), "program", use.programs, access.programs, "programs")
        yield from _unknown(("uses", number, "groups"), "group", use.groups, access.groups, "groups")


def _unknown(at: Location, what: str, names: Iterable[str], known: Collection[str], where: str) -> Found:
    for name in names:
        if name not in known:
            yield at, f"{what} {name} is not in {where}{did_you_mean(name, known)}"
