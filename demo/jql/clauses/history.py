"""WAS and CHANGED: what a field held, from when to when, as the issue's histories tell it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.issues.bitmap import bits_of, rows_of
from demo.issues.fields import FieldDef
from demo.issues.index import ValueIndex
from demo.issues.model import Issue
from demo.issues.store import Store
from demo.issues.values import milliseconds, values_of
from demo.jql.syntax import Clause, Empty, JqlError, ListOf, Predicate

if TYPE_CHECKING:
    from demo.jql.evaluate import Evaluation

_FOREVER = 1 << 62
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Held:
    """Values from `start` until `end`, and who set them."""

    values: frozenset[Hashable]
    start: int
    end: int
    author: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """What the predicates of a clause ask for; `none` among values means empty."""

    start: int = -_FOREVER
    end: int = _FOREVER
    authors: frozenset[Hashable] | None = None
    old: frozenset[Hashable] | None = None
    new: frozenset[Hashable] | None = None


def filtered(store: Store, rows: int, keep: Callable[[Issue], bool]) -> int:
    """The rows whose issue `keep` accepts."""
    kept = [row for row in rows_of(rows) if (issue := store.rows[row]) is not None and keep(issue)]
    return bits_of(kept, len(store.rows))


def rows(evaluation: Evaluation, clause: Clause, field: FieldDef) -> int:
    """Rows of issues whose past meets a WAS or CHANGED clause. Raises JqlError."""
    period = _period(evaluation, clause, field)
    current = values_of(field, evaluation.site.catalogue)
    edited = _edited(evaluation.store, field)
    if clause.operator == "changed":
        return filtered(
            evaluation.store, edited, lambda issue: _changed(_timeline(issue, field, current), period)
        )
    found, empty = evaluation.identities(clause, field, clause.operand)
    wanted = frozenset(found | {None}) if empty else frozenset(found)
    was = _always(evaluation, field, wanted, period) & ~edited | filtered(
        evaluation.store, edited, lambda issue: _was(_timeline(issue, field, current), wanted, period)
    )
    return was if "not" not in clause.operator else evaluation.store.alive & ~was


def _edited(store: Store, field: FieldDef) -> int:
    """Rows in which the field ever changed; few, so that only they need a look at their histories."""

    def changed(issue: Issue) -> tuple[str, ...]:
        edited = any(change.field == field.id for history in issue.histories for change in history.changes)
        return ("yes",) if edited else ()

    return store.index(f"{field.id} edited", lambda issues, n: ValueIndex(changed, issues, n)).rows("yes")


def _always(evaluation: Evaluation, field: FieldDef, wanted: frozenset[Hashable], period: Period) -> int:
    """Rows that hold a wanted value now and did so in the period, if they never changed."""
    if period.authors is not None:
        return 0
    index = evaluation.index(field)
    held = index.any_of(wanted - {None}) | (index.empty if None in wanted else 0)
    created = evaluation.ranges(evaluation.site.fields.by_id["created"])
    return held & created.compare("<=", period.end)


def _timeline(issue: Issue, field: FieldDef, current: Callable[[Issue], object]) -> list[Held]:
    """Newest first: what the field holds now, then what each change took away."""
    values: frozenset[Hashable] = frozenset(current(issue)) or frozenset({None})  # type: ignore[call-overload]  # an iterable
    end = _FOREVER
    held = []
    for history in reversed(issue.histories):
        change = next((c for c in history.changes if c.field == field.id), None)
        if change is not None:
            held.append(Held(values, history.at, end, history.author))
            values, end = (
                frozenset((change.old or "").split(", ")) if change.old else frozenset({None}),
                history.at,
            )
    held.append(Held(values, milliseconds(issue.fields["created"]), end, None))
    return held


def _was(timeline: list[Held], wanted: frozenset[Hashable], period: Period) -> bool:
    return any(
        held.values & wanted
        and held.start <= period.end
        and held.end > period.start
        and (period.authors is None or held.author in period.authors)
        for held in timeline
    )


def _changed(timeline: list[Held], period: Period) -> bool:
    return any(
        period.start <= new.start <= period.end
        and (period.authors is None or new.author in period.authors)
        and (period.old is None or old.values & period.old)
        and (period.new is None or new.values & period.new)
        for new, old in itertools.pairwise(timeline)
    )


def _period(evaluation: Evaluation, clause: Clause, field: FieldDef) -> Period:
    start, end = -_FOREVER, _FOREVER
    sets: dict[str, frozenset[Hashable]] = {}
    for predicate in clause.predicates:
        match predicate.operator:
            case "after":
                start = _moment(evaluation, clause, predicate) + 1
            case "before":
                end = _moment(evaluation, clause, predicate) - 1
            case "on":
                moment = _moment(evaluation, clause, predicate)
                start, end = moment, moment + _DAY - 1
            case "during":
                start, end = _interval(evaluation, clause, predicate)
            case "by":
                users = evaluation.site.fields.by_id["assignee"]
                sets["by"] = _identities(evaluation, clause, users, predicate)
            case _:
                sets[predicate.operator] = _identities(evaluation, clause, field, predicate)
    if clause.operator != "changed" and ("from" in sets or "to" in sets):
        raise JqlError(f"The predicate 'from' or 'to' is not supported by the operator '{clause.operator}'.")
    return Period(start, end, sets.get("by"), sets.get("from"), sets.get("to"))


def _identities(
    evaluation: Evaluation, clause: Clause, field: FieldDef, predicate: Predicate
) -> frozenset[Hashable]:
    many = Clause(clause.field, "in", predicate.operand)
    found, empty = evaluation.identities(many, field, predicate.operand)
    return frozenset(found | {None}) if empty else frozenset(found)


def _moment(evaluation: Evaluation, clause: Clause, predicate: Predicate) -> int:
    if isinstance(predicate.operand, ListOf | Empty):
        raise JqlError(f"The predicate '{predicate.operator}' needs a single date.")
    return evaluation.moment(evaluation.site.fields.by_id["updated"], clause.field.name, predicate.operand)


def _interval(evaluation: Evaluation, clause: Clause, predicate: Predicate) -> tuple[int, int]:
    operand = predicate.operand
    if not isinstance(operand, ListOf) or len(operand.values) != 2:  # noqa: PLR2004  a start and an end
        raise JqlError("The predicate 'during' needs a start and an end date in parentheses.")
    dates = evaluation.site.fields.by_id["updated"]
    start, end = (evaluation.moment(dates, clause.field.name, value) for value in operand.values)
    return start, end
