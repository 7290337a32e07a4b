"""What anyone may read: the descriptor, what we store, where to report a vulnerability."""

import html
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import ClassVar

import falcon

import descriptor
from api.access import Access
from api.openapi import Answer, Operation
from api.services import Services
from core.stored_data import STORED, Stored

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
    """`/data-storage`: everything that we store, as a page, or as JSON for who asks for that."""

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
        resp.text = _page(STORED)


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


def _page(stored: Iterable[Stored]) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(e.what)}</td><td>{html.escape(e.personal)}</td><td>{html.escape(e.kept)}</td></tr>\n"
        for e in stored
    )
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>What Sightline stores</title>\n'
        "<h1>What Sightline stores</h1>\n"
        "<p>Reports run in the reader's browser, with the reader's own rights. No issue, worklog or profile "
        "is stored by or passes through our servers. This is everything that is stored, for each site:</p>\n"
        "<table>\n<tr><th>What it holds</th><th>Personal data</th><th>Kept</th></tr>\n"
        f"{rows}</table>\n</html>\n"
    )


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [
        ("/atlassian-connect.json", Descriptor(services)),
        ("/data-storage", DataStorage()),
        ("/.well-known/security.txt", SecurityText(services)),
    ]
