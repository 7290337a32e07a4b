import { h } from '../dom.js';
import { openFrame } from '../frame.js';
import { become } from '../navigation.js';
import { page } from '../page.js';
import { drawApps } from './apps.js';
import { drawDashboard, drawDashboards } from './dashboards.js';
import { drawIssue } from './issue.js';
import { drawIssues, drawWork } from './issues.js';
import { drawProject, drawProjects } from './projects.js';

const VIEWS = {
  app: drawApp,
  apps: drawApps,
  dashboard: drawDashboard,
  dashboards: drawDashboards,
  issue: drawIssue,
  issues: drawIssues,
  missing: drawMissing,
  project: drawProject,
  projects: drawProjects,
  'signed-out': drawSignedOut,
  work: drawWork,
};

/** Draws the place that the page is about. */
export function drawPlace(content) {
  content.dataset.place = page.place.kind;
  VIEWS[page.place.kind](content);
}

function drawApp(content) {
  const [frame] = page.frames;
  content.classList.add('full');
  if (frame === undefined) {
    content.append(
      h(
        'div',
        { class: 'page' },
        h('h1', { text: 'Installing the app…' }),
        h('p', { class: 'subtle', text: 'This page opens as soon as the app has answered.' }),
      ),
    );
    waitForApp();
    return;
  }
  openFrame(content, frame);
}

async function waitForApp() {
  const answer = await fetch('/ready').catch(() => null);
  if (answer?.ok) location.reload();
  else setTimeout(waitForApp, 1000);
}

function drawMissing(content) {
  content.append(
    h(
      'div',
      { class: 'page empty' },
      h('h1', { text: page.place.title }),
      h('p', { text: 'It may not exist, or you may not have permission to see it.' }),
      h('a', { href: '/jira/your-work', text: 'Go to your work' }),
    ),
  );
}

function drawSignedOut(content) {
  const choices = page.accounts.map((account) =>
    h(
      'li',
      {},
      h('button', {
        class: 'primary-link',
        type: 'button',
        text: account.name,
        onclick: () => become(account.id),
      }),
      ` ${account.zone}${account.admin ? ', site admin' : ''}`,
    ),
  );
  content.append(
    h(
      'div',
      { class: 'page empty' },
      h('h1', { text: 'Log in to Jira' }),
      h('p', { text: 'Choose who you are on this site:' }),
      h('ul', { class: 'plain' }, choices),
    ),
  );
}
