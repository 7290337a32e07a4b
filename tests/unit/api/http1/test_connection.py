from __future__ import annotations

import re
import socket
from contextlib import closing, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http1.answers import Gone
from api.http1.connection import Connection
from api.http1.environs import Environs

STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ", re.M)
WHOLE = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(b"".join(draw(st.lists(st.sampled_from([WHOLE, CHUNKED]), min_size=1, max_size=3))))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=6))
    return bytes(data)


@given(st.lists(damaged() | st.binary(max_size=300), max_size=4))
def test_whatever_is_sent_is_answered_refused_or_waited_for_and_never_blocks(pieces: list[bytes]) -> None:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        environs = Environs("", "", trusted=False)
        connection = Connection(ours, environs, largest_body=1000)
        stays = True
        with suppress(Gone):
            for piece in pieces:
                theirs.sendall(piece)
                stays = stays and connection.serve(application, lambda: True)
        theirs.setblocking(False)
        answered = b""
        with suppress(BlockingIOError):
            answered = theirs.recv(1_000_000)
        statuses = [int(status) for status in STATUS.findall(answered)]

    assert set(statuses) <= {200, 400, 417, 431, 501}
    assert all(status == 200 for status in statuses[:-1])


def test_a_client_that_has_gone_is_not_asked_again() -> None:
    ours, theirs = socket.socketpair()
    with closing(ours):
        theirs.sendall(WHOLE)
        connection = Connection(ours, Environs("", "", trusted=False), largest_body=1000)
        assert connection.serve(application, lambda: True)
        theirs.close()
        with pytest.raises(Gone):
            connection.serve(application, lambda: True)
