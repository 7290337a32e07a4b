from __future__ import annotations

import falcon.testing
import pytest

from tests.api_document import described

ADDRESS = "/api/v1/openapi.json"


def test_anyone_may_read_the_description_which_tells_nothing_of_an_installation(
    client: falcon.testing.TestClient,
) -> None:
    result = client.simulate_get(ADDRESS)

    assert result.status_code == 200
    assert result.headers["Content-Type"] == "application/json"
    assert result.json == described()


@pytest.mark.parametrize("known", ["{tag}", 'W/{tag}, "other"', "*"])
def test_the_description_is_sent_once_to_who_keeps_it(client: falcon.testing.TestClient, known: str) -> None:
    tag = client.simulate_get(ADDRESS).headers["ETag"]

    result = client.simulate_get(ADDRESS, headers={"If-None-Match": known.format(tag=tag)})

    assert result.status_code == 304
    assert result.content == b""
    assert result.headers["ETag"] == tag
    assert client.simulate_get(ADDRESS, headers={"If-None-Match": '"other"'}).status_code == 200
