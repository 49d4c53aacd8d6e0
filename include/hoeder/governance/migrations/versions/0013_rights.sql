-- Requests of data subjects. Nothing here is personal: who asks is a keyed reference, what they wrote stays in the
-- mailbox, and what a person decided is a word of a closed list.

do $$ begin
    if not exists (select from pg_roles where rolname = 'hoeder_rights') then
        create role hoeder_rights nologin;
    end if;
end $$;
grant usage on schema public to hoeder_rights;

insert into activity values
    ('rights.receive@1',  'Took in a request of a data subject'),
    ('rights.forward@1',  'Passed a request on to the client whose customer asks'),
    ('rights.identify@1', 'Established who asks'),
    ('rights.find@1',     'Looked for a person in every store'),
    ('rights.decide@1',   'Decided what is done per category, with its ground'),
    ('rights.carry_out@1','Carried out a decision'),
    ('rights.notify@1',   'Told a recipient (GDPR 19)'),
    ('rights.answer@1',   'Answered a request'),
    ('rights.extend@1',   'Told a person that the answer takes longer, and why'),
    ('rights.verify@1',   'Looked again whether what should be gone or marked is'),
    ('rights.close@1',    'Closed a case');
insert into ledger_word
    select 'dag', unnest(array['subject_requests', 'subject_request']) union all
    select 'task', unnest(array['intake', 'confirm', 'identify', 'find', 'judge', 'decide', 'carry_out', 'answer',
                                'verify_case', 'close', 'check_clocks']) union all
    select 'object', unnest(array['request', 'access', 'rectification', 'restriction', 'erasure', 'objection',
                                  'portability', 'withdrawal']) union all
    select 'count', unnest(array['requests', 'duplicates', 'doubts', 'records', 'possible', 'places', 'unreachable',
                                 'carried_out', 'withheld', 'days_to_due', 'days_taken', 'recipients', 'reminded',
                                 'automatic', 'no_request', 'too_old', 'opted_out'])
    on conflict do nothing;

create table subject_case (
    case_id        uuid primary key default gen_random_uuid(),
    received_at    timestamptz not null,
    channel        text not null check (channel in ('mail', 'letter', 'contact-form', 'telephone', 'desk')),
    message_digest text check (message_digest ~ '^[0-9a-f]{64}$'),   -- to know the same message again
    subject_ref    bytea check (length(subject_ref) = 16),           -- who asks, keyed; to know the same person again
    language       text not null default 'nl' check (language in ('nl', 'en')),
    policy_digest  text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    stores         text[] not null check (cardinality(stores) > 0),  -- frozen: all of them are searched, or it stays open
    taken_in_at    timestamptz not null default clock_timestamp(),
    check (received_at <= taken_in_at + interval '5 minutes')
);
create unique index one_case_per_message on subject_case (message_digest);

create table subject_step (
    step    bigint generated always as identity primary key,
    case_id uuid not null references subject_case,
    at      timestamptz not null default clock_timestamp(),
    what    text not null check (what in (
        'proposed', 'duplicate', 'confirmed', 'forwarded', 'identity-asked', 'identified', 'not-identified',
        'clarification-asked', 'clarified', 'extended', 'searched', 'judged', 'decided', 'carried-out', 'notified',
        'answered', 'verified', 'closed', 'reopened')),
    by_whom text not null check (by_whom ~ '^[A-Za-z0-9_.@-]{1,100}$'),   -- a login, or the name of a task
    detail  jsonb not null default '{}' check (jsonb_typeof(detail) = 'object' and length(detail::text) < 20000)
);
create index subject_step_case on subject_step (case_id, step);

-- What the last search of a case saw, by place: counts and keyed references.
create table subject_match (
    case_id   uuid not null references subject_case,
    reference bytea not null check (length(reference) = 16),
    store     text not null,
    target    text not null,
    certainty text not null check (certainty in ('certain', 'possible', 'confirmed', 'refused')),
    agrees    text[] not null,
    differs   text[] not null,
    found_at  timestamptz not null default clock_timestamp(),
    primary key (case_id, reference)
);

create trigger append_only before update or delete or truncate on subject_step
    for each statement execute function append_only();

-- Messages that were looked at, by keyed reference of where they lie: each is taken in once.
create table subject_message (
    reference bytea primary key check (length(reference) = 16),
    became    text not null check (became in ('case', 'duplicate', 'automatic', 'no-request', 'too-old')),
    case_id   uuid references subject_case on delete set null,
    seen_at   timestamptz not null default clock_timestamp()
);

-- Who must not be approached, or not be shared with related companies. A keyed hash of every identity: it outlives the
-- record it came from, so that the same person is known again after an erasure, a re-import or a restore.
create table suppression (
    scope        text not null check (scope in ('marketing', 'sharing')),
    subject_kind text not null,
    subject_ref  bytea not null check (length(subject_ref) = 16),
    since        timestamptz not null default clock_timestamp(),
    case_id      uuid references subject_case on delete set null,
    primary key (scope, subject_kind, subject_ref)
);

-- A case ends with its own term: the file goes as a whole.
create function cases_age_out(closed_before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint;
begin
    create temp table ended on commit drop as
        select case_id from subject_step group by case_id
        having (array_agg(what order by step desc))[1] = 'closed' and max(at) < closed_before;
    alter table subject_step disable trigger append_only;
    delete from subject_step where case_id in (select case_id from ended);
    alter table subject_step enable trigger append_only;
    delete from subject_match where case_id in (select case_id from ended);
    delete from subject_case where case_id in (select case_id from ended);
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke execute on function cases_age_out from public;
grant execute on function cases_age_out to hoeder_rights;

grant select, insert on subject_case, subject_step, subject_match, subject_message to hoeder_rights;
grant update (certainty, agrees, differs, found_at), delete on subject_match to hoeder_rights;
grant select on subject_case, subject_step, subject_match, subject_message to hoeder_audit_report;
grant select, insert, update (until) on left_out to hoeder_rights;
grant select, insert, delete on suppression to hoeder_rights;
grant select on suppression to hoeder_audit_report;
grant select on hold, hold_subject, hold_scope, active_hold to hoeder_rights;
grant select, insert on ledger, policy_name to hoeder_rights;
grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to hoeder_rights;
grant select, insert, delete on subject_key to hoeder_rights;
