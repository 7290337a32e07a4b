"""Issues at the edges of the calendar and of Jira's shapes.

Changes of the clock, turns of the year, names shared by projects, sub-tasks beside and apart from their
parents, empty and zero.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.oracle.case import Json

NOW = 1_711_854_000_000  # 2024-03-31T03:00:00Z, two hours after Berlin's clocks went forward

_TURNS = [
    "2023-03-12T07:00", "2023-11-05T06:00", "2024-03-10T07:00", "2024-11-03T06:00",  # New York
    "2023-03-26T01:00", "2023-10-29T01:00", "2024-03-31T01:00", "2024-10-27T01:00",  # Berlin
    "2011-03-13T03:31", "2011-11-06T02:31", "2024-03-10T05:30", "2024-11-03T04:30",  # Newfoundland
    "2009-11-01T02:31", "2010-11-07T02:31",  # there the clock went back into the day before
    "2020-12-31T18:30", "2024-02-28T18:30", "2024-02-29T18:30",  # midnight in India
    "2020-12-28T00:00", "2021-01-03T23:00", "2021-01-04T00:00", "2018-12-31T00:00", "2015-12-28T00:00",
    "2009-12-28T00:00", "2010-01-03T00:00", "2026-12-31T00:00", "2027-01-01T00:00",  # ISO years
    "2023-04-01T00:00", "2023-07-01T00:00", "2023-10-01T00:00", "2024-01-01T00:00",  # fiscal years
]  # fmt: skip
_STATUSES = [
    ("1", "Open", "new"),
    ("3", "In Progress", "indeterminate"),
    ("5", "Done", "done"),
    ("9", "Odd", "x"),
]
_PEOPLE = ["Ada", "ada", "Ärne", "Zoë", "Sam", "Sam", "Émile", "Ötzi", "O'Neil", "10", "9"]
_CASCADES = [
    ("1", "Hardware", None), ("1", "Hardware", ("11", "Laptop")), ("1", "Hardware", ("12", "Phone 9")),
    ("1", "Hardware", ("13", "Phone 10")), ("2", "Software", None), ("2", "Software", ("21", "Laptop")),
]  # fmt: skip
# As apps keep them: one id for what differs, names in several places, numbers, lists, JSON within a text.
_APP_VALUES: list[Any] = [
    "plain", "", 42, 7.5, {}, {"id": "7", "name": "Gold"}, {"id": "7", "name": "Silver"},
    {"id": "8", "title": "Bronze"}, [{"value": "b"}, {"value": "a"}], [],
    {"size": 3, "mimeType": "text/plain"}, '{"name": "within"}',
]  # fmt: skip
_LABELS = ["a", "A", "B10", "B9", "ä", "z", "_x", "-y", "été", "one two"]


def issues(count: int = 700, seed: int = 5) -> list[Json]:
    """`count` issues, the same for the same seed."""
    draw = _Draw(random.Random(seed))  # noqa: S311  no secret
    made: list[Json] = []
    for number in range(count):
        made.append(draw.issue(number, made))
    _add_sigma(made)
    return made


class _Draw:
    def __init__(self, source: random.Random) -> None:
        self._random = source

    def issue(self, number: int, earlier: list[Json]) -> Json:
        project = self._random.randrange(3)
        parents = [one for one in earlier[-40:] if not one["fields"]["issuetype"]["subtask"]]
        parent = self._random.choice(parents) if parents and self._random.random() < 0.35 else None
        type_ = (
            ("5", "Sub-task", True)
            if parent
            else self._random.choice([("1", "Bug", False), ("2", "Task", False)])
        )
        fields = {
            "summary": self._random.choice(
                ["Crash", "crash", "Login ö", "zzz", "The end", "10 things", "9 things"]
            ),
            "project": {
                "id": str(project),
                "key": f"P{project}",
                "name": ["Alpha", "Beta", "Alpha"][project],
            },
            "issuetype": {"id": type_[0], "name": type_[1], "subtask": type_[2]},
            "parent": parent and {"id": parent["id"], "key": parent["key"]},
            **self._people_and_states(),
            **self._several(project),
            **self._numbers(),
            **self._dates(),
            **self._shapes(),
        }
        return {"id": str(5000 + number), "key": f"P{project}-{number}", "fields": fields}

    def _maybe(self, value: object, part: float = 0.8) -> object:
        return value if self._random.random() < part else None

    def _people_and_states(self) -> Json:
        status, priority = self._random.choice(_STATUSES), self._random.randint(1, 6)
        person = self._random.randrange(len(_PEOPLE))
        return {
            "status": {"id": status[0], "name": status[1], "statusCategory": {"key": status[2]}},
            "priority": self._maybe({"id": str(priority), "name": f"Urgency {priority}"}),
            "resolution": self._maybe({"id": "1", "name": "Done"}, 0.5),
            "assignee": self._maybe(self._person(person)),
            "reporter": self._person(1),
        }

    def _several(self, project: int) -> Json:
        """Components and versions have an id of their own in each project, and names that others share."""
        components = self._random.sample(range(6), self._random.randint(0, 3))
        versions = self._random.sample(range(12), self._random.randint(0, 2))
        sprints = self._random.sample(range(9), self._random.randint(0, 2))
        return {
            "components": [{"id": str(100 * project + at), "name": f"Part {at}"} for at in components],
            "fixVersions": [self._version(project, at) for at in versions],
            "versions": self._maybe([self._version(project, at) for at in versions[:1]]),
            "labels": self._random.sample(_LABELS, self._random.randint(0, 3)),
            "customfield_10020": self._maybe([self._sprint(at) for at in sprints]),
        }

    def _shapes(self) -> Json:
        id_, value, child = self._random.choice(_CASCADES)
        below = {"child": {"id": child[0], "value": child[1]}} if child else {}
        people = self._random.sample(range(len(_PEOPLE)), self._random.randint(0, 3))
        return {
            "customfield_10990": self._maybe({"id": id_, "value": value, **below}),
            "customfield_10991": self._maybe([self._person(at) for at in people]),
            "customfield_10992": self._maybe(self._random.choice(_APP_VALUES), 0.9),
        }

    def _person(self, at: int) -> Json:
        return {"accountId": f"u{at}", "displayName": _PEOPLE[at], "active": True}

    def _version(self, project: int, at: int) -> Json:
        released = {"releaseDate": f"2023-{at + 1:02}-15"} if at % 3 else {}
        return {"id": str(1000 * (project + 1) + at), "name": f"{at}.0", **released}

    def _sprint(self, at: int) -> Json:
        begun = {"startDate": f"2024-0{9 - at}-01T09:00:00.000Z"} if at % 4 else {}
        return {"id": at + 1, "name": f"Sprint {at + 5}", "state": "closed", **begun}

    def _numbers(self) -> Json:
        seconds = [0, 60, 1800, 3600, 5400, 28_800, 144_000]
        points = [0, 0.1, 0.3, 0.5, 1, 2, 3, 5, 8, 1234.56]
        return {
            "customfield_10016": self._maybe(self._random.choice(points), 0.7),
            "comment": {"total": self._random.randrange(5)},
            **{id_: self._maybe(self._random.choice(seconds)) for id_ in
               ("timeoriginalestimate", "timeestimate", "timespent")},
        }  # fmt: skip

    def _dates(self) -> Json:
        created = self._moment()
        updated = created + timedelta(hours=self._random.randrange(2000))
        return {
            "created": _written(created, self._random.choice([0, 120, -210, 330])),
            "updated": _written(updated, 0),
            "resolutiondate": self._maybe(_written(updated, 60), 0.5),
            "duedate": self._maybe(str((created + timedelta(days=self._random.randrange(60))).date())),
        }

    def _moment(self) -> datetime:
        turn = datetime.fromisoformat(self._random.choice(_TURNS)).replace(tzinfo=UTC)
        return turn + timedelta(
            milliseconds=self._random.choice([-1, 0, 1, 1_800_000, -3_600_000, 3_600_000, 86_399_999])
        )


def _written(moment: datetime, minutes: int) -> str:
    """As Jira writes it, in the zone of whoever asks: `2024-03-31T03:00:00.000+0200`."""
    local = moment.astimezone(timezone(timedelta(minutes=minutes)))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03}{local:%z}"


def _add_sigma(made: list[Json]) -> None:
    """Jira's Σ: an issue's own time and that of its sub-tasks; empty where none has any."""
    for id_ in ("timeoriginalestimate", "timespent"):
        held: dict[str, list[float]] = {}
        for issue in made:
            fields = issue["fields"]
            holders = [issue["key"], *([fields["parent"]["key"]] if fields["issuetype"]["subtask"] else [])]
            for key in holders:
                held.setdefault(key, []).extend([fields[id_]] if fields[id_] is not None else [])
        for issue in made:
            times = held[issue["key"]]
            issue["fields"][f"aggregate{id_}"] = sum(times) if times else None
