"""A document from its beginning to its end: what of it is sound, and everything that is wrong.

1. Each entry is checked by itself (`rows`).
2. What several entries say together is checked as they come: ids and places that are there twice, more
   reports or versions than there may be. Where a format or version is not ours, no more is read.
3. At the end: members that are missing. Where all else is sound: counts that do not fit, names of reports
   that are not there, versions that a report has not reached.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from core.definition import VERSIONS, Versions
from core.export_schema import LISTS, MOST_SETTINGS, OTHERS
from core.gadgets import LARGEST_NUMBER_OF_GADGETS
from core.imports.document import DocumentBroken, Entry, entries
from core.imports.rows import problems_of, upgraded
from core.reports.body import LARGEST_NUMBER_OF_REPORTS
from core.reports.history import MOST_VERSIONS
from core.shapes import Problem

MOST_PROBLEMS = 100
MOST_REPORTS = 2 * LARGEST_NUMBER_OF_REPORTS
"""Deleted ones, which do not count against the number that a site may have, among them."""
_MOST = {"reports": MOST_REPORTS, "gadgets": LARGEST_NUMBER_OF_GADGETS, "settings": MOST_SETTINGS}
_HEAD = {"format", "version"}
_NAMING = {"versions": "report_id", "stars": "report_id", "gadgets": "report_id"}


class Examination:
    """Reads one document; `problems` is complete once `sound` has been read through."""

    def __init__(self, now: datetime, versions: Versions = VERSIONS) -> None:
        """`now` is a time with its zone, beyond which nothing can have happened."""
        self.problems: list[Problem] = []
        self._now = now
        self._versions = versions
        self._seen: set[str] = set()
        self._counts = dict.fromkeys(LISTS, 0)
        self._counts_told: dict[str, int] = {}
        self._reports: dict[str, int] = {}
        self._kept: dict[str, list[int]] = {}
        self._named: dict[str, str] = {}
        self._places: set[tuple[str, str]] = set()

    def sound(self, content: Iterable[bytes]) -> Iterator[Entry]:
        """The entries with which nothing is wrong, their definitions in the present version.

        Whoever uses them must look at `problems` in the end: then the whole is not sound.
        """
        try:
            for entry in entries(content, LISTS, OTHERS):
                self._seen.add(entry.member)
                found = problems_of(entry, self._now, self._versions) or list(self._together(entry))
                self._tell(found)
                if len(self.problems) >= MOST_PROBLEMS or (found and entry.member in _HEAD):
                    return
                if not found:
                    yield self._upgraded(entry)
        except DocumentBroken as broken:
            self._tell([Problem(broken.pointer, broken.detail)])
            return
        self._tell(self._at_the_end())

    def _tell(self, problems: Iterable[Problem]) -> None:
        self.problems += list(problems)[: MOST_PROBLEMS - len(self.problems)]

    def _upgraded(self, entry: Entry) -> Entry:
        if entry.position is None or entry.member not in {"reports", "versions"}:
            return entry
        row: Any = entry.value
        return entry._replace(value=upgraded(row, self._versions))

    def _together(self, entry: Entry) -> Iterator[Problem]:
        """What is wrong with a sound entry beside the others."""
        value: Any = entry.value
        if entry.member == "counts":
            self._counts_told = value
        if entry.position is None:
            return
        self._counts[entry.member] += 1
        if entry.position >= _MOST.get(entry.member, entry.position + 1):
            raise DocumentBroken(f"/{entry.member}", f"has more than {_MOST[entry.member]} entries")
        if entry.member == "reports":
            if value["id"] in self._reports:
                yield Problem(f"{entry.pointer}/id", "is the id of an earlier report, too")
            self._reports[value["id"]] = value["version"]
        elif entry.member == "versions":
            yield from self._version(entry.pointer, value)
        elif entry.member == "gadgets":
            place = (value["dashboard"], value["item"])
            if place in self._places:
                yield Problem(entry.pointer, "stands where an earlier gadget does")
            self._places.add(place)
        self._name(entry.pointer, value.get(_NAMING.get(entry.member)))

    def _version(self, pointer: str, version: dict[str, Any]) -> Iterator[Problem]:
        kept = self._kept.setdefault(version["report_id"], [])
        if version["version"] in kept:
            yield Problem(f"{pointer}/version", "is there already for this report")
        elif len(kept) >= MOST_VERSIONS:
            yield Problem(pointer, f"is more than the {MOST_VERSIONS} versions that a report may have")
        else:
            kept.append(version["version"])

    def _name(self, pointer: str, report: str | None) -> None:
        """Remembers where a report was named that has not been seen yet."""
        if report is not None and report not in self._reports and len(self._named) <= MOST_REPORTS:
            self._named.setdefault(report, f"{pointer}/report_id")

    def _at_the_end(self) -> Iterator[Problem]:
        for member in (*LISTS, *OTHERS):
            if member not in self._seen:
                yield Problem(f"/{member}", "is missing")
        if self.problems:
            return  # what follows may follow from them
        for member, number in self._counts_told.items():
            if number != self._counts[member]:
                yield Problem(f"/counts/{member}", f"is {number}, and there are {self._counts[member]}")
        for report, pointer in self._named.items():
            if report not in self._reports:
                yield Problem(pointer, "names no report of this document")
        for report, kept in self._kept.items():
            if max(kept) > self._reports.get(report, max(kept)):
                detail = (
                    f"has version {max(kept)} of the report {report}, which is at {self._reports[report]}"
                )
                yield Problem("/versions", detail)
