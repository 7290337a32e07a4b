"""A client's connection: answers what has come, and never waits for more itself."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress

from api.http1.answers import Answer, Application, Gone, refusal, send
from api.http1.environs import Environs
from api.http1.requests import Request, Requests

# nginx sends a request when it has all of it, so whoever takes longer does not come past nginx.
REQUEST_SECONDS = 20.0
_PIECE = 16 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_PARTING_SECONDS, _PARTING_BYTES = 1.0, 1024 * 1024


class Connection:
    """An accepted socket; in the hands of one thread at a time."""

    def __init__(self, accepted: socket.socket, environs: Environs, *, largest_body: int) -> None:
        accepted.setblocking(False)
        if accepted.family != socket.AF_UNIX:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = accepted.fileno()
        self._socket = accepted
        self._environs = environs
        self._requests = Requests(largest_body)
        self._until: float | None = None
        self._parting_bytes: int | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is owed to the client, not even that the rest of its request is read."""
        return self._parting_bytes is not None or not self._requests.under_way

    def rests_until(self, keepalive: float) -> float:
        """When to close it if nothing comes (monotonic). `keepalive`: how long it may be idle, in seconds."""
        if self._parting_bytes is None and not self._requests.under_way:
            self._until = None
            return time.monotonic() + keepalive
        if self._until is None:
            self._until = time.monotonic() + REQUEST_SECONDS
        return self._until

    def serve(self, application: Application, may_stay: Callable[[], bool]) -> bool:
        """Answers what has come; whether to wait for more. Raises Gone and Failed."""
        if self._parting_bytes is not None:
            return self._part()
        while True:
            piece = self._receive()
            if piece is None:
                return True
            self._requests.feed(piece)
            while self._requests.received:
                if not self._answer(self._requests.received.popleft(), application, may_stay):
                    return self._begin_to_part()
            if self._requests.refusal:
                send(self._socket, refusal(self._requests.refusal))
            if self._requests.ended:
                return self._begin_to_part()
            if self._requests.must_say_continue():
                send(self._socket, _CONTINUE)
            if len(piece) < _PIECE:
                return True

    def close(self) -> None:
        """Closes it at once."""
        self._socket.close()

    def _receive(self) -> bytes | None:
        """What has come; None for nothing yet. Raises Gone."""
        try:
            piece = self._socket.recv(_PIECE)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Gone from error
        if not piece:
            raise Gone
        return piece

    def _answer(self, request: Request, application: Application, may_stay: Callable[[], bool]) -> bool:
        keeps = not request.is_last and may_stay()
        answer = Answer(self._socket, to_head=request.method == "HEAD", keeps=keeps)
        answer.give(application, self._environs.of(request))
        return answer.keeps

    def _begin_to_part(self) -> bool:
        """Whether to wait until the client has read the answer; closing with bytes unread would reset it."""
        requests = self._requests
        if not (requests.under_way or requests.received or requests.refusal):
            return False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        self._parting_bytes = 0
        self._until = time.monotonic() + _PARTING_SECONDS
        return self._part()

    def _part(self) -> bool:
        """Whether the client still sends, and not too much for nobody."""
        while (self._parting_bytes or 0) < _PARTING_BYTES:
            piece = self._receive()
            if piece is None:
                return True
            self._parting_bytes = (self._parting_bytes or 0) + len(piece)
        return False
