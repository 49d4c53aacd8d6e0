-- Letters that go by mail, parts of a copy that are withheld, and which case restricts whom.

insert into activity values
    ('rights.send@1', 'Sent a letter of a case by mail, to an address that stands on file of who asks');
insert into ledger_word
    select 'task', unnest(array['send_letters']) union all
    select 'count', unnest(array['unverified', 'unsent'])
    on conflict do nothing;

-- How a letter went: by mail, or taken out by an officer to be sent. Never to which address.
alter table subject_letter
    add column sent_at  timestamptz,
    add column sent_how text check (sent_how in ('mail', 'hand')),
    add constraint sent_somehow check ((sent_at is null) = (sent_how is null));
grant update (sent_at, sent_how) on subject_letter to hoeder_rights;
create index subject_letter_unsent on subject_letter (written_at) where sent_at is null;

-- A restriction ends with the last case that asks for it. A case that went leaves its rows: the mark then stays.
create table restricted_by (
    case_id      uuid not null,
    subject_kind text not null,
    subject_ref  bytea not null check (length(subject_ref) = 16),
    until        date,
    primary key (case_id, subject_kind, subject_ref)
);
create index restricted_by_subject on restricted_by (subject_kind, subject_ref);
grant select, insert, update (until) on restricted_by to hoeder_rights;

-- With the cases that end go restrictions that ended as long ago.
create or replace function cases_age_out(closed_before date) returns bigint
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
    delete from restricted_by where until < closed_before;
    if exists (select from left_out where ground = 'restriction' and until < closed_before) then  -- waits at the door
        delete from left_out where ground = 'restriction' and until < closed_before;
    end if;
    return gone;
end $$;
