"""A client of the application that holds every answer to what the API's description says of it."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import Any

import falcon.testing

from core.shapes import Shape
from tests.api_document import described

_PROBLEM = "#/components/schemas/Problem"


class DescribedClient(falcon.testing.TestClient):
    """Fails with AssertionError where an answer is not as described."""

    def simulate_request(self, *arguments: Any, **options: Any) -> Any:
        """Asks, and looks at the answer."""
        result = super().simulate_request(*arguments, **options)
        method = options.get("method") or (arguments[0] if arguments else "GET")
        path = options.get("path") or (arguments[1] if len(arguments) > 1 else "/")
        check(method, path.partition("?")[0], result)
        return result


def check(method: str, path: str, result: falcon.testing.Result) -> None:
    """Whether the status, the media type and the body are those that the description has."""
    assert "X-Request-Id" in result.headers
    operation = _operation(method, path)
    if operation is None:
        return
    about = f"{method} {path} → {result.status_code}"
    if result.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        # Only where a test breaks something on purpose; no description promises it.
        assert _shape(_PROBLEM).problems(result.json) == [], about
        return
    answer = operation["responses"].get(str(result.status_code))
    assert answer is not None, f"{about} is not described: {result.text[:500]}"
    _check_headers(about, answer["headers"], result)
    content = answer.get("content", {})
    if not content:
        assert result.content == b"", about
        return
    media_type = result.headers["Content-Type"]
    assert media_type in content, f"{about} has {media_type}"
    if "schema" in content[media_type]:
        problems = _shape(content[media_type]["schema"]["$ref"]).problems(result.json)
        assert problems == [], f"{about}: {problems}"


def _check_headers(about: str, headers: dict[str, Any], result: falcon.testing.Result) -> None:
    for name, header in headers.items():
        required = header.get("required", True)
        assert not required or name in result.headers, f"{about} lacks {name}"
        if name in result.headers and header.get("schema", {}).get("pattern"):
            assert re.search(header["schema"]["pattern"], result.headers[name]), f"{about}: {name}"


@cache
def _document() -> dict[str, Any]:
    return described()


@cache
def _templates() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Each route as a pattern, those with fewer names in braces first."""
    paths = sorted(_document()["paths"].items(), key=lambda entry: entry[0].count("{"))
    return [
        (re.compile(re.sub(r"{\w+}", "[^/]+", template.replace(".", r"\."))), path)
        for template, path in paths
    ]


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for pattern, operations in _templates():
        if pattern.fullmatch(path):
            found: dict[str, Any] | None = operations.get(method.lower())
            return found
    return None


@cache
def _shape(reference: str) -> Shape:
    return Shape({"$ref": reference, "components": _document()["components"]})
