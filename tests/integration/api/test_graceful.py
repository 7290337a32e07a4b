from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

import psutil
import psycopg2
import pytest

from bench.api.data import Site
from tests.databases import DatabaseUrls
from tests.served import Served, served
from tests.workers import eventually

REPORTS = "/api/v1/reports"
DEFINITION = '{"jql": "project = A", "columns": [{"of": {"field": "issuekey"}}]}'
# A request of each client every so many seconds: slower than an account may, and all together every 3 ms.
PAUSE = 0.025


@pytest.fixture
def place(database: DatabaseUrls, redis_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(
        tmp_path, owner_url=database.owner, api_url=database.api, redis_url=redis_url, sites=8
    ) as running:
        yield running


@dataclass
class Client:
    """Asks again and again over a connection that it keeps as long as it may, or over a new one each time."""

    site: Site
    connect: Callable[[], HTTPConnection]
    method: str = "GET"
    keeps: bool = True
    answered: int = 0
    failed: list[str] = field(default_factory=list)
    refused: bool = False

    def run(self, enough: threading.Event) -> None:
        connection = self.connect()
        while not enough.wait(PAUSE) and not self.refused:
            fresh = connection.sock is None
            try:
                self._ask(connection)
            except ConnectionRefusedError:
                self.refused = True
            except (OSError, HTTPException) as error:
                self.failed.append(f"{'new' if fresh else 'kept'}: {error!r}")
                connection.close()
        connection.close()

    def _ask(self, connection: HTTPConnection) -> None:
        body = f'{{"name": "Made", "definition": {DEFINITION}}}' if self.method == "POST" else None
        headers = {"Authorization": f"JWT {self.site.token()}"}
        if body:
            headers["Content-Type"] = "application/json"
        connection.request(self.method, REPORTS, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != (201 if body else 200):
            self.failed.append(str(answer.status))
        self.answered += 1
        if not self.keeps:
            connection.close()


def clients(place: Served) -> list[Client]:
    def straight() -> HTTPConnection:
        return HTTPConnection("127.0.0.1", place.api, timeout=20)

    def through() -> HTTPConnection:
        return HTTPSConnection("localhost", place.nginx, timeout=20, context=place.trust)

    ways = [(straight, "GET", True), (straight, "POST", True), (straight, "GET", False),
            (straight, "GET", True), (through, "GET", True), (through, "POST", True),
            (through, "GET", False), (through, "GET", True)]  # fmt: skip
    return [Client(site, *way) for site, way in zip(place.sites, ways, strict=True)]


def test_no_request_fails_while_the_workers_are_replaced(place: Served) -> None:
    asking, enough = clients(place), threading.Event()
    threads = [threading.Thread(target=client.run, args=(enough,)) for client in asking]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            begin(asking, 10)
            replace_workers(place)
        begin(asking, 10)
    finally:
        enough.set()
        for thread in threads:
            thread.join()

    assert [client.failed for client in asking] == [[]] * len(asking)
    assert not any(client.refused for client in asking)


def test_a_stop_lets_requests_end_and_tells_kept_connections(place: Served, database: DatabaseUrls) -> None:
    site, enough = place.sites[0], threading.Event()
    keeping = [client for client in clients(place)[:4] if client.keeps and client.method == "GET"]
    threads = [threading.Thread(target=client.run, args=(enough,)) for client in keeping]
    held = HTTPConnection("127.0.0.1", place.api, timeout=30)
    with closing(psycopg2.connect(database.owner)) as owner, owner.cursor() as cursor:
        for thread in threads:
            thread.start()
        begin(keeping, 10)
        cursor.execute("lock table stars in access exclusive mode")
        held.request("GET", f"{REPORTS}?starred=true", headers={"Authorization": f"JWT {site.token()}"})
        eventually(lambda: waiting(database) > 0, "the request to wait")
        place.master.send_signal(signal.SIGTERM)
        eventually(lambda: refuses(place.api), "the API to take no more")
        owner.rollback()
        answer = held.getresponse()
        assert answer.status == 200
        assert answer.read()
        held.close()
    for thread in threads:
        thread.join()

    assert [client.failed for client in keeping] == [[]] * len(keeping)
    assert all(client.refused for client in keeping)
    assert place.master.wait(timeout=20) in {0, None}


def begin(asking: list[Client], more: int) -> None:
    """Waits until every client has been answered so often again."""
    wanted = [client.answered + more for client in asking]
    eventually(
        lambda: all(
            client.answered >= number or client.failed for client, number in zip(asking, wanted, strict=True)
        ),
        "answers",
    )


def replace_workers(place: Served) -> None:
    old = workers(place)
    place.master.send_signal(signal.SIGHUP)
    eventually(lambda: len(workers(place)) == 2 and not workers(place) & old, "new workers")


def workers(place: Served) -> set[int]:
    return {child.pid for child in place.master.children() if child.status() != psutil.STATUS_ZOMBIE}


def waiting(database: DatabaseUrls) -> int:
    with closing(psycopg2.connect(database.owner)) as owner, owner.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where not granted")
        return int((cursor.fetchone() or (0,))[0])


def refuses(port: int) -> bool:
    probe = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        probe.connect()
    except ConnectionRefusedError:
        return True
    finally:
        probe.close()
    return False
