from __future__ import annotations

from typing import Any

import pytest

from tests.loading import Jira, finished, wait_for_pages

LOGGED = 'worklogDate >= "2000-01-01" ORDER BY updated DESC'


def worklogs_by_issue(jira: Jira, jql: str) -> dict[str, list[str]]:
    """Ids of every worklog by issue, each issue's list asked for by itself where search cuts it off."""
    found = {}
    for issue in jira.find(jql, "worklog"):
        page = issue["fields"]["worklog"]
        if page["total"] > len(page["worklogs"]):
            page = jira.call("GET", f"/rest/api/3/issue/{issue['key']}/worklog")
        found[issue["id"]] = sorted(worklog["id"] for worklog in page["worklogs"])
    return found


def loaded(outcome: dict[str, Any]) -> dict[str, list[str]]:
    issues = outcome["issues"]
    assert len({issue["id"] for issue in issues}) == len(issues)
    return {
        issue["id"]: sorted(worklog["id"] for worklog in issue["fields"]["worklog"]["worklogs"])
        for issue in issues
    }


@pytest.mark.parametrize("faults", ["none", "429:0.05,500:0.05,drop:0.05"])
def test_every_worklog_comes_however_many_an_issue_has(jira: Jira, faults: str) -> None:
    expected = worklogs_by_issue(jira, LOGGED)
    assert max(map(len, expected.values())) > 20
    jira.switch(faults=faults, seed=3)
    outcome = jira.load(LOGGED, worklogs=True, whole=True)
    assert outcome["result"]["complete"], outcome["result"]["missing"]
    assert loaded(outcome) == expected


def test_only_issues_with_more_than_search_embeds_cost_a_call(jira: Jira) -> None:
    long = [issue for issue, ids in worklogs_by_issue(jira, LOGGED).items() if len(ids) > 20]
    jira.call("DELETE", "/__demo/calls")
    outcome = jira.load(LOGGED, worklogs=True)
    calls = [call for call in jira.call("GET", "/__demo/calls")["calls"] if call["app"]]
    paged = [call["path"].split("/")[-2] for call in calls if call["path"].endswith("/worklog")]
    assert sorted(paged) == sorted(long)
    assert outcome["result"]["calls"] == len(calls)
    assert outcome["result"]["points"] == sum(call["points"] for call in calls)


def test_worklogs_that_jira_withholds_are_told_with_their_issues(jira: Jira) -> None:
    expected = worklogs_by_issue(jira, LOGGED)
    long = {issue for issue, ids in expected.items() if len(ids) > 20}
    keys = [issue["key"] for issue in jira.find(LOGGED) if issue["id"] in long]
    jql = f"key in ({', '.join(keys)}) ORDER BY key"
    jira.call("DELETE", "/__demo/calls")
    jira.switch(latency_ms=400)
    process = jira.start("load", jql=jql, fields=["summary"], worklogs=True, whole=True)
    wait_for_pages(jira, 1)
    jira.switch(faults="403:1", latency_ms=0)
    outcome = finished(process)
    result = outcome["result"]
    assert not result["complete"]
    assert result["loaded"] == len(keys)
    assert len(result["missing"]) == 1
    assert result["missing"][0].startswith("worklogs of ")
    assert "403" in result["missing"][0]
    assert all(len(ids) == 20 for ids in loaded(outcome).values())
