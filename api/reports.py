"""`/api/v1/reports`, and the routes of all that belongs to reports."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, ClassVar

import falcon

from api import account_reports, report_actions, report_versions
from api import report_operations as operations
from api.access import Access
from api.authentication import caller_of
from api.limits import json_body
from api.preconditions import idempotency_key, if_match
from api.problems import Refusal, invalid
from api.report_answers import JSON, answer, answer_new, etag, id_of, refusals
from api.report_query import list_request
from api.services import Services
from core.reports import CursorInvalid, Reports, check_changes, check_new
from core.shapes import Problem


class ReportList:
    """The reports that the caller sees."""

    access: ClassVar = {"GET": Access.CALLER, "POST": Access.CALLER}
    operations: ClassVar = {"GET": operations.LIST, "POST": operations.CREATE}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A page, without definitions."""
        try:
            page = self._reports.page(caller_of(req), list_request(req))
        except CursorInvalid as error:
            raise Refusal(
                HTTPStatus.BAD_REQUEST, "The cursor is none that a list in this order gave."
            ) from error
        resp.content_type = JSON
        resp.data = page.content
        resp.set_header("ETag", f'"{page.digest}"')

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """201 with the new report, also where the same Idempotency-Key made it before."""
        body = _checked(json_body(req), check_new)
        with refusals():
            answer_new(resp, self._reports.create(caller_of(req), body, idempotency_key(req)))


class Report:
    """One report."""

    access: ClassVar = {"GET": Access.CALLER, "PUT": Access.CALLER, "DELETE": Access.CALLER}
    operations: ClassVar = {"GET": operations.READ, "PUT": operations.CHANGE, "DELETE": operations.DELETE}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_get(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """The report with its definition."""
        with refusals():
            answer(resp, self._reports.get(caller_of(req), id_of(report_id)))

    def on_put(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Replaces the members that the body gives."""
        matches = if_match(req)
        body = _checked(json_body(req), check_changes)
        with refusals():
            answer(resp, self._reports.replace(caller_of(req), id_of(report_id), body, matches))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Deletes the report; it can be restored for 30 days."""
        with refusals():
            version = self._reports.delete(caller_of(req), id_of(report_id), if_match(req))
        resp.set_header("ETag", etag(version))
        resp.status = falcon.HTTP_NO_CONTENT


def _checked(body: object, check: Callable[[object], list[Problem]]) -> dict[str, Any]:
    problems = check(body)
    if problems or not isinstance(body, dict):
        raise invalid(problems)
    return body


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """The routes of everything about reports."""
    reports = services.reports
    return [
        ("/api/v1/reports", ReportList(reports)),
        ("/api/v1/reports/{report_id}", Report(reports)),
        *report_actions.routes(services),
        *report_versions.routes(services),
        *account_reports.routes(services),
    ]
