-- The audit trail: who did what to a tenant, and what Jira's lifecycle did to it. It holds ids and addresses
-- of sites, never a report's content, a name or a token.

-- A time-ordered id (RFC 9562, version 7) by this server's clock: 48 bits of milliseconds before random ones,
-- and the version's two bits that a random id (version 4) lacks. PostgreSQL 17 has no function for it.
create function new_id() returns uuid
    language sql volatile parallel safe
    return encode(
        set_bit(
            set_bit(
                overlay(uuid_send(gen_random_uuid())
                        placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                        from 1 for 6),
                52, 1),
            53, 1),
        'hex')::uuid;
grant execute on function new_id() to sightline_api, sightline_worker, sightline_definer;

-- As before; the definer may read the table too, so that the operator's command can count a tenant's rows.
create or replace procedure protect_tenant_table(table_name regclass, tenant_column name default 'tenant_id')
    language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', table_name);
    execute format('alter table %s force row level security', table_name);
    execute format(
        'create policy own_tenant on %s to sightline_api, sightline_worker
             using (%I = nullif(current_setting(''sightline.tenant'', true), '''')::uuid)
             with check (%2$I = nullif(current_setting(''sightline.tenant'', true), '''')::uuid)',
        table_name, tenant_column);
    execute format('create policy definer on %s to sightline_definer using (true) with check (true)', table_name);
    execute format('create policy backup on %s for select to sightline_backup using (true)', table_name);
    execute format('grant select on %s to sightline_backup, sightline_definer', table_name);
end
$$;
grant select on stars to sightline_definer;

create table audit (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null default new_id(),
    -- The moment of writing, not of the transaction's start, so that what one transaction writes stays in order.
    at timestamptz not null default clock_timestamp(),
    event text not null check (event in (
        'installed', 'reinstalled', 'moved', 'uninstalled', 'enabled', 'disabled',
        'sharing-changed', 'report-taken-over',
        'export-requested', 'export-downloaded', 'export-deleted', 'import-applied',
        'purge-requested', 'purge-aborted', 'settings-changed', 'refused'
    )),
    -- Null where no person but Jira itself was the cause.
    account_id text check (char_length(account_id) between 1 and 128),
    host text check (host in ('connect', 'forge')),
    -- The id of the report or task that it is about.
    subject uuid,
    details jsonb not null default '{}'
        check (jsonb_typeof(details) = 'object' and octet_length(details::text) <= 100000),
    primary key (tenant_id, id)
);
call protect_tenant_table('audit');
-- Written once: neither role may change or delete an entry, nor say when it was written. The api adds entries;
-- the worker reads them for the export, and old ones go through remove_old_audit alone.
grant select, insert (tenant_id, event, account_id, host, subject, details) on audit to sightline_api;
grant select on audit to sightline_worker;
grant insert, delete on audit to sightline_definer;

create index audit_by_time on audit (tenant_id, at, id);
-- Whoever is refused again and again at one route, or fetches one file piece by piece, makes one entry a minute
-- (`on conflict do nothing`): a caller that goes on and on cannot fill the table, and the api needs no right to
-- change an entry.
create unique index audit_repeated on audit (
    tenant_id, account_id, event, coalesce(details ->> 'route', subject::text),
    date_bin('1 minute', at, timestamptz '2000-01-01 00:00:00Z')
) where event in ('refused', 'export-downloaded');

-- Removes entries of all tenants that were written before a moment, at most so many at once, and returns how
-- many went.
create function remove_old_audit(before timestamptz, at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    removed integer;
begin
    delete from audit
    where (tenant_id, id) in (
        select a.tenant_id, a.id from audit a where a.at < before limit at_most for update skip locked
    );
    get diagnostics removed = row_count;
    return removed;
end
$$;
grant update on audit to sightline_definer; -- `for update` demands it
grant execute on function remove_old_audit(timestamptz, integer) to sightline_worker;
call give_to_definer('remove_old_audit(timestamptz, integer)');

-- The lifecycle's functions write the trail themselves, so that no change goes without its entry, and have the
-- same signatures as before, as the old release calls them too. They are the definer's, whom an owner without
-- its powers has to become to replace them.
grant insert on tasks to sightline_definer;
grant create on schema public to sightline_definer;
set local role sightline_definer;

-- As before, and leaves an entry for what it did; an event that changes nothing leaves none.
create or replace function install_tenant(
    guessed_id uuid, signing_client_key text, new_base_url text, new_secret bytea, new_secret_key_id text,
    signed_at timestamptz, token bytea, body bytea, expires timestamptz
)
    returns table (id uuid, outcome text)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
    found_tenant tenants;
    is_new boolean;
begin
    insert into tenants (id, client_key, base_url, state, secret, secret_key_id, last_event_at)
    values (guessed_id, signing_client_key, new_base_url, 'active', new_secret, new_secret_key_id, signed_at)
    on conflict (client_key) do nothing;
    is_new := found;
    select * into strict found_tenant from tenants t where t.client_key = signing_client_key for update;
    if found_tenant.id <> guessed_id then
        return query select found_tenant.id, 'mistaken';
        return;
    end if;
    outcome := accept_callback(found_tenant.id, token, body, expires);
    if outcome = 'accepted' and signed_at < found_tenant.last_event_at then
        outcome := 'stale';
    elsif outcome = 'accepted' and is_new then
        insert into audit (tenant_id, event, host, details)
        values (guessed_id, 'installed', 'connect', jsonb_build_object('base_url', new_base_url));
    elsif outcome = 'accepted' then
        update tenants t
        set base_url = new_base_url, state = 'active', secret = new_secret, secret_key_id = new_secret_key_id,
            secret_version = t.secret_version + 1, last_event_at = signed_at, uninstalled_at = null
        where t.id = found_tenant.id;
        insert into audit (tenant_id, event, host, details)
        values (guessed_id, 'reinstalled', 'connect', jsonb_build_object('was', found_tenant.state));
        if found_tenant.base_url <> new_base_url then
            insert into audit (tenant_id, event, host, details)
            values (guessed_id, 'moved', 'connect',
                    jsonb_build_object('from', found_tenant.base_url, 'to', new_base_url));
        end if;
    end if;
    return query select found_tenant.id, outcome;
end
$$;

-- As before, and leaves an entry for what it did. An uninstallation leaves the task of clearing up after it,
-- one for each (its subject is the version that the secret's destruction made), as a second uninstallation
-- may come while the first one's task is at work.
create or replace function change_tenant(
    tenant uuid, event text, checked_version integer, signed_at timestamptz,
    token bytea, body bytea, expires timestamptz
)
    returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    found_tenant tenants;
    outcome text;
    new_state text;
begin
    select * into strict found_tenant from tenants where id = tenant for update;
    if checked_version is not null
        and (found_tenant.secret is null or found_tenant.secret_version <> checked_version) then
        return 'refused';
    end if;
    outcome := accept_callback(tenant, token, body, expires);
    if outcome <> 'accepted' then
        return outcome;
    elsif signed_at < found_tenant.last_event_at then
        return 'stale';
    end if;
    new_state := case event when 'uninstalled' then 'uninstalled' when 'enabled' then 'active'
                            when 'disabled' then 'disabled' end;
    if new_state is null then
        raise exception 'no such event: %', event;
    elsif found_tenant.state = 'uninstalled' then
        return outcome;
    elsif new_state = 'uninstalled' then
        update tenants
        set state = new_state, secret = null, secret_key_id = null, secret_version = secret_version + 1,
            last_event_at = signed_at, uninstalled_at = now()
        where id = tenant;
        insert into tasks (tenant_id, id, kind, subject, urgency, state, attempts_allowed)
        values (tenant, new_id(), 'uninstall-cleanup', (found_tenant.secret_version + 1)::text, 5, 'queued', 5);
    else
        update tenants set state = new_state, last_event_at = signed_at where id = tenant;
    end if;
    if new_state <> found_tenant.state then
        insert into audit (tenant_id, event, host) values (tenant, event, 'connect');
    end if;
    return outcome;
end
$$;

reset role;
revoke create on schema public from sightline_definer;
