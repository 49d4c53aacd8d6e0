-- The ledger: what was intended, and what came of it. Insert and read; nothing else, for anybody.
--
-- No column takes free text. Words come from closed lists: activities and words from migrations like this one, names of
-- stores, rules and releases from a policy version that was registered before. So a person's data has nowhere to go.

do $$ begin
    if not exists (select from pg_roles where rolname = 'hoeder_evidence_seal') then
        create role hoeder_evidence_seal nologin;
    end if;
end $$;
grant usage on schema public to hoeder_evidence_seal;

-- This ledger's name in checkpoints: two ledgers never share one.
create table ledger_origin (origin text not null);
create unique index one_origin on ledger_origin ((true));
insert into ledger_origin values ('hoeder/' || gen_random_uuid());

create table activity (
    activity    text primary key check (activity ~ '^[a-z_]+\.[a-z_]+@[0-9]+$'),  -- capability.act@version
    description text not null
);
insert into activity values
    ('inventory.scan@1',        'Looked through one store for personal data'),
    ('anonymization.release@1', 'Made, checked and published one release'),
    ('retention.plan@1',        'Planned what is due'),
    ('retention.erase@1',       'Erased what one rule of an approved plan names'),
    ('audit_report.report@1',   'Built the report and stored it under object lock'),
    ('evidence.seal@1',         'Signed the ledger up to its last entry');

create table ledger_word (
    kind text not null check (kind in ('dag', 'task', 'count', 'object')),
    word text not null check (word ~ '^[a-z_]{1,40}$'),
    primary key (kind, word)
);
insert into ledger_word
    select 'dag', unnest(array['inventory', 'anonymization', 'retention', 'audit_report', 'evidence_seal']) union all
    select 'task', unnest(array['scan', 'publish', 'plan', 'erase', 'write', 'seal']) union all
    select 'object', unnest(array['all', 'nl', 'en', 'ledger']) union all
    select 'count', unnest(array[
        'objects', 'rows', 'rows_millions', 'columns', 'personal', 'undeclared', 'not_found', 'unclassified', 'misplaced',
        'failed', 'rows_in', 'rows_out', 'suppressed', 'groups', 'k_required', 'k_reached', 'rules', 'due', 'held',
        'missing_anchor', 'problems', 'planned', 'erased', 'gone', 'remaining', 'files', 'as_of_us', 'entries', 'size']);

-- The names that one version of the policy speaks of.
create table policy_name (
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    name          text not null check (name ~ '^[a-z][a-z0-9_-]{0,60}$'),
    primary key (policy_digest, name)
);

create table ledger (
    entry         bigint primary key,
    recorded_at   timestamptz not null,
    phase         text not null check (phase in ('intent', 'outcome')),
    activity      text not null references activity,
    capability    text not null generated always as (split_part(activity, '.', 1)) stored,
    act           text not null generated always as (split_part(split_part(activity, '.', 2), '@', 1)) stored,
    object        text not null,
    intent        bigint,
    outcome       text check (outcome in
                      ('done', 'nothing', 'partial', 'failed', 'refused', 'rejected', 'unreachable', 'missing')),
    case_id       uuid,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    dag_id        text,
    run_id        text check (run_id ~ '^(manual|scheduled|asset_triggered|backfill)__\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+\d\d:\d\d)?(_[A-Za-z0-9]{8})?$'
                              or run_id ~ '^sha256:[0-9a-f]{64}$'),
    task_id       text,
    actor         text not null,
    subject_ref   bytea check (length(subject_ref) = 16),
    trace_id      bytea check (length(trace_id) = 16),
    span_id       bytea check (length(span_id) = 8),
    counts        jsonb not null,
    digest        text check (digest ~ '^[0-9a-f]{64}$'),
    check ((phase = 'outcome') = (intent is not null)),
    check ((phase = 'outcome') = (outcome is not null))
);
create unique index one_outcome_per_intent on ledger (intent) where phase = 'outcome';
create index ledger_case on ledger (case_id);
create index ledger_run on ledger (dag_id, run_id);
create index ledger_subject on ledger (subject_ref) where subject_ref is not null;

