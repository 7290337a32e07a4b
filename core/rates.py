"""How many requests a site and each of its accounts may make, counted in Redis for all processes together.

A quota is a token bucket in Redis (`core.buckets`). A process that asks for a request takes a few permits
ahead where much is left, and uses them without asking (`core.permits`). What that changes, and what not:

- In any time no more requests pass than the burst and what comes back in that time, over all processes.
- Only Redis refuses. It may do so while other processes hold permits: all of them together at most a tenth of
  what the account, and a twentieth of what the site had left when they took them, each for at most a second.
  A caller alone at one process has all of its burst.
- What a process took ahead and did not use is given back when the account comes to that process again within
  another second; else it counts as used, two to four seconds after it was taken.
- What is left is told as of the last look, at most a second ago, less what passed here since. What other
  processes hold is taken off twice, as they go on too; what they let pass beyond that is not seen yet.

Without Redis nothing is limited: that it is away costs one failed attempt now and then, never a request.
"""

import hashlib
import logging
import math
import time
from dataclasses import dataclass
from uuid import UUID

from redis.exceptions import RedisError

from core.breaker import Breaker
from core.buckets import Bucket, Buckets
from core.permits import Permits

_LOG = logging.getLogger("sightline.rates")
_REDIS = "redis"
_SECOND = 1_000_000
# Redis stands beside us and answers within a millisecond. One that does not is not waited for.
_WAIT_SECONDS = 0.05
_FAILURES, _PAUSE_SECONDS = 2, 5.0
_HOLD_SECONDS = 1.0
# A site's accounts hold from one bucket, and those that do not come back give nothing back.
_ACCOUNT_SHARE, _TENANT_SHARE = 10, 20


@dataclass(frozen=True)
class Quota:
    """`burst` requests at once, and `per_second` more each second after that."""

    burst: int
    per_second: int

    @property
    def window(self) -> int:
        """Seconds in which an empty bucket becomes full."""
        return math.ceil(self.burst / self.per_second)

    @property
    def interval(self) -> int:
        """Microseconds until one more may be taken."""
        return _SECOND // self.per_second


@dataclass(frozen=True)
class Left:
    """What is left of a quota: requests now, seconds until all are back, seconds until there is one."""

    requests: int
    full_in: int
    next_in: int


@dataclass(frozen=True)
class Count:
    """What counting a request found; one that did not pass was not counted."""

    passed: bool
    account: Left
    tenant: Left


# A person's page asks for some 30 things when it is opened and fewer than five a second after that; a script
# of one account has ten times as much. A site has five times the burst, for Monday at nine, and a fraction of
# what one small server can do, so that no site takes it all.
ACCOUNT = Quota(burst=200, per_second=50)
TENANT = Quota(burst=1_000, per_second=200)


class Rates:
    """Counts requests. Thread-safe.

    `wait` is how many seconds Redis has to answer, `hold` for how many seconds permits are held.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        account: Quota = ACCOUNT,
        tenant: Quota = TENANT,
        wait: float = _WAIT_SECONDS,
        hold: float = _HOLD_SECONDS,
    ) -> None:
        self.account = account
        self.tenant = tenant
        self._buckets = Buckets(
            redis_url,
            account=Bucket(account.interval, account.burst, _ACCOUNT_SHARE),
            tenant=Bucket(tenant.interval, tenant.burst, _TENANT_SHARE),
            window=2 * hold,
            wait=wait,
        )
        self._permits = Permits(seconds=hold)
        self._breaker = Breaker(failures=_FAILURES, pause=_PAUSE_SECONDS)
        self._away = False

    def count(self, tenant_id: UUID, account_id: str) -> Count | None:
        """Counts one request of an account; None where Redis does not say."""
        used = self._permits.use((tenant_id, account_id))
        if used is not None:
            taken, unused = used
            return self._counted(True, taken.account, taken.tenant, unused)
        if not self._breaker.admits(_REDIS):
            return None
        try:
            count = self._take(tenant_id, account_id)
        except (RedisError, OSError) as error:
            self._lost(error)
            return None
        self._found()
        return count

    def close(self) -> None:
        """Closes the connections that are not in use."""
        self._buckets.close()

    def _take(self, tenant_id: UUID, account_id: str) -> Count:
        owner = (tenant_id, account_id)
        back, extra = self._permits.give_up(owner)
        asked_at = time.monotonic()
        taken = self._buckets.take(_keys(tenant_id, account_id), extra=extra, back=back)
        if taken.passed:
            self._permits.keep(owner, taken, asked_at=asked_at)
        return self._counted(taken.passed, taken.account, taken.tenant, taken.extra)

    def _counted(self, passed: bool, account: int, tenant: int, unused: int) -> Count:
        """Permits that are held and unused are left."""
        return Count(
            passed,
            _left(self.account, account - unused * self.account.interval),
            _left(self.tenant, tenant - unused * self.tenant.interval),
        )

    def _lost(self, error: Exception) -> None:
        """The connections at rest have most likely met the same."""
        self._breaker.failed(_REDIS)
        self.close()
        if not self._away:
            self._away = True
            _LOG.warning("rates are not limited", extra={"error": type(error).__name__})

    def _found(self) -> None:
        if self._away:
            self._away = False
            _LOG.warning("rates are limited again")
            self._breaker.succeeded(_REDIS)


def _keys(tenant_id: UUID, account_id: str) -> tuple[str, str]:
    """One place in a cluster for both, and nobody's id in either."""
    digest = hashlib.blake2b(account_id.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return f"rate:{{{tenant_id}}}:{digest}", f"rate:{{{tenant_id}}}"


def _left(quota: Quota, until_full: int) -> Left:
    requests = max(quota.burst - math.ceil(until_full / quota.interval), 0)
    waiting = until_full - (quota.burst - 1) * quota.interval
    return Left(requests, math.ceil(until_full / _SECOND), max(math.ceil(waiting / _SECOND), 0))
