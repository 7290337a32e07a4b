from __future__ import annotations

import base64
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

ALL = 'created >= "2000-01-01"'


def test_without_fields_only_ids_come(jira: Any) -> None:
    issues = jira.post("/search/jql", {"jql": "project = SHOP", "maxResults": 5}).json["issues"]
    assert all(set(issue) == {"id"} for issue in issues)


def test_asking_for_keys_adds_what_jira_adds(jira: Any) -> None:
    (issue,) = jira.post("/search/jql", {"jql": "key = SHOP-1", "fields": ["key"]}).json["issues"]
    assert set(issue) == {"expand", "id", "self", "key"}


def test_pages_hold_every_issue_once_in_order(jira: Any) -> None:
    issues = jira.all(f"{ALL} ORDER BY created DESC", fields=["created"], maxResults=100)
    assert len({issue["id"] for issue in issues}) == len(issues) == 1200
    created = [datetime.fromisoformat(issue["fields"]["created"]) for issue in issues]
    assert created == sorted(created, reverse=True)


def test_pages_come_short_now_and_then_and_the_same_ones_each_time(jira: Any) -> None:
    sizes = [len(page) for page in jira.pages(f"{ALL} ORDER BY key", fields=["summary"], maxResults=20)]
    again = [len(page) for page in jira.pages(f"{ALL} ORDER BY key", fields=["summary"], maxResults=20)]
    assert sizes == again
    assert any(size < 20 for size in sizes[:-1])
    assert max(sizes) == 20
    assert min(sizes) > 0


def test_at_most_a_hundred_with_fields_and_five_thousand_without(changing: Any) -> None:
    with_fields = [len(page) for page in changing.pages(ALL, fields=["summary"], maxResults=5000)]
    assert max(with_fields) == 100
    assert sum(len(page) for page in changing.pages(ALL, maxResults=5000)) == 400
    assert len(next(changing.pages(ALL, maxResults=9999))) > 100


def test_no_total_is_given(jira: Any) -> None:
    assert set(jira.post("/search/jql", {"jql": ALL}).json) == {"issues", "isLast", "nextPageToken"}
    assert set(jira.post("/search/jql", {"jql": "key = SHOP-1"}).json) == {"issues", "isLast"}


@pytest.mark.parametrize("jql", ["", "  ", "ORDER BY key desc"])
def test_unbounded_queries_are_refused(jira: Any, jql: str) -> None:
    for answer in (
        jira.post("/search/jql", {"jql": jql}),
        jira.get("/search/jql", jql=jql),
        jira.post("/search/approximate-count", {"jql": jql}),
    ):
        assert answer.status_code == 400
        assert answer.json["errorMessages"] == [
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        ]


def test_more_than_seven_sorts_are_refused(jira: Any) -> None:
    names = ["key", "created", "updated", "priority", "status", "assignee", "reporter", "duedate"]
    assert jira.post("/search/jql", {"jql": f"{ALL} ORDER BY {', '.join(names[:7])}"}).status_code == 200
    answer = jira.post("/search/jql", {"jql": f"{ALL} ORDER BY {', '.join(names)}"})
    assert answer.status_code == 400
    assert "ORDER BY" in answer.json["errorMessages"][0]


@pytest.mark.parametrize(
    "body",
    [
        {"jql": ALL, "startAt": 0},
        {"jql": ALL, "maxResults": "50"},
        {"jql": ALL, "maxResults": True},
        {"jql": ALL, "maxResults": 0},
        {"jql": ALL, "fields": "summary"},
        {"jql": ALL, "expand": ["names"]},
        {"jql": ALL, "reconcileIssues": list(range(51))},
        {"jql": ALL, "properties": list("abcdef")},
        {"jql": 5},
        [ALL],
    ],
)
def test_bodies_that_jira_does_not_know_are_refused(jira: Any, body: Any) -> None:
    answer = jira.post("/search/jql", body)
    assert answer.status_code == 400
    assert answer.json["errorMessages"]
    assert answer.json["errors"] == {}


def test_a_body_that_is_no_json_is_refused(jira: Any) -> None:
    assert jira.raw("/search/jql", "{", "application/json").status_code == 400
    assert jira.raw("/search/jql", "jql=x", "application/x-www-form-urlencoded").status_code == 415


def test_a_query_that_does_not_parse_is_refused_with_the_place(jira: Any) -> None:
    answer = jira.post("/search/jql", {"jql": "project = SHOP AND AND"})
    assert answer.status_code == 400
    assert answer.json["errorMessages"][0].endswith("(line 1, character 20)")


