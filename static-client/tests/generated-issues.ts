import type { EngineContext, RawIssue } from '../src/engine/protocol';
import { fieldMetadata } from '../src/jira/fields';

const STATUSES = [
  ['1', 'Open', 'new'],
  ['3', 'In Progress', 'indeterminate'],
  ['4', 'In Review', 'indeterminate'],
  ['5', 'Resolved', 'done'],
  ['6', 'Closed', 'done'],
] as const;

const WORDS =
  'Android crash window button layout build login timeout memory upload sync proxy chart table'.split(' ');

/** Mulberry32: the same numbers on every run. */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Issues with the shapes of Jira Cloud: people, several components, dates over ten years, empty values. */
export function generateIssues(count: number, seed = 1): RawIssue[] {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, index) => {
    const [id, name, key] = STATUSES[below(STATUSES.length)] ?? STATUSES[0];
    const person = below(200);
    const urgency = 1 + below(4);
    const components = Array.from({ length: below(4) }, () => below(30));
    const created = Date.UTC(2014, 0, 1) + below(3650 * 86_400) * 1000;
    return {
      id: String(10_000 + index),
      key: `P${below(5)}-${index + 1}`,
      fields: {
        summary: `${Array.from({ length: 6 }, () => WORDS[below(WORDS.length)]).join(' ')} ${index}`,
        status: { id, name, statusCategory: { key } },
        priority: below(6) === 0 ? null : { id: String(urgency), name: `P${urgency}` },
        project: { id: String(1 + (index % 5)), key: `P${index % 5}`, name: `Project ${index % 5}` },
        assignee:
          below(10) === 0 ? null : { accountId: `a${person}`, displayName: `Person ${person}`, active: true },
        components: components.map((component) => ({
          id: String(component),
          name: `Component ${component}`,
        })),
        created: new Date(created).toISOString().replace('Z', '+0000'),
        duedate:
          below(3) === 0 ? new Date(created + below(90) * 86_400_000).toISOString().slice(0, 10) : null,
        timeoriginalestimate: below(4) === 0 ? null : below(40) * 1800,
        timespent: below(4) === 0 ? null : below(40) * 1800,
        customfield_10016: below(3) === 0 ? null : below(16) / 2,
        issuetype: { id: '1', name: 'Bug', subtask: false },
      },
    };
  });
}

const FIELDS = [
  { id: 'summary', name: 'Summary', schema: { type: 'string', system: 'summary' } },
  { id: 'description', name: 'Description', schema: { type: 'string', system: 'description' } },
  { id: 'status', name: 'Status', schema: { type: 'status', system: 'status' } },
  { id: 'priority', name: 'Priority', schema: { type: 'priority', system: 'priority' } },
  { id: 'resolution', name: 'Resolution', schema: { type: 'resolution', system: 'resolution' } },
  { id: 'project', name: 'Project', schema: { type: 'project', system: 'project' } },
  { id: 'assignee', name: 'Assignee', schema: { type: 'user', system: 'assignee' } },
  {
    id: 'components',
    name: 'Components',
    schema: { type: 'array', items: 'component', system: 'components' },
  },
  {
    id: 'fixVersions',
    name: 'Fix versions',
    schema: { type: 'array', items: 'version', system: 'fixVersions' },
  },
  { id: 'labels', name: 'Labels', schema: { type: 'array', items: 'string', system: 'labels' } },
  { id: 'created', name: 'Created', schema: { type: 'datetime', system: 'created' } },
  { id: 'duedate', name: 'Due date', schema: { type: 'date', system: 'duedate' } },
  { id: 'timeoriginalestimate', name: 'Original estimate', schema: { type: 'number' } },
  { id: 'timespent', name: 'Time Spent', schema: { type: 'number' } },
  { id: 'aggregatetimeoriginalestimate', name: 'Σ Original Estimate', schema: { type: 'number' } },
  { id: 'customfield_10016', name: 'Story Points', schema: { type: 'number', custom: 'x:float' } },
  {
    id: 'customfield_10020',
    name: 'Sprint',
    schema: { type: 'array', items: 'json', custom: 'com.pyxis.greenhopper.jira:gh-sprint' },
  },
  { id: 'issuetype', name: 'Issue Type', schema: { type: 'issuetype', system: 'issuetype' } },
  { id: 'parent', name: 'Parent' },
];

/** A site of Berlin with eight hours a day. */
export function contextOf(overrides: Partial<EngineContext> = {}): EngineContext {
  return {
    timeZone: 'Europe/Berlin',
    locale: 'en-GB',
    hoursPerDay: 8,
    daysPerWeek: 5,
    priorities: ['1', '2', '3', '4'],
    fields: fieldMetadata(FIELDS),
    ...overrides,
  };
}
