from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import falcon.testing
import pytest

from api.access_log import JsonLines, configure
from api.app import create_app
from api.services import Services
from tests.integration.api.connect_site import Site


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def logged(site: Site, services: Services, lines: list[str]) -> Site:
    client = falcon.testing.TestClient(create_app(services, lines.append))
    return Site(client, site.base_url, site.client_key, site.secret)


def test_a_request_is_one_line_without_address_person_or_content(logged: Site, lines: list[str]) -> None:
    site = logged
    report = site.create("PLANTED name", as_="planted-account", description="PLANTED description")
    site.call("GET", f"/api/v1/reports/{report['id']}", as_="planted-account")
    site.call("GET", "/api/v1/reports", as_="planted-account", query_string="search=PLANTED")

    assert len(lines) == 3
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in lines)
    read = json.loads(lines[-2])

    assert read["route"] == "/api/v1/reports/{report_id}"
    assert (read["method"], read["status"]) == ("GET", 200)
    assert read["milliseconds"] > 0
    assert read["tenant"]
    assert "PLANTED" not in "".join(lines)
    assert "planted" not in "".join(lines)
    assert report["id"] not in "".join(lines)


def test_a_requests_line_is_like_every_other(logged: Site, lines: list[str]) -> None:
    began = datetime.now(UTC)
    logged.call("GET", "/api/v1/reports")

    record = logging.getLogger("sightline.access").makeRecord("x", logging.INFO, "f", 1, "request", (), None)
    read, other = json.loads(lines[0]), json.loads(JsonLines().format(record))
    assert list(read)[:4] == list(other)
    assert (read["level"], read["logger"], read["message"]) == ("INFO", "sightline.access", "request")
    assert len(read["time"]) == len(other["time"])
    assert abs((datetime.fromisoformat(read["time"]) - began).total_seconds()) < 5


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    names = ("logThreads", "logProcesses", "logMultiprocessing", "_srcfile")
    kept = {name: getattr(logging, name) for name in names}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, value in kept.items():
        setattr(logging, name, value)


@pytest.mark.usefixtures("logging_as_before")
def test_lines_go_where_the_log_goes_and_nowhere_above_their_level(
    capfd: pytest.CaptureFixture[str],
) -> None:
    write = configure("INFO")
    assert write is not None
    write("a line\n")
    assert capfd.readouterr().out == "a line\n"
    assert configure("WARNING") is None


def test_an_error_is_logged_by_name_and_not_by_message() -> None:
    try:
        raise ValueError("PLANTED")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "broken", (), None)
        record.exc_info = sys.exc_info()

    line = JsonLines().format(record)

    assert json.loads(line)["error"] == "ValueError"
    assert "PLANTED" not in line
