-- Plans that say what protects a record, approvals that are held against the stored answer, holds with a scope.

insert into activity values
    ('retention.hold@1', 'Placed, confirmed, reviewed or lifted a legal hold');
insert into ledger_word
    select 'object', 'hold' union all
    select 'task', 'erase_pre_approved' union all
    select 'count', unnest(array['restricted', 'longer', 'needed', 'pre_approved', 'placed', 'confirmed', 'reviewed',
                                 'lift_asked', 'lifted', 'subjects', 'places', 'days']) on conflict do nothing;

alter table plan_part
    add column keep       text not null default '',   -- the term, as policy says it
    add column act        text not null default 'erase',
    add column client     text,                       -- whose data (opdrachtgever)
    add column restricted bigint not null default 0,  -- due, but restricted (GDPR Art. 18)
    add column longer     bigint not null default 0,  -- due, but another rule still needs the record
    add column needed     bigint not null default 0,  -- due, but rows that stay refer to it
    add column follows    text[] not null default '{}',  -- foreign keys whose rows go first
    add column held_by    jsonb not null default '[]',   -- per matter: records, and since when they are due
    add column pre_approved bigint;                   -- policy approved beforehand up to this many records

-- The answer as Airflow stored it. The reason stays there: it is free text.
alter table approval add column reason_digest text check (reason_digest ~ '^[0-9a-f]{64}$');
-- A part of a plan that runs on the policy's word: who answers for that, and up to how many records.
create table pre_approval (
    plan        uuid not null,
    rule        text not null,
    digest      text not null check (digest ~ '^[0-9a-f]{64}$'),  -- the plan's
    up_to       bigint not null,
    due         bigint not null check (due <= up_to),
    owner       text not null,                        -- a function, from policy
    approved_on date not null,
    admitted_at timestamptz not null default clock_timestamp(),
    primary key (plan, rule),
    foreign key (plan, rule) references plan_part
);
create trigger append_only before update or delete or truncate on approval
    for each statement execute function append_only();
create trigger append_only before update or delete or truncate on pre_approval
    for each statement execute function append_only();

-- Holds: in force at once, confirmed by somebody else, reviewed every three months, lifted by two.
alter table hold
    add column case_id       uuid not null unique default gen_random_uuid(),  -- under which the ledger keeps it
    add column confirmed_by  text,
    add column reviewed_on   date,
    add column lift_asked_by text,
    add column lift_asked_on date,
    add column lifted_by     text;
alter table hold drop constraint hold_check;
alter table hold
    add constraint review_within_three_months
        check (review_by <= coalesce(reviewed_on, placed_on) + interval '3 months'),
    add constraint confirmed_by_another check (confirmed_by <> placed_by),
    add constraint lifted_by_two check (lifted_on is null or coalesce(lifted_by <> lift_asked_by, false)),
    add constraint logins_or_functions check (concat_ws('|', placed_by, confirmed_by, lift_asked_by, lifted_by)
                                              ~ '^[A-Za-z0-9_.@ |-]{1,250}$');
create table hold_scope (
    hold       bigint not null references hold,
    applies_to text not null,                         -- 'store.table', 'store:prefix/', a whole 'store', or '*'
    from_day   date,                                  -- of the record's anchor
    until_day  date,
    check (from_day <= until_day),
    primary key (hold, applies_to)
);
alter table hold_subject drop constraint hold_subject_pkey;
alter table hold_subject add primary key (hold, subject_kind, subject_ref);
create trigger door before insert or update or delete on hold_scope
    for each statement execute function hold_waits_for_the_door();

-- A hold on tables only, without persons, keeps every record there; it is no hold on anybody's analysis.
create or replace view active_hold as
    select subject_kind, subject_ref, min(matter) as matter from hold_subject join hold using (hold)
    where lifted_on is null or lifted_on > current_date group by subject_kind, subject_ref;

grant select on left_out, hold_scope, pre_approval to hoeder_retention, hoeder_audit_report;
grant insert on pre_approval, hold, hold_subject, hold_scope to hoeder_retention;
grant update (confirmed_by, reviewed_on, review_by, lift_asked_by, lift_asked_on, lifted_by, lifted_on)
    on hold to hoeder_retention;
