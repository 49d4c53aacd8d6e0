-- After an erasure: what to do again on a store that comes back from a backup, and the proof of what was done.

insert into activity values
    ('retention.verify@1',      'Looked again, after a plan was executed, for what it should have erased'),
    ('retention.certificate@1', 'Drew up the certificate of an executed plan'),
    ('retention.replay@1',      'Repeated on a restored store what was done after its backup was taken');
insert into ledger_word
    select 'dag', unnest(array['restore']) union all
    select 'task', unnest(array['verify', 'certify', 'replay']) union all
    select 'count', unnest(array['entries', 'earlier', 'changed', 'remaining', 'restricted', 'stores'])
    on conflict do nothing;

-- What was done to records, as keyed references: a store that is restored brings them back, and this repeats it. An
-- entry is one batch. It is written before the batch is committed and confirmed after it, so that no crash loses one.
create table erasure_journal (
    entry        bigint generated always as identity primary key,
    store        text not null,
    target       text not null,            -- table or prefix/
    rule         text not null,            -- a retention rule, or why else: restriction, suppression
    plan         uuid references plan,
    action       text not null check (action in ('erase', 'null', 'replace', 'anonymize')),
    changes      jsonb not null default '{}',  -- column: constant or coarser step; never a person's value
    named_by     text not null check (named_by in ('record', 'subject')),    -- whose references these are
    refs         bytea not null check (length(refs) % 16 = 0 and length(refs) > 0),  -- 16 bytes each, sorted
    recorded_at  timestamptz not null default clock_timestamp(),
    confirmed_at timestamptz,              -- empty: nobody knows whether the batch was committed
    keep_until   date,                     -- the last day on which a backup can hold the records; empty: not known
    check ((changes = '{}') = (action = 'erase'))
);
create index erasure_journal_store on erasure_journal (store, target);
create index erasure_journal_plan on erasure_journal (plan, rule);

-- An entry ends when no backup can bring its records back.
create function journal_age_out(day date) returns bigint
    language plpgsql security definer set search_path = public as $$
declare gone bigint;
begin
    delete from erasure_journal where keep_until < least(day, current_date + 1);
    get diagnostics gone = row_count;
    return gone;
end $$;
revoke execute on function journal_age_out from public;
grant execute on function journal_age_out to hoeder_retention;

-- What a crash left unconfirmed is settled by the next attempt: of its records some are still there.
create function journal_settle(which bigint, gone bytea) returns void
    language plpgsql security definer set search_path = public as $$
begin
    if exists (select from erasure_journal where entry = which and confirmed_at is not null) then
        raise exception 'journal entry % is confirmed and stays as it is', which;
    end if;
    if gone = '' then
        delete from erasure_journal where entry = which;
    else
        update erasure_journal set refs = gone, confirmed_at = clock_timestamp() where entry = which;
    end if;
end $$;
revoke execute on function journal_settle from public;
grant execute on function journal_settle to hoeder_retention;

grant select, insert on erasure_journal to hoeder_retention;
grant update (confirmed_at) on erasure_journal to hoeder_retention;
grant select (entry, store, target, rule, plan, action, recorded_at, confirmed_at, keep_until) on erasure_journal
    to hoeder_audit_report;

-- The certificate of a plan: its canonical bytes, as the ledger's digest names them, signed.
create table certificate (
    plan      uuid primary key references plan,
    digest    text not null check (digest ~ '^[0-9a-f]{64}$'),
    content   bytea not null,
    made_at   timestamptz not null default clock_timestamp(),
    stored_at timestamptz                  -- under object lock, with its proof
);
grant select, insert on certificate to hoeder_retention;
grant update (stored_at) on certificate to hoeder_retention;
grant select (plan, digest, made_at, stored_at) on certificate to hoeder_audit_report;
