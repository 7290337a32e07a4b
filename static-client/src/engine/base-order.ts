import type { Sort } from '../definition';
import { orderOf } from '../jira/jql';
import type { FieldMetadata } from './protocol';

/** JQL's own names of fields whose ids differ. */
const CLAUSES: Readonly<Record<string, string>> = {
  key: 'issuekey',
  issue: 'issuekey',
  id: 'issuekey',
  type: 'issuetype',
  createddate: 'created',
  updateddate: 'updated',
  resolved: 'resolutiondate',
  due: 'duedate',
  component: 'components',
  affectedversion: 'versions',
  fixversion: 'fixVersions',
  originalestimate: 'timeoriginalestimate',
  timeoriginalestimate: 'timeoriginalestimate',
  remainingestimate: 'timeestimate',
  level: 'security',
};

const SYSTEM: ReadonlySet<string> = new Set([
  'assignee',
  'created',
  'creator',
  'duedate',
  'environment',
  'issuekey',
  'issuetype',
  'labels',
  'parent',
  'priority',
  'project',
  'reporter',
  'resolution',
  'resolutiondate',
  'status',
  'summary',
  'timeestimate',
  'timespent',
  'updated',
  'votes',
  'watches',
  'workratio',
]);

/** The sort rules that the base query's ORDER BY stands for; fields that nobody knows are left out. */
export function baseOrder(jql: string, fields: readonly FieldMetadata[] = []): readonly Sort[] {
  return orderOf(jql).flatMap(({ field, direction }) => {
    const id = fieldId(field, fields);
    return id === undefined ? [] : [{ of: { field: id }, direction }];
  });
}

function fieldId(clause: string, fields: readonly FieldMetadata[]): string | undefined {
  const name = clause.toLowerCase();
  const custom = /^cf\[(\d+)\]$/.exec(name)?.[1];
  if (custom) return `customfield_${custom}`;
  const known = CLAUSES[name] ?? (SYSTEM.has(name) ? name : undefined);
  return known ?? fields.find((field) => field.id === name || field.name.toLowerCase() === name)?.id;
}
