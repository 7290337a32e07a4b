"""The site's fields: how `/field` describes them and what kind of value JQL finds in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from demo.issues.model import Json

Kind: TypeAlias = Literal[
    "attachment",
    "category",
    "component",
    "date",
    "datetime",
    "duration",
    "issue",
    "issuetype",
    "key",
    "label",
    "level",
    "link",
    "none",
    "number",
    "option",
    "parent",
    "priority",
    "project",
    "rank",
    "resolution",
    "sprint",
    "status",
    "statuscategory",
    "text",
    "user",
    "version",
    "worklog author",
    "worklog date",
]

_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
_SOFTWARE = "com.pyxis.greenhopper.jira:"


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field. `clauses` are its names in JQL; a field that is not `listed` exists in JQL only."""

    id: str
    name: str
    kind: Kind
    schema: dict[str, Json] | None
    clauses: tuple[str, ...]
    navigable: bool = True
    orderable: bool = True
    searchable: bool = True
    listed: bool = True

    @property
    def custom(self) -> bool:
        """Whether an admin made it."""
        return self.id.startswith("customfield_")

    @property
    def many(self) -> bool:
        """Whether an issue holds several values."""
        return bool(self.schema and self.schema["type"] == "array")

    def described(self) -> dict[str, Json]:
        """The field as `/rest/api/3/field` lists it."""
        clauses = [*self.clauses, f"{self.name}[{_label(self)}]"] if self.custom else list(self.clauses)
        described: dict[str, Json] = {
            "id": self.id,
            "key": self.id,
            "name": self.name,
            "custom": self.custom,
            "orderable": self.orderable,
            "navigable": self.navigable,
            "searchable": self.searchable,
            "clauseNames": sorted(clauses),
        }
        return described if self.schema is None else {**described, "schema": self.schema}


_LABELS = {
    "float": "Number",
    "select": "Dropdown",
    "labels": "Labels",
    "textarea": "Paragraph",
    "textfield": "Short text",
    "datetime": "Time stamp",
    "datepicker": "Date",
    "multiuserpicker": "People",
    "multicheckboxes": "Checkboxes",
    "multiselect": "Select List (multiple choices)",
}


def _label(field: FieldDef) -> str:
    custom = str(field.schema["custom"]) if field.schema else ""
    return _LABELS.get(custom.rpartition(":")[2], field.name)


def _system(
    id: str,  # noqa: A002  Jira's word
    name: str,
    kind: Kind,
    type: str = "",  # noqa: A002  Jira's word
    *clauses: str,
    flags: str = "nos",
) -> FieldDef:
    """`type` as `string` or `array/version`; `flags`: navigable, orderable, searchable, p for JQL only."""
    schema = None
    if type:
        outer, _, items = type.partition("/")
        schema = {"type": outer, **({"items": items} if items else {}), "system": id}
    return FieldDef(
        id, name, kind, schema, clauses, "n" in flags, "o" in flags, "s" in flags, listed="p" not in flags
    )


def custom_field(number: int, name: str, kind: Kind, type: str, custom: str) -> FieldDef:  # noqa: A002
    """A custom field; `type` as for system fields, `custom` its type key, without Jira's own prefix."""
    outer, _, items = type.partition("/")
    key = custom if ":" in custom else _TYPES + custom
    schema = {"type": outer, **({"items": items} if items else {}), "custom": key, "customId": number}
    return FieldDef(f"customfield_{number}", name, kind, schema, (f"cf[{number}]", name))


