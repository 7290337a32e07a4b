"""`/api/v1/gadgets/{dashboard}/{item}`: which report a gadget of a dashboard shows."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.limits import json_body
from api.openapi import Answer, Body, Operation, shape_of
from api.preconditions import ETAG, IF_MATCH, if_match
from api.problems import Refusal, invalid
from api.services import Services
from core.gadgets import Choice, Gadgets, NotTheirs, Place, TooManyGadgets, place_of
from core.reports import ReportMissing
from core.shapes import Problem
from core.stale import VersionStale

_CHOICE = Answer("What the gadget shows to the caller.", "Gadget", (ETAG,))
_NEW = shape_of("GadgetChoice")
_CHANGE = {
    HTTPStatus.FORBIDDEN: "Somebody else chose what the gadget shows.",
    HTTPStatus.PRECONDITION_REQUIRED: "There is no If-Match.",
    HTTPStatus.PRECONDITION_FAILED: "Somebody has chosen meanwhile; `version` is the present one.",
}
_UNSEEN = "is no report that you may see"


class Gadget:
    """One gadget."""

    access: ClassVar = {"GET": Access.CALLER, "PUT": Access.CALLER, "DELETE": Access.CALLER}
    operations: ClassVar = {
        "GET": Operation(summary="Read what a gadget shows", answers={HTTPStatus.OK: _CHOICE}),
        "PUT": Operation(
            summary="Choose a gadget's report",
            headers=(IF_MATCH,),
            body=Body("GadgetChoice", {"report": "0195f3a1-7c1e-7b52-9d55-0d4f6a2b8c11"}),
            answers={HTTPStatus.OK: _CHOICE},
            refusals={
                **_CHANGE,
                HTTPStatus.CONFLICT: "The site has as many gadgets as it may have.",
                HTTPStatus.UNPROCESSABLE_ENTITY: "The body does not fit; `errors` says where and why.",
            },
        ),
        "DELETE": Operation(
            summary="Empty a gadget",
            headers=(IF_MATCH,),
            answers={HTTPStatus.NO_CONTENT: Answer("Done.")},
            refusals=_CHANGE,
        ),
    }
    parts: ClassVar = {"dashboard": "GadgetPart", "item": "GadgetPart"}

    def __init__(self, services: Services) -> None:
        self._gadgets = Gadgets(services.database, services.rights)

    def on_get(self, req: falcon.Request, resp: falcon.Response, dashboard: str, item: str) -> None:
        """What it shows; every gadget has version 0 until somebody chooses."""
        _answer(resp, self._gadgets.get(caller_of(req), _place(dashboard, item)))

    def on_put(self, req: falcon.Request, resp: falcon.Response, dashboard: str, item: str) -> None:
        """Chooses a report that the caller sees, in place of one that is the caller's to replace."""
        matches = if_match(req)
        place = _place(dashboard, item)
        report = _report(json_body(req))
        with _refusals():
            _answer(resp, self._gadgets.choose(caller_of(req), place, report, matches))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, dashboard: str, item: str) -> None:
        """Takes the choice back."""
        with _refusals():
            self._gadgets.clear(caller_of(req), _place(dashboard, item), if_match(req))
        resp.status = falcon.HTTP_NO_CONTENT


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what the store refuses into answers."""
    try:
        yield
    except ReportMissing as error:
        raise invalid([Problem("/report", _UNSEEN)]) from error
    except NotTheirs as error:
        raise Refusal(
            HTTPStatus.FORBIDDEN,
            "Only who chose this report, its administrators and the site's administrators may change that.",
            members={"unchecked": True} if error.unchecked else {},
        ) from error
    except VersionStale as error:
        raise Refusal(
            HTTPStatus.PRECONDITION_FAILED,
            f"Somebody has chosen meanwhile; the version is now {error.current}.",
            members={"version": error.current},
            headers={"ETag": f'"{error.current}"'},
        ) from error
    except TooManyGadgets as error:
        raise Refusal(HTTPStatus.CONFLICT, "The site has as many gadgets as it may have.") from error


def _answer(resp: falcon.Response, choice: Choice) -> None:
    body = asdict(choice) | {"report": str(choice.report) if choice.report else None}
    if not choice.unchecked:
        del body["unchecked"]
    resp.content_type = falcon.MEDIA_JSON
    resp.text = json.dumps(body)
    resp.set_header("ETag", f'"{choice.version}"')


def _place(dashboard: str, item: str) -> Place:
    place = place_of(dashboard, item)
    if place is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "There is no such gadget.")
    return place


def _report(body: object) -> UUID:
    problems = _NEW.problems(body)
    if problems or not isinstance(body, dict):
        raise invalid(problems)
    try:
        return UUID(body["report"])
    except ValueError as error:
        raise invalid([Problem("/report", _UNSEEN)]) from error


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/api/v1/gadgets/{dashboard}/{item}", Gadget(services))]
