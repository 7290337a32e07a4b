"""A request answered by a WSGI application (PEP 3333), in one send where the answer is whole."""

import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from functools import lru_cache
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
# How long a client may take for a part of an answer that does not fit into the kernel's buffer.
_SEND_SECONDS = 30.0
_RESET = struct.pack("ii", 1, 0)  # on, and no time to send what waits


class Gone(Exception):
    """The client has closed the connection, or takes nothing any more."""


class Failed(Exception):
    """The application failed, and the client knows; the cause is its error."""


class Answer:
    """The answer to one request. `keeps` says whether another may follow on the connection."""

    def __init__(self, connection: socket.socket, *, to_head: bool, keeps: bool) -> None:
        self.keeps = keeps
        self._socket = connection
        self._to_head = to_head
        self._begun = False
        self._status = ""
        self._headers: list[tuple[str, str]] = []

    def give(self, application: Application, environ: Environ) -> None:
        """Asks the application and sends what it says. Raises Gone and Failed."""
        try:
            parts = application(environ, self._start)
            try:
                self._send(parts)
            finally:
                close = getattr(parts, "close", None)
                if close is not None:
                    close()
        except Gone:
            raise
        except Exception as error:
            self._give_up()
            raise Failed from error

    def _start(
        self, status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[..., Any]:
        self._status, self._headers = status, headers
        return _write

    def _send(self, parts: Iterable[bytes]) -> None:
        """Whole where the parts are known, else as they come; the head is known with the first of them."""
        rest = iter([b"".join(parts)] if isinstance(parts, list) else parts)
        first = next(rest, b"")
        length = self._announced()
        if self._to_head or self._status.startswith(("204", "304")):
            self._put(self._head())
            return
        if length is None and isinstance(parts, list):
            length = len(first)
            self._headers = [*self._headers, ("Content-Length", str(length))]
        self.keeps = self.keeps and length is not None  # else the end of the connection is that of the body
        self._send_parts(first, rest, length)

    def _send_parts(self, first: bytes, rest: Iterator[bytes], length: int | None) -> None:
        sent = len(first)
        _require(length is None or sent <= length)
        self._put(self._head() + first)
        for part in rest:
            sent += len(part)
            _require(length is None or sent <= length)
            self._put(part)
        _require(length is None or sent == length)

    def _announced(self) -> int | None:
        for name, value in self._headers:
            if name.lower() == "content-length":
                return int(value)
        return None

    def _head(self) -> bytes:
        connection = "keep-alive" if self.keeps else "close"
        lines = [f"HTTP/1.1 {self._status}", _date(int(time.time())), f"Connection: {connection}"]
        lines += [f"{name}: {value}" for name, value in self._headers]
        text = "\r\n".join(lines)
        # A header with a line break would be two headers, or the end of the head.
        if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1 or "\0" in text:
            raise ValueError("a header holds a control character")
        return f"{text}\r\n\r\n".encode("latin-1")

    def _put(self, data: bytes) -> None:
        self._begun = True
        send(self._socket, data)

    def _give_up(self) -> None:
        """Says 500; or resets the connection, as what the client has may look whole."""
        self.keeps = False
        if self._begun:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        else:
            send(self._socket, refusal("500 Internal Server Error"))


def refusal(status: str) -> bytes:
    """An answer that says its status and nothing else, the last on its connection."""
    lines = [f"HTTP/1.1 {status}", _date(int(time.time())), "Connection: close", "Content-Length: 0"]
    return "\r\n".join([*lines, "", ""]).encode()


def send(connection: socket.socket, data: bytes) -> None:
    """Sends all of it over a socket that does not block, and waits only where it must. Raises Gone."""
    try:
        try:
            sent = connection.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            connection.settimeout(_SEND_SECONDS)
            connection.sendall(memoryview(data)[sent:])
            connection.setblocking(False)
    except OSError as error:
        raise Gone from error


def _require(fits: bool) -> None:
    if not fits:
        raise ValueError("the body is not as long as it says")


def _write(_data: bytes) -> None:
    """What PEP 3333 has start_response give back, for applications older than it; Falcon never calls it."""
    raise NotImplementedError("answers are returned, not written")


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}"
