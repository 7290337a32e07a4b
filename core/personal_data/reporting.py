"""Reporting the accounts that we hold ids of to Atlassian, which says whose have been closed.

1. Once a cycle, for each tenant where the app is active, every account that it holds is reported: in the
   order of hashes, 90 a call at most, each with the time since when we have it.
2. An account that was closed is taken out of the tenant. Only then the call is noted as done, so that no kill
   loses a closure: one between Atlassian's answer and the note repeats that one call, which is the lesser
   evil. The order stays the same, so that the rest goes on where it was.
3. Where Atlassian asks for a pause (429, 503), fails (5xx) or gives no answer, the task is put off and goes
   on from there, later each time. A call that it finds wrong (400) is made again by halves, so that one odd
   id keeps none of the others from being reported.
4. `updated` asks for nothing: names, addresses and pictures are never stored here, only ids.
Source: Atlassian's user privacy guide for apps.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from core.durations import parse_duration
from core.jira import Jira, Question
from core.outbound import Answer, Unreachable
from core.personal_data.cycles import Cycle
from core.tenants import Tenant

MOST_A_CALL = 90
PATH = "/rest/atlassian-connect/latest/report-accounts"
SECONDS_A_CALL = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
# What only somebody's doing changes, such as a token that is refused.
_LONG_PAUSE = timedelta(hours=1)


class Trouble(Exception):
    """Atlassian cannot take the call now; `pause` says when to try again."""

    def __init__(self, reason: str, pause: timedelta) -> None:
        super().__init__(reason)
        self.pause = pause


class NothingTaken(Exception):
    """Atlassian finds every single account of a call wrong, so that the fault is elsewhere."""


@dataclass(frozen=True)
class Held:
    """An account and since when we have it. `place` is where it stands in the order of reporting."""

    account: str
    since: datetime
    place: bytes


@dataclass(frozen=True)
class Told:
    """What a call came to."""

    closed: tuple[str, ...] = ()
    updated: int = 0
    refused: int = 0
    calls: int = 1
    period: timedelta | None = None

    def with_(self, other: "Told") -> "Told":
        """Both together."""
        return Told(
            self.closed + other.closed,
            self.updated + other.updated,
            self.refused + other.refused,
            self.calls + other.calls,
            other.period or self.period,
        )


def in_order(tenant_id: UUID, accounts: Mapping[str, datetime], after: bytes) -> list[Held]:
    """The accounts that are still to be reported, those up to the place `after` being done."""
    placed = [Held(a, since, _place(tenant_id, a)) for a, since in accounts.items()]
    return sorted((held for held in placed if held.place > after), key=lambda held: held.place)


def batches(accounts: Sequence[Held]) -> Iterator[Sequence[Held]]:
    """As many accounts as a call may hold, again and again."""
    for start in range(0, len(accounts), MOST_A_CALL):
        yield accounts[start : start + MOST_A_CALL]


@dataclass(frozen=True)
class Reporter:
    """Makes the calls for one tenant."""

    jira: Jira
    tenant: Tenant

    def report(self, accounts: Sequence[Held], cycle: Cycle) -> Told:
        """Reports at most MOST_A_CALL accounts. Raises Trouble and NothingTaken."""
        told = self._report(accounts, cycle)
        if told.refused == len(accounts) > 1:
            raise NothingTaken
        return told

    def _report(self, accounts: Sequence[Held], cycle: Cycle) -> Told:
        answer = self._answer(accounts, cycle)
        if answer.status == HTTPStatus.BAD_REQUEST:
            if len(accounts) == 1:
                return Told(refused=1)
            middle = len(accounts) // 2
            return self._report(accounts[:middle], cycle).with_(self._report(accounts[middle:], cycle))
        period = _period(answer)
        if answer.status == HTTPStatus.NO_CONTENT:
            return Told(period=period)
        if answer.status == HTTPStatus.OK:
            return replace(_read(answer, {held.account for held in accounts}), period=period)
        raise Trouble(f"Atlassian answered {answer.status}.", self._pause(answer, cycle))

    def _answer(self, accounts: Sequence[Held], cycle: Cycle) -> Answer:
        body = {"accounts": [{"accountId": h.account, "updatedAt": _time(h.since)} for h in accounts]}
        try:
            deadline = time.monotonic() + SECONDS_A_CALL
            return self.jira.tell(self.tenant, Question("POST", PATH, body=body), deadline)
        except Unreachable as error:
            raise Trouble("The site gives no answer.", _growing(cycle.troubles)) from error

    def _pause(self, answer: Answer, cycle: Cycle) -> timedelta:
        asked = self.jira.retry_after(answer)
        if asked is not None:
            return min(timedelta(seconds=max(asked, 1)), timedelta(days=1))
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return _growing(cycle.troubles)
        return _LONG_PAUSE


def _read(answer: Answer, asked: set[str]) -> Told:
    """What a 200 says of the accounts that were asked about; others are none of its business."""
    try:
        found = {entry["accountId"]: entry["status"] for entry in json.loads(answer.body)["accounts"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Trouble("Atlassian answered something else than was agreed on.", _LONG_PAUSE) from error
    closed = sorted(a for a, status in found.items() if status == "closed" and a in asked)
    updated = sum(status == "updated" and a in asked for a, status in found.items())
    return Told(tuple(closed), updated)


def _period(answer: Answer) -> timedelta | None:
    try:
        return parse_duration((answer.cycle_period or "").strip())
    except ValueError:
        return None


def _growing(troubles: int) -> timedelta:
    return min(_FIRST_PAUSE * (1 << min(troubles, 16)), _LONGEST_PAUSE)


def _place(tenant_id: UUID, account: str) -> bytes:
    return hashlib.sha256(tenant_id.bytes + account.encode()).digest()


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