SYSTEM_FIELDS: tuple[FieldDef, ...] = (
    _system(
        "statuscategorychangedate",
        "Status Category Changed",
        "datetime",
        "datetime",
        "statusCategoryChangedDate",
        flags="ns",
    ),
    _system("issuetype", "Issue Type", "issuetype", "issuetype", "issuetype", "type"),
    _system("parent", "Parent", "parent", "", "parent", flags="n"),
    _system("timespent", "Time Spent", "duration", "number", "timespent", flags="n"),
    _system("project", "Project", "project", "project", "project"),
    _system("fixVersions", "Fix versions", "version", "array/version", "fixVersion"),
    _system("statusCategory", "Status Category", "statuscategory", "", "statusCategory", flags="n"),
    _system("aggregatetimespent", "Σ Time Spent", "duration", "number", flags="n"),
    _system("resolution", "Resolution", "resolution", "resolution", "resolution"),
    _system("resolutiondate", "Resolved", "datetime", "datetime", "resolutiondate", "resolved", flags="ns"),
    _system("workratio", "Work Ratio", "number", "number", "workratio", flags="ns"),
    _system("watches", "Watchers", "number", "watches", "watchers", flags="n"),
    _system("lastViewed", "Last Viewed", "datetime", "datetime", "lastViewed", flags="n"),
    _system("issuekey", "Key", "key", "", "id", "issue", "issuekey", "key", flags="n"),
    _system("thumbnail", "Images", "none", flags="n"),
    _system("created", "Created", "datetime", "datetime", "created", "createdDate", flags="ns"),
    _system("priority", "Priority", "priority", "priority", "priority"),
    _system("labels", "Labels", "label", "array/string", "labels", "label"),
    _system(
        "timeestimate",
        "Remaining Estimate",
        "duration",
        "number",
        "remainingEstimate",
        "timeestimate",
        flags="n",
    ),
    _system("aggregatetimeoriginalestimate", "Σ Original Estimate", "duration", "number", flags="n"),
    _system("versions", "Affects versions", "version", "array/version", "affectedVersion"),
    _system("issuelinks", "Linked Issues", "link", "array/issuelinks", "issueLinkType"),
    _system("assignee", "Assignee", "user", "user", "assignee"),
    _system("updated", "Updated", "datetime", "datetime", "updated", "updatedDate", flags="ns"),
    _system("status", "Status", "status", "status", "status", flags="ns"),
    _system("components", "Components", "component", "array/component", "component"),
    _system(
        "timeoriginalestimate",
        "Original estimate",
        "duration",
        "number",
        "originalEstimate",
        "timeoriginalestimate",
        flags="n",
    ),
    _system("description", "Description", "text", "string", "description"),
    _system("timetracking", "Time tracking", "none", "timetracking", flags="o"),
    _system("security", "Security Level", "level", "securitylevel", "level"),
    _system("attachment", "Attachment", "attachment", "array/attachment", "attachments", flags="os"),
    _system("aggregatetimeestimate", "Σ Remaining Estimate", "duration", "number", flags="n"),
    _system("summary", "Summary", "text", "string", "summary"),
    _system("creator", "Creator", "user", "user", "creator", flags="ns"),
    _system("subtasks", "Sub-tasks", "issue", "array/issuelinks", "subtasks", flags="n"),
    _system("reporter", "Reporter", "user", "user", "reporter"),
    _system("aggregateprogress", "Σ Progress", "none", "progress", flags="n"),
    _system("environment", "Environment", "text", "string", "environment"),
    _system("duedate", "Due date", "date", "date", "due", "duedate"),
    _system("progress", "Progress", "none", "progress", "progress", flags="n"),
    _system("votes", "Votes", "number", "votes", "votes", flags="n"),
    _system("comment", "Comment", "text", "comments-page", "comment", flags="os"),
    _system("worklog", "Log Work", "none", "array/worklog", flags="os"),
    _system("text", "Text", "text", "string", "text", flags="sp"),
    _system("category", "Category", "category", "string", "category", flags="sp"),
    _system("worklogAuthor", "Worklog Author", "worklog author", "array/user", "worklogAuthor", flags="sp"),
    _system("worklogDate", "Worklog Date", "worklog date", "array/date", "worklogDate", flags="sp"),
)

CUSTOM_FIELDS: tuple[FieldDef, ...] = (
    custom_field(10011, "Epic Name", "text", "string", _SOFTWARE + "gh-epic-label"),
    custom_field(10014, "Epic Link", "parent", "any", _SOFTWARE + "gh-epic-link"),
    custom_field(10016, "Story Points", "number", "number", "float"),
    custom_field(10019, "Rank", "rank", "any", _SOFTWARE + "gh-lexo-rank"),
    custom_field(10020, "Sprint", "sprint", "array/json", _SOFTWARE + "gh-sprint"),
    custom_field(10021, "Flagged", "option", "array/option", "multicheckboxes"),
    custom_field(10030, "Severity", "option", "option", "select"),
    custom_field(10031, "Customers", "label", "array/string", "labels"),
    custom_field(10032, "Root cause", "text", "string", "textarea"),
    custom_field(10033, "Go-live", "datetime", "datetime", "datetime"),
    custom_field(10034, "Reviewers", "user", "array/user", "multiuserpicker"),
    custom_field(10035, "Audience", "option", "array/option", "multiselect"),
    custom_field(10036, "Budget", "number", "number", "float"),
)


class Fields:
    """The site's fields by id, by every name that JQL knows, and in Jira's order."""

    def __init__(self, custom: tuple[FieldDef, ...] = CUSTOM_FIELDS) -> None:
        self.all = (*SYSTEM_FIELDS, *custom)
        self.by_id = {field.id: field for field in self.all if field.listed}
        self._by_clause = {
            clause.lower(): field
            for field in self.all
            for clause in (field.id, *field.described()["clauseNames"])
        }

    def listed(self) -> list[FieldDef]:
        """Those that `/field` lists."""
        return [field for field in self.all if field.listed]

    def by_clause(self, name: str) -> FieldDef | None:
        """The field that a JQL clause names, in any case."""
        return self._by_clause.get(name.lower())
