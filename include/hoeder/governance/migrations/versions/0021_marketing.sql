-- The marketing gate. Lists are counts and digests here; persons are keyed references.

do $$ begin
    if not exists (select from pg_roles where rolname = 'hoeder_marketing_gate') then
        create role hoeder_marketing_gate nologin;
    end if;
end $$;
grant usage on schema public to hoeder_marketing_gate;

insert into activity values
    ('marketing_gate.opt_out@1', 'Took over who said no, so that it holds under every identity'),
    ('marketing_gate.gate@1',    'Judged a list and let through whom a rule allows'),
    ('marketing_gate.share@1',   'Judged a list for another company, or took over who was passed on, person by person'),
    ('marketing_gate.check@1',   'Looked whether anything went out after an opt-out or without a ground');
insert into ledger_word
    select 'dag', 'marketing_gate' union all
    select 'task', unnest(array['take_over', 'gate', 'check']) union all
    select 'object', 'marketing_gate' union all
    select 'count', unnest(array['listed', 'allowed', 'no_address', 'malformed', 'opted_out', 'restricted', 'duplicate',
                                 'unknown', 'other_address', 'no_consent', 'customer_only', 'not_offered', 'no_proof',
                                 'withdrawn', 'customer', 'consent', 'no_objection', 'persons', 'late', 'deliveries',
                                 'passed_on', 'after_opt_out', 'shared_after_opt_out', 'shared_without_consent',
                                 'unknown_recipient', 'unknown_channel', 'unproven'])
    on conflict do nothing;

-- One judgement of one list. What may be used is a file of which this is the SHA-256; none where nobody may.
create table marketing_gating (
    gating        bigint generated always as identity primary key,
    gated_at      timestamptz not null default clock_timestamp(),
    on_day        date not null,
    list          text not null check (list ~ '^[a-z][a-z0-9-]{0,60}$'),
    channel       text not null check (channel in ('email', 'telephone', 'sms', 'post')),
    recipient     text check (recipient ~ '^[a-z][a-z0-9-]{0,60}$'),      -- the company that gets it; none: ourselves
    source        text not null check (source ~ '^[0-9a-f]{64}$'),
    result        text check (result ~ '^[0-9a-f]{64}$'),
    listed        bigint not null check (listed >= 0),
    allowed       bigint not null check (allowed between 0 and listed),
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    entry         bigint not null,                                        -- the ledger's intent
    check ((result is null) = (allowed = 0))
);
create index marketing_gating_result on marketing_gating (result);
create index marketing_gating_list on marketing_gating (list, channel, gated_at);
create table marketing_reason (
    gating bigint not null references marketing_gating,
    reason text not null check (reason in (
        'no-address', 'malformed', 'opted-out', 'restricted', 'duplicate', 'unknown', 'other-address', 'no-consent',
        'customer-only', 'not-offered', 'no-proof', 'withdrawn', 'customer', 'consent', 'no-objection')),
    number bigint not null check (number > 0),
    primary key (gating, reason)
);

-- One look at what went out.
create table marketing_check (
    marketing_check bigint generated always as identity primary key,
    checked_at      timestamptz not null default clock_timestamp(),
    on_day          date not null,
    from_day        date not null,
    deliveries      bigint not null,
    passed_on       bigint not null,
    policy_digest   text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    entry           bigint not null                                       -- the ledger's intent
);
create table marketing_finding (
    marketing_check bigint not null references marketing_check,
    kind            text not null check (kind in (
        'after-opt-out', 'no-consent', 'no-proof', 'unknown-channel', 'shared-after-opt-out', 'shared-without-consent',
        'unknown-recipient', 'unproven-consent')),
    what            text not null check (what ~ '^[a-z][a-z0-9-]{0,60}$'),  -- a list or company of policy, else other
    channel         text not null check (channel in ('email', 'telephone', 'sms', 'post', 'none')),
    number          bigint not null check (number > 0),
    primary key (marketing_check, kind, what, channel)
);

-- Whose data went to whom: an access answer and a notice by Art. 19 ask here, under any identity of the person.
create table shared_with (
    subject_kind text not null,
    subject_ref  bytea not null check (length(subject_ref) = 16),
    recipient    text not null check (recipient ~ '^[a-z][a-z0-9-]{0,60}$'),
    on_day       date not null,
    gating_entry bigint,                                                  -- null: taken over from the company's own list
    primary key (subject_kind, subject_ref, recipient, on_day)
);

do $$ declare name text; begin
    foreach name in array array['marketing_gating', 'marketing_reason', 'marketing_check', 'marketing_finding'] loop
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function append_only()', name);
        execute format('grant select, insert on %I to hoeder_marketing_gate', name);
        execute format('grant select on %I to hoeder_audit_report', name);
    end loop;
end $$;
create trigger append_only before update or delete or truncate on shared_with
    for each statement execute function append_only();
grant select, insert on shared_with to hoeder_marketing_gate;
grant select on shared_with to hoeder_rights, hoeder_disclosures;
grant select, insert on suppression to hoeder_marketing_gate;
grant select on left_out to hoeder_marketing_gate;
grant select, insert on ledger, policy_name to hoeder_marketing_gate;
grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to hoeder_marketing_gate;

-- Growth: what is older than a day goes.
create function marketing_age_out(before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint := 0; these bigint; name text;
begin
    foreach name in array array['marketing_reason', 'marketing_gating', 'marketing_finding', 'marketing_check',
                                'shared_with'] loop
        execute format('alter table %I disable trigger append_only', name);
    end loop;
    delete from marketing_reason where gating in (select gating from marketing_gating where on_day < before);
    delete from marketing_gating where on_day < before;
    get diagnostics these = row_count; gone := gone + these;
    delete from marketing_finding where marketing_check in (
        select c.marketing_check from marketing_check c where c.on_day < before);
    delete from marketing_check where on_day < before;
    get diagnostics these = row_count; gone := gone + these;
    delete from shared_with where on_day < before;
    get diagnostics these = row_count; gone := gone + these;
    foreach name in array array['marketing_reason', 'marketing_gating', 'marketing_finding', 'marketing_check',
                                'shared_with'] loop
        execute format('alter table %I enable trigger append_only', name);
    end loop;
    return gone;
end $$;
revoke execute on function marketing_age_out from public;
grant execute on function marketing_age_out to hoeder_marketing_gate;
