import { avatar, h, icon } from './dom.js';
import { api, changeSession, moduleAddress, modulesOf, page } from './page.js';
import { pointsPanel } from './points.js';

/** Draws the bar at the top, as Jira has it. */
export function drawNavigation(header) {
  header.append(
    h('a', { class: 'logo', href: '/', 'aria-label': 'Jira home' }, logo(), h('span', { text: 'Jira' })),
    h(
      'nav',
      { 'aria-label': 'Primary' },
      link('Your work', '/jira/your-work', 'work'),
      menu('projects', 'Projects', projectEntries),
      menu('filters', 'Filters', filterEntries),
      menu('dashboards', 'Dashboards', dashboardEntries),
      menu('apps', 'Apps', appEntries),
      h('button', {
        class: 'create',
        type: 'button',
        text: 'Create',
        disabled: true,
        title: 'This site is a stand-in: its issues are given',
      }),
    ),
    h(
      'div',
      { class: 'tools' },
      searchBox(),
      menu('help', icon('help'), helpEntries, 'Help'),
      page.account?.admin ? menu('settings', icon('settings'), settingsEntries, 'Settings') : null,
      page.account
        ? menu('account', avatar(page.account.name, 26), accountEntries, `Account of ${page.account.name}`)
        : null,
    ),
  );
  document.addEventListener('click', (event) => closeMenus(event.target));
  window.addEventListener('blur', () => closeMenus(null)); // the click went into the app's frame
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault(); // a fragment would take the place of the app's own state
    document.getElementById('content').focus();
  });
}

function logo() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', 'M8 2.5 15 13.5H1z');
  svg.append(path);
  return svg;
}

function link(text, href, tab) {
  const current = page.place.tab === tab;
  return h('a', { class: 'tab', href, 'aria-current': current && 'page', text });
}

function menu(tab, label, entries, name) {
  const current = page.place.tab === tab;
  const list = h('div', { class: 'menu', hidden: true });
  const button = h(
    'button',
    {
      type: 'button',
      class: name === undefined ? 'tab' : 'round',
      'aria-expanded': 'false',
      'aria-haspopup': 'true',
      'aria-label': name,
      title: name,
      'data-current': current,
      onclick: () => toggle(button, list, entries),
    },
    label,
    name === undefined && icon('chevron'),
  );
  const holder = h('div', { class: 'menu-holder', 'data-menu': tab }, button, list);
  holder.addEventListener('keydown', (event) => moveFocus(event, button, list));
  return holder;
}

async function toggle(button, list, entries) {
  const opens = list.hidden;
  closeMenus(null);
  if (!opens) return;
  list.hidden = false;
  button.setAttribute('aria-expanded', 'true');
  list.replaceChildren(...(await entries()));
}

function closeMenus(target) {
  for (const holder of document.querySelectorAll('.menu-holder')) {
    if (target instanceof Node && holder.contains(target)) continue;
    holder.querySelector('.menu').hidden = true;
    holder.querySelector('button').setAttribute('aria-expanded', 'false');
  }
}

function moveFocus(event, button, list) {
  if (event.key === 'Escape' && !list.hidden) {
    closeMenus(null);
    button.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || list.hidden) return;
  event.preventDefault();
  const items = [...list.querySelectorAll('a, button')];
  const place = items.indexOf(document.activeElement);
  items[(place + step + items.length) % items.length]?.focus();
}

function heading(text) {
  return h('p', { class: 'menu-heading', text });
}

function entry(text, href, hint) {
  return h('a', { class: 'menu-entry', href }, h('span', { text }), hint && h('small', { text: hint }));
}

async function projectEntries() {
  const { values } = await api('/rest/api/3/project/search?maxResults=8&orderBy=name').catch(() => ({
    values: [],
  }));
  return [
    heading('Projects'),
    ...values.map(({ key, name }) => entry(name, `/projects/${key}`, key)),
    entry('View all projects', '/projects'),
  ];
}

