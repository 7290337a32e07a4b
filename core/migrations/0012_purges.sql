-- Purges: all of a tenant goes for good, and a receipt stays that tells what went and when, but not whose it was.
-- The steps stand in order at the head of core/purge.py.

-- As before, and the definer may delete: whatever table of tenants' data comes, a purge empties it.
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
    execute format('grant select on %s to sightline_backup', table_name);
    execute format('grant select, delete on %s to sightline_definer', table_name);
end
$$;

-- What is left of a purge. A site that was still installed has it under its new id, and takes it along through
-- further purges; those of sites that are gone are the service's own, of the nil id, hence no reference.
create table purge_receipts (
    tenant_id uuid not null,
    -- The purge's own.
    id uuid not null,
    -- Of the id that the tenant had: SHA-256 of the salt and the id as text, both in hex. Who knows the id can
    -- tell that this is its receipt, and nobody else whose it is.
    tenant_hash text not null check (tenant_hash ~ '^[0-9a-f]{64}$'),
    salt text not null check (salt ~ '^[0-9a-f]{32}$'),
    asked_by text not null check (asked_by in ('site admin', 'operator', 'retention')),
    -- The operator's own words, e.g. the number of a letter.
    reason text check (char_length(reason) <= 500),
    asked_at timestamptz not null,
    begun_at timestamptz not null,
    ended_at timestamptz not null,
    -- Rows by table.
    counts jsonb not null,
    files integer not null check (files >= 0),
    -- The day on which the last backup is removed that was taken before.
    backups_until date not null,
    primary key (tenant_id, id)
);
call protect_tenant_table('purge_receipts');
-- Written once, by the functions below alone.
grant select on purge_receipts to sightline_api, sightline_worker;
grant insert, update on purge_receipts to sightline_definer;

do $$
declare
    name regclass;
begin
    for name in
        select c.oid from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
    loop
        execute format('grant delete on %s to sightline_definer', name);
    end loop;
end
$$;
grant insert on accepted_callbacks to sightline_definer;
grant delete on tenants to sightline_definer;

-- What a purge empties, as the catalogue knows it: every table with a tenant in it but the receipts. Those that
-- refer to others come before these, so that each row is counted where it is and none is looked for twice.
create function purged_tables() returns table (name name)
    language sql stable set search_path = pg_catalog, public, pg_temp
begin atomic
    with recursive own as (
        select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and a.attname = 'tenant_id' and not a.attisdropped and c.relname <> 'purge_receipts'
    ), placed as (
        select oid, 0 as depth from own
        union
        select f.conrelid, placed.depth + 1 from placed
        join pg_constraint f on f.confrelid = placed.oid and f.contype = 'f' and f.conrelid <> f.confrelid
        where placed.depth < 20
    )
    select own.relname from own join placed using (oid)
    group by own.relname order by max(placed.depth) desc, own.relname;
end;

