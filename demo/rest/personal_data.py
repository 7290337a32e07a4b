"""What Atlassian tells an app whose accounts it holds ids of: whose have been closed. Not part of REST v3.

Source: Atlassian's user privacy guide for apps.
"""

from __future__ import annotations

from demo.issues.model import Json
from demo.issues.site import Site
from demo.rest.call import Answer, Call, JiraError

PATH = "/rest/atlassian-connect/latest/report-accounts"
MOST_REPORTED = 90
_MEMBERS = {"accountId", "updatedAt"}


def report_accounts(site: Site, call: Call) -> Answer:
    """POST PATH, for apps alone: 200 with the accounts that were closed, 204 where none was."""
    if call.account is not None:
        raise JiraError(403, "Only apps may report accounts.")
    given = call.body(accounts=list).get("accounts", [])
    if not 1 <= len(given) <= MOST_REPORTED:
        raise JiraError(400, f"1 to {MOST_REPORTED} accounts may be reported at once.")
    ids = [_account_id(entry) for entry in given]
    if len(set(ids)) < len(ids):
        raise JiraError(400, "An account may be reported once.")
    closed = [id_ for id_ in ids if (account := site.account(id_)) and not account.active]
    told = [{"accountId": id_, "status": "closed"} for id_ in closed]
    return Answer({"accounts": told}) if told else Answer(None, status=204)


def _account_id(entry: Json) -> str:
    if not isinstance(entry, dict) or set(entry) != _MEMBERS:
        raise JiraError(400, "An account has the members accountId and updatedAt.")
    if not all(isinstance(value, str) for value in entry.values()):
        raise JiraError(400, "accountId and updatedAt are texts.")
    return str(entry["accountId"])