def test_tokens_that_are_foreign_spoilt_or_of_another_query_are_refused(jira: Any, site: Any) -> None:
    token = jira.post("/search/jql", {"jql": ALL}).json["nextPageToken"]
    spoilt = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    made_up = base64.urlsafe_b64encode(b"x" * 12 + b'["",0,[1]]').decode()
    for wrong in (spoilt, made_up, "1", "%%%", "é"):
        answer = jira.post("/search/jql", {"jql": ALL, "nextPageToken": wrong})
        assert answer.status_code == 400, wrong
    assert jira.post("/search/jql", {"jql": "project = SHOP", "nextPageToken": token}).status_code == 400
    other = jira.as_(site.accounts()[1])
    assert other.post("/search/jql", {"jql": ALL, "nextPageToken": token}).status_code == 400
    assert jira.post("/search/jql", {"jql": ALL, "nextPageToken": token}).status_code == 200


def test_a_token_expires_after_seven_days(changing: Any) -> None:
    site = changing.site
    token = changing.post("/search/jql", {"jql": ALL}).json["nextPageToken"]
    now = site.now()
    site.now = lambda: now + 7 * 86_400_000
    assert changing.post("/search/jql", {"jql": ALL, "nextPageToken": token}).status_code == 200
    site.now = lambda: now + 7 * 86_400_000 + 1
    assert changing.post("/search/jql", {"jql": ALL, "nextPageToken": token}).status_code == 400


def test_the_removed_search_says_so(jira: Any) -> None:
    for answer in (jira.get("/search", jql=ALL), jira.post("/search", {"jql": ALL})):
        assert answer.status_code == 410
        assert "/rest/api/3/search/jql" in answer.json["errorMessages"][0]


def test_edits_while_paging_act_as_in_jira(changing: Any) -> None:
    site = changing.site
    pages = changing.pages(f"{ALL} ORDER BY created ASC", fields=["summary"], maxResults=50)
    first = next(pages)
    seen, gone = first[0]["key"], site.store.rows[399].key
    site.update(seen, summary="Edited meanwhile")
    site.delete(gone)
    fresh = site.create("SHOP", {"summary": "Created meanwhile"})
    rest = [issue["key"] for page in pages for issue in page]
    assert seen not in rest
    assert gone not in rest
    assert rest[-1] == fresh.key
    assert len(first) + len(rest) == 400
    assert len(set(rest)) == len(rest)


def test_an_issue_that_moves_behind_the_cursor_is_missed_and_one_ahead_comes_again(changing: Any) -> None:
    site = changing.site
    pages = changing.pages(f"{ALL} ORDER BY updated ASC", fields=["updated"], maxResults=50)
    first = next(pages)
    moved = first[0]["key"]
    site.update(moved, summary="Now the latest")
    rest = [issue["key"] for page in pages for issue in page]
    assert rest[-1] == moved


def test_ranges_of_created_are_disjoint_and_exhaustive_for_every_zone(jira: Any, site: Any) -> None:
    bounds = [
        "2000-01-01 00:00",
        "2025-03-30 02:30",
        "2025-10-26 02:30",
        "2026-05-01 13:37",
        "2030-01-01 00:00",
    ]
    between = '(project != OPS) AND created >= "{}" AND created < "{}" ORDER BY created ASC, key ASC'
    for account in site.accounts()[:3]:
        caller = jira.as_(account)
        parts = [
            [issue["id"] for issue in caller.all(between.format(start, end), maxResults=5000)]
            for start, end in pairwise(bounds)
        ]
        whole = [
            issue["id"]
            for issue in caller.all("project != OPS ORDER BY created ASC, key ASC", maxResults=5000)
        ]
        assert [id_ for part in parts for id_ in part] == whole
        assert all(len(part) > 50 for part in parts[:3])


def test_the_estimate_is_near_and_steady(jira: Any) -> None:
    shares = set()
    for jql in (ALL, "project = SHOP", "project != SHOP", "type = Bug", "labels is empty", "status = Done"):
        count = jira.post("/search/approximate-count", {"jql": jql}).json["count"]
        exact = len(jira.all(jql, maxResults=5000))
        assert jira.post("/search/approximate-count", {"jql": jql}).json["count"] == count
        assert abs(count - exact) <= exact * 0.03
        shares.add(count - exact)
    assert len(shares) > 2


