import type { Definition } from '../../definition';
import type { Draft } from './draft';

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly definition: Definition;
}

const field = (id: string) => ({ of: { field: id } });
const ISSUE = [{ ...field('issuekey') }, { ...field('summary'), width: 320 }];
const EFFORT = [
  { ...field('timeoriginalestimate'), aggregate: 'sum' as const },
  { ...field('timespent'), aggregate: 'sum' as const },
];

/** Reports to start from; their queries are bounded, as Jira demands. */
export const TEMPLATES: readonly Template[] = [
  {
    id: 'open-by-assignee',
    name: 'Open issues by assignee',
    description: 'Who has how much on the desk, and how urgent it is.',
    definition: {
      jql: 'resolution = EMPTY AND created >= -365d ORDER BY priority DESC',
      columns: [...ISSUE, field('status'), field('priority'), field('duedate')],
      groups: [field('assignee')],
      sort: [{ ...field('priority'), direction: 'descending' }],
    },
  },
  {
    id: 'effort-by-month',
    name: 'Effort by month and component',
    description: 'Estimated and spent time of the issues created in each month.',
    definition: {
      jql: 'created >= -365d ORDER BY created DESC',
      columns: [...ISSUE, field('status'), field('assignee'), ...EFFORT],
      groups: [{ ...field('created'), by: 'month', direction: 'descending' }, field('components')],
    },
  },
  {
    id: 'status-by-project',
    name: 'Issues by project and status',
    description: 'How many issues each project has in each status.',
    definition: {
      jql: 'created >= -365d ORDER BY created DESC',
      columns: [...ISSUE, field('status'), field('assignee'), field('priority'), ...EFFORT],
      groups: [field('project'), field('status')],
    },
  },
];

/** What a new report starts with: a template, or the recent issues of the project it is made in. */
export function newDraft(template: string | undefined, projectKey: string | undefined): Draft {
  const chosen = TEMPLATES.find(({ id }) => id === template);
  const definition = chosen?.definition ?? {
    jql: 'created >= -30d ORDER BY created DESC',
    columns: [...ISSUE, field('status'), field('assignee'), field('priority')],
  };
  const within = projectKey ? `project = "${projectKey.replace(/["\\]/g, '\\$&')}" AND ` : '';
  return {
    name: chosen?.name ?? '',
    description: '',
    visibility: 'private',
    definition: { ...definition, jql: within + definition.jql },
  };
}
