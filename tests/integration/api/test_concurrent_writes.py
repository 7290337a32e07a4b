from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import falcon.testing
import pytest

from tests.integration.api.connect_site import DEFINITION, Site

REPORTS = "/api/v1/reports"
WRITERS = 6


def all_at_once(call: Callable[[int], falcon.testing.Result]) -> list[falcon.testing.Result]:
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(call, range(WRITERS)))


@pytest.fixture
def report(site: Site) -> dict[str, Any]:
    made = site.create("A")
    site.call("PUT", f"{REPORTS}/{made['id']}", json={"name": "B"}, headers={"If-Match": '"1"'})
    return made


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("PUT", "", True), ("DELETE", "", False), ("POST", "/versions/1/restore", False)],
    ids=["change", "delete", "restore a version"],
)
def test_of_many_writers_of_one_version_one_wins(
    site: Site, report: dict[str, Any], method: str, path: str, body: bool
) -> None:
    def write(number: int) -> falcon.testing.Result:
        options: dict[str, Any] = {"json": {"name": f"of {number}"}} if body else {}
        return site.call(method, f"{REPORTS}/{report['id']}{path}", headers={"If-Match": '"2"'}, **options)

    statuses = Counter(answer.status_code for answer in all_at_once(write))

    assert sum(statuses[status] for status in (200, 204)) == 1
    # Who comes too late for a change is told of it, and for a deletion that there is nothing any more.
    assert statuses[404 if method == "DELETE" else 412] == WRITERS - 1


def test_many_restore_a_deleted_report_once(site: Site, report: dict[str, Any]) -> None:
    site.call("DELETE", f"{REPORTS}/{report['id']}", headers={"If-Match": '"2"'})

    answers = all_at_once(
        lambda _: site.call("POST", f"{REPORTS}/{report['id']}/restore", headers={"If-Match": '"3"'})
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: WRITERS - 1}


@pytest.mark.parametrize("what", ["create", "copy"])
def test_a_call_sent_many_times_at_once_makes_one_report(
    site: Site, report: dict[str, Any], what: str
) -> None:
    def send(_: int) -> falcon.testing.Result:
        headers = {"Idempotency-Key": "one-click"}
        if what == "copy":
            return site.call("POST", f"{REPORTS}/{report['id']}/copy", headers=headers)
        return site.call("POST", REPORTS, json={"name": "New", "definition": DEFINITION}, headers=headers)

    answers = all_at_once(send)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len(site.names()) == 2


def test_the_last_free_place_is_taken_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.create("A")
    monkeypatch.setattr("core.reports.creation.LARGEST_NUMBER_OF_REPORTS", 2)

    answers = all_at_once(
        lambda number: site.call("POST", REPORTS, json={"name": f"{number}", "definition": DEFINITION})
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: WRITERS - 1}
    assert len(site.names()) == 2
