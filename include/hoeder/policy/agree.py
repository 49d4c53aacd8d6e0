"""Whether the policy files agree with each other: every name that one uses is declared in another."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from hoeder.policy.base import Role
from hoeder.policy.conflicts import conflicts
from hoeder.policy.dataset import Dataset, Prefix, Store, Table
from hoeder.policy.organisation import Organisation
from hoeder.policy.parsed import Parsed
from hoeder.policy.release import Release
from hoeder.policy.retention import Act, RetentionRule
from hoeder.policy.source import Problem, Source
from hoeder.policy.suggest import did_you_mean
from hoeder.policy.term import Mode

STORED = "stored"
"""The anchor of a prefix whose bucket keeps the term by itself: the day on which an object was stored."""

_NEVER_A_DATE = ("user.name", "user.contact", "user.content", "user.device", "user.government_id", "user.unique_id")


def problems(
    organisation: Parsed[Organisation],
    stores: Parsed[dict[str, Store]],
    datasets: Sequence[Parsed[Dataset]],
    retention: Parsed[tuple[RetentionRule, ...]],
    releases: Sequence[Parsed[Release]],
) -> list[Problem]:
    """Everything that does not fit together, in no particular order."""
    declared = {d.value.store: d.value for d in datasets}
    return [
        *_approvers(organisation),
        *_stores(stores, declared),
        *_datasets(stores.value, datasets),
        *_rules(declared, stores.value, retention),
        *_ends(declared, stores.value, retention),
        *_authors(organisation, retention),
        *conflicts(retention),
        *_releases(declared, stores.value, releases),
    ]


def _approvers(organisation: Parsed[Organisation]) -> Iterator[Problem]:
    if not organisation.value.approvers("retention"):
        yield organisation.source.problem(
            ("officers",), "no officer has both a user and approves: [retention]; nobody could approve an erasure plan"
        )


def _stores(stores: Parsed[dict[str, Store]], declared: dict[str, Dataset]) -> Iterator[Problem]:
    """A place under two names would be under the rules of both, and the shortest term would win."""
    for name in stores.value:
        if name not in declared:
            yield stores.source.problem((name,), f"store {name} has no file in datasets/ that says what is in it")
    for (one, a), (other, b) in combinations(stores.value.items(), 2):
        # Rules find a table by its bare name: to them a database is one place, whatever its schemas.
        if (a.kind, a.connection, a.bucket) == (b.kind, b.connection, b.bucket):
            yield stores.source.problem(
                (other,), f"store {other} is the same place as store {one}; describe it once, under one name"
            )


def _datasets(stores: dict[str, Store], datasets: Sequence[Parsed[Dataset]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for dataset in datasets:
        value, source = dataset.value, dataset.source
        store = stores.get(value.store)
        if store is None:
            yield source.problem(
                ("store",), f"store {value.store} is not in stores.yaml{did_you_mean(value.store, stores)}"
            )
            continue
        if value.store in seen:
            yield source.problem(("store",), f"store {value.store} is already described in {seen[value.store]}")
        seen[value.store] = source.file
        wrong_part = "prefixes" if store.kind == "postgresql" else "tables"
        if getattr(value, wrong_part):
            yield source.problem((wrong_part,), f"store {value.store} is of kind {store.kind} and has no {wrong_part}")
        for name, table in value.tables.items():
            yield from _table(source, name, table, table.role or store.role)
        for name, prefix in value.prefixes.items():
            yield from _prefix(source, name, prefix, value.prefixes)


def _prefix(source: Source, name: str, prefix: Prefix, others: Iterable[str]) -> Iterator[Problem]:
    for outer in others:
        if name != outer and name.startswith(outer):
            yield source.problem(
                ("prefixes", name),
                f"prefix {name} lies inside prefix {outer}, whose rule would erase it too; put them side by side",
            )
    if prefix.subject and prefix.subject.column not in prefix.columns:
        column = prefix.subject.column
        yield source.problem(
            ("prefixes", name, "subject", "column"),
            f"prefix {name}: subject.column {column} is not among its columns{did_you_mean(column, prefix.columns)}",
        )


def _table(source: Source, name: str, table: Table, role: Role) -> Iterator[Problem]:
    if role is Role.PROCESSOR and table.client_column is None:
        yield source.problem(
            ("tables", name), f"table {name}: held as processor, so client_column must say for which client each row is"
        )
    named = {"key": table.key, "client_column": table.client_column}
    if table.subject is not None:
        named["subject.column"] = table.subject.column
    for key, column in named.items():
        if column is not None and column not in table.columns:
            yield source.problem(
                ("tables", name, *key.split(".")),
                f"table {name}: {key} {column} is not among its columns{did_you_mean(column, table.columns)}",
            )


def _rules(
    declared: dict[str, Dataset], stores: dict[str, Store], retention: Parsed[tuple[RetentionRule, ...]]
) -> Iterator[Problem]:
    if not retention.value:
        yield retention.source.problem((), "there is no rule, so that nothing would ever be erased")
    for position, rule in enumerate(retention.value):

        def at(key: str, message: str, *, here: int = position, of: RetentionRule = rule) -> Problem:
            return retention.source.problem((here, key), f"rule {of.rule}: {message}")

        if rule.valid_to is not None and rule.valid_to < rule.valid_from:
            yield at("valid_to", f"valid_to {rule.valid_to} is before valid_from {rule.valid_from}")
        if rule.store not in stores:
            yield at("applies_to", f"store {rule.store} is not in stores.yaml{did_you_mean(rule.store, stores)}")
            continue
        dataset = declared.get(rule.store)
        places: dict[str, Any] = {} if dataset is None else dict(dataset.prefixes if rule.is_prefix else dataset.tables)
        place = places.get(rule.target)
        if place is None:
            kind = "prefix" if rule.is_prefix else "table"
            yield at(
                "applies_to",
                f"{kind} {rule.target} of store {rule.store} is not declared in datasets/"
                f"{did_you_mean(rule.target, places)}",
            )
            continue
        yield from _columns(at, rule, place)
        if place.subject is None and _of_one_person(place):
            yield at(
                "applies_to",
                f"{rule.applies_to} has no subject in datasets/; without it no hold can keep a person's records",
            )


def _of_one_person(place: Table | Prefix) -> bool:
    """Whether a record holds one person's data. A file of a day's visits holds many, and a mail names its own."""
    if isinstance(place, Prefix):
        named = place.columns.values()
        return place.format == "document" and (not named or any(category.startswith("user") for category in named))
    return any(category.startswith("user") for category in place.columns.values())


def _named(rule: RetentionRule) -> Iterator[tuple[str, str]]:
    """Every column that a rule names, with the key that names it."""
    yield from (("keep", column) for column in rule.keep.anchors)
    for instruction in rule.clients.values():
        yield from (("clients", column) for column in (instruction.keep.anchors if instruction.keep else ()))
    if rule.pending:
        yield "pending", rule.pending.column
    yield from (("covers", column) for column in rule.covers)
    yield from (("then", column) for column in rule.then.columns)


def _columns(at: Any, rule: RetentionRule, place: Table | Prefix) -> Iterator[Problem]:
    for key, column in _named(rule):
        yield from _column(at, key, rule, place, column)
    for anchor in {column for key, column in _named(rule) if key in ("keep", "clients")}:
        category = place.columns.get(anchor, "system")
        if any(f"{category}.".startswith(f"{never}.") for never in _NEVER_A_DATE):
            yield at("keep", f"anchor {rule.applies_to}.{anchor} is declared {category}, which is no date")


def _column(at: Any, key: str, rule: RetentionRule, place: Table | Prefix, column: str) -> Iterator[Problem]:
    if column in place.columns or (isinstance(place, Prefix) and column in ("date", STORED)):
        return
    said = {"keep": "anchor", "clients": "anchor", "pending": "pending", "covers": "covered", "then": "changed"}[key]
    yield at(
        key,
        f"{said} column {rule.applies_to}.{column} is not declared\n"
        f"  declared are: {', '.join(sorted(place.columns))}{did_you_mean(column, place.columns)}",
    )


def _ends(
    declared: dict[str, Dataset], stores: dict[str, Store], retention: Parsed[tuple[RetentionRule, ...]]
) -> Iterator[Problem]:
    """Whether the end action fits what the rule is about, and whether it is held in the role that the rule names."""
    for position, rule in enumerate(retention.value):

        def at(key: str, message: str, *, here: int = position, of: RetentionRule = rule) -> Problem:
            return retention.source.problem((here, key), f"rule {of.rule}: {message}")

        dataset = declared.get(rule.store)
        place = (dataset.tables.get(rule.target) or dataset.prefixes.get(rule.target)) if dataset else None
        if place is None or rule.store not in stores:
            continue
        yield from _end(at, rule, place)
        yield from _by_the_store(at, rule, place, retention.value)
        yield from _whose(at, rule, place, place.role or stores[rule.store].role)


def _end(at: Any, rule: RetentionRule, place: Table | Prefix) -> Iterator[Problem]:
    of_tables = bool(rule.then.columns) or rule.then.act is Act.DROP_PARTITION
    if rule.is_prefix and (of_tables or rule.covers or rule.clients):
        yield at(
            "then",
            f"{rule.applies_to} holds objects, which are erased whole or rewritten; only rows of a table have fields, "
            "partitions and clients to tell apart",
        )
    if not rule.is_prefix and rule.then.act is Act.REWRITE:
        yield at("then", f"{rule.applies_to} is a table; rewrite is for rows inside objects")
    if isinstance(place, Table) and {place.key, place.client_column} & set(rule.then.columns):
        yield at("then", "the key and the client column tell rows apart and are not changed")


def _by_the_store(
    at: Any, rule: RetentionRule, place: Table | Prefix, rules: Sequence[RetentionRule]
) -> Iterator[Problem]:
    """What a bucket can do without asking anybody: erase whole objects so many days after they were stored."""
    if rule.enforce != "store":
        if STORED in rule.keep.anchors and STORED not in place.columns:
            yield at("keep", f"only a rule with `enforce: store` counts from the day on which an object was {STORED}")
        return
    if isinstance(place, Table) or rule.then.act is not Act.ERASE or rule.pending:
        yield at("enforce", "a store by itself erases whole objects of a prefix; there is no `pending` either")
    if rule.keep.anchors != (STORED,) or rule.keep.unit not in ("day", "week") or rule.keep.mode is not Mode.EXACT:
        yield at("keep", f"a store by itself counts days from its own: expected `<n> days after {STORED}`")
    if place.subject or any(category.startswith("user") for category in place.columns.values()):
        yield at(
            "enforce", f"{rule.applies_to} holds persons' data: a legal hold must be able to keep an object, and no "
            "bucket asks for one; let Hoeder erase"
        )  # fmt: skip
    if rule.pre_approved_up_to is None:
        yield at("pre_approved_up_to", "a store by itself asks nobody: say how many objects may go at once")
    if any(other is not rule and other.applies_to == rule.applies_to for other in rules):
        yield at("applies_to", f"{rule.applies_to} has another rule, which a bucket would not wait for")


def _whose(at: Any, rule: RetentionRule, place: Table | Prefix, role: Role) -> Iterator[Problem]:
    if rule.role is not role:
        yield at("role", f"{rule.applies_to} is held as {role}, and the rule says {rule.role}")
    if role is Role.PROCESSOR and not rule.clients and isinstance(place, Table):
        yield at(
            "clients",
            "held as processor, so the clients' instructions decide: say for each client since when, and the term "
            "where it differs (AVG 28(3))",
        )
    if rule.clients and not (isinstance(place, Table) and place.client_column):
        yield at("clients", f"{rule.applies_to} has no client_column that says whose each row is")
    if rule.then.act is not Act.ERASE and any(said.first for said in rule.clients.values()):
        yield at("then", "what goes back to the client first is erased afterwards; other ends have no `first: return`")
    if len({str(said.value) for said in rule.clients.values()}) < len(rule.clients):
        yield at("clients", "two clients have the same value")


def _authors(organisation: Parsed[Organisation], retention: Parsed[tuple[RetentionRule, ...]]) -> Iterator[Problem]:
    approvers = organisation.value.approvers("retention")
    for position, rule in enumerate(retention.value):
        if approvers and approvers <= organisation.value.logins(rule.source.changed_by):
            yield retention.source.problem(
                (position, "source", "changed_by"),
                f"rule {rule.rule}: {rule.source.changed_by} changed it and is the only one who may approve; nobody "
                "could approve its plans",
            )


def _scope(parsed: Parsed[Release], place: Table | Prefix, role: Role | None) -> Iterator[Problem]:
    """Clients' data go to that client alone; staff are counted in larger groups."""
    release, role = parsed.value, place.role or role
    if (role is Role.PROCESSOR) != (release.reader == "client"):
        yield parsed.source.problem(
            ("reader",),
            f"release {release.release}: reader is {release.reader} and {release.source} is held as {role}; "
            "what is held for a "
            "client is released to that client alone, and nothing else is",
        )
    if role is Role.EMPLOYER and release.k < 20:
        yield parsed.source.problem(("k",), f"release {release.release}: staff data need k of at least 20")


def _releases(
    declared: dict[str, Dataset], stores: dict[str, Store], releases: Sequence[Parsed[Release]]
) -> Iterator[Problem]:
    seen: set[str] = set()
    for parsed in releases:
        release, source = parsed.value, parsed.source
        if release.release in seen:
            yield source.problem(("release",), f"release {release.release} is described twice")
        seen.add(release.release)
        store, _, target = release.source.replace(":", ".", 1).partition(".")
        dataset = declared.get(store)
        place = (dataset.tables.get(target) or dataset.prefixes.get(target)) if dataset else None
        if place is None:
            yield source.problem(("source",), f"release {release.release}: source {release.source} is not declared")
            continue
        yield from _scope(parsed, place, stores[store].role if store in stores else None)
        named = [
            release.subject, *(q.column for q in release.quasi_identifiers), *(s.column for s in release.sensitive),
            *release.measures, *release.dropped, *([release.only.column] if release.only else []),
        ]  # fmt: skip
        for column in named:
            if column not in place.columns:
                yield source.problem(
                    (), f"release {release.release}: column {release.source}.{column} is not declared; a column that "
                    f"nobody classified is not released{did_you_mean(column, place.columns)}",
                )  # fmt: skip
