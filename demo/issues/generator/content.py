"""What stands in the fields of an invented issue."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from demo.issues.edits import SUMS, shown
from demo.issues.generator import plan, words
from demo.issues.generator.draft import Draft, Frame
from demo.issues.generator.life import happens
from demo.issues.model import Json
from demo.issues.text import document

_ODD = 0.02
_TEMPLATES = {
    plan.EPIC: words.EPICS,
    plan.STORY: words.STORIES,
    plan.TASK: words.TASKS,
    plan.BUG: words.BUGS,
    plan.SUBTASK: words.SUBTASKS,
    plan.REQUEST: words.REQUESTS,
}
_POINTS = (0.5, 1, 2, 3, 5, 8, 13)


def fields(frame: Frame, draft: Draft) -> dict[str, Json]:
    """All but times, links and Σ fields; empty ones are left out."""
    chance, known, shapes = frame.chance, frame.known, frame.shapes
    life = draft.life
    summary = _summary(chance, draft)
    reporter = chance.choice(frame.staff)
    made = {
        "summary": summary,
        "project": shapes.project(known.projects[draft.plan.key]),
        "issuetype": shapes.type(known.types[draft.type]),
        "status": shapes.status(known.statuses[life.status]),
        "priority": _priority(frame),
        "created": shown(life.created),
        "updated": shown(life.updated),
        "statuscategorychangedate": shown(life.category_changed),
        "creator": shapes.user(known.accounts[reporter]),
        "reporter": shapes.user(known.accounts[reporter]) if happens(chance, 0.99) else None,
        "assignee": _assignee(frame, life.resolved is not None),
        "description": _description(chance, summary),
        "labels": _some(chance, words.LABELS, 0.45, 4),
        "duedate": _due(chance, life.created) if happens(chance, 0.3) else None,
        "votes": {"votes": int(chance.expovariate(0.7))},
        "watches": {"watchCount": 1 + int(chance.expovariate(0.6))},
        "comment": {"total": int(chance.expovariate(0.4))},
        "parent": {"id": str(draft.parent.id), "key": draft.parent.key} if draft.parent else None,
        **_references(frame, draft),
        **_custom(frame, draft),
    }
    if life.resolved:
        made["resolutiondate"] = shown(life.resolved)
        made["resolution"] = shapes.resolution(
            known.resolutions[chance.choices(tuple(known.resolutions), (12, 2, 2, 1))[0]]
        )
    return {name: value for name, value in made.items() if value is not None and value != []}


def _summary(chance: random.Random, draft: Draft) -> str:
    if chance.random() < _ODD:
        return chance.choice(words.ODD)
    thing = chance.choice(words.THINGS[draft.plan.key])
    template = chance.choice(_TEMPLATES[draft.type])
    text = template.format(
        thing=thing,
        Thing=thing[0].upper() + thing[1:],
        place=chance.choice(words.PLACES),
        number=chance.randint(100, 999),
    )
    return text[:255]


def _description(chance: random.Random, summary: str) -> Json:
    if happens(chance, 0.15):
        return None
    sentences = chance.sample(words.SENTENCES, chance.randint(1, 4))
    return document(summary, *sentences) if happens(chance, 0.7) else document(*sentences)


def _priority(frame: Frame) -> Json:
    if happens(frame.chance, 0.06):
        return None
    id_ = frame.chance.choices(tuple(frame.known.priorities), (1, 4, 10, 4, 1))[0]
    return frame.shapes.priority(frame.known.priorities[id_])


def _assignee(frame: Frame, done: bool) -> Json:
    chance, known = frame.chance, frame.known
    if happens(chance, 0.04 if done else 0.25):
        return None
    everybody = list(known.accounts.values())
    # Now and then somebody who has left.
    account = everybody[-1] if happens(chance, 0.02) else known.accounts[chance.choice(frame.staff)]
    return frame.shapes.user(account)


def _some(chance: random.Random, values: tuple[str, ...], share: float, most: int) -> list[str]:
    if chance.random() >= share:
        return []
    return chance.sample(values, chance.randint(1, most))


def _due(chance: random.Random, created: int) -> str:
    due = created + chance.randint(3, 120) * plan.DAY
    return datetime.fromtimestamp(due / 1000, UTC).date().isoformat()


def _references(frame: Frame, draft: Draft) -> dict[str, Json]:
    """Components, versions and sprints of the project; a sub-task is in its parent's sprint."""
    chance, known, shapes = frame.chance, frame.known, frame.shapes
    key = draft.plan.key
    components = [c for c in known.components.values() if c.project == key]
    versions = [v for v in known.versions.values() if v.project == key]
    day = shown(draft.life.created)[:10]
    out = [v for v in versions if v.release and v.release <= day]
    ahead = [v for v in versions if v.release and v.release > day]
    made: dict[str, Json] = {}
    if components and happens(chance, 0.8):
        count = chance.choices((1, 2, 3), (7, 2, 1))[0]
        made["components"] = [
            shapes.component(c) for c in chance.sample(components, min(count, len(components)))
        ]
    if out and draft.type == plan.BUG and happens(chance, 0.7):
        made["versions"] = [shapes.version(v) for v in out[-chance.randint(1, 2) :]]
    if ahead and happens(chance, 0.55):
        made["fixVersions"] = [shapes.version(v) for v in ahead[: chance.choices((1, 2), (8, 1))[0]]]
    if draft.type == plan.SUBTASK:
        made["customfield_10020"] = draft.parent.fields.get("customfield_10020") if draft.parent else None
    elif draft.plan.sprints and draft.type != plan.EPIC:
        made["customfield_10020"] = _sprints(frame, draft)
    return made


