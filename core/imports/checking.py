"""The check of an import: what would happen, and what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from psycopg2.extras import Json

from core.database import Cursor
from core.gadgets import LARGEST_NUMBER_OF_GADGETS
from core.imports.content import Content
from core.imports.examination import Examination
from core.imports.facts import Facts
from core.imports.inquiry import Inquiry
from core.reports.body import LARGEST_NUMBER_OF_REPORTS
from core.shapes import Problem

_MOST_LISTED = 1_000
_STEP_EVERY = 50
_SITE = """
    select (select base_url from tenants where id = current_tenant()) as base_url,
           (select count(*) from reports where deleted_at is null) as reports,
           (select count(*) from gadgets) as gadgets,
           exists (select from site_settings) as has_settings
"""
_TAKEN = "select dashboard, item from gadgets where report_id is not null"
_WRITE = """
    update imports set found = %(found)s, unknown_accounts = %(unknown)s
    where tenant_id = current_tenant() and id = %(import)s and task_id = %(task)s and ended is null
"""

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class SiteNow:
    """What a site has at this moment, as far as an import has to fit in."""

    base_url: str
    reports: int
    gadgets: int
    has_settings: bool
    taken: frozenset[tuple[str, str]]

    @classmethod
    def read(cls, cursor: Cursor) -> "SiteNow":
        """Reads it in a transaction of the site's tenant."""
        cursor.execute(_SITE)
        (row,) = cursor.fetchall()
        cursor.execute(_TAKEN)
        taken = frozenset((place["dashboard"], place["item"]) for place in cursor.fetchall())
        return cls(**row, taken=taken)

    def is_origin(self, base_url: str | None) -> bool:
        """Whether an export of this address is the site's own: its projects and dashboards are the same."""
        return base_url is not None and host_of(base_url) == host_of(self.base_url)

    def gadgets_free(self, facts: Facts) -> int:
        """How many of a document's gadgets find a free place."""
        if not self.is_origin(facts.site):
            return 0
        room = max(LARGEST_NUMBER_OF_GADGETS - self.gadgets, 0)
        return min(len(facts.places - self.taken), room)

    def problems(self, facts: Facts) -> list[Problem]:
        """What does not fit in."""
        room = LARGEST_NUMBER_OF_REPORTS - self.reports
        if facts.counts["live"] <= room:
            return []
        detail = f"has {facts.counts['live']} that are not deleted, and the site has room for {max(room, 0)}"
        return [Problem("/reports", detail)]


def host_of(base_url: str) -> str:
    """The host and port of a site's address, in lower case."""
    try:
        return urlsplit(base_url).netloc.lower()
    except ValueError:
        return ""


def examine(content: Content, now: datetime, step: Step) -> tuple[Facts, list[Problem]]:
    """Reads a document through: what it says, and what is wrong with it. `step` hears of the file's bytes."""
    examination, facts = Examination(now), Facts()
    for number, entry in enumerate(examination.sound(content.document())):
        facts.add(entry)
        if number % _STEP_EVERY == 0:
            step(content.read, content.size + 1)
    return facts, examination.problems


def found(
    facts: Facts, problems: list[Problem], site: SiteNow, inquiry: Inquiry
) -> tuple[dict[str, Any], list[str]]:
    """The check's result as the API shows it, and the accounts that the site does not know."""
    problems = problems or site.problems(facts)
    lacking = set() if problems else inquiry.lacking(facts.fields)
    strangers, unchecked = (set(), 0) if problems else inquiry.strangers(facts.accounts)
    stars_left = facts.stars_of(strangers)
    gadgets, settings = site.gadgets_free(facts), facts.counts["settings"]
    shown = {
        "problems": [problem._asdict() for problem in problems],
        "site": facts.site,
        "exported_at": facts.exported_at,
        "adds": {
            "reports": facts.counts["live"],
            "deleted_reports": facts.counts["deleted"],
            "versions": facts.counts["versions"],
            "stars": facts.counts["stars"] - stars_left,
            "gadgets": gadgets,
            "settings": 0 if site.has_settings else settings,
        },
        "leaves_out": {
            "stars": stars_left,
            "gadgets": len(facts.places) - gadgets,
            "settings": settings if site.has_settings else 0,
            "projects": 0 if site.is_origin(facts.site) else facts.reports_with_projects,
        },
        "fields": {
            "missing": [
                {"id": name, "reports": facts.fields[name]} for name in sorted(lacking or ())[:_MOST_LISTED]
            ],
            "unchecked": lacking is None,
        },
        "accounts": {
            "unknown": sorted(strangers)[:_MOST_LISTED],
            "unknown_number": len(strangers),
            "replaced_administrators": facts.reports_administered_by(strangers),
            "unchecked": unchecked + facts.accounts_beyond,
        },
    }
    return shown, sorted(strangers)


def write(cursor: Cursor, import_id: UUID, task_id: UUID, shown: dict[str, Any], unknown: list[str]) -> None:
    """Keeps the result, unless the import has gone on without this check."""
    values = {"found": Json(shown), "unknown": unknown, "import": import_id, "task": task_id}
    cursor.execute(_WRITE, values)
