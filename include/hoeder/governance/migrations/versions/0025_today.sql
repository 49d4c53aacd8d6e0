-- One day for every session. current_date is that of the session's zone: a restriction that a session in Amsterdam places
-- at half past midnight would begin tomorrow for one in UTC, and the night's erasures would not see it.

create function today() returns date language sql stable as $$
    select (now() at time zone 'Europe/Amsterdam')::date
$$;

alter table left_out alter column since set default today();
alter table object_index alter column seen_on set default today();

create or replace view active_hold as
    select subject_kind, subject_ref, min(matter) as matter from hold_subject join hold using (hold)
    where lifted_on is null or lifted_on > today() group by subject_kind, subject_ref;

-- A day that is compared with a moment begins there too.
alter function journal_age_out(date) set timezone = 'Europe/Amsterdam';
alter function cases_age_out(date) set timezone = 'Europe/Amsterdam';
alter function disclosures_age_out(date) set timezone = 'Europe/Amsterdam';
alter function fraud_cases_age_out(date) set timezone = 'Europe/Amsterdam';
alter function incidents_age_out(date) set timezone = 'Europe/Amsterdam';
alter function access_age_out(date) set timezone = 'Europe/Amsterdam';
alter function separation_age_out(date) set timezone = 'Europe/Amsterdam';
alter function marketing_age_out(date) set timezone = 'Europe/Amsterdam';
