"""Sends requests at a fixed rate, whether or not the server keeps up.

1. Request number n is due n / rate seconds after the start.
2. What it asks is decided when it is due; it goes out on an idle connection, or waits for one.
3. Its latency counts from when it was due: a server that stalls makes everybody behind wait, and that shows.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_LONGEST_HEAD = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request. `expected` is the status of success; `then` is told the answer's body and headers."""

    kind: str
    method: str
    path: str
    token: str
    expected: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    then: Callable[[bytes], None] = lambda _body: None

    def wire(self) -> bytes:
        """The request as it is sent (RFC 9112)."""
        headers = {"Host": "localhost", "Authorization": f"JWT {self.token}", **self.headers}
        if self.body is not None:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(self.body))}
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            *(f"{name}: {text}" for name, text in headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + (self.body or b"")


@dataclass(frozen=True)
class Outcome:
    """What became of a call. `status` is 0 where no answer came; latency in seconds."""

    kind: str
    status: int
    expected: int
    latency: float


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, call: Call) -> tuple[int, bytes]:
        self.writer.write(call.wire())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = 0
        for line in head.split("\r\n")[1:]:
            name, _, text = line.partition(":")
            if name.lower() == "content-length":
                length = int(text)
        return int(head.split(" ", 2)[1]), await self.reader.readexactly(length)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many calls a second, for how many seconds, over how many connections, and the longest wait."""

    rate: float
    seconds: float
    connections: int
    patience: float = 30


def send(port: int, next_call: Callable[[], Call], pace: Pace) -> list[Outcome]:
    """The outcomes of all calls to a loopback port."""
    return asyncio.run(_send(port, next_call, pace))


async def _send(port: int, next_call: Callable[[], Call], pace: Pace) -> list[Outcome]:
    lines = _Lines(port, pace)
    began = time.perf_counter()
    tasks = []
    for number in range(int(pace.rate * pace.seconds)):
        due = began + number / pace.rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        tasks.append(asyncio.create_task(lines.perform(next_call(), due)))
    outcomes = await asyncio.gather(*tasks)
    lines.close()
    return outcomes


class _Lines:
    """The connections: made when first used, and anew after one broke."""

    def __init__(self, port: int, pace: Pace) -> None:
        self._port = port
        self._patience = pace.patience
        self._idle: asyncio.LifoQueue[_Connection | None] = asyncio.LifoQueue()
        for _ in range(pace.connections):
            self._idle.put_nowait(None)

    async def perform(self, call: Call, due: float) -> Outcome:
        connection = await self._idle.get()
        status, body = 0, b""
        try:
            async with asyncio.timeout(self._patience):
                connection = connection or await self._connect()
                status, body = await connection.ask(call)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            if connection is not None:
                connection.writer.close()
            connection = None
        finally:
            self._idle.put_nowait(connection)
        latency = time.perf_counter() - due
        if status == call.expected:
            call.then(body)
        return Outcome(call.kind, status, call.expected, latency)

    def close(self) -> None:
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            if connection is not None:
                connection.writer.close()

    async def _connect(self) -> _Connection:
        streams = await asyncio.open_connection("127.0.0.1", self._port, limit=_LONGEST_HEAD)
        return _Connection(*streams)
