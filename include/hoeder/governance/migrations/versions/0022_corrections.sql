-- A backup brings wrong values back as well. The journal names which corrections are lost then, by case; the values stay
-- in the case's file. A restored store is worked with again only after an officer said that they were made again.

insert into activity values
    ('retention.ready@1', 'Said whether a restored store may be worked with again');
insert into ledger_word
    select 'task', unnest(array['corrections', 'ask_dpo', 'ready']) union all
    select 'count', unnest(array['corrections', 'cases'])
    on conflict do nothing;

alter table erasure_journal
    add column case_id uuid,               -- of a correction: the request whose file holds the values
    drop constraint erasure_journal_action_check,
    drop constraint erasure_journal_check,
    add constraint erasure_journal_action_check
        check (action in ('erase', 'null', 'replace', 'anonymize', 'rectified')),
    add constraint erasure_journal_changes_check check ((changes = '{}') = (action in ('erase', 'rectified'))),
    add constraint erasure_journal_case_check check ((case_id is not null) = (action = 'rectified'));
grant select (case_id) on erasure_journal to hoeder_audit_report;
