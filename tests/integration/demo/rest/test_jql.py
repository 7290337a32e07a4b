from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def parsed(jira: Any, query: str, **params: str) -> Any:
    return jira.post("/jql/parse", {"queries": [query]}, **params).json["queries"][0]


def test_a_query_is_shown_as_a_tree(jira: Any) -> None:
    tree = parsed(jira, 'project = SHOP AND labels in (a, "b c") ORDER BY updated DESC')["structure"]
    assert tree["orderBy"] == {
        "fields": [{"field": {"name": "updated", "encodedName": "updated"}, "direction": "desc"}]
    }
    assert tree["where"]["operator"] == "and"
    assert tree["where"]["clauses"][1]["operand"]["values"] == [
        {"value": "a", "encodedValue": "a"},
        {"value": "b c", "encodedValue": '"b c"'},
    ]


def test_validation_decides_whether_unknown_values_are_errors_warnings_or_nothing(jira: Any) -> None:
    strict, warn, none = (
        parsed(jira, "project = NOPE", validation=mode) for mode in ("strict", "warn", "none")
    )
    message = "The value 'NOPE' does not exist for the field 'project'."
    assert (strict["errors"], "structure" in strict) == ([message], False)
    assert (warn["warnings"], "structure" in warn) == ([message], True)
    assert set(none) == {"query", "structure"}
    assert jira.post("/jql/parse", {"queries": ["a = 1"]}, validation="odd").status_code == 400


def test_unbounded_queries_parse(jira: Any) -> None:
    assert "errors" not in parsed(jira, "ORDER BY key")
    assert parsed(jira, "")["structure"] == {}


def test_what_cannot_be_sorted_by_is_an_error(jira: Any) -> None:
    assert parsed(jira, "project = SHOP ORDER BY issueLinkType")["errors"] == [
        "Not able to sort using field 'issueLinkType'."
    ]


def test_every_real_query_gets_an_answer(jira: Any, data_file: Callable[[str], Path]) -> None:
    queries = [q for q in data_file("REAL_JQL").read_text(encoding="utf-8").splitlines() if q]
    answers = jira.post("/jql/parse", {"queries": queries}, validation="none").json["queries"]
    assert [answer["query"] for answer in answers if "errors" in answer] == []
    strict = jira.post("/jql/parse", {"queries": queries}).json["queries"]
    assert sum("structure" in answer for answer in strict) > 100


def test_reference_data_names_fields_so_that_they_can_be_written(jira: Any) -> None:
    data = jira.get("/jql/autocompletedata").json
    fields = {field["displayName"]: field for field in data["visibleFieldNames"]}
    points = fields["Story Points - cf[10016]"]
    assert (points["value"], points["cfid"]) == ('"Story Points"', "cf[10016]")
    for field in data["visibleFieldNames"]:
        operator = "is" if "is" in field["operators"] else field["operators"][0]
        assert "errors" not in parsed(jira, f"{field['value']} {operator} EMPTY"), field
    assert {"and", "order", "empty"} <= set(data["jqlReservedWords"])


@pytest.mark.parametrize(
    ("field", "text", "first"),
    [
        ("project", "pay", {"value": "PAY", "displayName": "<b>Pay</b>ments (PAY)"}),
        ("component", "build", {"value": '"Build & Release"', "displayName": "<b>Build</b> &amp; Release"}),
        ("status", "in q", {"value": '"In QA"', "displayName": "<b>In Q</b>A"}),
        ("Severity", "ma", {"value": "Major", "displayName": "<b>Ma</b>jor"}),
        ("assignee", "yuki", {"displayName": "<b>Yuki</b> Tanabe"}),
    ],
)
def test_values_are_suggested_and_read_back(jira: Any, field: str, text: str, first: dict[str, str]) -> None:
    found = jira.get("/jql/autocompletedata/suggestions", fieldName=field, fieldValue=text).json["results"]
    assert first.items() <= found[0].items()
    assert "errors" not in parsed(jira, f"{field} = {found[0]['value']}")


def test_hidden_projects_are_not_suggested(jira: Any, site: Any) -> None:
    def suggested(caller: Any) -> list[str]:
        answer = caller.get("/jql/autocompletedata/suggestions", fieldName="project", fieldValue="va")
        return [result["value"] for result in answer.json["results"]]

    assert suggested(jira) == ["VAULT"]
    assert suggested(jira.as_(site.accounts()[1])) == []


def test_suggestions_for_an_unknown_field_are_refused(jira: Any) -> None:
    assert jira.get("/jql/autocompletedata/suggestions", fieldName="nope").status_code == 400
    assert jira.get("/jql/autocompletedata/suggestions").status_code == 400
