"""Export files, and imports of them as an admin brings them about."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.integration.api.connect_site import DEFINITION, Site
from tests.workers import Workplace

IMPORTS = "/api/v1/imports"
BYTES = {"Content-Type": "application/octet-stream"}
AT = "2026-01-02T03:04:05.678901Z"
LISTS = ("reports", "versions", "stars", "gadgets", "settings", "tasks", "audit")


def uuid(number: int) -> str:
    """A UUID of version 7, each number its own."""
    return f"0195f3a1-7c1e-7000-8000-{number:012x}"


def report(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A report as a document has it."""
    return {
        "id": uuid(number),
        "name": f"Report {number} ☂",
        "description": "What it says\nin two lines",
        "definition": DEFINITION,
        "definition_version": 1,
        "administrators": ["ada", "712020:bob"],
        "visibility": "limited",
        "shared_with": {
            "accounts": ["carl"],
            "groups": [{"id": "g-1", "name": 'Ünïts "all"'}],
            "projects": ["10001"],
        },
        "version": 3,
        "created_at": AT,
        "created_by": "ada",
        "updated_at": AT,
        "updated_by": "712020:bob",
        "deleted_at": None,
    } | changes


def version(number: int = 1, of: int = 1, **changes: Any) -> dict[str, Any]:
    """A version of a report as a document has it."""
    return {
        "report_id": uuid(of),
        "version": number,
        "at": AT,
        "account_id": "ada",
        "name": f"As it was called at {number}",
        "description": "",
        "definition": DEFINITION,
        "definition_version": 1,
        "imported": False,
    } | changes


def gadget(of: int | None = 1, **changes: Any) -> dict[str, Any]:
    """A gadget as a document has it."""
    shown = uuid(of) if of else None
    place = {"dashboard": "10000", "item": "10010"}
    return {**place, "report_id": shown, "version": 2, "set_by": "ada", "set_at": AT} | changes


def settings(**changes: Any) -> dict[str, Any]:
    """Settings as a document has them."""
    return {
        "contact_addresses": ["privacy@example.com"], "version": 4, "updated_by": "ada", "updated_at": AT,
    } | changes  # fmt: skip


def whole(base_url: str = "https://acme.atlassian.net", **lists: Any) -> dict[str, Any]:
    """A document with one of everything, or these lists; the counts fit unless they are given."""
    task = {
        "id": uuid(900), "kind": "export", "subject": "", "state": "running", "error": None,
        "requested_by": "ada", "created_at": AT, "finished_at": None,
    }  # fmt: skip
    entry = {
        "id": uuid(901), "at": AT, "event": "export-requested", "account_id": "ada", "host": "connect",
        "subject": uuid(900), "details": {"was": "forged"},
    }  # fmt: skip
    made = {
        "reports": [report()],
        "versions": [version(1), version(3)],
        "stars": [{"account_id": "carl", "report_id": uuid(1)}],
        "gadgets": [gadget()],
        "settings": [settings()],
        "tasks": [task],
        "audit": [entry],
    } | {name: lists[name] for name in LISTS if name in lists}
    return {
        "format": "sightline-export",
        "version": 1,
        "exported_at": AT,
        "site": {"base_url": base_url, "installed_at": AT},
        **made,
        "counts": {name: len(made[name]) for name in LISTS},
    } | {name: lists[name] for name in lists if name not in LISTS}


def packed(document: Mapping[str, Any]) -> bytes:
    """The file of a document."""
    return gzip.compress(json.dumps(document, ensure_ascii=False).encode(), mtime=0)


def in_parts(file: bytes, size: int = 256 * 1024) -> Iterator[bytes]:
    """A file cut into parts."""
    yield from (file[start : start + size] for start in range(0, len(file), size))


def sent(site: Site, file: bytes, size: int = 256 * 1024, *, as_: str = "ada") -> str:
    """The address of a new import with this file."""
    path = str(site.call("POST", IMPORTS, as_=as_).headers["Location"])
    for number, part in enumerate(in_parts(file, size), 1):
        put = site.call("PUT", f"{path}/parts/{number}", as_=as_, body=part, headers=BYTES)
        assert put.status_code == 204, put.text
    return path


def done(site: Site, place: Workplace, path: str, step: str, *, as_: str = "ada") -> dict[str, Any]:
    """The import after a step of it."""
    asked = site.call("POST", f"{path}/{step}", as_=as_)
    assert asked.status_code == 202, asked.text
    ended = place.work()
    shown: dict[str, Any] = site.call("GET", path, as_=as_).json
    assert ended in {"done", "failed"}, (ended, shown)
    return shown


def checked(site: Site, place: Workplace, file: bytes, **how: Any) -> dict[str, Any]:
    """What the check of a file finds."""
    shown = done(site, place, sent(site, file, **how), "check")
    assert shown["state"] == "waiting", shown
    found: dict[str, Any] = shown["check"]
    return found


def imported(site: Site, place: Workplace, file: bytes, *, as_: str = "ada") -> dict[str, Any]:
    """An import of a file, checked and applied."""
    path = sent(site, file, as_=as_)
    shown = done(site, place, path, "check", as_=as_)
    assert shown["applicable"], shown["check"]
    return done(site, place, path, "apply", as_=as_)
