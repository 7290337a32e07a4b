"""What people do with reports, 300 times a second for a minute."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing

import psycopg2

from bench.api.contestants import Contestant, our_server
from bench.api.data import Site, fill, make_sites
from bench.api.open_loop import Call, Outcome, Pace, send
from bench.api.servers import Database, Servers, port_of
from bench.result import Result
from core.setting_types import new_secret_key

SITES, REPORTS = 50, 50
PACE = Pace(rate=300, seconds=60, connections=64)
PATH = "/api/v1/reports"
# How often each is done, in a hundred.
MIX = {"list": 50, "read": 25, "change": 12, "create": 5, "star": 5, "delete": 3}
_SEED = 20_261_123
_COUNTS = "select count(*) filter (where deleted_at is null), sum(version) from reports"


class Person:
    """Somebody at one site, who knows the reports there: `own` to be changed, `public` to be read."""

    def __init__(self, site: Site, server: Contestant) -> None:
        self.token = site.token()
        items = json.loads(server.answer(f"{PATH}?limit=100", self.token))["items"]
        self.public = [item["id"] for item in items if item["visibility"] == "public"]
        self.own = deque((item["id"], item["version"]) for item in items if item["visibility"] == "private")


class Mix:
    """Draws the calls. A report is changed by one call at a time, so that each knows its version."""

    def __init__(self, people: list[Person]) -> None:
        self._people = people
        self._random = random.Random(_SEED)  # noqa: S311 - a benchmark's choice
        self._number = 0
        self._makers: dict[str, Callable[[Person], Call]] = {
            "list": self._list,
            "read": self._read,
            "change": self._change,
            "create": self._create,
            "star": self._star,
            "delete": self._delete,
        }

    def next_call(self) -> Call:
        """The next thing that somebody does."""
        self._number += 1
        kind = self._random.choices(list(MIX), list(MIX.values()))[0]
        person = self._people[self._number % len(self._people)]
        if kind in {"change", "delete"} and not person.own:
            kind = "create"
        return self._makers[kind](person)

    def _list(self, person: Person) -> Call:
        return Call(kind="list", method="GET", path=PATH, token=person.token, expected=200)

    def _read(self, person: Person) -> Call:
        path = f"{PATH}/{self._random.choice(person.public)}"
        return Call(kind="read", method="GET", path=path, token=person.token, expected=200)

    def _star(self, person: Person) -> Call:
        method = self._random.choice(["PUT", "DELETE"])
        path = f"{PATH}/{self._random.choice(person.public)}/star"
        return Call(kind="star", method=method, path=path, token=person.token, expected=204)

    def _create(self, person: Person) -> Call:
        body = {"name": f"Made under load {self._number}", "definition": _definition(self._number)}
        return Call(
            kind="create",
            method="POST",
            path=PATH,
            token=person.token,
            expected=201,
            headers={"Idempotency-Key": f"load-{self._number}"},
            body=json.dumps(body).encode(),
            then=lambda answer: _keep(person, answer),
        )

    def _change(self, person: Person) -> Call:
        report_id, version = person.own.popleft()
        body = {"name": f"Changed under load {self._number}", "definition": _definition(self._number)}
        return Call(
            kind="change",
            method="PUT",
            path=f"{PATH}/{report_id}",
            token=person.token,
            expected=200,
            headers={"If-Match": f'"{version}"'},
            body=json.dumps(body).encode(),
            then=lambda answer: _keep(person, answer),
        )

    def _delete(self, person: Person) -> Call:
        report_id, version = person.own.popleft()
        return Call(
            kind="delete",
            method="DELETE",
            path=f"{PATH}/{report_id}",
            token=person.token,
            expected=204,
            headers={"If-Match": f'"{version}"'},
        )


def measure(servers: Servers) -> list[Result]:
    """The latency of the mix, each call's from when it was due."""
    key, sites = new_secret_key(), make_sites(SITES)
    database = servers.database("steady")
    fill(database.owner, key, sites, REPORTS)
    with our_server(servers, database, key) as ours:
        mix = Mix([Person(site, ours) for site in sites])
        before = _counts(database)
        outcomes = send(port_of(ours.url), mix.next_call, PACE)
    _require_kept(before, _counts(database), outcomes)
    return [_result(outcomes)]


def _keep(person: Person, answer: bytes) -> None:
    report = json.loads(answer)
    person.own.append((report["id"], report["version"]))


def _definition(number: int) -> dict[str, object]:
    return {
        "jql": f"project = TEAM AND created >= -{number % 365}d",
        "columns": [{"of": {"field": "issuekey"}}, {"of": {"field": "summary"}}],
    }


def _counts(database: Database) -> tuple[int, int]:
    """How many reports there are, and how often all of them were written."""
    with closing(psycopg2.connect(database.owner)) as connection, connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        there, written = cursor.fetchone() or (0, 0)
        return there, written


def _require_kept(before: tuple[int, int], after: tuple[int, int], outcomes: list[Outcome]) -> None:
    """What was confirmed is in the database, and nothing else."""
    done = Counter(outcome.kind for outcome in outcomes if outcome.status == outcome.expected)
    failed = Counter(outcome.kind for outcome in outcomes if outcome.status != outcome.expected)
    if not failed.keys() & {"create", "change", "delete"}:
        assert after[0] - before[0] == done["create"] - done["delete"]
        assert after[1] - before[1] == done["create"] + done["change"] + done["delete"]


def _result(outcomes: list[Outcome]) -> Result:
    wrong = Counter(f"{o.kind} {o.status}" for o in outcomes if o.status != o.expected)
    for kind in MIX:
        times = [outcome.latency for outcome in outcomes if outcome.kind == kind]
        p50, p99 = _at(times, 0.5) * 1000, _at(times, 0.99) * 1000
        sys.stdout.write(f"        {kind:<8}{len(times):6}{p50:8.1f} ms p50{p99:8.1f} ms p99\n")
    latencies = [outcome.latency for outcome in outcomes]
    return Result(
        name=f"reading and changing reports, {PACE.rate:g} requests/s for {PACE.seconds:g} s: p99",
        value=round(_at(latencies, 0.99) * 1000, 1),
        unit="ms",
        bound=f"no errors, has {sum(wrong.values())} {dict(wrong) or ''}".rstrip()
        + f"; p50 is {_at(latencies, 0.5) * 1000:.1f} ms",
        met=not wrong,
    )


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]
