"""Invents issue after issue, oldest first: type, parent, life, content, bookings."""

from __future__ import annotations

from demo.issues.generator import content, plan
from demo.issues.generator.draft import Draft, Frame
from demo.issues.generator.life import add_history, happens, live, worklogs
from demo.issues.generator.links import link
from demo.issues.loading import SECURITY_LEVEL, STAFF_LEVEL
from demo.issues.model import Change

_HOURS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 40)


class Maker:
    """Holds what has been made so far: numbers and parents depend on it."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.chance = frame.chance
        self.made: dict[str, list[Draft]] = {key: [] for key in frame.known.projects}

    def drafts(self, count: int) -> list[Draft]:
        """That many issues, oldest first."""
        start = self.frame.now - plan.SPAN * plan.DAY
        span = self.frame.now - start - 60_000
        # Busier towards the end, as sites that grow are.
        times = sorted(start + int(span * self.chance.random() ** 0.8) for _ in range(count))
        drafts = [self._draft(10001 + place, at) for place, at in enumerate(times)]
        link(self.chance, drafts)
        for draft in drafts:
            content.sum_up(draft)
        return drafts

    def _draft(self, id_: int, created: int) -> Draft:
        chance, frame = self.chance, self.frame
        project = chance.choices(plan.PLANS, [p.weight for p in plan.PLANS])[0]
        before = self.made[project.key]
        number = len(before) + 1
        type_, parent = self._type(project, before)
        life = live(chance, frame.known, frame.staff, number=id_, created=created, now=frame.now)
        draft = Draft(id_, f"{project.key}-{number}", project, number, type_, life, parent)
        draft.fields = content.fields(frame, draft)
        if parent and type_ == plan.SUBTASK:
            parent.subtasks.append(draft)
            parent.fields.setdefault("subtasks", []).append({"id": str(id_), "key": draft.key})
        draft.level = self._level()
        self._time(draft)
        before.append(draft)
        return draft

    def _type(self, project: plan.ProjectPlan, before: list[Draft]) -> tuple[str, Draft | None]:
        """A type that suits the project, and a parent where the type wants one and there is one."""
        chance = self.chance
        if project.kind == "service_desk":
            return chance.choices((plan.REQUEST, plan.BUG, plan.TASK), (8, 1, 1))[0], None
        weights = (4, 34, 16, 28, 18) if before else (1, 0, 0, 0, 0)
        kinds = (plan.EPIC, plan.STORY, plan.TASK, plan.BUG, plan.SUBTASK)
        type_ = chance.choices(kinds, weights)[0]
        recent = before[-120:]
        if type_ == plan.SUBTASK:
            wanted = [draft for draft in recent if draft.type in {plan.STORY, plan.TASK, plan.BUG}]
            return (type_, chance.choice(wanted)) if wanted else (plan.TASK, None)
        epics = [draft for draft in recent if draft.type == plan.EPIC]
        share = {plan.STORY: 0.75, plan.TASK: 0.4, plan.BUG: 0.3}.get(type_, 0)
        return type_, chance.choice(epics) if epics and chance.random() < share else None

    def _level(self) -> str | None:
        security = happens(self.chance, 0.01)
        if security:
            return SECURITY_LEVEL.id
        return STAFF_LEVEL.id if happens(self.chance, 0.03) else None

    def _time(self, draft: Draft) -> None:
        """Estimates and bookings; most done work was booked, some of it without any estimate."""
        chance, fields = self.chance, draft.fields
        if draft.type == plan.EPIC or happens(chance, 0.3):
            return
        estimate = chance.choice(_HOURS) * 3600 if happens(chance, 0.85) else None
        spent = int((estimate or 14400) * chance.lognormvariate(0, 0.45)) // 900 * 900
        if draft.life.resolved is None:
            spent = (
                int(spent * chance.random()) // 900 * 900
                if draft.life.status in {plan.PROGRESS, plan.REVIEW}
                else 0
            )
        if estimate:
            fields["timeoriginalestimate"] = estimate
        left = 0 if draft.life.resolved else max(0, (estimate or 0) - spent)
        if estimate or spent:
            fields["timeestimate"] = left
        if spent:
            fields["timespent"] = spent
            draft.worklogs = worklogs(chance, draft.id, draft.life, spent, self.frame.staff)
            at, author = draft.worklogs[-1].started, draft.worklogs[-1].author
            add_history(
                draft.life, draft.id, author, at, Change("timespent", None, None, str(spent), str(spent))
            )
            draft.life.histories.sort(key=lambda history: (history.at, history.id))
