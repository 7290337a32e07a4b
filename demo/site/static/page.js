/** What the server put into the page: site, account, app, place and the frames of the app. */
export const page = JSON.parse(document.getElementById('page-data').textContent);

/** The address of one of the app's pages, as Jira has it. */
export function moduleAddress(module, project) {
  const base = `/plugins/servlet/ac/${encodeURIComponent(page.app.key)}/${encodeURIComponent(module.key)}`;
  if (module.kind === 'jiraProjectPages') {
    const item = `com.atlassian.plugins.atlassian-connect-plugin:${page.app.key}__${module.key}`;
    return `/projects/${project.key}?selectedItem=${encodeURIComponent(item)}`;
  }
  return project ? `${base}?project.key=${project.key}&project.id=${project.id}` : base;
}

/** The app's modules of a kind that this visitor is shown; empty while the app is not installed. */
export function modulesOf(...kinds) {
  return (page.app?.modules ?? []).filter((module) => kinds.includes(module.kind));
}

/** Changes who is signed in, or the theme, and loads the page anew. */
export async function changeSession(change) {
  const answer = await fetch('/-/session', {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!answer.ok) throw new Error(`the choice could not be kept: ${answer.status}`);
}

/** A call of the site's own pages to the REST API, as the signed-in person. */
export async function api(path, body) {
  const answer = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers:
      body === undefined
        ? { Accept: 'application/json' }
        : { Accept: 'application/json', 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error((content.errorMessages ?? [`Jira answered ${answer.status}`]).join(' '));
  return content;
}
