"""What anyone may read: the descriptor, what we store, where to report a vulnerability."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import ClassVar

import falcon

import descriptor
from api.access import Access
from api.openapi import Answer, Operation
from api.services import Services
from api.statement_page import statement_page
from core.stored_data import STORED

_SECURITY_CONTACT = "mailto:security@sightline.example"
_CONTACT_VALID = timedelta(days=180)


class Descriptor:
    """`/atlassian-connect.json`."""

    access: ClassVar = {"GET": Access.PUBLIC}
    operations: ClassVar = {
        "GET": Operation(
            summary="Read the add-on's descriptor",
            answers={HTTPStatus.OK: Answer("The Connect descriptor.", "Descriptor")},
        )
    }

    def __init__(self, services: Services) -> None:
        self._descriptor = descriptor.connect(services.settings.base_url, services.settings.app_key)

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """The descriptor for our base URL."""
        resp.media = self._descriptor


class DataStorage:
    """`/data-storage`: our statement as a page, or the list of what is stored for who prefers JSON."""

    access: ClassVar = {"GET": Access.PUBLIC}
    operations: ClassVar = {
        "GET": Operation(
            summary="Read what is stored",
            answers={
                HTTPStatus.OK: Answer(
                    "The statement.", "StoredData", media_types=(falcon.MEDIA_JSON, falcon.MEDIA_HTML)
                )
            },
        )
    }

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """HTML unless JSON is preferred."""
        if req.client_prefers(("text/html", "application/json")) == "application/json":
            resp.media = {"items": [entry._asdict() for entry in STORED]}
            return
        resp.content_type = falcon.MEDIA_HTML
        resp.text = statement_page()


class SecurityText:
    """`/.well-known/security.txt` (RFC 9116)."""

    access: ClassVar = {"GET": Access.PUBLIC}
    operations: ClassVar = {
        "GET": Operation(
            summary="Read where to report a vulnerability",
            answers={HTTPStatus.OK: Answer("The contact.", media_types=(falcon.MEDIA_TEXT,))},
        )
    }

    def __init__(self, services: Services) -> None:
        self._base_url = services.settings.base_url

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Valid for half a year from now, as RFC 9116 wants less than a year."""
        expires = (datetime.now(UTC) + _CONTACT_VALID).strftime("%Y-%m-%dT00:00:00Z")
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = (
            f"Contact: {_SECURITY_CONTACT}\nExpires: {expires}\nPreferred-Languages: en\n"
            f"Canonical: {self._base_url}/.well-known/security.txt\n"
        )


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [
        ("/atlassian-connect.json", Descriptor(services)),
        ("/data-storage", DataStorage()),
        ("/.well-known/security.txt", SecurityText(services)),
    ]
