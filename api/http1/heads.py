"""What a request's head may say (RFC 9110, RFC 9112), beyond what llhttp sees to."""

import re
from functools import lru_cache

MOST_HEADERS = 100
BAD_REQUEST = "400 Bad Request"
HEAD_TOO_LARGE = "431 Request Header Fields Too Large"
_ONCE = {"HTTP_HOST", "CONTENT_TYPE"}
_WITHOUT_PREFIX = {"CONTENT_TYPE", "CONTENT_LENGTH"}
# RFC 9112, 3.2: a path, behind scheme and host or alone, in printable ASCII; fragments stay with the client.
_TARGET = re.compile(rb'(https?://[!-"$-.0->@-~]+)?(/[!-"$->@-~]*)?(?:\?([!-"$-~]*))?', re.IGNORECASE)


class Refused(Exception):
    """A head that nothing is done for; the text is the status to answer."""


class Headers(dict[str, str]):
    """Headers under WSGI's names, as they come in. Of two names that would become one, one is dropped."""

    def __init__(self) -> None:
        self._number = 0

    def take(self, name: bytes, value: bytes) -> None:
        """Adds a header. Raises Refused."""
        self._number += 1
        if self._number > MOST_HEADERS:
            raise Refused(HEAD_TOO_LARGE)
        key = _key(name)
        if key is None:
            return
        text = value.strip(b" \t").decode("latin-1")
        if key not in self:
            self[key] = text
        elif key in _ONCE:
            raise Refused(BAD_REQUEST)
        else:
            self[key] += f",{text}"

    def require_plain(self, version: str) -> None:
        """Raises Refused where they ask for more than HTTP/1.1 as nginx speaks it."""
        coding = self.get("HTTP_TRANSFER_ENCODING")
        if coding is not None and (version == "1.0" or "CONTENT_LENGTH" in self):
            raise Refused(BAD_REQUEST)
        if coding is not None and coding.lower() != "chunked":
            raise Refused("501 Not Implemented")
        if version == "1.1" and "HTTP_HOST" not in self:
            raise Refused(BAD_REQUEST)
        if self.get("HTTP_EXPECT", "100-continue").lower() != "100-continue":
            raise Refused("417 Expectation Failed")


def path_and_query(method: str, target: bytes) -> tuple[bytes, str]:
    """The parts of what is asked for, as they were sent. Raises Refused."""
    if target == b"*" and method == "OPTIONS":
        return target, ""
    match = _TARGET.fullmatch(target)
    if match is None or not (match[1] or match[2]):
        raise Refused(BAD_REQUEST)
    return match[2] or b"/", (match[3] or b"").decode("ascii")


@lru_cache(maxsize=512)
def _key(name: bytes) -> str | None:
    """WSGI's name of a header; None for one with an underscore, which could pose as another."""
    if b"_" in name:
        return None
    key = name.decode("ascii").upper().replace("-", "_")
    return key if key in _WITHOUT_PREFIX else f"HTTP_{key}"
