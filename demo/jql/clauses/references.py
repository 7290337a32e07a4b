"""Clauses on what has an identity: people, statuses, versions, labels, parents."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from demo.issues.fields import FieldDef
from demo.issues.index import ValueIndex
from demo.jql.operators import NEGATIVE, ORDER, holds
from demo.jql.syntax import Clause, Value
from demo.jql.text import wildcard

if TYPE_CHECKING:
    from demo.jql.evaluate import Evaluation


def rows(evaluation: Evaluation, clause: Clause, field: FieldDef) -> int:
    """Rows that meet the clause. Raises JqlError."""
    index = evaluation.index(field)
    if field.kind == "version" and clause.operator in {"~", "!~"}:
        return _version_like(evaluation, clause, index)
    found, empty = evaluation.identities(clause, field, clause.operand)
    if clause.operator in ORDER:
        return index.any_of(_ranked(evaluation, field, clause.operator, found))
    held = index.any_of(found) | (index.empty if empty else 0)
    return evaluation.store.alive & ~held & ~index.empty if clause.operator in NEGATIVE else held


def _version_like(evaluation: Evaluation, clause: Clause, index: ValueIndex) -> int:
    pattern = wildcard(clause.operand.text) if isinstance(clause.operand, Value) else wildcard("")
    matching = {
        v.id for v in evaluation.site.catalogue.versions.values() if pattern.fullmatch(v.name.casefold())
    }
    rows = index.any_of(matching)
    return rows if clause.operator == "~" else evaluation.store.alive & ~rows & ~index.empty


def _ranked(
    evaluation: Evaluation, field: FieldDef, operator: str, found: Iterable[Hashable]
) -> set[Hashable]:
    """Priorities above or below, or versions of the same project before or after, those found."""
    known = evaluation.site.catalogue
    ranks: dict[Hashable, tuple[str, int]] = (
        {id_: ("", -rank) for rank, id_ in enumerate(known.priorities)}
        if field.kind == "priority"
        else {version.id: (version.project, version.sequence) for version in known.versions.values()}
    )
    return {
        id_
        for id_, (scope, rank) in ranks.items()
        for bound in found
        if scope == ranks[bound][0] and holds(rank, operator, ranks[bound][1])
    }
