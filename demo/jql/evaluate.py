"""Which issues a query finds, as a bitmap. Every clause is answered by an index; and, or, not are bit operations."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from demo.issues.fields import FieldDef
from demo.issues.index import RangeIndex, ValueIndex
from demo.issues.model import Account
from demo.issues.site import Site
from demo.issues.text import plain, words
from demo.issues.values import RANGED, numbers_of, values_of
from demo.jql import functions, history
from demo.jql.dates import FORMATS, Clock, duration
from demo.jql.lookup import Lookup
from demo.jql.operators import HISTORY, HISTORY_FIELDS, normal, operators_of
from demo.jql.syntax import Clause, Empty, Function, JqlError, ListOf, Node, Operand, Query, Single, Value
from demo.jql.text import Term, combined, in_a_row, wildcard

_DAY = 86_400_000


class Evaluation:
    """One search by one caller at one moment; hold the store's lock while it runs."""

    def __init__(self, site: Site, account: Account | None, now: int | None = None) -> None:
        self.site = site
        self.store = site.store
        self.account = account
        self.clock = Clock(site.now() if now is None else now, account.zone if account else "UTC")
        self.lookup = Lookup(site, account)
        self.setting = functions.Setting(self.lookup, self.clock)

    def rows(self, query: Query) -> int:
        """Rows that the query finds and the caller may see. Raises JqlError with every clause's complaint."""
        visible = self.site.visible(self.account)
        if query.where is None:
            return visible
        complaints: list[str] = []
        found = self._node(normal(query.where), complaints)
        if complaints:
            raise JqlError(*dict.fromkeys(complaints))
        return found & visible

    def field(self, clause_field: str, source: str) -> FieldDef:
        """The field that a clause names. Raises JqlError."""
        field = self.site.fields.by_clause(clause_field)
        if field is None:
            raise JqlError(f"Field '{source}' does not exist or you do not have permission to view it.")
        return field

    def _node(self, node: Node, complaints: list[str]) -> int:
        if isinstance(node, Clause):
            try:
                return self._clause(node)
            except JqlError as error:
                complaints.extend(error.messages)
                return 0
        parts = [self._node(clause, complaints) for clause in node.clauses]
        if node.operator == "not":
            return self.store.alive & ~parts[0]
        result = parts[0]
        for part in parts[1:]:
            result = result & part if node.operator == "and" else result | part
        return result

    def _clause(self, clause: Clause) -> int:
        name = clause.field.source if clause.field.properties else clause.field.name
        field = self.field(name, name)
        if clause.operator in HISTORY and field.id not in HISTORY_FIELDS:
            raise JqlError(f"History searches do not support the '{clause.field.name}' field.")
        if clause.operator not in operators_of(field):
            raise JqlError(
                f"The operator '{clause.operator}' is not supported by the '{clause.field.name}' field."
            )
        _check_shape(clause)
        if clause.operator in HISTORY:
            return history.rows(self, clause, field)
        if field.kind in RANGED:
            return self._ranged(clause, field)
        if field.kind == "key":
            return self._keys(clause)
        if field.kind == "text":
            return self._text(clause, field)
        if field.kind == "worklog date":
            return self._worklog_dates(clause, field)
        return self._discrete(clause, field)

    # Values

    def index(self, field: FieldDef) -> ValueIndex:
        """The rows of each value of a field."""
        values = values_of(field, self.site.catalogue)
        return self.store.index(field.id, lambda issues, capacity: ValueIndex(values, issues, capacity))

    def identities(
        self, clause: Clause, field: FieldDef, operand: Operand | None
    ) -> tuple[set[Hashable], bool]:
        """What the operand means as ids, and whether EMPTY is among it. Raises JqlError."""
        found: set[Hashable] = set()
        empty = False
        for single in _singles(operand):
            if isinstance(single, Empty):
                empty = True
            elif isinstance(single, Function):
                many = clause.operator.endswith("in")
                found.update(functions.call(self.setting, field, clause.field.name, single, many))
            elif field.kind in {"parent", "issue"}:
                found |= self.lookup.issue_ids(clause.field.name, single.text)
            else:
                found |= self.lookup.ids(field, clause.field.name, single.text)
        return found, empty

    def _discrete(self, clause: Clause, field: FieldDef) -> int:
        index = self.index(field)
        if field.kind == "version" and clause.operator in {"~", "!~"}:
            return self._version_like(clause, index)
        found, empty = self.identities(clause, field, clause.operand)
        if clause.operator in {"<", "<=", ">", ">="}:
            return index.any_of(self._ranked(field, clause.operator, found))
        rows = index.any_of(found) | (index.empty if empty else 0)
        if clause.operator in {"=", "in", "is"}:
            return rows
        return self.store.alive & ~rows & ~index.empty

    def _version_like(self, clause: Clause, index: ValueIndex) -> int:
        pattern = wildcard(clause.operand.text) if isinstance(clause.operand, Value) else wildcard("")
        matching = {
            v.id for v in self.site.catalogue.versions.values() if pattern.fullmatch(v.name.casefold())
        }
        rows = index.any_of(matching)
        return rows if clause.operator == "~" else self.store.alive & ~rows & ~index.empty

    def _ranked(self, field: FieldDef, operator: str, found: Iterable[Hashable]) -> set[Hashable]:
        """Priorities above or below, or versions of the same project before or after, those found."""
        known = self.site.catalogue
        ranks: dict[Hashable, tuple[str, int]] = (
            {id_: ("", -rank) for rank, id_ in enumerate(known.priorities)}
            if field.kind == "priority"
            else {version.id: (version.project, version.sequence) for version in known.versions.values()}
        )
        return {
            id_
            for id_, (scope, rank) in ranks.items()
            for bound in found
            if scope == ranks[bound][0] and _holds(rank, operator, ranks[bound][1])
        }

    # Numbers and dates

    def ranges(self, field: FieldDef) -> RangeIndex:
        """The rows of a field in the order of its numbers."""
        value = numbers_of(field)
        return self.store.index(field.id, lambda issues, capacity: RangeIndex(value, issues, capacity))

    def _ranged(self, clause: Clause, field: FieldDef) -> int:
        index = self.ranges(field)
        singles = _singles(clause.operand)
        numbers = [self.number(clause, field, single) for single in singles if not isinstance(single, Empty)]
        empty = index.empty if len(numbers) < len(singles) else 0
        if clause.operator in {"<", "<=", ">", ">="}:
            return index.compare(clause.operator, numbers[0]) if numbers else 0
        rows = empty
        for number in numbers:
            rows |= index.compare("=", number)
        if clause.operator in {"=", "in", "is"}:
            return rows
        return self.store.alive & ~rows & ~index.empty

    def number(self, clause: Clause, field: FieldDef, single: Single) -> float:
        """An operand as the number that the field's index holds. Raises JqlError."""
        shown = clause.field.name
        if field.kind in {"date", "datetime", "worklog date"}:
            moment = self.moment(field, shown, single)
            return self.clock.day(moment) if field.kind == "date" else moment
        if isinstance(single, Function):
            return float(str(functions.call(self.setting, field, shown, single, False)[0]))
        text = single.text if isinstance(single, Value) else ""
        if field.kind == "duration":
            found = duration(text, self.site.working_time.seconds)
            if found is None:
                raise JqlError(f"The value '{text}' for field '{shown}' is not a valid duration. "
                               "Valid units are 'w', 'd', 'h' and 'm'.")  # fmt: skip
            return found
        try:
            return float(text)
        except ValueError:
            raise JqlError(f"The value '{text}' for field '{shown}' is not a valid number.") from None

    def moment(self, field: FieldDef, shown: str, single: Single) -> int:
        """A date operand in milliseconds. Raises JqlError."""
        if isinstance(single, Function):
            return int(str(functions.call(self.setting, field, shown, single, False)[0]))
        text = single.text if isinstance(single, Value) else ""
        moment = self.clock.moment(text)
        if moment is None:
            raise JqlError(
                f"Date value '{text}' for field '{shown}' is invalid. Valid formats include: {FORMATS}."
            )
        return moment

    def _worklog_dates(self, clause: Clause, field: FieldDef) -> int:
        """Whether any worklog started on such a day; days are the caller's."""
        index = self.index(field)
        singles = _singles(clause.operand)
        days = [
            self.clock.day(int(self.number(clause, field, s))) for s in singles if not isinstance(s, Empty)
        ]
        empty = index.empty if len(days) < len(singles) else 0
        operator = {"in": "=", "is": "=", "not in": "!=", "is not": "!="}.get(
            clause.operator, clause.operator
        )
        test = "=" if operator == "!=" else operator
        started = ((value, self.clock.day(int(str(value)))) for value in list(index.values()))
        rows = empty | index.any_of([v for v, day in started if any(_holds(day, test, d) for d in days)])
        return rows if operator != "!=" else self.store.alive & ~rows & ~index.empty

    # Keys and texts

    def _keys(self, clause: Clause) -> int:
        if clause.operator in {"<", "<=", ">", ">="}:
            return self._key_range(clause)
        found: set[int] = set()
        for single in _singles(clause.operand):
            if isinstance(single, Empty):
                continue
            if isinstance(single, Function):
                found.update(int(str(v)) for v in functions.call(
                    self.setting, self.site.fields.by_id["issuekey"], clause.field.name, single, True
                ))  # fmt: skip
            else:
                found.update(int(str(id_)) for id_ in self.lookup.issue_ids(clause.field.name, single.text))
        rows = 0
        for id_ in found:
            issue = self.store.get(id_)
            rows |= 1 << issue.row if issue else 0
        return rows if clause.operator in {"=", "in", "is"} else self.store.alive & ~rows

    def _key_range(self, clause: Clause) -> int:
        text = clause.operand.text if isinstance(clause.operand, Value) else ""
        issue = self.site.issue(text, self.account) if text.isdecimal() else None
        key, _, number = (issue.key if issue else text).upper().rpartition("-")
        if not number.isdecimal() or key not in self.site.catalogue.projects:
            raise JqlError(f"The issue key '{text}' for field '{clause.field.name}' is invalid.")
        numbers = self.store.index(
            "issue number", lambda issues, capacity: RangeIndex(lambda i: i.number, issues, capacity)
        )
        project = self.index(self.site.fields.by_id["project"]).rows(key)
        return project & numbers.compare(clause.operator, int(number))

    def _text(self, clause: Clause, field: FieldDef) -> int:
        index = self.index(field)
        if clause.operator in {"is", "is not"}:
            return index.empty if clause.operator == "is" else self.store.alive & ~index.empty
        if not isinstance(clause.operand, Value):
            raise JqlError(f"The operator '{clause.operator}' does not support EMPTY or functions for the "
                           f"'{clause.field.name}' field.")  # fmt: skip
        query = clause.operand.text.strip()
        if not query:
            raise JqlError(f"The field '{clause.field.name}' does not support searching for an empty string.")
        if query[0] in "*?":
            raise JqlError(f"The text query '{query}' for field '{clause.field.name}' is not allowed to start with "
                           f"character '{query[0]}'.")  # fmt: skip
        rows = combined(query, lambda term: self._term(term, field, index), self.store.alive)
        return rows if clause.operator == "~" else self.store.alive & ~rows & ~index.empty

    def _term(self, term: Term, field: FieldDef, index: ValueIndex) -> int:
        if term.pattern:
            pattern = wildcard(term.pattern)
            return index.any_of([word for word in index.values() if pattern.fullmatch(str(word))])
        rows = self.store.alive
        for word in term.words:
            rows &= index.rows(word)
        return history.filtered(self.store, rows, lambda issue: in_a_row(
            list(map(str, values_of(field, self.site.catalogue)(issue))), term.words
        )) if len(term.words) > 1 else rows  # fmt: skip


