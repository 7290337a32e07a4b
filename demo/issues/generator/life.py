"""The life of one invented issue: how far it came, when, through which hands, and what was booked on it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from demo.issues.generator import plan, words
from demo.issues.model import Catalogue, Change, History, Worklog

HOUR = 3_600_000
_WORKFLOW = (plan.BACKLOG, plan.TODO, plan.PROGRESS, plan.REVIEW, plan.TESTING)
_MANY_WORKLOGS = 0.01


def happens(chance: random.Random, share: float) -> bool:
    """Draws once."""
    return chance.random() < share


@dataclass(slots=True)
class Life:
    """Times in milliseconds; `resolved` is None for open issues."""

    created: int
    updated: int
    status: str
    resolved: int | None
    category_changed: int
    histories: list[History] = field(default_factory=list)


def live(
    chance: random.Random, known: Catalogue, staff: list[str], *, number: int, created: int, now: int
) -> Life:
    """Walks an issue through the workflow until it is done, stuck or it is now."""
    life = Life(created, created, plan.BACKLOG, None, created)
    at = created
    pace = chance.lognormvariate(2.1, 1.1) * 24 * HOUR
    path = [*_WORKFLOW[1:], chance.choice((plan.DONE, plan.DONE, plan.CLOSED))]
    if happens(chance, 0.12):
        path.insert(chance.randrange(1, 4), chance.choice((plan.BLOCKED, plan.WAITING)))
    if happens(chance, 0.08):
        path[3:3] = [plan.PROGRESS, plan.REVIEW]
    for status in path:
        at += int(pace * chance.uniform(0.2, 1.6))
        if at >= now or (status not in {plan.DONE, plan.CLOSED} and happens(chance, 0.02)):
            break
        _move(life, known, status, number=number, at=at, author=chance.choice(staff))
    return life


def _move(life: Life, known: Catalogue, status: str, *, number: int, at: int, author: str) -> None:
    old, new = known.statuses[life.status], known.statuses[status]
    changes = [Change("status", old.id, old.name, new.id, new.name)]
    if new.category == "done":
        changes.append(Change("resolution", None, None, "10000", "Done"))
        life.resolved = at
    if old.category != new.category:
        life.category_changed = at
    life.status = status
    life.updated = at
    add_history(life, number, author, at, *changes)


def add_history(life: Life, number: int, author: str, at: int, *changes: Change) -> None:
    """Writes one edit down."""
    life.histories.append(History(number * 1000 + len(life.histories), author, at, changes))


def worklogs(
    chance: random.Random, number: int, life: Life, seconds: int, authors: list[str]
) -> list[Worklog]:
    """Splits the time spent into entries between creation and last change; a few issues have very many."""
    most = max(1, seconds // 900)
    count = chance.randint(21, 60) if chance.random() < _MANY_WORKLOGS else chance.randint(1, 6)
    count = min(count, most)
    cuts = sorted(chance.sample(range(1, most), count - 1)) if most > 1 else []
    shares = [(b - a) * 900 for a, b in zip([0, *cuts], [*cuts, most], strict=True)]
    shares[-1] += seconds - sum(shares)
    times = sorted(
        chance.randint(life.created, max(life.created, life.updated)) // 60_000 * 60_000 for _ in shares
    )
    return [
        Worklog(number * 1000 + place, chance.choice(authors), at, share, chance.choice(words.WORK), at, at)
        for place, (at, share) in enumerate(zip(times, shares, strict=True))
    ]
