"""What can be done with a report beside reading and changing it: copy, restore, take over, star."""

from collections.abc import Iterable
from typing import ClassVar

import falcon

from api import report_operations as operations
from api.access import Access
from api.authentication import caller_of
from api.limits import json_body
from api.openapi import shape_of
from api.preconditions import idempotency_key, if_match
from api.problems import invalid
from api.report_answers import answer, answer_new, id_of, refusals
from api.services import Services
from core.reports import Reports

_COPY = shape_of("ReportCopy")


class Copy:
    """A copy of the caller's own."""

    access: ClassVar = {"POST": Access.CALLER}
    operations: ClassVar = {"POST": operations.COPY}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_post(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """201 with a private report of the same content, which the caller alone administers.

        Without a name it is "Copy of …". Stars, sharing and versions stay with the original.
        """
        name = _name_of_copy(req)
        with refusals():
            key = idempotency_key(req)
            answer_new(resp, self._reports.copy(caller_of(req), id_of(report_id), name, key))


class Restore:
    """Takes back a deletion."""

    access: ClassVar = {"POST": Access.CALLER}
    operations: ClassVar = {"POST": operations.RESTORE}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_post(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """The report, as it is again; within 30 days, for its administrators."""
        matches = if_match(req)
        with refusals():
            answer(resp, self._reports.restore(caller_of(req), id_of(report_id), matches))


class TakeOver:
    """Gives a report that nobody is left to look after to an administrator of the site."""

    access: ClassVar = {"POST": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {"POST": operations.TAKE_OVER}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_post(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Adds the caller to the administrators of any report of the site, private or deleted ones included.

        The audit trail tells of it. Whoever is one already gets the report, and nothing changes.
        """
        with refusals():
            answer(resp, self._reports.take_over(caller_of(req), id_of(report_id)))


class Star:
    """The caller's own mark on a report."""

    access: ClassVar = {"PUT": Access.CALLER, "DELETE": Access.CALLER}
    operations: ClassVar = {"PUT": operations.STAR, "DELETE": operations.UNSTAR}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_put(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Marks the report."""
        self._set(req, resp, report_id, starred=True)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Takes the mark away."""
        self._set(req, resp, report_id, starred=False)

    def _set(self, req: falcon.Request, resp: falcon.Response, report_id: str, *, starred: bool) -> None:
        with refusals():
            self._reports.star(caller_of(req), id_of(report_id), starred=starred)
        resp.status = falcon.HTTP_NO_CONTENT


def _name_of_copy(req: falcon.Request) -> str | None:
    """What the body says, if there is one: no length and no type of content means that there is none."""
    if not req.content_length and req.content_type is None:
        return None
    body = json_body(req)
    problems = _COPY.problems(body)
    if problems or not isinstance(body, dict):
        raise invalid(problems)
    name: str | None = body.get("name")
    return name


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    reports = services.reports
    return [
        ("/api/v1/reports/{report_id}/copy", Copy(reports)),
        ("/api/v1/reports/{report_id}/restore", Restore(reports)),
        ("/api/v1/reports/{report_id}/take-over", TakeOver(reports)),
        ("/api/v1/reports/{report_id}/star", Star(reports)),
    ]
