"""Permits that this process has taken ahead, so that most requests need not ask Redis."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.buckets import NOTHING, Taken, TakenAhead

Owner = tuple[UUID, str]
_MOST_OWNERS = 10_000
# A page that opens asks for some 30 things: one, four and sixteen permits are three questions to Redis.
_GROWTH = 4


@dataclass
class _Grant:
    taken: Taken
    unused: int
    until: float


class Permits:
    """Permits of the accounts seen last, 10,000 at most, each for `seconds`. Thread-safe.

    An account gets as many ahead as it used of the last ones, and four times as many where it used them all
    before they ended; one that comes now and then gets none.
    """

    def __init__(
        self, *, seconds: float, size: int = _MOST_OWNERS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._size = size
        self._clock = clock
        self._grants: OrderedDict[Owner, _Grant] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, owner: Owner) -> tuple[Taken, int] | None:
        """Uses one permit: what it was taken with and how many are left of that; None where there is none."""
        with self._lock:
            grant = self._grants.get(owner)
            if grant is None or grant.unused == 0 or self._clock() >= grant.until:
                return None
            grant.unused -= 1
            self._grants.move_to_end(owner)
            return grant.taken, grant.unused

    def give_up(self, owner: Owner) -> tuple[TakenAhead, int]:
        """What an account has to give back, and how many permits it may take ahead next.

        Until that is kept the account's other threads find nothing, and take none ahead.
        """
        with self._lock:
            grant = self._grants.pop(owner, None)
        if grant is None:
            return NOTHING, 0
        taken = grant.taken
        return TakenAhead(taken.window, taken.extra, grant.unused), self._next(grant)

    def keep(self, owner: Owner, taken: Taken, *, asked_at: float) -> None:
        """Keeps what was taken, unless another thread has taken more meanwhile: that counts as used then.

        `asked_at` is when Redis was asked, by this one's clock: Redis begins to count no earlier.
        """
        with self._lock:
            present = self._grants.get(owner)
            if present is not None and present.unused > taken.extra:
                return
            self._grants[owner] = _Grant(taken, taken.extra, asked_at + self._seconds)
            self._grants.move_to_end(owner)
            if len(self._grants) > self._size:
                self._grants.popitem(last=False)

    def _next(self, grant: _Grant) -> int:
        now = self._clock()
        used = grant.taken.extra - grant.unused + 1
        if now < grant.until:
            return _GROWTH * used - 1
        return used - 1 if now < grant.until + self._seconds else 0
