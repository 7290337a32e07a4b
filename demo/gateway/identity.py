"""Who is calling: a signed-in person, the app on a person's page, the app's server, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.connect.descriptor import Descriptor
from demo.connect.state import Installation
from demo.connect.tokens import TokenRefused, issuer_of, verify_app_request
from demo.issues.model import Account
from demo.issues.site import Site

SESSION_COOKIE = "demo.account"
ANONYMOUS = "anonymous"
APP_HEADER = "X-ADDON-KEY"


@dataclass(frozen=True)
class Identity:
    """`account` is None for the app's own server; `app` is None for a person outside of any app."""

    account: Account | None
    app: Installation | None


class NotSignedIn(Exception):
    """Nobody is known behind the call, or a token does not hold; answered by 401."""


class AppNotInstalled(Exception):
    """A page of an app that is not installed or is disabled; answered by 403."""


class Identities:
    """Tells who is behind a request, from its cookie, its app header and its token."""

    def __init__(
        self,
        site: Site,
        installations: Callable[[], list[Installation]],
        descriptor: Callable[[], Descriptor | None],
    ) -> None:
        self._site = site
        self._installations = installations
        self._descriptor = descriptor

    def sign_in_choices(self) -> list[Account]:
        """The accounts that a visitor can switch between; a first visitor is the first, a site admin."""
        return [account for account in self._site.accounts() if account.active]

    def account(self, account_id: str | None) -> Account | None:
        """The active account of an id."""
        found = self._site.account(account_id or "")
        return found if found is not None and found.active else None

    def of_page(self, cookie: str | None) -> Account | None:
        """Whom a page is shown to: a first visitor is the site's admin; None for somebody who signed out."""
        if cookie is None:
            return self.sign_in_choices()[0]
        return self.account(cookie)

    def of_server(self, token: str, method: str, target: str) -> Identity:
        """Who signed a token for this call; `target` is path and query as sent. Raises NotSignedIn."""
        return Identity(None, self._app_of_token(token, method, target))

    def of_browser(self, cookie: str | None, app_key: str | None) -> Identity:
        """Who calls with a session, for an app where a header names one.

        Raises NotSignedIn, AppNotInstalled.
        """
        account = self.account(cookie)
        if account is None:
            raise NotSignedIn("Client must be authenticated to access this resource.")
        return Identity(account, self._app_of_page(app_key) if app_key is not None else None)

    def _app_of_page(self, app_key: str) -> Installation:
        descriptor, installations = self._descriptor(), self._installations()
        is_known = descriptor is not None and descriptor.key == app_key
        if not is_known or not installations or not installations[0].is_active:
            raise AppNotInstalled(f"The app {app_key} is not installed or is disabled")
        return installations[0]

    def _app_of_token(self, token: str, method: str, target: str) -> Installation:
        descriptor = self._descriptor()
        try:
            issuer = issuer_of(token)
            if descriptor is None or issuer != descriptor.key:
                raise TokenRefused(f"Could not find an installed app with the key {issuer!r}")
            return self._verified(token, descriptor.key, method, target)
        except TokenRefused as refusal:
            raise NotSignedIn(str(refusal)) from refusal

    def _verified(self, token: str, app_key: str, method: str, target: str) -> Installation:
        refusal = TokenRefused("The app is not installed")
        for installation in self._installations():
            if not installation.is_active:
                continue
            try:
                verify_app_request(
                    token,
                    app_key=app_key,
                    client_key=installation.client_key,
                    shared_secret=installation.shared_secret,
                    method=method,
                    target=target,
                )
            except TokenRefused as error:
                refusal = error
            else:
                return installation
        raise refusal
