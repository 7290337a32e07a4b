"""How a report reads: the SQL that decides who sees it, and that writes it as JSON.

PostgreSQL builds the JSON text, which then passes through us untouched; taking it apart into Python objects
and putting it together again would cost more than the query. What is known of a person's groups and projects
goes into the query as parameters, and the query says what else would have to be known.
"""

from typing import Any

from core.json_time import json_time
from core.reports.sweep import RESTORABLE_FOR
from core.rights import Standing

# The report of a row, without and with its definition. Takes the account that looks at it, as do the others.
_REPORT = f"""json_build_object(
    'id', r.id, 'name', r.name, 'description', r.description, {{definition}}
    'administrators', r.administrators, 'visibility', r.visibility,
    'shared_with', json_build_object(
        'accounts', r.shared_accounts, 'groups', r.shared_groups, 'projects', r.shared_projects),
    'starred', exists (
        select from stars s
        where s.tenant_id = r.tenant_id and s.report_id = r.id and s.account_id = %(account)s),
    'version', r.version,
    'created_at', {json_time("r.created_at")}, 'created_by', r.created_by,
    'updated_at', {json_time("r.updated_at")}, 'updated_by', r.updated_by
)::text"""
LISTED = _REPORT.format(definition="")
WHOLE = _REPORT.format(definition="'definition', r.definition,")

# What `core.reports.store` needs of a report's row.
STORED = f"r.id, r.version, r.definition_version, {WHOLE} as json"

IS_ADMINISTRATOR = "r.administrators @> array[%(account)s]"

LIVE = "r.deleted_at is null"
# Later it is gone, even where the sweep is late.
RESTORABLE = f"r.deleted_at > now() - interval '{RESTORABLE_FOR.days} days'"

_GROUP_IDS = "jsonb_path_query_array(r.shared_groups, '$[*].id')"
# So many projects we ask Jira about at once: five calls.
MOST_PROJECTS_ASKED = 5000


def parameters_of(account_id: str, standing: Standing) -> dict[str, Any]:
    """The parameters of all the SQL here."""
    return {
        "account": account_id,
        "groups": list(standing.groups or ()),
        "browsable": list(standing.browsable),
        "asked": [*standing.browsable, *standing.closed],
    }


def visible(standing: Standing) -> str:
    """The condition under which an account of this standing sees a report.

    Only what may match is written out, as the server plans each query anew.
    """
    ways = ["r.shared_accounts @> array[%(account)s]"]
    if standing.groups:
        ways.append(f"{_GROUP_IDS} ?| %(groups)s::text[]")
    if standing.browsable:
        # With the list of projects on this side of the comparison PostgreSQL looks each up in a hash table.
        ways.append("exists (select from unnest(r.shared_projects) p where p = any(%(browsable)s::text[]))")
    return f"""(
        r.visibility = 'public' or {IS_ADMINISTRATOR}
        or (r.visibility = 'limited' and ({" or ".join(ways)}))
    )"""


def seen(standing: Standing) -> str:
    """The condition under which a report is there for an account of this standing."""
    return f"{LIVE} and {visible(standing)}"


def unasked(standing: Standing) -> str:
    """Two columns: whether an account's groups would have to be asked for to know all that it sees, and the
    projects that would.

    They look at all of the tenant's reports, whatever is searched for: what they say must not tell whether a
    report that the account does not see matches. The conditions are those of the partial index.
    """
    hidden = f"{LIVE} and r.visibility = 'limited' and not {visible(standing)}"
    groups = f"exists (select from reports r where {hidden} and r.shared_groups <> '[]')"
    return f"""{"false" if standing.groups is not None else groups} as unasked_groups,
        array(
            select distinct p from reports r cross join unnest(r.shared_projects) p
            where {hidden} and r.shared_projects <> '{{}}' and p <> all(%(asked)s::text[])
            order by p limit {MOST_PROJECTS_ASKED}
        ) as unasked_projects"""
