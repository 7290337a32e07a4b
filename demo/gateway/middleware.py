"""The gateway in front of the REST application.

For every call: 1. who is it; 2. may the app do this; 3. are points left; 4. does a fault befall it; 5. is it
within the burst; then the endpoint answers, 6. its points are counted and shown, and 7. the answer waits
until the call has taken as long as Jira would. People's own calls, outside of any app, meet 1 and 7 only.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import falcon

from demo.connect.descriptor import Descriptor
from demo.gateway import bursts, points, refusals
from demo.gateway.bursts import Bursts
from demo.gateway.faults import DROP, SPOILS_TOKEN, Faults, spoil_token
from demo.gateway.identity import (
    APP_HEADER,
    SESSION_COOKIE,
    AppNotInstalled,
    Identities,
    Identity,
    NotSignedIn,
)
from demo.gateway.points import Points
from demo.gateway.recorder import Call, Recorder
from demo.gateway.refusals import Refusal
from demo.gateway.scopes import FORBIDDEN, is_allowed
from demo.issues.model import Account

_SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass
class Gateway:
    """The parts and switches of the gateway; what is changed here applies from the next call on."""

    identities: Identities
    points: Points
    bursts: Bursts
    faults: Faults
    descriptor: Callable[[], Descriptor | None]
    scope_of: Callable[[str, str], str | None]
    site_url: str
    latency_ms: int = 0
    recorder: Recorder = field(default_factory=Recorder)


class GatewayMiddleware:
    """Falcon middleware; leaves `req.context.account` (None for the app's server) to the endpoints."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Steps 1 to 4."""
        req.context.began = time.monotonic()
        req.context.identity = req.context.fault = None
        req.context.account = None
        self._gateway.recorder.begin()
        refusal = self._identify(req) or self._refuse_app(req)
        if refusal is not None:
            _answer(resp, refusal)

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _params: dict[str, Any]
    ) -> None:
        """Step 5, which needs to know the endpoint."""
        if _is_app(req) and not self._gateway.bursts.take(req.method, req.uri_template or req.path):
            _answer(resp, refusals.too_many(bursts.REASON, 1))

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        """Steps 6 and 7, and the breaking of the connection or of a token where that fault was drawn."""
        cost = 0
        if _is_app(req):
            cost = 0 if resp.status_code in {401, 403, 429} else getattr(resp.context, "points", 1)
            budget = self._gateway.points.spend(cost) if cost else self._gateway.points.budget()
            resp.set_headers(dict(budget.headers(time.time())))
        if req.context.fault == DROP:
            _break_off(req, resp)
        elif req.context.fault in SPOILS_TOKEN:
            _spoil_page(req, resp)
        self._take_time(req)
        self._record(req, resp, cost)

    def _take_time(self, req: falcon.Request) -> None:
        left = req.context.began + self._gateway.latency_ms / 1000 - time.monotonic()
        if left > 0:
            time.sleep(left)

    def _identify(self, req: falcon.Request) -> Refusal | None:
        gateway = self._gateway
        try:
            identity = self._identity(req)
        except NotSignedIn as error:
            return refusals.unauthorized(str(error))
        except AppNotInstalled as error:
            return refusals.forbidden(str(error))
        req.context.identity, req.context.account = identity, identity.account
        foreign = req.get_header("ORIGIN") not in {None, gateway.site_url}
        if identity.account is not None and foreign and req.method not in _SAFE:
            return refusals.cross_site()
        return None

    def _identity(self, req: falcon.Request) -> Identity:
        token = _token(req)
        if token is not None:
            target: str = req.env.get("RAW_URI", req.relative_uri)
            return self._gateway.identities.of_server(token, req.method, target)
        cookie, app_key = req.cookies.get(SESSION_COOKIE), req.get_header(APP_HEADER)
        return self._gateway.identities.of_browser(cookie, app_key)

    def _refuse_app(self, req: falcon.Request) -> Refusal | None:
        if not _is_app(req):
            return None
        gateway, descriptor = self._gateway, self._gateway.descriptor()
        granted = descriptor.scopes if descriptor is not None else frozenset()
        if not is_allowed(granted, gateway.scope_of(req.method, req.path)):
            return refusals.forbidden(FORBIDDEN)
        budget = gateway.points.budget()
        if budget.remaining == 0:
            return refusals.too_many(points.REASON, max(1, int(budget.reset - time.time())))
        req.context.fault = gateway.faults.draw()
        if req.context.fault not in {None, DROP, *SPOILS_TOKEN}:
            return refusals.fault(req.context.fault)
        return None

    def _record(self, req: falcon.Request, resp: falcon.Response, cost: int) -> None:
        account: Account | None = req.context.account
        self._gateway.recorder.end(
            Call(
                method=req.method,
                path=req.path,
                query=req.query_string,
                status=resp.status_code,
                points=cost,
                app=_is_app(req),
                account=account.id if account is not None else None,
                milliseconds=int((time.monotonic() - req.context.began) * 1000),
                fault=req.context.fault,
            )
        )


def _is_app(req: falcon.Request) -> bool:
    return req.context.identity is not None and req.context.identity.app is not None


def _token(req: falcon.Request) -> str | None:
    scheme, _, token = (req.auth or "").partition(" ")
    return token if scheme.upper() == "JWT" else req.get_param("jwt")


def _spoil_page(req: falcon.Request, resp: falcon.Response) -> None:
    if resp.status_code == HTTPStatus.OK and resp.data is not None:
        resp.data = spoil_token(req.context.fault, _asked_token(req), resp.data)


def _asked_token(req: falcon.Request) -> str | None:
    """The token of the page that a search asked for."""
    body = req.get_media(default_when_empty={}) if req.method == "POST" else req.params
    token = body.get("nextPageToken") if isinstance(body, dict) else None
    return token if isinstance(token, str) else None


def _answer(resp: falcon.Response, refusal: Refusal) -> None:
    resp.status = refusal.status
    resp.media = dict(refusal.body)
    resp.set_headers(dict(refusal.headers))
    resp.complete = True


def _break_off(req: falcon.Request, resp: falcon.Response) -> None:
    """Sends half of the answer and closes the connection.

    Half, because browsers quietly repeat a call on a kept-alive connection that ends without any answer.
    """
    body = resp.render_body() or b""
    connection: socket.socket | None = req.env.get("gunicorn.socket")
    resp.data, resp.media, resp.text = None, None, None
    resp.content_length = len(body) + 1
    resp.stream = _half(body, connection)


def _half(body: bytes, connection: socket.socket | None) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
