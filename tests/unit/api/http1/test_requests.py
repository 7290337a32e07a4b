from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http1.requests import LARGEST_HEAD, Request, Requests

LARGEST_BODY = 2000
HOST = b"Host: a\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"

REFUSED = {
    b"a length beside chunks": CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\n",
    b"chunks beside a length": b"POST / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    b"two lengths that are the same": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
    b"two lengths in one": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1,1\r\n\r\na",
    b"a length with a sign": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
    b"no length where one is named": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\na",
    b"an endless length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\na",
    b"a space behind a name": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    b"a folded header": b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n",
    b"a header before the first": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    b"a nameless header": b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    b"a header without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nabc\r\n\r\n",
    b"a name in quotes": b'GET / HTTP/1.1\r\nHost: a\r\n"A": b\r\n\r\n',
    b"bare line feeds": b"GET / HTTP/1.1\nHost: a\n\n",
    b"a bare return in a header": b"GET / HTTP/1.1\r\nHost: a\r\nA: b\rc\r\n\r\n",
    b"a null in a header": b"GET / HTTP/1.1\r\nHost: a\r\nA: b\x00c\r\n\r\n",
    b"a delete in a header": b"GET / HTTP/1.1\r\nHost: a\r\nA: b\x7fc\r\n\r\n",
    b"a chunk of negative size": CHUNKED + b"\r\n-1\r\n\r\n",
    b"a chunk of odd size": CHUNKED + b"\r\n0x1\r\na\r\n0\r\n\r\n",
    b"a space behind a size": CHUNKED + b"\r\n1 \r\na\r\n0\r\n\r\n",
    b"a chunk that does not end": CHUNKED + b"\r\n1\r\nabc\r\n0\r\n\r\n",
    b"chunks with bare line feeds": CHUNKED + b"\r\n1\na\n0\n\n",
    b"chunks twice": CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"a coding behind chunks": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
    b"a coding that is nearly chunks": b"POST / HTTP/1.1\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    b"chunks in an old version": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"no host": b"GET / HTTP/1.1\r\n\r\n",
    b"two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    b"two types": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a\r\ncontent-type: a\r\n\r\n",
    b"nonsense": b"nonsense\r\n\r\n",
    b"a method of nobody's": b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a tunnel": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"a version to come": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    b"a version long gone": b"GET / HTTP/0.9\r\nHost: a\r\n\r\n",
    b"no version": b"GET /\r\nHost: a\r\n\r\n",
    b"a path that is not ASCII": b"GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a query that is not ASCII": b"GET /?\xc3 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a fragment": b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a null in a path": b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a host alone": b"GET a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a scheme of somebody else's": b"GET ftp://a/b HTTP/1.1\r\nHost: a\r\n\r\n",
    b"a star where it has no meaning": b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
}


def read(data: bytes, *cuts: int) -> Requests:
    requests = Requests(LARGEST_BODY)
    places = sorted(cut % (len(data) + 1) for cut in cuts)
    for begin, end in zip([0, *places], [*places, len(data)], strict=True):
        if not requests.ended:
            requests.feed(data[begin:end])
    return requests


def whole(request: Request) -> tuple[object, ...]:
    body = b"".join(request.body)
    return (
        request.method,
        request.version,
        request.path,
        request.query,
        request.headers,
        body,
        request.is_last,
    )


@pytest.mark.parametrize("data", REFUSED.values(), ids=[name.decode() for name in REFUSED])
def test_what_two_readers_may_read_differently_is_refused(data: bytes) -> None:
    for cuts in ((), range(len(data))):
        requests = read(data, *cuts)
        assert (list(requests.received), requests.refusal, requests.ended) == ([], "400 Bad Request", True)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: gzip, chunked\r\n", "501 Not Implemented"),
        (b"Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", "501 Not Implemented"),
        (b"Expect: tea\r\n", "417 Expectation Failed"),
        (b"A: b\r\n" * 101, "431 Request Header Fields Too Large"),
        (b"A: " + b"b" * LARGEST_HEAD, "431 Request Header Fields Too Large"),
        (b"A" * LARGEST_HEAD + b":", "431 Request Header Fields Too Large"),
    ],
)
def test_what_is_too_much_is_refused_with_its_own_status(head: bytes, status: str) -> None:
    assert read(b"POST / HTTP/1.1\r\n" + HOST + head + b"\r\n").refusal == status
    data = b"POST / HTTP/1.1\r\n" + HOST + head
    assert read(data + b"\r\n", *range(0, len(data), 4096)).refusal == status


def test_empty_lines_without_end_are_refused() -> None:
    assert read(b"\r\n" * LARGEST_HEAD, *range(0, 2 * LARGEST_HEAD, 4096)).refusal is not None


def test_trailers_without_end_are_refused() -> None:
    data = CHUNKED + b"\r\n0\r\nA: " + b"b" * 1_000_000
    assert read(data, *range(0, len(data), 4096)).refusal == "400 Bad Request"


