-- Removes callbacks of all tenants whose tokens have expired, at most so many at once, and returns how many
-- went. Another callback of the same tenant removes them too, but after an uninstallation none may ever come.
create function remove_expired_callbacks(at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
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
grant execute on function remove_expired_callbacks(integer) to sightline_worker;
call give_to_definer('remove_expired_callbacks(integer)');
