from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from cli.local.part import listens
from tests.integration.api.http1.odd_app import LARGE
from tests.integration.api.http1.odd_server import GET, OddServer, answer, closes, command, odd_server, piece
from tests.servers import ROOT, wait_until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OddServer]:
    with odd_server(tmp_path) as running:
        yield running


def test_a_connection_serves_one_request_after_another(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        for _ in range(3):
            connection.sendall(GET % b"/a")
            told = answer(connection)
            assert (told.status, told.headers["connection"]) == (200, "keep-alive")


def test_requests_sent_together_are_answered_in_their_order(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(GET % b"/nothing" + GET % b"/unknown-length")
        data = b""
        while not data.endswith(b"some thing"):
            data += piece(connection)
        assert [line for line in data.split(b"\r\n") if line.startswith(b"HTTP/")] == [
            b"HTTP/1.1 204 No Content",
            b"HTTP/1.1 200 OK",
        ]


def test_what_follows_a_last_request_is_not_answered(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + GET % b"/second")
        assert answer(connection).headers["connection"] == "close"
        assert closes(connection)


def test_the_application_is_told_what_gunicorns_own_worker_tells_it(tmp_path: Path) -> None:
    request = (
        b"POST /a%20b%C3%A4?c=%20&d HTTP/1.1\r\nHost: a:1\r\nContent-Type: text/plain\r\n"
        b"Content-Length: 3\r\nX-Forwarded-Proto: https\r\nAccept: a\r\nAccept: b\r\nCookie: c\r\n"
        b"X-Odd: \xe4 \r\nX_Odd: no\r\n\r\nabc"
    )
    told = {}
    for worker in ("api.http1.worker.ThreadsWorker", "gthread"):
        folder = tmp_path / worker
        folder.mkdir()
        with odd_server(folder, worker=worker) as server:
            told[worker] = json.loads(server.ask(request).body)
    ours, theirs = told.values()
    differs = {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)}

    assert ours["wsgi.url_scheme"] == "https"
    assert differs == {"pid", "RAW_URI", "REMOTE_PORT", "SERVER_PORT", "SERVER_SOFTWARE"}


def test_a_stranger_is_not_believed_to_come_by_tls(tmp_path: Path) -> None:
    with odd_server(tmp_path, "--forwarded-allow-ips=192.0.2.1") as server:
        told = server.ask(b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n")
        assert json.loads(told.body)["wsgi.url_scheme"] == "http"


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abcd")
        assert json.loads(answer(connection).body)["body"] == "abcd"


def test_answers_without_a_body_have_none(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
        head = connection.recv(65_536)
        assert b"\r\nContent-Length: " in head
        assert head.endswith(b"\r\n\r\n")
        connection.sendall(GET % b"/nothing")
        assert answer(connection).status == 204


def test_an_answer_of_unknown_length_ends_with_its_connection(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(GET % b"/unknown-length")
        data = b""
        while part := connection.recv(65_536):
            data += part
    assert b"\r\nConnection: close\r\n" in data
    assert data.endswith(b"\r\n\r\nsome thing")


def test_an_application_that_raises_is_answered_for_and_not_quoted(server: OddServer) -> None:
    for place in (b"/raising", b"/split"):
        told = server.ask(GET % place)
        assert (told.status, told.headers["connection"], told.body) == (500, "close", b"")
        assert "x-planted" not in told.headers

    assert "ValueError" in server.log()
    assert "PLANTED" not in server.log()


@pytest.mark.parametrize("place", [b"/raising-midway", b"/too-little"])
def test_an_answer_that_breaks_off_does_not_look_whole(server: OddServer, place: bytes) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(GET % place)
        with pytest.raises(ConnectionError):
            answer(connection)
    assert server.ask(GET % b"/").status == 200


def test_a_large_answer_arrives_whole_however_slowly_it_is_read(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.sendall(GET % b"/large")
        told = answer(connection)
        assert len(told.body) == LARGE
        connection.sendall(GET % b"/")
        assert answer(connection).status == 200


def test_what_was_opened_for_a_client_that_vanishes_is_closed(server: OddServer) -> None:
    with closing(server.connect()) as connection:
        connection.sendall(GET % b"/large")
        connection.recv(1000)
    wait_until((server.folder / "closed").exists, "the application's close()", 20)
    assert server.ask(GET % b"/").status == 200


def test_who_says_nothing_or_half_of_it_holds_no_thread(server: OddServer) -> None:
    with ExitStack() as stack:
        for said in [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"] * 5:
            connection = stack.enter_context(closing(server.connect()))
            connection.sendall(said)
        assert server.ask(GET % b"/").status == 200


def test_too_many_connections_wait_until_others_end(tmp_path: Path) -> None:
    with odd_server(tmp_path, "--worker-connections=10") as server, ExitStack() as stack:
        silent = [stack.enter_context(closing(server.connect())) for _ in range(10)]
        late = stack.enter_context(closing(server.connect()))
        late.sendall(GET % b"/")
        late.settimeout(0.5)
        with pytest.raises(TimeoutError):
            late.recv(1)
        silent[0].close()
        late.settimeout(10)
        assert answer(late).status == 200


def test_no_connection_is_kept_when_nearly_too_many_are(tmp_path: Path) -> None:
    with odd_server(tmp_path, "--worker-connections=10") as server, ExitStack() as stack:
        connections = [stack.enter_context(closing(server.connect())) for _ in range(9)]
        connections[0].sendall(GET % b"/")
        told = answer(connections[0])
        wait_until(lambda: server.ask(GET % b"/").headers["connection"] == "close", "all to be accepted", 10)
        assert told.status == 200


def test_an_idle_connection_is_closed_when_its_time_is_over(tmp_path: Path) -> None:
    with odd_server(tmp_path, "--keep-alive=1") as server, closing(server.connect()) as connection:
        connection.sendall(GET % b"/")
        answer(connection)
        assert closes(connection)


def test_a_process_in_which_nothing_moves_is_replaced(tmp_path: Path) -> None:
    with odd_server(tmp_path, "--timeout=2") as server, closing(server.connect()) as connection:
        before = json.loads(server.ask(GET % b"/").body)["pid"]
        connection.sendall(GET % b"/stuck")

        def replaced() -> bool:
            with suppress(OSError):
                return bool(json.loads(server.ask(GET % b"/").body)["pid"] != before)
            return False

        wait_until(replaced, "another process", 30)


def test_a_stop_answers_what_was_asked_and_what_comes_on_kept_connections(server: OddServer) -> None:
    found: list[int] = []
    slow = threading.Thread(target=lambda: found.append(server.ask(GET % b"/slow").status))
    with closing(server.connect()) as resting:
        resting.sendall(GET % b"/")
        answer(resting)
        slow.start()
        wait_until((server.folder / "began").exists, "the slow request")
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not listens(server.port), "no more connections")
        resting.sendall(GET % b"/late")
        told = answer(resting)
        assert (told.status, told.headers["connection"]) == (200, "close")
    (server.folder / "finish").touch()
    slow.join(10)
    assert found == [200]
    assert server.process.wait(20) == 0


def test_a_stop_waits_for_nobody_who_says_nothing(server: OddServer) -> None:
    with closing(server.connect()) as silent, closing(server.connect()) as kept:
        kept.sendall(GET % b"/")
        answer(kept)
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(10) == 0
        assert closes(silent)
        assert closes(kept)


@pytest.mark.parametrize("option", ["--max-requests=5", f"--certfile={__file__}"])
def test_settings_that_would_be_passed_over_are_refused(option: str) -> None:
    ended = subprocess.run(
        [*command(0), option], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode != 0
    assert "This worker knows neither TLS nor max_requests." in ended.stderr
