"""Schemathesis's run over the application: every phase, every check, and what it found.

Each caller has a file of its own, as whole files go to one process and these two are the longest.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

from api.app import all_routes, create_app
from api.openapi.document import methods_of
from api.services import Services
from tests.integration.api.connect_site import Answering, Site

LONG = bool(os.environ.get("SOAK"))
SEEDS = range(1, 5) if LONG else range(1, 2)
EXAMPLES = 200 if LONG else 8
# Of each caller; the two make 5,000 together.
LEAST_CALLS = 2_500
STATUSES = {200, 201, 204, 400, 401, 404, 405, 422, 428}
ADDRESS = "/api/v1/openapi.json"
# A call that fits the description may still be for another version than the present one, and one without any
# version is answered as RFC 6585 says.
STALE = "412"
VERSION_MISSING = "428"


_BEYOND_SCHEMAS = re.compile(r"/definition/|/definition$|/report$|/confirm$")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        """As gunicorn does it: who names no media type sends none."""
        environ: dict[str, Any] = super().get_environ()
        if "Content-Type" not in self.headers:
            del environ["CONTENT_TYPE"]
        return environ

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The application on a port of loopback."""
    with make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Run:
    """What a run did: calls by operation and by status, and failures as text."""

    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def must_conform(
    services: Services, site: Site, jira: Answering, *, permissions: list[str], seed: int
) -> None:
    """Runs as an account with these permissions at its site. Raises AssertionError with what was found."""
    answer = json.dumps({"globalPermissions": permissions}).encode()
    jira.answers["/rest/api/3/permissions/check"] = (200, answer)

    with served(create_app(services)) as url:
        done = run(url, site.token, seed=seed, examples=EXAMPLES)

    assert not done.failures, "\n\n".join(done.failures)
    assert done.calls.total() >= LEAST_CALLS, done.calls.total()
    routes = [(path, resource) for path, resource in all_routes(services) if path != ADDRESS]
    missed = {f"{method} {path}" for path, one in routes for method in methods_of(one)} ^ set(done.calls)
    assert not missed, missed
    assert set(done.statuses) >= STATUSES, done.statuses


def run(url: str, token: Callable[[], str], *, seed: int, examples: int) -> Run:
    """Calls every operation with `token()`; `examples` bounds the cases an operation and phase."""
    done = Run()
    for event in from_schema(_schema(url, token, seed, examples)).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(done, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            done.failures.append(repr(event))
    return done


def _schema(url: str, token: Callable[[], str], seed: int, examples: int) -> Any:
    schema = schemathesis.openapi.from_url(f"{url}{ADDRESS}", config=SchemathesisConfig(seed=seed))
    project = schema.config
    project.continue_on_failure = True
    project.generation.max_examples = examples
    project.generation.database = "none"
    project.generation.no_shrink = True
    # No text may hold NUL, which no schema here says of every one.
    project.generation.allow_x00 = False
    accepted = project.checks.positive_data_acceptance
    accepted.expected_statuses = [*accepted.expected_statuses, STALE]
    missing = project.checks.missing_required_header
    missing.expected_statuses = [*missing.expected_statuses, VERSION_MISSING]
    schema.hook("filter_failure")(filter_failure)

    @schema.auth(refresh_interval=None)
    class Tokens:
        def get(self, _case: Any, _context: Any) -> str:
            return token()

        def set(self, case: Any, data: str, _context: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"JWT {data}"}

    return schema


def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether a failure counts. What no schema can say is refused with the place where it is wrong:

    whether formulas parse and rules fit their fields, whether a report is there, a key new, a cursor one that
    a list gave, and the site to be purged named by its own name.
    """
    if isinstance(failure, UseAfterFree):
        # Deleting an export that is under way cancels it.
        return bool(response.json().get("state") != "cancelled")
    if not isinstance(failure, RejectedPositiveData):
        return True
    problem = response.json()
    if response.status_code == 422:
        places = [error["pointer"] for error in problem.get("errors", [])]
        return "Idempotency-Key" not in problem["detail"] and not all(map(_BEYOND_SCHEMAS.match, places))
    return not (
        response.status_code == 400 and "cursor" in (case.query or {}) and "cursor" in problem["detail"]
    )


def _note(done: Run, event: events.ScenarioFinished) -> None:
    for case_id, interaction in event.recorder.interactions.items():
        done.calls[event.recorder.cases[case_id].value.operation.label] += 1
        if interaction.response is not None:
            done.statuses[interaction.response.status_code] += 1
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                answer = event.recorder.interactions[case_id].response
                failure = check.failure_info
                body = answer.text[:2000] if answer else ""
                done.failures.append(
                    f"{event.label} {check.name}: {failure.failure}\n{failure.code_sample}\n{body}"
                )
