"""One entry of a document: is it what it should be, by all the rules that hold for what people make here?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from core import definition
from core.definition import DefinitionTooNew, Versions
from core.export_schema import VERSION, check_entry, check_member
from core.imports.document import Entry
from core.shapes import Problem
from core.site_settings import check_settings

# The clocks of two servers may differ by so much.
_LEEWAY = timedelta(minutes=5)
_TIMES = {
    "exported_at": (),
    "site": ("installed_at",),
    "reports": ("created_at", "updated_at", "deleted_at"),
    "versions": ("at",),
    "gadgets": ("set_at",),
    "settings": ("updated_at",),
    "tasks": ("created_at", "finished_at"),
    "audit": ("at",),
}
_DEFINED = {"reports", "versions"}
# What a step from one version of definitions to the next may meet in one that was never sound.
_UNSOUND = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def problems_of(entry: Entry, now: datetime, versions: Versions) -> list[Problem]:
    """Everything wrong with an entry, with pointers into the document."""
    member, value = entry.member, entry.value
    if member == "version" and isinstance(value, int) and value > VERSION:
        return [Problem("/version", "was written by a newer release than this one")]
    is_listed = entry.position is not None
    found = check_entry(member, value) if is_listed else check_member(member, value)
    if not found:
        found = list(_beyond_shape(member, value, now, versions))
    return [Problem(f"{entry.pointer}{problem.pointer}", problem.detail) for problem in found]


def upgraded(row: dict[str, Any], versions: Versions) -> dict[str, Any]:
    """A report or version with its definition in the present version. Raises DefinitionTooNew."""
    made = versions.upgrade(row["definition"], row["definition_version"])
    return {**row, "definition": made, "definition_version": versions.present}


def moment(text: str) -> datetime:
    """A time of the document. Raises ValueError where there is no such day."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def _beyond_shape(member: str, value: Any, now: datetime, versions: Versions) -> Iterator[Problem]:  # noqa: ANN401 - of any member
    if member == "exported_at":
        yield from _time("", value, now)
    for name in _TIMES.get(member, ()):
        if isinstance(value, dict) and value[name] is not None:
            yield from _time(f"/{name}", value[name], now)
    if member in _DEFINED and isinstance(value, dict):
        yield from _definition(value, versions)
    if member == "settings" and isinstance(value, dict):
        yield from check_settings({"contact_addresses": value["contact_addresses"]})


def _time(pointer: str, text: str, now: datetime) -> Iterator[Problem]:
    try:
        is_past = moment(text) <= now + _LEEWAY
    except ValueError:
        yield Problem(pointer, "is no time that there is")
        return
    if not is_past:
        yield Problem(pointer, "lies in the future")


def _definition(row: dict[str, Any], versions: Versions) -> Iterator[Problem]:
    try:
        present = upgraded(row, versions)["definition"]
    except DefinitionTooNew:
        yield Problem("/definition_version", "was written by a newer release than this one")
        return
    except _UNSOUND:
        yield Problem("/definition", f"is no definition of version {row['definition_version']}")
        return
    for problem in definition.check(present):
        yield Problem(f"/definition{problem.pointer}", problem.detail)
