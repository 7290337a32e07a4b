"""The visitor's session: whom they are signed in as and which theme they like, in cookies of this origin."""

from __future__ import annotations

from typing import Any

import falcon

from demo.gateway.identity import ANONYMOUS, SESSION_COOKIE, Identities
from demo.issues.model import Account

THEME_COOKIE = "demo.theme"
THEMES = ("light", "dark", "auto")
_YEAR_SECONDS = 365 * 24 * 3600


def set_account(resp: falcon.Response, account: Account | None) -> None:
    """Signs the visitor in, or out for None."""
    _set(resp, SESSION_COOKIE, account.id if account is not None else ANONYMOUS)


def theme_of(req: falcon.Request) -> str:
    """The theme the visitor chose; `auto` follows the browser."""
    chosen = req.cookies.get(THEME_COOKIE, "light")
    return chosen if chosen in THEMES else "light"


def _set(resp: falcon.Response, name: str, value: str) -> None:
    resp.set_cookie(
        name, value, max_age=_YEAR_SECONDS, path="/", same_site="Lax", secure=True, http_only=True
    )


class SessionResource:
    """`PUT /-/session` with `account` (an id, null to sign out) or `theme`."""

    def __init__(self, identities: Identities, site_url: str) -> None:
        self._identities = identities
        self._site_url = site_url

    def on_put(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Changes what the body names. Other origins are refused."""
        if req.get_header("ORIGIN") not in {None, self._site_url}:
            raise falcon.HTTPForbidden(description="XSRF check failed")
        body: dict[str, Any] = req.get_media()
        if "account" in body:
            set_account(resp, self._chosen(body["account"]))
        if "theme" in body:
            if body["theme"] not in THEMES:
                raise falcon.HTTPBadRequest(description=f"theme must be one of {', '.join(THEMES)}")
            _set(resp, THEME_COOKIE, body["theme"])
        resp.status = falcon.HTTP_204

    def _chosen(self, account_id: str | None) -> Account | None:
        if account_id is None:
            return None
        account = self._identities.account(account_id)
        if account is None:
            raise falcon.HTTPBadRequest(description="there is no such account")
        return account
