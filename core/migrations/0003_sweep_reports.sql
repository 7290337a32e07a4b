-- Removes reports of all tenants that were deleted before a moment, at most so many at once, and returns how
-- many went. Stars go with them; row security does not stand in the way of foreign keys.
create function remove_deleted_reports(before timestamptz, at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    removed integer;
begin
    delete from reports
    where (tenant_id, id) in (
        select r.tenant_id, r.id from reports r where r.deleted_at < before limit at_most for update skip locked
    );
    get diagnostics removed = row_count;
    return removed;
end
$$;
grant select, update, delete on reports to sightline_definer;
grant execute on function remove_deleted_reports(timestamptz, integer) to sightline_worker;
call give_to_definer('remove_deleted_reports(timestamptz, integer)');
