"""Which issues a query finds, as a bitmap: an index answers each clause; and, or, not work on bits."""

from __future__ import annotations

from collections.abc import Hashable

from demo.issues.fields import FieldDef
from demo.issues.index import RangeIndex, ValueIndex
from demo.issues.model import Account
from demo.issues.site import Site
from demo.issues.values import RANGED, numbers_of, values_of
from demo.jql import functions
from demo.jql.clauses import history, keys, numbers, references, texts
from demo.jql.dates import FORMATS, Clock, duration
from demo.jql.lookup import Lookup
from demo.jql.operators import HISTORY, HISTORY_FIELDS, check_shape, normal, operators_of
from demo.jql.syntax import Clause, Empty, Function, JqlError, Node, Operand, Query, Single, Value, singles


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
        check_shape(clause)
        if clause.operator in HISTORY:
            return history.rows(self, clause, field)
        if field.kind in RANGED:
            return numbers.rows(self, clause, field)
        if field.kind == "key":
            return keys.rows(self, clause, field)
        if field.kind == "text":
            return texts.rows(self, clause, field)
        if field.kind == "worklog date":
            return numbers.worklog_rows(self, clause, field)
        return references.rows(self, clause, field)

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
        for single in singles(operand):
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

    def ranges(self, field: FieldDef) -> RangeIndex:
        """The rows of a field in the order of its numbers."""
        value = numbers_of(field)
        return self.store.index(field.id, lambda issues, capacity: RangeIndex(value, issues, capacity))

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
