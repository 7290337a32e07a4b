"""How many requests a site and each of its accounts may make, counted in Redis for all processes together.

A quota is a token bucket. Of a bucket one number is kept: the moment at which it will be full again. One
script looks at both buckets by Redis's own clock and takes from both or from neither, in one round trip.

Without Redis nothing is limited: that it is away costs one failed attempt now and then, never a request.
"""

import hashlib
import logging
import math
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from core.breaker import Breaker

_LOG = logging.getLogger("sightline.rates")
_REDIS = "redis"
_SECOND = 1_000_000
# Redis stands beside us and answers within a millisecond. One that does not is not waited for.
_WAIT_SECONDS = 0.05
_FAILURES, _PAUSE_SECONDS = 2, 5.0
# A bucket is given as its interval (microseconds until one more may be taken) and its size.
_SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local full_at = redis.call('MGET', KEYS[1], KEYS[2])
local until_full, passed = {}, 1
for i = 1, 2 do
  local interval, size = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  until_full[i] = math.max((tonumber(full_at[i]) or now) - now, 0)
  if until_full[i] + interval > interval * size then passed = 0 end
end
if passed == 1 then
  for i = 1, 2 do
    until_full[i] = until_full[i] + ARGV[2 * i - 1]
    local moment = string.format('%.0f', now + until_full[i])
    redis.call('SET', KEYS[i], moment, 'PX', math.ceil(until_full[i] / 1000))
  end
end
return {passed, until_full[1], until_full[2]}
"""
_SCRIPT_NAME = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()  # as Redis names it


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


class _Connection(Protocol):
    """What the library's connections do; it does not say their types."""

    def send_command(self, *parts: object) -> object: ...
    def read_response(self) -> list[int]: ...
    def disconnect(self) -> object: ...


class Rates:
    """Counts requests. Thread-safe; keeps a connection to Redis for each thread that counts at once.

    `wait` is how many seconds Redis has to answer.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        account: Quota = ACCOUNT,
        tenant: Quota = TENANT,
        wait: float = _WAIT_SECONDS,
    ) -> None:
        self.account = account
        self.tenant = tenant
        self._buckets = (account.interval, account.burst, tenant.interval, tenant.burst)
        self._pool = redis.ConnectionPool.from_url(
            redis_url,
            socket_timeout=wait,
            socket_connect_timeout=wait,
            retry=Retry(NoBackoff(), 0),
        )
        self._idle: deque[_Connection] = deque()
        self._breaker = Breaker(failures=_FAILURES, pause=_PAUSE_SECONDS)
        self._away = False

    def count(self, tenant_id: UUID, account_id: str) -> Count | None:
        """Counts one request of an account; None where Redis does not say."""
        if not self._breaker.admits(_REDIS):
            return None
        try:
            passed, account, tenant = self._ask(_keys(tenant_id, account_id))
        except (RedisError, OSError) as error:
            self._lost(error)
            return None
        self._found()
        return Count(bool(passed), _left(self.account, account), _left(self.tenant, tenant))

    def close(self) -> None:
        """Closes the connections that are not in use."""
        with suppress(IndexError):
            while True:
                self._idle.pop().disconnect()

    def _ask(self, keys: tuple[str, str]) -> list[int]:
        """One round trip; a second one where Redis does not know the script yet.

        Commands go straight over a connection, as the client's layers above cost as much again.
        """
        connection = self._connection()
        try:
            connection.send_command("EVALSHA", _SCRIPT_NAME, 2, *keys, *self._buckets)
            try:
                answer = connection.read_response()
            except NoScriptError:
                connection.send_command("EVAL", _SCRIPT, 2, *keys, *self._buckets)
                answer = connection.read_response()
        except BaseException:
            connection.disconnect()
            raise
        self._idle.append(connection)
        return answer

    def _connection(self) -> _Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._pool.make_connection()

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
