-- Personal data: which accounts' ids were reported to Atlassian and when, the keys under which the ids of a site
-- that left are hashed, and the one way in which an account's id is replaced wherever it stands.

-- The report of a tenant's accounts, a row a cycle: the record of what was reported when, and the schedule, as
-- the row without an end is the next one. It names no account.
create table account_report_cycles (
    tenant_id uuid not null references tenants (id) on delete cascade,
    due_at timestamptz not null,
    begun_at timestamptz,
    ended_at timestamptz,
    -- How long the cycle is, as Atlassian said last.
    period interval not null default interval '7 days' check (period > interval '0'),
    -- Accounts are reported in the order of their hashes: up to here it is done. A kill loses one call at most.
    position bytea,
    calls integer not null default 0,
    -- Calls in a row that Atlassian could not take; the pause between two grows with it.
    troubles integer not null default 0,
    reported integer not null default 0,
    closed integer not null default 0,
    updated integer not null default 0,
    refused integer not null default 0,
    primary key (tenant_id, due_at),
    check (ended_at is null or begun_at is not null)
);
call protect_tenant_table('account_report_cycles');
create unique index account_report_cycles_open on account_report_cycles (tenant_id) where ended_at is null;
grant select, insert, update, delete on account_report_cycles to sightline_worker;
grant insert on account_report_cycles to sightline_definer;

-- The key of a site's hashes, sealed as its shared secret is; made when its accounts are hashed first.
create table account_keys (
    tenant_id uuid primary key references tenants (id) on delete cascade,
    secret bytea not null,
    secret_key_id text not null,
    -- When all that was held then was hashed last; null until it was for the first time.
    hashed_at timestamptz
);
call protect_tenant_table('account_keys');
grant select on account_keys to sightline_api;
grant select, insert, update (hashed_at) on account_keys to sightline_worker;
grant update on account_keys to sightline_definer; -- rotation seals anew

-- The hashes that stand for accounts whose owners have not come back.
create table hashed_accounts (
    tenant_id uuid not null references tenants (id) on delete cascade,
    hash text not null check (hash ~ '^hashed[a-z2-7]{18}$'),
    primary key (tenant_id, hash)
);
call protect_tenant_table('hashed_accounts');
grant select on hashed_accounts to sightline_api;
grant select, insert on hashed_accounts to sightline_worker;

-- Of one account's refusals at one route in one minute one is kept. What all closed accounts are called now is
-- no account.
drop index audit_repeated;
create unique index audit_repeated on audit (
    tenant_id, account_id, event, coalesce(details ->> 'route', subject::text),
    date_bin('1 minute', at, timestamptz '2000-01-01 00:00:00Z')
) where event in ('refused', 'export-downloaded') and account_id <> 'unknown';

-- What the definer changes of a report is nobody's change of it, and goes through its versions by itself.
drop trigger keep_version on reports;
create trigger keep_version after update of name, description, definition, definition_version on reports
    for each row
    when (current_user <> 'sightline_definer'
          and (old.name is distinct from new.name or old.description is distinct from new.description
               or old.definition is distinct from new.definition
               or old.definition_version is distinct from new.definition_version))
    execute function keep_version();

grant update on stars, gadgets, site_settings, imports to sightline_definer;

-- An account as a mapping of ids has it: another one, or itself.
create function account_after(account text, mapping jsonb) returns text
    language sql immutable parallel safe
    return coalesce(mapping ->> account, account);

-- A list of accounts, each once and in its order; closed ones are left out.
create function accounts_after(accounts text[], mapping jsonb) returns text[]
    language sql immutable strict parallel safe
begin atomic
    select coalesce(array_agg(account order by place), '{}')
    from (
        select account_after(given, mapping) as account, min(place) as place
        from unnest(accounts) with ordinality as held (given, place)
        group by 1
    ) mapped
    where account <> 'unknown';
end;

