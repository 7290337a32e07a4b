from __future__ import annotations

import json
import os

import pytest

from api.app import all_routes, create_app
from api.openapi.document import methods_of
from api.services import Services
from tests.integration.api.conformance import ADDRESS, run, served
from tests.integration.api.connect_site import Answering, Site

LONG = bool(os.environ.get("SOAK"))
SEEDS = range(1, 5) if LONG else range(1, 2)
EXAMPLES = 200 if LONG else 8
LEAST_CALLS = 2_500


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("permissions", [["ADMINISTER"], []], ids=["admin", "plain account"])
def test_the_api_does_what_its_description_says(
    services: Services, site: Site, jira: Answering, permissions: list[str], seed: int
) -> None:
    answer = json.dumps({"globalPermissions": permissions}).encode()
    jira.answers["/rest/api/3/permissions/check"] = (200, answer)

    with served(create_app(services)) as url:
        done = run(url, site.token, seed=seed, examples=EXAMPLES)

    assert not done.failures, "\n\n".join(done.failures)
    assert done.calls.total() >= LEAST_CALLS
    routes = [(path, resource) for path, resource in all_routes(services) if path != ADDRESS]
    assert set(done.calls) == {f"{method} {path}" for path, one in routes for method in methods_of(one)}
    assert {200, 201, 204, 400, 401, 404, 405, 422, 428} <= set(done.statuses)
