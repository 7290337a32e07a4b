-- Roles, tenants and reports, and the fence between tenants that every later table stands behind.
--
-- A later migration that adds a table of tenants' data writes
--     create table things (tenant_id uuid not null references tenants (id) on delete cascade, …,
--                          primary key (tenant_id, id));
--     call protect_tenant_table('things');
--     grant select, insert on things to sightline_api;
-- and every key and index of it begins with tenant_id, as every query is about one tenant.

-- Roles belong to the whole cluster, which may hold several of our databases: they may be there already, or
-- come into being at this moment from another database. None gets a password here; whoever provisions the
-- servers sets it.
do $$
declare
    role record;
begin
    for role in
        select * from (values
            ('sightline_api', 'login'),
            ('sightline_worker', 'login'),
            ('sightline_backup', 'login'),
            ('sightline_definer', 'nologin')
        ) as wanted (name, kind)
        where not exists (select from pg_roles where rolname = wanted.name)
    loop
        begin
            execute format('create role %I %s noinherit', role.name, role.kind);
        exception
            when duplicate_object or unique_violation then null;
        end;
        -- Only a role that bypasses row security itself may hand that out. Without it the policies of
        -- protect_tenant_table give these two the same reach, which is why they exist.
        if role.name in ('sightline_definer', 'sightline_backup') then
            begin
                execute format('alter role %I bypassrls', role.name);
            exception
                when insufficient_privilege then null;
            end;
        end if;
    end loop;
end
$$;

-- Handing functions to the definer needs membership of it, which a superuser has anyway.
do $$
begin
    if not pg_has_role(current_user, 'sightline_definer', 'set') then
        execute format('grant sightline_definer to %I with inherit false, set true', current_user);
    end if;
end
$$;

-- Nobody may put a function or table in the way of ours, and nothing is anyone's by default.
revoke all on schema public from public;
grant usage on schema public to sightline_api, sightline_worker, sightline_backup, sightline_definer;
alter default privileges revoke execute on functions from public;

grant select on schema_migrations to sightline_api, sightline_worker, sightline_backup;

-- The transaction's tenant. Unset and reset settings read as null or empty: then no row matches.
create function current_tenant() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('sightline.tenant', true), '')::uuid;
grant execute on function current_tenant() to sightline_api, sightline_worker;

-- Row security is forced, so that even the owner sees nothing and a migration that forgets to
-- `set role sightline_definer` fails instead of touching every tenant. The expression is written out because a
-- function call would not be inlined into the index condition for every caller.
create procedure protect_tenant_table(table_name regclass, tenant_column name default 'tenant_id')
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
end
$$;

-- A site's record with us.
create table tenants (
    id uuid primary key,
    -- What Jira's signature vouches for. The base URL is no key: a site that was created anew, or cloned,
    -- reports the same one under another client key.
    client_key text unique check (char_length(client_key) between 1 and 255),
    base_url text not null check (char_length(base_url) between 1 and 255),
    state text not null check (state in ('active', 'disabled', 'uninstalled')),
    -- Nonce and AES-GCM ciphertext; null once the secret is destroyed.
    secret bytea,
    secret_key_id text,
    -- Grows with every secret and with its destruction: a process that still holds an older secret is refused
    -- by the data query itself (enter_tenant).
    secret_version integer not null default 1 check (secret_version > 0),
    -- When the last accepted lifecycle event was signed: an older one that arrives late changes nothing.
    last_event_at timestamptz not null,
    installed_at timestamptz not null default now(),
    uninstalled_at timestamptz,
    check ((secret is null) = (secret_key_id is null)),
    check (state <> 'uninstalled' or secret is null)
);
call protect_tenant_table('tenants', 'id');
-- The secret is not among them: the api reads it through find_tenant only.
grant select (id, client_key, base_url, state, secret_version, installed_at, uninstalled_at)
    on tenants to sightline_api;
grant select on tenants to sightline_worker;

