from __future__ import annotations

import json
import logging
import sys

import pytest

from api.access_log import JsonLines
from tests.integration.api.connect_site import Site


def test_a_request_is_one_line_without_address_person_or_content(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    report = site.create("PLANTED name", as_="planted-account", description="PLANTED description")
    site.call("GET", f"/api/v1/reports/{report['id']}", as_="planted-account")
    site.call("GET", "/api/v1/reports", as_="planted-account", query_string="search=PLANTED")

    lines = [JsonLines().format(record) for record in caplog.records if record.name == "sightline.access"]
    read = json.loads(lines[-2])

    assert read["route"] == "/api/v1/reports/{report_id}"
    assert (read["method"], read["status"]) == ("GET", 200)
    assert read["milliseconds"] > 0
    assert read["tenant"]
    assert "PLANTED" not in "".join(lines)
    assert "planted" not in "".join(lines)
    assert report["id"] not in "".join(lines)


def test_an_error_is_logged_by_name_and_not_by_message() -> None:
    try:
        raise ValueError("PLANTED")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "broken", (), None)
        record.exc_info = sys.exc_info()

    line = JsonLines().format(record)

    assert json.loads(line)["error"] == "ValueError"
    assert "PLANTED" not in line