-- A document whose strings that are accounts are replaced.
create function document_after(document jsonb, mapping jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return case jsonb_typeof(document)
        when 'string' then coalesce(mapping -> (document #>> '{}'), document)
        when 'array' then (
            select coalesce(jsonb_agg(document_after(item, mapping) order by place), '[]')
            from jsonb_array_elements(document) with ordinality as held (item, place))
        when 'object' then (
            select coalesce(jsonb_object_agg(key, document_after(value, mapping)), '{}')
            from jsonb_each(document))
        else document
    end;
end
$$;
grant execute on function account_after(text, jsonb), accounts_after(text[], jsonb), document_after(jsonb, jsonb),
    current_tenant() to sightline_definer;

-- Replaces accounts of a tenant by what a mapping says, wherever an id stands by itself. Where the new id is
-- 'unknown' the account is closed: it leaves lists and stars, and stands as 'unknown' where somebody must be
-- named. A report whose administrators are all gone has 'unknown' for one, whom no token names: the site's
-- admins find it by that and take it over. A new version number has open editors read the report anew.
create function replace_accounts(tenant uuid, mapping jsonb, new_version boolean) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    -- A mapping is searched by halves, where a list of its keys would be gone through for each row.
    update reports
    set administrators = coalesce(nullif(accounts_after(administrators, mapping), '{}'), '{unknown}'),
        shared_accounts = accounts_after(shared_accounts, mapping),
        created_by = account_after(created_by, mapping), updated_by = account_after(updated_by, mapping),
        version = version + new_version::integer
    where tenant_id = tenant
      and (mapping ?| administrators or mapping ?| shared_accounts or mapping ? created_by or mapping ? updated_by);
    update report_versions set account_id = account_after(account_id, mapping)
    where tenant_id = tenant and mapping ? account_id;
    delete from stars where tenant_id = tenant and mapping ? account_id and mapping ->> account_id = 'unknown';
    update stars set account_id = account_after(account_id, mapping)
    where tenant_id = tenant and mapping ? account_id;
    update gadgets set set_by = account_after(set_by, mapping) where tenant_id = tenant and mapping ? set_by;
    update site_settings set updated_by = account_after(updated_by, mapping)
    where tenant_id = tenant and mapping ? updated_by;
    update imports i
    set created_by = account_after(created_by, mapping), found = document_after(i.found, mapping),
        applied = document_after(applied, mapping), unknown_accounts = accounts_after(unknown_accounts, mapping)
    where tenant_id = tenant;
    update tasks
    set requested_by = account_after(requested_by, mapping), params = document_after(params, mapping),
        result = document_after(result, mapping)
    where tenant_id = tenant
      and (mapping ? requested_by or document_after(params, mapping) <> params
           or document_after(result, mapping) <> result);
    update audit set account_id = account_after(account_id, mapping), details = document_after(details, mapping)
    where tenant_id = tenant and (mapping ? account_id or document_after(details, mapping) <> details);
end
$$;
call give_to_definer('replace_accounts(uuid, jsonb, boolean)');

-- Writes names, descriptions and definitions from which accounts were taken; `version` null is the report itself,
-- else one of its versions.
create function replace_texts(tenant uuid, texts jsonb, new_version boolean) returns void
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    update reports r
    set name = given.name, name_key = given.name_key, description = given.description,
        definition = given.definition, version = r.version + new_version::integer
    from jsonb_to_recordset(texts)
        as given (report uuid, version integer, name text, name_key text, description text, definition jsonb)
    where r.tenant_id = tenant and r.id = given.report and given.version is null;
    update report_versions v
    set name = given.name, description = given.description, definition = given.definition
    from jsonb_to_recordset(texts)
        as given (report uuid, version integer, name text, description text, definition jsonb)
    where v.tenant_id = tenant and v.report_id = given.report and v.version = given.version;
end
$$;
call give_to_definer('replace_texts(uuid, jsonb, boolean)');

-- The tenant whose task of personal data a worker holds by its lease; null where it does not, or where there is
-- nothing to do: accounts are hashed of a tenant that left, and closed at one that is there. A purge and a
-- reinstall wait until the transaction ends. The task's row is held only by who asks last, so that the lease can be
-- renewed while the work goes on.
create function tenant_of_accounts(task uuid, token uuid, last boolean) returns uuid
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    held tasks;
begin
    select * into held from tasks
    where id = task and kind in ('personal-data-report', 'hash-accounts');
    -- The tenant's row first, as a purge does.
    perform from tenants where id = held.tenant_id and held.kind = case state
        when 'active' then 'personal-data-report' when 'uninstalled' then 'hash-accounts' end
    for share;
    if not found then
        return null;
    end if;
    if last then
        perform from tasks where tenant_id = held.tenant_id and id = task for update;
    end if;
    perform from tasks
    where tenant_id = held.tenant_id and id = task and state = 'running' and lease_token = token;
    return case when found then held.tenant_id end;
end
$$;
grant execute on function tenant_of_accounts(uuid, uuid, boolean) to sightline_worker;
call give_to_definer('tenant_of_accounts(uuid, uuid, boolean)');

-- Takes accounts out of a tenant for a worker that holds its task: every id becomes 'unknown' or a hash, never
-- another account's. `texts` as for replace_texts. Whether it was done.
create function take_accounts_out(task uuid, token uuid, mapping jsonb, texts jsonb) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    tenant uuid := tenant_of_accounts(task, token, false);
    closing boolean := not exists (
        select from jsonb_each_text(mapping) as given (account, replacement) where replacement <> 'unknown');
begin
    if exists (
        select from jsonb_each_text(mapping) as given (account, replacement)
        where replacement !~ '^(unknown|hashed[a-z2-7]{18})$'
    ) then
        raise exception 'accounts may become unknown or hashes only';
    end if;
    if tenant is null then
        return false;
    end if;
    perform replace_texts(tenant, texts, closing);
    perform replace_accounts(tenant, mapping, closing);
    return true;
end
$$;
grant execute on function take_accounts_out(uuid, uuid, jsonb, jsonb) to sightline_worker;
call give_to_definer('take_accounts_out(uuid, uuid, jsonb, jsonb)');

-- Puts an account back where its hash stands, within the caller's transaction of its tenant; whether it stood
-- anywhere. A hash cannot be mistaken for anything else, so that texts need no taking apart.
create function put_account_back(hash text, account text) returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_variable
declare
    tenant uuid := current_tenant();
    pattern text := '%' || hash || '%';
begin
    if account !~ '^[A-Za-z0-9:-]{1,128}$' or account ~ '^(unknown|hashed[a-z2-7]{18})$' then
        raise exception 'this is no account';
    end if;
    delete from hashed_accounts h where h.tenant_id = tenant and h.hash = put_account_back.hash;
    if not found then
        return false;
    end if;
    update reports r
    set name = replace(r.name, hash, account), name_key = replace(r.name_key, hash, lower(account)),
        description = replace(r.description, hash, account),
        definition = replace(r.definition::text, hash, account)::jsonb, version = r.version + 1
    where r.tenant_id = tenant
      and (r.definition::text like pattern or r.name like pattern or r.description like pattern);
    update report_versions v
    set name = replace(v.name, hash, account), description = replace(v.description, hash, account),
        definition = replace(v.definition::text, hash, account)::jsonb
    where v.tenant_id = tenant
      and (v.definition::text like pattern or v.name like pattern or v.description like pattern);
    perform replace_accounts(tenant, jsonb_build_object(hash, account), true);
    return true;
end
$$;
grant execute on function put_account_back(text, text) to sightline_api;
call give_to_definer('put_account_back(text, text)');

-- Whom a worker reports accounts to, and with which secret: only the tenant of the report that it holds by its
-- lease.
create function tenant_of_account_report(task uuid, token uuid)
    returns table (client_key text, base_url text, state text, secret bytea, secret_key_id text,
                   secret_version integer)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select t.client_key, t.base_url, t.state, t.secret, t.secret_key_id, t.secret_version
    from tenants t
    join tasks held on held.tenant_id = t.id
    where t.state = 'active' and t.secret is not null
      and held.id = task and held.kind = 'personal-data-report'
      and held.state = 'running' and held.lease_token = token;
end;
grant execute on function tenant_of_account_report(uuid, uuid) to sightline_worker;
call give_to_definer('tenant_of_account_report(uuid, uuid)');

-- Writes the tasks of the reports that are due, and first cycles: of a site that was installed in the last week
-- at once, which spreads them as it is, of others at some time within a week. How many tasks it wrote.
create function request_account_reports(urgency smallint, attempts integer, at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    requested integer;
begin
    insert into account_report_cycles (tenant_id, due_at)
    select t.id, now() + case when t.installed_at > now() - interval '7 days' then interval '0'
                              else random() * interval '7 days' end
    from tenants t
    where t.state = 'active' and not exists (
        select from account_report_cycles c where c.tenant_id = t.id and c.ended_at is null)
    on conflict do nothing;
    insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed)
    select t.id, new_id(), 'personal-data-report', urgency, 'queued', attempts
    from account_report_cycles c join tenants t on t.id = c.tenant_id
    where c.ended_at is null and c.due_at <= now() and t.state = 'active' and not exists (
        select from tasks k where k.tenant_id = t.id and k.kind = 'personal-data-report'
          and k.state in ('waiting', 'queued', 'running'))
    order by c.due_at limit at_most
    on conflict do nothing;
    get diagnostics requested = row_count;
    return requested;
end
$$;
grant execute on function request_account_reports(smallint, integer, integer) to sightline_worker;
call give_to_definer('request_account_reports(smallint, integer, integer)');

-- Writes the tasks of hashing the accounts of tenants that left before a moment; how many.
create function request_account_hashing(before timestamptz, urgency smallint, attempts integer, at_most integer)
    returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    requested integer;
begin
    insert into tasks (tenant_id, id, kind, urgency, state, attempts_allowed)
    select t.id, new_id(), 'hash-accounts', urgency, 'queued', attempts
    from tenants t left join account_keys a on a.tenant_id = t.id
    where t.state = 'uninstalled' and t.uninstalled_at < before
      and (a.hashed_at is null or a.hashed_at < t.uninstalled_at)
      and not exists (
        select from tasks k where k.tenant_id = t.id and k.kind = 'hash-accounts'
          and k.state in ('waiting', 'queued', 'running'))
    limit at_most
    on conflict do nothing;
    get diagnostics requested = row_count;
    return requested;
end
$$;
grant execute on function request_account_hashing(timestamptz, smallint, integer, integer) to sightline_worker;
call give_to_definer('request_account_hashing(timestamptz, smallint, integer, integer)');
