"""What the parts of the generator hand each other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from demo.issues.generator.life import Life
from demo.issues.generator.plan import ProjectPlan
from demo.issues.model import Catalogue, Json, Worklog
from demo.issues.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Frame:
    """What all issues share. `staff`: ids of the accounts that work; `now` in milliseconds."""

    known: Catalogue
    shapes: Shapes
    chance: random.Random
    now: int
    staff: list[str]


@dataclass(slots=True)
class Draft:
    """An issue in the making."""

    id: int
    key: str
    plan: ProjectPlan
    number: int
    type: str
    life: Life
    parent: Draft | None
    fields: dict[str, Json] = field(default_factory=dict)
    level: str | None = None
    worklogs: list[Worklog] = field(default_factory=list)
    subtasks: list[Draft] = field(default_factory=list)
