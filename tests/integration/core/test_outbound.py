from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import trustme

from core.outbound import Outbound, Unreachable
from tests.integration.api.connect_site import Answering, answering


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as there:
        yield there


def test_an_answer_is_an_answer_whatever_its_status(server: Answering) -> None:
    server.answers["/a?b=1"] = (418, b"short and stout")

    answer = Outbound().request("POST", f"{server.url}/a?b=1", headers={"X-Extra": "1"}, body=b"hello")

    assert (answer.status, answer.body) == (418, b"short and stout")
    [(method, path, headers, body)] = server.asked
    assert (method, path, headers["X-Extra"], body) == ("POST", "/a?b=1", "1", b"hello")


def test_a_redirect_is_not_followed(server: Answering) -> None:
    server.answers["/a"] = (302, f"{server.url}/b".encode())

    assert Outbound().request("GET", f"{server.url}/a").status == 302
    assert len(server.asked) == 1


def test_an_answer_that_is_too_long_is_refused(server: Answering) -> None:
    server.answers["/a"] = (200, b"x" * 1001)

    with pytest.raises(Unreachable):
        Outbound(max_bytes=1000).request("GET", f"{server.url}/a")


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        Outbound().request("GET", "http://127.0.0.1:1/")


def test_a_server_that_says_nothing_is_unreachable_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable):
        Outbound(timeout=0.2).request("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_server_that_drips_is_unreachable_in_time() -> None:
    stop = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        while not stop.wait(0.05):
            connection.sendall(b"x")
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = threading.Thread(target=drip, args=(listening,))
        dripping.start()
        with pytest.raises(Unreachable):
            Outbound(timeout=0.4).request("GET", f"http://127.0.0.1:{listening.getsockname()[1]}/")
        stop.set()
        dripping.join()


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_url(authority: trustme.CA) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"https://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_of_the_extra_authority_is_trusted(
    authority: trustme.CA, secure_url: str, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    assert Outbound(ca_file=tmp_path / "ca.pem").request("GET", secure_url).status == 204


def test_a_certificate_that_nobody_vouches_for_is_not(secure_url: str) -> None:
    with pytest.raises(Unreachable):
        Outbound().request("GET", secure_url)


def test_a_certificate_of_another_name_is_not(authority: trustme.CA, secure_url: str, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")

    with pytest.raises(Unreachable):
        Outbound(ca_file=tmp_path / "ca.pem").request("GET", secure_url.replace("localhost", "127.0.0.1"))
