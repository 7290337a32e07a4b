"""`/api/v1/reports/{report_id}/versions`: what a report was before, for its administrators."""

import re
from collections.abc import Iterable
from typing import ClassVar

import falcon

from api import report_operations as operations
from api.access import Access
from api.authentication import caller_of
from api.preconditions import if_match
from api.report_answers import JSON, answer, id_of, refusals
from api.services import Services
from core.reports import Reports

_NUMBER = re.compile("[0-9]{1,9}", re.ASCII)


class VersionList:
    """A report's versions."""

    access: ClassVar = {"GET": Access.CALLER}
    operations: ClassVar = {"GET": operations.LIST_VERSIONS}

    def __init__(self, reports: Reports) -> None:
        self._history = reports.history

    def on_get(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """The last 20 of them, the newest first: who made each, when, and the name it gave.

        A change of name, description or definition makes one; sharing does not.
        """
        with refusals():
            resp.text = self._history.versions(caller_of(req), id_of(report_id))
        resp.content_type = JSON


class Version:
    """One version of a report."""

    access: ClassVar = {"GET": Access.CALLER}
    operations: ClassVar = {"GET": operations.READ_VERSION}
    parts: ClassVar = {"number": "Version"}

    def __init__(self, reports: Reports) -> None:
        self._history = reports.history

    def on_get(self, req: falcon.Request, resp: falcon.Response, report_id: str, number: str) -> None:
        """The version with its content."""
        with refusals():
            resp.text = self._history.version(caller_of(req), id_of(report_id), _number(number))
        resp.content_type = JSON


class VersionRestore:
    """Takes a report back to a version."""

    access: ClassVar = {"POST": Access.CALLER}
    operations: ClassVar = {"POST": operations.RESTORE_VERSION}
    parts: ClassVar = {"number": "Version"}

    def __init__(self, reports: Reports) -> None:
        self._history = reports.history

    def on_post(self, req: falcon.Request, resp: falcon.Response, report_id: str, number: str) -> None:
        """Makes the version's name, description and definition the report's again, as a new version.

        Sharing and administrators stay as they are.
        """
        matches = if_match(req)
        with refusals():
            caller = caller_of(req)
            answer(resp, self._history.restore(caller, id_of(report_id), _number(number), matches))


def _number(text: str) -> int:
    """The number in an address; 0, which no version has, where it is none."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    reports = services.reports
    return [
        ("/api/v1/reports/{report_id}/versions", VersionList(reports)),
        ("/api/v1/reports/{report_id}/versions/{number}", Version(reports)),
        ("/api/v1/reports/{report_id}/versions/{number}/restore", VersionRestore(reports)),
    ]
