-- Copies of identity documents that came along with a request: that there was one, and when it was taken out of the
-- message and destroyed. Nothing of the copy itself; its digest is keyed.

insert into activity values
    ('rights.mask_copy@1',    'Took a copy of an identity document out of a message, so that no number on it stays there'),
    ('rights.destroy_copy@1', 'Destroyed copies of identity documents of a case'),
    ('rights.clocks@1',       'Looked at the clocks of open requests');
insert into ledger_word
    select 'task', unnest(array['take_in', 'fetch_mail', 'clocks', 'keep_house', 'start', 'look_at_indexes']) union all
    select 'object', unnest(array['identity_copy', 'clock']) union all
    select 'count', unnest(array['copies', 'kept', 'discarded', 'destroyed', 'left', 'overdue', 'within_a_week',
                                 'held'])
    on conflict do nothing;

create table identity_copy (
    found_in     uuid not null references subject_case on delete cascade,   -- the case of the message that it hung on
    reference    bytea not null check (length(reference) = 16),             -- keyed digest
    case_id      uuid not null references subject_case on delete cascade,   -- whose identity it is about
    asked_for    boolean not null,
    kept         boolean not null,                                          -- in the vault; else destroyed at once
    taken_in_at  timestamptz not null default clock_timestamp(),
    taken_out_at timestamptz,                                               -- of the message
    destroyed_at timestamptz,
    why          text check (why in ('not-asked', 'not-masked', 'identified', 'not-identified', 'closed', 'term')),
    primary key (found_in, reference),
    check ((destroyed_at is null) = (why is null)),
    check (destroyed_at is null or taken_out_at is not null)
);
create index identity_copy_case on identity_copy (case_id);

-- Whether the term of a closed case's file in the vault has begun.
alter table subject_case add column file_closed boolean not null default false;
grant update (file_closed) on subject_case to hoeder_rights;

-- Columns by which persons are looked for and that no index helps: a search reads the whole table. Names and a statement.
create table lacking_index (
    store       text not null,
    object      text not null,
    column_name text not null,
    statement   text not null check (length(statement) < 1000),
    first_seen  date not null,
    gone_on     date,
    primary key (store, object, column_name)
);
grant select, insert, update (statement, gone_on) on lacking_index to hoeder_rights;
grant select on lacking_index to hoeder_audit_report;

grant select, insert, update (taken_out_at, destroyed_at, why) on identity_copy to hoeder_rights;
grant select on identity_copy to hoeder_audit_report;

-- The clocks and the report ask for the open ones, and these are few.
create index subject_case_received on subject_case (received_at);
