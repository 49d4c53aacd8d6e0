-- How every promise of the statement stood, with the position in the ledger that it was computed from.

do $$ begin
    if not exists (select from pg_roles where rolname = 'hoeder_promises') then
        create role hoeder_promises nologin;
    end if;
end $$;
grant usage on schema public to hoeder_promises;

insert into activity values
    ('promises.assess@1', 'Judged every promise of the statement by the evidence up to one entry');
insert into ledger_word
    select 'task', 'assess' union all
    select 'object', 'promises' union all
    select 'count', unnest(array['promises', 'kept', 'broken', 'attested', 'unknown', 'superseded', 'up_to'])
    on conflict do nothing;

create table promise_assessment (
    assessment    uuid primary key default gen_random_uuid(),  -- the ledger's case
    entry         bigint not null,                     -- the ledger's intent
    up_to         bigint not null check (up_to >= 0),  -- the last entry that counted
    as_of         timestamptz not null,                -- the moment that it is about
    recorded_at   timestamptz not null default clock_timestamp(),
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    dag_id        text,
    run_id        text,
    digest        text not null check (digest ~ '^[0-9a-f]{64}$')  -- over the statuses, as the ledger has it
);
create index promise_assessment_as_of on promise_assessment (as_of);
create table promise_status (
    assessment uuid not null references promise_assessment,
    position   int not null,                           -- as in the statement
    promise    text not null check (promise ~ '^REQ-[0-9]{3}$'),
    status     text not null check (status in ('kept', 'broken', 'attested', 'unknown', 'superseded')),
    why        jsonb not null,                         -- a key and its figures
    evidence   jsonb not null,                         -- kind, reference, figure; never a value of anybody
    primary key (assessment, promise)
);
create trigger append_only before update or delete or truncate on promise_assessment
    for each statement execute function append_only();
create trigger append_only before update or delete or truncate on promise_status
    for each statement execute function append_only();

-- The report's account judges, as it may read everything and change nothing; this one only keeps what was judged.
grant select, insert on promise_assessment, promise_status to hoeder_promises;
grant select on promise_assessment, promise_status to hoeder_audit_report;
grant select, insert on ledger, policy_name to hoeder_promises;
grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to hoeder_promises;