def test_no_trailer_is_taken_for_a_header() -> None:
    requests = read(
        CHUNKED + b"\r\n1\r\na\r\n0\r\nAuthorization: b\r\n\r\nGET / HTTP/1.1\r\n" + HOST + b"\r\n"
    )
    first, second = requests.received
    assert b"".join(first.body) == b"a"
    assert first.headers == {"HTTP_HOST": "a", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert second.headers == {"HTTP_HOST": "a"}


def test_headers_have_wsgis_names_and_none_poses_as_another() -> None:
    head = b"X-Request-Id: right\r\nX_Request_Id: wrong\r\nA: 1\r\na:\t2 \r\nEmpty:\r\nContent-Type: t\r\n"
    [request] = read(b"GET / HTTP/1.1\r\n" + HOST + head + b"\r\n").received
    assert request.headers == {
        "HTTP_HOST": "a",
        "HTTP_X_REQUEST_ID": "right",
        "HTTP_A": "1,2",
        "HTTP_EMPTY": "",
        "CONTENT_TYPE": "t",
    }


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/a%20b/?c=%20?d", b"/a%20b/", "c=%20?d"),
        (b"//a/b", b"//a/b", ""),
        (b"http://a:1/b?c", b"/b", "c"),
        (b"HTTPS://a?c", b"/", "c"),
        (b"/", b"/", ""),
    ],
)
def test_the_path_is_found_in_every_form_of_target(target: bytes, path: bytes, query: str) -> None:
    [request] = read(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n").received
    assert (request.path, request.query) == (path, query)


def test_the_server_as_a_whole_may_be_asked_for_its_options() -> None:
    [request] = read(b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n").received
    assert request.path == b"*"


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
    ],
)
def test_nothing_is_read_after_a_last_request(data: bytes) -> None:
    requests = read(data + b"GET /next HTTP/1.1\r\n" + HOST + b"\r\n")
    assert [(request.path, request.is_last) for request in requests.received] == [(b"/", True)]
    assert (requests.ended, requests.refusal) == (True, None)


@pytest.mark.parametrize(
    "data",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2001\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2001\r\n\r\n",
        CHUNKED + b"\r\n7d1\r\n" + b"a" * 2001,
    ],
)
def test_a_body_that_is_too_long_is_the_applications_to_refuse_and_the_last(data: bytes) -> None:
    requests = read(data)
    [request] = requests.received
    assert request.is_last
    assert requests.ended
    assert not requests.must_say_continue()
    assert len(b"".join(request.body)) in {0, 2001}


def test_a_body_as_long_as_may_be_is_read() -> None:
    for head, body in (
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n", b"a" * 2000),
        (CHUNKED, b"7d0\r\n" + b"a" * 2000 + b"\r\n0\r\n\r\n"),
    ):
        [request] = read(head + b"\r\n" + body).received
        assert b"".join(request.body) == b"a" * 2000
        assert not request.is_last


def test_to_go_on_is_said_once_and_only_to_who_waits() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n"
    waiting = read(head)
    assert (waiting.must_say_continue(), waiting.must_say_continue()) == (True, False)
    assert not read(head + b"a").must_say_continue()
    assert not read(head.replace(b"1.1", b"1.0")).must_say_continue()
    assert not read(head.replace(b"Expect", b"Other")).must_say_continue()


TOKENS = st.text("abcXYZ019-!~", min_size=1, max_size=12).map(lambda name: f"x-{name}".encode())
VALUES = st.binary(max_size=40).map(lambda value: bytes(byte for byte in value if byte > 31 and byte != 127))
BODIES = st.binary(max_size=300)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    method = draw(st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"HEAD", b"OPTIONS"]))
    target = b"/" + draw(st.from_regex(rb"[a-z0-9%/._~-]{0,30}(\?[a-z0-9%&=]{0,20})?", fullmatch=True))
    lines = [b"Host: a", *(name + b": " + value for name, value in draw(st.lists(st.tuples(TOKENS, VALUES))))]
    bodies = draw(st.lists(BODIES.filter(bool), max_size=4))
    if draw(st.booleans()):
        lines.append(b"Transfer-Encoding: chunked")
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in bodies) + b"0\r\n\r\n"
    else:
        body = b"".join(bodies)
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([method + b" " + target + b" HTTP/1.1", *lines, b"", body])


@given(st.lists(requests(), min_size=1, max_size=4), st.lists(st.integers(0, 5000), max_size=30))
def test_the_pieces_in_which_bytes_come_make_no_difference(sent: list[bytes], cuts: list[int]) -> None:
    data = b"".join(sent)
    at_once, in_pieces, byte_by_byte = read(data), read(data, *cuts), read(data, *range(len(data)))

    assert len(at_once.received) == len(sent)
    assert at_once.refusal is None
    for other in (in_pieces, byte_by_byte):
        assert [whole(request) for request in other.received] == [
            whole(request) for request in at_once.received
        ]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(b"".join(draw(st.lists(requests(), min_size=1, max_size=3))))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=6))
    return bytes(data)


@given(damaged() | st.binary(max_size=500), st.lists(st.integers(0, 5000), max_size=10))
def test_damaged_bytes_are_read_alike_in_all_pieces_and_end_in_requests_or_a_refusal(
    data: bytes, cuts: list[int]
) -> None:
    at_once, in_pieces = read(data), read(data, *cuts)

    assert [whole(request) for request in at_once.received] == [
        whole(request) for request in in_pieces.received
    ]
    assert (at_once.refusal, at_once.ended) == (in_pieces.refusal, in_pieces.ended)
