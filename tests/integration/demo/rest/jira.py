"""Calls of the REST API as one account or as the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import falcon
from falcon.testing import Result, TestClient

from demo.issues import Account, Site
from demo.rest import create_rest

PREFIX = "/rest/api/3"


class SignedIn:
    """Stands where the gateway stands: says who calls, keeps what the call cost."""

    account: Account | None = None
    points = 0

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        req.context.account = self.account

    def process_response(
        self, _req: falcon.Request, resp: falcon.Response, _resource: object, _succeeded: bool
    ) -> None:
        self.points = resp.context.points


class Jira:
    """Calls the API as one account or as the app."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.caller = SignedIn()
        self.caller.account = site.accounts()[0]
        self._client = TestClient(create_rest(site, [self.caller]))

    def as_(self, account: Account | None) -> Jira:
        """The same site for somebody else."""
        other = Jira(self.site)
        other.caller.account = account
        return other

    def get(self, path: str, **params: Any) -> Result:
        return self._client.simulate_get(PREFIX + path, params=params)

    def post(self, path: str, body: Any, **params: Any) -> Result:
        return self._client.simulate_post(PREFIX + path, json=body, params=params)

    def raw(self, path: str, body: str, content_type: str) -> Result:
        return self._client.simulate_post(PREFIX + path, body=body, content_type=content_type)

    def pages(self, jql: str, **body: Any) -> Iterator[list[Any]]:
        """Every page of a search."""
        token: dict[str, str] = {}
        while True:
            answer = self.post("/search/jql", {"jql": jql, **body, **token})
            assert answer.status_code == 200, answer.text
            assert answer.json["isLast"] == ("nextPageToken" not in answer.json)
            yield answer.json["issues"]
            if answer.json["isLast"]:
                return
            token = {"nextPageToken": answer.json["nextPageToken"]}

    def all(self, jql: str, **body: Any) -> list[Any]:
        """Every issue of a search."""
        return [issue for page in self.pages(jql, **body) for issue in page]
