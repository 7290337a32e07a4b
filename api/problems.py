"""Refusals: every error is `application/problem+json` (RFC 9457) with the request's id."""

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus

import falcon

from core.database import DatabaseUnavailable, PowerfulRole, TenantRefused
from core.outbound import Unreachable
from core.secrets import SecretUnreadable
from core.shapes import Problem
from core.tenants import Tenant, Tenants

App = falcon.App[falcon.Request, falcon.Response]

_LOG = logging.getLogger("sightline.errors")
_RETRY_SECONDS = "5"
_WORTH_ANOTHER_TRY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


class Refusal(falcon.HTTPError):
    """An error with members of its own: `errors` with places, or whatever else `members` names."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[Problem] = (),
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, title=status.phrase, description=detail, headers=dict(headers or {}))
        self.members = dict(members or {})
        if errors:
            self.members["errors"] = [{"pointer": p.pointer, "detail": p.detail} for p in errors]


def invalid(problems: Sequence[Problem]) -> Refusal:
    """A body that is understood but not accepted."""
    number = "One thing is" if len(problems) == 1 else f"{len(problems)} things are"
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"{number} wrong with what was sent.", errors=problems)


def unauthorised(detail: str, app_key: str) -> Refusal:
    """No proof of who is calling."""
    sentence = f"{detail[:1].upper()}{detail[1:]}."
    return Refusal(HTTPStatus.UNAUTHORIZED, sentence, headers={"WWW-Authenticate": f'JWT realm="{app_key}"'})


def unavailable(detail: str) -> Refusal:
    """Something that we rest on gives no answer; worth another try."""
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def install(app: App, tenants: Tenants, app_key: str) -> None:
    """Makes an application answer every error this way."""

    def refused_tenant(req: falcon.Request, _r: falcon.Response, _e: TenantRefused, _p: object) -> None:
        caller = getattr(req.context, "caller", None)
        if caller is None:
            raise unavailable("The site's record changed meanwhile.")
        if _goes_on(tenants, caller.tenant):
            raise unavailable("The site's record changed meanwhile.")
        raise unauthorised("The app is not active on this site, or was installed anew", app_key)

    app.set_error_serializer(_serialize)
    app.add_error_handler(Exception, _unexpected)
    app.add_error_handler(TenantRefused, refused_tenant)
    app.add_error_handler(DatabaseUnavailable, _no_database)
    for dependency in (Unreachable, SecretUnreadable, PowerfulRole):
        app.add_error_handler(dependency, _no_dependency)


def _goes_on(tenants: Tenants, remembered: Tenant) -> bool:
    """Whether a site that was refused as we remembered it goes on with the same secret, as under the new id
    that a purge gave it: its tokens are good, and the next try looks it up anew."""
    tenants.forget(remembered.client_key)
    with suppress(DatabaseUnavailable, SecretUnreadable):
        present = tenants.find(remembered.client_key)
        return present is not None and present.state == "active" and present.secret == remembered.secret
    return False


def _serialize(req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError) -> None:
    status = falcon.code_to_http_status(error.status)
    body: dict[str, object] = {
        "type": "about:blank",
        "title": error.title or status[4:],
        "status": int(status[:3]),
    }
    if error.description:
        body["detail"] = error.description
    if isinstance(error, Refusal):
        body |= error.members
    body["request_id"] = req.context.request_id
    if body["status"] in _WORTH_ANOTHER_TRY and resp.get_header("Retry-After") is None:
        resp.set_header("Retry-After", _RETRY_SECONDS)
    req.context.problem = body
    resp.content_type = "application/problem+json"
    resp.data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _no_database(_q: falcon.Request, _r: falcon.Response, _e: DatabaseUnavailable, _p: object) -> None:
    raise unavailable("The database gives no answer. Nothing was changed that was not confirmed.")


def _no_dependency(req: falcon.Request, _r: falcon.Response, error: Exception, _p: object) -> None:
    _LOG.error("dependency", extra={"request_id": req.context.request_id, "reason": str(error)})
    raise unavailable("Something that the service rests on gives no usable answer.")


def _unexpected(req: falcon.Request, _r: falcon.Response, error: Exception, _p: object) -> None:
    """Logs where it happened but not what the message says: a database's message quotes rows."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    _LOG.error(
        "unexpected",
        extra={"request_id": req.context.request_id, "error": type(error).__name__, "where": where},
    )
    raise Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
