"""`/api/v1/accounts/{account_id}/reports`: what somebody who left looked after, for the site's admins."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

import falcon

from api.access import Access
from api.authentication import caller_of
from api.openapi import Answer, Operation
from api.problems import Refusal
from api.query import LIMIT, Parameter, parameters
from api.report_answers import JSON
from api.services import Services
from core.reports import Reports
from core.tokens import is_account_id

_PARAMETERS: Mapping[str, Parameter] = {
    "limit": LIMIT,
    "cursor": Parameter(
        "Where to go on: `next` of the page before.",
        {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        UUID,
    ),
}


class AccountReports:
    """The reports that an account administers."""

    access: ClassVar = {"GET": Access.SITE_ADMIN_FRESH}
    parts: ClassVar = {"account_id": "AccountId"}
    operations: ClassVar = {
        "GET": Operation(
            summary="List what an account administers",
            query=_PARAMETERS,
            answers={HTTPStatus.OK: Answer("A page of them.", "AdministeredPage")},
        )
    }

    def __init__(self, reports: Reports) -> None:
        self._reports = reports

    def on_get(self, req: falcon.Request, resp: falcon.Response, account_id: str) -> None:
        """All of them, private ones and those deleted within 30 days included, the oldest first.

        It tells that they exist and who else administers them, so that they can be taken over; no name and
        nothing of their content, which stays with those who see them.
        """
        if not is_account_id(account_id):
            raise Refusal(HTTPStatus.NOT_FOUND, "That is no account's id.")
        asked = parameters(req, _PARAMETERS)
        resp.content_type = JSON
        resp.text = self._reports.administered_by(caller_of(req), account_id, **asked)


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/api/v1/accounts/{account_id}/reports", AccountReports(services.reports))]
