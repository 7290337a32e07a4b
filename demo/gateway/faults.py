"""Faults of the network and of Jira, drawn from a seed so that a failing run can be repeated."""

from __future__ import annotations

import json
import random
import re
import threading
from dataclasses import dataclass, field

DROP = "drop"
REPEAT_TOKEN, NO_TOKEN = "repeat-token", "no-token"
SPOILS_TOKEN = frozenset({REPEAT_TOKEN, NO_TOKEN})
_RATE = re.compile(
    rf"(?P<kind>[45]\d\d|drop|{REPEAT_TOKEN}|{NO_TOKEN}):(?P<rate>0(?:\.\d{{1,6}})?|1(?:\.0{{1,6}})?)",
    re.ASCII,
)


@dataclass(frozen=True)
class FaultRates:
    """How often, 0 to 1, a call is answered by a status (`"429"`), by a broken connection (`"drop"`), or by a
    page of a search whose token is the one it was asked with (`"repeat-token"`) or absent (`"no-token"`).
    """

    rates: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        return ",".join(f"{kind}:{rate:g}" for kind, rate in self.rates) or "none"


def fault_rates(text: str) -> FaultRates:
    """Reads `429:0.05,500:0.01,drop:0.01`, or `none`. Raises ValueError with the end of a sentence."""
    if text.strip() in {"", "none"}:
        return FaultRates()
    rates: dict[str, float] = {}
    for entry in text.split(","):
        match = _RATE.fullmatch(entry.strip())
        if match is None:
            raise ValueError("must be like 429:0.05,500:0.01,drop:0.01")
        rates[match["kind"]] = float(match["rate"])
    if sum(rates.values()) > 1:
        raise ValueError("must not add up to more than 1")
    return FaultRates(tuple(rates.items()))


@dataclass
class Faults:
    """Decides for each call whether it fails. Equal seeds and equal orders of calls give equal faults."""

    rates: FaultRates
    seed: int
    _random: random.Random = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable on purpose, no secret

    def replace(self, rates: FaultRates, seed: int | None = None) -> None:
        """Changes the rates from the next call on; a seed starts the sequence anew."""
        with self._lock:
            self.rates = rates
            if seed is not None:
                self._random.seed(seed)

    def draw(self) -> str | None:
        """The kind of the fault that befalls the next call, or None."""
        if not self.rates.rates:
            return None
        with self._lock:
            place = self._random.random()
        for kind, rate in self.rates.rates:
            if place < rate:
                return kind
            place -= rate
        return None


def spoil_token(kind: str, asked: str | None, answer: bytes) -> bytes:
    """A page of `/search/jql` whose next token leads nowhere, though the page says that it is not the last.

    `asked` is the token that the page was asked with. Answers without a next page are left as they are.
    """
    page = json.loads(answer)
    if not isinstance(page, dict) or "nextPageToken" not in page:
        return answer
    del page["nextPageToken"]
    if kind == REPEAT_TOKEN and asked is not None:
        page["nextPageToken"] = asked
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
