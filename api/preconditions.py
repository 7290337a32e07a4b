"""Headers that keep two people, or one call sent twice, from getting into each other's way."""

import re
from collections.abc import Callable
from http import HTTPStatus

import falcon

from api.openapi import Header
from api.problems import Refusal

_TAG = r'(?:W/)?"[0-9]{1,9}"'
IF_MATCH = Header(
    name="If-Match",
    about="The version that the change is meant for, as the answer's ETag gave it.",
    schema={"type": "string", "pattern": f"^{_TAG}([ \\t]*,[ \\t]*{_TAG})*$"},
    example='"1"',
)
IDEMPOTENCY_KEY = Header(
    name="Idempotency-Key",
    about="A call sent again with the same key and body makes nothing new.",
    schema={"type": "string", "pattern": "^[!-~]{1,255}$"},
    required=False,
    example="6f0c2a",
)
ETAG = Header(
    name="ETag", about="The version.", schema={"type": "string", "pattern": '^"[0-9]{1,9}"$'}, example='"1"'
)
_MATCHES = re.compile(str(IF_MATCH.schema["pattern"]), re.ASCII)
_KEY = re.compile(str(IDEMPOTENCY_KEY.schema["pattern"]), re.ASCII)
_NUMBER = re.compile("[0-9]+", re.ASCII)


def if_match(req: falcon.Request) -> Callable[[int], bool]:
    """What the If-Match header accepts. Refuses with 428 without one, with 400 where it names no version."""
    header = req.get_header("If-Match")
    if header is None:
        raise Refusal(HTTPStatus.PRECONDITION_REQUIRED, 'Say which version is meant: If-Match: "<version>".')
    if not _MATCHES.fullmatch(header.strip()):
        raise Refusal(HTTPStatus.BAD_REQUEST, 'If-Match must name a version: If-Match: "<version>".')
    return {int(number) for number in _NUMBER.findall(header)}.__contains__


def idempotency_key(req: falcon.Request) -> str | None:
    """The key of a call that may be sent again. Refuses with 400."""
    key = req.get_header("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Refusal(HTTPStatus.BAD_REQUEST, "The Idempotency-Key must be 1 to 255 visible characters.")
    return key
