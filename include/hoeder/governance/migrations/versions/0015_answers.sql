-- What a person gets, and who else is told: counts, words of closed lists and digests. The letters and packages
-- themselves lie encrypted in the vault.

insert into activity values
    ('rights.letter@1', 'Wrote a letter in a case'),
    ('rights.seal@1',   'Closed a package with a secret that was shown once');
insert into ledger_word
    select 'count', unnest(array['redacted', 'listed', 'files', 'letters', 'to_send', 'sent', 'answered', 'impossible'])
    on conflict do nothing;

create table subject_letter (
    letter          bigint generated always as identity primary key,
    case_id         uuid not null references subject_case on delete cascade,
    name            text not null check (name ~ '^[a-z][a-z-]{1,40}$'),       -- the template
    version         int not null check (version > 0),
    template_digest text not null check (template_digest ~ '^[0-9a-f]{64}$'), -- of its words without a person's
    language        text not null check (language in ('nl', 'en')),
    reference       bytea not null check (length(reference) = 16),            -- of what it says, keyed
    written_at      timestamptz not null default clock_timestamp(),
    unique (case_id, name, reference)
);

create table subject_package (
    case_id       uuid not null references subject_case on delete cascade,
    asked         text not null check (asked in ('access', 'portability')),
    records       int not null check (records >= 0),
    redacted      int not null check (redacted >= 0),
    listed        int not null check (listed >= 0),
    made_at       timestamptz not null default clock_timestamp(),
    handed_out_at timestamptz,
    digest        text check (digest ~ '^[0-9a-f]{64}$'),                     -- of the sealed archive
    primary key (case_id, asked),
    check ((handed_out_at is null) = (digest is null))
);

-- GDPR 19: a row for each recipient and right. Who the person is, they read in the letter.
create table recipient_notice (
    case_id     uuid not null references subject_case on delete cascade,
    asked       text not null check (asked in ('rectification', 'erasure', 'restriction')),
    recipient   text not null check (recipient ~ '^[a-z][a-z0-9-]*$'),
    letter      bigint not null references subject_letter on delete cascade,
    made_at     timestamptz not null default clock_timestamp(),
    sent_at     timestamptz,
    answered_at timestamptz,
    answer      text check (answer in ('done', 'kept-by-law', 'has-nothing')),
    ground      text check (ground in ('impossible', 'disproportionate')),
    by_whom     text check (by_whom ~ '^[A-Za-z0-9_.@-]{1,100}$'),
    primary key (case_id, asked, recipient),
    check ((answered_at is null) = (answer is null)),
    check (answered_at is null or sent_at is not null),
    check (ground is null or sent_at is null)
);

grant select, insert on subject_letter, subject_package, recipient_notice to hoeder_rights;
grant update (records, redacted, listed, made_at, handed_out_at, digest) on subject_package to hoeder_rights;
grant update (sent_at, answered_at, answer, ground, by_whom) on recipient_notice to hoeder_rights;
grant select on subject_letter, subject_package, recipient_notice to hoeder_audit_report;
