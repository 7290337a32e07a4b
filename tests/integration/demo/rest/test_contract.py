from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.rest import ROUTES, scope_of
from demo.rest.routes import PREFIX

ADMIN = "712020:438a6c67-5467-5291-8cf1-d3ab5cd5de42"
SEARCH = {"jql": "project = SHOP ORDER BY created", "maxResults": 100}

CALLS: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        "GET",
        "/search/jql",
        "/search/jql",
        {"jql": "project = PAY", "fields": "*all", "expand": "names,schema"},
    ),
    (
        "POST",
        "/search/jql",
        "/search/jql",
        {**SEARCH, "fields": ["*all"], "expand": "names,schema,changelog"},
    ),
    ("POST", "/search/jql", "/search/jql", SEARCH),
    ("POST", "/search/approximate-count", "/search/approximate-count", {"jql": "project = SHOP"}),
    (
        "POST",
        "/jql/parse",
        "/jql/parse",
        {
            "queries": [
                "summary ~ test AND (labels in (backend, EMPTY) OR assignee = currentUser()) "
                "AND status CHANGED AFTER -5d ORDER BY updated DESC, key",
                "not a = 1",
                "foo = 1",
                "issue.property[x].y = 1",
                "status was Done by ada",
            ]
        },
    ),
    ("GET", "/jql/autocompletedata", "/jql/autocompletedata", {}),
    ("POST", "/jql/autocompletedata", "/jql/autocompletedata", {"projectIds": [10000]}),
    (
        "GET",
        "/jql/autocompletedata/suggestions",
        "/jql/autocompletedata/suggestions",
        {"fieldName": "component", "fieldValue": "a"},
    ),
    ("GET", "/field", "/field", {}),
    ("GET", "/priority", "/priority", {}),
    ("GET", "/priority/search", "/priority/search", {"maxResults": 2}),
    ("GET", "/priority/{id}", "/priority/3", {}),
    ("GET", "/status", "/status", {}),
    ("GET", "/status/{idOrName}", "/status/Done", {}),
    ("GET", "/statuscategory", "/statuscategory", {}),
    ("GET", "/resolution", "/resolution", {}),
    ("GET", "/resolution/search", "/resolution/search", {}),
    ("GET", "/issuetype", "/issuetype", {}),
    ("GET", "/issueLinkType", "/issueLinkType", {}),
    ("GET", "/label", "/label", {"maxResults": 3}),
    ("GET", "/configuration", "/configuration", {}),
    ("GET", "/configuration/timetracking/options", "/configuration/timetracking/options", {}),
    ("GET", "/serverInfo", "/serverInfo", {}),
    ("GET", "/project/search", "/project/search", {"maxResults": 2, "orderBy": "-name"}),
    ("GET", "/project/{projectIdOrKey}", "/project/SHOP", {}),
    ("GET", "/project/{projectIdOrKey}/versions", "/project/10000/versions", {}),
    (
        "GET",
        "/project/{projectIdOrKey}/version",
        "/project/SHOP/version",
        {"status": "released", "maxResults": 3},
    ),
    ("GET", "/project/{projectIdOrKey}/components", "/project/SHOP/components", {}),
    ("GET", "/project/{projectIdOrKey}/statuses", "/project/SHOP/statuses", {}),
    ("GET", "/version/{id}", "/version/10001", {}),
    ("GET", "/component/{id}", "/component/10001", {}),
    ("GET", "/myself", "/myself", {"expand": "groups"}),
    ("GET", "/user", "/user", {"accountId": ADMIN}),
    ("GET", "/user/bulk", "/user/bulk", {"accountId": f"{ADMIN},nobody"}),
    ("GET", "/user/groups", "/user/groups", {"accountId": ADMIN}),
    ("GET", "/user/search", "/user/search", {"query": ""}),
    ("GET", "/user/picker", "/user/picker", {"query": "a"}),
    ("GET", "/groups/picker", "/groups/picker", {"query": "o"}),
    ("GET", "/mypermissions", "/mypermissions", {"permissions": "ADMINISTER,BROWSE_PROJECTS"}),
    (
        "POST",
        "/permissions/check",
        "/permissions/check",
        {
            "accountId": ADMIN,
            "globalPermissions": ["ADMINISTER"],
            "projectPermissions": [
                {"permissions": ["BROWSE_PROJECTS"], "projects": [10000], "issues": [10001]}
            ],
        },
    ),
    ("POST", "/permissions/project", "/permissions/project", {"permissions": ["BROWSE_PROJECTS"]}),
    (
        "POST",
        "/issue/bulkfetch",
        "/issue/bulkfetch",
        {"issueIdsOrKeys": ["SHOP-1", "10003"], "fields": ["*all"]},
    ),
    (
        "POST",
        "/changelog/bulkfetch",
        "/changelog/bulkfetch",
        {"issueIdsOrKeys": ["SHOP-1", "SHOP-2", "SHOP-3"]},
    ),
    ("GET", "/issue/{issueIdOrKey}", "/issue/SHOP-2", {"expand": "names,schema,changelog"}),
    ("GET", "/issue/{issueIdOrKey}/worklog", "/issue/SHOP-2/worklog", {}),
    ("GET", "/issue/{issueIdOrKey}/changelog", "/issue/SHOP-2/changelog", {}),
    ("POST", "/worklog/list", "/worklog/list", {"ids": [10001000, 10002000, 10005000, 5]}),
    ("GET", "/worklog/updated", "/worklog/updated", {"since": 0}),
    ("GET", "/worklog/deleted", "/worklog/deleted", {}),
]


