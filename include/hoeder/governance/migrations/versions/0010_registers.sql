-- Registers of processing (GDPR Art. 30) by version, what held them against the inventory found, and attestations.

do $$ begin
    if not exists (select from pg_roles where rolname = 'hoeder_registers') then
        create role hoeder_registers nologin;
    end if;
end $$;
grant usage on schema public to hoeder_registers;

insert into activity values
    ('registers.version@1',  'Wrote down a new version of one register'),
    ('registers.check@1',    'Held the registers against the last inventory and the attestations'),
    ('registers.attest@1',   'Took down what a person states, with the digest of the document'),
    ('registers.withdraw@1', 'Withdrew an attestation');
insert into ledger_word
    select 'task', unnest(array['refresh', 'registers']) union all
    select 'object', unnest(array['controller', 'registers']) union all
    select 'count', unnest(array['version', 'activities', 'changes', 'findings', 'not_found', 'not_registered', 'no_basis',
                                 'no_term', 'no_condition', 'no_statute', 'no_safeguard', 'no_agreement', 'not_scanned',
                                 'attestation_missing', 'attestation_expiring', 'attestation_expired',
                                 'attestation_short', 'days'])
    on conflict do nothing;

-- The content of a register as canonical JSON (RFC 8785). Its digest is the ledger's. A version stands until the next.
create table register_version (
    register      text not null check (register ~ '^(controller|client-[a-z][a-z0-9-]{0,50})$'),
    version       int not null check (version > 0),
    valid_from    date not null,
    digest        text not null check (digest ~ '^[0-9a-f]{64}$'),  -- SHA-256 of the content
    content       bytea not null,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    entry         bigint not null,                     -- the ledger's intent
    made_at       timestamptz not null default clock_timestamp(),
    primary key (register, version)
);

-- One comparison with the last inventory, and what it found; a comparison that says what the last one said is not kept.
create table register_check (
    register_check bigint generated always as identity primary key,
    checked_at    timestamptz not null default clock_timestamp(),
    on_day        date not null,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    scans         bigint[] not null,                   -- the last finished scan of each store that has one
    digest        text not null check (digest ~ '^[0-9a-f]{64}$'),  -- over findings and scans
    entry         bigint not null                      -- the ledger's intent
);
create table register_finding_kind (kind text primary key, description text not null);
insert into register_finding_kind values
    ('not-found',            'In the register, and the inventory did not find it'),
    ('not-registered',       'Personal data that the inventory found and no register speaks of'),
    ('not-scanned',          'A store of the register that no inventory has read yet'),
    ('no-basis',             'A processing without legal basis (GDPR Art. 6)'),
    ('no-condition',         'Special categories without a condition (GDPR Art. 9(2))'),
    ('no-statute',           'Citizen service numbers without a statute (UAVG 46)'),
    ('no-term',              'Personal data without a retention term'),
    ('no-safeguard',         'A transfer outside the EEA without an instrument (GDPR Art. 44)'),
    ('no-agreement',         'A processor or client without a processing agreement (GDPR Art. 28(3))'),
    ('attestation-missing',  'Policy asks for an attestation, and there is none'),
    ('attestation-expiring', 'An attestation ends soon'),
    ('attestation-expired',  'An attestation has ended'),
    ('attestation-short',    'An attestation does not cover every store that it has to');
create table register_finding (
    register_check bigint not null references register_check,
    kind     text not null references register_finding_kind,
    register text not null,                            -- '' where it is about no single register
    subject  text not null check (subject ~ '^[a-z0-9-]{0,60}$'),  -- a processing, recipient or kind of attestation
    place    text not null,                            -- store.table, store:prefix/, with .column where it is one
    detail   text not null check (detail ~ '^[A-Za-z0-9_. ():/-]{0,80}$'),  -- a category, country or date; never a value
    primary key (register_check, kind, register, subject, place, detail)
);
create view register_finding_now as
    select f.* from register_finding f
    where f.register_check = (select max(register_check) from register_check);

-- What a person states: who, when, which document by its digest, valid until. Withdrawing is a row of its own.
create table attestation (
    attestation   uuid primary key default gen_random_uuid(),  -- the ledger's case
    kind          text not null check (kind ~ '^[a-z][a-z0-9-]{0,60}$'),
    attested_by   text not null check (attested_by ~ '^[A-Za-z0-9_.@ -]{1,60}$'),  -- a function or a login
    attested_at   timestamptz not null default clock_timestamp(),
    document      text not null check (document ~ '^[0-9a-f]{64}$'),  -- SHA-256; the document itself stays where it is
    bytes         bigint not null check (bytes > 0),
    media_type    text not null check (media_type ~ '^[a-z]+/[a-z0-9.+-]{1,80}$'),
    scope         text[] not null default '{}',        -- stores of policy that it speaks of; empty: no scope asked
    valid_from    date not null,
    valid_until   date not null check (valid_until >= valid_from),
    digest        text not null check (digest ~ '^[0-9a-f]{64}$'),  -- over all of the above, as the ledger has it
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    entry         bigint not null                      -- the ledger's intent
);
create table attestation_withdrawal (
    attestation   uuid primary key references attestation,
    reason        text not null check (reason in ('mistake', 'replaced', 'revoked')),
    withdrawn_by  text not null check (withdrawn_by ~ '^[A-Za-z0-9_.@ -]{1,60}$'),
    withdrawn_at  timestamptz not null default clock_timestamp(),
    entry         bigint not null
);

do $$
declare name text;
begin
    foreach name in array array['register_version', 'register_check', 'register_finding', 'attestation',
                                'attestation_withdrawal'] loop
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function append_only()', name);
        execute format('grant select, insert on %I to hoeder_registers', name);
        execute format('grant select on %I to hoeder_audit_report', name);
    end loop;
end $$;
grant select on register_finding_kind, register_finding_now to hoeder_registers, hoeder_audit_report;

-- What the registers are held against, and what their views tell of.
grant select on scan, scanned_object, scanned_column, scanned_rule, scanned_client to hoeder_registers;
grant select, insert on ledger, policy_name to hoeder_registers;
grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to hoeder_registers;
