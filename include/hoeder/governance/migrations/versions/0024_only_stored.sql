-- GDPR 18: what may only be stored goes to nobody who may be told no. A place can have records of both kinds.

alter table disclosure_line
    drop constraint disclosure_line_withheld_check,
    add constraint disclosure_line_withheld_check
        check (withheld in ('beyond-power', 'excluded', 'restricted', 'uncertain', 'not-searched'));  -- null: given
alter table disclosure_line drop constraint disclosure_line_pkey;
create unique index disclosure_line_once
    on disclosure_line (case_id, digest, place, field, category, coalesce(withheld, ''));
