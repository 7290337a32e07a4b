"""The OpenAPI 3.1 document, made of what the resources declare."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from api.access import Access, declared_access
from api.openapi.components import COMPONENTS, reference
from api.openapi.operation import JSON, Answer, Header, Operation
from api.query import Parameter

_METHODS = ("GET", "POST", "PUT", "DELETE")
_NAME_IN_PATH = re.compile(r"{(\w+)}")
_PROBLEM = "application/problem+json"
_TOKEN = "contextToken"  # noqa: S105 - the scheme's name
_CALLBACK = "callbackToken"
_SCHEMES = {
    _TOKEN: "`JWT` and a context token of Jira's page, as `AP.context.getToken()` gives it.",
    _CALLBACK: "`JWT` and the token that Jira signs an installation's callback with.",
}
_RETRY_AFTER = Header(
    name="Retry-After",
    about="Seconds until another try makes sense.",
    schema={"type": "integer", "minimum": 0},
)
_CHALLENGE = Header(name="WWW-Authenticate", about="What proof is asked for.", schema={"type": "string"})
_OF_STATUS = {
    HTTPStatus.UNAUTHORIZED: _CHALLENGE,
    HTTPStatus.TOO_MANY_REQUESTS: _RETRY_AFTER,
    HTTPStatus.SERVICE_UNAVAILABLE: _RETRY_AFTER,
}
_IF_NONE_MATCH = Header(
    name="If-None-Match",
    about="The ETag of an answer that the caller still has.",
    schema={"type": "string"},
    required=False,
)
_REQUEST_ID = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
_UNCHANGED = {"description": "What the caller has is what would be answered.", "headers": _REQUEST_ID}
_OF_ALL = {
    HTTPStatus.BAD_REQUEST: "The request is not understood.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is longer than 256 KiB.",
}
_OF_TOKENS = {
    HTTPStatus.UNAUTHORIZED: "The token proves nothing.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Something that the service rests on gives no answer.",
}
_OF_PEOPLE = {HTTPStatus.TOO_MANY_REQUESTS: "The account or the site asks more often than it may."}
_OF_CALLERS = {HTTPStatus.FORBIDDEN: "The token names no account."}
_OF_ADMINS = {HTTPStatus.FORBIDDEN: "The caller does not administer the site."}
_OF_THINGS = {HTTPStatus.NOT_FOUND: "There is none, or none that the caller may see."}


def document(routes: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """The document of these routes. Raises LookupError where a method is not described."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Sightline", "version": "1", "description": inspect.cleandoc(_ABOUT)},
        "servers": [{"url": "/"}],
        "paths": {template: _path(template, resource) for template, resource in routes},
        "components": {
            "schemas": COMPONENTS,
            "headers": {
                "RequestId": {
                    "description": "The request's id, as the log has it.",
                    "required": True,
                    "schema": {"type": "string"},
                }
            },
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": "Authorization", "description": about}
                for name, about in _SCHEMES.items()
            },
        },
    }


_ABOUT = """
    Reports of Jira sites, as configurations: issues never come here. Bodies are JSON of at most 256 KiB; a
    member or parameter that is not known is refused. Times are RFC 3339 in UTC. Every refusal is a Problem.
    Answers to a proven caller say in `RateLimit-Policy` and `RateLimit` how often the account and its site
    may ask, and what is left of that.
"""


def methods_of(resource: object) -> list[str]:
    """The methods that a resource answers."""
    return [method for method in _METHODS if hasattr(resource, f"on_{method.lower()}")]


def operation_of(resource: object, method: str) -> Operation:
    """What a resource says of a method. Raises LookupError where it says nothing."""
    declared: Mapping[str, Operation] = getattr(resource, "operations", {})
    if method not in declared:
        raise LookupError(f"{type(resource).__name__} does not describe {method}")
    return declared[method]


def _path(template: str, resource: object) -> dict[str, Any]:
    path: dict[str, Any] = {
        method.lower(): _operation(template, resource, method) for method in methods_of(resource)
    }
    names = _NAME_IN_PATH.findall(template)
    if names:
        parts: Mapping[str, str] = getattr(resource, "parts", {})
        path["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": reference(parts.get(name, "Id"))}
            for name in names
        ]
    return path


