"""Reads that are only answered in full where something has changed (RFC 9110, If-None-Match).

A report's entity tag is its version, which says nothing of the caller's own star. Every other answer's is a
hash of its bytes, which the list of reports brings along. Answers are never kept by browsers or proxies
(`no-store`), so this is for programs, and for pages that keep what they show in memory.
"""

import hashlib
import re
from http import HTTPStatus

import falcon

_ROUTES = "/api/v1/"
_TAG = re.compile(r'"([^"]*)"')


class ConditionalReads:
    """Falcon middleware: gives answers their tags, and 304 to who has the same already."""

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, succeeded: bool
    ) -> None:
        """Sets ETag where the resource has not."""
        if not succeeded or req.method != "GET" or not req.path.startswith(_ROUTES):
            return
        if resp.status_code != HTTPStatus.OK or resp.stream is not None:
            return
        tag = resp.get_header("ETag") or _tagged(resp)
        if _has(req.get_header("If-None-Match"), tag):
            resp.status = falcon.HTTP_NOT_MODIFIED
            resp.text = resp.data = resp.media = None
            resp.delete_header("Content-Type")


def _tagged(resp: falcon.Response) -> str:
    """Tags an answer by its bytes, which are then not made a second time."""
    resp.data = resp.render_body() or b""
    resp.text = None
    tag = f'"{hashlib.blake2b(resp.data, digest_size=12).hexdigest()}"'
    resp.set_header("ETag", tag)
    return tag


def _has(header: str | None, tag: str) -> bool:
    """Whether an If-None-Match names a tag, weak ones as well: compression weakens them on their way."""
    if header is None:
        return False
    return header.strip() == "*" or tag.strip('"') in _TAG.findall(header)
