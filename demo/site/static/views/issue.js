import { h } from '../dom.js';
import { api, page } from '../page.js';
import { day, lozenge, person } from './table.js';

/** `/browse/<key>`: one issue, to read. */
export async function drawIssue(content) {
  const holder = h(
    'div',
    { class: 'page', 'aria-busy': 'true' },
    h('p', { class: 'subtle', text: 'Loading…' }),
  );
  content.append(holder);
  const query = new URLSearchParams({ jql: `key = "${page.place.key}"`, fields: '*all', maxResults: '1' });
  const found = await api(`/rest/api/3/search/jql?${query}`).catch(() => ({ issues: [] }));
  holder.removeAttribute('aria-busy');
  const [issue] = found.issues;
  if (issue === undefined) {
    holder.replaceChildren(
      h('h1', { text: 'You can’t view this issue' }),
      h('p', { text: 'It may have been deleted, or you may not have permission to see it.' }),
    );
    return;
  }
  document.title = `[${issue.key}] ${issue.fields.summary} - Jira`;
  holder.replaceChildren(...parts(issue));
}

function parts({ key, fields }) {
  return [
    h(
      'p',
      { class: 'crumbs' },
      h('a', { href: '/projects', text: 'Projects' }),
      ' / ',
      h('a', { href: `/projects/${fields.project.key}`, text: fields.project.name }),
      ' / ',
      h('a', { href: `/browse/${key}`, text: key }),
    ),
    h('h1', { dir: 'auto', text: fields.summary }),
    h('div', { class: 'issue' }, main(fields), details(fields)),
  ];
}

function main(fields) {
  const links = fields.subtasks ?? [];
  return h(
    'div',
    {},
    h('h2', { text: 'Description' }),
    h('p', { dir: 'auto', text: plain(fields.description) || 'None' }),
    links.length > 0 && h('h2', { text: 'Child issues' }),
    links.length > 0 &&
      h(
        'ul',
        { class: 'plain' },
        links.map((child) =>
          h(
            'li',
            {},
            h('a', { href: `/browse/${child.key}`, text: child.key }),
            ` ${child.fields?.summary ?? ''}`,
          ),
        ),
      ),
  );
}

/** The text of an Atlassian document, paragraph by paragraph. */
function plain(document) {
  if (!document) return '';
  if (typeof document === 'string') return document;
  if (document.type === 'text') return document.text ?? '';
  return (document.content ?? []).map(plain).join(document.type === 'doc' ? '\n' : '');
}

function details(fields) {
  const names = (list) => (list ?? []).map((value) => value.name ?? value).join(', ') || 'None';
  const hours = (seconds) => (seconds ? `${Math.round(seconds / 360) / 10} h` : 'None');
  const rows = [
    ['Status', lozenge(fields.status)],
    ['Assignee', person(fields.assignee)],
    ['Reporter', person(fields.reporter)],
    ['Type', fields.issuetype?.name],
    ['Priority', fields.priority?.name],
    ['Labels', names(fields.labels)],
    ['Components', names(fields.components)],
    ['Fix versions', names(fields.fixVersions)],
    ['Story points', fields.customfield_10016],
    ['Original estimate', hours(fields.timeoriginalestimate)],
    ['Time spent', hours(fields.timespent)],
    ['Due', day(fields.duedate)],
    ['Created', day(fields.created)],
    ['Updated', day(fields.updated)],
  ];
  const cells = rows.flatMap(([name, value]) => [
    h('dt', { text: name }),
    value instanceof Node
      ? h('dd', {}, value)
      : h('dd', { text: value === null || value === undefined || value === '' ? 'None' : String(value) }),
  ]);
  return h('aside', { class: 'details', 'aria-label': 'Details' }, h('dl', {}, cells));
}
