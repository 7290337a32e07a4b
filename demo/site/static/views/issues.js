import { h } from '../dom.js';
import { page } from '../page.js';
import { issueTable } from './table.js';

/** `/issues/?jql=…`: what a query finds. */
export function drawIssues(content) {
  const jql = new URLSearchParams(location.search).get('jql') ?? 'created >= -365d ORDER BY created DESC';
  const input = h('input', {
    name: 'jql',
    value: jql,
    'aria-label': 'JQL query',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const form = h(
    'form',
    { class: 'jql', action: '/issues/' },
    input,
    h('button', { class: 'primary', text: 'Search' }),
  );
  content.append(h('div', { class: 'page' }, h('h1', { text: 'Issues' }), form, issueTable(jql)));
}

/** Your work: what is assigned to the visitor and what changed lately. */
export function drawWork(content) {
  content.append(
    h(
      'div',
      { class: 'page' },
      h('h1', { text: 'Your work' }),
      h('h2', { text: `Assigned to ${page.account.name}` }),
      issueTable('assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC'),
      h('h2', { text: 'Recently updated' }),
      issueTable('created >= "2000-01-01" ORDER BY updated DESC'),
    ),
  );
}
