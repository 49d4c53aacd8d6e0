-- Execution: each step of what takes more than one, and where inside objects whose rows may be.

insert into ledger_word
    select 'count', unnest(array['partitions', 'rewritten', 'rows_removed', 'purged', 'locked', 'changed', 'read_kb',
                                 'uploads'])
    on conflict do nothing;

-- A partition is detached and then dropped; an object is written anew, checked, and then loses its old version. Each
-- step is a line of its own, written before or after it happens, so that the next run can finish what a crash left.
create table erase_step (
    step        bigint generated always as identity primary key,
    plan        uuid not null references plan,
    rule        text not null,
    store       text not null,
    target      text not null,             -- table or prefix/
    unit        text not null,             -- schema.partition, or the keyed hash of an object's version in hex
    state       text not null check (state in ('intended', 'detached', 'attached', 'dropped',
                                               'ready', 'written', 'checked', 'purged', 'abandoned')),
    detail      jsonb not null default '{}',  -- a partition's bounds; version and upload ids, ETags, counts
    recorded_at timestamptz not null default clock_timestamp()
);
create index erase_step_unit on erase_step (store, target, unit);

-- What one column of one version of an object holds, so that it need not be read again: the oldest day, and a Bloom
-- filter over keyed hashes of persons for each part of the object. Nothing in it can be read without the key.
create table object_index (
    store    text not null,
    version  bytea not null check (length(version) = 16),  -- keyed hash of the object's key, version and ETag
    "column" text not null,
    oldest   date,
    missing  bigint not null,              -- rows without a value
    "rows"   bigint not null,
    filters  bytea,                        -- Bloom filters, one after the other
    seen_on  date not null default current_date,
    primary key (store, version, "column")
);

-- Placing or lifting a restriction waits for an erasure that is under way, as a hold does.
create trigger door before insert or update or delete on left_out
    for each statement execute function hold_waits_for_the_door();

grant select on left_out to hoeder_retention;
grant select, insert on erase_step to hoeder_retention;
grant select, insert, update, delete on object_index to hoeder_retention;
grant select on erase_step to hoeder_audit_report;
