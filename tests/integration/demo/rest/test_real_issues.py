"""The public Jira's 29,057 issues behind the API, held against the file itself."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.issues import load
from tests.integration.demo.rest.jira import Jira

# One worker loads the file once.
FIELDS = [
    "project",
    "status",
    "assignee",
    "priority",
    "timeoriginalestimate",
    "timespent",
    "customfield_10016",
]


@pytest.fixture(scope="module")
def path(data_file: Callable[[str], Path]) -> Path:
    return data_file("REAL_ISSUES")


@pytest.fixture(scope="module")
def raw(path: Path) -> list[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def real(path: Path) -> Jira:
    return Jira(load(path, "https://jira.example"))


def test_the_admin_loads_every_issue_with_the_files_values(real: Jira, raw: list[Any]) -> None:
    issues = real.all('created >= "2000-01-01" ORDER BY created DESC', fields=FIELDS, maxResults=100)
    by_key = {issue["key"]: issue["fields"] for issue in issues}
    assert len(issues) == len(by_key) == len(raw) == 29_057

    def group(fields: Any) -> tuple[str, str]:
        return fields["project"]["key"], fields["status"]["name"]

    assert Counter(map(group, by_key.values())) == Counter(group(issue["fields"]) for issue in raw)
    for field in ("timeoriginalestimate", "timespent", "customfield_10016"):
        assert {issue["key"]: by_key[issue["key"]][field] for issue in raw} == {
            issue["key"]: issue["fields"].get(field) for issue in raw
        }


@pytest.mark.parametrize(
    ("jql", "says"),
    [
        (
            "project = ALOY AND resolved is EMPTY",
            lambda f: f["project"]["key"] == "ALOY" and not f["resolution"],
        ),
        ("labels = android", lambda f: "android" in map(str.casefold, f["labels"])),
        ("priority is EMPTY", lambda f: not f["priority"]),
        (
            "component = Android AND type = Bug",
            lambda f: (
                f["issuetype"]["name"] == "Bug"
                and any(component["name"] == "Android" for component in f["components"])
            ),
        ),
        ("'Story Points' > 5", lambda f: (f.get("customfield_10016") or 0) > 5),
        ("summary ~ 'listview'", lambda f: "listview" in (f["summary"] or "").casefold()),
    ],
)
def test_queries_count_what_the_file_holds(real: Jira, raw: list[Any], jql: str, says: Any) -> None:
    wanted = {issue["id"] for issue in raw if says(issue["fields"])}
    found = {issue["id"] for issue in real.all(jql, maxResults=5000)}
    if "~" in jql:
        assert found <= wanted  # whole words only
        assert len(found) > len(wanted) * 0.7
    else:
        assert found == wanted


def test_others_do_not_see_all_of_it(real: Jira) -> None:
    people = real.site.accounts()[:3]
    counts = [len(real.as_(account).all("project is not EMPTY", maxResults=5000)) for account in people]
    ada, brendan, priya = counts
    assert ada == 29_057 > brendan > priya > 25_000
