"""`/api/v1/exports`: a site's data as a file, for its admins."""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import chain
from typing import Any, ClassVar
from urllib.parse import urlsplit
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.byte_ranges import is_known, wanted_range
from api.limits import json_body
from api.openapi import Answer, Body, Header, Operation, shape_of
from api.problems import Refusal, invalid
from api.services import Services
from core import audit
from core.callers import Caller
from core.database import Cursor, Database
from core.export import EXPORT, folder_of
from core.store import FileMissing, Store
from core.store_cipher import SealedFile
from core.tasks import Task, cancel_task, find_task, list_tasks, remove_task, request_task

_MOST_LISTED = 100
_EXPORT = Answer("The export.", "Export")
_NOTHING = shape_of("Nothing")
_LOCATION = Header(name="Location", about="The export's address.", schema={"type": "string"})
_TAG = Header(name="ETag", about="The file's digest.", schema={"type": "string"})
_RANGE = Header(
    name="Range",
    about="The bytes asked for (RFC 9110, 14.2).",
    schema={"type": "string"},
    required=False,
    example="bytes=0-65535",
)
_IF_NONE_MATCH = Header(
    name="If-None-Match", about="The file that the caller has.", schema={"type": "string"}, required=False
)


@dataclass(frozen=True)
class Exports:
    """What the resources below share."""

    database: Database
    store: Store
    kept: timedelta

    def found(self, cursor: Cursor, caller: Caller, export_id: str) -> Task:
        """The export of this id. Refuses with 404."""
        try:
            task = find_task(cursor, caller.tenant.id, EXPORT, UUID(export_id))
        except ValueError:
            task = None
        if task is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "There is no such export.")
        return task

    def expiry(self, task: Task) -> datetime | None:
        """When the file of a finished export is removed."""
        return task.finished_at + self.kept if task.finished_at else None

    def shown(self, task: Task) -> dict[str, Any]:
        """An export as answers show it."""
        result = task.result or {}
        return {
            "id": str(task.id),
            "kind": task.kind,
            "state": task.state,
            "done": task.done,
            "total": task.total,
            "due_at": _time(task.due_at),
            "error": task.error,
            "created_at": _time(task.created_at),
            "created_by": task.requested_by,
            "finished_at": _time(task.finished_at),
            "expires_at": _time(self.expiry(task)),
            "bytes": result.get("bytes"),
            "sha256": result.get("sha256"),
            "counts": result.get("counts"),
        }


class ExportList:
    """The site's exports."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "POST": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(
            summary="List exports", answers={HTTPStatus.OK: Answer("The site's exports.", "ExportPage")}
        ),
        "POST": Operation(
            summary="Ask for an export",
            body=Body("Nothing", {}, required=False),
            answers={HTTPStatus.ACCEPTED: replace(_EXPORT, headers=(_LOCATION,))},
            refusals={HTTPStatus.UNPROCESSABLE_ENTITY: "The body has members, and none is known."},
        ),
    }

    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """The exports that are kept, the newest first."""
        with _tenant(self._exports.database, caller_of(req)) as cursor:
            tasks = list_tasks(cursor, caller_of(req).tenant.id, EXPORT, limit=_MOST_LISTED)
        resp.media = {"items": [self._exports.shown(task) for task in tasks], "next": None}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """202 with a new export, or with the one that is under way."""
        _require_no_members(req)
        caller = caller_of(req)
        with _tenant(self._exports.database, caller) as cursor:
            task, is_new = request_task(cursor, EXPORT, caller.tenant.id, requested_by=caller.account_id)
            if is_new:
                audit.record(cursor, caller, "export-requested", subject=task.id)
        resp.status = falcon.HTTP_ACCEPTED
        resp.set_header("Location", f"/api/v1/exports/{task.id}")
        resp.media = self._exports.shown(task)


class Export:
    """One export."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "DELETE": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(summary="Say how far an export is", answers={HTTPStatus.OK: _EXPORT}),
        "DELETE": Operation(
            summary="Cancel or remove an export", answers={HTTPStatus.NO_CONTENT: Answer("Done.")}
        ),
    }

    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    def on_get(self, req: falcon.Request, resp: falcon.Response, export_id: str) -> None:
        """How far it is."""
        with _tenant(self._exports.database, caller_of(req)) as cursor:
            resp.media = self._exports.shown(self._exports.found(cursor, caller_of(req), export_id))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, export_id: str) -> None:
        """Cancels an export that is under way; removes one that has ended, with its file."""
        caller = caller_of(req)
        with _tenant(self._exports.database, caller) as cursor:
            task = self._exports.found(cursor, caller, export_id)
            audit.record(cursor, caller, "export-deleted", subject=task.id, details={"was": task.state})
            if cancel_task(cursor, task.tenant_id, task.id) is None:
                # The file first: should the row's removal fail, it can be asked for again.
                self._exports.store.delete_folder(folder_of(task.tenant_id, task.id))
                remove_task(cursor, task.tenant_id, task.id)
        resp.status = falcon.HTTP_NO_CONTENT


