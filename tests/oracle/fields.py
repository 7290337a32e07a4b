"""The fields that generated definitions are about, as Jira describes them and as its JSON holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "key", "text", "user", "option", "label", "component", "version", "sprint", "status", "priority",
    "resolution", "project", "issuetype", "issue", "cascade", "unknown", "number", "duration", "date",
    "datetime",
]  # fmt: skip

NUMBERS: frozenset[str] = frozenset({"number", "duration"})
DATES: frozenset[str] = frozenset({"date", "datetime"})
SIGMA: frozenset[str] = frozenset(
    {"aggregatetimeoriginalestimate", "aggregatetimeestimate", "aggregatetimespent"}
)


# Types that no field of Jira's own has: an option below an option, and what an app keeps as it likes.
_CUSTOM: dict[str, tuple[str, str]] = {
    "cascade": ("option-with-child", "com.atlassian.jira.plugin.system.customfieldtypes:cascadingselect"),
    "unknown": ("any", "com.example.app:thing"),
}


@dataclass(frozen=True)
class Field:
    """`schema` is what `/rest/api/3/field` says of it; `member` is where a wrapped number stands."""

    id: str
    kind: Kind
    multiple: bool = False
    member: str | None = None

    @property
    def numeric(self) -> bool:
        """Durations and plain numbers."""
        return self.kind in NUMBERS

    @property
    def dated(self) -> bool:
        """Days and instants."""
        return self.kind in DATES

    @property
    def named(self) -> bool:
        """Values with a name."""
        return not (self.numeric or self.dated)

    def as_jira_describes_it(self) -> dict[str, Any]:
        """An entry of `/rest/api/3/field`."""
        return {"id": self.id, "name": f"Name of {self.id}", "schema": self._schema()}

    def _schema(self) -> dict[str, str]:
        if self.kind == "sprint":
            return {"type": "array", "items": "json", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}
        if self.kind in _CUSTOM:
            type_, custom = _CUSTOM[self.kind]
            return {"type": type_, "custom": custom}
        type_ = {"text": "string", "label": "string", "issue": "issuelink", "duration": "number"}.get(
            self.kind, self.kind
        )
        if self.multiple:
            return {"type": "array", "items": type_, "system": self.id}
        return {"type": type_, "system": self.id}


FIELDS: dict[str, Field] = {
    field.id: field
    for field in (
        Field("issuekey", "key"),
        Field("summary", "text"),
        Field("project", "project"),
        Field("issuetype", "issuetype"),
        Field("status", "status"),
        Field("priority", "priority"),
        Field("resolution", "resolution"),
        Field("assignee", "user"),
        Field("reporter", "user"),
        Field("parent", "issue"),
        Field("components", "component", multiple=True),
        Field("fixVersions", "version", multiple=True),
        Field("versions", "version", multiple=True),
        Field("labels", "label", multiple=True),
        Field("customfield_10020", "sprint", multiple=True),
        Field("customfield_10990", "cascade"),
        Field("customfield_10991", "user", multiple=True),
        Field("customfield_10992", "unknown", multiple=True),
        Field("customfield_10016", "number"),
        Field("comment", "number", member="total"),
        Field("timeoriginalestimate", "duration"),
        Field("timeestimate", "duration"),
        Field("timespent", "duration"),
        Field("aggregatetimeoriginalestimate", "duration"),
        Field("aggregatetimespent", "duration"),
        Field("created", "datetime"),
        Field("updated", "datetime"),
        Field("resolutiondate", "datetime"),
        Field("duedate", "date"),
    )
}

SHAPES = [FIELDS[f"customfield_1099{number}"] for number in range(3)]
"""Fields that only issues made for it hold."""

PRIORITIES = ["1", "2", "3", "4", "5"]
"""Ids in the order of `/rest/api/3/priority`, the first being highest."""


_FORMULA_KINDS: dict[str, Kind] = {"n": "number", "t": "text", "d": "date"}


def field_of(of: dict[str, str]) -> Field:
    """What a reference stands for; a formula counts as a field of the kind that its first letter tells."""
    if "formula" in of:
        return Field(f"formula_{of['formula']}", _FORMULA_KINDS[of["formula"][0]])
    return FIELDS[of["field"]]
