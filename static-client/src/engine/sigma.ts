import type { IssueStore } from './store';

/** Jira's Σ fields: an issue's own number plus those of its sub-tasks. */
const SIGMA = /^aggregate(timeoriginalestimate|timeestimate|timespent)$/;

export function includesSubtasks(fieldId: string): boolean {
  return SIGMA.test(fieldId);
}

/** What must be known of every issue to tell a sub-task's parent. */
export const SUBTASK_FIELDS: readonly string[] = ['parent', 'issuetype'];

/** The row of each sub-task's parent, or -1: for issues that are no sub-tasks, and where the parent is not held. */
export function parentRows(store: IssueStore): Int32Array {
  const found = new Int32Array(store.size).fill(-1);
  const types = store.column('issuetype');
  const parents = store.column('parent');
  if (types?.shape !== 'code' || parents?.shape !== 'code') return found;
  const { keys, rows } = store.rowsByKey();
  for (let row = 0; row < found.length; row++) {
    const type = types.dictionary.value(types.codes()[row] ?? 0);
    const [parent] = type.kind === 'issuetype' && type.subtask ? parents.at(row) : [];
    if (parent === undefined) continue;
    found[row] = rows[keys.dictionary.find(parents.dictionary.id(parent))] ?? -1;
  }
  return found;
}
