"""The application of an import: all of it in one transaction, or nothing.

1. The document is read and checked anew; its reports are written as they come, under ids of our own. Where
   anything is wrong, nothing stays.
2. It is read again for what refers to reports: versions, stars, gadgets; and for settings.
3. A report of which the file has no versions keeps its content as its first one, marked as brought along: who
   looks at its history learns that we did not see it come about.
4. Last come the locks that others wait for: that of creations, then the lease. Only whoever still holds it
   commits, and the import is done in the same moment.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.database import Cursor
from core.definition import VERSIONS, Versions
from core.export_schema import LISTS, OTHERS
from core.gadgets import LARGEST_NUMBER_OF_GADGETS
from core.ids import uuid7
from core.imports import writing
from core.imports.content import Content
from core.imports.document import Entry, entries
from core.imports.examination import Examination
from core.imports.rows import moment, upgraded
from core.reports.body import LARGEST_NUMBER_OF_REPORTS

_COUNTED = ("reports", "deleted_reports", "versions", "stars", "gadgets", "settings")
_LOCK_REPORTS = "select pg_advisory_xact_lock(hashtextextended('reports ' || current_tenant(), 0))"
_LOCK_GADGETS = "select pg_advisory_xact_lock(hashtextextended('gadgets ' || current_tenant(), 0))"
_LIVE = "select count(*) as number from reports where deleted_at is null"
_GADGETS = "select count(*) as number from gadgets"


class NotApplicable(Exception):
    """The document cannot be applied; the text says why, for people."""


@dataclass
class Application:
    """One application, in one transaction of the site's tenant.

    `importer` takes the place of administrators among `unknown`, the accounts that the site does not know.
    `is_origin`: the document is of this site, so that its ids of projects and dashboards mean the same here.
    `step` is called with the number of entries written so far, and ends the application by raising.
    """

    cursor: Cursor
    importer: str
    unknown: frozenset[str]
    is_origin: bool
    step: Callable[[int], object]
    versions: Versions = VERSIONS
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED, 0))
    _now: datetime = field(default_factory=lambda: datetime.now(UTC))
    _ids: dict[str, UUID] = field(default_factory=dict)
    _written: int = 0

    def run(self, content: Content) -> dict[str, int]:
        """Writes everything, and returns how much of each thing. Raises NotApplicable and DocumentBroken."""
        examination = Examination(self._now, self.versions)
        reports = (entry for entry in examination.sound(content.document()) if entry.member == "reports")
        self._write(reports)
        if examination.problems:
            raise NotApplicable(f"{examination.problems[0].pointer} {examination.problems[0].detail}.")
        rest = (e for e in entries(content.document(), LISTS, OTHERS) if e.member != "reports")
        self._write(rest)
        writing.keep_first_versions(self.cursor, list(self._ids.values()))
        self._require_room()
        return self.counts

    def _write(self, found: Iterable[Entry]) -> None:
        writers: dict[str, Callable[[list[Any]], None]] = {
            "reports": self._reports,
            "versions": self._versions,
            "stars": self._stars,
            "gadgets": self._gadgets,
            "settings": self._settings,
        }
        for member, rows in _batches(entry for entry in found if entry.member in writers):
            self.step(self._written)
            writers[member](rows)
            self._written += len(rows)

    def _reports(self, reports: list[Any]) -> None:
        rows = [self._report(report) for report in reports]
        writing.insert_reports(self.cursor, rows)
        deleted = sum(1 for row in rows if row["deleted_at"])
        self.counts["deleted_reports"] += deleted
        self.counts["reports"] += len(rows) - deleted

    def _report(self, report: dict[str, Any]) -> dict[str, Any]:
        report_id = self._ids[report["id"]] = uuid7()
        shared = report["shared_with"]
        return {
            **report,
            "id": report_id,
            "administrators": self._administrators(report["administrators"]),
            # Ids of another site's projects are those of other projects here.
            "shared_with": shared if self.is_origin else {**shared, "projects": []},
            "created_at": self._time(report["created_at"]),
            "updated_at": self._time(report["updated_at"]),
            "deleted_at": report["deleted_at"] and self._time(report["deleted_at"]),
        }

    def _administrators(self, accounts: list[str]) -> list[str]:
        known = [account for account in accounts if account not in self.unknown]
        if len(known) < len(accounts) and self.importer not in known:
            known.append(self.importer)
        return known

    def _versions(self, versions: list[Any]) -> None:
        rows = [
            {
                **upgraded(version, self.versions),
                "report": self._ids[version["report_id"]],
                "at": self._time(version["at"]),
            }
            for version in versions
        ]
        self.counts["versions"] += writing.insert_versions(self.cursor, rows)

    def _stars(self, stars: list[Any]) -> None:
        rows = [
            {**star, "report": self._ids[star["report_id"]]}
            for star in stars
            if star["account_id"] not in self.unknown
        ]
        self.counts["stars"] += writing.insert_stars(self.cursor, rows) if rows else 0

    def _gadgets(self, gadgets: list[Any]) -> None:
        if not self.is_origin:
            return
        self.cursor.execute(_LOCK_GADGETS)
        rows = [
            {
                **gadget,
                "report": gadget["report_id"] and self._ids[gadget["report_id"]],
                "set_at": self._time(gadget["set_at"]),
            }
            for gadget in gadgets
        ][: max(LARGEST_NUMBER_OF_GADGETS - self._number(_GADGETS), 0)]
        self.counts["gadgets"] += writing.insert_gadgets(self.cursor, rows) if rows else 0

    def _settings(self, settings: list[Any]) -> None:
        for row in settings:
            one = {**row, "updated_at": self._time(row["updated_at"])}
            self.counts["settings"] += writing.insert_settings(self.cursor, one)

    def _require_room(self) -> None:
        self.cursor.execute(_LOCK_REPORTS)
        if self._number(_LIVE) > LARGEST_NUMBER_OF_REPORTS:
            raise NotApplicable(f"The site would have more than {LARGEST_NUMBER_OF_REPORTS} reports.")

    def _number(self, sql: str) -> int:
        self.cursor.execute(sql)
        (row,) = self.cursor.fetchall()
        return int(row["number"])

    def _time(self, text: str) -> datetime:
        """A time of the document, which may be a little ahead of this server's clock."""
        return min(moment(text), self._now)


def _batches(found: Iterable[Entry]) -> Iterator[tuple[str, list[Any]]]:
    """The values of list entries, at most so many of one list together."""
    member, batch = "", list[Any]()
    for entry in found:
        if entry.position is None:
            continue
        if entry.member != member or len(batch) >= writing.AT_ONCE:
            if batch:
                yield member, batch
            member, batch = entry.member, []
        batch.append(entry.value)
    if batch:
        yield member, batch
