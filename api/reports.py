"""`/api/v1/reports`."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import falcon

from api import report_operations as operations
from api.access import Access
from api.authentication import caller_of
from api.limits import json_body
from api.preconditions import idempotency_key, if_match
from api.problems import Refusal, invalid, unavailable
from api.report_query import list_request
from api.services import Services
from core.definition import DefinitionTooNew
from core.reports import (
    CreationReused,
    CursorInvalid,
    NotAdministrator,
    ReportMissing,
    Reports,
    StoredReport,
    TooManyReports,
    VersionStale,
    check_changes,
    check_new,
)
from core.shapes import Problem

_JSON = "application/json"


class ReportList:
    """The reports that the caller sees."""

    access: ClassVar = {"GET": Access.CALLER, "POST": Access.CALLER}
    operations: ClassVar = {"GET": operations.LIST, "POST": operations.CREATE}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A page, without definitions."""
        try:
            resp.text = self._reports.page(caller_of(req), list_request(req))
        except CursorInvalid as error:
            raise Refusal(
                HTTPStatus.BAD_REQUEST, "The cursor is none that a list in this order gave."
            ) from error
        resp.content_type = _JSON

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """201 with the new report, also where the same Idempotency-Key made it before."""
        body = _checked(json_body(req), check_new)
        with _refusals():
            report = self._reports.create(caller_of(req), body, idempotency_key(req))
        resp.status = falcon.HTTP_CREATED
        resp.set_header("Location", f"/api/v1/reports/{report.id}")
        _answer(resp, report)


class Report:
    """One report."""

    access: ClassVar = {"GET": Access.CALLER, "PUT": Access.CALLER, "DELETE": Access.CALLER}
    operations: ClassVar = {"GET": operations.READ, "PUT": operations.CHANGE, "DELETE": operations.DELETE}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_get(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """The report with its definition."""
        with _refusals():
            _answer(resp, self._reports.get(caller_of(req), _id(report_id)))

    def on_put(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Replaces the members that the body gives."""
        matches = if_match(req)
        body = _checked(json_body(req), check_changes)
        with _refusals():
            _answer(resp, self._reports.replace(caller_of(req), _id(report_id), body, matches))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """Deletes the report; it can be restored for 30 days."""
        with _refusals():
            self._reports.delete(caller_of(req), _id(report_id), if_match(req))
        resp.status = falcon.HTTP_NO_CONTENT


class Restore:
    """Takes back a deletion."""

    access: ClassVar = {"POST": Access.CALLER}
    operations: ClassVar = {"POST": operations.RESTORE}

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_post(self, req: falcon.Request, resp: falcon.Response, report_id: str) -> None:
        """The report, as it is again."""
        with _refusals():
            _answer(resp, self._reports.restore(caller_of(req), _id(report_id)))


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
        with _refusals():
            self._reports.star(caller_of(req), _id(report_id), starred=starred)
        resp.status = falcon.HTTP_NO_CONTENT


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what the store refuses into answers."""
    try:
        yield
    except ReportMissing as error:
        raise Refusal(HTTPStatus.NOT_FOUND, "There is no such report.") from error
    except NotAdministrator as error:
        raise Refusal(HTTPStatus.FORBIDDEN, "Only the report's administrators may change it.") from error
    except DefinitionTooNew as error:
        raise unavailable("A newer release wrote the report, and this one cannot read it.") from error
    except VersionStale as error:
        raise Refusal(
            HTTPStatus.PRECONDITION_FAILED,
            f"The report has changed meanwhile; its version is now {error.current}.",
            members={"version": error.current},
            headers={"ETag": f'"{error.current}"'},
        ) from error
    except TooManyReports as error:
        raise Refusal(HTTPStatus.CONFLICT, "The site has as many reports as it may have.") from error
    except CreationReused as error:
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY, "The Idempotency-Key was used before, for another report."
        ) from error


def _answer(resp: falcon.Response, report: StoredReport) -> None:
    resp.content_type = _JSON
    resp.text = report.json
    resp.set_header("ETag", f'"{report.version}"')


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ReportMissing from error


def _checked(body: object, check: Callable[[object], list[Problem]]) -> dict[str, Any]:
    problems = check(body)
    if problems or not isinstance(body, dict):
        raise invalid(problems)
    return body


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    reports = services.reports
    return [
        ("/api/v1/reports", ReportList(reports)),
        ("/api/v1/reports/{report_id}", Report(reports)),
        ("/api/v1/reports/{report_id}/restore", Restore(reports)),
        ("/api/v1/reports/{report_id}/star", Star(reports)),
    ]
