import { h } from '../dom.js';
import { moduleAddress, modulesOf, page } from '../page.js';

/** Manage apps: what is installed, what it may do, and its own pages for admins. */
export function drawApps(content) {
  const { app } = page;
  const none = h('p', { class: 'subtle', text: 'No app is installed yet.' });
  content.append(h('div', { class: 'page' }, h('h1', { text: 'Manage apps' }), app ? card(app) : none));
}

function card(app) {
  const buttons = [
    ['Get started', 'postInstallPage'],
    ['Configure', 'configurePage'],
  ].flatMap(([text, kind]) =>
    modulesOf(kind).map((module) => h('a', { class: 'button', href: moduleAddress(module), text })),
  );
  return h(
    'section',
    { class: 'app-card' },
    h('h2', { text: app.name }),
    h('p', { class: 'subtle', text: `By ${app.vendor || 'an unnamed vendor'}, key ${app.key}` }),
    h('p', { text: `May: ${app.scopes.join(', ') || 'nothing'}` }),
    h('div', { class: 'buttons' }, buttons),
  );
}
