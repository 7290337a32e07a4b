"""Questions to a tenant's Jira, asked as the app and within a deadline.

1. A site that failed several times in a row, or asked for a pause, is not called at all (`Breaker`).
2. A try that met a network fault, 429 or 5xx is made again, after what Retry-After says or else after a pause
   that doubles, with jitter (Atlassian's advice on rate limits, with shorter pauses as a person waits).
3. No pause and no try goes beyond the deadline; a longer Retry-After becomes the site's pause.

Everything asked here may be asked twice: it changes nothing in Jira.
"""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode, urlsplit

from core.breaker import Breaker
from core.outbound import Answer, Outbound, Unreachable
from core.tenants import Tenant
from core.tokens import sign_app_token

_OK = 200
_WORTH_ANOTHER_TRY = frozenset({429, 500, 502, 503, 504})
_TRIES = 3
_FIRST_PAUSE = 0.2
_JITTER = (0.7, 1.3)


@dataclass(frozen=True)
class Question:
    """A call to Jira's REST API: a path below the site's address, with a query or a body as JSON.

    A parameter of the query may have several values.
    """

    method: str
    path: str
    query: Mapping[str, str | Sequence[str]] | None = None
    body: object = None


class Jira:
    """Asks any tenant's Jira. `clock` times the breaker's pauses, `now` is the time in tokens."""

    def __init__(
        self,
        outbound: Outbound,
        *,
        app_key: str,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._outbound = outbound
        self._app_key = app_key
        self._now = now
        self._wait = wait
        self._breaker = Breaker(clock=clock)

    def ask(self, tenant: Tenant, question: Question, deadline: float) -> object:
        """Jira's answer, parsed. `deadline` is a time of `time.monotonic`.

        Raises Unreachable, for any status but 200 too.
        """
        if tenant.secret is None:
            raise Unreachable("the tenant has no secret")
        if time.monotonic() >= deadline:
            raise Unreachable("there is no time left")
        if not self._breaker.admits(tenant.base_url):
            raise Unreachable("the site is left alone for a while")
        answer = self._reported(tenant, question, tenant.secret, deadline)
        if answer.status != _OK:
            raise Unreachable(f"Jira answered {answer.status}")
        return _json(answer.body)

    def tell(self, tenant: Tenant, question: Question, deadline: float) -> Answer:
        """One call, whatever comes of it: for whoever has patience of their own. Raises Unreachable."""
        if tenant.secret is None:
            raise Unreachable("the tenant has no secret")
        return self._sent(tenant, question, tenant.secret, deadline)

    def _reported(self, tenant: Tenant, question: Question, secret: str, deadline: float) -> Answer:
        """The last try's answer; the breaker learns how it went."""
        try:
            answer = self._tried(tenant, question, secret, deadline)
        except Unreachable:
            self._breaker.failed(tenant.base_url)
            raise
        if answer.status in _WORTH_ANOTHER_TRY:
            self._breaker.failed(tenant.base_url, pause=self.retry_after(answer))
        else:
            self._breaker.succeeded(tenant.base_url)
        return answer

    def _tried(self, tenant: Tenant, question: Question, secret: str, deadline: float) -> Answer:
        for attempt in range(_TRIES):
            outcome = self._outcome(tenant, question, secret, deadline)
            pause = _backoff(attempt)
            if isinstance(outcome, Answer):
                if outcome.status not in _WORTH_ANOTHER_TRY:
                    return outcome
                pause = self.retry_after(outcome) or pause
            if attempt == _TRIES - 1 or time.monotonic() + pause >= deadline:
                break
            self._wait(pause)
        if isinstance(outcome, Unreachable):
            raise outcome
        return outcome

    def _outcome(
        self, tenant: Tenant, question: Question, secret: str, deadline: float
    ) -> Answer | Unreachable:
        try:
            return self._sent(tenant, question, secret, deadline)
        except Unreachable as error:
            return error

    def _sent(self, tenant: Tenant, question: Question, secret: str, deadline: float) -> Answer:
        base_path = urlsplit(tenant.base_url).path.rstrip("/")
        query = urlencode(question.query or {}, doseq=True, quote_via=quote)
        token = sign_app_token(
            self._app_key,
            secret,
            method=question.method,
            path=base_path + question.path,
            query=query,
            base_path=base_path,
            now=self._now(),
        )
        headers = {"Authorization": f"JWT {token}", "Accept": "application/json"}
        body = None
        if question.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(question.body).encode()
        url = tenant.base_url.rstrip("/") + question.path + (f"?{query}" if query else "")
        return self._outbound.request(
            question.method, url, headers=headers, body=body, timeout=deadline - time.monotonic()
        )

    def retry_after(self, answer: Answer) -> float | None:
        """What Retry-After says, in seconds: a number of them, or a date (RFC 9110, 10.2.3)."""
        text = (answer.retry_after or "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - datetime.fromtimestamp(self._now(), UTC)).total_seconds(), 0.0)


def _backoff(attempt: int) -> float:
    # Not a secret: spreads out tries that failed together.
    return _FIRST_PAUSE * 2.0**attempt * random.uniform(*_JITTER)  # noqa: S311


def _json(body: bytes) -> object:
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreachable("Jira answered something that is no JSON") from error
    return value
