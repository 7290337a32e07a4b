"""What a person may set of a report."""

import json
import unicodedata
from importlib import resources
from typing import Any

from core import definition
from core.shapes import Problem, Shape

LARGEST_NUMBER_OF_REPORTS = 10_000
CHANGES: dict[str, Any] = json.loads(
    resources.files("core.reports").joinpath("report.schema.json").read_text("utf-8")
)
"""The schema of what may be changed; of the definition, which `core.definition` checks, it says little."""
LONGEST_NAME: int = CHANGES["$defs"]["ReportName"]["maxLength"]
MOST_ADMINISTRATORS: int = CHANGES["$defs"]["Administrators"]["maxItems"]
NEW = {**CHANGES, "required": ["name", "definition"]}
ACCOUNT: dict[str, Any] = CHANGES["$defs"]["AccountId"]
WORDS = {
    CHANGES["$defs"]["ReportName"]["pattern"]: "must not be blank or hold line breaks",
    ACCOUNT["pattern"]: "must be an Atlassian account id",
    "^[A-Za-z0-9:_-]{1,128}$": "must be a group's id",
    "^[0-9]{1,19}$": "must be a project's id, which is a number as text",
}
_CHANGES_SHAPE = Shape(CHANGES, WORDS)
_NEW_SHAPE = Shape(NEW, WORDS)


def check_new(body: object) -> list[Problem]:
    """Everything wrong with the body of a new report."""
    return _checked(_NEW_SHAPE, body)


def check_changes(body: object) -> list[Problem]:
    """Everything wrong with the members that a report is to change."""
    return _checked(_CHANGES_SHAPE, body)


def _checked(shape: Shape, body: object) -> list[Problem]:
    problems = shape.problems(body)
    if isinstance(body, dict) and isinstance(body.get("definition"), dict):
        found = definition.check(body["definition"])
        problems += [Problem(f"/definition{problem.pointer}", problem.detail) for problem in found]
    return problems


def name_key(name: str) -> str:
    """What a report is sorted by when it is sorted by name: no case, no accents, any server the same."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).strip()


def columns_of(body: dict[str, Any], definition_version: int) -> dict[str, Any]:
    """The columns, and their values, that hold the members of a checked body."""
    columns: dict[str, Any] = {
        k: body[k] for k in ("description", "administrators", "visibility") if k in body
    }
    if "name" in body:
        columns |= {"name": body["name"], "name_key": name_key(body["name"])}
    if "definition" in body:
        columns |= {
            "definition": json.dumps(body["definition"], ensure_ascii=False),
            "definition_version": definition_version,
        }
    if "shared_with" in body:
        shared = body["shared_with"]
        columns |= {
            "shared_accounts": shared.get("accounts", []),
            "shared_groups": json.dumps(shared.get("groups", []), ensure_ascii=False),
            "shared_projects": shared.get("projects", []),
        }
    return columns
