-- Releases: who is left out of analysis, what earlier versions showed, keys and their end, verdicts, privacy budget.

insert into activity values
    ('anonymization.key@1',    'Destroyed the key of one version''s pseudonyms'),
    ('anonymization.budget@1', 'Reserved privacy budget for one version');
insert into ledger_word
    select 'count', unnest(array['left_out', 'carried', 'attacks', 'risk_per_mille', 'cells', 'keys', 'epsilon_milli',
                                 'left_milli']) on conflict do nothing;

-- Persons whose data are not analysed: restriction (GDPR Art. 18), objection (Art. 21), or a hold on analysis. Legal holds
-- (active_hold) count as well. Rights handling writes here.
create table left_out (
    store        text not null,            -- a store of policy, or '*'
    subject_kind text not null,
    subject_ref  bytea not null check (length(subject_ref) = 16),  -- keyed hash of the subject
    ground       text not null check (ground in ('restriction', 'objection', 'hold')),
    since        date not null default current_date,
    until        date,
    primary key (store, subject_kind, subject_ref, ground)
);

-- The pseudonym key of one version. It is emptied when the version closes; the commitment stays as evidence.
create table release_key (
    release      text not null,
    version      text not null,
    key          bytea check (length(key) = 32),
    commitment   text not null check (commitment ~ '^[0-9a-f]{64}$'),  -- SHA-256 of the key
    made_at      timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    check ((key is null) = (destroyed_at is not null)),
    primary key (release, version)
);
create function a_destroyed_key_stays_destroyed() returns trigger language plpgsql as $$
begin
    if old.key is null or new.key is not null or new.commitment <> old.commitment then
        raise exception 'a key is only ever destroyed, and once';
    end if;
    return new;
end $$;
create trigger destroyed before update on release_key for each row execute function a_destroyed_key_stays_destroyed();

-- Under this key the persons of one release are recognised from version to version, here and nowhere else.
create table release_series (
    release text primary key,
    key     bytea not null check (length(key) = 32)
);

create table release_version (
    release     text not null,
    version     text not null,
    shelf       text not null,
    published_at timestamptz,              -- empty: a run died on the way; counts as shown, cannot be carried over
    expires_on  date not null,
    digest      text not null check (digest ~ '^[0-9a-f]{64}$'),  -- SHA-256 of the file
    recoding    jsonb not null,            -- the step of each column, and the grid of each measure
    verdict     text not null check (verdict in ('anonymous', 'pseudonymous', 'personal')),
    reader      text not null,
    k_reached   int not null,
    primary key (release, version)
);
-- What one group of one version showed, as keyed digests: which persons, with which rows, and which sensitive values.
create table release_group (
    release   text not null,
    version   text not null,
    group_ref bytea not null,
    persons   bytea not null,              -- 8 bytes a person, sorted
    contents  bytea not null,              -- 8 bytes a person and its rows in the group, in the same order
    signature jsonb not null,              -- per sensitive column the digests of the values shown, narrowed by earlier versions
    made_on     date not null,             -- when its rows were first shown
    primary key (release, version, group_ref),
    foreign key (release, version) references release_version on delete cascade
);

-- The privacy budget: reserved before noise is drawn, confirmed after publication, and never given back in between.
create table privacy_budget (
    dataset     text not null,
    release     text not null,
    version     text not null,
    epsilon_micro bigint not null check (epsilon_micro > 0),
    reserved_at timestamptz not null default clock_timestamp(),
    confirmed_at timestamptz,
    reservation  bigint generated always as identity primary key
);

grant select on left_out, active_hold to hoeder_anonymization, hoeder_audit_report;
-- What is kept of a version ends with it; what is kept of an attempt that showed nothing ends at once.
create function forget_expired_versions(of_release text, day date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint;
begin
    delete from release_version where release = of_release and expires_on <= day;
    get diagnostics gone = row_count;
    if gone > 0 and not exists (select from release_version where release = of_release) then
        delete from release_series where release = of_release;
    end if;
    return gone;
end $$;
create function forget_unpublished_version(of_release text, of_version text) returns void
    language sql security definer set search_path = public as $$
    delete from release_version where release = of_release and version = of_version and published_at is null;
$$;
revoke execute on function forget_expired_versions, forget_unpublished_version from public;
grant execute on function forget_expired_versions, forget_unpublished_version to hoeder_anonymization;

grant select, insert on release_key, release_series, release_version, release_group to hoeder_anonymization;
grant select, insert on privacy_budget to hoeder_anonymization;
grant update (key, destroyed_at) on release_key to hoeder_anonymization;
grant update (published_at) on release_version to hoeder_anonymization;
grant update (confirmed_at) on privacy_budget to hoeder_anonymization;
grant select on release_version, privacy_budget to hoeder_audit_report;
