-- What the scans found, as something that lasts from scan to scan and that somebody decides about. No value of anybody.

insert into activity values
    ('inventory.decide@1', 'Decided about one finding: accepted, to be fixed, or a false alarm');
insert into ledger_word
    select 'task', unnest(array['divide', 'settle']) union all
    select 'count', unnest(array['parts', 'unchanged', 'findings', 'new_findings', 'finding', 'accepted', 'to_fix',
                                 'false_alarm', 'days']);

-- A scan is read in parts, each by a task of its own. It is finished when every part has its result.
alter table scan add column intent bigint;          -- the ledger's entry
create table scan_part (
    scan     bigint not null references scan on delete cascade,
    part     int not null,
    objects  text[],                                -- null: the store could not be listed; all of it is this part
    outcome  text,                                  -- why nothing of it could be read
    failed   int not null default 0,                -- objects and rules that could not be read
    result   jsonb,                                 -- counts, categories and verdicts by object
    ended_at timestamptz,
    primary key (scan, part)
);
alter table scanned_object
    add column fingerprint text,                    -- of the content at a reading; equal: unchanged since
    add column read_at timestamptz;                 -- when its content was last read
create table scanned_client (
    scan   bigint not null references scan on delete cascade,
    object text not null,
    client text not null check (client ~ '^([A-Za-z0-9_-]{1,40}|\(other\))$'),  -- a company's key, never a person's
    "rows" bigint not null,
    primary key (scan, object, client)
);
create table lineage_event (
    scan   bigint not null references scan on delete cascade,
    object text not null,
    event  jsonb not null,                          -- an OpenLineage DatasetEvent
    primary key (scan, object)
);

create table finding_kind (kind text primary key, description text not null);
insert into finding_kind values
    ('undeclared',        'Personal data that policy does not speak of'),
    ('not-found',         'Declared in policy, and not there'),
    ('unclassified',      'Neither declared nor recognised, or not readable'),
    ('national-id',       'Citizen service numbers (BSN) where policy has none'),
    ('health',            'Words about somebody''s health in running text'),
    ('payment-card',      'Payment card numbers'),
    ('identity-document', 'Copies or machine-readable lines of identity documents outside their store'),
    ('client-mixed',      'Data of one client under another'),
    ('no-retention',      'An identifying column and no retention rule');

create table decision_reason (
    decision text not null check (decision in ('accept', 'fix', 'false-alarm')),
    reason   text not null,
    primary key (decision, reason)
);
insert into decision_reason values
    ('accept', 'legal-duty'), ('accept', 'contract'), ('accept', 'consent'), ('accept', 'public'),
    ('accept', 'temporary'), ('accept', 'known-risk'),
    ('fix', 'declare'), ('fix', 'set-term'), ('fix', 'erase'), ('fix', 'move'), ('fix', 'redact'),
    ('false-alarm', 'not-personal'), ('false-alarm', 'organisation'), ('false-alarm', 'made-up'),
    ('false-alarm', 'other-number');

create table finding (
    finding    bigint generated always as identity primary key,
    case_id    uuid not null unique default gen_random_uuid(),  -- under which the ledger keeps its decisions
    store      text not null,
    object     text not null,
    "column"   text not null,                       -- '*': the table or prefix itself
    kind       text not null references finding_kind,
    owner      text not null,                       -- a function, from policy
    declared   text,
    found      text,
    confidence real not null,
    evidence   text not null,                       -- tests and shares, never a value
    basis      text not null check (basis ~ '^[0-9a-f]{64}$'),  -- the rules it was found under
    first_seen timestamptz not null,
    since      timestamptz not null,                -- begin of the unbroken row of scans that saw it
    last_seen  timestamptz not null,
    last_scan  bigint not null,
    blocks     boolean not null,                    -- the inventory's run is red until somebody decides
    unique (store, object, "column", kind)
);
create table finding_decision (
    decision_id bigint generated always as identity primary key,
    finding     bigint not null references finding,
    decision    text not null,
    reason      text not null,
    until       date,                               -- asked again from the day after
    decided_by  text not null check (decided_by ~ '^[A-Za-z0-9_.@ -]{1,60}$'),  -- a function or a login
    decided_at  timestamptz not null default clock_timestamp(),
    found       text,                               -- the category that was decided about
    basis       text not null,
    foreign key (decision, reason) references decision_reason
);
create index decision_of on finding_decision (finding, decision_id desc);
create trigger append_only before update or delete or truncate on finding_decision
    for each statement execute function append_only();

-- Findings as they are now. `asked_because` is empty where a decision stands.
create view finding_now as
    select f.*, d.decision, d.reason, d.until, d.decided_by, d.decided_at,
        coalesce(f.last_scan = l.scan, false) as present,
        case when d.decision is null            then 'new'
             when d.decided_at < f.since        then 'came-back'
             when d.until < (clock_timestamp() at time zone 'Europe/Amsterdam')::date then 'expired'
             when d.found is distinct from f.found then 'category-changed'
             when d.basis <> f.basis            then 'rules-changed' end as asked_because
    from finding f
    left join lateral (select * from finding_decision d where d.finding = f.finding
                       order by decision_id desc limit 1) d on true
    left join lateral (select scan from scan s where s.store = f.store and s.finished_at is not null
                       order by finished_at desc, scan desc limit 1) l on true;

grant select on scan_part, scanned_client, lineage_event, finding_kind, decision_reason, finding, finding_decision,
    finding_now to hoeder_inventory, hoeder_audit_report;
grant insert on scan_part, scanned_client, lineage_event, finding, finding_decision to hoeder_inventory;
grant update (intent) on scan to hoeder_inventory;
grant update (outcome, failed, result, ended_at) on scan_part to hoeder_inventory;
grant update (owner, declared, found, confidence, evidence, basis, since, last_seen, last_scan, blocks)
    on finding to hoeder_inventory;
