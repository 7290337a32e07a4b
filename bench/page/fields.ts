/** Twenty fields as `/rest/api/3/field` describes them. */
const system = (id: string, name: string, type: string, items?: string) => ({
  id,
  name,
  schema: { type, system: id, ...(items && { items }) },
});

export const FIELDS = [
  system('summary', 'Summary', 'string'),
  system('issuetype', 'Issue Type', 'issuetype'),
  system('project', 'Project', 'project'),
  system('status', 'Status', 'status'),
  system('priority', 'Priority', 'priority'),
  system('resolution', 'Resolution', 'resolution'),
  system('created', 'Created', 'datetime'),
  system('updated', 'Updated', 'datetime'),
  system('resolutiondate', 'Resolved', 'datetime'),
  system('duedate', 'Due date', 'date'),
  system('labels', 'Labels', 'array', 'string'),
  system('components', 'Components', 'array', 'component'),
  system('versions', 'Affects versions', 'array', 'version'),
  system('fixVersions', 'Fix versions', 'array', 'version'),
  system('assignee', 'Assignee', 'user'),
  system('reporter', 'Reporter', 'user'),
  system('creator', 'Creator', 'user'),
  system('timeoriginalestimate', 'Original estimate', 'number'),
  { id: 'customfield_10016', name: 'Story Points', schema: { type: 'number', custom: 'x:float' } },
  {
    id: 'customfield_10020',
    name: 'Sprint',
    schema: { type: 'array', items: 'json', custom: 'com.pyxis.greenhopper.jira:gh-sprint' },
  },
];