-- Lifecycle callbacks that were accepted and have not expired: the hash in a callback's token covers its
-- address, not its body, so that a recorded token could otherwise be sent again with another body.
create table accepted_callbacks (
    tenant_id uuid not null references tenants (id) on delete cascade,
    token_hash bytea not null,
    body_hash bytea not null,
    expires_at timestamptz not null,
    primary key (tenant_id, token_hash)
);
call protect_tenant_table('accepted_callbacks');

create table reports (
    tenant_id uuid not null references tenants (id) on delete cascade,
    id uuid not null,
    name text not null check (char_length(name) between 1 and 255),
    -- The name without case and accents, written by the application: sorts the same on every server, whatever
    -- collations it was built with, so that an index over it never has to be rebuilt.
    name_key text collate "C" not null,
    description text not null default '' check (char_length(description) <= 4000),
    definition jsonb not null,
    definition_version smallint not null default 1,
    administrators text[] not null check (cardinality(administrators) between 1 and 100),
    visibility text not null default 'private' check (visibility in ('private', 'limited', 'public')),
    shared_accounts text[] not null default '{}' check (cardinality(shared_accounts) <= 1000),
    -- [{"id", "name"}]: the right goes by the id.
    shared_groups jsonb not null default '[]' check (jsonb_array_length(shared_groups) <= 100),
    shared_projects text[] not null default '{}' check (cardinality(shared_projects) <= 1000),
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null default now(),
    created_by text not null,
    updated_at timestamptz not null default now(),
    updated_by text not null,
    deleted_at timestamptz,
    -- Hashes of the Idempotency-Key (with the account) and of the body that made this report.
    creation_key bytea,
    creation_body bytea,
    primary key (tenant_id, id)
);
call protect_tenant_table('reports');
grant select, insert, update on reports to sightline_api;
grant select, insert, update, delete on reports to sightline_worker;

-- One index for each order of the list; the id settles ties, so that a page's end is one exact place.
create index reports_by_update on reports (tenant_id, updated_at, id) where deleted_at is null;
create index reports_by_creation on reports (tenant_id, created_at, id) where deleted_at is null;
create index reports_by_name on reports (tenant_id, name_key, id) where deleted_at is null;
create index reports_deleted on reports (tenant_id, deleted_at) where deleted_at is not null;
create unique index reports_by_creation_key on reports (tenant_id, creation_key) where creation_key is not null;
-- Answers in one probe whether a list depends on what only Jira can tell.
create index reports_by_group_or_project on reports (tenant_id)
    where deleted_at is null and visibility = 'limited'
      and (shared_groups <> '[]' or shared_projects <> '{}');

-- Which reports an account has marked for itself.
create table stars (
    tenant_id uuid not null,
    account_id text not null check (char_length(account_id) between 1 and 128),
    report_id uuid not null,
    primary key (tenant_id, account_id, report_id),
    foreign key (tenant_id, report_id) references reports (tenant_id, id) on delete cascade
);
call protect_tenant_table('stars');
create index stars_by_report on stars (tenant_id, report_id);
grant select, insert, delete on stars to sightline_api, sightline_worker;

-- Makes a tenant the transaction's. With a secret version the tenant must be active with exactly that one, so
-- that a process which checked a signature with a secret from its memory is refused as soon as that secret is
-- replaced or destroyed. Not a definer: it reads the tenant's row under the caller's own policy.
create function enter_tenant(tenant uuid, version integer) returns void
    language plpgsql
as $$
begin
    perform set_config('sightline.tenant', tenant::text, true);
    if version is not null and not exists (
        select from tenants where id = tenant and state = 'active' and secret_version = version
    ) then
        raise exception 'the tenant is not active with this secret' using errcode = 'SL001';
    end if;
end
$$;
grant execute on function enter_tenant(uuid, integer) to sightline_api, sightline_worker;

-- Hands a SECURITY DEFINER function to the role that sees all tenants, and takes it from everyone else. The
-- right to create in the schema lasts only as long as handing over takes, which needs it.
create procedure give_to_definer(function_name regprocedure)
    language plpgsql
