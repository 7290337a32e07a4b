"""`/api/v1/audit`: the site's audit trail for its admins; and the entries of refused calls."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.query import Reader, account, limit, moment, parameters
from api.services import Services
from core.audit import EVENTS, TrailRequest, page, record_refusal
from core.callers import Caller
from core.database import Database, DatabaseUnavailable, TenantRefused

_LOG = logging.getLogger("sightline.audit")


class Audit:
    """The audit trail."""

    access: ClassVar = {"GET": Access.SITE_ADMIN}

    def __init__(self, services: Services) -> None:
        self._database = services.database

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """A page of it, the newest entry first."""
        resp.content_type = falcon.MEDIA_JSON
        resp.text = page(self._database, caller_of(req), TrailRequest(**parameters(req, _READERS)))


class Refusals:
    """Falcon middleware that has the trail tell who was refused what.

    It stands before the authentication, so that it knows what the address names when that refuses. Strangers
    leave no entry, as they could fill the table: they are counted and logged (`api.problems.unauthorised`).
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
        """Writes the entry. Where it cannot be written the refusal stands, and the log tells."""
        caller: Caller | None = getattr(req.context, "caller", None)
        if caller is None or resp.status_code != HTTPStatus.FORBIDDEN:
            return
        problem: Mapping[str, object] = getattr(req.context, "problem", {})
        try:
            record_refusal(
                self._database,
                caller,
                route=f"{req.method} {req.uri_template}",
                subject=req.context.subject,
                unchecked="unchecked" in problem,
            )
        except (DatabaseUnavailable, TenantRefused) as error:
            reason = type(error).__name__
            _LOG.warning(
                "refusal not recorded", extra={"request_id": req.context.request_id, "reason": reason}
            )


def _id_or_none(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _event(text: str) -> str:
    if text not in EVENTS:
        raise ValueError("is no event of the audit trail")
    return text


def _cursor(text: str) -> UUID:
    found = _id_or_none(text)
    if found is None:
        raise ValueError("is none that this list gave")
    return found


_READERS: Mapping[str, Reader] = {
    "limit": limit,
    "cursor": _cursor,
    "event": _event,
    "account": account,
    "since": moment,
    "until": moment,
}


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/api/v1/audit", Audit(services))]
