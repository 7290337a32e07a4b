"""What a site's administrators set for their site: whom to write to when something concerns its data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from core import audit
from core.callers import Caller
from core.database import Database
from core.json_time import json_time
from core.mail_addresses import LONGEST, PATTERN
from core.shapes import Problem, Shape
from core.stale import VersionStale

MOST_ADDRESSES = 5
SCHEMA: dict[str, Any] = {
    "title": "What a site's administrators set",
    "type": "object",
    "additionalProperties": False,
    "required": ["contact_addresses"],
    "properties": {
        "contact_addresses": {
            "description": "e-mail addresses that hear of what concerns the site's data; none: nobody does",
            "type": "array",
            "maxItems": MOST_ADDRESSES,
            "uniqueItems": True,
            "items": {"type": "string", "maxLength": LONGEST, "pattern": PATTERN},
        }
    },
}
_SHAPE = Shape(SCHEMA, {PATTERN: "must be an e-mail address, such as privacy@example.com"})

_READ = f"""
    select contact_addresses, version, updated_by,
           {json_time("updated_at")} as updated_at
    from site_settings
"""  # noqa: S608 - of constants
_WRITE = """
    insert into site_settings (tenant_id, contact_addresses, updated_by)
    values (current_tenant(), %(contact_addresses)s, %(account)s)
    on conflict (tenant_id) do update
    set contact_addresses = excluded.contact_addresses, version = site_settings.version + 1,
        updated_by = excluded.updated_by, updated_at = now()
"""
_LOCK = "select pg_advisory_xact_lock(hashtextextended('site settings ' || current_tenant(), 0))"


class SiteSettings(NamedTuple):
    """The settings. Version 0 is what holds while nobody has set anything."""

    contact_addresses: list[str]
    version: int
    updated_by: str | None
    updated_at: str | None


_NEVER_SET = SiteSettings([], 0, None, None)


def check_settings(body: object) -> list[Problem]:
    """Everything wrong with the body of a change."""
    problems = _SHAPE.problems(body)
    if problems or not isinstance(body, dict):
        return problems
    seen: set[str] = set()
    for place, address in enumerate(body["contact_addresses"]):
        if address.casefold() in seen:
            problems.append(Problem(f"/contact_addresses/{place}", "is there already"))
        seen.add(address.casefold())
    return problems


@dataclass(frozen=True)
class SettingsStore:
    """All work on settings. Raises DatabaseUnavailable and TenantRefused throughout."""

    database: Database

    def read(self, caller: Caller) -> SiteSettings:
        """The settings of the caller's site."""
        rows = self.database.read(caller.tenant.id, _READ, secret_version=caller.tenant.secret_version)
        return SiteSettings(**rows[0]) if rows else _NEVER_SET

    def replace(self, caller: Caller, body: dict[str, Any], matches: Callable[[int], bool]) -> SiteSettings:
        """Sets what a checked body says, if `matches` accepts the present version. Raises VersionStale.

        The audit trail tells which members changed, and no value.
        """
        tenant = caller.tenant
        with self.database.tenant(tenant.id, secret_version=tenant.secret_version) as cursor:
            cursor.execute(_LOCK)
            cursor.execute(_READ)
            row = cursor.fetchone()
            before = SiteSettings(**row) if row else _NEVER_SET
            if not matches(before.version):
                raise VersionStale(before.version)
            changed = [name for name, value in body.items() if getattr(before, name) != value]
            if changed:
                audit.record(cursor, caller, "settings-changed", details={"members": changed})
            cursor.execute(_WRITE, body | {"account": caller.account_id})
            cursor.execute(_READ)
            (row,) = cursor.fetchall()
            return SiteSettings(**row)
