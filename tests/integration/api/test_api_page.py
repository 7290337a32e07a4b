from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import falcon.testing
import pytest

from tests.api_document import PAGE, described
from tests.integration.api.connect_site import Answering, Site
from tests.integration.api.honest_requests import Things, confirmation, filled, one_of_everything

EXAMPLES = re.findall(r"```http\n(\S+) (\S+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
# It was asked for and is not made yet.
NOT_YET = {
    "/api/v1/exports/{export_id}/file": 404,
    "/api/v1/imports/{import_id}/apply": 409,
    "/api/v1/purges/{purge_id}/receipt": 404,
}
# A deletion is a change.
VERSIONS = {"/api/v1/reports/{report_id}/restore": '"2"'}


@pytest.fixture(autouse=True)
def everyone_is_admin(jira: Answering) -> None:
    jira.answers["/rest/api/3/permissions/check"] = (200, b'{"globalPermissions": ["ADMINISTER"]}')


def success(method: str, template: str) -> int:
    responses = described()["paths"][template][method.lower()]["responses"]
    return NOT_YET.get(template, int(min(responses)))


def parsed(rest: str, template: str) -> tuple[dict[str, str], str]:
    """The headers and the body of an example."""
    head, _, body = rest.partition("\n\n")
    headers = dict(line.split(": ", 1) for line in head.strip().splitlines())
    if "If-Match" in headers:
        headers["If-Match"] = VERSIONS.get(template, headers["If-Match"])
    return headers, body


def with_ids(body: str, things: Things) -> str:
    body = re.sub(r'"confirm": "[^"]*"', f'"confirm": "{confirmation(things.site)["confirm"]}"', body)
    return re.sub(r'"report": "[0-9a-f-]{36}"', f'"report": "{things.report}"', body)


def names(examples: list[tuple[str, str, str]]) -> list[str]:
    return [f"{method} {template}" for method, template, _ in examples]


OWN = [example for example in EXAMPLES if not example[1].startswith("/connect/")]


@pytest.mark.parametrize(("method", "template", "rest"), OWN, ids=names(OWN))
def test_an_example_of_the_page_is_answered_as_it_says(
    new_site: Callable[[], Site], method: str, template: str, rest: str
) -> None:
    things = one_of_everything(new_site())
    headers, body = parsed(rest, template)

    result = things.site.call(
        method, filled(template, things), headers=headers, body=with_ids(body, things).encode()
    )

    assert result.status_code == success(method, template), result.text


def test_the_examples_of_callbacks_install_switch_and_remove_a_site(
    client: falcon.testing.TestClient,
) -> None:
    callbacks = {
        template.rpartition("/")[2]: rest for _, template, rest in EXAMPLES if "/connect/" in template
    }
    site = Site(client, "https://acme.atlassian.net", "5ec2a1", "what-the-site-and-the-add-on-sign-with")

    statuses: dict[str, Any] = {}
    for event in ("installed", "enabled", "disabled", "uninstalled"):
        _, body = parsed(callbacks[event], f"/connect/{event}")
        statuses[event] = site.callback(event, raw=body.encode()).status_code

    assert statuses == dict.fromkeys(("installed", "enabled", "disabled", "uninstalled"), 204)


def test_every_operation_has_an_example() -> None:
    operations = [
        f"{method.upper()} {template}"
        for template, path in described()["paths"].items()
        for method in path
        if method != "parameters"
    ]

    assert names(EXAMPLES) == operations
