"""The inventory's figures: the last finished scan of every store, and where policy and scan disagree."""

from datetime import datetime

from psycopg.rows import class_row

from hoeder.evidence.ledger import Activity, Connection
from hoeder.inventory import decisions
from hoeder.inventory.datamap import DataMap, Place, draw
from hoeder.inventory.quality import quality
from hoeder.policy.models import Policy
from hoeder.report.attempts import attempts
from hoeder.report.facts.inventory import Decided, Finding, Inventory, MappedPlace, Recognition, Scan, StoreFigures

_LAST_SCAN = """
    with last as (
        select distinct on (store) * from scan where finished_at <= %(until)s
        order by store, finished_at desc, scan desc
    )
    select store, scan, finished_at, policy_digest,
        (select count(*) from scanned_object o where o.scan = last.scan),
        (select coalesce(sum("rows"), 0)::bigint from scanned_object o where o.scan = last.scan),
        c.*
    from last cross join lateral (
        select count(*) filter (where "column" <> '*' and verdict <> 'not-found'),
            count(*) filter (where (declared ~ '^user(\\.|$)' or found is not null) and verdict <> 'not-found'),
            count(*) filter (where declared ~ '^user(\\.|$)' and verdict <> 'not-found'),
            count(*) filter (where found is not null),
            count(*) filter (where verdict = 'agreed' and declared ~ '^user(\\.|$)'),
            count(*) filter (where verdict = 'undeclared'),
            count(*) filter (where verdict = 'not-found'),
            count(*) filter (where verdict = 'unclassified'),
            count(*) filter (where verdict = 'misplaced')
        from scanned_column where scanned_column.scan = last.scan
    ) c
"""

_FINDINGS = """
    select s.store, c.object, c."column", c.verdict, c.declared, c.found, c.evidence, c.scan
    from scanned_column c join scan s using (scan)
    where c.scan = any(%s) and c.verdict <> 'agreed'
    order by array_position(array['misplaced', 'undeclared', 'unclassified', 'not-found'], c.verdict),
             s.store, c.object, c."column"
"""


def read_inventory(db: Connection, policy: Policy, until: datetime) -> Inventory:
    """Every store of policy, scanned or not, as it stood at `until`."""
    scans = {
        store: Scan(scan, finished_at, (until - finished_at).days, digest, *counts)
        for store, scan, finished_at, digest, *counts in db.execute(_LAST_SCAN, {"until": until}).fetchall()
    }
    tried = attempts(db, Activity.INVENTORY_SCAN, until)
    stores = tuple(
        StoreFigures(
            store=name,
            description=store.description,
            role=store.role,
            kind=store.kind,
            scan=scans.get(name),
            attempt=tried[name][-1] if name in tried else None,
        )
        for name, store in policy.stores.items()
    )
    with db.cursor(row_factory=class_row(Finding)) as cursor:
        numbers = [store.scan.scan for store in stores if store.scan]
        findings = tuple(cursor.execute(_FINDINGS, [numbers]).fetchall())
    drawn = draw(db, policy, until=until)
    return Inventory(
        stores,
        findings,
        decided=_decided(db, policy),
        recognition=tuple(
            Recognition(one.category, one.right, one.wrong, one.missed, one.decided) for one in quality(db)
        ),
        places=tuple(
            _place(store.store, place, drawn) for store in drawn.stores for place in store.places if place.personal
        ),
        vanished=tuple(f"{store.store}.{name}" for store in drawn.stores for name in store.vanished),
    )


def _decided(db: Connection, policy: Policy) -> tuple[Decided, ...]:
    titles = {name: officer.title for name, officer in policy.organisation.officers.items()}
    titles |= {officer.user: officer.title for officer in policy.organisation.officers.values() if officer.user}
    return tuple(
        Decided(
            finding=one.finding,
            kind=one.kind,
            place=one.place,
            owner=one.owner,
            first_seen=one.first_seen,
            evidence=one.evidence,
            scan=one.last_scan,
            blocks=one.blocks,
            asked_because=one.asked_because,
            decision=one.decision,
            reason=one.reason,
            until=one.until,
            function=titles.get(one.decided_by) if one.decided_by else None,
        )
        for one in decisions.findings(db)
        if one.present
    )


def _place(store: str, place: Place, drawn: DataMap) -> MappedPlace:
    return MappedPlace(
        store=store,
        object=place.object,
        rows=place.rows,
        read_at=place.read_at,
        purpose=place.purpose,
        subject_kind=place.subject_kind,
        recipients=place.recipients,
        releases=drawn.releases.get(f"{store}.{place.object}", ()),
        clients=len(place.clients),
        oldest=min((term.oldest for term in place.terms if term.oldest), default=None),
        rules=tuple(term.rule for term in place.terms),
        change=place.change,
        before=place.before,
    )