as $$
begin
    execute format('revoke execute on function %s from public', function_name);
    grant create on schema public to sightline_definer;
    execute format('alter function %s owner to sightline_definer', function_name);
    revoke create on schema public from sightline_definer;
end
$$;

-- The steps that no single tenant can take. Each is owned by a role that cannot log in, finds its names in
-- a fixed path, and does one thing.
grant select, insert, update on tenants to sightline_definer;
grant select, insert, delete on accepted_callbacks to sightline_definer;

-- Who signs with this client key? Answers for uninstalled tenants too, so that their data is found again.
create function find_tenant(wanted_client_key text)
    returns table (id uuid, base_url text, state text, secret bytea, secret_key_id text, secret_version integer)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select t.id, t.base_url, t.state, t.secret, t.secret_key_id, t.secret_version
    from tenants t where t.client_key = wanted_client_key;
end;
grant execute on function find_tenant(text) to sightline_api;
call give_to_definer('find_tenant(text)');

-- Remembers a callback until its token expires. 'accepted' the first time, 'repeated' when the same callback
-- comes again, 'forged' when its token comes with another body.
create function accept_callback(tenant uuid, token bytea, body bytea, expires timestamptz) returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    delete from accepted_callbacks where tenant_id = tenant and expires_at < now();
    insert into accepted_callbacks values (tenant, token, body, expires) on conflict do nothing;
    if found then
        return 'accepted';
    end if;
    return (select case when body_hash = body then 'repeated' else 'forged' end
            from accepted_callbacks where tenant_id = tenant and token_hash = token);
end
$$;
call give_to_definer('accept_callback(uuid, bytea, bytea, timestamptz)');

-- A signed 'installed': a new tenant, or a new secret and address for the one with this client key, whose
-- data is there again. The secret is encrypted for one tenant id, so that the caller first guesses the id:
-- 'mistaken' tells the right one and changes nothing. 'stale' is an event older than one accepted before.
create function install_tenant(
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
    elsif outcome = 'accepted' and not is_new then
        update tenants t
        set base_url = new_base_url, state = 'active', secret = new_secret, secret_key_id = new_secret_key_id,
            secret_version = t.secret_version + 1, last_event_at = signed_at, uninstalled_at = null
        where t.id = found_tenant.id;
    end if;
    return query select found_tenant.id, outcome;
end
$$;
grant execute on function
    install_tenant(uuid, text, text, bytea, text, timestamptz, bytea, bytea, timestamptz) to sightline_api;
call give_to_definer('install_tenant(uuid, text, text, bytea, text, timestamptz, bytea, bytea, timestamptz)');

-- A signed 'uninstalled', 'disabled' or 'enabled'. Jira sends the first two at the same moment and in either
-- order, so that nothing but an installation brings an uninstalled tenant back. `checked_version` is that of
-- the secret with which the signature was checked, null where it was Atlassian's own key: 'refused' where that
-- secret is gone.
create function change_tenant(
    tenant uuid, event text, checked_version integer, signed_at timestamptz,
    token bytea, body bytea, expires timestamptz
)
    returns text
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    found_tenant tenants;
    outcome text;
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
    elsif event = 'uninstalled' then
        update tenants
        set state = 'uninstalled', secret = null, secret_key_id = null, secret_version = secret_version + 1,
            last_event_at = signed_at, uninstalled_at = now()
        where id = tenant and state <> 'uninstalled';
    elsif event in ('enabled', 'disabled') then
        update tenants
        set state = case event when 'enabled' then 'active' else 'disabled' end, last_event_at = signed_at
        where id = tenant and state <> 'uninstalled';
    else
        raise exception 'no such event: %', event;
    end if;
    return outcome;
end
$$;
grant execute on function
    change_tenant(uuid, text, integer, timestamptz, bytea, bytea, timestamptz) to sightline_api;
call give_to_definer('change_tenant(uuid, text, integer, timestamptz, bytea, bytea, timestamptz)');
