-- What is named by the million lies packed: thousands of references in one value instead of one row each.

-- One row holds any number of references of 16 bytes, one after the other; several rows are one set.
alter table plan_row drop constraint plan_row_pkey;
create index plan_row_part on plan_row (plan, rule);
-- Keyed hashes do not get smaller by compression.
alter table plan_row alter column row_ref set storage external;
alter table erasure_journal alter column refs set storage external;
