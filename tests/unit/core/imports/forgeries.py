"""Documents that are a little wrong, made of one that is right, and what another reader says of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema

from core import definition
from core.export_schema import SCHEMA
from tests.imports import AT, gadget, report, uuid, version, whole

Path = tuple[str | int, ...]
FUTURE = "2999-01-01T00:00:00.000000Z"
STRANGE: list[Any] = [
    None, True, False, 0, 1, -1, 0.5, 1 << 31, 1 << 63, 10**30, 1e308, "", " ", "\0", "a\0b", "\ud800",
    "\udfff x", "\n", "ada", "a b", "é" * 300, "x" * 5000, "-1", AT, FUTURE, "2026-02-30T00:00:00Z",
    "2026-01-01", "now", uuid(1), uuid(77), uuid(1).upper(), "10001", "https://elsewhere.example", [], [None],
    [""], ["ada", "ada"], {}, {"a": 1}, [[]], [{}], {"id": "g", "name": "n"}, "private", "public", "connect",
]  # fmt: skip
_TIMES = {
    "reports": ("created_at", "updated_at", "deleted_at"), "versions": ("at",), "gadgets": ("set_at",),
    "settings": ("updated_at",), "tasks": ("created_at", "finished_at"), "audit": ("at",),
}  # fmt: skip
_ORACLE = jsonschema.Draft202012Validator(SCHEMA)


def sound() -> dict[str, Any]:
    """A document with everything, twice where there may be two."""
    return whole(
        reports=[report(1), report(2, deleted_at=AT, visibility="private")],
        versions=[version(1), version(3), version(1, of=2)],
        stars=[{"account_id": "ada", "report_id": uuid(1)}, {"account_id": "ada", "report_id": uuid(2)}],
        gadgets=[gadget(), gadget(None, item="10011")],
    )


def forgeries() -> Iterator[tuple[str, Any]]:
    """Each with what was done: every member left out, doubled with another name, or something else."""
    for path in _places(sound()):
        where = "/".join(map(str, path))
        yield f"without {where}", _changed(path, remove=True)
        for number, value in enumerate(STRANGE):
            yield f"{where} = STRANGE[{number}]", _changed(path, value)
        here = _at(sound(), path)
        if isinstance(here, dict):
            yield f"{where} with one more", _changed((*path, "tenant_id"), uuid(1))
        if isinstance(here, list) and here:
            yield f"{where} with the last one twice", _changed(path, [*here, here[-1]])


def is_right(document: Any) -> bool:
    """What an import may take, said once more and in another way."""
    return not _unstorable(document) and _ORACLE.is_valid(document) and _fits_together(document)


def _unstorable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value or any(0xD800 <= ord(character) < 0xE000 for character in value)
    if isinstance(value, dict):
        return any(map(_unstorable, [*value, *value.values()]))
    return isinstance(value, list) and any(map(_unstorable, value))


def _fits_together(document: dict[str, Any]) -> bool:
    reports = {one["id"]: one["version"] for one in document["reports"]}
    named = [one["report_id"] for name in ("versions", "stars", "gadgets") for one in document[name]]
    kept = [(one["report_id"], one["version"]) for one in document["versions"]]
    places = [(one["dashboard"], one["item"]) for one in document["gadgets"]]
    defined = [one for name in ("reports", "versions") for one in document[name]]
    return (
        len(reports) == len(document["reports"])
        and {*filter(None, named)} <= {*reports}
        and len({*kept}) == len(kept)
        and all(number <= reports[of] for of, number in kept)
        and len({*places}) == len(places)
        and all(one["definition_version"] == 1 and not definition.check(one["definition"]) for one in defined)
        and all(map(_is_past, _moments(document)))
        and document["counts"] == {name: len(document[name]) for name in document["counts"]}
    )


def _moments(document: dict[str, Any]) -> Iterator[str]:
    yield document["exported_at"]
    yield document["site"]["installed_at"]
    for name, members in _TIMES.items():
        yield from (one[member] for one in document[name] for member in members if one[member] is not None)


def _is_past(text: str) -> bool:
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC) < datetime.now(UTC)
        except ValueError:
            continue
    return False


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place of a document but its definitions' insides, which have their own tests, and itself."""
    if path:
        yield path
    if path and path[-1] in {"definition", "details"}:
        return
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield from _places(member, (*path, name))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _changed(path: Path, value: Any = None, *, remove: bool = False) -> Any:
    document = copy.deepcopy(sound())
    here = _at(document, path[:-1])
    if remove:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return document
