from __future__ import annotations

from datetime import datetime
from typing import Any

MISSING = "Issue does not exist or you do not have permission to see it."


def test_an_issue_comes_by_key_in_any_case_or_id_with_all_fields(jira: Any, site: Any) -> None:
    issue = site.store.get("SHOP-5")
    answers = [jira.get(f"/issue/{name}").json for name in ("SHOP-5", "shop-5", str(issue.id))]
    assert answers[0] == answers[1] == answers[2]
    assert {"summary", "comment", "worklog", "customfield_10016"} <= set(answers[0]["fields"])
    assert set(jira.get("/issue/SHOP-5", fields="summary,status").json["fields"]) == {"summary", "status"}


def test_hidden_and_missing_issues_answer_alike(jira: Any, site: Any) -> None:
    hidden = next(issue for issue in site.store.issues() if issue.project == "VAULT")
    brendan = jira.as_(site.accounts()[1])
    for path in ("", "/worklog", "/changelog"):
        for key in (hidden.key, "SHOP-99999", "NOPE-1"):
            answer = brendan.get(f"/issue/{key}{path}")
            assert answer.status_code == 404
            assert answer.json == {"errorMessages": [MISSING], "errors": {}}
    assert jira.get(f"/issue/{hidden.key}").status_code == 200


def test_worklogs_are_paged_and_narrowed_by_start(jira: Any, site: Any) -> None:
    issue = max(site.store.issues(), key=lambda held: len(held.worklogs))
    every = jira.get(f"/issue/{issue.key}/worklog").json["worklogs"]
    assert len(every) == len(issue.worklogs) > 20
    started = [datetime.fromisoformat(worklog["started"]) for worklog in every]
    assert started == sorted(started)
    second = jira.get(f"/issue/{issue.key}/worklog", startAt=5, maxResults=3).json
    assert second["worklogs"] == every[5:8]
    after = round(started[10].timestamp() * 1000)
    late = jira.get(f"/issue/{issue.key}/worklog", startedAfter=after).json["worklogs"]
    assert late == [worklog for worklog in every if datetime.fromisoformat(worklog["started"]) >= started[10]]
    assert sum(worklog["timeSpentSeconds"] for worklog in every) == issue.fields["timespent"]


def test_worklogs_by_id_leave_out_hidden_and_unknown_ones(jira: Any, site: Any) -> None:
    hidden = next(i for i in site.store.issues() if i.level == "10102" and i.worklogs)
    seen = next(i for i in site.store.issues() if i.level is None and i.project == "SHOP" and i.worklogs)
    ids = [hidden.worklogs[0].id, seen.worklogs[0].id, 1]
    assert [w["id"] for w in jira.post("/worklog/list", {"ids": ids}).json] == [str(id_) for id_ in ids[:2]]
    brendan = jira.as_(site.accounts()[1])
    assert [w["id"] for w in brendan.post("/worklog/list", {"ids": ids}).json] == [str(ids[1])]
    assert jira.post("/worklog/list", {"ids": ["1"]}).status_code == 400
    assert jira.post("/worklog/list", {"ids": list(range(1001))}).status_code == 400


def test_changed_worklogs_are_told_once_page_by_page(jira: Any, site: Any) -> None:
    told, since = set(), 0
    while True:
        page = jira.get("/worklog/updated", since=since).json
        told |= {value["worklogId"] for value in page["values"]}
        if page["lastPage"]:
            break
        assert page["until"] > since
        since = page["until"]
    old = site.now() - 60_000
    assert told == {w.id for issue in site.store.issues() for w in issue.worklogs if w.updated <= old}


def test_changelogs_are_paged_oldest_first(jira: Any, site: Any) -> None:
    issue = max(site.store.issues(), key=lambda held: len(held.histories))
    whole = jira.get(f"/issue/{issue.key}/changelog").json
    assert [entry["id"] for entry in whole["values"]] == [str(history.id) for history in issue.histories]
    assert whole["isLast"]
    first = jira.get(f"/issue/{issue.key}/changelog", maxResults=2).json
    assert not first["isLast"]
    assert first["nextPage"].endswith(f"/issue/{issue.key}/changelog?startAt=2&maxResults=2")


def test_bulk_changelogs_go_on_by_token_and_keep_to_the_fields(jira: Any, site: Any) -> None:
    keys = [issue.key for issue in site.store.issues() if issue.project == "PAY"][:20]
    body: dict[str, Any] = {"issueIdsOrKeys": keys, "fieldIds": ["status"], "maxResults": 7}
    ids: list[str] = []
    while True:
        page = jira.post("/changelog/bulkfetch", body).json
        for entry in page["issueChangeLogs"]:
            assert all(any(i["fieldId"] == "status" for i in h["items"]) for h in entry["changeHistories"])
            ids += [history["id"] for history in entry["changeHistories"]]
        if "nextPageToken" not in page:
            break
        body["nextPageToken"] = page["nextPageToken"]
    held = [site.store.get(key) for key in keys]
    assert sorted(ids) == sorted(
        str(h.id) for issue in held for h in issue.histories if any(c.field == "status" for c in h.changes)
    )


def test_bulk_fetch_comes_by_ascending_id_and_passes_over_what_is_not_there(jira: Any) -> None:
    keys = ["SHOP-9", "SHOP-3", "NOPE-1", "SHOP-3"]
    found = jira.post("/issue/bulkfetch", {"issueIdsOrKeys": keys, "fields": ["summary"]}).json
    assert [issue["key"] for issue in found["issues"]] == ["SHOP-3", "SHOP-9"]
    assert jira.post("/issue/bulkfetch", {"issueIdsOrKeys": [str(n) for n in range(101)]}).status_code == 400
    assert jira.post("/issue/bulkfetch", {"issueIdsOrKeys": []}).status_code == 400


def test_values_have_jiras_shapes(jira: Any, site: Any) -> None:
    issue = next(
        i for i in site.store.issues() if i.fields.get("timespent") and "timeoriginalestimate" in i.fields
    )
    fields = jira.get(f"/issue/{issue.key}").json["fields"]
    assert fields["timetracking"]["timeSpentSeconds"] == issue.fields["timespent"]
    assert fields["workratio"] == issue.fields["timespent"] * 100 // issue.fields["timeoriginalestimate"]
    assert fields["progress"]["percent"] <= 100
    assert fields["description"] is None or fields["description"]["type"] == "doc"
    assert fields["statusCategory"] == fields["status"]["statusCategory"]
    assert fields["labels"] == issue.fields.get("labels", [])
