"""The HTTP application: routes, and what stands around all of them.

A resource is a module with a function `routes(services)` that returns pairs of a URI template and a resource
object. To mount one, add the module to `_MODULES`. Each resource class declares who may call which of its
methods, e.g. `access = {"GET": Access.CALLER, "POST": Access.SITE_ADMIN}`; a method that is not declared is
refused, and a test walks every route. Beside it stands what each method takes and answers, `operations`
(`api.openapi`). Inside a responder `caller_of(req)` is the person calling; every query
of a tenant's data passes `secret_version=caller.tenant.secret_version`.
"""

import os
from collections.abc import Iterable
from types import ModuleType

import falcon

from api import (
    access_log,
    audit,
    exports,
    gadgets,
    health,
    imports,
    lifecycle,
    me,
    problems,
    public,
    purges,
    reports,
    site_settings,
)
from api.authentication import Authentication
from api.conditional import ConditionalReads
from api.known_parameters import KnownParameters
from api.limits import Limits
from api.openapi.resource import with_description
from api.problems import App
from api.request_id import RequestId
from api.services import Services, services_of
from core.database import Database
from core.settings import Settings

_MODULES: tuple[ModuleType, ...] = (
    public,
    health,
    lifecycle,
    me,
    reports,
    gadgets,
    exports,
    imports,
    purges,
    site_settings,
    audit,
)
_NEEDS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEYS")


def create_app(services: Services, log: access_log.WriteLine | None = None) -> App:
    """The application over its collaborators; `log` takes a line for each request."""
    app: App = falcon.App(
        middleware=[
            RequestId(),
            access_log.AccessLog(log),
            ConditionalReads(),
            Limits(),
            audit.Refusals(services.database),
            Authentication(services),
            KnownParameters(),
        ]
    )
    app.req_options.strip_url_path_trailing_slash = False
    app.req_options.keep_blank_qs_values = True
    problems.install(app, services.tenants, services.settings.app_key)
    for template, resource in all_routes(services):
        app.add_route(template, resource)
    return app


def all_routes(services: Services) -> Iterable[tuple[str, object]]:
    """Every URI template with its resource, the description of them all among them."""
    return with_description(route for module in _MODULES for route in module.routes(services))


def get_app() -> App:
    """The application of the environment's settings; for gunicorn (`api.app:get_app()`)."""
    settings = Settings.from_environment(os.environ, needs=_NEEDS)
    log = access_log.configure(settings.log_level)
    return create_app(services_of(settings, database_of(settings)), log)


def database_of(settings: Settings) -> Database:
    """The API's connections, a process."""
    return Database(
        settings.database_url,
        pool_size=8,
        statement_timeout=10,
        transaction_timeout=15,
        lock_timeout=5,
        idle_timeout=60,
        name="sightline api",
    )
