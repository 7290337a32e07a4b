from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.integration.cli.conftest import JIRA, SCRIPT, Front
from tests.servers import wait_until

WAITING = 64
TOKEN = "eyJhbGciOiJIUzI1NiJ9.secret-part.signature"


@pytest.mark.parametrize("path", ["/api/v1/me", "/ui/index.html", "/nothing", "/connect.js"])
def test_every_answer_carries_the_security_headers(front: Front, path: str) -> None:
    answer = front.ask(path)
    assert answer.header("Strict-Transport-Security") == "max-age=31536000"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Referrer-Policy") == "no-referrer"
    assert "camera=()" in answer.header("Permissions-Policy")
    assert len(answer.header("X-Request-Id")) == 32
    assert answer.header("Server") == "nginx"


def test_pages_may_be_framed_by_jira_alone_and_run_its_bridge(front: Front) -> None:
    policy = front.ask("/ui/index.html").header("Content-Security-Policy")
    assert f"frame-ancestors https://*.jira.example https://{JIRA};" in policy
    assert f"script-src 'self' https://{JIRA};" in policy
    assert "connect-src 'self';" in policy
    assert "unsafe-eval" not in policy


def test_answers_of_the_api_may_not_become_pages(front: Front) -> None:
    policy = front.ask("/api/v1/me").header("Content-Security-Policy")
    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_the_public_statement_may_have_its_own_style_and_nothing_else(front: Front) -> None:
    policy = front.ask("/data-storage").header("Content-Security-Policy")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; frame-ancestors 'none'; base-uri 'none';"
        r" form-action 'none'",
        policy,
    )


def test_the_api_learns_the_request_id_and_the_scheme(front: Front) -> None:
    answer = front.ask("/api/v1/me?x=1", headers={"X-Request-Id": "of the caller's choice"})
    asked = json.loads(answer.body)
    assert asked["path"] == "/api/v1/me?x=1"
    assert asked["headers"]["X-Request-Id"] == answer.header("X-Request-Id")
    assert asked["headers"]["X-Forwarded-Proto"] == "https"
    assert answer.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/connect/installed", "/forge/tick", "/atlassian-connect.json", "/data-storage", "/healthz", "/readyz"],
)
def test_the_api_gets_its_paths(front: Front, path: str) -> None:
    assert json.loads(front.ask(path).body)["path"] == path


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"pretend brotli"),
        ("gzip, deflate", "gzip", SCRIPT),
        ("br;q=0, gzip;q=0.5", "gzip", SCRIPT),
        ("gzip;q=0", "", SCRIPT),
        ("brotli-like, gzipped", "", SCRIPT),
        ("", "", SCRIPT),
    ],
)
def test_a_script_comes_in_the_best_form_accepted(
    front: Front, accepted: str, encoding: str, body: bytes
) -> None:
    answer = front.ask("/ui/assets/main.js", headers={"Accept-Encoding": accepted})
    assert answer.status == 200
    assert answer.header("Content-Encoding") == encoding
    assert answer.header("Content-Type") == "text/javascript; charset=utf-8"
    assert answer.header("Vary") == "Accept-Encoding"
    unpacked = gzip.decompress(answer.body) if encoding == "gzip" else answer.body
    assert unpacked == body


def test_what_was_not_compressed_comes_plain(front: Front) -> None:
    answer = front.ask("/ui/assets/plain.js", headers={"Accept-Encoding": "gzip, br"})
    assert (answer.status, answer.body) == (200, b"let plain;\n")
    assert answer.header("Content-Encoding") == ""


def test_hashed_files_are_kept_and_pages_are_asked_for_again(front: Front) -> None:
    assert front.ask("/ui/assets/main.js").header("Cache-Control") == "public, max-age=31536000, immutable"
    page = front.ask("/ui/index.html?projectKey=ABC")
    assert page.header("Cache-Control") == "no-cache"
    assert page.header("Content-Type") == "text/html; charset=utf-8"
    again = front.ask("/ui/index.html", headers={"If-None-Match": page.header("ETag")})
    assert again.status == 304


@pytest.mark.parametrize(
    "path", ["/ui/assets/main.js.br", "/ui/assets/none.js", "/ui/", "/", "/ui/../nginx.conf", "/ui/none.html"]
)
def test_anything_else_is_not_found_and_not_cached(front: Front, path: str) -> None:
    answer = front.ask(path, headers={"Accept-Encoding": "br"})
    assert answer.status == 404
    assert answer.header("Content-Type") == "application/problem+json"
    assert answer.header("Content-Encoding") == ""
    assert answer.header("Cache-Control") == ""
    assert json.loads(answer.body)["status"] == 404


def test_the_bridge_script_comes_from_jira(front: Front) -> None:
    answer = front.ask("/connect.js")
    assert (answer.status, answer.header("Location")) == (302, f"https://{JIRA}/all.js")
    assert answer.header("Cache-Control") == "no-cache"


def test_a_body_of_256_kib_passes_and_a_larger_one_is_refused(front: Front) -> None:
    assert front.ask("/api/v1/reports", method="POST", body=b"x" * 262_144).status == 200
    refused = front.ask("/api/v1/reports", method="POST", body=b"x" * 262_145)
    assert (refused.status, json.loads(refused.body)["title"]) == (413, "Content Too Large")


def test_a_body_of_no_announced_length_may_be_no_longer(front: Front) -> None:
    chunks = f"{200_000:x}\r\n{'x' * 200_000}\r\n" * 2 + "0\r\n\r\n"
    head = "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert sent(front, head + chunks).startswith("HTTP/1.1 413")
    assert "POST" not in front.upstream.methods


