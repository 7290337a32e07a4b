import { ask, type Bridge } from './bridge';
import { connectHistory } from './connect-history';
import { connectRequest } from './connect-request';
import type { ColorMode, HostContext, HostUser, JiraHost } from './host';

/**
 * The Connect host. Resolves once Jira has answered, so that a page in a frame that is not Jira fails here.
 * @throws BridgeMissing when Jira does not answer.
 */
export async function connectHost(bridge: Bridge): Promise<JiraHost> {
  const [location, history] = await Promise.all([
    ask<string>((callback) => bridge.env.getLocation(callback), "the page's address"),
    connectHistory(bridge),
  ]);
  bridge.theming?.initializeTheming();
  return {
    kind: 'connect',
    request: (request) => connectRequest(bridge, request),
    authorization: async () =>
      `JWT ${await ask<string>((callback) => bridge.context.getToken(callback), 'a token')}`,
    user: () => hostUser(bridge),
    context: () => hostContext(bridge, new URLSearchParams(window.location.search)),
    history,
    openIssue: (issueKey) => bridge.navigator.go('issue', { issueKey }),
    siteUrl: new URL(location).origin,
    onColorMode,
  };
}

async function hostUser(bridge: Bridge): Promise<HostUser> {
  const { user } = bridge;
  const [current, timeZone, locale] = await Promise.all([
    ask<{ readonly atlassianAccountId?: string }>((callback) => user.getCurrentUser(callback), 'the user'),
    ask<string>((callback) => user.getTimeZone(callback), 'the time zone'),
    ask<string>((callback) => user.getLocale(callback), 'the language'),
  ]);
  return { accountId: current.atlassianAccountId ?? '', timeZone, locale: locale.replaceAll('_', '-') };
}

interface ConnectContext {
  readonly project?: { readonly key?: string };
  readonly dashboard?: { readonly id?: string | number };
  readonly dashboardItem?: { readonly id?: string | number };
}

/** Modules that cannot be cacheable carry their context in the frame's address as well. */
async function hostContext(bridge: Bridge, query: URLSearchParams): Promise<HostContext> {
  const answer = await ask<unknown>((callback) => bridge.context.getContext(callback), 'the context');
  const jira = (answer as { readonly jira?: ConnectContext } | null)?.jira;
  const named = {
    projectKey: jira?.project?.key ?? query.get('projectKey'),
    dashboardId: jira?.dashboard?.id ?? query.get('dashboard'),
    dashboardItemId: jira?.dashboardItem?.id ?? query.get('item'),
  };
  return Object.fromEntries(
    Object.entries(named)
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Atlassian's script writes the mode of the page around it to the root element and keeps it current. */
function onColorMode(listener: (mode: ColorMode) => void): () => void {
  const root = document.documentElement;
  const read = (): ColorMode => (root.dataset.colorMode === 'dark' ? 'dark' : 'light');
  let last = read();
  listener(last);
  const observer = new MutationObserver(() => {
    if (read() !== last) {
      last = read();
      listener(last);
    }
  });
  observer.observe(root, { attributeFilter: ['data-color-mode'] });
  return () => observer.disconnect();
}
