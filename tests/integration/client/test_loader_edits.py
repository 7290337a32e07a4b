from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.loading import Jira

NOT_GONE = 'created >= "2000-01-01" AND (labels is EMPTY OR labels != gone) ORDER BY key'


@dataclass
class Work:
    """What people did while a report loaded, by key."""

    hidden: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    created: set[str] = field(default_factory=set)


class People(threading.Thread):
    """Goes on creating issues, and deleting, editing and hiding those of `keys`, until told to stop."""

    def __init__(self, jira: Jira, keys: list[str], seed: int, *, only_edits: bool = False) -> None:
        super().__init__(daemon=True)
        self.jira, self.keys, self.work = jira, keys, Work()
        self.steps = [self.edit] if only_edits else [self.hide, self.delete, self.edit, self.create]
        self.done = threading.Event()
        self.random = random.Random(seed)  # noqa: S311  no secret

    def run(self) -> None:
        while not self.done.is_set() and len(self.keys) > 10:
            self.random.choice(self.steps)()

    def hide(self) -> None:
        self.patch(self.work.hidden, {"labels": ["gone"]})

    def edit(self) -> None:
        self.patch(self.work.edited, {"summary": "Changed while loading", "priority": None})

    def patch(self, done: set[str], fields: dict[str, object]) -> None:
        key = self.random.choice(self.keys)
        self.jira.call("PATCH", f"/__demo/issues/{key}", {"fields": fields})
        done.add(key)

    def delete(self) -> None:
        key = self.keys.pop(self.random.randrange(len(self.keys)))
        self.jira.call("DELETE", f"/__demo/issues/{key}")
        self.work.deleted.add(key)

    def create(self) -> None:
        day = self.random.randrange(1, 28)
        fields = {
            "summary": "New while loading",
            "created": f"2025-{1 + day % 12:02}-{day:02}T09:30:00.000+0000",
        }
        self.work.created.add(
            self.jira.call("POST", "/__demo/issues", {"project": "SHOP", "fields": fields})["key"]
        )


@contextmanager
def people_at_work(jira: Jira, keys: list[str], seed: int, *, only_edits: bool = False) -> Iterator[Work]:
    people = People(jira, keys, seed, only_edits=only_edits)
    people.start()
    try:
        yield people.work
    finally:
        people.done.set()
        people.join(timeout=30)


@pytest.mark.parametrize(("seed", "faults"), [(1, "none"), (2, "429:0.05,500:0.03,drop:0.03,no-token:0.05")])
def test_issues_that_match_throughout_come_exactly_once_while_people_work(
    jira: Jira, seed: int, faults: str
) -> None:
    jira.switch(latency_ms=100, faults=faults, seed=seed)
    before = {issue["key"]: issue["id"] for issue in jira.find(NOT_GONE)}
    touched = sorted(before)[::2]
    with people_at_work(jira, list(touched), seed) as work:
        outcome = jira.load(NOT_GONE)
    after = {issue["key"]: issue["id"] for issue in jira.find(NOT_GONE)}
    loaded = outcome["ids"]
    assert outcome["result"]["complete"], outcome["result"]["missing"]
    assert work.deleted
    assert work.hidden
    assert work.created
    assert len(set(loaded)) == len(loaded) == outcome["result"]["loaded"]
    assert {before[key] for key in before.keys() & after.keys()} <= set(loaded)
    assert set(loaded) <= set(before.values()) | set(after.values())


def test_an_issue_whose_every_field_changes_is_still_held_once(jira: Jira) -> None:
    jira.switch(latency_ms=100)
    jql = 'created >= "2000-01-01" ORDER BY updated ASC'
    before = jira.ids(jql)
    keys = [issue["key"] for issue in jira.find(jql)]
    with people_at_work(jira, keys, 3, only_edits=True) as work:
        outcome = jira.load(jql)
    assert work.edited
    assert outcome["result"]["complete"]
    assert sorted(outcome["ids"]) == before
