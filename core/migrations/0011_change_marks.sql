-- A mark for each tenant that is another one after every change of what its lists of reports show, so that a
-- process may keep a page and needs to ask no more than whether the mark is still the one it was built under.
--
-- 1. The mark is written in the transaction that makes the change, and its row is held until the commit: whoever
--    sees a mark sees exactly the changes up to it, and a page read in the same snapshot shows exactly those.
-- 2. Triggers write it, so that no function, sweep or migration can forget to. (`alter table` fires none: a
--    migration that changes reports by it replaces the marks itself.)
-- 3. They do so at the commit, once a transaction: a long one, an import, keeps nobody waiting for the mark
--    meanwhile, and as it is the last thing that is locked, no two transactions of one tenant wait for each other
--    in a circle. Who changes several tenants locks their marks before, in the order of their ids.
-- 4. Marks are only ever compared for being the same, and are random: none comes twice, also not where a backup
--    was restored and everything else begins anew at an earlier point, numbers and clocks included.
--
-- A table of its own, as the tenant's row is locked and read by what installs and uninstalls. Room is left in
-- each page, so that a new mark stays beside the old one and no index is touched.
create table change_marks (
    tenant_id uuid primary key references tenants (id) on delete cascade,
    mark uuid not null default gen_random_uuid()
) with (fillfactor = 50);
call protect_tenant_table('change_marks');
grant select on change_marks to sightline_api;
-- Nobody else writes it: a mark that came again would show a page that is out of date.
grant insert, update on change_marks to sightline_definer;

create function mark_new_tenants() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    insert into change_marks (tenant_id) select id from added;
    return null;
end
$$;
create trigger mark_new_tenants after insert on tenants
    referencing new table as added for each statement execute function mark_new_tenants();
call give_to_definer('mark_new_tenants()');

-- Never adds a row: a tenant that is being removed loses its mark with all else. Nor does it replace a mark of
-- this very transaction, which nobody has seen; one that adds a thousand reports writes one.
create function mark_changed() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    update change_marks set mark = gen_random_uuid()
    where tenant_id in (old.tenant_id, new.tenant_id) and xmin <> pg_current_xact_id()::xid;
    return null;
end
$$;
create constraint trigger mark_changed after insert or update or delete on reports
    deferrable initially deferred for each row execute function mark_changed();
create constraint trigger mark_changed after insert or update or delete on stars
    deferrable initially deferred for each row execute function mark_changed();
call give_to_definer('mark_changed()');

-- Which rows are gone is not told; only who owns the tables may do this.
create function mark_all_changed() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    update change_marks set mark = gen_random_uuid();
    return null;
end
$$;
create trigger mark_truncated after truncate on reports
    for each statement execute function mark_all_changed();
create trigger mark_truncated after truncate on stars
    for each statement execute function mark_all_changed();
call give_to_definer('mark_all_changed()');

-- As enter_tenant, and gives the mark in the same round trip: null where there is none.
create function enter_tenant_marked(tenant uuid, version integer) returns uuid
    language plpgsql
as $$
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
grant execute on function enter_tenant_marked(uuid, integer) to sightline_api;

grant create on schema public to sightline_definer;
set local role sightline_definer;

-- As before, and locks the marks of the tenants that it changes in the order of their ids.
create or replace function remove_deleted_reports(before timestamptz, at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
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

-- The tenants that are there already.
do $$
declare
    marked bigint;
begin
    insert into change_marks (tenant_id) select id from tenants;
    get diagnostics marked = row_count;
    if marked <> (select count(*) from tenants) then
        raise exception '% tenants were marked', marked;
    end if;
end
$$;
reset role;
revoke create on schema public from sightline_definer;
