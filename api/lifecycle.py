"""Connect's lifecycle callbacks (Atlassian, "Signed installation lifecycle callbacks").

1. The body is an object with a client key and a base URL on an allowed host.
2. The token is signed with the pinned algorithm: RS256 by a key of the configured key server for `installed`
   and `uninstalled`, HS256 with the tenant's secret for the others.
3. It is meant for us, in time, and bound to this very request.
4. Its issuer is the body's client key, and the body's event and app are those of this route.
5. It was not seen before with another body, and no newer event came before it (`core.tenants`).
"""

import re
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import urlsplit

import falcon

from api.access import Access
from api.authentication import bearer
from api.limits import parse_json, raw_body
from api.openapi import Answer, Body, Operation
from api.problems import Refusal, unauthorised
from api.services import Services
from core.install_keys import KeyUnknown
from core.qsh import query_string_hash
from core.setting_types import is_loopback
from core.tenants import Callback, Event, Outcome, Tenant
from core.tokens import (
    NOT_SIGNED,
    Claims,
    TokenRefused,
    is_client_key,
    require_algorithm,
    unverified_key_id,
    verify_install_token,
    verify_request_token,
)

_LONGEST_SECRET = 512
_LONGEST_ADDRESS = 255
# What urlsplit forgives (line ends, backslashes, odd hosts) another reader of the address may take otherwise.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~-]+)*/?", re.ASCII)
_DEFAULT_PORTS = {"https": 443, "http": 80}


def _operation(event: str, shape: str = "Callback", **members: str) -> Operation:
    body = {
        "key": "com.sightline.reports",
        "clientKey": "5ec2a1",
        "baseUrl": "https://acme.atlassian.net",
        "eventType": event,
        **members,
    }
    return Operation(
        summary=f"Be {event}",
        body=Body(shape, body),
        answers={HTTPStatus.NO_CONTENT: Answer("It is stored.")},
    )


class _LifecycleResource:
    """What the four callbacks have in common."""

    access: ClassVar = {"POST": Access.SIGNED}

    def __init__(self, services: Services) -> None:
        self._tenants = services.tenants
        self._keys = services.install_keys
        self._settings = services.settings

    def _body(self, raw: bytes) -> dict[str, Any]:
        body = parse_json(raw)
        if not isinstance(body, dict):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The body must be an object.")
        if not is_client_key(body.get("clientKey")):
            raise Refusal(HTTPStatus.BAD_REQUEST, "The body must name the site's clientKey.")
        if not isinstance(body.get("baseUrl"), str) or not 0 < len(body["baseUrl"]) <= _LONGEST_ADDRESS:
            raise Refusal(HTTPStatus.BAD_REQUEST, "The body must name the site's baseUrl.")
        if not is_allowed_site(body["baseUrl"], self._settings.connect_hosts):
            raise TokenRefused("the site's base URL is not on a host that may install this app")
        return body

    def _qsh(self, req: falcon.Request) -> str:
        return query_string_hash(req.method, req.path, req.query_string, base_path=self._settings.base_path)

    def _by_atlassian(self, req: falcon.Request, token: str) -> Claims:
        """What a token says that Atlassian's own key signed."""
        require_algorithm(token, "RS256")
        try:
            key = self._keys.get(unverified_key_id(token))
        except KeyUnknown as error:
            raise TokenRefused("the token names a key that does not exist") from error
        return verify_install_token(
            token, key, base_url=self._settings.base_url, qsh=self._qsh(req), now=time.time()
        )

    def _by_tenant(self, req: falcon.Request, token: str, tenant: Tenant | None) -> Claims:
        """What a token says that the tenant's secret signed."""
        if tenant is None or tenant.secret is None:
            raise TokenRefused(NOT_SIGNED)
        audiences = (self._settings.base_url, self._settings.app_key)
        return verify_request_token(
            token, tenant.secret, audiences=audiences, qsh=self._qsh(req), now=time.time()
        )

    def _require_agreement(self, claims: Claims, body: dict[str, Any], event: str) -> None:
        if claims.issuer != body["clientKey"]:
            raise TokenRefused("the token was signed for another site")
        if body.get("eventType") != event or body.get("key") != self._settings.app_key:
            raise TokenRefused("the body is about another event or app")

    def _unauthorised(self, error: TokenRefused) -> Refusal:
        return unauthorised(str(error), self._settings.app_key)