-- Numbers without gaps, in the order of commit: the lock is held until the writer commits. Runs as the owner, so that
-- writers need no more than insert; time and actor are the server's word, not the caller's.
create function ledger_number() returns trigger language plpgsql security definer set search_path = public as $$
declare wrong text; speaker text;
begin
    perform pg_advisory_xact_lock(x'6C656467'::bigint);
    new.entry := coalesce((select max(entry) from ledger), 0) + 1;
    new.recorded_at := clock_timestamp();
    new.actor := session_user;
    if not exists (select from activity where activity = new.activity) then
        raise foreign_key_violation using message = 'ledger: there is no such activity';
    end if;
    speaker := split_part(new.activity, '.', 1);
    speaker := 'hoeder_' || case speaker when 'evidence' then 'evidence_seal' else speaker end;
    if not pg_has_role(session_user, speaker, 'member') then
        raise check_violation using message = 'ledger: this account does not speak for that capability';
    end if;
    if new.dag_id is not null and not exists (select from ledger_word where kind = 'dag' and word = new.dag_id) then
        raise check_violation using message = 'ledger: dag_id is not in the list of DAGs';
    end if;
    if new.task_id is not null and not exists (select from ledger_word where kind = 'task' and word = new.task_id) then
        raise check_violation using message = 'ledger: task_id is not in the list of tasks';
    end if;
    if not exists (select from ledger_word where kind = 'object' and word = new.object)
       and not exists (select from policy_name where policy_digest = new.policy_digest and name = new.object) then
        raise check_violation using message = 'ledger: object is no name of the registered policy';
    end if;
    if new.intent is not null and not exists
            (select from ledger where entry = new.intent and phase = 'intent' and activity = new.activity
               and actor = new.actor) then
        raise foreign_key_violation using message = 'ledger: there is no such intent of this account';
    end if;
    if jsonb_typeof(new.counts) <> 'object' then
        raise check_violation using message = 'ledger: counts is no object';
    end if;
    select key into wrong from jsonb_each(new.counts)
        where not exists (select from ledger_word where kind = 'count' and word = key)
           or jsonb_typeof(value) <> 'number'
           -- a moment in microseconds has sixteen digits; any other count has too few for a person's number
           or value::text !~ case when key = 'as_of_us' then '^\d{16}$' else '^\d{1,8}$' end limit 1;
    if found then
        raise check_violation using message = 'ledger: a count has an unknown name or is no whole number below 100 million';
    end if;
    return new;
end $$;
create trigger number before insert on ledger for each row execute function ledger_number();

-- What the signer has committed to. A tile is up to 256 hashes of one level of the tree (C2SP tlog-tiles).
create table ledger_checkpoint (
    size      bigint primary key check (size > 0),
    root      bytea not null check (length(root) = 32),
    note      text not null,
    signed_at timestamptz not null default clock_timestamp()
);

-- Entries below the horizon may age out, and only those: a signed checkpoint commits to them.
create table ledger_horizon (entry bigint not null, raised_at timestamptz not null default clock_timestamp());
create function horizon_behind_a_checkpoint() returns trigger language plpgsql as $$
begin
    if not exists (select from ledger_checkpoint where size >= new.entry) then
        raise exception 'the horizon % is not behind a signed checkpoint', new.entry;
    end if;
    return new;
end $$;
create trigger behind before insert on ledger_horizon for each row execute function horizon_behind_a_checkpoint();

create function append_only() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and tg_level = 'ROW' and tg_table_name = 'ledger' then
        if old.entry <= coalesce((select max(entry) from ledger_horizon), 0) then
            return old;
        end if;
    end if;
    raise exception 'the % is append-only: % refused', tg_table_name, tg_op;
end $$;
create trigger append_only before update or delete on ledger for each row execute function append_only();
create trigger no_truncate before truncate on ledger for each statement execute function append_only();
create trigger append_only before update or delete or truncate on ledger_checkpoint
    for each statement execute function append_only();
create trigger append_only before update or delete or truncate on ledger_origin
    for each statement execute function append_only();
create trigger append_only before update or delete or truncate on ledger_horizon
    for each statement execute function append_only();

-- A person's key: while it stands, entries can be tied to the person who asks; destroying it cuts the tie for good.
create table subject_key (
    subject_ref bytea primary key check (length(subject_ref) = 16),  -- keyed hash of the subject
    key         bytea not null check (length(key) = 32)
);

do $$
declare role text;
begin
    foreach role in array array['inventory', 'anonymization', 'retention', 'audit_report', 'evidence_seal'] loop
        execute format('grant select, insert on ledger, policy_name to %I', 'hoeder_' || role);
        execute format('grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to %I',
                       'hoeder_' || role);
    end loop;
end $$;
grant insert on ledger_checkpoint to hoeder_evidence_seal;
grant select, insert, delete on subject_key to hoeder_retention;

-- Growth: entries older than a day go, up to the last checkpoint at most; the last entry always stays. For the owner.
create function ledger_age_out(before timestamptz) returns bigint language plpgsql as $$
declare upto bigint;
begin
    perform pg_advisory_xact_lock(x'6C656467'::bigint);
    select max(entry) into upto from ledger where recorded_at < before
        and entry <= (select coalesce(max(size), 0) from ledger_checkpoint)
        and entry < (select max(entry) from ledger)
        and entry < coalesce((select min(entry) from ledger i where phase = 'intent'
                              and not exists (select from ledger o where o.intent = i.entry)), 9223372036854775807);
    if upto is null or upto <= coalesce((select max(entry) from ledger_horizon), 0) then
        return 0;
    end if;
    insert into ledger_horizon (entry) values (upto);
    delete from ledger where entry <= upto;
    return upto;
end $$;
revoke execute on function ledger_age_out from public;
