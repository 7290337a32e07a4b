-- The worker has no use for the sites' sealed secrets: it reads the rest of a tenant's row only, as the api does.
revoke select on tenants from sightline_worker;
grant select (id, client_key, base_url, state, secret_version, installed_at, uninstalled_at)
    on tenants to sightline_worker;
