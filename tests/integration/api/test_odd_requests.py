from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core.settings import Settings
from tests.databases import DatabaseUrls
from tests.integration.api.connect_site import Site
from tests.integration.api.real_server import real_server
from tests.whole_database import assert_nothing_changed, dump

LIST = "/api/v1/reports"


@pytest.fixture
def port(settings: Settings, tmp_path: Path) -> Iterator[int]:
    with real_server(settings, tmp_path) as port:
        yield port


def answered(port: int, *lines: str, body: bytes = b"") -> list[int]:
    """The statuses of all answers to bytes that need not be proper HTTP."""
    request = "\r\n".join([*lines, "Host: reports.example.com", "Connection: close", "", ""])
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(request.encode("latin-1") + body)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return [int(line.split()[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


def test_odd_ways_to_send_a_token_are_refused(port: int, site: Site) -> None:
    get, good = f"GET {LIST} HTTP/1.1", f"Authorization: JWT {site.token()}"
    assert answered(port, get, good) == [200]

    odd = {
        "two headers": [get, good, good],
        "two headers, the first forged": [get, "Authorization: JWT a.b.c", good],
        "two tokens in one header": [get, f"{good}, JWT {site.token()}"],
        "another header of the same name to WSGI": [get, good.replace("Authorization", "Authorization_")],
        "a token in the address": [f"GET {LIST}?jwt={site.token()} HTTP/1.1"],
        "one in the address, one in the header": [f"GET {LIST}?jwt={site.token()} HTTP/1.1", good],
        "a huge token": [get, f"Authorization: JWT {site.token(padding='x' * 7_000)}"],
        "a token beyond every limit": [get, f"Authorization: JWT {'x' * 100_000}"],
        "a header folded over two lines": [get, "Authorization: JWT", f" {site.token()}"],
        "a null in the header": [get, f"Authorization: JWT\0{site.token()}"],
    }
    for name, lines in odd.items():
        [status] = answered(port, *lines)
        assert status in {400, 401, 431}, (name, status)


def test_odd_ways_to_write_an_address_open_nothing(port: int, site: Site) -> None:
    good = f"Authorization: JWT {site.token()}"
    for path in (f"{LIST}/", "/api/v1/../v1/reports", "/API/v1/reports", f"{LIST};x"):
        assert answered(port, f"GET {path} HTTP/1.1", good) == [404], path
    for path in ("/api%2Fv1/reports", "/connect/../api/v1/reports", f"/{LIST}", f"http://x{LIST}"):
        [status] = answered(port, f"GET {path} HTTP/1.1")
        assert status in {401, 404}, path


@pytest.mark.parametrize("path", ["/connect/installed/", "/connect//installed", "/CONNECT/installed"])
def test_a_callback_at_an_address_like_ours_changes_nothing(
    port: int, site: Site, api_database: DatabaseUrls, path: str
) -> None:
    before = dump(api_database)

    assert answered(port, *callback(site, path), body=installation(site)) == [404]
    assert_nothing_changed(before, dump(api_database))


def test_a_request_hidden_in_another_is_not_answered_as_if_it_were_the_sites(port: int, site: Site) -> None:
    hidden = f"GET {LIST} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    both = [*callback(site, "/connect/installed"), "Transfer-Encoding: chunked"]
    statuses = answered(port, *both, body=b"0\r\n\r\n" + hidden)

    assert 200 not in statuses
    assert site.call("GET", LIST).status_code == 200


def installation(site: Site) -> bytes:
    return json.dumps(site.body("installed", sharedSecret="another-secret-that-is-long-enough")).encode()


def callback(site: Site, path: str) -> list[str]:
    return [
        f"POST {path} HTTP/1.1",
        f"Authorization: JWT {site.install_token('/connect/installed')}",
        "Content-Type: application/json",
        f"Content-Length: {len(installation(site))}",
    ]
