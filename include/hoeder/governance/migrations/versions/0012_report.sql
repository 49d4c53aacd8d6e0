-- The report: about which days it is, that it was sent, and which review of a hold stood when.

insert into activity values
    ('audit_report.mail@1', 'Told by mail that there is a new report');
insert into ledger_word
    select 'task', unnest(array['refresh', 'assess', 'send']) union all
    select 'count', unnest(array['first_day', 'last_day', 'recipients', 'entries'])
    on conflict do nothing;

-- A review moves the day of the next one. A report about an earlier moment tells the day that stood then.
create table hold_review_was (
    hold       bigint not null references hold,
    review_by  date not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (hold, changed_at)
);
create function hold_review_remembered() returns trigger
    language plpgsql security definer set search_path = public as $$
begin
    insert into hold_review_was (hold, review_by) values (old.hold, old.review_by);
    return null;
end $$;
revoke execute on function hold_review_remembered from public;
create trigger remembered after update of review_by on hold
    for each row when (old.review_by is distinct from new.review_by) execute function hold_review_remembered();
grant select on hold_review_was to hoeder_audit_report;