class ExportFile:
    """The file of a finished export: JSON under gzip, whole or in ranges (RFC 9110, 14)."""

    access: ClassVar = {"GET": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(
            summary="Fetch an export's file",
            headers=(_RANGE, _IF_NONE_MATCH),
            answers={
                HTTPStatus.OK: Answer("All of it.", headers=(_TAG,), media_types=("application/gzip",)),
                HTTPStatus.PARTIAL_CONTENT: Answer(
                    "The range asked for.", headers=(_TAG,), media_types=("application/gzip",)
                ),
                HTTPStatus.NOT_MODIFIED: Answer("The caller has it.", headers=(_TAG,)),
            },
            refusals={HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "The range begins beyond the end."},
        )
    }

    def __init__(self, exports: Exports) -> None:
        self._exports = exports

    def on_get(self, req: falcon.Request, resp: falcon.Response, export_id: str) -> None:
        """200 with all of it, 206 with the range asked for, 304 where it is known, 416 beyond its end."""
        caller = caller_of(req)
        with _tenant(self._exports.database, caller) as cursor:
            task = self._exports.found(cursor, caller, export_id)
        file = self._opened(task)
        tag = f'"{(task.result or {})["sha256"]}"'
        resp.set_header("ETag", tag)
        resp.set_header("Accept-Ranges", "bytes")
        if is_known(req, tag):
            resp.status = falcon.HTTP_NOT_MODIFIED
            return
        part = wanted_range(req, tag, file.length)
        with _tenant(self._exports.database, caller) as cursor:
            audit.record(cursor, caller, "export-downloaded", subject=task.id)
        resp.content_type = "application/gzip"
        resp.set_header("Content-Disposition", f'attachment; filename="{_download_name(caller, task)}"')
        _send(resp, file, part)

    def _opened(self, task: Task) -> SealedFile:
        expiry = self._exports.expiry(task)
        try:
            if task.state != "done" or task.result is None or (expiry and expiry <= datetime.now(UTC)):
                raise FileMissing
            return self._exports.store.open(task.result["file"], owner=str(task.tenant_id))
        except FileMissing as error:
            raise Refusal(HTTPStatus.NOT_FOUND, "The export has no file, or not any more.") from error


def _tenant(database: Database, caller: Caller) -> AbstractContextManager[Cursor]:
    return database.tenant(caller.tenant.id, secret_version=caller.tenant.secret_version)


def _require_no_members(req: falcon.Request) -> None:
    if not req.content_length and not req.content_type:
        return
    problems = _NOTHING.problems(json_body(req))
    if problems:
        raise invalid(problems)


def _send(resp: falcon.Response, file: SealedFile, part: tuple[int, int] | None) -> None:
    start, end = part or (0, file.length)
    if part:
        resp.status = falcon.HTTP_PARTIAL_CONTENT
        resp.set_header("Content-Range", f"bytes {start}-{end - 1}/{file.length}")
    pieces = file.read(start, end)
    # Read before the answer begins, so that a file that cannot be read is answered with an error.
    first = next(pieces, b"")
    resp.set_stream(chain([first], pieces), end - start)


def _download_name(caller: Caller, task: Task) -> str:
    host = re.sub(r"[^a-z0-9.-]", "-", (urlsplit(caller.tenant.base_url).hostname or "site").lower())
    return f"sightline-{host}-{task.created_at:%Y-%m-%d}.json.gz"


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    exports = Exports(services.database, Store.of(services.settings), services.settings.export_ttl)
    return [
        ("/api/v1/exports", ExportList(exports)),
        ("/api/v1/exports/{export_id}", Export(exports)),
        ("/api/v1/exports/{export_id}/file", ExportFile(exports)),
    ]
