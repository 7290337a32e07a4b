"""How often something may be done."""

import threading
import time
from collections.abc import Callable


class Allowance:
    """Lets through `burst` at once, and one more every `seconds` after that (a token bucket). Thread-safe."""

    def __init__(self, *, burst: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._seconds = seconds
        self._clock = clock
        self._left = float(burst)
        self._counted_at = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether it may be done now; if so, it counts."""
        with self._lock:
            now = self._clock()
            self._left = min(self._burst, self._left + (now - self._counted_at) / self._seconds)
            self._counted_at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
