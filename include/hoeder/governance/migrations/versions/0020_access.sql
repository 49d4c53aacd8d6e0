-- Who can see what, and whether each client sees its own alone. Nobody is named: accounts and persons are keyed
-- references, and words come from policy.

do $$
declare name text;
begin
    foreach name in array array['hoeder_access_review', 'hoeder_client_segregation'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I nologin', name);
        end if;
        execute format('grant usage on schema public to %I', name);
    end loop;
end $$;

insert into activity values
    ('access_review.review@1',         'Held who can see what against who needs it'),
    ('access_review.use@1',            'Looked who can read data of one purpose'),
    ('access_review.egress@1',         'Looked which ways lead out of the stores'),
    ('access_review.client_systems@1', 'Looked through the accounts in clients'' own systems'),
    ('access_review.secrecy@1',        'Looked whether everyone signed a confidentiality statement'),
    ('access_review.decide@1',         'Took down what the owner of data decided about access'),
    ('access_review.withdraw@1',       'Took away access as it was decided, and read again'),
    ('client_segregation.check@1',     'Looked at each client''s data as each client''s agents see them');
insert into ledger_word
    select 'dag', unnest(array['access_review', 'client_segregation']) union all
    select 'task', unnest(array['review', 'withdraw', 'look_again', 'check']) union all
    select 'object', unnest(array['access', 'clients']) union all
    select 'count', unnest(array['accounts', 'rights', 'findings', 'working', 'leaver', 'orphan', 'shared', 'superuser',
                                 'public_grant', 'beyond_need', 'other_client', 'no_secrecy', 'no_training',
                                 'attestation_ending', 'use', 'egress', 'client_system', 'staff_list', 'unreadable',
                                 'hours_most', 'kept', 'to_reduce', 'to_remove', 'withdrawn', 'by_hand', 'no_longer',
                                 'not_allowed', 'still_there', 'refused', 'trials', 'apart', 'sees_others', 'sees_less',
                                 'view_around', 'rows_crossed', 'named_in_note', 'stray_object', 'role_missing',
                                 'role_unreadable', 'notes', 'objects'])
    on conflict do nothing;

-- One look at everything. `working` is how many people HR's list had then: a list that shrinks too much is not relied on.
create table access_review (
    review        bigint generated always as identity primary key,
    case_id       uuid not null unique default gen_random_uuid(),
    made_at       timestamptz not null default clock_timestamp(),
    on_day        date not null,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    staff_state   text not null check (staff_state in ('usable', 'empty', 'old', 'short', 'shrunk', 'unreadable')),
    working       int not null check (working >= 0),
    digest        text not null check (digest ~ '^[0-9a-f]{64}$'),   -- over its findings: what an answer is bound to
    dag_id        text,
    run_id        text,
    entry         bigint not null                                    -- the ledger's intent
);

create table access_finding (
    finding     bigint generated always as identity primary key,
    review      bigint not null references access_review,
    item        text not null check (item ~ '^[0-9a-f]{64}$'),       -- the same finding in every review
    kind        text not null check (kind in (
        'leaver', 'orphan', 'shared', 'superuser', 'public-grant', 'beyond-need', 'other-client', 'no-secrecy',
        'no-training', 'attestation-ending', 'use', 'egress', 'client-system', 'staff-list', 'unreadable')),
    system      text not null check (system ~ '^[A-Za-z0-9_.() -]{1,60}$'),
    place       text not null check (length(place) <= 120),          -- a table, group, bucket; never a login
    "right"     text not null check (length("right") <= 60),
    "column"    text,
    client      text check (client ~ '^[a-z][a-z0-9-]{0,60}$'),
    account     text check (account ~ '^[A-Za-z0-9_.*-]{1,100}$'),   -- of a program, a group or everybody; else null
    account_ref bytea check (length(account_ref) = 16),
    person_ref  bytea check (length(person_ref) = 16),
    number      int not null check (number > 0),
    hours       int check (hours >= 0),                              -- since somebody left
    owner       text not null,                                       -- the officer who decides
    proposed    text check (proposed in ('reduce', 'remove')),
    by_machine  boolean not null,                                    -- Hoeder can take it away itself
    unique (review, item)
);

-- What an owner decided; the last one about an item counts, as long as it holds.
create table access_decision (
    decision_id   bigint generated always as identity primary key,
    finding       bigint not null references access_finding,
    item          text not null check (item ~ '^[0-9a-f]{64}$'),
    decision      text not null check (decision in ('keep', 'reduce', 'remove')),
    reason        text not null check (reason in (
        'needed', 'break-glass', 'temporary', 'known-risk', 'as-proposed', 'no-need', 'left', 'shared', 'mistake')),
    until         date,                                              -- of keep: asked again from the day after
    decided_by    text not null check (decided_by ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    answered_at   timestamptz not null,
    reason_digest text check (reason_digest ~ '^[0-9a-f]{64}$'),
    list_digest   text not null check (list_digest ~ '^[0-9a-f]{64}$'),
    decided_at    timestamptz not null default clock_timestamp(),
    entry         bigint not null,
    check ((decision = 'keep') = (until is not null))
);
create index access_decision_item on access_decision (item, decision_id desc);

-- What came of a decision to take away. Not done until it was read again and is gone.
create table access_withdrawal (
    decision_id bigint not null references access_decision,
    at          timestamptz not null default clock_timestamp(),
    outcome     text not null check (outcome in ('gone', 'still-there', 'no-longer', 'by-hand', 'not-allowed')),
    entry       bigint not null,
    primary key (decision_id, at)
);

-- The access register: every right of every account at a review, needed or not.
create table access_right (
    review       bigint not null references access_review,
    system       text not null,
    account_ref  bytea not null check (length(account_ref) = 16),
    person_ref   bytea check (length(person_ref) = 16),
    status       text not null check (status in ('works', 'left', 'unknown', 'none')),
    function     text not null,                                      -- a word of policy
    place        text not null,
    "right"      text not null,
    client       text,
    needed       boolean not null,
    special      boolean not null,                                   -- special categories or citizen service numbers
    last_used_on date
);
create index access_right_review on access_right (review);

-- Findings of the last review as they stand now.
create view access_finding_now as
    select f.*, r.on_day, d.decision, d.reason, d.until, d.decided_by, d.decided_at, w.outcome as withdrawal,
           coalesce(d.decision = 'keep'
                    and d.until >= (clock_timestamp() at time zone 'Europe/Amsterdam')::date, false)
               or coalesce(w.outcome in ('gone', 'no-longer'), false) as settled
    from access_finding f
    join access_review r using (review)
    left join lateral (select * from access_decision d where d.item = f.item order by decision_id desc limit 1) d on true
    left join lateral (select * from access_withdrawal w where w.decision_id = d.decision_id and d.finding = f.finding
                       order by at desc limit 1) w on true
    where f.review = (select max(review) from access_review);

-- Each client's data as each client's agents see them.
create table separation_check (
    "check"       bigint generated always as identity primary key,
    made_at       timestamptz not null default clock_timestamp(),
    on_day        date not null,
    policy_digest text not null check (policy_digest ~ '^[0-9a-f]{64}$'),
    digest        text not null check (digest ~ '^[0-9a-f]{64}$'),
    notes         bigint not null,                                   -- texts that were searched for others' customers
    objects       bigint not null,                                   -- handed to clients, and looked up
    entry         bigint not null
);
create table separation_trial (
    "check" bigint not null references separation_check,
    store   text not null,
    place   text not null,
    client  text not null,
    outcome text not null check (outcome in ('apart', 'no-access', 'sees-others', 'sees-less', 'role-missing',
                                             'role-unreadable')),
    own     bigint,
    others  bigint,
    primary key ("check", store, place, client)
);
create table separation_finding (
    "check" bigint not null references separation_check,
    kind    text not null check (kind in ('sees-others', 'sees-less', 'view-around', 'rows-crossed', 'named-in-note',
                                          'stray-object', 'role-missing', 'role-unreadable')),
    store   text not null,
    place   text not null,
    client  text not null,                                           -- '' where it is about no single client
    number  bigint not null check (number >= 0),
    primary key ("check", kind, store, place, client)
);

do $$
declare name text;
begin
    foreach name in array array['access_review', 'access_finding', 'access_decision', 'access_withdrawal',
                                'access_right'] loop
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function append_only()', name);
        execute format('grant select, insert on %I to hoeder_access_review', name);
        execute format('grant select on %I to hoeder_audit_report', name);
    end loop;
    foreach name in array array['separation_check', 'separation_trial', 'separation_finding'] loop
        execute format('create trigger append_only before update or delete or truncate on %I
                        for each statement execute function append_only()', name);
        execute format('grant select, insert on %I to hoeder_client_segregation', name);
        execute format('grant select on %I to hoeder_audit_report', name);
    end loop;
    foreach name in array array['hoeder_access_review', 'hoeder_client_segregation'] loop
        execute format('grant select, insert on ledger, policy_name to %I', name);
        execute format('grant select on activity, ledger_word, ledger_origin, ledger_checkpoint, ledger_horizon to %I',
                       name);
    end loop;
end $$;
grant select on access_finding_now to hoeder_access_review, hoeder_audit_report;
grant select on attestation, attestation_withdrawal to hoeder_access_review;
-- A finding can be an incident.
grant select on access_finding_now, access_review, separation_check, separation_finding to hoeder_incidents;
-- What was made for clients, to know whose each object is.
grant select on release_version to hoeder_client_segregation;
grant select (return, rule, store, target, client, folder, manifest, rows, files, made_at) on client_return
    to hoeder_client_segregation;

-- Growth: reviews and looks older than a day go, with all that was decided in them; the last ones stay.
create function access_age_out(before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint; name text;
begin
    create temp table old_review on commit drop as
        select review from access_review where on_day < before and review < (select max(review) from access_review);
    foreach name in array array['access_withdrawal', 'access_decision', 'access_finding', 'access_right',
                                'access_review'] loop
        execute format('alter table %I disable trigger append_only', name);
    end loop;
    delete from access_withdrawal where decision_id in (
        select decision_id from access_decision join access_finding using (finding) join old_review using (review));
    delete from access_decision where finding in (select finding from access_finding join old_review using (review));
    delete from access_finding where review in (select review from old_review);
    delete from access_right where review in (select review from old_review);
    delete from access_review where review in (select review from old_review);
    get diagnostics gone = row_count;
    foreach name in array array['access_withdrawal', 'access_decision', 'access_finding', 'access_right',
                                'access_review'] loop
        execute format('alter table %I enable trigger append_only', name);
    end loop;
    return gone;
end $$;
create function separation_age_out(before date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint; name text;
begin
    create temp table old_check on commit drop as
        select "check" from separation_check where on_day < before and "check" < (select max("check") from separation_check);
    foreach name in array array['separation_trial', 'separation_finding', 'separation_check'] loop
        execute format('alter table %I disable trigger append_only', name);
    end loop;
    delete from separation_trial where "check" in (select "check" from old_check);
    delete from separation_finding where "check" in (select "check" from old_check);
    delete from separation_check where "check" in (select "check" from old_check);
    get diagnostics gone = row_count;
    foreach name in array array['separation_trial', 'separation_finding', 'separation_check'] loop
        execute format('alter table %I enable trigger append_only', name);
    end loop;
    return gone;
end $$;
revoke execute on function access_age_out, separation_age_out from public;
grant execute on function access_age_out to hoeder_access_review;
grant execute on function separation_age_out to hoeder_client_segregation;
