import { h } from '../dom.js';
import { openFrame } from '../frame.js';
import { page } from '../page.js';
import { issueTable } from './table.js';

/** The list of dashboards. */
export function drawDashboards(content) {
  const items = page.dashboards.map(({ id, name }) =>
    h('li', {}, h('a', { href: `/jira/dashboards/${id}`, text: name })),
  );
  content.append(
    h('div', { class: 'page' }, h('h1', { text: 'Dashboards' }), h('ul', { class: 'plain' }, items)),
  );
}

/** A dashboard: the app's gadgets and one of Jira's own. */
export function drawDashboard(content) {
  const gadgets = page.frames.map((frame) => {
    const body = h('div', { class: 'gadget-body' });
    return { frame, body, element: gadget(frame.module.name, body) };
  });
  const own = gadget(
    'Assigned to me',
    h(
      'div',
      { class: 'gadget-body own' },
      issueTable('assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC', {
        narrow: true,
      }),
    ),
  );
  content.append(
    h(
      'div',
      { class: 'page wide' },
      h('h1', { text: page.place.title }),
      h(
        'div',
        { class: 'gadgets' },
        gadgets.map(({ element }) => element),
        own,
      ),
    ),
  );
  for (const { frame, body } of gadgets) openFrame(body, frame);
}

function gadget(title, body) {
  return h('section', { class: 'gadget' }, h('h2', { class: 'gadget-title', text: title }), body);
}
