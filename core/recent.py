"""A small memory of recent answers, bounded in number and age."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values of at most `size` weight together, each for `seconds`; forgets the one used longest ago.

    What is too old goes when it is asked for, or when a value comes in after all that were used before it.

    A value weighs 1 unless it says otherwise, so that `size` is their number. Thread-safe.
    """

    def __init__(self, *, size: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[Key, tuple[float, Value, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value, unless it is unknown or too old."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry[0] <= self._clock():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def put(self, key: Key, value: Value, *, seconds: float | None = None, weight: int = 1) -> None:
        """Keeps a value, for less time than usual where `seconds` says so."""
        with self._lock:
            self._drop(key)
            until = self._clock() + (self._seconds if seconds is None else seconds)
            self._entries[key] = (until, value, weight)
            self._weight += weight
            while self._entries and (self._weight > self._size or self._oldest_is_over()):
                self._drop(next(iter(self._entries)))

    def forget(self, key: Key) -> None:
        """Drops a value, if it is there."""
        with self._lock:
            self._drop(key)

    def _oldest_is_over(self) -> bool:
        """Whether the value used longest ago is too old."""
        return next(iter(self._entries.values()))[0] <= self._clock()

    def _drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._weight -= entry[2]
