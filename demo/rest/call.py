"""What a handler gets and gives, and refusals in the shape of Jira's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import falcon

from demo.issues.model import Account, Json
from demo.jql.syntax import JqlError

BAD_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."


class JiraError(Exception):
    """Answered with `{"errorMessages": [...], "errors": {...}}`."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(" ".join(messages))
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})


def refused(error: JqlError) -> JiraError:
    """A query that Jira does not take."""
    return JiraError(400, *error.messages)


@dataclass(frozen=True, slots=True)
class Answer:
    """`objects`: how many things it holds, for the points; `body` None for an empty answer."""

    body: Json
    objects: int = 0
    status: int = 200


class Call:
    """One request, read strictly."""

    def __init__(self, req: falcon.Request, path: Mapping[str, str]) -> None:
        self._req = req
        self.path = path

    @property
    def account(self) -> Account | None:
        """Who calls; None is the app itself."""
        return getattr(self._req.context, "account", None)

    def person(self) -> Account:
        """Who calls, where only a person makes sense. Raises JiraError."""
        if self.account is None:
            raise JiraError(401, "Client must be authenticated to access this resource.")
        return self.account

    def text(self, name: str) -> str | None:
        """A query parameter; of several the last."""
        value = self._req.params.get(name)
        return value[-1] if isinstance(value, list) else value

    def texts(self, name: str) -> list[str]:
        """A query parameter that may be repeated or hold a comma list."""
        value = self._req.params.get(name)
        given = value if isinstance(value, list) else [] if value is None else [value]
        return [part.strip() for item in given for part in item.split(",") if part.strip()]

    def integer(self, name: str, default: int, most: int = 1 << 53) -> int:
        """A query parameter from 0; larger than `most` counts as `most`. Raises JiraError."""
        text = self.text(name)
        if text is None or text == "":
            return default
        try:
            value = int(text)
        except ValueError:
            raise JiraError(400, f"The value '{text}' of parameter '{name}' is not an integer.") from None
        if value < 0:
            raise JiraError(400, f"The parameter '{name}' must not be negative.")
        return min(value, most)

    def body(self, **types: type) -> dict[str, Any]:
        """The JSON object sent: these members and types only; null counts as absent. Raises JiraError."""
        if not (self._req.content_type or "").startswith("application/json"):
            raise JiraError(415, "The Content-Type of this request must be application/json.")
        try:
            body = json.loads(self._req.bounded_stream.read() or b"null")
        except ValueError:
            raise JiraError(400, BAD_PAYLOAD) from None
        if not isinstance(body, dict) or not body.keys() <= types.keys():
            raise JiraError(400, BAD_PAYLOAD)
        for name, value in body.items():
            if value is not None and not _fits(value, types[name]):
                raise JiraError(400, BAD_PAYLOAD)
        return {name: value for name, value in body.items() if value is not None}

    @property
    def url(self) -> str:
        """The address called, for `self` and `nextPage`."""
        return str(self._req.relative_uri)


def _fits(value: object, wanted: type) -> bool:
    if wanted is int and isinstance(value, bool):
        return False
    return isinstance(value, wanted)


def strings(values: list[Any], name: str) -> list[str]:
    """A list of texts from a body. Raises JiraError."""
    if not all(isinstance(value, str) for value in values):
        raise JiraError(400, f"'{name}' must hold strings only.")
    return values
