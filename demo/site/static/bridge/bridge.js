/**
 * The parts of the bridge that Jira adds to `connect-host.js`: request, context, user, navigator, history,
 * jira, cookie. The library brings messages, flag, events, env, theming and the rest itself.
 */
import { contextModule, userModule } from './context.js';
import { cookieModule } from './cookie.js';
import { drawFlag, escapeHtml } from './flag.js';
import { historyModule, watchHistory } from './history.js';
import { jiraModule } from './jira.js';
import { navigatorModule } from './navigator.js';
import { requestModule } from './request.js';

/** Defines all modules; frames that are opened later see them. */
export function startBridge(page) {
  const { connectHost } = window;
  Object.assign(window.AJS, { flag: drawFlag, escapeHtml });
  connectHost.defineModule(requestModule());
  connectHost.defineModule('context', contextModule());
  connectHost.defineModule('user', userModule(page.account));
  connectHost.defineModule('navigator', navigatorModule(page));
  connectHost.defineModule('history', historyModule());
  connectHost.defineModule('jira', jiraModule(page));
  connectHost.defineModule('cookie', cookieModule());
  watchHistory();
}
