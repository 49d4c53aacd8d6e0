-- What is carried out of a request: as keyed references, so that an attempt that a crash ended is finished, and so that
-- what a backup brings back goes again.

insert into ledger_word
    select 'count', unnest(array['records', 'erased', 'held', 'needed', 'withheld', 'objects', 'marked', 'changed',
                                 'statements', 'remaining'])
    on conflict do nothing;

-- Exactly the records that an officer granted to erase, written before the first of them goes. What is left of them
-- after a crash is erased under the same decision, and nothing else.
create table subject_erasure (
    case_id    uuid not null references subject_case on delete cascade,
    digest     text not null check (digest ~ '^[0-9a-f]{64}$'),
    refs       bytea not null check (length(refs) % 16 = 0),     -- 16 bytes each, sorted
    written_at timestamptz not null default clock_timestamp(),
    primary key (case_id, digest)
);

grant select, insert on subject_erasure to hoeder_rights;
grant select (case_id, digest, written_at) on subject_erasure to hoeder_audit_report;
grant select, insert, update (confirmed_at) on erasure_journal to hoeder_rights;
grant execute on function journal_settle to hoeder_rights;
grant select, insert, update, delete on object_index to hoeder_rights;
