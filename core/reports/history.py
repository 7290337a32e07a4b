"""What a report was before: its last versions, each with who made it.

The database itself keeps a version with each change of name, description or definition (trigger
`keep_version`), so that no way of changing a report can leave one out. A report whose content never changed
has no rows, and one version: itself, as it was created. Sharing has no part in it, as the audit trail tells
of that, and as many changes of it would push the contents out.

Only a report's administrators see its versions: what stood there earlier was not meant for those whom it is
open to now.
"""

from uuid import UUID

from core.callers import Caller
from core.json_time import json_time
from core.reports.body import name_key
from core.reports.refused import NotAdministrator, StoredReport, VersionMissing
from core.reports.rows import IS_ADMINISTRATOR, STORED
from core.reports.sight import Matches, Sight
from core.rights import Standing

MOST_VERSIONS = 20
"""How many are kept of a report, the present one among them; `keep_version` says the same."""

_CONTENT = "version, at, account_id, name, description, definition, definition_version, imported"
# The versions of the report `r` of the query around it.
_VERSIONS = f"""(
    select {_CONTENT} from report_versions v where v.tenant_id = r.tenant_id and v.report_id = r.id
    union all
    select 1, r.created_at, r.created_by, r.name, r.description, r.definition, r.definition_version, false
    where not exists (select from report_versions v where v.tenant_id = r.tenant_id and v.report_id = r.id)
) kept"""
_ENTRY = (
    f"'version', kept.version, 'at', {json_time('kept.at')}, 'by', kept.account_id,"
    " 'imported', kept.imported, 'name', kept.name"
)
_LIST = f"""
    {IS_ADMINISTRATOR} as is_administrator,
    (select string_agg(json_build_object({_ENTRY})::text, ', ' order by kept.version desc)
     from {_VERSIONS}) as items
"""
_WHOLE = f"""
    {IS_ADMINISTRATOR} as is_administrator,
    (select array[json_build_object({_ENTRY}, 'description', kept.description,
                                    'definition', kept.definition)::text,
                  kept.definition_version::text]
     from {_VERSIONS} where kept.version = %(number)s) as found
"""
_FIND = f"""
    select kept.name, kept.description, kept.definition::text, kept.definition_version
    from reports r cross join lateral {_VERSIONS} where r.id = %(id)s and kept.version = %(number)s
"""
_RESTORE = f"""
    update reports r
    set name = %(name)s, name_key = %(name_key)s, description = %(description)s, definition = %(definition)s,
        definition_version = %(definition_version)s,
        version = version + 1, updated_at = now(), updated_by = %(account)s
    where r.id = %(id)s returning {STORED}
"""


class History:
    """The versions of reports. Raises ReportMissing and NotAdministrator throughout."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    def versions(self, caller: Caller, report_id: UUID) -> str:
        """A report's versions as JSON text, the newest first and without their content."""
        row = self._sight.look(caller, report_id, _LIST)
        if not row["is_administrator"]:
            raise NotAdministrator
        return f'{{"items": [{row["items"]}]}}'

    def version(self, caller: Caller, report_id: UUID, number: int) -> str:
        """One version with its content, as JSON text. Raises VersionMissing and DefinitionTooNew."""
        row = self._sight.look(caller, report_id, _WHOLE, number=number)
        if not row["is_administrator"]:
            raise NotAdministrator
        if row["found"] is None:
            raise VersionMissing
        text, definition_version = row["found"]
        return self._sight.upgraded(text, int(definition_version))

    def restore(self, caller: Caller, report_id: UUID, number: int, matches: Matches) -> StoredReport:
        """Makes the content of a version the report's again, as a new version; its sharing stays.

        Raises VersionMissing, VersionStale and DefinitionTooNew.
        """

        def change(standing: Standing) -> StoredReport:
            with self._sight.open(caller) as cursor:
                self._sight.hold(cursor, caller, standing, report_id, matches)
                cursor.execute(_FIND, {"id": report_id, "number": number})
                content = cursor.fetchone()
                if content is None:
                    raise VersionMissing
                names = {"id": report_id, "account": caller.account_id, "name_key": name_key(content["name"])}
                cursor.execute(_RESTORE, {**content, **names})
                return self._sight.stored(cursor.fetchall())

        return self._sight.as_seen(caller, change)
