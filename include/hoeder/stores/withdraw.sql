-- Functions by which Hoeder takes access away, for the owner of a database to install: psql -f withdraw.sql. Whoever may
-- call them can take away and do nothing else; each refuses superusers, owners of tables, and the caller's own account.
create schema if not exists hoeder_access;
revoke all on schema hoeder_access from public;

create or replace function hoeder_access.refuse(account name) returns void
    language plpgsql stable security definer set search_path = pg_catalog as $$
begin
    if not exists (select from pg_roles where rolname = account) then
        raise undefined_object using message = 'hoeder_access: there is no such account';
    end if;
    if account = session_user then
        raise insufficient_privilege using message = 'hoeder_access: an account does not take away its own access';
    end if;
    if exists (select from pg_roles where rolname = account and (rolsuper or rolreplication)) then
        raise insufficient_privilege using message = 'hoeder_access: a superuser or replicating account is closed by hand';
    end if;
    if exists (select from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = account)
       or exists (select from pg_database d join pg_roles r on r.oid = d.datdba where r.rolname = account) then
        raise insufficient_privilege using message = 'hoeder_access: an owner of tables or databases is closed by hand';
    end if;
end $$;

-- No more logins, no password; who could become this account no longer can; and what is open now ends.
create or replace function hoeder_access.close_account(account name) returns void
    language plpgsql security definer set search_path = pg_catalog as $$
declare given record;
begin
    perform hoeder_access.refuse(account);
    execute format('alter role %I nologin password null', account);
    for given in select g.rolname as grantor, p.rolname as member from pg_auth_members m
                 join pg_roles g on g.oid = m.grantor join pg_roles p on p.oid = m.member
                 where m.roleid = quote_ident(account)::regrole loop
        execute format('revoke %I from %I granted by %I', account, given.member, given.grantor);
    end loop;
    perform pg_terminate_backend(pid) from pg_stat_activity where usename = account;
end $$;

create or replace function hoeder_access.leave_group(account name, grp name) returns void
    language plpgsql security definer set search_path = pg_catalog as $$
declare given record;
begin
    perform hoeder_access.refuse(account);
    for given in select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.grantor
                 where m.roleid = quote_ident(grp)::regrole and m.member = quote_ident(account)::regrole loop
        execute format('revoke %I from %I granted by %I', grp, account, given.rolname);
    end loop;
end $$;

-- A right on a table or one column of it, from an account or from everybody (account is null).
create or replace function hoeder_access.take_right(account name, place regclass, col name, privilege text) returns void
    language plpgsql security definer set search_path = pg_catalog as $$
declare what text;
begin
    if privilege not in ('select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain') then
        raise invalid_parameter_value using message = 'hoeder_access: no such right';
    end if;
    if account is not null then
        perform hoeder_access.refuse(account);
    end if;
    what := privilege || case when col is null then '' else format('(%I)', col) end;
    if account is null then
        execute format('revoke %s on %s from public', what, place);
    else
        execute format('revoke %s on %s from %I', what, place, account);
    end if;
end $$;

revoke all on all functions in schema hoeder_access from public;
