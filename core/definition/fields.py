"""What is known of Jira's own fields, from the table that the client shares; of custom fields nothing is."""

import json
import re
from dataclasses import dataclass
from importlib import resources
from typing import Literal

from core.definition.functions import Type

Kind = Literal[
    "key", "text", "number", "duration", "date", "datetime", "user", "option", "label", "component",
    "version", "sprint", "status", "priority", "resolution", "project", "issuetype", "issue", "progress",
    "boolean", "unknown",
]  # fmt: skip

WORKLOG = "worklog."
NUMBERS = {"number", "duration", "progress"}
DATES = {"date", "datetime"}
_CUSTOM = re.compile(r"customfield_[0-9]{1,10}", re.ASCII)
_TYPES: dict[str, Type] = {
    "number": "number",
    "duration": "number",
    "progress": "number",
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
    "unknown": "any",
}


@dataclass(frozen=True)
class Field:
    """A field's kind, and whether an issue may have several values of it."""

    kind: Kind
    multiple: bool = False

    @property
    def type(self) -> Type:
        """What it is to a formula; what has a name is its name."""
        return "list" if self.multiple else _TYPES.get(self.kind, "text")


KNOWN: dict[str, Field] = {
    name: Field(**entry)
    for name, entry in json.loads(
        resources.files("core.definition").joinpath("fields.json").read_text("utf-8")
    ).items()
}
UNKNOWN = Field("unknown")


def field_of(field_id: str) -> Field:
    """What is known of a field; nothing of a custom one."""
    return KNOWN.get(field_id, UNKNOWN)


def is_plain_name(name: str) -> bool:
    """Whether a bare name in a formula can be meant as a field: one of Jira's own or a custom one."""
    return name in KNOWN or _CUSTOM.fullmatch(name) is not None


def is_worklog_field(field_id: str) -> bool:
    """Whether a field belongs to a worklog and not to its issue."""
    return field_id.startswith(WORKLOG)


def worklog_refusal(field_id: str, *, worklogs: bool) -> str | None:
    """Why a worklog's field cannot stand in a definition; None where it can."""
    if not worklogs:
        return f"{field_id} is a worklog's field, and a row of this report is an issue"
    if field_id not in KNOWN:
        known = [name for name in KNOWN if is_worklog_field(name)]
        return f"a worklog has no field {field_id}, only {', '.join(known)}"
    return None


def described(field: Field) -> str:
    """How a sentence names what a field is."""
    several = "several values of the kind " if field.multiple else "a field of the kind "
    return f'{several}"{field.kind}"'
