import { avatar, h } from '../dom.js';
import { api } from '../page.js';

const FIELDS = 'summary,status,assignee,priority,issuetype,created,updated';
const LOZENGES = { new: 'todo', indeterminate: 'progress', done: 'done', undefined: 'todo' };

/** A status in its category's colour. */
export function lozenge(status) {
  return h('span', {
    class: `lozenge ${LOZENGES[status?.statusCategory?.key] ?? 'todo'}`,
    text: status?.name ?? '',
  });
}

/** A person, or that there is none. */
export function person(account) {
  if (!account) return h('span', { class: 'subtle', text: 'Unassigned' });
  return h(
    'span',
    { class: 'person' },
    avatar(account.displayName),
    h('span', { text: account.displayName }),
  );
}

/** The icon of a type or a priority, named for those who cannot see it. */
function picture(value) {
  return value?.iconUrl
    ? h('img', { class: 'sign', src: value.iconUrl, alt: value.name, title: value.name })
    : '';
}

/** The link to an issue. */
export function issueLink(key) {
  return h('a', { href: `/browse/${key}`, text: key });
}

/** A table of the issues that a query finds, at most 50, drawn when they arrive; `narrow` leaves columns out. */
export function issueTable(jql, { narrow = false } = {}) {
  const holder = h(
    'div',
    { class: 'results', 'aria-busy': 'true' },
    h('p', { class: 'subtle', text: 'Searching…' }),
  );
  fill(holder, jql, narrow).finally(() => holder.removeAttribute('aria-busy'));
  return holder;
}

async function fill(holder, jql, narrow) {
  try {
    const query = new URLSearchParams({ jql, fields: FIELDS, maxResults: narrow ? '10' : '50' });
    const [{ issues, isLast }, { count }] = await Promise.all([
      api(`/rest/api/3/search/jql?${query}`),
      api('/rest/api/3/search/approximate-count', { jql }),
    ]);
    const note =
      isLast === false
        ? `The first ${issues.length} of about ${count.toLocaleString('en')} issues`
        : `${issues.length} issues`;
    holder.replaceChildren(
      h('p', { class: 'subtle', text: note }),
      ...(issues.length > 0 ? [drawTable(issues, narrow)] : []),
    );
  } catch (error) {
    holder.replaceChildren(h('p', { class: 'error', role: 'alert', text: error.message }));
  }
}

function drawTable(issues, narrow) {
  const rows = issues.map(({ key, fields }) =>
    h(
      'tr',
      {},
      h('td', {}, picture(fields.issuetype)),
      h('td', { class: 'key' }, issueLink(key)),
      h('td', { class: 'summary', dir: 'auto', text: fields.summary ?? '' }),
      !narrow && h('td', {}, person(fields.assignee)),
      h('td', { class: 'plain' }, picture(fields.priority), ` ${fields.priority?.name ?? ''}`),
      h('td', {}, lozenge(fields.status)),
      !narrow && h('td', { class: 'plain', text: day(fields.created) }),
    ),
  );
  const heads = [
    'T',
    'Key',
    'Summary',
    !narrow && 'Assignee',
    'Priority',
    'Status',
    !narrow && 'Created',
  ].filter(Boolean);
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        heads.map((text) => h('th', { scope: 'col', text })),
      ),
    ),
    h('tbody', {}, rows),
  );
}

/** A moment as a day, in the browser's words. */
export function day(moment) {
  if (!moment) return '';
  const date = new Date(moment.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
