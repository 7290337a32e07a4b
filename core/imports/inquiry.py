"""What an import asks of a site's Jira, as the app: which fields it has, and which accounts it knows.

Each question is asked once and within bounds; what got no answer is told as unchecked and taken as known,
since the document may well be right.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from core.accounts import is_nobody
from core.definition.fields import KNOWN, WORKLOG
from core.jira import Jira, Question
from core.outbound import Unreachable
from core.tenants import Tenant

_PATIENCE_SECONDS = 120.0
_ONE_CALL_SECONDS = 20.0
# Jira gives 200 at most; so many ids still make an address that servers take.
_ACCOUNTS_A_CALL = 90
_MOST_CALLS = 120
_FIELDS = "/rest/api/3/field"
_USERS = "/rest/api/3/user/bulk"


@dataclass
class Inquiry:
    """Questions to one tenant's Jira; `tenant` is None where it cannot be asked. `step` is called before each
    call, and ends it by raising."""

    jira: Jira
    tenant: Tenant | None
    step: Callable[[], object]
    _deadline: float = field(default_factory=lambda: time.monotonic() + _PATIENCE_SECONDS)

    def lacking(self, fields: Iterable[str]) -> set[str] | None:
        """Those of these fields that the site does not have; None where it could not be asked."""
        asked = {name for name in fields if name not in KNOWN and not name.startswith(WORKLOG)}
        if not asked:
            return set()
        try:
            answer = self._ask(Question("GET", _FIELDS))
        except Unreachable:
            return None
        if not isinstance(answer, list):
            return None
        return asked - {
            one["id"] for one in answer if isinstance(one, dict) and isinstance(one.get("id"), str)
        }

    def strangers(self, accounts: Sequence[str]) -> tuple[set[str], int]:
        """Those of these accounts that the site does not know, and how many it could not be asked about."""
        unknown = set(filter(is_nobody, accounts))
        accounts = [account for account in accounts if account not in unknown]
        for start in range(0, len(accounts), _ACCOUNTS_A_CALL):
            some = accounts[start : start + _ACCOUNTS_A_CALL]
            known = self._known(some) if start < _MOST_CALLS * _ACCOUNTS_A_CALL else None
            if known is None:
                return unknown, len(accounts) - start
            unknown |= {*some} - known
        return unknown, 0

    def _known(self, accounts: Sequence[str]) -> set[str] | None:
        query = {"accountId": accounts, "maxResults": [str(_ACCOUNTS_A_CALL)]}
        try:
            answer = self._ask(Question("GET", _USERS, query=query))
        except Unreachable:
            return None
        users = answer.get("values") if isinstance(answer, dict) else None
        if not isinstance(users, list):
            return None
        return {user["accountId"] for user in users if isinstance(user, dict) and _is_someone(user)}

    def _ask(self, question: Question) -> object:
        self.step()
        if self.tenant is None:
            raise Unreachable("there is nobody to ask as")
        deadline = min(self._deadline, time.monotonic() + _ONE_CALL_SECONDS)
        return self.jira.ask(self.tenant, question, deadline)


def _is_someone(user: dict[str, object]) -> bool:
    """Whether an account is still somebody's: Jira may tell of closed ones as `unknown`."""
    return isinstance(user.get("accountId"), str) and user.get("accountType") != "unknown"
