"""Yes/no questions about a person's rights, which we ask Jira as the app and forget within five minutes."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.outbound import Outbound, Unreachable
from core.recent import Recent
from core.tenants import Tenant
from core.tokens import sign_app_token

_KEPT_SECONDS = 300
# How long we do not ask again a Jira that gave no answer: a page that polls must not wait each time.
_UNREACHABLE_SECONDS = 10
_CHECK = "/rest/api/3/permissions/check"
_OK = 200


@dataclass(frozen=True)
class Right:
    """Whether a person has a right. `unchecked` where Jira could not be asked, which means no."""

    granted: bool
    unchecked: bool = False


class Rights:
    """Asks a tenant's Jira; answers are kept in memory for five minutes at most, never stored or logged."""

    def __init__(
        self,
        outbound: Outbound,
        *,
        app_key: str,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbound = outbound
        self._app_key = app_key
        self._now = now
        self._site_admins: Recent[tuple[str, str], Right] = Recent(
            size=20_000, seconds=_KEPT_SECONDS, clock=clock
        )

    def site_admin(self, tenant: Tenant, account_id: str, *, fresh: bool = False) -> Right:
        """Whether an account administers the site; `fresh` asks Jira even where the answer is remembered."""
        key = (str(tenant.id), account_id)
        right = None if fresh else self._site_admins.get(key)
        if right is None:
            right = self._asked(tenant, account_id)
            self._site_admins.put(key, right, seconds=_UNREACHABLE_SECONDS if right.unchecked else None)
        return right

    def _asked(self, tenant: Tenant, account_id: str) -> Right:
        question = {"accountId": account_id, "globalPermissions": ["ADMINISTER"]}
        try:
            answer = self._post(tenant, _CHECK, question)
        except Unreachable:
            return Right(granted=False, unchecked=True)
        permissions = answer.get("globalPermissions")
        return Right(granted=isinstance(permissions, list) and "ADMINISTER" in permissions)

    def _post(self, tenant: Tenant, path: str, question: object) -> dict[str, object]:
        """Jira's answer to a call as the app. Raises Unreachable for any answer but a proper one."""
        if tenant.secret is None:
            raise Unreachable("the tenant has no secret")
        base_path = urlsplit(tenant.base_url).path
        token = sign_app_token(
            self._app_key,
            tenant.secret,
            method="POST",
            path=base_path.rstrip("/") + path,
            base_path=base_path,
            now=self._now(),
        )
        answer = self._outbound.request(
            "POST",
            tenant.base_url.rstrip("/") + path,
            headers={
                "Authorization": f"JWT {token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
            body=json.dumps(question).encode(),
        )
        return _json_object(answer.body) if answer.status == _OK else _refused(answer.status)


def _refused(status: int) -> dict[str, object]:
    raise Unreachable(f"Jira answered {status}")


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreachable("Jira answered something that is no JSON") from error
    if not isinstance(value, dict):
        raise Unreachable("Jira answered something unexpected")
    return value
