import { asObject } from './decode/json';
import type { FieldMetadata, RawIssue } from './protocol';

/** The fields of a worklog, beside those of its issue, in a report whose rows are worklogs. */
export const WORKLOG_FIELDS: readonly FieldMetadata[] = [
  { id: 'worklog.author', name: 'Worklog author', kind: 'user', multiple: false },
  { id: 'worklog.started', name: 'Worklog started', kind: 'datetime', multiple: false },
  { id: 'worklog.timeSpentSeconds', name: 'Time logged', kind: 'duration', multiple: false },
];

export function isWorklogField(id: string): boolean {
  return id.startsWith('worklog.');
}

/** The fields of each worklog that came with an issue, in Jira's order. */
export function worklogsOf({ fields }: RawIssue): readonly RawIssue['fields'][] {
  const worklogs = asObject(fields.worklog)?.worklogs;
  if (!Array.isArray(worklogs)) return [];
  return worklogs.map((raw: unknown) => {
    const worklog = asObject(raw) ?? {};
    return {
      'worklog.author': worklog.author,
      'worklog.started': worklog.started,
      'worklog.timeSpentSeconds': worklog.timeSpentSeconds,
    };
  });
}
