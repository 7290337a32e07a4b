-- Which report a gadget of a dashboard shows. A gadget that was emptied keeps its row for a while, without a
-- report, so that its version goes on counting; so does one whose report was removed for good.
create table gadgets (
    tenant_id uuid not null references tenants (id) on delete cascade,
    dashboard text not null check (char_length(dashboard) between 1 and 64),
    item text not null check (char_length(item) between 1 and 64),
    report_id uuid,
    version integer not null default 1 check (version > 0),
    set_by text not null check (char_length(set_by) between 1 and 128),
    set_at timestamptz not null default now(),
    primary key (tenant_id, dashboard, item),
    foreign key (tenant_id, report_id) references reports (tenant_id, id) on delete set null (report_id)
);
call protect_tenant_table('gadgets');
create index gadgets_by_report on gadgets (tenant_id, report_id);
grant select, insert, update, delete on gadgets to sightline_api;
grant select on gadgets to sightline_worker;

-- What a site's administrators set for it; no row while they have set nothing.
create table site_settings (
    tenant_id uuid primary key references tenants (id) on delete cascade,
    contact_addresses text[] not null check (cardinality(contact_addresses) <= 5),
    version integer not null default 1 check (version > 0),
    updated_by text not null check (char_length(updated_by) between 1 and 128),
    updated_at timestamptz not null default now()
);
call protect_tenant_table('site_settings');
grant select, insert, update on site_settings to sightline_api;
grant select on site_settings to sightline_worker;
