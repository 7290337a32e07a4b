"""Request rates of a site and of each account, told in every answer to a proven caller.

`RateLimit-Policy` and `RateLimit` are those of draft-ietf-httpapi-ratelimit-headers-10: `q` requests in `w`
seconds, of which `r` are left, and `t` seconds until all are back.
"""

from http import HTTPStatus

import falcon

from api.problems import Refusal
from core.callers import Caller
from core.rates import Count, Quota, Rates

_WHOSE = {"account": "This account", "tenant": "This site"}


class RateLimits:
    """Counts each request of a proven caller, and refuses those beyond what is allowed."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._policy = f"{_policy('account', rates.account)}, {_policy('tenant', rates.tenant)}"

    def count(self, caller: Caller, resp: falcon.Response) -> None:
        """Sets the headers. Refuses with 429; with nothing while Redis is away."""
        count = self._rates.count(caller.tenant.id, caller.account_id)
        resp.set_header("RateLimit-Policy", self._policy)
        if count is None:
            return
        resp.set_header("RateLimit", _told(count))
        if not count.passed:
            raise _refusal(count)


def _refusal(count: Count) -> Refusal:
    name, left = max(("account", count.account), ("tenant", count.tenant), key=lambda one: one[1].next_in)
    return Refusal(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"{_WHOSE[name]} asks more often than it may. Nothing was done.",
        headers={"Retry-After": str(max(left.next_in, 1))},
    )


def _policy(name: str, quota: Quota) -> str:
    return f'"{name}";q={quota.burst};w={quota.window}'


def _told(count: Count) -> str:
    account, tenant = count.account, count.tenant
    return (
        f'"account";r={account.requests};t={account.full_in}, "tenant";r={tenant.requests};t={tenant.full_in}'
    )
