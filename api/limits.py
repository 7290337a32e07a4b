"""Bodies: how large they may be, and which ones are read at all."""

import json
from http import HTTPStatus

import falcon

from api.problems import Refusal
from core.shapes import unstorable

LARGEST_BODY = 256 * 1024
_MEDIA_TYPE = "application/json"


class Limits:
    """Falcon middleware that refuses a body which says that it is too long, before anything reads it."""

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        """Refuses with 413; with 400 where the length is no number, as Falcon does itself."""
        if (req.content_length or 0) > LARGEST_BODY:
            raise _too_long()


def raw_body(req: falcon.Request, media_type: str = _MEDIA_TYPE) -> bytes:
    """The body's bytes, whether or not its length was announced. Refuses with 413 and 415."""
    given = (req.content_type or "").partition(";")[0].strip().lower()
    if given != media_type:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {media_type}.")
    if req.get_header("Content-Encoding") not in {None, "identity"}:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must not be compressed.")
    stream = req.bounded_stream if req.content_length is not None else req.stream
    body: bytes = stream.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise _too_long()
    return body


def json_body(req: falcon.Request) -> object:
    """The body as JSON (RFC 8259, no member twice). Refuses with 400, 413 and 415."""
    return parse_json(raw_body(req))


def parse_json(body: bytes) -> object:
    """JSON text as a value that can be stored. Refuses with 400."""
    try:
        value: object = json.loads(
            body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"The body is no JSON{_place(error)}.") from error
    problems = unstorable(value)
    if problems:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The body holds what cannot be stored.", errors=problems)
    return value


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is given twice")
    return members


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _place(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f": {error.msg} at line {error.lineno}, column {error.colno}"
    return " in UTF-8" if isinstance(error, UnicodeDecodeError) else ""


def _too_long() -> Refusal:
    return Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body must be at most {LARGEST_BODY // 1024} KiB long."
    )