-- Removes all of a tenant and returns the number of rows by table; null where it is not there, or where `token`
-- is not the lease of its running purge `task` (both null: nobody's lease is asked for). With a `successor` the
-- site's connection stays under that id, as does what protects it, the callbacks that could still be sent again.
-- The row of the task is looked at last, so that its lease can be renewed while the rest goes.
create function forget_tenant(tenant uuid, successor uuid, task uuid, token uuid) returns jsonb
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
    site tenants;
    callbacks accepted_callbacks[];
    table_name name;
    removed bigint;
    counts jsonb := '{}';
begin
    select * into site from tenants where id = tenant for update;
    if not found then
        return null;
    end if;
    select array_agg(c) into callbacks from accepted_callbacks c where c.tenant_id = tenant and c.expires_at >= now();
    for table_name in select t.name from purged_tables() t where t.name <> 'tasks' loop
        execute format('delete from %I where tenant_id = $1', table_name) using tenant;
        get diagnostics removed = row_count;
        counts := counts || jsonb_build_object(table_name, removed);
    end loop;
    if token is not null then
        perform from tasks t
        where t.tenant_id = tenant and t.id = task and t.kind = 'purge' and t.state = 'running'
          and t.lease_token = token
        for update;
        if not found then
            return null;
        end if;
    end if;
    delete from tasks where tenant_id = tenant;
    get diagnostics removed = row_count;
    counts := counts || jsonb_build_object('tasks', removed);
    update purge_receipts
    set tenant_id = coalesce(successor, '00000000-0000-0000-0000-000000000000') where tenant_id = tenant;
    delete from tenants where id = tenant;
    if successor is null then
        return counts || '{"tenants": 1}';
    end if;
    site.id := successor;
    insert into tenants select site.*;
    insert into accepted_callbacks
    select successor, c.token_hash, c.body_hash, c.expires_at from unnest(callbacks) c;
    return counts || '{"tenants": 0}';
end
$$;

-- The end of a purge, of which the worker holds the task by its lease: all rows of the tenant go and the receipt
-- is written. Returns no row, and must be rolled back, where the lease is lost. The purge's plan was noted in the
-- task when it began: the salt, the time, and the id under which a site that is still installed goes on.
create function purge_tenant(tenant uuid, task uuid, token uuid, files_removed integer)
    returns setof purge_receipts
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    purge tasks;
    present_state text;
    successor uuid;
    removed jsonb;
begin
    select t.state into present_state from tenants t where t.id = tenant for update;
    select * into purge from tasks t
    where t.tenant_id = tenant and t.id = task and t.kind = 'purge' and t.state = 'running'
      and t.lease_token = token;
    if not found or present_state is null then
        return;
    elsif not purge.params ?& array['begun_at', 'salt', 'successor', 'files'] then
        raise exception 'the purge has no plan';
    end if;
    if present_state <> 'uninstalled' then
        successor := (purge.params ->> 'successor')::uuid;
    end if;
    removed := forget_tenant(tenant, successor, task, token);
    if removed is null then
        return;
    end if;
    return query
        insert into purge_receipts
        select coalesce(successor, '00000000-0000-0000-0000-000000000000'), task,
               encode(sha256(decode(purge.params ->> 'salt', 'hex') || convert_to(tenant::text, 'UTF8')), 'hex'),
               purge.params ->> 'salt',
               case purge.subject when '' then 'site admin' else purge.subject end,
               purge.params ->> 'reason', purge.created_at, (purge.params ->> 'begun_at')::timestamptz,
               clock_timestamp(), removed, (purge.params ->> 'files')::integer + files_removed,
               (clock_timestamp() at time zone 'UTC' + interval '35 days')::date
        returning *;
end
$$;
grant execute on function purge_tenant(uuid, uuid, uuid, integer) to sightline_worker;
call give_to_definer('purge_tenant(uuid, uuid, uuid, integer)');

-- A restored backup holds a tenant that was purged after it was taken: removes it again, the same way. Returns
-- how many tenants fit the hash, which is none where the backup is of a later time, or this was done before.
create function replay_purge(receipt purge_receipts, successor uuid) returns integer
    language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
    tenant uuid;
    removed jsonb;
begin
    select t.id into tenant from tenants t
    where encode(sha256(decode(receipt.salt, 'hex') || convert_to(t.id::text, 'UTF8')), 'hex') = receipt.tenant_hash;
    if tenant is not null then
        removed := forget_tenant(tenant, successor, null, null);
    end if;
    -- The site's id may have changed since by a further purge, which then moves its receipts when it is replayed.
    if not exists (select from purge_receipts r where r.id = receipt.id) then
        insert into purge_receipts select receipt.*;
    end if;
    return (removed is not null)::integer;
end
$$;

-- Says that files of the tenant are being written until the transaction ends. Whoever removes them for good holds
-- the same lock alone; it is not waited for, as there is nothing to be written then. In a transaction with one
-- snapshot for all, whether the tenant is there has to be asked anew elsewhere after this.
create function hold_files(tenant uuid) returns void
    language plpgsql
as $$
begin
    if not pg_try_advisory_xact_lock_shared(hashtextextended('files of ' || tenant, 0))
        or not exists (select from tenants where id = tenant) then
        raise exception 'the files of the tenant are being removed' using errcode = 'SL001';
    end if;
end
$$;
-- Waits until nobody writes files of the tenant, and keeps it so until the transaction ends.
create function hold_files_alone(tenant uuid) returns void
    language sql
    return pg_advisory_xact_lock(hashtextextended('files of ' || tenant, 0));
grant execute on function hold_files(uuid) to sightline_api, sightline_worker;
grant execute on function hold_files_alone(uuid) to sightline_worker;

-- Nobody asks for anything on behalf of a site that is gone or has uninstalled the app: a transaction that began
-- before would be overtaken by the purge or the uninstallation, and leave a task that neither saw. Both hold the
-- tenant's row, as this does. The service's own tasks, and what it has to do after an uninstallation, are others.
create function require_tenant() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    perform from tenants t
    where t.id = new.tenant_id and (t.state = 'active' or new.kind = 'purge')
    for key share;
    if not found then
        raise exception 'the tenant is not active' using errcode = 'SL001';
    end if;
    return new;
end
$$;
create trigger require_tenant before insert on tasks
    for each row when (new.kind in ('export', 'import', 'purge')) execute function require_tenant();
call give_to_definer('require_tenant()');

-- Removes reports as remove_deleted_reports does, and names them.
create function take_deleted_reports(before timestamptz, at_most integer)
    returns table (tenant_id uuid, id uuid)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
    tenants_found uuid[];
    reports_found uuid[];
begin
    select array_agg(tenant_id), array_agg(id) into tenants_found, reports_found
    from (
        select tenant_id, id from reports where deleted_at < before limit at_most for update skip locked
    ) found_reports;
    perform from change_marks where tenant_id = any (tenants_found) order by tenant_id for no key update;
    return query
        delete from reports
        where (tenant_id, id) in (select * from unnest(tenants_found, reports_found))
        returning tenant_id, id;
end
$$;
grant execute on function take_deleted_reports(timestamptz, integer) to sightline_worker;
call give_to_definer('take_deleted_reports(timestamptz, integer)');

-- Writes the purges of sites that uninstalled the app longer ago than the operator keeps their data; returns how
-- many are new. One that is there already, or was asked for otherwise, is left as it is.
create function request_retention_purges(kept_for interval, attempts integer, at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    written integer;
begin
    insert into tasks (tenant_id, id, kind, subject, urgency, state, attempts_allowed)
    select t.id, new_id(), 'purge', 'retention', 5, 'queued', attempts
    from tenants t
    where t.state = 'uninstalled' and t.uninstalled_at < now() - kept_for
      and not exists (
          select from tasks p
          where p.tenant_id = t.id and p.kind = 'purge' and p.subject = 'retention'
            and p.state in ('waiting', 'queued', 'running')
      )
    limit at_most
    on conflict do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;
grant execute on function request_retention_purges(interval, integer, integer) to sightline_worker;
call give_to_definer('request_retention_purges(interval, integer, integer)');

-- An installation takes back what the retention asked for, in its own transaction, and nothing else.
create function keep_reinstalled() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    update tasks
    set state = 'cancelled', lease_token = null, leased_until = null, finished_at = now()
    where tenant_id = new.id and kind = 'purge' and subject = 'retention'
      and state in ('waiting', 'queued', 'running');
    return null;
end
$$;
create trigger keep_reinstalled after update of state on tenants
    for each row when (old.state = 'uninstalled' and new.state <> 'uninstalled')
    execute function keep_reinstalled();
call give_to_definer('keep_reinstalled()');

call give_to_definer('purged_tables()');
call give_to_definer('forget_tenant(uuid, uuid, uuid, uuid)');
call give_to_definer('replay_purge(purge_receipts, uuid)');
