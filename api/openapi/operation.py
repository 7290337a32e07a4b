"""What a resource says of one of its methods, for people and programs that call it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from api.query import Parameter

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Header:
    """A header of a request or answer; `schema` is a JSON schema of its text."""

    name: str
    about: str
    schema: Mapping[str, Any]
    required: bool = True
    example: str | None = None


@dataclass(frozen=True)
class Answer:
    """An answer: the name of its body's shape (none: no body), or another media type than JSON."""

    about: str
    shape: str | None = None
    headers: tuple[Header, ...] = ()
    media_types: tuple[str, ...] = (JSON,)


@dataclass(frozen=True)
class Body:
    """A request's body: the name of its shape, and one that is accepted; in JSON unless said otherwise."""

    shape: str
    example: Any
    required: bool = True
    media_type: str = JSON


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of a resource.

    `refusals` are the problems of its own; those that follow from its access, address and body are added to
    them. The responder's docstring is the description.
    """

    summary: str
    answers: Mapping[HTTPStatus, Answer]
    query: Mapping[str, Parameter] = field(default_factory=dict)
    headers: tuple[Header, ...] = ()
    body: Body | None = None
    refusals: Mapping[HTTPStatus, str] = field(default_factory=dict)
