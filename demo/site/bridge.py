"""What the bridge in the host page asks of its own server: a token, and the points that the app has used."""

from __future__ import annotations

from typing import Any

import falcon

from demo.connect.state import MAIN, DemoState
from demo.connect.tokens import context_token
from demo.gateway.identity import SESSION_COOKIE, Identities
from demo.gateway.middleware import Gateway


class TokenResource:
    """`POST /-/token`: the token behind `AP.context.getToken`, for the visitor's session."""

    def __init__(self, state: DemoState, identities: Identities, site_url: str) -> None:
        self._state = state
        self._identities = identities
        self._site_url = site_url

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """`{"token": …}`; a signed-out visitor's has no `sub`."""
        if req.get_header("ORIGIN") not in {None, self._site_url}:
            raise falcon.HTTPForbidden(description="XSRF check failed")
        installation = self._state.find(MAIN)
        if installation is None or not installation.is_active:
            raise falcon.HTTPNotFound(description="The app is not installed or is disabled")
        account = self._identities.account(req.cookies.get(SESSION_COOKIE))
        resp.set_header("Cache-Control", "no-store")
        resp.media = {
            "token": context_token(
                client_key=installation.client_key,
                shared_secret=installation.shared_secret,
                account_id=account.id if account is not None else None,
            )
        }


class PointsResource:
    """`GET /__demo/points`: what the app has used of this hour; `DELETE` starts the hour anew."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Limit, used, remaining, calls and the Unix time of the reset."""
        budget = self._gateway.points.budget()
        media: dict[str, Any] = {
            "limit": budget.limit,
            "used": budget.used,
            "remaining": budget.remaining,
            "calls": self._gateway.points.calls(),
            "reset": budget.reset,
        }
        resp.set_header("Cache-Control", "no-store")
        resp.media = media

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Forgets what was used; Jira offers no such thing."""
        self._gateway.points.reset()
        resp.status = falcon.HTTP_204
