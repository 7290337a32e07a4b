"""`/api/v1/purges`: all that is stored of a site, removed for good, for its admins."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.limits import json_body
from api.openapi import Answer, Body, Header, Operation, shape_of
from api.problems import Refusal, invalid
from api.services import Services
from core import audit
from core.callers import Caller
from core.database import Cursor, Database
from core.ledger import Purged
from core.purge import ASKED_BY, PURGE, abort_purge, request_purge, site_name
from core.receipts import document, find_receipt, list_receipts
from core.shapes import Problem
from core.tasks import Task, find_task, list_tasks

_REQUEST = shape_of("PurgeRequest")
_PURGE = Answer("The purge.", "Purge")
_LOCATION = Header(name="Location", about="The purge's address.", schema={"type": "string"})


@dataclass(frozen=True)
class Purges:
    """What the resources below share. `delay` is how long a purge waits."""

    database: Database
    delay: timedelta

    def tenant(self, caller: Caller) -> AbstractContextManager[Cursor]:
        """A transaction of the caller's site."""
        return self.database.tenant(caller.tenant.id, secret_version=caller.tenant.secret_version)


class PurgeList:
    """The site's purges."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "POST": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(
            summary="List purges", answers={HTTPStatus.OK: Answer("The site's purges.", "PurgePage")}
        ),
        "POST": Operation(
            summary="Ask for a purge",
            body=Body("PurgeRequest", {"confirm": "acme.atlassian.net"}),
            answers={HTTPStatus.ACCEPTED: replace(_PURGE, headers=(_LOCATION,))},
            refusals={HTTPStatus.UNPROCESSABLE_ENTITY: "The body does not name the site."},
        ),
    }

    def __init__(self, purges: Purges) -> None:
        self._purges = purges

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Those to come, those that were aborted, and those of which there is a receipt; the newest first."""
        caller = caller_of(req)
        with self._purges.tenant(caller) as cursor:
            receipts = list_receipts(cursor, caller.tenant.id)
            tasks = list_tasks(cursor, caller.tenant.id, PURGE)
        items = [*map(_shown, tasks), *map(_done, receipts)]
        resp.media = {"items": sorted(items, key=_created, reverse=True), "next": None}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """202 with a new purge, or with the one that is to come."""
        caller = caller_of(req)
        _require_confirmation(json_body(req), caller)
        with self._purges.tenant(caller) as cursor:
            task, is_new = request_purge(cursor, caller, self._purges.delay)
            if is_new:
                audit.record(cursor, caller, "purge-requested", subject=task.id)
        resp.status = falcon.HTTP_ACCEPTED
        resp.set_header("Location", f"/api/v1/purges/{task.id}")
        resp.media = _shown(task)


class Purge:
    """One purge."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "DELETE": Access.SITE_ADMIN_FRESH}
    operations: ClassVar = {
        "GET": Operation(summary="Say how far a purge is", answers={HTTPStatus.OK: _PURGE}),
        "DELETE": Operation(
            summary="Abort a purge",
            answers={HTTPStatus.NO_CONTENT: Answer("It will not happen.")},
            refusals={HTTPStatus.CONFLICT: "The purge has begun, or has ended."},
        ),
    }

    def __init__(self, purges: Purges) -> None:
        self._purges = purges

    def on_get(self, req: falcon.Request, resp: falcon.Response, purge_id: str) -> None:
        """How far it is."""
        with self._purges.tenant(caller_of(req)) as cursor:
            resp.media = _found(cursor, caller_of(req), purge_id)

    def on_delete(self, req: falcon.Request, resp: falcon.Response, purge_id: str) -> None:
        """Aborts a purge that waits."""
        caller = caller_of(req)
        with self._purges.tenant(caller) as cursor:
            found = _found(cursor, caller, purge_id)
            task = abort_purge(cursor, caller.tenant.id, UUID(found["id"]))
            if task is None:
                raise Refusal(
                    HTTPStatus.CONFLICT, "The purge has begun, or has ended, and cannot be aborted."
                )
            audit.record(cursor, caller, "purge-aborted", subject=task.id)
        resp.status = falcon.HTTP_NO_CONTENT


class PurgeReceipt:
    """The receipt of a purge that is done."""

    access: ClassVar = {"GET": Access.SITE_ADMIN}
    operations: ClassVar = {
        "GET": Operation(
            summary="Fetch a purge's receipt",
            answers={HTTPStatus.OK: Answer("The receipt.", "PurgeReceipt")},
        )
    }

    def __init__(self, purges: Purges) -> None:
        self._purges = purges

    def on_get(self, req: falcon.Request, resp: falcon.Response, purge_id: str) -> None:
        """The receipt as a file."""
        with self._purges.tenant(caller_of(req)) as cursor:
            receipt = find_receipt(cursor, _id(purge_id))
        if receipt is None:
            raise _missing("There is no receipt of such a purge.")
        resp.media = document(receipt)
        name = f"sightline-purge-{receipt.at:%Y-%m-%d}.json"
        resp.set_header("Content-Disposition", f'attachment; filename="{name}"')


def _require_confirmation(body: object, caller: Caller) -> None:
    """Refuses with 422 unless the body names the site."""
    problems = _REQUEST.problems(body)
    if problems:
        raise invalid(problems)
    wanted = site_name(caller.tenant.base_url)
    if not isinstance(body, dict) or body["confirm"].lower() != wanted:
        raise invalid([Problem("/confirm", f"must name the site, {wanted}, of which all is to be removed")])


def _found(cursor: Cursor, caller: Caller, purge_id: str) -> dict[str, Any]:
    """A purge as answers show it. Refuses with 404."""
    task = find_task(cursor, caller.tenant.id, PURGE, _id(purge_id))
    if task is not None:
        return _shown(task)
    receipt = find_receipt(cursor, _id(purge_id))
    if receipt is None:
        raise _missing("There is no such purge.")
    return _done(receipt)


def _shown(task: Task) -> dict[str, Any]:
    """A purge that is to come, is under way, or came to nothing."""
    return {
        "id": str(task.id),
        "kind": "purge",
        "state": task.state,
        "done": 0,
        "total": None,
        "due_at": _time(task.due_at),
        "error": task.error,
        "created_at": _time(task.created_at),
        "created_by": task.requested_by,
        "asked_by": ASKED_BY[task.subject],
        "finished_at": _time(task.finished_at),
        "receipt": False,
    }


def _done(receipt: Purged) -> dict[str, Any]:
    """A purge that is done, of which the receipt alone is left."""
    removed = sum(receipt.counts.values()) + receipt.files
    return {
        "id": str(receipt.id),
        "kind": "purge",
        "state": "done",
        "done": removed,
        "total": removed,
        "due_at": _time(receipt.begun_at),
        "error": None,
        "created_at": _time(receipt.asked_at),
        "created_by": None,
        "asked_by": receipt.asked_by,
        "finished_at": _time(receipt.at),
        "receipt": True,
    }


def _created(shown: dict[str, Any]) -> tuple[str, str]:
    return shown["created_at"], shown["id"]


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _missing("There is no such purge.") from error


def _missing(sentence: str) -> Refusal:
    return Refusal(HTTPStatus.NOT_FOUND, sentence)


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    purges = Purges(services.database, services.settings.purge_delay)
    return [
        ("/api/v1/purges", PurgeList(purges)),
        ("/api/v1/purges/{purge_id}", Purge(purges)),
        ("/api/v1/purges/{purge_id}/receipt", PurgeReceipt(purges)),
    ]
