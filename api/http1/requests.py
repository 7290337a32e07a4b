"""Requests out of a connection's bytes, in whatever pieces they come.

llhttp, which reads HTTP for Node.js too, tells what the bytes mean. What two readers might read differently
is refused and not repaired, as nginx may have read it the other way. By llhttp's strict rules that is: two
lengths, a length beside chunks, folded headers, odd names, control characters, bare line feeds. By those of
`heads`: other transfer codings, chunks in HTTP/1.0, a missing or second Host. Trailers are dropped, as a
header could hide there.
"""

from collections import deque
from dataclasses import dataclass, field

import httptools

from api.http1.heads import BAD_REQUEST, HEAD_TOO_LARGE, Headers, Refused, path_and_query

# nginx passes on at most 64 KiB (docs/limits.md), and what it adds itself.
LARGEST_HEAD = 96 * 1024
# What stands around a body in chunks: sizes, extensions, trailers.
_MOST_AROUND_BODY = 128 * 1024


@dataclass(slots=True)
class Request:
    """One request. `path` and `query` are as they were sent; nothing is read after one that `is_last`."""

    method: str
    version: str
    path: bytes
    query: str
    headers: Headers
    body: list[bytes] = field(default_factory=list)
    is_last: bool = False


class Requests:
    """Takes bytes and puts into `received` what they ask for.

    A request whose body is longer than `largest_body` is received as soon as that shows, and is the last:
    its body is not whole, and the application is the one to say that it is too long. Once `ended`, nothing
    more is read; `refusal` is then the status to answer with after all that was received, if any.
    """

    def __init__(self, largest_body: int) -> None:
        self.received: deque[Request] = deque()
        self.refusal: str | None = None
        self.ended = False
        self._largest_body = largest_body
        self._largest = LARGEST_HEAD + largest_body + _MOST_AROUND_BODY
        self._parser = httptools.HttpRequestParser(self)
        self._completed = self._incomplete_bytes = 0
        self._request: Request | None
        self._waits: bool
        self._forget()

    def feed(self, data: bytes) -> None:
        """Reads on."""
        completed = self._completed
        self._parse(data)
        self._incomplete_bytes = self._incomplete_bytes + len(data) if self._completed == completed else 0
        if self._request is None and self._incomplete_bytes > LARGEST_HEAD:
            self._refuse(HEAD_TOO_LARGE)
        elif self._incomplete_bytes > self._largest:
            self._refuse(BAD_REQUEST)

    def must_say_continue(self) -> bool:
        """Whether the client waits for that before it sends a body (RFC 9110, 10.1.1); once a request."""
        waits, self._waits = self._waits, False
        return waits and not self.ended

    def on_message_begin(self) -> None:
        """llhttp met the first byte of a request."""
        self.under_way = True

    def on_url(self, part: bytes) -> None:
        """llhttp met a piece of what is asked for."""
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp met a header or a trailer."""
        if self._request is None:
            self._headers.take(name, value)

    def on_headers_complete(self) -> None:
        """llhttp met the end of a head."""
        method, version = self._parser.get_method().decode("ascii"), self._parser.get_http_version()
        if version not in {"1.0", "1.1"}:
            raise Refused(BAD_REQUEST)
        self._headers.require_plain(version)
        request = Request(method, version, *path_and_query(method, self._target), self._headers)
        self._request = request
        self._waits = version == "1.1" and "HTTP_EXPECT" in self._headers
        if int(self._headers.get("CONTENT_LENGTH", 0)) > self._largest_body:
            self._end_with(request)

    def on_body(self, part: bytes) -> None:
        """llhttp met a piece of a body."""
        if self.ended or self._request is None:
            return
        self._waits = False
        self._request.body.append(part)
        self._length += len(part)
        if self._length > self._largest_body:
            self._end_with(self._request)

    def on_message_complete(self) -> None:
        """llhttp met the end of a request."""
        request = self._request
        self._completed += 1
        self._forget()
        if self.ended or request is None:
            return
        if self._parser.should_keep_alive() and not self._parser.should_upgrade():
            self.received.append(request)
        else:
            self._end_with(request)

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            self._refuse(str(error.__context__) if isinstance(error.__context__, Refused) else BAD_REQUEST)
        except httptools.HttpParserUpgrade:
            self.ended = True  # what follows is said in another protocol
        except httptools.HttpParserError:
            self._refuse(BAD_REQUEST)

    def _forget(self) -> None:
        self._target = b""
        self._headers = Headers()
        self._request = None
        self._length = 0
        self._waits = self.under_way = False

    def _end_with(self, request: Request) -> None:
        request.is_last = self.ended = True
        self.received.append(request)

    def _refuse(self, status: str) -> None:
        if not self.ended:
            self.refusal, self.ended = status, True