def _operation(template: str, resource: object, method: str) -> dict[str, Any]:
    operation = operation_of(resource, method)
    access = declared_access(resource, method)
    described: dict[str, Any] = {
        "operationId": _operation_id(operation),
        "summary": operation.summary,
        "description": inspect.getdoc(getattr(resource, f"on_{method.lower()}")),
        "security": _security(access),
    }
    conditional = method == "GET" and template.startswith("/api/v1/") and _has_shape(operation)
    headers = (*operation.headers, _IF_NONE_MATCH) if conditional else operation.headers
    given = [*map(_header_parameter, headers), *_query_parameters(operation)]
    if given:
        described["parameters"] = given
    if operation.body:
        content = {"schema": reference(operation.body.shape), "example": operation.body.example}
        described["requestBody"] = {
            "required": operation.body.required,
            "content": {operation.body.media_type: content},
        }
    refusals = _refusals(operation, access, has_id="{" in template)
    described["responses"] = {
        **{str(status.value): _answer(answer) for status, answer in operation.answers.items()},
        **({str(HTTPStatus.NOT_MODIFIED.value): _UNCHANGED} if conditional else {}),
        **{str(status.value): _refusal(status, refusals[status]) for status in sorted(refusals)},
    }
    return described


def _has_shape(operation: Operation) -> bool:
    return any(answer.shape for answer in operation.answers.values())


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.summary.replace("'s", ""))
    return "".join([words[0].lower(), *(word.capitalize() for word in words[1:])])


def _security(access: Access | None) -> list[dict[str, list[str]]]:
    if access is Access.PUBLIC:
        return []
    return [{_CALLBACK if access is Access.SIGNED else _TOKEN: []}]


def _header_parameter(header: Header) -> dict[str, Any]:
    example = {"example": header.example} if header.example else {}
    return {
        "name": header.name,
        "in": "header",
        "description": header.about,
        "required": header.required,
        "schema": header.schema,
        **example,
    }


def _query_parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    parameter: Parameter
    for name, parameter in operation.query.items():
        yield {"name": name, "in": "query", "description": parameter.about, "schema": parameter.schema}


def _refusals(operation: Operation, access: Access | None, *, has_id: bool) -> dict[HTTPStatus, str]:
    """Every refusal; where there are two reasons for one status, both are told."""
    sources = [_OF_ALL]
    if access is not Access.PUBLIC:
        sources.append(_OF_TOKENS)
    if access not in {Access.PUBLIC, Access.SIGNED}:
        sources.append(_OF_PEOPLE)
    if access is Access.CALLER:
        sources.append(_OF_CALLERS)
    if access in {Access.SITE_ADMIN, Access.SITE_ADMIN_FRESH}:
        sources.append(_OF_ADMINS)
    if has_id:
        sources.append(_OF_THINGS)
    if operation.body:
        unread = f"The body is not {operation.body.media_type}."
        sources.append({HTTPStatus.UNSUPPORTED_MEDIA_TYPE: unread})
    told: dict[HTTPStatus, str] = {}
    for source in [*sources, operation.refusals]:
        for status, reason in source.items():
            told[status] = f"{told[status]} {reason}" if status in told else reason
    return told


def _answer(answer: Answer) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.about, "headers": _headers(answer.headers)}
    if answer.shape:
        others: dict[str, Any] = {media_type: {} for media_type in answer.media_types if media_type != JSON}
        described["content"] = {JSON: {"schema": reference(answer.shape)}, **others}
    elif answer.media_types != (JSON,):
        described["content"] = {media_type: {} for media_type in answer.media_types}
    return described


def _refusal(status: HTTPStatus, reason: str) -> dict[str, Any]:
    extra = _OF_STATUS.get(status)
    return {
        "description": reason,
        "headers": _headers((extra,) if extra else ()),
        "content": {_PROBLEM: {"schema": reference("Problem")}},
    }


def _headers(headers: Iterable[Header]) -> dict[str, Any]:
    own = {
        header.name: {"description": header.about, "required": header.required, "schema": header.schema}
        for header in headers
    }
    return {**own, **_REQUEST_ID}
