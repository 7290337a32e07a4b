"""Links between invented issues, told at both ends."""

from __future__ import annotations

import random

from demo.issues.generator.draft import Draft

_TYPES = (
    ("10000", "Blocks", "is blocked by", "blocks"),
    ("10001", "Cloners", "is cloned by", "clones"),
    ("10002", "Duplicate", "is duplicated by", "duplicates"),
    ("10003", "Relates", "relates to", "relates to"),
)
_SHARE = 0.15


def link(chance: random.Random, drafts: list[Draft]) -> None:
    """Links some issues to earlier ones, of any project."""
    for place, draft in enumerate(drafts):
        if place == 0 or chance.random() >= _SHARE:
            continue
        other = drafts[chance.randrange(max(0, place - 400), place)]
        id_, name, inward, outward = chance.choices(_TYPES, (4, 1, 2, 5))[0]
        type_ = {"id": id_, "name": name, "inward": inward, "outward": outward}
        number = str(20000 + place)
        ends = ((draft, "outwardIssue", other), (other, "inwardIssue", draft))
        for here, side, there in ends:
            entry = {"id": number, "type": type_, side: {"id": str(there.id), "key": there.key}}
            here.fields.setdefault("issuelinks", []).append(entry)
