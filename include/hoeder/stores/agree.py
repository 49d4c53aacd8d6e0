"""Whether the stores have what rules and releases name: a column that does not exist would never be due."""

from collections.abc import Iterator, Mapping

from botocore.exceptions import BotoCoreError, ClientError

from hoeder.errors import StoreError
from hoeder.policy import Policy, Store
from hoeder.policy.suggest import did_you_mean
from hoeder.stores.connection import Connection, Resolver, connect, s3_client
from hoeder.stores.postgres import said

_COLUMNS = """
    select c.relname, array_agg(a.attname::text order by a.attnum) from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any(%s)
    where c.relkind in ('r', 'p', 'v', 'm', 'f') group by c.relname
"""


def differences(policy: Policy, resolve: Resolver) -> list[str]:
    """What rules and releases name and no store has, and the stores that do not answer; empty when all is well."""
    return list(_differences(policy, resolve))


def _differences(policy: Policy, resolve: Resolver) -> Iterator[str]:
    seen: dict[object, str] = {}
    for name, store in sorted(policy.stores.items()):
        try:
            connection = resolve(f"{store.connection}_inventory")
            for place in _places(store, connection):
                if (first := seen.setdefault(place, name)) != name:
                    yield f"store {name} is the same place as store {first}: the shorter term of the two would erase"
            if store.kind == "s3":
                s3_client(connection).list_objects_v2(Bucket=store.bucket or "", MaxKeys=1)
                continue
            with connect(connection) as db, said("reading the catalog"):
                schemas = {found for (found,) in db.execute("select nspname::text from pg_namespace")}
                rows = db.execute(_COLUMNS, [list(store.schemas)]).fetchall()
            for schema in store.schemas:
                if schema not in schemas:
                    yield f"store {name}: schema {schema} does not exist{did_you_mean(schema, schemas)}"
            yield from _compare(policy, name, {table: tuple(columns) for table, columns in rows})
        except StoreError as error:
            yield f"store {name}: {error}"
        except ClientError as error:
            yield f"store {name}: bucket {store.bucket}: {error.response['Error'].get('Code')}"
        except BotoCoreError as error:
            yield f"store {name}: the S3 server does not answer ({type(error).__name__})"


def _places(store: Store, connection: Connection) -> Iterator[object]:
    """Where a store's data are: two stores that share one of these hold the same data under two names."""
    if store.kind == "s3":
        yield connection.extra.get("endpoint_url"), store.bucket
    else:
        yield from ((connection.host, connection.port, connection.database, schema) for schema in store.schemas)


def _compare(policy: Policy, store: str, tables: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for where, table, columns in _named(policy, store):
        if table not in tables:
            yield f"{where}: table {store}.{table} does not exist{did_you_mean(table, tables)}"
            continue
        for column in columns:
            if column not in tables[table]:
                yield (
                    f"{where}: column {store}.{table}.{column} does not exist\n"
                    f"  the table has: {', '.join(tables[table])}{did_you_mean(column, tables[table])}"
                )


def _named(policy: Policy, store: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for rule in policy.retention:
        if rule.store == store and not rule.is_prefix:
            table = policy.datasets[store].tables[rule.target]
            named = [*rule.keep.anchors, table.key, *rule.then.columns]
            named += [rule.pending.column] if rule.pending else []
            named += [table.subject.column] if table.subject else []
            yield f"rule {rule.rule}", rule.target, tuple(dict.fromkeys(named))
    for release in policy.releases:
        source, _, source_table = release.source.partition(".")
        if source == store and ":" not in release.source:
            columns = [release.subject, *(q.column for q in release.quasi_identifiers), *release.measures]
            yield f"release {release.release}", source_table, tuple(dict.fromkeys(columns))