def _singles(operand: Operand | None) -> tuple[Single, ...]:
    if operand is None:
        return ()
    return operand.values if isinstance(operand, ListOf) else (operand,)


def _holds(left: int, operator: str, right: int) -> bool:
    return {
        "=": left == right, "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right
    }[operator]  # fmt: skip


def _check_shape(clause: Clause) -> None:
    """Lists go with `in`, EMPTY with `is`. Raises JqlError."""
    operand, name = clause.operand, clause.field.name
    if operand is None:
        return
    wants_list = clause.operator.endswith("in")
    if wants_list and not isinstance(operand, ListOf | Function):
        raise JqlError(f"Operator '{clause.operator}' does not support the non-list value '{operand.source}' for "
                       f"field '{name}'.")  # fmt: skip
    if not wants_list and isinstance(operand, ListOf):
        raise JqlError(f"Operator '{clause.operator}' does not support the list value '{operand.source}' for "
                       f"field '{name}'.")  # fmt: skip
    if clause.operator in {"is", "is not"} and not isinstance(operand, Empty):
        raise JqlError(f"The operator '{clause.operator}' for field '{name}' only supports EMPTY or NULL, not "
                       f"'{operand.source}'.")  # fmt: skip
    if clause.operator in {"<", "<=", ">", ">="} and isinstance(operand, Empty):
        raise JqlError(f"The operator '{clause.operator}' does not support EMPTY for field '{name}'.")