@pytest.mark.parametrize("call", CALLS, ids=[f"{method} {path}" for method, _, path, _ in CALLS])
def test_answers_have_the_shape_that_jira_describes(
    jira: Any, contract: Any, call: tuple[str, str, str, dict[str, Any]]
) -> None:
    method, template, path, given = call
    answer = jira.get(path, **given) if method == "GET" else jira.post(path, given)
    assert answer.status_code == 200, answer.text
    contract.check(method, template, answer)


def test_every_route_is_called_above() -> None:
    called = {(method, template) for method, template, _, _ in CALLS}
    routes = {(route.method, route.path.removeprefix(PREFIX)) for route in ROUTES}
    assert routes - called == {("GET", "/search"), ("POST", "/search")}


def test_scopes_are_those_that_jira_declares(contract: Any) -> None:
    declared = {
        (route.method, route.path): contract.document["paths"][route.path][route.method.lower()][
            "x-atlassian-connect-scope"
        ]
        for route in ROUTES
    }
    assert declared == {(route.method, route.path): route.scope for route in ROUTES}


def test_the_scope_of_a_call_is_found_by_its_path() -> None:
    assert scope_of("POST", "/rest/api/3/issue/bulkfetch") == "WRITE"
    assert scope_of("POST", "/rest/api/3/changelog/bulkfetch") == "INACCESSIBLE"
    assert scope_of("GET", "/rest/api/3/issue/SHOP-1") == "READ"
    assert scope_of("GET", "/rest/api/3/issue/bulkfetch") == "READ"
    assert scope_of("DELETE", "/rest/api/3/issue/SHOP-1") is None
    assert scope_of("GET", "/rest/api/3/elsewhere") is None


def test_fields_are_described_as_public_sites_describe_theirs(
    jira: Any, data_file: Callable[[str], Path]
) -> None:
    with gzip.open(data_file("REAL_FIELDS")) as file:
        sites = json.load(file)
    real = {
        field["id"]: field.get("schema")
        for fields in sites.values()
        for field in fields
        if not field["custom"]
    }
    ours = {field["id"]: field.get("schema") for field in jira.get("/field").json if not field["custom"]}
    shared = ours.keys() & real.keys()
    assert len(shared) > 30
    assert {name: ours[name] for name in shared} == {name: real[name] for name in shared}
