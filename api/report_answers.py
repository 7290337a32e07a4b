"""How the routes of reports answer, and what each refusal of the store becomes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from uuid import UUID

import falcon

from api.problems import Refusal, unavailable
from core.definition import DefinitionTooNew
from core.reports import (
    CreationReused,
    NotAdministrator,
    ReportMissing,
    StoredReport,
    TooManyAdministrators,
    TooManyReports,
    VersionMissing,
    VersionStale,
)

JSON = "application/json"
# What is refused, with which status and sentence.
_REFUSED: dict[type[Exception], tuple[HTTPStatus, str]] = {
    ReportMissing: (HTTPStatus.NOT_FOUND, "There is no such report."),
    VersionMissing: (HTTPStatus.NOT_FOUND, "The report has no such version."),
    NotAdministrator: (HTTPStatus.FORBIDDEN, "Only the report's administrators may do this."),
    TooManyReports: (HTTPStatus.CONFLICT, "The site has as many reports as it may have."),
    TooManyAdministrators: (HTTPStatus.CONFLICT, "The report has as many administrators as it may have."),
    CreationReused: (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The Idempotency-Key was used before: for something else, or for a report that you lost since.",
    ),
}


@contextmanager
def refusals() -> Iterator[None]:
    """Turns what the store refuses into answers."""
    try:
        yield
    except DefinitionTooNew as error:
        raise unavailable("A newer release wrote the report, and this one cannot read it.") from error
    except VersionStale as error:
        raise _stale(error.current) from error
    except tuple(_REFUSED) as error:
        status, sentence = _REFUSED[type(error)]
        raise Refusal(status, sentence) from error


def _stale(current: StoredReport) -> Refusal:
    """412 with the report as it is now, so that a person can be shown both."""
    return Refusal(
        HTTPStatus.PRECONDITION_FAILED,
        f"The report has changed meanwhile; its version is now {current.version}.",
        members={"version": current.version, "report": json.loads(current.json)},
        headers={"ETag": etag(current.version)},
    )


def answer(resp: falcon.Response, report: StoredReport) -> None:
    """200 with a report, unless the status says otherwise."""
    resp.content_type = JSON
    resp.text = report.json
    resp.set_header("ETag", etag(report.version))


def answer_new(resp: falcon.Response, report: StoredReport) -> None:
    """201 with a report and its address."""
    resp.status = falcon.HTTP_CREATED
    resp.set_header("Location", f"/api/v1/reports/{report.id}")
    answer(resp, report)


def etag(version: int) -> str:
    """A report's version as an entity tag."""
    return f'"{version}"'


def id_of(text: str) -> UUID:
    """The id in an address. Raises ReportMissing where it is none, as no report has it."""
    try:
        return UUID(text)
    except ValueError as error:
        raise ReportMissing from error
