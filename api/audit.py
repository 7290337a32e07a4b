"""`/api/v1/audit`: the site's audit trail for its admins; and what refused calls leave behind."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.metrics import count_stranger
from api.openapi import Answer, Operation
from api.query import LIMIT, Parameter, account, moment, parameters
from api.services import Services
from core.audit import EVENTS, TrailRequest, page, record_refusal
from core.callers import Caller
from core.database import Database, DatabaseUnavailable, TenantRefused

_LOG = logging.getLogger("sightline.audit")


def _id_or_none(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _cursor(text: str) -> UUID:
    found = _id_or_none(text)
    if found is None:
        raise ValueError("is none that this list gave")
    return found


_PARAMETERS: Mapping[str, Parameter] = {
    "limit": LIMIT,
    "cursor": Parameter(
        "Where to go on: `next` of the page before.", {"type": "string", "format": "uuid"}, _cursor
    ),
    "event": Parameter("Only entries of this event.", {"type": "string", "enum": EVENTS}),
    "account": account("Only what this account did."),
    "since": moment("Only entries from then on."),
    "until": moment("Only entries from before then."),
}


class Audit:
    """The audit trail."""

    access: ClassVar = {"GET": Access.SITE_ADMIN}
    operations: ClassVar = {
        "GET": Operation(
            summary="Read the audit trail",
            query=_PARAMETERS,
            answers={HTTPStatus.OK: Answer("A page of the trail.", "AuditPage")},
        )
    }

    def __init__(self, services: Services) -> None:
        self._database = services.database

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A page of it, the newest entry first."""
        resp.content_type = falcon.MEDIA_JSON
        resp.text = page(self._database, caller_of(req), TrailRequest(**parameters(req, _PARAMETERS)))


class Refusals:
    """Falcon middleware that tells of refusals, in the trail where it is known who was refused.

    Strangers could fill a table: they are counted, and the log's line says why they were refused. This stands
    before the authentication, so that it knows what the address names when that refuses.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def process_resource(
        self, req: falcon.Request, _resp: falcon.Response, _resource: object, params: dict[str, object]
    ) -> None:
        """Notes the id in the address."""
        req.context.subject = next((id_ for id_ in map(_id_or_none, params.values()) if id_), None)

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Tells of the answer, if it is a refusal."""
        caller: Caller | None = getattr(req.context, "caller", None)
        if resp.status_code == HTTPStatus.FORBIDDEN and caller:
            self._record(req, caller)
        elif resp.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            req.context.refused_because = str(_problem_of(req).get("detail"))
            count_stranger(_route(req), req.context.refused_because)

    def _record(self, req: falcon.Request, caller: Caller) -> None:
        """Writes the entry. Where that cannot be done the refusal stands, and the log tells."""
        unchecked = "unchecked" in _problem_of(req)
        try:
            record_refusal(
                self._database, caller, route=_route(req), subject=req.context.subject, unchecked=unchecked
            )
        except (DatabaseUnavailable, TenantRefused) as error:
            about = {"request_id": req.context.request_id, "reason": type(error).__name__}
            _LOG.warning("refusal not recorded", extra=about)


def _problem_of(req: falcon.Request) -> Mapping[str, object]:
    problem: Mapping[str, object] = getattr(req.context, "problem", {})
    return problem


def _route(req: falcon.Request) -> str:
    return f"{req.method} {req.uri_template}"


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/api/v1/audit", Audit(services))]
