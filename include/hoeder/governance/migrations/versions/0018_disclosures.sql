-- Disclosures to authorities, and fraud files. Nothing here is personal: who it is about are keyed references, the
-- request and what goes out lie encrypted in the vault, and facts on fraud stay in the company's own store.

do $$ declare name text; begin
    foreach name in array array['hoeder_disclosures', 'hoeder_fraud_files'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
        end if;
        execute format('grant usage on schema public to %I', name);
    end loop;
end $$;

insert into activity values
    ('disclosures.receive@1',      'Took in a request of an authority, or an own report of a crime'),
    ('disclosures.check@1',        'Checked whether the authority has the power to ask this'),
    ('disclosures.client@1',       'Told the client whose data are asked, or wrote down why not'),
    ('disclosures.minimise@1',     'Made what may be given, narrowed to what the power covers'),
    ('disclosures.release@1',      'Released data to an authority, after check and second person'),
    ('disclosures.report_crime@1', 'Released data with an own report of a crime'),
    ('disclosures.receipt@1',      'Took down that the recipient has it'),
    ('disclosures.erase@1',        'Erased the copy that was made for the recipient'),
    ('fraud_files.open@1',         'Opened a fraud file on a suspicion, with facts, author and approver'),
    ('fraud_files.decide@1',       'Decided that a suspicion is confirmed or unfounded, or closed a file'),
    ('fraud_files.check@1',        'Looked whether every fraud file is reasoned, in term and closed to others');
insert into ledger_word
    select 'dag', unnest(array['disclosures', 'fraud_files']) union all
    select 'task', unnest(array['receive', 'take_check', 'take_client', 'prepare', 'release', 'conclude', 'check',
                                'judge']) union all
    select 'object', unnest(array['fraud_file', 'fraud_signal', 'fraud_files']) union all
    select 'count', unnest(array['persons', 'fields_asked', 'fields_given', 'fields_withheld', 'records', 'uncertain',
                                 'not_searched', 'bytes', 'no_suspicion', 'one_person', 'undecided', 'past_term',
                                 'readable', 'rows', 'confirmed', 'unfounded'])
    on conflict do nothing;

-- --- disclosures -----------------------------------------------------------------------------------------------------

create table disclosure (
    case_id       uuid primary key default gen_random_uuid(),
    authority     text not null check (authority ~ '^[a-z][a-z_]{1,30}$'),
    power         text not null check (power ~ '^[a-z][a-z0-9-]{0,60}$'),
    own_report    boolean not null,
    compelled     boolean not null,
    document      text not null check (document ~ '^[0-9a-f]{64}$'),     -- SHA-256 of the order; of the facts, if we report
    received_on   date not null,
    verified      text not null check (verified in ('called-back', 'portal', 'in-person', 'not-verified')),
    secret_until  date,                                                  -- hidden from the subject until this day ends
    client        text check (client ~ '^[a-z][a-z0-9-]{0,60}$'),        -- whose data (opdrachtgever); none: our own
    asked         text[] not null check (cardinality(asked) > 0),        -- categories
    fraud_case    uuid,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    taken_in_by   text not null check (taken_in_by ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    taken_in_at   timestamptz not null default clock_timestamp(),
    check (own_report = (fraud_case is not null)),
    check (not own_report or client is null)
);

create table disclosure_step (
    step    bigint generated always as identity primary key,
    case_id uuid not null references disclosure,
    at      timestamptz not null default clock_timestamp(),
    what    text not null check (what in (
        'taken-in', 'subjects', 'checked', 'refused', 'client-told', 'forwarded', 'prepared', 'released', 'received',
        'erased', 'closed')),
    by_whom text not null check (by_whom ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    digest  text check (digest ~ '^[0-9a-f]{64}$'),                      -- of what was asked about, made or received
    detail  jsonb not null default '{}' check (jsonb_typeof(detail) = 'object' and length(detail::text) < 4000)
);
create index disclosure_step_case on disclosure_step (case_id, step);

-- What one preparation gives and withholds: names of fields and numbers of records.
create table disclosure_line (
    case_id  uuid not null references disclosure,
    digest   text not null check (digest ~ '^[0-9a-f]{64}$'),            -- of the preparation
    place    text not null,
    field    text not null,                                              -- '*' where it is about whole records
    category text not null,
    records  bigint not null check (records >= 0),
    withheld text check (withheld in ('beyond-power', 'excluded', 'uncertain', 'not-searched')),  -- null: given
    primary key (case_id, digest, place, field, category)
);

-- Whose data were given, as keyed references of every identity: an access answer asks by them.
create table disclosure_subject (
    case_id      uuid not null references disclosure,
    subject_kind text not null,
    subject_ref  bytea not null check (length(subject_ref) = 16),
    primary key (case_id, subject_kind, subject_ref)
);
create index disclosure_subject_ref on disclosure_subject (subject_kind, subject_ref);

-- The database itself lets nothing out before a check by one person and another one's yes to exactly what was made.
create function disclosure_gate() returns trigger
    language plpgsql security definer set search_path = public as $$
declare checker text; made text;
begin
    perform 1 from disclosure where case_id = new.case_id for update;   -- one step of a case at a time
    select by_whom into checker from disclosure_step where case_id = new.case_id and what = 'checked'
        order by step desc limit 1;
    select digest into made from disclosure_step where case_id = new.case_id and what = 'prepared'
        order by step desc limit 1;
    if checker is null or checker = new.by_whom then
        raise check_violation using message = 'disclosure: nothing is released without a check by somebody else';
    end if;
    if made is null or made is distinct from new.digest then
        raise check_violation using message = 'disclosure: what is released is not what was made';
    end if;
    if exists (select from disclosure_step where case_id = new.case_id
                and what in ('refused', 'forwarded', 'released', 'closed')) then
        raise check_violation using message = 'disclosure: the case is refused, forwarded, released or closed';
    end if;
    if exists (select from disclosure where case_id = new.case_id and client is not null)
       and not exists (select from disclosure_step where case_id = new.case_id and what = 'client-told') then
        raise check_violation using message = 'disclosure: the client comes first';
    end if;
    return new;
end $$;
create trigger gate before insert on disclosure_step
    for each row when (new.what = 'released') execute function disclosure_gate();

-- What may be told to whom it is about: never what a secrecy order hides, as long as it does.
create view disclosure_told with (security_barrier) as
    select s.subject_kind, s.subject_ref, d.case_id, d.authority, d.power, d.own_report, r.at as released_at,
           array(select distinct l.category from disclosure_line l
                  where l.case_id = d.case_id and l.digest = r.digest and l.withheld is null order by 1) as categories
      from disclosure d
      join disclosure_step r on r.case_id = d.case_id and r.what = 'released'
      join disclosure_subject s on s.case_id = d.case_id
     where d.secret_until is null or d.secret_until < (now() at time zone 'Europe/Amsterdam')::date;
grant select on disclosure_told to hoeder_rights, hoeder_disclosures;

create function disclosures_age_out(closed_before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint; ended uuid[]; name text;
begin
    select coalesce(array_agg(case_id), '{}') into ended from disclosure d
     where (d.secret_until is null or d.secret_until < current_date)
       and (select what from disclosure_step s where s.case_id = d.case_id order by step desc limit 1) = 'closed'
       and (select max(at) from disclosure_step s where s.case_id = d.case_id) < closed_before;
    foreach name in array array['disclosure_step', 'disclosure_line', 'disclosure_subject', 'disclosure'] loop
        execute format('alter table %I disable trigger append_only', name);
        execute format('delete from %I where case_id = any($1)', name) using ended;
        execute format('alter table %I enable trigger append_only', name);
    end loop;
    return cardinality(ended);
end $$;

-- --- fraud files -----------------------------------------------------------------------------------------------------

-- A suspicion on which a file opens: the row in the company's store by keyed reference, the facts by their digest.
create table fraud_case (
    case_id       uuid primary key default gen_random_uuid(),
    store         text not null,
    signal        bytea not null unique check (length(signal) = 16),
    suspicion     text not null check (suspicion ~ '^[a-z][a-z0-9-]{0,60}$'),
    facts         text not null check (facts ~ '^[0-9a-f]{64}$'),
    author        text not null check (author ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    proposed_at   timestamptz not null default clock_timestamp()
);
create table fraud_step (
    step    bigint generated always as identity primary key,
    case_id uuid not null references fraud_case,
    at      timestamptz not null default clock_timestamp(),
    what    text not null check (what in ('proposed', 'suspected', 'declined', 'confirmed', 'unfounded', 'closed')),
    by_whom text not null check (by_whom ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    file    bytea check (length(file) = 16)              -- the row that a confirmed one became, by keyed reference
);
create index fraud_step_case on fraud_step (case_id, step);
create function fraud_two_persons() returns trigger
    language plpgsql security definer set search_path = public as $$
begin
    if exists (select from fraud_case where case_id = new.case_id and author = new.by_whom) then
        raise check_violation using message = 'fraud file: the author does not approve it';
    end if;
    return new;
end $$;
create trigger two_persons before insert on fraud_step
    for each row when (new.what = 'suspected') execute function fraud_two_persons();

create table fraud_check (
    fraud_check   bigint generated always as identity primary key,
    checked_at    timestamptz not null default clock_timestamp(),
    on_day        date not null,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    rows          bigint not null,
    entry         bigint not null                      -- the ledger's intent
);
create table fraud_finding (
    fraud_check bigint not null references fraud_check,
    kind        text not null check (kind in ('no-suspicion', 'one-person', 'undecided', 'past-term', 'readable')),
    place       text not null,
    subject     text not null check (subject ~ '^[A-Za-z0-9_.@-]{0,63}$'),  -- the account that can read; else ''
    number      bigint not null check (number > 0),
    primary key (fraud_check, kind, place, subject)
);

create function fraud_cases_age_out(ended_before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare ended uuid[]; name text;
begin
    select coalesce(array_agg(case_id), '{}') into ended from fraud_case c
     where (select what from fraud_step s where s.case_id = c.case_id order by step desc limit 1)
               in ('declined', 'unfounded', 'closed')
       and (select max(at) from fraud_step s where s.case_id = c.case_id) < ended_before;
    foreach name in array array['fraud_step', 'fraud_case'] loop
        execute format('alter table %I disable trigger append_only', name);
        execute format('delete from %I where case_id = any($1)', name) using ended;
        execute format('alter table %I enable trigger append_only', name);
    end loop;
    return cardinality(ended);
end $$;

-- --- grants ----------------------------------------------------------------------------------------------------------

do $$ declare name text; begin
    foreach name in array array['disclosure', 'disclosure_step', 'disclosure_line', 'disclosure_subject'] loop
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function append_only()', name);
        execute format('grant select, insert on %I to hoeder_disclosures', name);
    end loop;
    foreach name in array array['fraud_case', 'fraud_step', 'fraud_check', 'fraud_finding'] loop
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function append_only()', name);
        execute format('grant select, insert on %I to hoeder_fraud_files', name);
        execute format('grant select on %I to hoeder_audit_report', name);
    end loop;
    foreach name in array array['hoeder_disclosures', 'hoeder_fraud_files'] loop
        execute format('grant select, insert on ledger, policy_name to %I', name);
        execute format('grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to %I',
                       name);
        execute format('grant select on hold, hold_subject, hold_scope, active_hold, left_out to %I', name);
    end loop;
end $$;
-- The register for the report: never whose data they are.
grant select on disclosure, disclosure_step, disclosure_line to hoeder_audit_report;
grant select on fraud_case, fraud_step to hoeder_disclosures;  -- an own report needs an open file
revoke execute on function disclosures_age_out, fraud_cases_age_out, disclosure_gate, fraud_two_persons from public;
grant execute on function disclosures_age_out to hoeder_disclosures;
grant execute on function fraud_cases_age_out to hoeder_fraud_files;
