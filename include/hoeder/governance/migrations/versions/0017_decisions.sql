-- What an officer was asked in a case of a data subject, and the answer that was taken for a decision. Words of closed
-- lists, counts and digests: what an officer typed stays in Airflow, as its hash here.

insert into ledger_word
    select 'task', unnest(array['notify', 'close']) union all
    select 'count', unnest(array['refused', 'extended_days']) on conflict do nothing;

-- A message that asks no right is closed with that word.
alter table subject_step drop constraint subject_step_what_check;
alter table subject_step add constraint subject_step_what_check check (what in (
    'proposed', 'duplicate', 'no-request', 'confirmed', 'forwarded', 'identity-asked', 'identified', 'not-identified',
    'clarification-asked', 'clarified', 'extended', 'searched', 'judged', 'decided', 'carried-out', 'notified',
    'answered', 'verified', 'closed', 'reopened'));

create table subject_question (
    question bigint generated always as identity primary key,
    case_id  uuid not null references subject_case on delete cascade,
    asks     text not null check (asks in ('confirm', 'identify', 'judge', 'decide')),
    about    text not null default '' check (about in (
        '', 'access', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'withdrawal')),
    digest   text not null check (digest ~ '^[0-9a-f]{64}$'),   -- of exactly what is asked about
    dag_id   text not null check (dag_id ~ '^[A-Za-z0-9_.-]{1,250}$'),
    run_id   text not null check (length(run_id) <= 250),      -- as Airflow made it, else its hash
    asked_at timestamptz not null default clock_timestamp(),
    check ((asks = 'decide') = (about <> '')),
    unique (case_id, asks, about, digest, dag_id, run_id)
);

-- One answer serves one question: a second one, or another answer, finds this row.
create table subject_decision (
    question      bigint primary key references subject_question on delete cascade,
    choice        text not null check (length(choice) <= 60),
    fields        jsonb not null default '{}' check (jsonb_typeof(fields) = 'object' and length(fields::text) < 2000),
    responder     text not null check (responder ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    answered_at   timestamptz not null,
    reason_digest text check (reason_digest ~ '^[0-9a-f]{64}$'),
    admitted_at   timestamptz not null default clock_timestamp()
);

-- Neither is changed: no account may. They go with their case, when its term is over.
grant select, insert on subject_question, subject_decision to hoeder_rights;
grant select on subject_question, subject_decision to hoeder_audit_report;
