-- The whole schema as the migrations make it, for reading; `make schema` writes this file. Why things are as
-- they are stands in the migrations. A database made from this file needs none of them.

-- Functions name tables that come further down.
set check_function_bodies = off;

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

do $$
begin
    if not pg_has_role(current_user, 'sightline_definer', 'set') then
        execute format('grant sightline_definer to %I with inherit false, set true', current_user);
    end if;
end
$$;

CREATE FUNCTION accept_callback(tenant uuid, token bytea, body bytea, expires timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION accept_callback(tenant uuid, token bytea, body bytea, expires timestamp with time zone) OWNER TO sightline_definer;

CREATE FUNCTION account_after(account text, mapping jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((mapping ->> account), account);

CREATE FUNCTION accounts_after(accounts text[], mapping jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(mapped.account ORDER BY mapped.place), '{}'::text[]) AS "coalesce"
    FROM ( SELECT account_after(held.given, accounts_after.mapping) AS account,
             min(held.place) AS place
            FROM unnest(accounts_after.accounts) WITH ORDINALITY held(given, place)
           GROUP BY (account_after(held.given, accounts_after.mapping))) mapped
   WHERE (mapped.account <> 'unknown'::text);
END;

CREATE FUNCTION announce_task() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform pg_notify('sightline_tasks', '');
    return null;
end
$$;

CREATE FUNCTION change_tenant(tenant uuid, event text, checked_version integer, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
    elsif signed_at < found_tenant.last_event_at
        or (event <> 'uninstalled' and signed_at < found_tenant.switched_at) then
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
        update tenants set state = new_state, switched_at = signed_at where id = tenant;
    end if;
    if new_state <> found_tenant.state then
        insert into audit (tenant_id, event, host) values (tenant, event, 'connect');
    end if;
    return outcome;
end
$$;

ALTER FUNCTION change_tenant(tenant uuid, event text, checked_version integer, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) OWNER TO sightline_definer;

CREATE TABLE tasks (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    urgency smallint NOT NULL,
    state text NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    slot timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    attempts_allowed integer NOT NULL,
    lease_token uuid,
    leased_until timestamp with time zone,
    done bigint DEFAULT 0 NOT NULL,
    total bigint,
    error text,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    result jsonb,
    requested_by text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    rank smallint DEFAULT 0 NOT NULL,
    turn bigint DEFAULT 0 NOT NULL,
    CONSTRAINT tasks_attempts_allowed_check CHECK ((attempts_allowed > 0)),
    CONSTRAINT tasks_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT tasks_check CHECK (((state = 'running'::text) = (lease_token IS NOT NULL))),
    CONSTRAINT tasks_check1 CHECK (((state = 'running'::text) = (leased_until IS NOT NULL))),
    CONSTRAINT tasks_check2 CHECK (((state = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT tasks_done_check CHECK ((done >= 0)),
    CONSTRAINT tasks_error_check CHECK ((char_length(error) <= 2000)),
    CONSTRAINT tasks_kind_check CHECK ((kind ~ '^[a-z][a-z-]{0,62}$'::text)),
    CONSTRAINT tasks_rank_check CHECK (((rank >= 0) AND (rank <= 9))),
    CONSTRAINT tasks_requested_by_check CHECK ((char_length(requested_by) <= 128)),
    CONSTRAINT tasks_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT tasks_subject_check CHECK ((char_length(subject) <= 255)),
    CONSTRAINT tasks_total_check CHECK ((total >= 0)),
    CONSTRAINT tasks_turn_check CHECK ((turn >= 0)),
    CONSTRAINT tasks_urgency_check CHECK (((urgency >= 0) AND (urgency <= 9)))
);

ALTER TABLE ONLY tasks FORCE ROW LEVEL SECURITY;

CREATE FUNCTION claim_task(kinds text[], lease interval) RETURNS SETOF tasks
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    chosen tasks;
begin
    -- Some at each claim, as there may be any number of them.
    update tasks set rank = 0
    where (tenant_id, id) in (
        select old.tenant_id, old.id from tasks old
        where old.state in ('waiting', 'queued', 'running') and old.rank > 0
          and old.due_at < now() - interval '15 minutes'
        order by old.due_at limit 100 for update skip locked
    );
    loop
        select task.* into chosen
        from tasks task
        where task.state in ('waiting', 'queued', 'running') and task.due_at <= now()
          and (task.state <> 'running' or task.leased_until < now())
          and task.kind = any (kinds)
        order by task.rank, task.turn, task.due_at, task.id
        limit 1
        for update of task skip locked;
        exit when not found;

        if chosen.attempts < chosen.attempts_allowed then
            perform setval('turns_served', greatest(chosen.turn + 1, last_value)) from turns_served;
            return query
                update tasks
                set state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(),
                    leased_until = now() + lease, started_at = clock_timestamp(), done = 0, total = null
                where tenant_id = chosen.tenant_id and id = chosen.id
                returning *;
            exit;
        end if;
        update tasks
        set state = 'failed', lease_token = null, leased_until = null, finished_at = now(),
            error = format('Its worker ended without a word %s times in a row.', attempts)
        where tenant_id = chosen.tenant_id and id = chosen.id;
    end loop;
end
$$;

ALTER FUNCTION claim_task(kinds text[], lease interval) OWNER TO sightline_definer;

CREATE FUNCTION current_tenant() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid;

CREATE FUNCTION document_after(document jsonb, mapping jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
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

CREATE TABLE notification_messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    notification_id uuid NOT NULL,
    known_tenant uuid GENERATED ALWAYS AS (NULLIF(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED,
    template text NOT NULL,
    lapses boolean NOT NULL,
    site text NOT NULL,
    address text,
    sender text NOT NULL,
    subject text NOT NULL,
    body jsonb NOT NULL,
    message_id text NOT NULL,
    state text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    taken_by uuid,
    code integer,
    reply text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    wanted_at timestamp with time zone DEFAULT now() NOT NULL,
    noted_at timestamp with time zone,
    CONSTRAINT notification_messages_address_check CHECK ((char_length(address) <= 254)),
    CONSTRAINT notification_messages_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT notification_messages_check CHECK (((address IS NOT NULL) OR (state <> ALL (ARRAY['waiting'::text, 'sending'::text])))),
    CONSTRAINT notification_messages_check1 CHECK (((state <> 'sending'::text) OR (taken_by IS NOT NULL))),
    CONSTRAINT notification_messages_message_id_check CHECK ((char_length(message_id) <= 320)),
    CONSTRAINT notification_messages_reply_check CHECK ((char_length(reply) <= 500)),
    CONSTRAINT notification_messages_sender_check CHECK ((char_length(sender) <= 512)),
    CONSTRAINT notification_messages_site_check CHECK (((char_length(site) >= 1) AND (char_length(site) <= 255))),
    CONSTRAINT notification_messages_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'refused'::text, 'unknown'::text, 'cancelled'::text, 'no contact'::text]))),
    CONSTRAINT notification_messages_subject_check CHECK ((char_length(subject) <= 255)),
    CONSTRAINT notification_messages_template_check CHECK ((char_length(template) <= 64))
);

ALTER TABLE ONLY notification_messages FORCE ROW LEVEL SECURITY;

CREATE FUNCTION doubt_messages() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 UPDATE notification_messages message SET state = 'unknown'::text, noted_at = now()
   WHERE ((message.state = 'sending'::text) AND (NOT (EXISTS ( SELECT
            FROM tasks task
           WHERE ((task.tenant_id = '00000000-0000-0000-0000-000000000000'::uuid) AND (task.kind = 'notify'::text) AND (task.state = 'running'::text) AND (task.lease_token = message.taken_by) AND (task.leased_until >= now()))))));
END;

ALTER FUNCTION doubt_messages() OWNER TO sightline_definer;

CREATE FUNCTION due_tasks(at_most integer) RETURNS TABLE(id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT task.id
    FROM tasks task
   WHERE ((task.state = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text])) AND (task.due_at <= now()) AND ((task.state <> 'running'::text) OR (task.leased_until < now())))
   ORDER BY task.due_at
  LIMIT due_tasks.at_most;
END;

ALTER FUNCTION due_tasks(at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION enter_tenant(tenant uuid, version integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    perform set_config('sightline.tenant', tenant::text, true);
    if version is not null and not exists (
        select from tenants where id = tenant and state = 'active' and secret_version = version
    ) then
        raise exception 'the tenant is not active with this secret' using errcode = 'SL001';
    end if;
end
$$;

CREATE FUNCTION enter_tenant_marked(tenant uuid, version integer) RETURNS uuid
    LANGUAGE plpgsql
    AS $$
declare
    entered text := set_config('sightline.tenant', tenant::text, true);
    present uuid;
begin
    select m.mark into present
    from tenants t left join change_marks m on m.tenant_id = t.id
    where t.id = tenant and t.state = 'active' and t.secret_version = version;
    if not found then
        raise exception 'the tenant is not active with this secret' using errcode = 'SL001';
    end if;
    return present;
end
$$;

CREATE TABLE tenants (
    id uuid NOT NULL,
    client_key text,
    base_url text NOT NULL,
    state text NOT NULL,
    secret bytea,
    secret_key_id text,
    secret_version integer DEFAULT 1 NOT NULL,
    last_event_at timestamp with time zone NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL,
    uninstalled_at timestamp with time zone,
    switched_at timestamp with time zone,
    CONSTRAINT tenants_base_url_check CHECK (((char_length(base_url) >= 1) AND (char_length(base_url) <= 255))),
    CONSTRAINT tenants_check CHECK (((secret IS NULL) = (secret_key_id IS NULL))),
    CONSTRAINT tenants_check1 CHECK (((state <> 'uninstalled'::text) OR (secret IS NULL))),
    CONSTRAINT tenants_client_key_check CHECK (((char_length(client_key) >= 1) AND (char_length(client_key) <= 255))),
    CONSTRAINT tenants_secret_version_check CHECK ((secret_version > 0)),
    CONSTRAINT tenants_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text, 'uninstalled'::text])))
);

ALTER TABLE ONLY tenants FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN tenants.switched_at IS 'When the last accepted ''enabled'' or ''disabled'' was signed.';

CREATE FUNCTION find_tenant(wanted_client_key text) RETURNS TABLE(id uuid, base_url text, state text, secret bytea, secret_key_id text, secret_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT t.id,
     t.base_url,
     t.state,
     t.secret,
     t.secret_key_id,
     t.secret_version
    FROM tenants t
   WHERE (t.client_key = find_tenant.wanted_client_key);
END;

ALTER FUNCTION find_tenant(wanted_client_key text) OWNER TO sightline_definer;

CREATE FUNCTION forget_message_addresses(before timestamp with time zone, at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    forgotten integer;
begin
    perform doubt_messages();
    update notification_messages
    set address = null, reply = null,
        state = case state when 'waiting' then 'cancelled' when 'sending' then 'unknown' else state end
    where (tenant_id, id) in (
        select message.tenant_id, message.id from notification_messages message
        where message.created_at < before and (message.address is not null or message.reply is not null)
        limit at_most for update skip locked
    );
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;

ALTER FUNCTION forget_message_addresses(before timestamp with time zone, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION forget_tenant(tenant uuid, successor uuid, task uuid, token uuid) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
$_$;

ALTER FUNCTION forget_tenant(tenant uuid, successor uuid, task uuid, token uuid) OWNER TO sightline_definer;

CREATE PROCEDURE give_to_definer(IN function_name regprocedure)
    LANGUAGE plpgsql
    AS $$
begin
    execute format('revoke execute on function %s from public', function_name);
    grant create on schema public to sightline_definer;
    execute format('alter function %s owner to sightline_definer', function_name);
    revoke create on schema public from sightline_definer;
end
$$;

CREATE FUNCTION hold_files(tenant uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not pg_try_advisory_xact_lock_shared(hashtextextended('files of ' || tenant, 0))
        or not exists (select from tenants where id = tenant) then
        raise exception 'the files of the tenant are being removed' using errcode = 'SL001';
    end if;
end
$$;

CREATE FUNCTION hold_files_alone(tenant uuid) RETURNS void
    LANGUAGE sql
    RETURN pg_advisory_xact_lock(hashtextextended(('files of '::text || tenant), (0)::bigint));

CREATE TABLE imports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    step text DEFAULT 'parts'::text NOT NULL,
    task_id uuid,
    ended text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    touched_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    found jsonb,
    unknown_accounts text[],
    applied jsonb,
    CONSTRAINT imports_check CHECK (((step = 'parts'::text) = (task_id IS NULL))),
    CONSTRAINT imports_check1 CHECK (((ended IS NULL) = (ended_at IS NULL))),
    CONSTRAINT imports_check2 CHECK (((found IS NULL) = (unknown_accounts IS NULL))),
    CONSTRAINT imports_check3 CHECK (((NOT (ended IS DISTINCT FROM 'done'::text)) = (applied IS NOT NULL))),
    CONSTRAINT imports_created_by_check CHECK (((char_length(created_by) >= 1) AND (char_length(created_by) <= 128))),
    CONSTRAINT imports_ended_check CHECK ((ended = ANY (ARRAY['done'::text, 'cancelled'::text]))),
    CONSTRAINT imports_step_check CHECK ((step = ANY (ARRAY['parts'::text, 'check'::text, 'apply'::text])))
);

ALTER TABLE ONLY imports FORCE ROW LEVEL SECURITY;

CREATE FUNCTION imports_over(untouched_since timestamp with time zone, ended_before timestamp with time zone, at_most integer) RETURNS TABLE(tenant_id uuid, id uuid, ended text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT i.tenant_id,
     i.id,
     i.ended
    FROM imports i
   WHERE (((i.ended IS NULL) AND (i.touched_at < imports_over.untouched_since)) OR ((i.ended IS NOT NULL) AND (i.ended_at < imports_over.ended_before)))
   ORDER BY i.tenant_id, i.id
  LIMIT imports_over.at_most;
END;

ALTER FUNCTION imports_over(untouched_since timestamp with time zone, ended_before timestamp with time zone, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION install_tenant(guessed_id uuid, signing_client_key text, new_base_url text, new_secret bytea, new_secret_key_id text, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) RETURNS TABLE(id uuid, outcome text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION install_tenant(guessed_id uuid, signing_client_key text, new_base_url text, new_secret bytea, new_secret_key_id text, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) OWNER TO sightline_definer;

CREATE FUNCTION keep_reinstalled() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    update tasks
    set state = 'cancelled', lease_token = null, leased_until = null, finished_at = now()
    where tenant_id = new.id and kind = 'purge' and subject = 'retention'
      and state in ('waiting', 'queued', 'running');
    return null;
end
$$;

ALTER FUNCTION keep_reinstalled() OWNER TO sightline_definer;

CREATE FUNCTION keep_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    if not exists (select from report_versions where tenant_id = old.tenant_id and report_id = old.id) then
        insert into report_versions
        values (old.tenant_id, old.id, 1, old.created_at, old.created_by, old.name, old.description,
                old.definition, old.definition_version);
    end if;
    insert into report_versions
    values (new.tenant_id, new.id, new.version, new.updated_at, new.updated_by, new.name, new.description,
            new.definition, new.definition_version)
    on conflict (tenant_id, report_id, version) do update
    set name = new.name, description = new.description, definition = new.definition,
        definition_version = new.definition_version;
    delete from report_versions
    where tenant_id = new.tenant_id and report_id = new.id and version <= (
        select kept.version from report_versions kept
        where kept.tenant_id = new.tenant_id and kept.report_id = new.id
        order by kept.version desc offset 20 limit 1
    );
    return null;
end
$$;

ALTER FUNCTION keep_version() OWNER TO sightline_definer;

CREATE FUNCTION mark_all_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    update change_marks set mark = gen_random_uuid();
    return null;
end
$$;

ALTER FUNCTION mark_all_changed() OWNER TO sightline_definer;

CREATE FUNCTION mark_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    update change_marks set mark = gen_random_uuid()
    where tenant_id in (old.tenant_id, new.tenant_id) and xmin <> pg_current_xact_id()::xid;
    return null;
end
$$;

ALTER FUNCTION mark_changed() OWNER TO sightline_definer;

CREATE FUNCTION mark_new_tenants() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    insert into change_marks (tenant_id) select id from added;
    return null;
end
$$;

ALTER FUNCTION mark_new_tenants() OWNER TO sightline_definer;

CREATE FUNCTION messages_left(notification uuid) RETURNS TABLE(total bigint, settled bigint, due_in interval)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT count(*) AS count,
     count(*) FILTER (WHERE (message.state <> ALL (ARRAY['waiting'::text, 'sending'::text]))) AS count,
     (min(message.due_at) FILTER (WHERE (message.state = 'waiting'::text)) - now())
    FROM notification_messages message
   WHERE (message.notification_id = messages_left.notification);
END;

ALTER FUNCTION messages_left(notification uuid) OWNER TO sightline_definer;

CREATE FUNCTION new_id() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send((floor((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric)))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid;

CREATE FUNCTION note_message(tenant uuid, message uuid, lease uuid, became text, said_code integer, said text, pause interval) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    update notification_messages
    set state = became, code = said_code, reply = said, due_at = now() + pause, noted_at = now()
    where tenant_id = tenant and id = message and state in ('sending', 'unknown') and taken_by = lease;
    return found;
end
$$;

ALTER FUNCTION note_message(tenant uuid, message uuid, lease uuid, became text, said_code integer, said text, pause interval) OWNER TO sightline_definer;

CREATE PROCEDURE protect_tenant_table(IN table_name regclass, IN tenant_column name DEFAULT 'tenant_id'::name)
    LANGUAGE plpgsql
    AS $_$
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
$_$;

CREATE TABLE purge_receipts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    tenant_hash text NOT NULL,
    salt text NOT NULL,
    asked_by text NOT NULL,
    reason text,
    asked_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    counts jsonb NOT NULL,
    files integer NOT NULL,
    backups_until date NOT NULL,
    CONSTRAINT purge_receipts_asked_by_check CHECK ((asked_by = ANY (ARRAY['site admin'::text, 'operator'::text, 'retention'::text]))),
    CONSTRAINT purge_receipts_files_check CHECK ((files >= 0)),
    CONSTRAINT purge_receipts_reason_check CHECK ((char_length(reason) <= 500)),
    CONSTRAINT purge_receipts_salt_check CHECK ((salt ~ '^[0-9a-f]{32}$'::text)),
    CONSTRAINT purge_receipts_tenant_hash_check CHECK ((tenant_hash ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ONLY purge_receipts FORCE ROW LEVEL SECURITY;

CREATE FUNCTION purge_tenant(tenant uuid, task uuid, token uuid, files_removed integer) RETURNS SETOF purge_receipts
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION purge_tenant(tenant uuid, task uuid, token uuid, files_removed integer) OWNER TO sightline_definer;

CREATE FUNCTION purged_tables() RETURNS TABLE(name name)
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH RECURSIVE own AS (
          SELECT c.oid,
             c.relname
            FROM (pg_class c
              JOIN pg_attribute a ON ((a.attrelid = c.oid)))
           WHERE ((c.relnamespace = ('public'::regnamespace)::oid) AND (c.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])) AND (a.attname = 'tenant_id'::name) AND (NOT a.attisdropped) AND (c.relname <> 'purge_receipts'::name))
         ), placed AS (
          SELECT own_1.oid,
             0 AS depth
            FROM own own_1
         UNION
          SELECT f.conrelid,
             (placed_1.depth + 1)
            FROM (placed placed_1
              JOIN pg_constraint f ON (((f.confrelid = placed_1.oid) AND (f.contype = 'f'::"char") AND (f.conrelid <> f.confrelid))))
           WHERE (placed_1.depth < 20)
         )
  SELECT own.relname
    FROM (own
      JOIN placed USING (oid))
   GROUP BY own.relname
   ORDER BY (max(placed.depth)) DESC, own.relname;
END;

ALTER FUNCTION purged_tables() OWNER TO sightline_definer;

CREATE FUNCTION put_account_back(hash text, account text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
$_$;

ALTER FUNCTION put_account_back(hash text, account text) OWNER TO sightline_definer;

CREATE FUNCTION remove_deleted_reports(before timestamp with time zone, at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    tenants_found uuid[];
    reports_found uuid[];
    removed integer;
begin
    select array_agg(tenant_id), array_agg(id) into tenants_found, reports_found
    from (
        select tenant_id, id from reports where deleted_at < before limit at_most for update skip locked
    ) found_reports;
    perform from change_marks where tenant_id = any (tenants_found) order by tenant_id for no key update;
    delete from reports
    where (tenant_id, id) in (select * from unnest(tenants_found, reports_found));
    get diagnostics removed = row_count;
    return removed;
end
$$;

ALTER FUNCTION remove_deleted_reports(before timestamp with time zone, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION remove_expired_callbacks(at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    removed integer;
begin
    delete from accepted_callbacks
    where (tenant_id, token_hash) in (
        select c.tenant_id, c.token_hash from accepted_callbacks c where c.expires_at < now() limit at_most
    );
    get diagnostics removed = row_count;
    return removed;
end
$$;

ALTER FUNCTION remove_expired_callbacks(at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION remove_old_audit(before timestamp with time zone, at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION remove_old_audit(before timestamp with time zone, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION replace_accounts(tenant uuid, mapping jsonb, new_version boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION replace_accounts(tenant uuid, mapping jsonb, new_version boolean) OWNER TO sightline_definer;

CREATE FUNCTION replace_texts(tenant uuid, texts jsonb, new_version boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION replace_texts(tenant uuid, texts jsonb, new_version boolean) OWNER TO sightline_definer;

CREATE FUNCTION replay_purge(receipt purge_receipts, successor uuid) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION replay_purge(receipt purge_receipts, successor uuid) OWNER TO sightline_definer;

CREATE FUNCTION request_account_hashing(before timestamp with time zone, urgency smallint, attempts integer, at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION request_account_hashing(before timestamp with time zone, urgency smallint, attempts integer, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION request_account_reports(urgency smallint, attempts integer, at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION request_account_reports(urgency smallint, attempts integer, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION request_retention_purges(kept_for interval, attempts integer, at_most integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION request_retention_purges(kept_for interval, attempts integer, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION require_tenant() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION require_tenant() OWNER TO sightline_definer;

CREATE FUNCTION take_accounts_out(task uuid, token uuid, mapping jsonb, texts jsonb) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $_$
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
$_$;

ALTER FUNCTION take_accounts_out(task uuid, token uuid, mapping jsonb, texts jsonb) OWNER TO sightline_definer;

CREATE FUNCTION take_deleted_reports(before timestamp with time zone, at_most integer) RETURNS TABLE(tenant_id uuid, id uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION take_deleted_reports(before timestamp with time zone, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION take_message(notification uuid, lease uuid) RETURNS SETOF notification_messages
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
declare
    chosen notification_messages;
begin
    perform from tasks
    where tenant_id = '00000000-0000-0000-0000-000000000000' and kind = 'notify'
      and subject = notification::text and state = 'running' and lease_token = lease
    for share;
    if not found then
        return;
    end if;
    perform doubt_messages();
    loop
        select * into chosen from notification_messages
        where notification_id = notification and state = 'waiting' and due_at <= now()
        order by due_at, tenant_id, id limit 1
        for update skip locked;
        exit when not found;

        if chosen.lapses and exists (
            select from tenants where id = chosen.tenant_id and state = 'uninstalled'
        ) then
            update notification_messages set state = 'cancelled', noted_at = now()
            where tenant_id = chosen.tenant_id and id = chosen.id;
        else
            return query
                update notification_messages
                set state = 'sending', taken_by = lease, attempts = attempts + 1, noted_at = now()
                where tenant_id = chosen.tenant_id and id = chosen.id
                returning *;
            exit;
        end if;
    end loop;
end
$$;

ALTER FUNCTION take_message(notification uuid, lease uuid) OWNER TO sightline_definer;

CREATE FUNCTION take_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
begin
    new.rank := new.urgency;
    new.turn := greatest(
        (select max(mine.turn) + 2 from tasks mine where mine.tenant_id = new.tenant_id),
        (select last_value from turns_served));
    return new;
end
$$;

ALTER FUNCTION take_turn() OWNER TO sightline_definer;

CREATE FUNCTION tasks_ended_before(wanted_kind text, moment timestamp with time zone, at_most integer) RETURNS TABLE(tenant_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT task.tenant_id,
     task.id
    FROM tasks task
   WHERE ((task.kind = tasks_ended_before.wanted_kind) AND (task.finished_at < tasks_ended_before.moment))
   ORDER BY task.finished_at
  LIMIT tasks_ended_before.at_most;
END;

ALTER FUNCTION tasks_ended_before(wanted_kind text, moment timestamp with time zone, at_most integer) OWNER TO sightline_definer;

CREATE FUNCTION tenant_of_account_report(task uuid, token uuid) RETURNS TABLE(client_key text, base_url text, state text, secret bytea, secret_key_id text, secret_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT t.client_key,
     t.base_url,
     t.state,
     t.secret,
     t.secret_key_id,
     t.secret_version
    FROM (tenants t
      JOIN tasks held ON ((held.tenant_id = t.id)))
   WHERE ((t.state = 'active'::text) AND (t.secret IS NOT NULL) AND (held.id = tenant_of_account_report.task) AND (held.kind = 'personal-data-report'::text) AND (held.state = 'running'::text) AND (held.lease_token = tenant_of_account_report.token));
END;

ALTER FUNCTION tenant_of_account_report(task uuid, token uuid) OWNER TO sightline_definer;

CREATE FUNCTION tenant_of_accounts(task uuid, token uuid, last boolean) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION tenant_of_accounts(task uuid, token uuid, last boolean) OWNER TO sightline_definer;

CREATE FUNCTION tenant_of_import(wanted uuid, task uuid, token uuid) RETURNS TABLE(client_key text, base_url text, state text, secret bytea, secret_key_id text, secret_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT t.client_key,
     t.base_url,
     t.state,
     t.secret,
     t.secret_key_id,
     t.secret_version
    FROM (tenants t
      JOIN tasks held ON ((held.tenant_id = t.id)))
   WHERE ((t.id = tenant_of_import.wanted) AND (t.state = 'active'::text) AND (held.id = tenant_of_import.task) AND (held.kind = 'import'::text) AND (held.state = 'running'::text) AND (held.lease_token = tenant_of_import.token));
END;

ALTER FUNCTION tenant_of_import(wanted uuid, task uuid, token uuid) OWNER TO sightline_definer;

CREATE TABLE accepted_callbacks (
    tenant_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    body_hash bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY accepted_callbacks FORCE ROW LEVEL SECURITY;

CREATE TABLE account_keys (
    tenant_id uuid NOT NULL,
    secret bytea NOT NULL,
    secret_key_id text NOT NULL,
    hashed_at timestamp with time zone
);

ALTER TABLE ONLY account_keys FORCE ROW LEVEL SECURITY;

CREATE TABLE account_report_cycles (
    tenant_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    ended_at timestamp with time zone,
    period interval DEFAULT '7 days'::interval NOT NULL,
    "position" bytea,
    calls integer DEFAULT 0 NOT NULL,
    troubles integer DEFAULT 0 NOT NULL,
    reported integer DEFAULT 0 NOT NULL,
    closed integer DEFAULT 0 NOT NULL,
    updated integer DEFAULT 0 NOT NULL,
    refused integer DEFAULT 0 NOT NULL,
    CONSTRAINT account_report_cycles_check CHECK (((ended_at IS NULL) OR (begun_at IS NOT NULL))),
    CONSTRAINT account_report_cycles_period_check CHECK ((period > '00:00:00'::interval))
);

ALTER TABLE ONLY account_report_cycles FORCE ROW LEVEL SECURITY;

CREATE TABLE audit (
    tenant_id uuid NOT NULL,
    id uuid DEFAULT new_id() NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    event text NOT NULL,
    account_id text,
    host text,
    subject uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT audit_account_id_check CHECK (((char_length(account_id) >= 1) AND (char_length(account_id) <= 128))),
    CONSTRAINT audit_details_check CHECK (((jsonb_typeof(details) = 'object'::text) AND (octet_length((details)::text) <= 100000))),
    CONSTRAINT audit_event_check CHECK ((event = ANY (ARRAY['installed'::text, 'reinstalled'::text, 'moved'::text, 'uninstalled'::text, 'enabled'::text, 'disabled'::text, 'sharing-changed'::text, 'report-taken-over'::text, 'export-requested'::text, 'export-downloaded'::text, 'export-deleted'::text, 'import-applied'::text, 'purge-requested'::text, 'purge-aborted'::text, 'settings-changed'::text, 'refused'::text]))),
    CONSTRAINT audit_host_check CHECK ((host = ANY (ARRAY['connect'::text, 'forge'::text])))
);

ALTER TABLE ONLY audit FORCE ROW LEVEL SECURITY;

CREATE TABLE change_marks (
    tenant_id uuid NOT NULL,
    mark uuid DEFAULT gen_random_uuid() NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE ONLY change_marks FORCE ROW LEVEL SECURITY;

CREATE TABLE gadgets (
    tenant_id uuid NOT NULL,
    dashboard text NOT NULL,
    item text NOT NULL,
    report_id uuid,
    version integer DEFAULT 1 NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT gadgets_dashboard_check CHECK (((char_length(dashboard) >= 1) AND (char_length(dashboard) <= 64))),
    CONSTRAINT gadgets_item_check CHECK (((char_length(item) >= 1) AND (char_length(item) <= 64))),
    CONSTRAINT gadgets_set_by_check CHECK (((char_length(set_by) >= 1) AND (char_length(set_by) <= 128))),
    CONSTRAINT gadgets_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY gadgets FORCE ROW LEVEL SECURITY;

CREATE TABLE hashed_accounts (
    tenant_id uuid NOT NULL,
    hash text NOT NULL,
    CONSTRAINT hashed_accounts_hash_check CHECK ((hash ~ '^hashed[a-z2-7]{18}$'::text))
);

ALTER TABLE ONLY hashed_accounts FORCE ROW LEVEL SECURITY;

CREATE TABLE import_parts (
    tenant_id uuid NOT NULL,
    import_id uuid NOT NULL,
    number smallint NOT NULL,
    bytes integer NOT NULL,
    sha256 bytea NOT NULL,
    file text NOT NULL,
    CONSTRAINT import_parts_bytes_check CHECK (((bytes >= 1) AND (bytes <= 262144))),
    CONSTRAINT import_parts_number_check CHECK (((number >= 1) AND (number <= 256))),
    CONSTRAINT import_parts_sha256_check CHECK ((octet_length(sha256) = 32))
);

ALTER TABLE ONLY import_parts FORCE ROW LEVEL SECURITY;

CREATE TABLE report_versions (
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL,
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    definition jsonb NOT NULL,
    definition_version smallint NOT NULL,
    imported boolean DEFAULT false NOT NULL,
    CONSTRAINT report_versions_account_id_check CHECK (((char_length(account_id) >= 1) AND (char_length(account_id) <= 128))),
    CONSTRAINT report_versions_description_check CHECK ((char_length(description) <= 4000)),
    CONSTRAINT report_versions_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT report_versions_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY report_versions FORCE ROW LEVEL SECURITY;

CREATE TABLE reports (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL COLLATE pg_catalog."C",
    description text DEFAULT ''::text NOT NULL,
    definition jsonb NOT NULL,
    definition_version smallint DEFAULT 1 NOT NULL,
    administrators text[] NOT NULL,
    visibility text DEFAULT 'private'::text NOT NULL,
    shared_accounts text[] DEFAULT '{}'::text[] NOT NULL,
    shared_groups jsonb DEFAULT '[]'::jsonb NOT NULL,
    shared_projects text[] DEFAULT '{}'::text[] NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_by text NOT NULL,
    deleted_at timestamp with time zone,
    creation_key bytea,
    creation_body bytea,
    CONSTRAINT reports_administrators_check CHECK (((cardinality(administrators) >= 1) AND (cardinality(administrators) <= 100))),
    CONSTRAINT reports_description_check CHECK ((char_length(description) <= 4000)),
    CONSTRAINT reports_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT reports_shared_accounts_check CHECK ((cardinality(shared_accounts) <= 1000)),
    CONSTRAINT reports_shared_groups_check CHECK ((jsonb_array_length(shared_groups) <= 100)),
    CONSTRAINT reports_shared_projects_check CHECK ((cardinality(shared_projects) <= 1000)),
    CONSTRAINT reports_version_check CHECK ((version > 0)),
    CONSTRAINT reports_visibility_check CHECK ((visibility = ANY (ARRAY['private'::text, 'limited'::text, 'public'::text])))
);

ALTER TABLE ONLY reports FORCE ROW LEVEL SECURITY;

CREATE TABLE schema_migrations (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE site_settings (
    tenant_id uuid NOT NULL,
    contact_addresses text[] NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_by text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT site_settings_contact_addresses_check CHECK ((cardinality(contact_addresses) <= 5)),
    CONSTRAINT site_settings_updated_by_check CHECK (((char_length(updated_by) >= 1) AND (char_length(updated_by) <= 128))),
    CONSTRAINT site_settings_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY site_settings FORCE ROW LEVEL SECURITY;

CREATE TABLE stars (
    tenant_id uuid NOT NULL,
    account_id text NOT NULL,
    report_id uuid NOT NULL,
    CONSTRAINT stars_account_id_check CHECK (((char_length(account_id) >= 1) AND (char_length(account_id) <= 128)))
);

ALTER TABLE ONLY stars FORCE ROW LEVEL SECURITY;

CREATE SEQUENCE turns_served
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;

ALTER TABLE ONLY accepted_callbacks
    ADD CONSTRAINT accepted_callbacks_pkey PRIMARY KEY (tenant_id, token_hash);

ALTER TABLE ONLY account_keys
    ADD CONSTRAINT account_keys_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY account_report_cycles
    ADD CONSTRAINT account_report_cycles_pkey PRIMARY KEY (tenant_id, due_at);

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY change_marks
    ADD CONSTRAINT change_marks_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY gadgets
    ADD CONSTRAINT gadgets_pkey PRIMARY KEY (tenant_id, dashboard, item);

ALTER TABLE ONLY hashed_accounts
    ADD CONSTRAINT hashed_accounts_pkey PRIMARY KEY (tenant_id, hash);

ALTER TABLE ONLY import_parts
    ADD CONSTRAINT import_parts_pkey PRIMARY KEY (tenant_id, import_id, number);

ALTER TABLE ONLY imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY notification_messages
    ADD CONSTRAINT notification_messages_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY purge_receipts
    ADD CONSTRAINT purge_receipts_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY report_versions
    ADD CONSTRAINT report_versions_pkey PRIMARY KEY (tenant_id, report_id, version);

ALTER TABLE ONLY reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY site_settings
    ADD CONSTRAINT site_settings_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY stars
    ADD CONSTRAINT stars_pkey PRIMARY KEY (tenant_id, account_id, report_id);

ALTER TABLE ONLY tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY tenants
    ADD CONSTRAINT tenants_client_key_key UNIQUE (client_key);

ALTER TABLE ONLY tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX account_report_cycles_open ON account_report_cycles USING btree (tenant_id) WHERE (ended_at IS NULL);

CREATE INDEX audit_by_time ON audit USING btree (tenant_id, at, id);

CREATE UNIQUE INDEX audit_repeated ON audit USING btree (tenant_id, account_id, event, COALESCE((details ->> 'route'::text), (subject)::text), date_bin('00:01:00'::interval, at, '2000-01-01 00:00:00+00'::timestamp with time zone)) WHERE ((event = ANY (ARRAY['refused'::text, 'export-downloaded'::text])) AND (account_id <> 'unknown'::text));

CREATE INDEX gadgets_by_report ON gadgets USING btree (tenant_id, report_id);

CREATE INDEX imports_ended ON imports USING btree (tenant_id, ended_at) WHERE (ended IS NOT NULL);

CREATE INDEX imports_open ON imports USING btree (tenant_id, touched_at) WHERE (ended IS NULL);

CREATE UNIQUE INDEX notification_messages_once ON notification_messages USING btree (tenant_id, notification_id, site, lower(address));

CREATE INDEX notification_messages_open ON notification_messages USING btree (tenant_id, notification_id) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));

CREATE INDEX reports_by_creation ON reports USING btree (tenant_id, created_at, id) WHERE (deleted_at IS NULL);

CREATE UNIQUE INDEX reports_by_creation_key ON reports USING btree (tenant_id, creation_key) WHERE (creation_key IS NOT NULL);

CREATE INDEX reports_by_group_or_project ON reports USING btree (tenant_id) WHERE ((deleted_at IS NULL) AND (visibility = 'limited'::text) AND ((shared_groups <> '[]'::jsonb) OR (shared_projects <> '{}'::text[])));

CREATE INDEX reports_by_name ON reports USING btree (tenant_id, name_key, id) WHERE (deleted_at IS NULL);

CREATE INDEX reports_by_update ON reports USING btree (tenant_id, updated_at, id) WHERE (deleted_at IS NULL);

CREATE INDEX reports_deleted ON reports USING btree (tenant_id, deleted_at) WHERE (deleted_at IS NOT NULL);

CREATE INDEX stars_by_report ON stars USING btree (tenant_id, report_id);

CREATE INDEX tasks_ageing ON tasks USING btree (due_at) WHERE ((state = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text])) AND (rank > 0));

CREATE INDEX tasks_due_at ON tasks USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text]));

CREATE INDEX tasks_line ON tasks USING btree (rank, turn, due_at, id) WHERE (state = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text]));

CREATE INDEX tasks_of_kind ON tasks USING btree (tenant_id, kind, created_at DESC, id DESC);

CREATE UNIQUE INDEX tasks_slot ON tasks USING btree (tenant_id, kind, slot) WHERE (slot IS NOT NULL);

CREATE INDEX tasks_turns ON tasks USING btree (tenant_id, turn);

CREATE UNIQUE INDEX tasks_unfinished ON tasks USING btree (tenant_id, kind, subject) WHERE (state = ANY (ARRAY['waiting'::text, 'queued'::text, 'running'::text]));

CREATE TRIGGER announce_freed_task AFTER UPDATE OF state ON tasks FOR EACH ROW WHEN (((new.state = 'queued'::text) AND (new.due_at <= now()))) EXECUTE FUNCTION announce_task();

CREATE TRIGGER announce_new_task AFTER INSERT ON tasks FOR EACH ROW WHEN ((new.due_at <= now())) EXECUTE FUNCTION announce_task();

CREATE TRIGGER keep_reinstalled AFTER UPDATE OF state ON tenants FOR EACH ROW WHEN (((old.state = 'uninstalled'::text) AND (new.state <> 'uninstalled'::text))) EXECUTE FUNCTION keep_reinstalled();

CREATE TRIGGER keep_version AFTER UPDATE OF name, description, definition, definition_version ON reports FOR EACH ROW WHEN (((CURRENT_USER <> 'sightline_definer'::name) AND ((old.name IS DISTINCT FROM new.name) OR (old.description IS DISTINCT FROM new.description) OR (old.definition IS DISTINCT FROM new.definition) OR (old.definition_version IS DISTINCT FROM new.definition_version)))) EXECUTE FUNCTION keep_version();

CREATE CONSTRAINT TRIGGER mark_changed AFTER INSERT OR DELETE OR UPDATE ON reports DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mark_changed();

CREATE CONSTRAINT TRIGGER mark_changed AFTER INSERT OR DELETE OR UPDATE ON stars DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mark_changed();

CREATE TRIGGER mark_new_tenants AFTER INSERT ON tenants REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION mark_new_tenants();

CREATE TRIGGER mark_truncated AFTER TRUNCATE ON reports FOR EACH STATEMENT EXECUTE FUNCTION mark_all_changed();

CREATE TRIGGER mark_truncated AFTER TRUNCATE ON stars FOR EACH STATEMENT EXECUTE FUNCTION mark_all_changed();

CREATE TRIGGER require_tenant BEFORE INSERT ON tasks FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['export'::text, 'import'::text, 'purge'::text]))) EXECUTE FUNCTION require_tenant();

CREATE TRIGGER take_another_turn BEFORE UPDATE OF state ON tasks FOR EACH ROW WHEN (((old.state = 'running'::text) AND (new.state = 'queued'::text) AND (new.due_at <> old.due_at))) EXECUTE FUNCTION take_turn();

CREATE TRIGGER take_turn BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION take_turn();

ALTER TABLE ONLY accepted_callbacks
    ADD CONSTRAINT accepted_callbacks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY account_keys
    ADD CONSTRAINT account_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY account_report_cycles
    ADD CONSTRAINT account_report_cycles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY audit
    ADD CONSTRAINT audit_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY change_marks
    ADD CONSTRAINT change_marks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY gadgets
    ADD CONSTRAINT gadgets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY gadgets
    ADD CONSTRAINT gadgets_tenant_id_report_id_fkey FOREIGN KEY (tenant_id, report_id) REFERENCES reports(tenant_id, id) ON DELETE SET NULL (report_id);

ALTER TABLE ONLY hashed_accounts
    ADD CONSTRAINT hashed_accounts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY import_parts
    ADD CONSTRAINT import_parts_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES imports(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY imports
    ADD CONSTRAINT imports_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY notification_messages
    ADD CONSTRAINT notification_messages_known_tenant_fkey FOREIGN KEY (known_tenant) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY report_versions
    ADD CONSTRAINT report_versions_tenant_id_report_id_fkey FOREIGN KEY (tenant_id, report_id) REFERENCES reports(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY reports
    ADD CONSTRAINT reports_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY site_settings
    ADD CONSTRAINT site_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY stars
    ADD CONSTRAINT stars_tenant_id_report_id_fkey FOREIGN KEY (tenant_id, report_id) REFERENCES reports(tenant_id, id) ON DELETE CASCADE;

ALTER TABLE accepted_callbacks ENABLE ROW LEVEL SECURITY;

ALTER TABLE account_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE account_report_cycles ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit ENABLE ROW LEVEL SECURITY;

CREATE POLICY backup ON accepted_callbacks FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON account_keys FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON account_report_cycles FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON audit FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON change_marks FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON gadgets FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON hashed_accounts FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON import_parts FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON imports FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON notification_messages FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON purge_receipts FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON report_versions FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON reports FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON site_settings FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON stars FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON tasks FOR SELECT TO sightline_backup USING (true);

CREATE POLICY backup ON tenants FOR SELECT TO sightline_backup USING (true);

CREATE POLICY brought_along ON report_versions AS RESTRICTIVE FOR INSERT TO sightline_worker WITH CHECK (imported);

ALTER TABLE change_marks ENABLE ROW LEVEL SECURITY;

CREATE POLICY definer ON accepted_callbacks TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON account_keys TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON account_report_cycles TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON audit TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON change_marks TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON gadgets TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON hashed_accounts TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON import_parts TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON imports TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON notification_messages TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON purge_receipts TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON report_versions TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON reports TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON site_settings TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON stars TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON tasks TO sightline_definer USING (true) WITH CHECK (true);

CREATE POLICY definer ON tenants TO sightline_definer USING (true) WITH CHECK (true);

ALTER TABLE gadgets ENABLE ROW LEVEL SECURITY;

ALTER TABLE hashed_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE import_parts ENABLE ROW LEVEL SECURITY;

ALTER TABLE imports ENABLE ROW LEVEL SECURITY;

ALTER TABLE notification_messages ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_tenant ON accepted_callbacks TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON account_keys TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON account_report_cycles TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON audit TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON change_marks TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON gadgets TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON hashed_accounts TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON import_parts TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON imports TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON notification_messages TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON purge_receipts TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON report_versions TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON reports TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON site_settings TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON stars TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON tasks TO sightline_api, sightline_worker USING ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

CREATE POLICY own_tenant ON tenants TO sightline_api, sightline_worker USING ((id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid)) WITH CHECK ((id = (NULLIF(current_setting('sightline.tenant'::text, true), ''::text))::uuid));

ALTER TABLE purge_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE report_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE reports ENABLE ROW LEVEL SECURITY;

ALTER TABLE site_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE stars ENABLE ROW LEVEL SECURITY;

ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sightline_api;
GRANT USAGE ON SCHEMA public TO sightline_worker;
GRANT USAGE ON SCHEMA public TO sightline_backup;
GRANT USAGE ON SCHEMA public TO sightline_definer;

REVOKE ALL ON FUNCTION accept_callback(tenant uuid, token bytea, body bytea, expires timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION account_after(account text, mapping jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION account_after(account text, mapping jsonb) TO sightline_definer;

REVOKE ALL ON FUNCTION accounts_after(accounts text[], mapping jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION accounts_after(accounts text[], mapping jsonb) TO sightline_definer;

REVOKE ALL ON FUNCTION announce_task() FROM PUBLIC;

REVOKE ALL ON FUNCTION change_tenant(tenant uuid, event text, checked_version integer, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION change_tenant(tenant uuid, event text, checked_version integer, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) TO sightline_api;

GRANT SELECT ON TABLE tasks TO sightline_backup;
GRANT SELECT,INSERT,DELETE ON TABLE tasks TO sightline_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tasks TO sightline_worker;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tasks TO sightline_definer;

GRANT UPDATE(state) ON TABLE tasks TO sightline_api;

GRANT UPDATE(lease_token) ON TABLE tasks TO sightline_api;

GRANT UPDATE(leased_until) ON TABLE tasks TO sightline_api;

GRANT UPDATE(finished_at) ON TABLE tasks TO sightline_api;

REVOKE ALL ON FUNCTION claim_task(kinds text[], lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION claim_task(kinds text[], lease interval) TO sightline_worker;

REVOKE ALL ON FUNCTION current_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION current_tenant() TO sightline_api;
GRANT ALL ON FUNCTION current_tenant() TO sightline_worker;
GRANT ALL ON FUNCTION current_tenant() TO sightline_definer;

REVOKE ALL ON FUNCTION document_after(document jsonb, mapping jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION document_after(document jsonb, mapping jsonb) TO sightline_definer;

GRANT SELECT ON TABLE notification_messages TO sightline_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notification_messages TO sightline_definer;

REVOKE ALL ON FUNCTION doubt_messages() FROM PUBLIC;

REVOKE ALL ON FUNCTION due_tasks(at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION due_tasks(at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION enter_tenant(tenant uuid, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION enter_tenant(tenant uuid, version integer) TO sightline_api;
GRANT ALL ON FUNCTION enter_tenant(tenant uuid, version integer) TO sightline_worker;

REVOKE ALL ON FUNCTION enter_tenant_marked(tenant uuid, version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION enter_tenant_marked(tenant uuid, version integer) TO sightline_api;

GRANT SELECT ON TABLE tenants TO sightline_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenants TO sightline_definer;

GRANT SELECT(id) ON TABLE tenants TO sightline_api;
GRANT SELECT(id) ON TABLE tenants TO sightline_worker;

GRANT SELECT(client_key) ON TABLE tenants TO sightline_api;
GRANT SELECT(client_key) ON TABLE tenants TO sightline_worker;

GRANT SELECT(base_url) ON TABLE tenants TO sightline_api;
GRANT SELECT(base_url) ON TABLE tenants TO sightline_worker;

GRANT SELECT(state) ON TABLE tenants TO sightline_api;
GRANT SELECT(state) ON TABLE tenants TO sightline_worker;

GRANT SELECT(secret_version) ON TABLE tenants TO sightline_api;
GRANT SELECT(secret_version) ON TABLE tenants TO sightline_worker;

GRANT SELECT(installed_at) ON TABLE tenants TO sightline_api;
GRANT SELECT(installed_at) ON TABLE tenants TO sightline_worker;

GRANT SELECT(uninstalled_at) ON TABLE tenants TO sightline_api;
GRANT SELECT(uninstalled_at) ON TABLE tenants TO sightline_worker;

REVOKE ALL ON FUNCTION find_tenant(wanted_client_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION find_tenant(wanted_client_key text) TO sightline_api;

REVOKE ALL ON FUNCTION forget_message_addresses(before timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION forget_message_addresses(before timestamp with time zone, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION forget_tenant(tenant uuid, successor uuid, task uuid, token uuid) FROM PUBLIC;

REVOKE ALL ON PROCEDURE give_to_definer(IN function_name regprocedure) FROM PUBLIC;

REVOKE ALL ON FUNCTION hold_files(tenant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION hold_files(tenant uuid) TO sightline_api;
GRANT ALL ON FUNCTION hold_files(tenant uuid) TO sightline_worker;

REVOKE ALL ON FUNCTION hold_files_alone(tenant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION hold_files_alone(tenant uuid) TO sightline_worker;

GRANT SELECT ON TABLE imports TO sightline_backup;
GRANT SELECT,DELETE,UPDATE ON TABLE imports TO sightline_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE imports TO sightline_api;
GRANT SELECT,DELETE,UPDATE ON TABLE imports TO sightline_worker;

REVOKE ALL ON FUNCTION imports_over(untouched_since timestamp with time zone, ended_before timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION imports_over(untouched_since timestamp with time zone, ended_before timestamp with time zone, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION install_tenant(guessed_id uuid, signing_client_key text, new_base_url text, new_secret bytea, new_secret_key_id text, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION install_tenant(guessed_id uuid, signing_client_key text, new_base_url text, new_secret bytea, new_secret_key_id text, signed_at timestamp with time zone, token bytea, body bytea, expires timestamp with time zone) TO sightline_api;

REVOKE ALL ON FUNCTION keep_reinstalled() FROM PUBLIC;

REVOKE ALL ON FUNCTION keep_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION mark_all_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION mark_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION mark_new_tenants() FROM PUBLIC;

REVOKE ALL ON FUNCTION messages_left(notification uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION messages_left(notification uuid) TO sightline_worker;

REVOKE ALL ON FUNCTION new_id() FROM PUBLIC;
GRANT ALL ON FUNCTION new_id() TO sightline_api;
GRANT ALL ON FUNCTION new_id() TO sightline_worker;
GRANT ALL ON FUNCTION new_id() TO sightline_definer;

REVOKE ALL ON FUNCTION note_message(tenant uuid, message uuid, lease uuid, became text, said_code integer, said text, pause interval) FROM PUBLIC;
GRANT ALL ON FUNCTION note_message(tenant uuid, message uuid, lease uuid, became text, said_code integer, said text, pause interval) TO sightline_worker;

REVOKE ALL ON PROCEDURE protect_tenant_table(IN table_name regclass, IN tenant_column name) FROM PUBLIC;

GRANT SELECT ON TABLE purge_receipts TO sightline_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE purge_receipts TO sightline_definer;
GRANT SELECT ON TABLE purge_receipts TO sightline_api;
GRANT SELECT ON TABLE purge_receipts TO sightline_worker;

REVOKE ALL ON FUNCTION purge_tenant(tenant uuid, task uuid, token uuid, files_removed integer) FROM PUBLIC;
GRANT ALL ON FUNCTION purge_tenant(tenant uuid, task uuid, token uuid, files_removed integer) TO sightline_worker;

REVOKE ALL ON FUNCTION purged_tables() FROM PUBLIC;

REVOKE ALL ON FUNCTION put_account_back(hash text, account text) FROM PUBLIC;
GRANT ALL ON FUNCTION put_account_back(hash text, account text) TO sightline_api;

REVOKE ALL ON FUNCTION remove_deleted_reports(before timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION remove_deleted_reports(before timestamp with time zone, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION remove_expired_callbacks(at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION remove_expired_callbacks(at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION remove_old_audit(before timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION remove_old_audit(before timestamp with time zone, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION replace_accounts(tenant uuid, mapping jsonb, new_version boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION replace_texts(tenant uuid, texts jsonb, new_version boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION replay_purge(receipt purge_receipts, successor uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION request_account_hashing(before timestamp with time zone, urgency smallint, attempts integer, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION request_account_hashing(before timestamp with time zone, urgency smallint, attempts integer, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION request_account_reports(urgency smallint, attempts integer, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION request_account_reports(urgency smallint, attempts integer, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION request_retention_purges(kept_for interval, attempts integer, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION request_retention_purges(kept_for interval, attempts integer, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION require_tenant() FROM PUBLIC;

REVOKE ALL ON FUNCTION take_accounts_out(task uuid, token uuid, mapping jsonb, texts jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION take_accounts_out(task uuid, token uuid, mapping jsonb, texts jsonb) TO sightline_worker;

REVOKE ALL ON FUNCTION take_deleted_reports(before timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION take_deleted_reports(before timestamp with time zone, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION take_message(notification uuid, lease uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION take_message(notification uuid, lease uuid) TO sightline_worker;

REVOKE ALL ON FUNCTION take_turn() FROM PUBLIC;

REVOKE ALL ON FUNCTION tasks_ended_before(wanted_kind text, moment timestamp with time zone, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION tasks_ended_before(wanted_kind text, moment timestamp with time zone, at_most integer) TO sightline_worker;

REVOKE ALL ON FUNCTION tenant_of_account_report(task uuid, token uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION tenant_of_account_report(task uuid, token uuid) TO sightline_worker;

REVOKE ALL ON FUNCTION tenant_of_accounts(task uuid, token uuid, last boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION tenant_of_accounts(task uuid, token uuid, last boolean) TO sightline_worker;

REVOKE ALL ON FUNCTION tenant_of_import(wanted uuid, task uuid, token uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION tenant_of_import(wanted uuid, task uuid, token uuid) TO sightline_worker;

GRANT SELECT ON TABLE accepted_callbacks TO sightline_backup;
GRANT SELECT,INSERT,DELETE ON TABLE accepted_callbacks TO sightline_definer;

GRANT SELECT ON TABLE account_keys TO sightline_backup;
GRANT SELECT,DELETE,UPDATE ON TABLE account_keys TO sightline_definer;
GRANT SELECT ON TABLE account_keys TO sightline_api;
GRANT SELECT,INSERT ON TABLE account_keys TO sightline_worker;

GRANT UPDATE(hashed_at) ON TABLE account_keys TO sightline_worker;

GRANT SELECT ON TABLE account_report_cycles TO sightline_backup;
GRANT SELECT,INSERT,DELETE ON TABLE account_report_cycles TO sightline_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE account_report_cycles TO sightline_worker;

GRANT SELECT ON TABLE audit TO sightline_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE audit TO sightline_definer;
GRANT SELECT ON TABLE audit TO sightline_api;
GRANT SELECT ON TABLE audit TO sightline_worker;

GRANT INSERT(tenant_id) ON TABLE audit TO sightline_api;
GRANT INSERT(tenant_id) ON TABLE audit TO sightline_worker;

GRANT INSERT(event) ON TABLE audit TO sightline_api;
GRANT INSERT(event) ON TABLE audit TO sightline_worker;

GRANT INSERT(account_id) ON TABLE audit TO sightline_api;
GRANT INSERT(account_id) ON TABLE audit TO sightline_worker;

GRANT INSERT(host) ON TABLE audit TO sightline_api;
GRANT INSERT(host) ON TABLE audit TO sightline_worker;

GRANT INSERT(subject) ON TABLE audit TO sightline_api;
GRANT INSERT(subject) ON TABLE audit TO sightline_worker;

GRANT INSERT(details) ON TABLE audit TO sightline_api;
GRANT INSERT(details) ON TABLE audit TO sightline_worker;

GRANT SELECT ON TABLE change_marks TO sightline_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE change_marks TO sightline_definer;
GRANT SELECT ON TABLE change_marks TO sightline_api;

GRANT SELECT ON TABLE gadgets TO sightline_backup;
GRANT SELECT,DELETE,UPDATE ON TABLE gadgets TO sightline_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE gadgets TO sightline_api;
GRANT SELECT,INSERT ON TABLE gadgets TO sightline_worker;

GRANT UPDATE(report_id) ON TABLE gadgets TO sightline_worker;

GRANT UPDATE(version) ON TABLE gadgets TO sightline_worker;

GRANT UPDATE(set_by) ON TABLE gadgets TO sightline_worker;

GRANT UPDATE(set_at) ON TABLE gadgets TO sightline_worker;

GRANT SELECT ON TABLE hashed_accounts TO sightline_backup;
GRANT SELECT,DELETE ON TABLE hashed_accounts TO sightline_definer;
GRANT SELECT ON TABLE hashed_accounts TO sightline_api;
GRANT SELECT,INSERT ON TABLE hashed_accounts TO sightline_worker;

GRANT SELECT ON TABLE import_parts TO sightline_backup;
GRANT SELECT,DELETE ON TABLE import_parts TO sightline_definer;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE import_parts TO sightline_api;
GRANT SELECT,DELETE ON TABLE import_parts TO sightline_worker;

GRANT SELECT ON TABLE report_versions TO sightline_backup;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE report_versions TO sightline_definer;
GRANT SELECT ON TABLE report_versions TO sightline_api;
GRANT SELECT,INSERT ON TABLE report_versions TO sightline_worker;

GRANT SELECT ON TABLE reports TO sightline_backup;
GRANT SELECT,INSERT,UPDATE ON TABLE reports TO sightline_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE reports TO sightline_worker;
GRANT SELECT,DELETE,UPDATE ON TABLE reports TO sightline_definer;

GRANT SELECT ON TABLE schema_migrations TO sightline_api;
GRANT SELECT ON TABLE schema_migrations TO sightline_worker;
GRANT SELECT ON TABLE schema_migrations TO sightline_backup;

GRANT SELECT ON TABLE site_settings TO sightline_backup;
GRANT SELECT,DELETE,UPDATE ON TABLE site_settings TO sightline_definer;
GRANT SELECT,INSERT,UPDATE ON TABLE site_settings TO sightline_api;
GRANT SELECT,INSERT ON TABLE site_settings TO sightline_worker;

GRANT SELECT ON TABLE stars TO sightline_backup;
GRANT SELECT,INSERT,DELETE ON TABLE stars TO sightline_api;
GRANT SELECT,INSERT,DELETE ON TABLE stars TO sightline_worker;
GRANT SELECT,DELETE,UPDATE ON TABLE stars TO sightline_definer;

GRANT SELECT ON SEQUENCE turns_served TO sightline_backup;
GRANT SELECT,UPDATE ON SEQUENCE turns_served TO sightline_definer;

ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;

insert into schema_migrations (name) values
    ('0001_tenants_and_reports.sql'),
    ('0002_tasks.sql'),
    ('0003_sweep_reports.sql'),
    ('0004_audit.sql'),
    ('0006_late_uninstallations.sql'),
    ('0007_worker_without_secrets.sql'),
    ('0008_sweep_leftovers.sql'),
    ('0009_gadgets_and_settings.sql'),
    ('0010_report_versions.sql'),
    ('0011_change_marks.sql'),
    ('0012_purges.sql'),
    ('0013_imports.sql'),
    ('0014_personal_data.sql'),
    ('0015_notifications.sql'),
    ('0017_turns.sql');
