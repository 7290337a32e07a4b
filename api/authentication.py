"""Who is calling, proven by the token in the Authorization header.

1. The resource declares what the method demands; what is not declared is refused.
2. The token's issuer, still unproven, says whose secret to look up.
3. The signature is checked with that secret, from memory where it was used before; where it is wrong the
   secret is read anew once, as it may just have been replaced.
4. The query for the data demands an active tenant of that secret's version (`secret_version`), so that a
   remembered secret that was revoked opens nothing.
5. Whoever comes back to a site whose accounts were hashed stands under their own id again before anything is
   looked up for them.
"""

import time
from http import HTTPStatus

import falcon

from api.access import Access, declared_access
from api.problems import Refusal, unauthorised
from api.rate_limits import RateLimits
from api.services import Services
from core.callers import Caller
from core.rights import Right, Rights
from core.tenants import Tenant, Tenants
from core.tokens import (
    NOT_SIGNED,
    Claims,
    TokenRefused,
    require_algorithm,
    unverified_issuer,
    verify_context_token,
)

_ADMIN = {Access.SITE_ADMIN, Access.SITE_ADMIN_FRESH}


class Authentication:
    """Falcon middleware that lets through whom the resource declares, and makes them `caller_of(req)`."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._database = services.database
        self._tenants = services.tenants
        self._rights = services.rights
        self._returns = services.returns
        self._rate_limits = RateLimits(services.rates)
        self._app_key = settings.app_key
        self._audiences = (settings.base_url, settings.app_key)

    def process_resource(
        self, req: falcon.Request, resp: falcon.Response, resource: object, _params: dict[str, object]
    ) -> None:
        """Refuses with 401 without proof of who is calling, with 429 too many requests, with 403 without
        the right.
        """
        if not hasattr(resource, f"on_{req.method.lower()}"):
            return
        access = declared_access(resource, req.method)
        if access in {Access.PUBLIC, Access.SIGNED}:
            return
        if access is None:
            raise falcon.HTTPForbidden(description="Nobody may do this.")
        caller = self._caller(req)
        req.context.caller = caller
        self._rate_limits.count(caller, resp)
        self._returns.welcome(caller)
        if access in _ADMIN:
            self._require_active(caller)
            require_site_admin(self._rights, caller, fresh=access is Access.SITE_ADMIN_FRESH)

    def _require_active(self, caller: Caller) -> None:
        """Before Jira is asked with a secret that may be gone. Raises TenantRefused."""
        self._database.read(caller.tenant.id, "select 1", secret_version=caller.tenant.secret_version)

    def _caller(self, req: falcon.Request) -> Caller:
        try:
            tenant, claims = verified(bearer(req), self._tenants, self._audiences, time.time())
        except TokenRefused as error:
            raise unauthorised(str(error), self._app_key) from error
        if claims.subject is None:
            raise falcon.HTTPForbidden(description="Sign in to Jira: the token names no account.")
        return Caller(tenant, claims.subject, "connect")


def caller_of(req: falcon.Request) -> Caller:
    """The person calling; only for methods that demand one."""
    caller: Caller = req.context.caller
    return caller


def require_site_admin(rights: Rights, caller: Caller, *, fresh: bool = False) -> Right:
    """Refuses with 403 who does not administer the site. `fresh` asks Jira now, whatever is remembered."""
    right = rights.site_admin(caller.tenant, caller.account_id, fresh=fresh)
    if right.granted:
        return right
    if right.unchecked:
        raise Refusal(
            HTTPStatus.FORBIDDEN,
            "Jira could not be asked whether you administer this site. Please try again later.",
            members={"unchecked": True},
        )
    raise falcon.HTTPForbidden(description="Only the site's administrators may do this.")


def bearer(req: falcon.Request) -> str:
    """The token of a Connect request: one, in the header, as addresses are logged. Raises TokenRefused."""
    if "jwt" in req.params:
        raise TokenRefused("a token does not belong into the address")
    scheme, _, token = (req.get_header("Authorization") or "").partition(" ")
    if scheme.upper() != "JWT" or not token:
        raise TokenRefused("there is no token of the scheme JWT in the Authorization header")
    return token.strip()


def verified(token: str, tenants: Tenants, audiences: tuple[str, ...], now: float) -> tuple[Tenant, Claims]:
    """The tenant that signed a context token, and what the token says. Raises TokenRefused."""
    require_algorithm(token, "HS256")
    client_key = unverified_issuer(token)
    remembered = _installed(tenants.recall(client_key))
    try:
        return remembered, _checked(remembered, token, audiences, now)
    except TokenRefused:
        present = _installed(tenants.find(client_key))
        if present == remembered:
            raise
        return present, _checked(present, token, audiences, now)


def _installed(tenant: Tenant | None) -> Tenant:
    if tenant is None:
        raise TokenRefused(NOT_SIGNED)
    return tenant


def _checked(tenant: Tenant, token: str, audiences: tuple[str, ...], now: float) -> Claims:
    if tenant.secret is None:
        raise TokenRefused(NOT_SIGNED)
    return verify_context_token(token, tenant.secret, audiences=audiences, now=now)
