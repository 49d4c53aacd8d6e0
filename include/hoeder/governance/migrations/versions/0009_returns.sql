-- A client's data go back to it before they are erased; and terms that a store keeps by itself.

insert into activity values
    ('retention.return@1',    'Handed a client its data, encrypted for it, and read them back'),
    ('retention.receipt@1',   'Recorded that a client received its data'),
    ('retention.lifecycle@1', 'Wrote or looked at the lifecycle that a bucket keeps a term by');
insert into ledger_word
    select 'task', unnest(array['return_to_clients', 'keep_lifecycles']) union all
    select 'count', unnest(array['to_return', 'rows', 'files', 'overdue', 'drift', 'written'])
    on conflict do nothing;

-- Rows that are due and wait until their client said that it has them.
alter table plan_part add column to_return bigint not null default 0;

-- What was handed back: written when every file was read back and was what it should be.
create table client_return (
    return       bigint generated always as identity primary key,
    rule         text not null,
    store        text not null,
    target       text not null,
    client       text not null,
    folder       text not null,            -- in the bucket of returns: client, rule, day and first digits of a digest
    manifest     text not null check (manifest ~ '^[0-9a-f]{64}$'),  -- SHA-256 of manifest.json
    rows         bigint not null check (rows > 0),
    files        integer not null,
    refs         bytea not null check (length(refs) = 16 * rows),    -- keyed references of the rows, sorted
    made_at      timestamptz not null default clock_timestamp(),
    unique (rule, folder)
);
alter table client_return alter column refs set storage external;
create index client_return_rule on client_return (rule);

-- The client said that it has them, by naming the digest of the manifest.
create table client_receipt (
    return      bigint primary key references client_return,
    recorded_by text not null check (recorded_by ~ '^[A-Za-z0-9_.@ -]{1,60}$'),
    recorded_at timestamptz not null default clock_timestamp()
);
create trigger append_only before update or delete or truncate on client_return
    for each statement execute function append_only();
create trigger append_only before update or delete or truncate on client_receipt
    for each statement execute function append_only();

grant select, insert on client_return, client_receipt to hoeder_retention;
grant select (return, rule, store, target, client, folder, manifest, rows, files, made_at) on client_return
    to hoeder_audit_report;
grant select on client_receipt to hoeder_audit_report;

-- The lifecycle that was last written to a bucket: what is in force must be exactly that.
create table bucket_lifecycle (
    number     bigint generated always as identity primary key,
    store      text not null,
    digest     text not null check (digest ~ '^[0-9a-f]{64}$'),  -- over its rules
    written_at timestamptz not null default clock_timestamp()
);
create trigger append_only before update or delete or truncate on bucket_lifecycle
    for each statement execute function append_only();
grant select, insert on bucket_lifecycle to hoeder_retention;
grant select on bucket_lifecycle to hoeder_audit_report;
