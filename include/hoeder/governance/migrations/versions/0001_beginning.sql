-- Nothing in this database is personal: counts, dates, digests, keyed hashes, names of tables and rules.

-- One group role per capability; the DAGs' login roles are members and own nothing.
do $$
declare capability text;
begin
    foreach capability in array array['inventory', 'anonymization', 'retention', 'audit_report'] loop
        if not exists (select from pg_roles where rolname = 'hoeder_' || capability) then
            execute format('create role %I nologin', 'hoeder_' || capability);
        end if;
    end loop;
end $$;

-- What the last scans saw. A scan belongs to one store; only a finished one counts.
create table scan (
    scan        bigint generated always as identity primary key,
    store       text not null,
    run_id      text,
    started_at  timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    policy_digest text not null
);
create table scanned_object (
    scan    bigint not null references scan on delete cascade,
    object  text not null,                 -- table, or prefix/
    "rows"  bigint not null,               -- rows of a table, objects of a prefix
    bytes   bigint,
    primary key (scan, object)
);
create table scanned_column (
    scan       bigint not null references scan on delete cascade,
    object     text not null,
    "column"   text not null,
    declared   text,                       -- fideslang category in policy
    found      text,                       -- fideslang category by content or name; null: nothing personal seen
    confidence real,
    evidence   text,                       -- which tests matched, with shares; never a value
    verdict    text not null check (verdict in ('agreed', 'undeclared', 'not-found', 'unclassified', 'misplaced')),
    primary key (scan, object, "column")
);
create table scanned_rule (
    scan           bigint not null references scan on delete cascade,
    rule           text not null,
    "rows"         bigint not null,
    due            bigint not null,
    missing_anchor bigint not null,
    oldest         date,
    primary key (scan, rule)
);

-- A plan: what is due, per rule, with a digest over its exact content.
create table plan (
    plan          uuid primary key,
    digest        text not null unique check (digest ~ '^[0-9a-f]{64}$'),
    made_at       timestamptz not null default clock_timestamp(),
    as_of         date not null,
    policy_digest text not null,
    dag_id        text,
    run_id        text
);
create table plan_part (
    plan           uuid not null references plan,
    rule           text not null,
    store          text not null,
    target         text not null,
    position       int not null,           -- order of execution: rows that refer to others go first
    anchor_until   date not null,          -- latest anchor that is due
    due            bigint not null,        -- planned for erasure
    held           bigint not null,        -- due, but under a legal hold
    missing_anchor bigint not null,
    oldest         date,
    digest         text not null check (digest ~ '^[0-9a-f]{64}$'),  -- over the sorted row references
    problem        text,                   -- why this part could not be planned; it is then not executed
    primary key (plan, rule)
);
create table plan_row (
    plan    uuid not null,
    rule    text not null,
    row_ref bytea not null,                -- keyed hash of the row's key
    primary key (plan, rule, row_ref),
    foreign key (plan, rule) references plan_part
);

-- The stored answer of the DPO, copied out of Airflow at once; one per plan.
create table approval (
    plan         uuid primary key references plan,
    digest       text not null,
    decision     text not null check (decision in ('approved', 'rejected')),
    responder    text not null,            -- login name of the officer
    answered_at  timestamptz not null,
    copied_at    timestamptz not null default clock_timestamp()
);

-- What was approved stays as it was approved.
create function approved_plans_stand() returns trigger language plpgsql as $$
begin
    if exists (select from approval where plan = new.plan) then
        raise exception 'plan % was answered and cannot be added to', new.plan;
    end if;
    return new;
end $$;
create trigger stand before insert on plan_part for each row execute function approved_plans_stand();
create trigger stand before insert on plan_row for each row execute function approved_plans_stand();

-- Legal holds: end actions on these subjects' records are refused.
create table hold (
    hold      bigint generated always as identity primary key,
    matter    text not null unique check (matter ~ '^[a-z0-9-]{1,60}$'),
    ground    text not null check (ground in ('claim', 'investigation', 'criminal-order', 'tax-audit',
                                              'subject-request', 'employment-conflict')),
    placed_by text not null,
    placed_on date not null,
    review_by date not null,
    lifted_on date,
    check (review_by <= placed_on + interval '3 months')
);
create table hold_subject (
    hold        bigint not null references hold,
    subject_kind text not null,
    subject_ref bytea not null,            -- keyed hash of the subject
    primary key (hold, subject_ref)
);
-- Placing or lifting a hold waits for an erasure that is under way, and an erasure for it (stores/erase.py, HOLDS_LOCK).
create function hold_waits_for_the_door() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock(x'686F6C64'::bigint);
    return null;
end $$;
create trigger door before insert or update or delete on hold
    for each statement execute function hold_waits_for_the_door();
create trigger door before insert or update or delete on hold_subject
    for each statement execute function hold_waits_for_the_door();
create view active_hold as
    select subject_kind, subject_ref, min(matter) as matter from hold_subject join hold using (hold)
    where lifted_on is null or lifted_on > current_date group by subject_kind, subject_ref;

grant usage on schema public to hoeder_inventory, hoeder_anonymization, hoeder_retention, hoeder_audit_report;
grant select on scan, scanned_object, scanned_column, scanned_rule
    to hoeder_inventory, hoeder_anonymization, hoeder_retention, hoeder_audit_report;
grant insert on scan, scanned_object, scanned_column, scanned_rule to hoeder_inventory;
grant update (finished_at) on scan to hoeder_inventory;
grant select on plan, plan_part, plan_row, approval, hold, hold_subject, active_hold
    to hoeder_retention, hoeder_audit_report;
grant insert on plan, plan_part, plan_row, approval to hoeder_retention;