def test_times_are_shown_in_the_callers_zone(jira: Any, site: Any) -> None:
    shown = [
        jira.as_(account).post("/search/jql", {"jql": "key = PAY-2", "fields": ["created"]}).json["issues"][0]
        for account in site.accounts()[:3]
    ]
    times = [issue["fields"]["created"] for issue in shown]
    assert {datetime.fromisoformat(at) for at in times} == {datetime.fromisoformat(times[0])}
    assert [
        at[-5:] in ends
        for at, ends in zip(times, ({"+0100", "+0200"}, {"-0330", "-0230"}, {"+0530"}), strict=True)
    ] == [True] * 3


def test_fields_are_chosen_by_name_group_and_exclusion(jira: Any) -> None:
    def chosen(*names: str) -> set[str]:
        body = {"jql": "key = SHOP-1", "fields": list(names)}
        return set(jira.post("/search/jql", body).json["issues"][0]["fields"])

    assert chosen("summary", "nonsense") == {"summary"}
    assert chosen("summary,status") == {"summary", "status"}
    everything, navigable = chosen("*all"), chosen("*navigable")
    assert "comment" in everything - navigable
    assert "summary" in navigable
    assert chosen("*all", "-summary") == everything - {"summary"}
    assert chosen("-summary") == navigable - {"summary"}


def test_get_and_post_answer_alike(jira: Any) -> None:
    got = jira.get("/search/jql", jql="project = SHOP ORDER BY key", fields="summary,status", maxResults=30)
    posted = jira.post(
        "/search/jql",
        {"jql": "project = SHOP ORDER BY key", "fields": ["summary", "status"], "maxResults": 30},
    )
    assert got.json == posted.json


def test_names_and_schema_are_told_when_asked(jira: Any) -> None:
    body = {"jql": "key = SHOP-1", "fields": ["summary", "customfield_10016"], "expand": "names,schema"}
    answer = jira.post("/search/jql", body).json
    assert answer["names"] == {"summary": "Summary", "customfield_10016": "Story Points"}
    assert answer["schema"]["customfield_10016"]["type"] == "number"


def test_search_embeds_twenty_worklogs_and_forty_changes_of_all_that_are(changing: Any) -> None:
    site = changing.site
    busy = max(site.store.issues(), key=lambda issue: len(issue.worklogs))
    for number in range(45):
        site.update(busy.key, summary=f"Version {number}")
    body = {"jql": f"key = {busy.key}", "fields": ["worklog"], "expand": "changelog"}
    (issue,) = changing.post("/search/jql", body).json["issues"]
    worklog, changelog = issue["fields"]["worklog"], issue["changelog"]
    assert worklog["total"] == len(busy.worklogs) > 20 == len(worklog["worklogs"])
    assert changelog["total"] > 45
    assert len(changelog["histories"]) == 40
    assert changelog["histories"][0]["items"][0]["toString"] == "Version 44"


def test_points_are_one_and_one_an_issue(jira: Any) -> None:
    count = len(jira.post("/search/jql", {"jql": "project = SHOP", "maxResults": 30}).json["issues"])
    assert jira.caller.points == 1 + count
    jira.post("/search/approximate-count", {"jql": ALL})
    assert jira.caller.points == 1
    jira.post("/search/jql", {"jql": ""})
    assert jira.caller.points == 1
    people = jira.get("/user/search", query="").json
    assert jira.caller.points == 1 + 2 * len(people)


def test_nobody_is_shown_what_they_may_not_see(jira: Any, site: Any) -> None:
    for account in site.accounts()[:3]:
        caller = jira.as_(account)
        ids = {issue["id"] for issue in caller.all(ALL, maxResults=5000)}
        assert ids == {str(issue.id) for issue in site.store.issues() if site.issue(issue.id, account)}
    assert len(jira.all(ALL, maxResults=5000)) == 1200 > len(ids)


def test_hidden_parents_and_links_are_not_named(changing: Any) -> None:
    site = changing.site
    brendan = site.accounts()[1]
    parent = next(
        i for i in site.store.issues() if i.fields.get("subtasks") and i.level is None and i.project == "SHOP"
    )
    task = parent.fields["subtasks"][0]["key"]
    site.restrict(task, None)
    site.restrict(parent.key, "10102")
    shown = changing.as_(brendan).get(f"/issue/{task}").json["fields"]
    assert shown["parent"] is None
    assert changing.get(f"/issue/{task}").json["fields"]["parent"]["key"] == parent.key
