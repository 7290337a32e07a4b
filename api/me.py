"""`/api/v1/me`: who the caller is to us."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import ClassVar

import falcon

from api.access import Access
from api.authentication import caller_of
from api.openapi import Answer, Operation
from api.services import Services
from core.notices import notices_of


class Me:
    """The caller, with their rights and what they should be told."""

    access: ClassVar = {"GET": Access.CALLER}
    operations: ClassVar = {
        "GET": Operation(summary="Say who calls", answers={HTTPStatus.OK: Answer("The caller.", "Me")})
    }

    def __init__(self, services: Services) -> None:
        self._database = services.database
        self._rights = services.rights

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Says who calls, and whether as an administrator; `unchecked` where Jira gave no answer.

        Notices are for administrators alone.
        """
        caller = caller_of(req)
        # Before Jira is asked: a tenant that is gone is refused here.
        notices = notices_of(self._database, caller)
        right = self._rights.site_admin(caller.tenant, caller.account_id)
        resp.media = {
            "account_id": caller.account_id,
            "host": caller.host,
            "admin": right.granted,
            "notices": notices if right.granted else [],
            **({"unchecked": True} if right.unchecked else {}),
        }


def routes(services: Services) -> Iterable[tuple[str, object]]:
    """This module's routes."""
    return [("/api/v1/me", Me(services))]
