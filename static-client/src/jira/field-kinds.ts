import type { FieldKind } from '../engine/protocol';

/** What a field's schema says about its kind. */
export interface FieldSchema {
  readonly type?: string;
  readonly items?: string;
  readonly system?: string;
  readonly custom?: string;
}

/** Fields of Jira's own whose schema is absent, or says less than we know. */
const BY_ID: Readonly<Record<string, FieldKind>> = {
  issuekey: 'key',
  parent: 'issue',
  subtasks: 'issue',
  issuelinks: 'issue',
  timeoriginalestimate: 'duration',
  timeestimate: 'duration',
  timespent: 'duration',
  aggregatetimeoriginalestimate: 'duration',
  aggregatetimeestimate: 'duration',
  aggregatetimespent: 'duration',
  progress: 'progress',
  aggregateprogress: 'progress',
  votes: 'number',
  watches: 'number',
  comment: 'number',
  worklog: 'number',
};

/** Types of custom fields by the end of their key, where the schema's type does not tell. */
const BY_CUSTOM: Readonly<Record<string, FieldKind>> = {
  'gh-sprint': 'sprint',
  'gh-epic-link': 'issue',
  'jpo-custom-field-parent': 'issue',
  labels: 'label',
  'jpo-custom-field-baseline-start': 'date',
  'jpo-custom-field-baseline-end': 'date',
};

const BY_TYPE: Readonly<Record<string, FieldKind>> = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'datetime',
  user: 'user',
  option: 'option',
  'option-with-child': 'option',
  version: 'version',
  component: 'component',
  status: 'status',
  priority: 'priority',
  resolution: 'resolution',
  project: 'project',
  issuetype: 'issuetype',
  issuelink: 'issue',
  issuelinks: 'issue',
  issuerestriction: 'unknown',
  securitylevel: 'option',
  group: 'option',
  progress: 'progress',
  votes: 'number',
  watches: 'number',
  'comments-page': 'number',
  boolean: 'boolean',
  team: 'option',
};

export function kindOf(id: string, schema: FieldSchema): FieldKind {
  const custom = schema.custom?.split(':').at(-1) ?? '';
  const known = BY_ID[id] ?? BY_CUSTOM[custom];
  if (known) return known;
  if (schema.type !== 'array') return BY_TYPE[schema.type ?? ''] ?? 'unknown';
  if (schema.system === 'labels') return 'label';
  return schema.items === 'string' ? 'label' : (BY_TYPE[schema.items ?? ''] ?? 'unknown');
}

/** Fields that hold a list although we show one number of it. */
const COUNTED: ReadonlySet<string> = new Set(['comment', 'worklog', 'votes', 'watches']);

export function isMultiple(id: string, schema: FieldSchema): boolean {
  return schema.type === 'array' && !COUNTED.has(id);
}
