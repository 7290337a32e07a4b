-- What reports were before: each content that a change of a report left behind, and the present one.

create table report_versions (
    tenant_id uuid not null,
    report_id uuid not null,
    -- The report's own version when it got this content. Changes of sharing alone have numbers in between.
    version integer not null check (version > 0),
    at timestamptz not null,
    account_id text not null check (char_length(account_id) between 1 and 128),
    name text not null check (char_length(name) between 1 and 255),
    description text not null check (char_length(description) <= 4000),
    definition jsonb not null,
    definition_version smallint not null,
    -- Whether somebody brought it along in a file, which may say of time and account what it likes.
    imported boolean not null default false,
    primary key (tenant_id, report_id, version),
    foreign key (tenant_id, report_id) references reports (tenant_id, id) on delete cascade
);
call protect_tenant_table('report_versions');
-- Written by the trigger below alone: what has happened cannot be rewritten by who changes a report.
grant select on report_versions to sightline_api, sightline_worker;
grant insert, update, delete on report_versions to sightline_definer;

-- A report's content has changed: keeps the new one, and what it was created with before the first change, as
-- most reports never change and need no second copy. The last 20 stay.
create function keep_version() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
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
create trigger keep_version after update of name, description, definition, definition_version on reports
    for each row
    when (old.name is distinct from new.name or old.description is distinct from new.description
          or old.definition is distinct from new.definition
          or old.definition_version is distinct from new.definition_version)
    execute function keep_version();
call give_to_definer('keep_version()');

-- Of a report that was changed before this table was there, what it is now is the first content known.
set local role sightline_definer;
do $$
declare
    kept bigint;
begin
    insert into report_versions
    select tenant_id, id, version, updated_at, updated_by, name, description, definition, definition_version
    from reports where version > 1;
    get diagnostics kept = row_count;
    if kept <> (select count(*) from reports where version > 1) then
        raise exception 'the versions of % reports were kept', kept;
    end if;
end
$$;
reset role;
