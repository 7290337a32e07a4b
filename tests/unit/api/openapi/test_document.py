from __future__ import annotations

import re
from typing import Any, ClassVar

import falcon
import jsonschema
import pytest

from api.access import Access
from api.openapi.document import document
from api.openapi.resource import OpenApi
from core.shapes import Shape
from tests.api_document import described

DOCUMENT = described()
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
}


def every(member: str, part: Any) -> list[Any]:
    """All values of a member, wherever it stands."""
    if isinstance(part, list):
        return [found for item in part for found in every(member, item)]
    if not isinstance(part, dict):
        return []
    below = [found for item in part.values() for found in every(member, item)]
    return [part[member], *below] if member in part else below


def shape(schema: dict[str, Any]) -> Shape:
    return Shape({**schema, "components": DOCUMENT["components"]})


def test_a_method_that_is_not_described_keeps_the_document_from_being_made() -> None:
    class Undescribed:
        def on_get(self, _req: falcon.Request, _resp: falcon.Response) -> None:
            """Nothing."""

    with pytest.raises(LookupError, match="Undescribed does not describe GET"):
        document([("/api/v1/undescribed", Undescribed())])


def test_the_description_describes_itself() -> None:
    assert len(OPERATIONS) > 20
    assert OPERATIONS["GET /api/v1/openapi.json"]["security"] == []


def test_every_operation_has_an_id_of_its_own_and_says_what_it_does() -> None:
    ids = [operation["operationId"] for operation in OPERATIONS.values()]

    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z][A-Za-z]+", id_) for id_ in ids), ids
    assert all(operation["summary"] and operation["description"] for operation in OPERATIONS.values())


def test_every_reference_leads_somewhere_and_every_shape_is_used() -> None:
    references = set(every("$ref", DOCUMENT))

    schemas = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert {reference for reference in references if "/schemas/" in reference} == schemas
    assert references - schemas == {"#/components/headers/RequestId"}


@pytest.mark.parametrize("name", sorted(DOCUMENT["components"]["schemas"]))
def test_a_shape_is_a_json_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])


@pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if "requestBody" in one])
def test_the_example_of_a_body_fits_its_shape(name: str) -> None:
    [content] = OPERATIONS[name]["requestBody"]["content"].values()

    assert shape(content["schema"]).problems(content["example"]) == []


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_refusals_are_problems_and_follow_from_what_is_asked(name: str) -> None:
    operation = OPERATIONS[name]
    refusals = {status: answer for status, answer in operation["responses"].items() if status >= "400"}

    for answer in refusals.values():
        assert answer["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }
    assert ("401" in refusals) == bool(operation["security"])
    assert ("404" in refusals) == ("{" in name)
    assert ("415" in refusals) == ("requestBody" in operation)
    assert ("428" in refusals) == ("If-Match" in every("name", operation.get("parameters", [])))
    assert "500" not in refusals


def test_who_may_call_follows_from_the_declared_access() -> None:
    class Closed:
        operations: ClassVar = OpenApi.operations
        access: ClassVar = {"GET": Access.CALLER}

        def on_get(self, _req: falcon.Request, _resp: falcon.Response) -> None:
            """Nothing."""

    path = document([("/closed", Closed())])["paths"]["/closed"]

    assert path["get"]["security"] == [{"contextToken": []}]