def _sprints(frame: Frame, draft: Draft) -> list[Json]:
    """At most three sprints that ran while the issue was worked on; an open one may wait in a coming one."""
    chance = frame.chance
    begun = next((h.at for h in draft.life.histories if h.changes[0].new == plan.PROGRESS), None)
    mine = [s for s in frame.known.sprints.values() if s.name.startswith(f"{draft.plan.key} ")]
    if begun is None:
        coming = [s for s in mine if s.state != "closed"]
        return [frame.shapes.sprint(chance.choice(coming))] if happens(chance, 0.2) else []
    first, last = shown(begun), shown(draft.life.resolved or frame.now)
    ran = [s for s in mine if s.start and s.end and s.end > first and s.start <= last]
    return [frame.shapes.sprint(s) for s in ran[:3]] if happens(chance, 0.9) else []


def _custom(frame: Frame, draft: Draft) -> dict[str, Json]:
    chance, shapes = frame.chance, frame.shapes
    made: dict[str, Json] = {"customfield_10019": f"0|i{draft.id:05x}:"}
    if draft.type == plan.EPIC:
        made["customfield_10011"] = f"{draft.plan.key} epic {draft.number}"
        if happens(chance, 0.5):
            made["customfield_10036"] = round(chance.uniform(500, 90000), 2)
        if happens(chance, 0.4):
            made["customfield_10033"] = shown(draft.life.created + chance.randint(20, 200) * plan.DAY)
    points = {plan.STORY: 0.85, plan.TASK: 0.4, plan.BUG: 0.2}.get(draft.type, 0)
    if chance.random() < points:
        made["customfield_10016"] = chance.choice(_POINTS)
    if draft.type == plan.BUG:
        made |= _bug(frame, draft)
    if happens(chance, 0.1):
        made["customfield_10031"] = _some(chance, words.CUSTOMERS, 1, 2)
    if happens(chance, 0.25):
        reviewers = chance.sample(frame.staff, chance.randint(1, 3))
        made["customfield_10034"] = [shapes.user(frame.known.accounts[id_]) for id_ in reviewers]
    if happens(chance, 0.1):
        chosen = chance.sample(range(len(words.AUDIENCES)), chance.randint(1, 3))
        made["customfield_10035"] = [shapes.option(10050 + n, words.AUDIENCES[n]) for n in chosen]
    if happens(chance, 0.02):
        made["customfield_10021"] = [shapes.option(10019, "Impediment")]
    return made


def _bug(frame: Frame, draft: Draft) -> dict[str, Json]:
    chance = frame.chance
    made: dict[str, Json] = {}
    if happens(chance, 0.6):
        place = chance.choices(range(4), (1, 3, 4, 2))[0]
        made["customfield_10030"] = frame.shapes.option(10040 + place, words.SEVERITIES[place])
    if draft.life.resolved and happens(chance, 0.25):
        made["customfield_10032"] = document(chance.choice(words.CAUSES))
    if happens(chance, 0.3):
        made["environment"] = document(
            chance.choice(("Firefox 140 on Linux", "Safari, iOS 19", "Third floor printer"))
        )
    return made


def sum_up(draft: Draft) -> None:
    """Σ fields: own plus sub-tasks; empty where nothing is known."""
    for total, part in SUMS.items():
        known = [held.fields[part] for held in (draft, *draft.subtasks) if held.fields.get(part) is not None]
        if known:
            draft.fields[total] = sum(known)
