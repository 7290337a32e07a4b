"""What stands in an export, table by table. A new table of tenants' data gets a section here, or a reason
why it is left out; a test compares both with the database.
"""

from dataclasses import dataclass

from core.json_time import json_time


@dataclass(frozen=True)
class Section:
    """A list of the document. `query` gives one column `row`, the row's JSON as text."""

    name: str
    table: str
    query: str

    @property
    def count(self) -> str:
        """A query for the number of rows."""
        return f"select count(*) from {self.table}"  # noqa: S608 - a constant


SITE = f"""
    select json_build_object('base_url', base_url, 'installed_at', {json_time("installed_at")}) as row
    from tenants where id = current_tenant()
"""  # noqa: S608 - of constants

_REPORTS = f"""
    select json_build_object(
        'id', id, 'name', name, 'description', description,
        'definition', definition, 'definition_version', definition_version,
        'administrators', administrators, 'visibility', visibility,
        'shared_with', json_build_object('accounts', shared_accounts, 'groups', shared_groups,
                                         'projects', shared_projects),
        'version', version,
        'created_at', {json_time("created_at")}, 'created_by', created_by,
        'updated_at', {json_time("updated_at")}, 'updated_by', updated_by,
        'deleted_at', {json_time("deleted_at")})::text as row
    from reports order by tenant_id, id
"""  # noqa: S608 - of constants

_VERSIONS = f"""
    select json_build_object(
        'report_id', report_id, 'version', version, 'at', {json_time("at")}, 'account_id', account_id,
        'name', name, 'description', description, 'definition', definition,
        'definition_version', definition_version, 'imported', imported)::text as row
    from report_versions order by tenant_id, report_id, version
"""  # noqa: S608 - of constants

_STARS = """
    select json_build_object('account_id', account_id, 'report_id', report_id)::text as row
    from stars order by tenant_id, account_id, report_id
"""

_GADGETS = f"""
    select json_build_object(
        'dashboard', dashboard, 'item', item, 'report_id', report_id, 'version', version,
        'set_by', set_by, 'set_at', {json_time("set_at")})::text as row
    from gadgets order by tenant_id, dashboard, item
"""  # noqa: S608 - of constants

_SETTINGS = f"""
    select json_build_object(
        'contact_addresses', contact_addresses, 'version', version,
        'updated_by', updated_by, 'updated_at', {json_time("updated_at")})::text as row
    from site_settings
"""  # noqa: S608 - of constants

_TASKS = f"""
    select json_build_object(
        'id', id, 'kind', kind, 'subject', subject, 'state', state, 'error', error,
        'requested_by', requested_by, 'created_at', {json_time("created_at")},
        'finished_at', {json_time("finished_at")})::text as row
    from tasks order by tenant_id, id
"""  # noqa: S608 - of constants

_AUDIT = f"""
    select json_build_object(
        'id', id, 'at', {json_time("at")}, 'event', event, 'account_id', account_id, 'host', host,
        'subject', subject, 'details', details)::text as row
    from audit order by tenant_id, at, id
"""  # noqa: S608 - of constants

SECTIONS = (
    Section("reports", "reports", _REPORTS),
    Section("versions", "report_versions", _VERSIONS),
    Section("stars", "stars", _STARS),
    Section("gadgets", "gadgets", _GADGETS),
    Section("settings", "site_settings", _SETTINGS),
    Section("tasks", "tasks", _TASKS),
    Section("audit", "audit", _AUDIT),
)

LEFT_OUT = {
    "imports": "files on their way in, over within a day; what was made of them is in all else",
    "import_parts": "names of these files' parts",
    "purge_receipts": "each is fetched as it is; none is data of the tenant's making",
    "notification_messages": "what we wrote to the site's contacts, who have it",
    "accepted_callbacks": "hashes of tokens that expire within minutes, no data of the tenant's making",
    "change_marks": "a random mark without a meaning of its own",
    "account_report_cycles": "numbers of calls to Atlassian, no data of the tenant's making",
    "account_keys": "a sealed key, of use here only",
    "hashed_accounts": "hashes that stand in what is exported anyway",
}
"""Tables of tenants that an export leaves out, and why."""