def test_a_body_that_never_comes_never_reaches_the_api(front: Front) -> None:
    unfinished = "POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    with raw(front) as connection:
        connection.sendall(unfinished.encode())
        assert front.ask("/api/v1/me").status == 200
        answer = connection.recv(65_536).decode()
    assert answer == "" or answer.startswith("HTTP/1.1 408")
    assert "POST" not in front.upstream.methods


@pytest.mark.parametrize("head", ["Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1",
                                  "Content-Length: 4\r\nTransfer-Encoding: chunked"])  # fmt: skip
def test_a_body_of_two_lengths_is_refused(front: Front, head: str) -> None:
    answer = sent(front, f"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n0\r\n\r\n")
    assert answer.startswith("HTTP/1.1 400")
    assert "POST" not in front.upstream.methods


def test_headers_that_are_too_long_are_a_problem(front: Front) -> None:
    many = {f"X-{n}": "x" * 9_000 for n in range(8)}
    answers = [
        front.ask("/api/v1/me", headers={"Authorization": "x" * 20_000}),
        front.ask("/api/v1/me", headers=many),
        front.ask(f"/api/v1/me?{'x' * 20_000}"),
    ]
    assert [answer.status for answer in answers] == [431, 431, 414]
    assert {answer.header("Content-Type") for answer in answers} == {"application/problem+json"}
    assert front.upstream.methods == []


def test_long_answers_of_the_api_are_compressed_for_who_reads_that(front: Front) -> None:
    long = {"X-Long": "x" * 4_000}
    packed = front.ask("/api/v1/reports", headers=long | {"Accept-Encoding": "gzip"})
    plain = front.ask("/api/v1/reports", headers=long)
    short = front.ask("/api/v1/me", headers={"Accept-Encoding": "gzip"})

    assert packed.header("Content-Encoding") == "gzip"
    assert json.loads(gzip.decompress(packed.body))["headers"]["X-Long"] == long["X-Long"]
    assert len(packed.body) < 1_000
    assert (plain.header("Content-Encoding"), short.header("Content-Encoding")) == ("", "")
    # A tag names bytes, so that of a compressed answer is a weak one, which If-Match takes as well.
    assert (packed.header("ETag"), plain.header("ETag")) == ('W/"3"', '"3"')
    assert {answer.header("Vary") for answer in (packed, plain, short)} == {"Accept-Encoding"}


def test_no_more_wait_for_the_api_than_it_answers_in_good_time(front: Front) -> None:
    with ThreadPoolExecutor(WAITING) as threads:
        held = [threads.submit(front.ask, "/api/held") for _ in range(WAITING)]
        try:
            for _ in held:
                assert front.upstream.held.acquire(timeout=20)
            one_more = front.ask("/api/v1/me")
        finally:
            front.upstream.go_on.set()
        assert {answer.result().status for answer in held} == {200}
    front.upstream.go_on.clear()

    assert (one_more.status, one_more.header("Retry-After")) == (503, "5")
    assert front.ask("/api/v1/me").status == 200


def raw(front: Front) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", front.port), timeout=30)
    return front.trust.wrap_socket(plain, server_hostname="localhost")


def sent(front: Front, request: str) -> str:
    with raw(front) as connection:
        connection.sendall(request.encode())
        return connection.recv(65_536).decode()


def test_pages_take_no_other_method(front: Front) -> None:
    assert front.ask("/ui/index.html", method="POST", body=b"").status == 405


def test_an_upstream_without_an_answer_is_503_with_a_time_to_come_back(front: Front) -> None:
    answer = front.ask("/api/broken")
    assert (answer.status, answer.header("Retry-After")) == (503, "5")
    assert answer.header("Content-Type") == "application/problem+json"


def test_plain_http_is_sent_to_https(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as plain:
        plain.sendall(f"GET /ui/index.html HTTP/1.1\r\nHost: localhost:{front.port}\r\n\r\n".encode())
        answer = plain.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 308")
    assert f"Location: https://localhost:{front.port}/ui/index.html" in answer


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_of_tls_are_refused(front: Front) -> None:
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    plain = socket.create_connection(("127.0.0.1", front.port), timeout=5)
    with plain, pytest.raises((ssl.SSLError, ConnectionError)):
        old.wrap_socket(plain)


def test_http_2_is_offered(front: Front) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=5) as plain:
        modern = ssl.create_default_context()
        modern.check_hostname, modern.verify_mode = False, ssl.CERT_NONE
        modern.set_alpn_protocols(["h2", "http/1.1"])
        with modern.wrap_socket(plain) as secure:
            assert secure.selected_alpn_protocol() == "h2"


def test_no_log_ever_holds_a_token(front: Front) -> None:
    secret = {"Authorization": f"JWT {TOKEN}", "Referer": f"https://x/?jwt={TOKEN}", "User-Agent": TOKEN}
    for path in (
        "/ui/index.html",
        "/ui/none.html",
        "/ui/assets/none.js",
        "/api/v1/me",
        "/api/broken",
        "/connect.js",
        "/none",
    ):
        front.ask(f"{path}?jwt={TOKEN}", headers=secret)
    front.ask(f"/api/v1/reports?jwt={TOKEN}", method="POST", body=b"x" * 300_000, headers=secret)
    with suppress(OSError):  # it may hang up before all of that was sent
        front.ask(f"/ui/index.html?jwt={TOKEN}&x={'x' * 40_000}", headers=secret)
    front.ask("/the-last-one")
    wait_until(lambda: "/the-last-one" in front.logs(), "the log to be written", 10)
    logs = front.logs()
    assert '"path":"/api/broken","status":503' in logs
    assert "secret-part" not in logs
    assert "jwt=" not in logs
