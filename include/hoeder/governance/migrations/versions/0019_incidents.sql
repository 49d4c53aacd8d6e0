-- Incidents and questions. Nothing here is personal: facts are closed words, counts and moments; what somebody wrote lies
-- encrypted in the vault.

do $$
declare name text;
begin
    foreach name in array array['hoeder_incidents', 'hoeder_questions'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
        end if;
        execute format('grant usage on schema public to %I', name);
    end loop;
end $$;

insert into activity values
    ('incidents.watch@1',    'Looked through the findings for incidents, and at their clocks'),
    ('incidents.register@1', 'Registered a suspected incident'),
    ('incidents.describe@1', 'Wrote down what is known of an incident, what was checked, its cause or measures'),
    ('incidents.triage@1',   'Established whether it is an incident'),
    ('incidents.decide@1',   'Decided whether the supervisor or the persons are told, and why if not'),
    ('incidents.notify@1',   'Notified the supervisor, followed up or took back a notice'),
    ('incidents.client@1',   'Told a client whose data are concerned'),
    ('incidents.cyber@1',     'Warned, notified or reported under NIS2'),
    ('incidents.tell@1',     'Told the persons concerned'),
    ('incidents.close@1',    'Closed an incident with cause and measures'),
    ('incidents.remind@1',   'Reminded of the clock of an incident'),
    ('questions.answer@1',   'Looked whether questions and complaints are answered in time');
insert into ledger_word
    select 'dag', unnest(array['incidents', 'incident', 'questions']) union all
    select 'task', unnest(array['watch', 'to_triage', 'triage', 'to_supervisor', 'supervisor', 'to_persons', 'persons',
                                'to_closing', 'closing', 'count']) union all
    select 'object', unnest(array['incident', 'findings']) union all
    select 'count', unnest(array['persons', 'known', 'opened', 'open', 'overdue', 'soon', 'incidents', 'asked',
                                 'answered', 'late', 'late_open', 'without_day', 'hours_to_due', 'reminded', 'unreadable',
                                 'oldest_days'])
    on conflict do nothing;

create table incident (
    incident_id   uuid primary key default gen_random_uuid(),
    number        bigint generated always as identity unique,
    discovered_at timestamptz not null,
    registered_at timestamptz not null default clock_timestamp(),
    source        text not null check (source in
                      ('person', 'inventory', 'access_review', 'client_segregation', 'erasure', 'ledger')),
    source_key    text unique check (source_key ~ '^[0-9a-f]{64}$'),   -- of the finding: it opens one incident, once
    check (discovered_at <= registered_at + interval '5 minutes'),
    check ((source = 'person') = (source_key is null))
);

create table incident_step (
    step        bigint generated always as identity primary key,
    incident_id uuid not null references incident,
    at          timestamptz not null default clock_timestamp(),
    what        text not null check (what in (
        'registered', 'described', 'checked', 'confirmed', 'near-miss', 'none', 'to-notify', 'not-to-notify', 'notified',
        'followed-up', 'taken-back', 'client-told', 'warned', 'nis2-notified', 'nis2-reported', 'to-tell', 'not-to-tell',
        'ordered', 'told', 'measures', 'closed', 'reopened')),
    by_whom     text not null check (by_whom ~ '^[A-Za-z0-9_.@-]{1,100}$'),   -- a login, or the name of a task
    detail      jsonb not null default '{}' check (jsonb_typeof(detail) = 'object' and length(detail::text) < 20000),
    entry       bigint not null                                               -- the ledger's intent
);
create index incident_step_of on incident_step (incident_id, step);
create trigger append_only before update or delete or truncate on incident_step
    for each statement execute function append_only();

create view incident_now as
    select i.incident_id, i.number, i.source, i.discovered_at, i.registered_at, s.step, s.what, s.at, s.by_whom,
           s.detail, s.entry
    from incident i join incident_step s using (incident_id);

-- What an officer was asked, and the answer that was taken for a decision: one answer serves one question.
create table incident_question (
    question    bigint generated always as identity primary key,
    incident_id uuid not null references incident,
    asks        text not null check (asks in ('triage', 'supervisor', 'persons', 'closing')),
    digest      text not null check (digest ~ '^[0-9a-f]{64}$'),             -- of everything that is known of it
    dag_id      text not null check (dag_id ~ '^[A-Za-z0-9_.-]{1,250}$'),
    run_id      text not null check (length(run_id) <= 250),                 -- as Airflow made it, else its hash
    asked_at    timestamptz not null default clock_timestamp(),
    unique (incident_id, asks, digest, dag_id, run_id)
);
create table incident_decision (
    question      bigint primary key references incident_question,
    choice        text not null check (length(choice) <= 60),
    responder     text not null check (responder ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    answered_at   timestamptz not null,
    reason_digest text check (reason_digest ~ '^[0-9a-f]{64}$'),
    admitted_at   timestamptz not null default clock_timestamp()
);

-- An incident goes as a whole, some years after it ended.
create function incidents_age_out(ended_before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint;
begin
    create temp table ended on commit drop as
        select incident_id from incident_step group by incident_id
        having (array_agg(what order by step desc))[1] in ('closed', 'none') and max(at) < ended_before;
    delete from incident_decision d using incident_question q
        where q.question = d.question and q.incident_id in (select incident_id from ended);
    delete from incident_question where incident_id in (select incident_id from ended);
    alter table incident_step disable trigger append_only;
    delete from incident_step where incident_id in (select incident_id from ended);
    alter table incident_step enable trigger append_only;
    delete from incident where incident_id in (select incident_id from ended);
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke execute on function incidents_age_out from public;
grant execute on function incidents_age_out to hoeder_incidents;

-- How questions and complaints stood at a look, by source: counts alone.
create table question_count (
    entry       bigint not null,                             -- the ledger's intent
    source      text not null check (source ~ '^[a-z][a-z0-9-]{0,60}$'),
    kind        text not null check (kind in ('question', 'complaint', 'supervisor')),
    counted_at  timestamptz not null default clock_timestamp(),
    since       date not null,
    asked       bigint not null,
    answered    bigint not null,
    late        bigint not null,                             -- answered after their time
    late_open   bigint not null,                             -- open beyond it
    without_day bigint not null,
    oldest_days int,
    primary key (entry, source)
);
create trigger append_only before update or delete or truncate on question_count
    for each statement execute function append_only();

do $$
declare name text;
begin
    foreach name in array array['hoeder_incidents', 'hoeder_questions'] loop
        execute format('grant select, insert on ledger, policy_name to %I', name);
        execute format('grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to %I',
                       name);
    end loop;
end $$;
grant select, insert on incident, incident_step, incident_question, incident_decision to hoeder_incidents;
grant select on incident_now to hoeder_incidents;
grant select on incident, incident_step, incident_now, incident_question, incident_decision, question_count
    to hoeder_audit_report;
grant select, insert on question_count to hoeder_questions;
-- Which messages were found to ask no right, by keyed reference.
grant select on subject_message to hoeder_questions;
-- The findings that can be an incident.
grant select on finding_now, finding, finding_decision, scan to hoeder_incidents;
