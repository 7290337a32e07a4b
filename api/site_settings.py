"""`/api/v1/settings`: what a site's administrators set for it."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import ClassVar

import falcon

from api.access import Access
from api.authentication import caller_of
from api.limits import json_body
from api.openapi import Answer, Body, Operation
from api.preconditions import ETAG, IF_MATCH, if_match
from api.problems import Refusal, invalid
from api.services import Services
from core.site_settings import SettingsStore, SiteSettings, check_settings
from core.stale import VersionStale

_SETTINGS = Answer("The settings.", "Settings", (ETAG,))


class Settings:
    """The settings."""

    access: ClassVar = {"GET": Access.SITE_ADMIN, "PUT": Access.SITE_ADMIN}
    operations: ClassVar = {
        "GET": Operation(summary="Read the settings", answers={HTTPStatus.OK: _SETTINGS}),
        "PUT": Operation(
            summary="Change the settings",
            headers=(IF_MATCH,),
            body=Body("SettingsChange", {"contact_addresses": ["privacy@example.com"]}),
            answers={HTTPStatus.OK: _SETTINGS},
            refusals={
                HTTPStatus.PRECONDITION_REQUIRED: "There is no If-Match.",
                HTTPStatus.PRECONDITION_FAILED: "The settings have changed; `version` is the present one.",
                HTTPStatus.UNPROCESSABLE_ENTITY: "The body does not fit; `errors` says where and why.",
            },
        ),
    }

    def __init__(self, services: Services) -> None:
        self._settings = SettingsStore(services.database)

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """What is set; version 0 while nobody has set anything."""
        _answer(resp, self._settings.read(caller_of(req)))

    def on_put(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Sets it anew."""
        matches = if_match(req)
        body = json_body(req)
        problems = check_settings(body)
        if problems or not isinstance(body, dict):
            raise invalid(problems)
        try:
            _answer(resp, self._settings.replace(caller_of(req), body, matches))
        except VersionStale as error:
            raise Refusal(
                HTTPStatus.PRECONDITION_FAILED,
                f"Somebody has changed the settings meanwhile; their version is now {error.current}.",
                members={"version": error.current},
                headers={"ETag": f'"{error.current}"'},
            ) from error


def _answer(resp: falcon.Response, settings: SiteSettings) -> None:
    resp.media = settings._asdict()
    resp.set_header("ETag", f'"{settings.version}"')


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/api/v1/settings", Settings(services))]
