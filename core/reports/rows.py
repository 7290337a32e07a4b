"""How a report reads: the SQL that decides who sees it, and that writes it as JSON.

PostgreSQL builds the JSON text, which then passes through us untouched; taking it apart into Python objects
and putting it together again would cost more than the query.
"""

# The report of a row, without and with its definition. Takes the account that looks at it, as do the others.
_TIME = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_REPORT = f"""json_build_object(
    'id', r.id, 'name', r.name, 'description', r.description, {{definition}}
    'administrators', r.administrators, 'visibility', r.visibility,
    'shared_with', json_build_object(
        'accounts', r.shared_accounts, 'groups', r.shared_groups, 'projects', r.shared_projects),
    'starred', exists (
        select from stars s
        where s.tenant_id = r.tenant_id and s.report_id = r.id and s.account_id = %(account)s),
    'version', r.version,
    'created_at', {_TIME.format("r.created_at")}, 'created_by', r.created_by,
    'updated_at', {_TIME.format("r.updated_at")}, 'updated_by', r.updated_by
)::text"""
LISTED = _REPORT.format(definition="")
WHOLE = _REPORT.format(definition="'definition', r.definition,")

IS_ADMINISTRATOR = "r.administrators @> array[%(account)s]"

# What rests on account ids alone. Sharing by group and project grants nothing without Jira's answer.
IS_VISIBLE = f"""(
    r.visibility = 'public' or {IS_ADMINISTRATOR}
    or (r.visibility = 'limited' and r.shared_accounts @> array[%(account)s])
)"""

# Whether some report might be visible if Jira were asked; the same condition as the partial index.
RESTS_ON_JIRA = f"""exists (
    select from reports r
    where r.deleted_at is null and r.visibility = 'limited'
      and (r.shared_groups <> '[]' or r.shared_projects <> '{{}}') and not {IS_VISIBLE}
)"""
