"""The Falcon side: a resource a path, one handler a method, errors in Jira's form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import falcon

from demo.issues.model import Json
from demo.issues.site import Site
from demo.rest.call import Call, JiraError
from demo.rest.routes import CONNECT_ROUTES, ROUTES, Route

App: TypeAlias = falcon.App[falcon.Request, falcon.Response]


class _Resource:
    """All methods of one path."""

    def __init__(self, site: Site, routes: Mapping[str, Route]) -> None:
        self._site = site
        self._routes = routes

    def _answer(self, req: falcon.Request, resp: falcon.Response, **path: str) -> None:
        route = self._routes.get(req.method)
        if route is None:
            raise falcon.HTTPMethodNotAllowed(self._routes)
        resp.context.points = 1
        answer = route.handle(self._site, Call(req, path))
        resp.context.points = 1 + route.points * answer.objects
        resp.status = falcon.code_to_http_status(answer.status)
        if answer.body is not None:
            _write(resp, answer.body)

    on_get = _answer
    on_post = _answer


def _write(resp: falcon.Response, body: Json) -> None:
    resp.content_type = "application/json;charset=UTF-8"
    resp.data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def refuse(
    resp: falcon.Response, status: int, *messages: str, errors: Mapping[str, str] | None = None
) -> None:
    """Writes a refusal as Jira does."""
    resp.status = falcon.code_to_http_status(status)
    _write(resp, {"errorMessages": list(messages), "errors": dict(errors or {})})


def _jira_error(_req: falcon.Request, resp: falcon.Response, error: JiraError, _path: object) -> None:
    refuse(resp, error.status, *error.messages, errors=error.errors)


def add_rest(app: App, site: Site) -> None:
    """Mounts every route of the REST API on an application."""
    by_path: dict[str, dict[str, Route]] = {}
    for route in (*ROUTES, *CONNECT_ROUTES):
        by_path.setdefault(route.path, {})[route.method] = route
    for path, routes in by_path.items():
        app.add_route(path, _Resource(site, routes))
    app.add_error_handler(JiraError, _jira_error)


def create_rest(site: Site, middleware: Iterable[Any] = ()) -> App:
    """An application that serves the REST API alone; the middleware sets `req.context.account`."""
    app: App = falcon.App(middleware=list(middleware))
    add_rest(app, site)
    return app
