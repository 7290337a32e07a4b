"""The token buckets of an account and its site in Redis, for all processes together.

Of a bucket Redis keeps when it will be full again, and how many permits processes have taken ahead of the
requests that will use them. One script looks at both buckets by Redis's own clock, and takes from both or
from neither, in one round trip:

1. It takes back what the process that asks did not use of what it took ahead before.
2. Without a permit in both buckets nothing passes.
3. Else one passes, and the process may take some ahead: half of what is free of a tenth of what the account
   has left, and of a twentieth of what the site has left. So all processes together hold no more than these,
   and who comes near a limit gets one at a time.
4. What is held is not refilled: a bucket is full at its size less that. Permits in it, those held and what
   comes in time thus never let more pass in any time than the size and the refill of that time.
5. What was taken ahead in one window counts as held until that window's successor ends, if it is not taken
   back before; as used after that. A process uses it for half a window at most, so never too late.
"""

import hashlib
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import redis
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError
from redis.retry import Retry

# A bucket is kept as: the moment when it is full, in microseconds; a window's number, what was taken ahead in
# it and in the one before. It is given as the microseconds until one more may be taken, its size, and the
# share of what is left that may be held.
_SCRIPT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local length, extra = tonumber(ARGV[1]), tonumber(ARGV[2])
local back_window, back_extra, back_unused = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local window = math.floor(now / length)

local function settle(b)
  while b.window < window and b.held + b.earlier > 0 do
    b.window = b.window + 1
    b.full_at = math.max(b.full_at, b.window * length + (b.held + b.earlier) * b.interval)
    b.held, b.earlier = 0, b.held
  end
  b.window = window
  b.full_at = math.max(b.full_at, now + (b.held + b.earlier) * b.interval)
end

local function take_back(b)
  if back_window == window and b.held >= back_extra then
    b.held = b.held - back_extra
  elseif back_window == window - 1 and b.earlier >= back_extra then
    b.earlier = b.earlier - back_extra
  else
    return
  end
  b.full_at = b.full_at - back_unused * b.interval
end

local buckets, passed = {}, 1
local kept = redis.call('MGET', KEYS[1], KEYS[2])
for i = 1, 2 do
  local full_at, at, held, earlier = string.match(kept[i] or '', '^(%d+) (%d+) (%d+) (%d+)$')
  local b = {
    full_at = tonumber(full_at) or now, window = tonumber(at) or window,
    held = tonumber(held) or 0, earlier = tonumber(earlier) or 0,
    interval = tonumber(ARGV[3 * i + 3]), size = tonumber(ARGV[3 * i + 4]),
  }
  settle(b)
  take_back(b)
  b.others = b.held + b.earlier
  local left = b.size - math.ceil((b.full_at - now) / b.interval)
  if left < 1 then passed = 0 end
  extra = math.min(extra, math.floor(((left - 1) / ARGV[3 * i + 5] - b.others) / 2))
  buckets[i] = b
end

extra = math.max(extra, 0)
local told = {}
for i, b in ipairs(buckets) do
  told[i] = b.full_at - now
  if passed == 1 then
    b.full_at = b.full_at + (1 + extra) * b.interval
    b.held = b.held + extra
    told[i] = b.full_at - now + b.others * b.interval
  end
  local lives = math.max(b.full_at - now, 1)
  if b.held + b.earlier > 0 then lives = math.max(lives, (window + 2) * length - now) end
  local text = string.format('%.0f %.0f %.0f %.0f', b.full_at, window, b.held, b.earlier)
  redis.call('SET', KEYS[i], text, 'PX', math.ceil(lives / 1000))
end
return {passed, extra, window, told[1], told[2]}
"""
_SCRIPT_NAME = hashlib.sha1(_SCRIPT.encode(), usedforsecurity=False).hexdigest()  # as Redis names it


@dataclass(frozen=True)
class Bucket:
    """Microseconds until one more may be taken, the size, and the part (1 of `share`) that may be held."""

    interval: int
    size: int
    share: int


@dataclass(frozen=True)
class TakenAhead:
    """Permits taken ahead in a window, and those of them that nobody used."""

    window: int
    extra: int
    unused: int


NOTHING = TakenAhead(0, 0, 0)


@dataclass(frozen=True)
class Taken:
    """What Redis said: whether a request passes, and how many permits more were taken ahead in which window.

    `account` and `tenant` are the microseconds until each bucket is full, as if all that was taken were used.
    Where the request passes they also count what other processes hold a second time: as much as they will
    have used by the time they ask again.
    """

    passed: bool
    extra: int
    window: int
    account: int
    tenant: int


class _Connection(Protocol):
    """What the library's connections do; it does not say their types."""

    def send_command(self, *parts: object) -> object: ...
    def read_response(self) -> list[int]: ...
    def disconnect(self) -> object: ...


class Buckets:
    """Thread-safe; keeps a connection to Redis for each thread that asks at once.

    `window` is in seconds, and `wait` is how many seconds Redis has to answer.
    """

    def __init__(
        self, redis_url: str, *, account: Bucket, tenant: Bucket, window: float, wait: float
    ) -> None:
        self._window = round(window * 1_000_000)
        self._buckets = tuple(
            part for one in (account, tenant) for part in (one.interval, one.size, one.share)
        )
        self._pool = redis.ConnectionPool.from_url(
            redis_url,
            socket_timeout=wait,
            socket_connect_timeout=wait,
            retry=Retry(NoBackoff(), 0),
        )
        self._idle: deque[_Connection] = deque()

    def take(self, keys: tuple[str, str], *, extra: int, back: TakenAhead) -> Taken:
        """Takes one permit and at most `extra` ahead, and gives back. Raises RedisError or OSError."""
        asked = (self._window, extra, back.window, back.extra, back.unused, *self._buckets)
        passed, *rest = self._ask((2, *keys, *asked))
        return Taken(bool(passed), *rest)

    def close(self) -> None:
        """Closes the connections that are not in use."""
        with suppress(IndexError):
            while True:
                self._idle.pop().disconnect()

    def _ask(self, arguments: tuple[object, ...]) -> list[int]:
        """One round trip; a second one where Redis does not know the script yet.

        Commands go straight over a connection, as the client's layers above cost as much again.
        """
        connection = self._connection()
        try:
            connection.send_command("EVALSHA", _SCRIPT_NAME, *arguments)
            try:
                answer = connection.read_response()
            except NoScriptError:
                connection.send_command("EVAL", _SCRIPT, *arguments)
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
