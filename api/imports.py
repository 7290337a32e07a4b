"""`/api/v1/imports`: an export's file brought back, in parts, for a site's admins."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.limits import json_body, raw_body
from api.openapi import Answer, Body, Header, Operation, shape_of
from api.problems import Refusal, invalid
from api.services import Services
from core.imports import MOST_PARTS
from core.imports.records import Import, ImportMissing
from core.imports.store import Imports, NotNow, Step, TooManyImports
from core.store import Store

_MOST_LISTED = 100
_BYTES = "application/octet-stream"
_NUMBER = re.compile("[0-9]{1,3}", re.ASCII)
_NOTHING = shape_of("Nothing")
_NO_BODY = Body("Nothing", {}, required=False)
_LOCATION = Header(name="Location", about="The import's address.", schema={"type": "string"})
_IMPORT = Answer("The import.", "Import")
_ACCEPTED = {HTTPStatus.ACCEPTED: replace(_IMPORT, headers=(_LOCATION,))}
_HAS_MEMBERS = {HTTPStatus.UNPROCESSABLE_ENTITY: "The body has members, and none is known."}


class ImportList:
    """The site's imports."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "POST": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(
            summary="List imports", answers={HTTPStatus.OK: Answer("The site's imports.", "ImportPage")}
        ),
        "POST": Operation(
            summary="Begin an import",
            body=_NO_BODY,
            answers=_ACCEPTED,
            refusals={**_HAS_MEMBERS, HTTPStatus.CONFLICT: "The site has as many imports as it may have."},
        ),
    }

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """The imports that are kept, the newest first."""
        latest = self._imports.latest(caller_of(req), _MOST_LISTED)
        resp.media = {"items": list(map(_shown, latest)), "next": None}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """202 with an import that waits for the parts of a file."""
        _require_no_members(req)
        with _refusals():
            _accept(resp, self._imports.create(caller_of(req)))


class ImportOne:
    """One import."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "DELETE": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(summary="Say how far an import is", answers={HTTPStatus.OK: _IMPORT}),
        "DELETE": Operation(
            summary="Cancel or remove an import", answers={HTTPStatus.NO_CONTENT: Answer("Done.")}
        ),
    }

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def on_get(self, req: falcon.Request, resp: falcon.Response, import_id: str) -> None:
        """How far it is, what its check found, what was made of it."""
        with _refusals():
            resp.media = _shown(self._imports.get(caller_of(req), _id(import_id)))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, import_id: str) -> None:
        """Cancels an import that is open, with its file; removes the record of one that has ended."""
        with _refusals():
            self._imports.delete(caller_of(req), _id(import_id))
        resp.status = falcon.HTTP_NO_CONTENT


class ImportPart:
    """One part of an import's file."""

    access: ClassVar = {"PUT": Access.SITE_ADMIN}
    operations: ClassVar = {
        "PUT": Operation(
            summary="Send a part of an import's file",
            body=Body("PartOfFile", "(bytes of the file)", media_type=_BYTES),
            answers={HTTPStatus.NO_CONTENT: Answer("It is kept.")},
            refusals={
                HTTPStatus.CONFLICT: "The import is being worked on or has ended, or there is no room.",
                HTTPStatus.UNPROCESSABLE_ENTITY: "The part is empty.",
            },
        )
    }
    parts: ClassVar = {"number": "PartNumber"}

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def on_put(self, req: falcon.Request, resp: falcon.Response, import_id: str, number: str) -> None:
        """Keeps the part of this number, from 1 on: the file's bytes, cut anywhere, in order of the numbers.

        Sent again with the same bytes it changes nothing; with others it takes the place of the one before,
        and what a check had found is forgotten.
        """
        content = raw_body(req, _BYTES)
        if not content:
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "The part is empty.")
        with _refusals():
            self._imports.put_part(caller_of(req), _id(import_id), _number(number), content)
        resp.status = falcon.HTTP_NO_CONTENT


class ImportStep:
    """A step of an import, done by a worker."""

    access: ClassVar = {"POST": Access.SITE_ADMIN_FRESH}
    step: Step

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def start(self, req: falcon.Request, resp: falcon.Response, import_id: str) -> None:
        """202 with the import, whose step is under way."""
        _require_no_members(req)
        with _refusals():
            _accept(resp, self._imports.start(caller_of(req), _id(import_id), self.step))


class ImportCheck(ImportStep):
    """The check."""

    step = "check"
    operations: ClassVar = {
        "POST": Operation(
            summary="Have an import checked",
            body=_NO_BODY,
            answers=_ACCEPTED,
            refusals={
                **_HAS_MEMBERS,
                HTTPStatus.CONFLICT: "A part is missing, or the import is being applied or has ended.",
            },
        )
    }

    def on_post(self, req: falcon.Request, resp: falcon.Response, import_id: str) -> None:
        """202; when the import is `waiting` again, `check` says what would happen and what is wrong."""
        self.start(req, resp, import_id)


class ImportApplication(ImportStep):
    """The application."""

    step = "apply"
    operations: ClassVar = {
        "POST": Operation(
            summary="Have an import applied",
            body=_NO_BODY,
            answers=_ACCEPTED,
            refusals={
                **_HAS_MEMBERS,
                HTTPStatus.CONFLICT: "It was not checked, something is wrong with it, or it was cancelled.",
            },
        )
    }

    def on_post(self, req: falcon.Request, resp: falcon.Response, import_id: str) -> None:
        """202; all of it or nothing. Asked for again, it is done no second time."""
        self.start(req, resp, import_id)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what the store refuses into answers."""
    try:
        yield
    except ImportMissing as error:
        raise Refusal(HTTPStatus.NOT_FOUND, "There is no such import.") from error
    except TooManyImports as error:
        detail = "The site has as many imports as it may have; remove some first."
        raise Refusal(HTTPStatus.CONFLICT, detail) from error
    except NotNow as error:
        raise Refusal(HTTPStatus.CONFLICT, str(error)) from error


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ImportMissing from error


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= MOST_PARTS:
        raise Refusal(HTTPStatus.NOT_FOUND, f"Parts have numbers from 1 to {MOST_PARTS}.")
    return int(text)


def _require_no_members(req: falcon.Request) -> None:
    if not req.content_length and not req.content_type:
        return
    problems = _NOTHING.problems(json_body(req))
    if problems:
        raise invalid(problems)


def _accept(resp: falcon.Response, shown: Import) -> None:
    resp.status = falcon.HTTP_ACCEPTED
    resp.set_header("Location", f"/api/v1/imports/{shown.id}")
    resp.media = _shown(shown)


def _shown(one: Import) -> dict[str, Any]:
    """An import as answers show it."""
    return {
        "id": str(one.id),
        "kind": "import",
        "state": one.state,
        "step": one.step,
        "done": one.done,
        "total": one.total,
        "due_at": _time(one.due_at),
        "error": one.error,
        "parts": one.parts,
        "bytes": one.size,
        "created_at": _time(one.created_at),
        "created_by": one.created_by,
        "finished_at": _time(one.finished_at),
        "expires_at": _time(one.expires_at),
        "applicable": one.applicable and one.state in {"waiting", "failed"},
        "check": one.found,
        "applied": one.applied,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    imports = Imports(services.database, Store.of(services.settings))
    one = "/api/v1/imports/{import_id}"
    return [
        ("/api/v1/imports", ImportList(imports)),
        (one, ImportOne(imports)),
        (f"{one}/parts/{{number}}", ImportPart(imports)),
        (f"{one}/check", ImportCheck(imports)),
        (f"{one}/apply", ImportApplication(imports)),
    ]
