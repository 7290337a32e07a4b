from __future__ import annotations

import json
import time
from typing import Any

import falcon.testing
import jwt
import pytest

from tests.integration.api.connect_site import KEY, Answering, Site
from tests.mutations import LONG, Mutator, seed_of

CALLS = 30_000 if LONG else 1_500
EVENTS = ["installed", "uninstalled", "enabled", "disabled"]


class Caller:
    """Sends mangled tokens, addresses and bodies to the whole application."""

    def __init__(self, site: Site, seed: int) -> None:
        self._site = site
        self._mutator = Mutator(seed)

    def call(self) -> tuple[str, falcon.testing.Result]:
        event = self._mutator.choice([None, *EVENTS])
        return ("api", self._read()) if event is None else (event, self._callback(event))

    def _read(self) -> falcon.testing.Result:
        query = self._mutator.text("search=a&limit=5&sort=name") if self._mutator.chance() < 0.3 else ""
        token = self._token({"typ": "JWT", "alg": "HS256"}, self._site.claims(qsh="context-qsh", sub="ada"))
        headers = {"Authorization": f"JWT {token}"}
        return self._site.client.simulate_get(
            "/api/v1/reports", headers=headers, query_string=ascii_of(query)
        )

    def _callback(self, event: str) -> falcon.testing.Result:
        path = f"/connect/{event}"
        algorithm = "RS256" if event.endswith("installed") else "HS256"
        # The time goes back with each event, so that none that gets through changes the site.
        honest = self._site.install_token(path, iat=int(time.time()) - 30)
        claims = jwt.decode(honest, options={"verify_signature": False})
        token = self._token({"typ": "JWT", "alg": algorithm, "kid": "the-key"}, claims)
        query = self._mutator.text("a=1&b=%C3%A4") if self._mutator.chance() < 0.2 else ""
        body: Any = json.dumps(self._site.body(event, sharedSecret=self._site.secret))
        if self._mutator.chance() < 0.3:
            body = self._mutator.text(body)
        return self._site.client.simulate_post(
            f"{path}?{ascii_of(query)}",
            headers={"Authorization": f"JWT {token}", "Content-Type": "application/json"},
            body=body.encode("utf-8", "replace"),
        )

    def _token(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """Signed by whoever is meant to sign it; with RSA seldom, as that takes long."""
        content = ".".join(self._mutator.token(header, claims))
        data = content.encode("utf-8", "replace")
        if header["alg"] == "RS256" and self._mutator.chance() < 0.5:
            signature = jwt.get_algorithm_by_name("RS256").sign(data, KEY)
        else:
            signature = jwt.get_algorithm_by_name("HS256").sign(data, self._site.secret.encode())
        return latin_of(f"{content}.{jwt.utils.base64url_encode(signature).decode()}")


def latin_of(text: str) -> str:
    """What a header can carry."""
    return text.encode("latin-1", "ignore").decode("latin-1").replace("\r", "").replace("\n", "")


def ascii_of(text: str) -> str:
    """What an address can carry; Falcon's client takes no second question mark at its beginning."""
    return text.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "").lstrip("?")


@pytest.mark.parametrize("number", range(4 if LONG else 1))
def test_nothing_that_a_stranger_sends_is_an_error_of_ours(
    site: Site, number: int, key_server: Answering
) -> None:
    seed = seed_of(number)
    caller = Caller(site, seed)
    asked = len(key_server.asked)
    found: dict[str, set[int]] = {}
    for call in range(CALLS):
        route, result = caller.call()
        found.setdefault(route, set()).add(result.status_code)
        assert result.status_code < 500 or is_a_key_not_to_be_had(route, result), (seed, call, result.text)

    assert site.call("GET", "/api/v1/reports").status_code == 200
    assert {200, 401} <= found["api"]
    assert {204, 401} <= found["installed"]
    # As many as the allowance has at once, and what it gains in the time that this takes.
    assert LONG or len(key_server.asked) - asked < 100


def is_a_key_not_to_be_had(route: str, result: falcon.testing.Result) -> bool:
    """Where the keys' server was asked for made-up ids too often, it is not asked for a while."""
    return route.endswith("installed") and result.status_code == 503 and "Retry-After" in result.headers
