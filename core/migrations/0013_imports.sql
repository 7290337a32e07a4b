-- Imports: an export's file on its way into a site, in parts; what its check found; what was made of it.

create table imports (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    -- What was asked for last: parts are collected, the file is checked, it is applied.
    step text not null default 'parts' check (step in ('parts', 'check', 'apply')),
    -- The task that does the step, whose state is the import's; null while parts are collected.
    task_id uuid,
    -- Null while it is open: it can still be added to, checked, applied and cancelled.
    ended text check (ended in ('done', 'cancelled')),
    created_at timestamptz not null default now(),
    created_by text not null check (char_length(created_by) between 1 and 128),
    -- Of the last part or request: one that nobody touches for a day is over.
    touched_at timestamptz not null default now(),
    ended_at timestamptz,
    -- What the check found, and the accounts that it found to be nobody here; null until it has ended.
    found jsonb,
    unknown_accounts text[],
    -- How much of each thing it made.
    applied jsonb,
    primary key (tenant_id, id),
    check ((step = 'parts') = (task_id is null)),
    check ((ended is null) = (ended_at is null)),
    check ((found is null) = (unknown_accounts is null)),
    check ((ended is not distinct from 'done') = (applied is not null))
);
call protect_tenant_table('imports');
create index imports_open on imports (tenant_id, touched_at) where ended is null;
create index imports_ended on imports (tenant_id, ended_at) where ended is not null;
grant select, insert, update, delete on imports to sightline_api;
grant select, update, delete on imports to sightline_worker;

-- The parts themselves lie in the store.
create table import_parts (
    tenant_id uuid not null,
    import_id uuid not null,
    number smallint not null check (number between 1 and 256),
    bytes integer not null check (bytes between 1 and 262144),
    sha256 bytea not null check (octet_length(sha256) = 32),
    file text not null,
    primary key (tenant_id, import_id, number),
    foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);
call protect_tenant_table('import_parts');
grant select, insert, update, delete on import_parts to sightline_api;
grant select, delete on import_parts to sightline_worker;

-- What an import makes of a file. It may add to a report's history only what is marked as brought along, and to
-- the audit trail what the api may.
grant insert on report_versions to sightline_worker;
create policy brought_along on report_versions as restrictive for insert to sightline_worker
    with check (imported);
grant insert, update (report_id, version, set_by, set_at) on gadgets to sightline_worker;
grant insert on site_settings to sightline_worker;
grant insert (tenant_id, event, account_id, host, subject, details) on audit to sightline_worker;

-- Names imports of any tenant that are over: open ones that nobody touched since a moment, and ended ones that
-- ended before another.
create function imports_over(untouched_since timestamptz, ended_before timestamptz, at_most integer)
    returns table (tenant_id uuid, id uuid, ended text)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select i.tenant_id, i.id, i.ended from imports i
    where (i.ended is null and i.touched_at < untouched_since)
       or (i.ended is not null and i.ended_at < ended_before)
    order by i.tenant_id, i.id
    limit at_most;
end;
grant execute on function imports_over(timestamptz, timestamptz, integer) to sightline_worker;
call give_to_definer('imports_over(timestamptz, timestamptz, integer)');

-- Whom a worker asks about an import's fields and accounts, and with which secret: only the tenant of an import
-- that it holds by its lease.
create function tenant_of_import(wanted uuid, task uuid, token uuid)
    returns table (client_key text, base_url text, state text, secret bytea, secret_key_id text,
                   secret_version integer)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select t.client_key, t.base_url, t.state, t.secret, t.secret_key_id, t.secret_version
    from tenants t
    join tasks held on held.tenant_id = t.id
    where t.id = wanted and t.state = 'active' and held.id = task and held.kind = 'import'
      and held.state = 'running' and held.lease_token = token;
end;
grant execute on function tenant_of_import(uuid, uuid, uuid) to sightline_worker;
call give_to_definer('tenant_of_import(uuid, uuid, uuid)');
