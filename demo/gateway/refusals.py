"""How Jira says no: statuses, bodies and headers of calls that the gateway ends itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """An answer in place of the endpoint's own."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


def unauthorized(reason: str) -> Refusal:
    """401: nobody signed in, or a token that does not hold."""
    body = {"errorMessages": [reason], "errors": {}}
    return Refusal(HTTPStatus.UNAUTHORIZED, body, {"WWW-Authenticate": 'JWT realm="Jira"'})


def forbidden(reason: str) -> Refusal:
    """403 as the API gateway words it."""
    return Refusal(HTTPStatus.FORBIDDEN, {"message": reason, "status-code": 403})


def cross_site() -> Refusal:
    """403 for a write that another site's page tries with a person's session."""
    return Refusal(HTTPStatus.FORBIDDEN, {"errorMessages": ["XSRF check failed"], "errors": {}})


def too_many(reason: str, seconds: int) -> Refusal:
    """429; `reason` is the value of `RateLimit-Reason`, `seconds` that of `Retry-After`."""
    message = "Rate limit exceeded. Try again after the time in Retry-After."
    headers = {"Retry-After": str(seconds), "RateLimit-Reason": reason}
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, {"errorMessages": [message], "errors": {}}, headers)


def fault(kind: str) -> Refusal:
    """A drawn fault: 429 asks for one second of patience, 503 too, the rest is plain failure."""
    status = HTTPStatus(int(kind)) if int(kind) in set(HTTPStatus) else HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return too_many("jira-burst-based", 1)
    headers = {"Retry-After": "1"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Refusal(
        status, {"errorMessages": [f"{status.phrase} (a fault of DEMO_FAULTS)"], "errors": {}}, headers
    )
