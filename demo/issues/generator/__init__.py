"""A believable site of any size from a seed: the same seed and the same `now` give the same site."""

from __future__ import annotations

import random
import time

from demo.issues.fields import Fields
from demo.issues.generator import plan
from demo.issues.generator.draft import Frame
from demo.issues.generator.maker import Maker
from demo.issues.model import Issue
from demo.issues.shapes import Shapes
from demo.issues.site import Site, system_clock
from demo.issues.store import Store

DEFAULT_COUNT = 5000


def generate(base_url: str, *, seed: int = 1, count: int = DEFAULT_COUNT, now: int | None = None) -> Site:
    """Makes a site of `count` issues over the two years before `now` (milliseconds since 1970, or today).

    With `now` given the site's clock stands still, so that relative dates mean the same on every run.
    """
    moment = time.time_ns() // 1_000_000 if now is None else now
    known = plan.catalogue(moment)
    shapes = Shapes(base_url.rstrip("/"))
    staff = [account.id for account in known.accounts.values() if account.demo]
    frame = Frame(known, shapes, random.Random(seed), moment, staff)  # noqa: S311  no secret
    issues = [
        Issue(
            row, draft.id, draft.key, draft.plan.key, draft.number, draft.fields, draft.level,
            tuple(draft.worklogs), tuple(draft.life.histories),
        )
        for row, draft in enumerate(Maker(frame).drafts(count))
    ]  # fmt: skip
    clock = system_clock if now is None else lambda: moment
    return Site(base_url, known, Fields(), Store(issues), shapes=shapes, seed=seed, now=clock)
