"""`/api/v1/openapi.json`: the description of all routes, this one included.

It is for anyone, as it tells the same everywhere and nothing of a tenant; tools read it without a token.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from http import HTTPStatus
from typing import ClassVar

import falcon

from api.access import Access
from api.byte_ranges import is_known
from api.openapi.document import document
from api.openapi.operation import Answer, Header, Operation

_TAG = Header(name="ETag", about="The document's digest.", schema={"type": "string"})


class OpenApi:
    """The document."""

    access: ClassVar = {"GET": Access.PUBLIC}
    operations: ClassVar = {
        "GET": Operation(
            summary="Read this description",
            headers=(
                Header(
                    name="If-None-Match",
                    about="The description that the caller has.",
                    schema={"type": "string"},
                    required=False,
                ),
            ),
            answers={
                HTTPStatus.OK: Answer("The description.", "OpenApi", (_TAG,)),
                HTTPStatus.NOT_MODIFIED: Answer("The caller has it.", headers=(_TAG,)),
            },
        )
    }

    def __init__(self, routes: Sequence[tuple[str, object]]) -> None:
        self._routes = routes

    @cached_property
    def _content(self) -> tuple[bytes, str]:
        """The document, made when it is first asked for, and its entity tag."""
        made = json.dumps(document(self._routes), ensure_ascii=False, separators=(",", ":")).encode()
        return made, f'"{hashlib.sha256(made).hexdigest()[:32]}"'

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """200, or 304 where the caller has it."""
        content, tag = self._content
        resp.set_header("ETag", tag)
        if is_known(req, tag):
            resp.status = falcon.HTTP_NOT_MODIFIED
            return
        resp.content_type = falcon.MEDIA_JSON
        resp.data = content


def with_description(routes: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """These routes and the one that describes them all."""
    described = list(routes)
    described.append(("/api/v1/openapi.json", OpenApi(described)))
    return described
