from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from demo.issues import BadIssues, Site, load

STATUS = {
    "id": "3",
    "name": "Doing",
    "statusCategory": {"id": 4, "key": "indeterminate", "name": "In Progress"},
}
PROJECT = {"id": "10", "key": "AB", "name": "Alphabet"}
ANN = {"accountId": "x:1", "displayName": "Ann", "active": True, "timeZone": "Asia/Tokyo"}


def raw(number: int, **fields: Any) -> dict[str, Any]:
    held = {
        "summary": f"Number {number}",
        "project": PROJECT,
        "status": STATUS,
        "issuetype": {"id": "1", "name": "Bug", "subtask": False},
        "created": "2020-01-01T00:00:00.000+0000",
        "updated": "2020-03-01T00:00:00.000+0000",
        "reporter": ANN,
        "creator": ANN,
    }
    return {"id": str(1000 + number), "key": f"AB-{number}", "fields": held | fields}


def loaded(folder: Path, *issues: dict[str, Any]) -> Site:
    path = folder / "issues.jsonl"
    path.write_text("\n".join(json.dumps(issue) for issue in issues) + "\n", encoding="utf-8")
    return load(path, "https://jira.example")


def test_references_become_the_sites_own(tmp_path: Path) -> None:
    site = loaded(tmp_path, raw(1), raw(2, priority={"id": "2", "name": "High"}))
    assert list(site.catalogue.projects) == ["AB"]
    assert site.catalogue.statuses["3"].category == "indeterminate"
    assert site.catalogue.accounts["x:1"].zone == "Asia/Tokyo"
    first, second = site.store.issues()
    assert first.fields["status"] is second.fields["status"]
    assert first.fields["status"]["self"].startswith("https://jira.example/rest/api/3/status/")


def test_the_admin_may_sign_in_and_sees_all(tmp_path: Path) -> None:
    site = loaded(tmp_path, *(raw(number) for number in range(1, 200)))
    ada, _, priya = site.accounts()[:3]
    assert ada.name == "Ada Lovett"
    assert site.visible(ada).bit_count() == 199
    assert 150 < site.visible(priya).bit_count() < 199


def test_versions_are_ordered_by_release_and_sprints_by_start(tmp_path: Path) -> None:
    versions = [
        {"id": "9", "name": "2.0", "releaseDate": "2020-02-02", "released": True},
        {"id": "11", "name": "1.0", "releaseDate": "2019-01-01", "released": True},
        {"id": "5", "name": "3.0"},
    ]
    sprints = [
        {"id": 4, "name": "S2", "state": "closed", "startDate": "2020-02-01T00:00:00.000Z"},
        {"id": 7, "name": "S1", "state": "closed", "startDate": "2020-01-01T00:00:00.000Z"},
    ]
    site = loaded(tmp_path, raw(1, fixVersions=versions, customfield_10020=sprints))
    assert [version.name for version in site.catalogue.versions.values()] == ["1.0", "2.0", "3.0"]
    assert [sprint.name for sprint in site.catalogue.sprints.values()] == ["S1", "S2"]


def test_unknown_custom_fields_get_a_definition_by_their_look(tmp_path: Path) -> None:
    site = loaded(
        tmp_path,
        raw(1, customfield_20001=1.5, customfield_20002=["a"], customfield_20003=ANN, weather="sunny"),
    )
    kinds = {number: site.fields.by_id[f"customfield_{number}"].kind for number in (20001, 20002, 20003)}
    assert kinds == {20001: "number", 20002: "label", 20003: "user"}
    assert "weather" not in next(iter(site.store.issues())).fields


def test_worklogs_add_up_to_the_time_spent(tmp_path: Path) -> None:
    site = loaded(tmp_path, *(raw(number, timespent=60 * number + 60) for number in range(1, 250)))
    for issue in site.store.issues():
        assert sum(worklog.seconds for worklog in issue.worklogs) == issue.fields["timespent"]
        assert all(worklog.seconds > 0 for worklog in issue.worklogs)
    assert any(len(issue.worklogs) > 20 for issue in site.store.issues())


def test_compressed_files_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "issues.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(raw(1)))
    assert len(load(path, "https://jira.example").store.rows) == 1


@pytest.mark.parametrize("line", ["not json", "{}", '{"id": "1", "key": "A-1", "fields": {}}', "[]"])
def test_a_line_that_is_no_issue_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "issues.jsonl"
    path.write_text(json.dumps(raw(1)) + "\n\n" + line, encoding="utf-8")
    with pytest.raises(BadIssues, match=r"issues\.jsonl, line 3"):
        load(path, "https://jira.example")
