import type { Column } from '../definition';
import { CodeColumn } from './column/code-column';
import { type FieldColumn, isNumeric } from './column/column';
import { NumberColumn } from './column/number-column';
import type { Formulas } from './formula/formulas';
import type { FieldKind } from './protocol';
import { includesSubtasks } from './sigma';
import type { IssueStore } from './store';
import { isWorklogField } from './worklog-rows';

type Reference = Column['of'];

/**
 * What a reference stands for: a column of values, or the reason why there is none. `subtasks` says that an
 * issue's value holds those of its sub-tasks, `perWorklog` that each worklog has a value of its own; `id` is the
 * same only for the same values.
 */
export type Source =
  | {
      readonly name: string;
      readonly kind: FieldKind;
      readonly id: string;
      readonly subtasks: boolean;
      readonly perWorklog: boolean;
      readonly column: FieldColumn;
    }
  | { readonly name: string; readonly kind: FieldKind; readonly id: string; readonly error: string };

const GONE = 'This field no longer exists, or you may not see it.';
const NOT_LOADED = 'Not loaded yet: run the report again.';
const NO_WORKLOGS = 'A row of this report is an issue, not a worklog.';

/** Looks references up among the issues held; `loaded` are the fields that Jira was asked for. */
export function resolve(
  of: Reference,
  formulas: Formulas,
  store: IssueStore,
  loaded: ReadonlySet<string>,
): Source {
  return 'formula' in of ? formulas.source(of.formula) : resolveField(of.field, store, loaded);
}

export function resolveField(id: string, store: IssueStore, loaded: ReadonlySet<string>): Source {
  const field = store.field(id);
  const perWorklog = isWorklogField(id);
  if (!field && perWorklog) return { name: id, kind: 'unknown', id, error: NO_WORKLOGS };
  if (!field) return { name: id, kind: 'unknown', id, error: GONE };
  const { name, kind } = field;
  const subtasks = includesSubtasks(id);
  const column = store.column(id);
  if (column) return { name, kind: column.kind, id, subtasks, perWorklog, column };
  if (!loaded.has(id) && !perWorklog) return { name, kind, id, error: NOT_LOADED };
  return { name, kind, id, subtasks, perWorklog, column: emptyColumn(kind, store) };
}

/** Jira leaves a field out that no issue has. */
function emptyColumn(kind: FieldKind, store: IssueStore): FieldColumn {
  const column = isNumeric(kind) ? new NumberColumn(kind) : new CodeColumn(kind, store.context);
  for (let row = 0; row < store.size; row++) column.append(null);
  return column;
}
