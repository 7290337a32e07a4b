"""What query editors ask: parsing, names to complete, values to suggest."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

from demo.issues.fields import FieldDef
from demo.issues.model import CATEGORIES, Json
from demo.issues.site import Site
from demo.jql import search
from demo.jql.functions import FUNCTIONS, FunctionDef
from demo.jql.operators import operators_of
from demo.jql.parse import parse
from demo.jql.structure import structure
from demo.jql.syntax import JqlError
from demo.jql.words import RESERVED, quoted
from demo.rest.call import Answer, Call, JiraError, strings

_MOST_SUGGESTED = 15
_MODES = ("strict", "warn", "none")
_TYPES = {
    "user": "com.atlassian.jira.user.ApplicationUser",
    "project": "com.atlassian.jira.project.Project",
    "issuetype": "com.atlassian.jira.issue.issuetype.IssueType",
    "status": "com.atlassian.jira.issue.status.Status",
    "statuscategory": "com.atlassian.jira.issue.status.category.StatusCategory",
    "priority": "com.atlassian.jira.issue.priority.Priority",
    "resolution": "com.atlassian.jira.issue.resolution.Resolution",
    "component": "com.atlassian.jira.bc.project.component.ProjectComponent",
    "version": "com.atlassian.jira.project.version.Version",
    "label": "com.atlassian.jira.issue.label.Label",
    "date": "java.util.Date",
    "datetime": "java.util.Date",
    "worklog date": "java.util.Date",
    "number": "java.lang.Number",
    "duration": "java.lang.Number",
    "text": "java.lang.String",
    "option": "com.atlassian.jira.issue.customfields.option.Option",
    "key": "com.atlassian.jira.issue.Issue",
    "parent": "com.atlassian.jira.issue.Issue",
    "issue": "com.atlassian.jira.issue.Issue",
    "sprint": "com.atlassian.greenhopper.service.sprint.Sprint",
    "worklog author": "com.atlassian.jira.user.ApplicationUser",
}
_COMPLETED = frozenset(
    [
        "user",
        "project",
        "issuetype",
        "status",
        "statuscategory",
        "priority",
        "resolution",
        "component",
        "version",
        "label",
        "option",
        "sprint",
    ]
)


def parse_queries(site: Site, call: Call) -> Answer:
    """POST `/jql/parse`."""
    mode = call.text("validation") or "strict"
    if mode not in _MODES:
        raise JiraError(
            400, f"The value '{mode}' of parameter 'validation' is not one of: {', '.join(_MODES)}."
        )
    queries = strings(call.body(queries=list).get("queries", []), "queries")
    if not queries:
        raise JiraError(400, "At least one query is required.")
    parsed = [_parsed(site, call, query, mode) for query in queries]
    return Answer({"queries": parsed}, len(parsed))


def _parsed(site: Site, call: Call, text: str, mode: str) -> Json:
    try:
        query = parse(text)
    except JqlError as error:
        return {"query": text, "errors": list(error.messages)}
    complaints = [] if mode == "none" else search.check(site, call.account, query)
    if complaints and mode == "strict":
        return {"query": text, "errors": complaints}
    shown: Json = {"query": text, "structure": structure(query)}
    return {**shown, "warnings": complaints} if complaints else shown


def reference(site: Site, _call: Call) -> Answer:
    """GET and POST `/jql/autocompletedata`."""
    fields = [field for field in site.fields.all if field.clauses]
    return Answer(
        {
            "visibleFieldNames": [_named(field) for field in fields],
            "visibleFunctionNames": [_function(function) for function in FUNCTIONS.values()],
            "jqlReservedWords": list(RESERVED),
        },
        len(fields),
    )


def filtered_reference(site: Site, call: Call) -> Answer:
    """POST `/jql/autocompletedata`: every field is on every project here."""
    call.body(projectIds=list, includeCollapsedFields=bool)
    return reference(site, call)


def _named(field: FieldDef) -> Json:
    name = field.name if field.custom else field.clauses[-1]
    shown: Json = {
        "value": quoted(name),
        "displayName": f"{field.name} - {field.clauses[0]}" if field.custom else name,
        "orderable": "true"
        if field.orderable or field.kind in {"date", "datetime", "key", "status"}
        else "false",
        "searchable": "true",
        "operators": list(operators_of(field)),
        "types": [_TYPES.get(field.kind, "java.lang.Object")],
    }
    if field.kind in _COMPLETED:
        shown["auto"] = "true"
    if field.custom:
        shown["cfid"] = field.clauses[0]
    return shown


def _function(function: FunctionDef) -> Json:
    types = sorted({_TYPES[kind] for kind in function.kinds})
    shown: Json = {"value": function.usage, "displayName": function.usage, "types": types}
    return {**shown, "isList": "true"} if function.many else shown


def suggestions(site: Site, call: Call) -> Answer:
    """GET `/jql/autocompletedata/suggestions`: values of a field that begin with or hold the text."""
    name = call.text("fieldName")
    if not name:
        raise JiraError(400, "The query parameter 'fieldName' is required.")
    field = site.fields.by_clause(name)
    if field is None:
        raise JiraError(400, f"Field '{name}' does not exist or you do not have permission to view it.")
    text = (call.text("fieldValue") or call.text("predicateValue") or "").casefold()
    if call.text("predicateName") == "by":
        field = site.fields.by_id["assignee"]
    pairs = dict.fromkeys(_values(site, call, field))
    found = [pair for pair in pairs if text in pair[1].casefold()]
    found.sort(key=lambda pair: (not pair[1].casefold().startswith(text), pair[1].casefold()))
    shown = [
        {"value": quoted(value), "displayName": _bold(label, text)}
        for value, label in found[:_MOST_SUGGESTED]
    ]
    return Answer({"results": shown}, len(shown))


def _bold(label: str, text: str) -> str:
    start = label.casefold().find(text)
    if not text or start < 0:
        return html.escape(label)
    end = start + len(text)
    return f"{html.escape(label[:start])}<b>{html.escape(label[start:end])}</b>{html.escape(label[end:])}"


def _values(site: Site, call: Call, field: FieldDef) -> list[tuple[str, str]]:
    """Pairs of value and label."""
    known = site.catalogue
    if field.kind == "project":
        return [(p.key, f"{p.name} ({p.key})") for p in site.projects(call.account)]
    if field.kind in {"user", "worklog author"}:
        return [(account.id, account.name) for account in known.accounts.values() if account.active]
    if field.kind in {"component", "version"}:
        keys = {project.key for project in site.projects(call.account)}
        things = known.components if field.kind == "component" else known.versions
        return [(thing.name, thing.name) for thing in things.values() if thing.project in keys]
    if field.kind in {"label", "option"}:
        return [(value, value) for value in _values_in_use(site, field)]
    tables: dict[str, Iterable[Any]] = {
        "issuetype": known.types.values(),
        "status": known.statuses.values(),
        "statuscategory": CATEGORIES,
        "priority": known.priorities.values(),
        "resolution": known.resolutions.values(),
        "sprint": known.sprints.values(),
        "level": known.levels.values(),
    }
    return [(thing.name, thing.name) for thing in tables.get(field.kind, ())]


def _values_in_use(site: Site, field: FieldDef) -> set[str]:
    found = set()
    for issue in site.store.issues():
        value = issue.fields.get(field.id) or []
        for item in value if isinstance(value, list) else [value]:
            found.add(item["value"] if isinstance(item, dict) else item)
    return found