class Installed(_LifecycleResource):
    """`POST /connect/installed`: a site installs the app, updates it, or gets a new secret."""

    operations: ClassVar = {
        "POST": _operation(
            "installed", "InstalledCallback", sharedSecret="what-the-site-and-the-add-on-sign-with"
        )
    }

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """204 when the tenant is stored; Jira shows any other answer as a failed installation."""
        raw = raw_body(req)
        try:
            body = self._body(raw)
            token = bearer(req)
            claims = self._by_atlassian(req, token)
            self._require_agreement(claims, body, "installed")
            secret = body.get("sharedSecret")
            if not isinstance(secret, str) or not 0 < len(secret) <= _LONGEST_SECRET:
                raise Refusal(HTTPStatus.BAD_REQUEST, "The body must hold the site's shared secret.")
            callback = Callback(token, raw, claims)
            outcome = self._tenants.install(claims.issuer, body["baseUrl"].rstrip("/"), secret, callback)
            _require_honest(outcome)
        except TokenRefused as error:
            raise self._unauthorised(error) from error
        resp.status = falcon.HTTP_NO_CONTENT


class Uninstalled(_LifecycleResource):
    """`POST /connect/uninstalled`: the secret is destroyed, the data stays."""

    operations: ClassVar = {"POST": _operation("uninstalled")}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """204, also for a site that we do not know."""
        raw = raw_body(req)
        try:
            body = self._body(raw)
            token = bearer(req)
            claims = self._by_atlassian(req, token)
            self._require_agreement(claims, body, "uninstalled")
            tenant = self._tenants.find(claims.issuer)
            if tenant is not None:
                callback = Callback(token, raw, claims)
                _require_honest(self._tenants.change(tenant, "uninstalled", callback, by_secret=False))
        except TokenRefused as error:
            raise self._unauthorised(error) from error
        resp.status = falcon.HTTP_NO_CONTENT


class Switched(_LifecycleResource):
    """`POST /connect/enabled` and `/connect/disabled`."""

    def __init__(self, services: Services, event: Event) -> None:
        super().__init__(services)
        self._event = event
        self.operations = {"POST": _operation(event)}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """204; 401 where the site's secret is gone, so that a late callback changes nothing."""
        raw = raw_body(req)
        try:
            body = self._body(raw)
            token = bearer(req)
            require_algorithm(token, "HS256")
            tenant = self._tenants.find(body["clientKey"])
            claims = self._by_tenant(req, token, tenant)
            self._require_agreement(claims, body, self._event)
            if tenant is not None:
                callback = Callback(token, raw, claims)
                _require_honest(self._tenants.change(tenant, self._event, callback, by_secret=True))
        except TokenRefused as error:
            raise self._unauthorised(error) from error
        resp.status = falcon.HTTP_NO_CONTENT


def is_allowed_site(base_url: str, patterns: Iterable[str]) -> bool:
    """Whether an address is https on a host of the patterns; http will do on this machine itself.

    A pattern without a port stands for the scheme's own port, on this machine for any.
    """
    if not _ADDRESS.fullmatch(base_url):
        return False
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    local = is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        return False
    return any(_matches(host, port or _DEFAULT_PORTS[parts.scheme], pattern, local) for pattern in patterns)


def _matches(host: str, port: int, pattern: str, local: bool) -> bool:
    name, _, wanted_port = pattern.partition(":")
    fitting_ports = (
        {int(wanted_port)} if wanted_port else {*_DEFAULT_PORTS.values(), *([port] if local else [])}
    )
    return port in fitting_ports and (host.endswith(name[1:]) if name.startswith("*.") else host == name)


def _require_honest(outcome: Outcome) -> None:
    if outcome == "forged":
        raise TokenRefused("the token came before with another body")
    if outcome == "refused":
        raise TokenRefused("the site's secret is gone")


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [
        ("/connect/installed", Installed(services)),
        ("/connect/uninstalled", Uninstalled(services)),
        ("/connect/enabled", Switched(services, "enabled")),
        ("/connect/disabled", Switched(services, "disabled")),
    ]
