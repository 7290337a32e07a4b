import type { FieldKind } from '../engine/protocol';
import { customKind, isCustomList, isPlainText } from './custom-kinds';

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
  statusCategory: 'status',
  timeoriginalestimate: 'duration',
  timeestimate: 'duration',
  timespent: 'duration',
  aggregatetimeoriginalestimate: 'duration',
  aggregatetimeestimate: 'duration',
  aggregatetimespent: 'duration',
  progress: 'progress',
  aggregateprogress: 'progress',
  workratio: 'progress',
  votes: 'number',
  watches: 'number',
  comment: 'number',
  worklog: 'number',
  attachment: 'number',
};

const BY_TYPE: Readonly<Record<string, FieldKind>> = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'datetime',
  user: 'user',
  option: 'option',
  'option-with-child': 'option',
  option2: 'option',
  version: 'version',
  component: 'component',
  status: 'status',
  priority: 'priority',
  resolution: 'resolution',
  project: 'project',
  issuetype: 'issuetype',
  issuelink: 'issue',
  issuelinks: 'issue',
  securitylevel: 'option',
  group: 'option',
  progress: 'progress',
  votes: 'number',
  watches: 'number',
  'comments-page': 'number',
  boolean: 'boolean',
  team: 'option',
  'sd-customerorganization': 'option',
  'sd-customerrequesttype': 'option',
  'sd-request-lang': 'option',
};

/** The kind of a field by its id, the key of its type, and its schema's type, in this order. */
export function kindOf(id: string, schema: FieldSchema): FieldKind {
  const { type = '', items = '', custom } = schema;
  const typed = BY_TYPE[type === 'array' ? items : type];
  const known = BY_ID[id] ?? (custom === undefined ? undefined : customKind(custom));
  if (known) return known;
  if (type === 'array') return items === 'string' ? 'label' : (typed ?? 'unknown');
  if (type === 'string' && custom !== undefined && !isPlainText(custom)) return 'unknown';
  return typed ?? 'unknown';
}

/** Fields that hold a list although we show one number of it. */
const COUNTED: ReadonlySet<string> = new Set(['comment', 'worklog', 'votes', 'watches', 'attachment']);

export function isMultiple(id: string, schema: FieldSchema): boolean {
  if (COUNTED.has(id)) return false;
  return schema.type === 'array' || (schema.custom !== undefined && isCustomList(schema.custom));
}
