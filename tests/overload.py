"""More requests than the API can answer, as people send them: whether or not the ones before were answered.

1. What it can answer is measured: so many connections ask through nginx as fast as answers come.
2. Then requests are due at a multiple of that rate, over many connections from many addresses.
3. Each answer is right (the bytes that its site got before), shed (429 or 503 with Retry-After), or wrong.
4. Afterwards one asks after the other until the service answers as before.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from bench.api.data import Site
from tests.served import Served

PATH = "/api/v1/reports"
SHED = {429, 503}
_PATIENCE = 20.0
_ADDRESSES = 100
_CALM = 20


@dataclass
class Tally:
    """What became of requests; `latencies` (seconds) are those of right answers."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def shed(self) -> int:
        """How many were told to come back."""
        return sum(self.statuses[status] for status in SHED)

    def at(self, share: float) -> float:
        """The latency that this share of right answers kept to."""
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


@dataclass(frozen=True)
class Found:
    """What the service can answer, what it answered under too much, how long until it was as before."""

    able: Tally
    offered: float
    under: Tally
    recovered: float


def overload(place: Served, *, times: float, seconds: float, measured: float) -> Found:
    """Measures for `measured` seconds, then asks `times` as often for `seconds`."""
    return asyncio.run(_overload(place, times, seconds, measured))


async def _overload(place: Served, times: float, seconds: float, measured: float) -> Found:
    crowd = _Crowd(place)
    await crowd.learn()
    able = await crowd.as_fast_as_it_goes(16, measured)
    rate = able.rate * times
    under = await crowd.at_rate(rate, seconds)
    recovered = await crowd.until_calm()
    return Found(able, sum(under.statuses.values()) / under.seconds, under, recovered)


class _Crowd:
    def __init__(self, place: Served) -> None:
        self._place = place
        self._sites = itertools.cycle(place.sites)
        self._expected: dict[Site, bytes] = {}
        self._tokens = {site: site.token() for site in place.sites}
        self._numbers = itertools.count()

    async def learn(self) -> None:
        connection = await self._connect()
        for site in self._place.sites:
            status, _, body = await self._ask(connection, site)
            assert status == 200, body
            self._expected[site] = body
        await _hang_up(connection)
        assert len(set(self._expected.values())) == len(self._place.sites)

    async def as_fast_as_it_goes(self, connections: int, seconds: float) -> Tally:
        tally, began = Tally(), time.perf_counter()

        async def line() -> None:
            idle: asyncio.LifoQueue[_Streams | None] = asyncio.LifoQueue()
            idle.put_nowait(None)
            while time.perf_counter() - began < seconds:
                await self._one(idle, tally, time.perf_counter())
            await _close(idle)

        await asyncio.gather(*(line() for _ in range(connections)))
        tally.seconds = time.perf_counter() - began
        return tally

    async def at_rate(self, rate: float, seconds: float, connections: int = 300) -> Tally:
        tally, idle = Tally(), asyncio.LifoQueue[_Streams | None]()
        for _ in range(connections):
            idle.put_nowait(None)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number in range(int(rate * seconds)):
                due = began + number / rate
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                tasks.create_task(self._one(idle, tally, due))
        tally.seconds = time.perf_counter() - began
        await _close(idle)
        return tally

    async def until_calm(self) -> float:
        """Seconds until so many in a row were right."""
        began, calm = time.perf_counter(), 0
        idle: asyncio.LifoQueue[_Streams | None] = asyncio.LifoQueue()
        idle.put_nowait(None)
        first = 0.0
        while calm < _CALM:
            tally = Tally()
            await self._one(idle, tally, time.perf_counter())
            assert not tally.wrong, tally.wrong
            calm = calm + 1 if tally.statuses[200] else 0
            first = first if calm > 1 else time.perf_counter() - began
        await _close(idle)
        return first

    async def _one(self, idle: asyncio.LifoQueue[_Streams | None], tally: Tally, due: float) -> None:
        site, connection = next(self._sites), await idle.get()
        try:
            async with asyncio.timeout(_PATIENCE):
                connection = connection or await self._connect()
                status, head, body = await self._ask(connection, site)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            tally.wrong.append(repr(error))
            tally.statuses[0] += 1
            await _hang_up(connection)
            idle.put_nowait(None)
            return
        idle.put_nowait(connection)
        tally.statuses[status] += 1
        if status == 200 and body == self._expected[site]:
            tally.latencies.append(time.perf_counter() - due)
        elif status not in SHED or b"retry-after:" not in head.lower():
            tally.wrong.append(f"{status} {body[:200]!r}")

    async def _connect(self) -> _Streams:
        source = f"127.0.1.{next(self._numbers) % _ADDRESSES + 1}"
        return await asyncio.open_connection(
            "127.0.0.1",
            self._place.nginx,
            ssl=self._place.trust,
            server_hostname="localhost",
            local_addr=(source, 0),
        )

    async def _ask(self, connection: _Streams, site: Site) -> tuple[int, bytes, bytes]:
        reader, writer = connection
        token = self._tokens[site]
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: JWT {token}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        return int(head.split(b" ", 2)[1]), head, await reader.readexactly(length)


_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _close(idle: asyncio.LifoQueue[_Streams | None]) -> None:
    while not idle.empty():
        await _hang_up(idle.get_nowait())


async def _hang_up(connection: _Streams | None) -> None:
    if connection is not None:
        connection[1].close()
        with suppress(OSError):
            await connection[1].wait_closed()
