import { h, icon } from '../dom.js';
import { openFrame } from '../frame.js';
import { api, moduleAddress, modulesOf, page } from '../page.js';
import { issueTable } from './table.js';

/** The list of projects that the visitor may see. */
export async function drawProjects(content) {
  const holder = h('div', { class: 'page' }, h('h1', { text: 'Projects' }));
  content.append(holder);
  try {
    const { values } = await api('/rest/api/3/project/search?maxResults=50&orderBy=name&expand=lead');
    holder.append(projectTable(values));
  } catch (error) {
    holder.append(h('p', { class: 'error', role: 'alert', text: error.message }));
  }
}

function projectTable(projects) {
  const rows = projects.map((project) =>
    h(
      'tr',
      {},
      h(
        'td',
        {},
        h(
          'a',
          { class: 'project-name', href: `/projects/${project.key}` },
          mark(project.key),
          h('span', { text: project.name }),
        ),
      ),
      h('td', { text: project.key }),
      h('td', { text: project.projectTypeKey ?? '' }),
      h('td', { text: project.lead?.displayName ?? '' }),
    ),
  );
  const heads = ['Name', 'Key', 'Type', 'Lead'].map((text) => h('th', { scope: 'col', text }));
  return h('table', {}, h('thead', {}, h('tr', {}, heads)), h('tbody', {}, rows));
}

function mark(key) {
  return h('span', { class: 'mark', 'aria-hidden': 'true', text: key[0] });
}

/** A project: its issues, its reports, or one of the app's pages beside its own navigation. */
export function drawProject(content) {
  const { project, selected } = page.place;
  const body = h('div', { class: 'project-body' });
  content.classList.add('full', 'with-sidebar');
  content.append(sidebar(project, selected), body);
  const [frame] = page.frames;
  if (frame !== undefined) openFrame(body, frame);
  else if (selected === 'reports') drawReports(body, project);
  else drawProjectIssues(body, project);
}

function sidebar(project, selected) {
  const apps = modulesOf('jiraProjectPages').map((module) => [
    module.name,
    moduleAddress(module, project),
    'app',
    page.frames[0]?.module.key === module.key,
  ]);
  const entries = [
    ['Issues', `/projects/${project.key}`, 'list', !selected],
    ['Reports', `/projects/${project.key}?selectedItem=reports`, 'chart', selected === 'reports'],
    ...apps,
  ];
  return h(
    'nav',
    { class: 'sidebar', 'aria-label': project.name },
    h(
      'div',
      { class: 'project-name' },
      mark(project.key),
      h('div', {}, h('strong', { text: project.name }), h('small', { text: 'Software project' })),
    ),
    entries.map(([text, href, symbol, current]) =>
      h('a', { href, 'aria-current': current && 'page' }, icon(symbol), h('span', { text })),
    ),
  );
}

function drawReports(body, project) {
  const cards = modulesOf('jiraReports').map((module) =>
    h(
      'a',
      { class: 'card', href: moduleAddress(module, project) },
      icon('chart'),
      h('strong', { text: module.name }),
      h('span', { text: module.description }),
    ),
  );
  const none = h('p', { class: 'subtle', text: 'No app offers reports.' });
  body.append(
    h(
      'div',
      { class: 'page' },
      h('h1', { text: 'Reports' }),
      h('div', { class: 'cards' }, cards.length > 0 ? cards : none),
    ),
  );
}

function drawProjectIssues(body, project) {
  body.append(
    h(
      'div',
      { class: 'page' },
      h('h1', { text: project.name }),
      issueTable(`project = "${project.key}" ORDER BY created DESC`),
    ),
  );
}
