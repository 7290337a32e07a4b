-- Jira signs 'disabled' and 'uninstalled' in the same moment, to the second, and sends them in either order: an
-- uninstallation that was signed a second before the disabling that overtook it must still destroy the secret.
-- What enables and disables therefore has a time of its own, and an uninstallation is late only where an
-- installation came after it.
alter table tenants add column switched_at timestamptz;
comment on column tenants.switched_at is 'When the last accepted ''enabled'' or ''disabled'' was signed.';

grant create on schema public to sightline_definer;
set local role sightline_definer;

-- As before, but for what counts as late.
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

reset role;
revoke create on schema public from sightline_definer;
