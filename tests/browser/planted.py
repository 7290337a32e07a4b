"""Issues whose every telling value is a string that can stand nowhere else by chance."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

MARK = "zqplanted"
PROJECT = "ZQX"
TRACES = re.compile(rf"{MARK}|{PROJECT}-\d", re.IGNORECASE)
"""What no request, log or stored file may hold: a value of an issue, or an issue's key."""

_FIRST_CREATED = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def write_issues(path: Path, count: int) -> None:
    """Writes `count` issues, one JSON a line, as the stand-in site loads them."""
    with path.open("w") as file:
        for number in range(1, count + 1):
            file.write(json.dumps(_issue(number)) + "\n")


def _issue(number: int) -> dict[str, object]:
    created = (_FIRST_CREATED + timedelta(hours=7 * number)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    person = {
        "accountId": f"712020:00000000-0000-4000-8000-{number % 7:012d}",
        "accountType": "atlassian",
        "displayName": f"{MARK} person {number % 7}",
        "active": True,
        "timeZone": "Europe/Berlin",
    }
    return {
        "id": str(50_000 + number),
        "key": f"{PROJECT}-{number}",
        "fields": {
            "summary": f"{MARK} summary {number}",
            "project": {"id": "90001", "key": PROJECT, "name": f"{MARK} project"},
            "issuetype": {"id": "1", "name": "Bug", "subtask": False},
            "status": {
                "id": str(70 + number % 3),
                "name": f"{MARK} status {number % 3}",
                "statusCategory": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
            },
            "priority": {"id": "3", "name": f"{MARK} priority"},
            "assignee": person,
            "reporter": person,
            "creator": person,
            "labels": [f"{MARK}-label-{number % 5}"],
            "components": [{"id": str(800 + number % 4), "name": f"{MARK} component {number % 4}"}],
            "versions": [],
            "fixVersions": [],
            "issuelinks": [],
            "subtasks": [],
            "created": created,
            "updated": created,
            "duedate": None,
            "resolution": None,
            "resolutiondate": None,
            "timeoriginalestimate": 3600 * (number % 9),
            "timespent": None,
            "customfield_10016": number % 8,
        },
    }