function filterEntries() {
  const filters = [
    ['Search issues', ''],
    ['My open issues', 'assignee = currentUser() AND resolution is EMPTY ORDER BY updated DESC'],
    ['Reported by me', 'reporter = currentUser() ORDER BY created DESC'],
    ['Created this year', 'created >= startOfYear() ORDER BY created DESC'],
  ];
  return [
    heading('Filters'),
    ...filters.map(([name, jql]) =>
      entry(name, jql ? `/issues/?jql=${encodeURIComponent(jql)}` : '/issues/'),
    ),
  ];
}

function dashboardEntries() {
  return [
    heading('Dashboards'),
    ...page.dashboards.map(({ id, name }) => entry(name, `/jira/dashboards/${id}`)),
    entry('View all dashboards', '/jira/dashboards'),
  ];
}

function appEntries() {
  const pages = modulesOf('generalPages').filter((module) => module.location !== 'none');
  return [
    heading('Your apps'),
    ...pages.map((module) => entry(module.name, moduleAddress(module), page.app.name)),
    pages.length === 0 && h('p', { class: 'menu-note', text: 'No apps yet: the add-on is being installed.' }),
    page.account?.admin && entry('Manage your apps', '/plugins/servlet/upm'),
  ].filter(Boolean);
}

function settingsEntries() {
  return [
    heading('Apps'),
    entry('Manage apps', '/plugins/servlet/upm'),
    ...modulesOf('adminPages').map((module) => entry(module.name, moduleAddress(module), page.app.name)),
  ];
}

function helpEntries() {
  return [
    heading('Rate limits of the app'),
    pointsPanel(),
    heading('About'),
    h('p', {
      class: 'menu-note',
      text: 'A stand-in for a Jira Cloud site that runs on this machine. Nothing you do here leaves it.',
    }),
  ];
}

function accountEntries() {
  const theme = document.documentElement.dataset.themeChoice;
  return [
    heading('Account'),
    h(
      'div',
      { class: 'who' },
      avatar(page.account.name, 32),
      h('div', {}, h('strong', { text: page.account.name }), h('small', { text: page.account.zone })),
    ),
    heading('Theme'),
    ...[
      ['light', 'Light'],
      ['dark', 'Dark'],
      ['auto', 'Match browser'],
    ].map(([value, text]) => choice(text, theme === value, () => chooseTheme(value))),
    heading('Switch account'),
    h('div', { class: 'accounts' }, page.accounts.map(accountChoice)),
    choice('Log out', false, () => become(null)),
  ];
}

function accountChoice(account) {
  const current = account.id === page.account?.id;
  const text = h(
    'span',
    {},
    account.name,
    h('small', { text: `${account.zone}${account.admin ? ', site admin' : ''}` }),
  );
  return h(
    'button',
    {
      class: 'menu-entry',
      type: 'button',
      'aria-pressed': String(current),
      'data-account': account.id,
      onclick: () => become(account.id),
    },
    avatar(account.name),
    text,
  );
}

function choice(text, chosen, onclick) {
  return h(
    'button',
    { class: 'menu-entry', type: 'button', 'aria-pressed': String(chosen), onclick },
    h('span', { text }),
    chosen && icon('check'),
  );
}

/** Signs in as another account and shows the same place to it. */
export async function become(accountId) {
  await changeSession({ account: accountId });
  location.reload();
}

async function chooseTheme(theme) {
  document.documentElement.dataset.themeChoice = theme;
  window.applyTheme();
  closeMenus(null);
  await changeSession({ theme });
}

function searchBox() {
  const input = h('input', {
    type: 'search',
    name: 'query',
    placeholder: 'Search',
    'aria-label': 'Search issues by key or text',
  });
  const form = h('form', { class: 'search', role: 'search' }, icon('search'), input);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (/^[a-z][a-z0-9_]*-\d+$/i.test(text)) location.assign(`/browse/${text.toUpperCase()}`);
    else if (text)
      location.assign(
        `/issues/?jql=${encodeURIComponent(`summary ~ "${text.replace(/["\\]/g, ' ')}" ORDER BY created DESC`)}`,
      );
  });
  return form;
}
