/** `AP.navigator`: moves the site's own window to one of its places. */

const segment = encodeURIComponent;

export function navigatorModule(page) {
  return {
    go(target, context, _callback) {
      const address = addressOf(target, context ?? {});
      if (address !== null) location.assign(address);
    },
    getLocation(callback) {
      const frame = page.frames[0];
      callback(
        frame === undefined
          ? { target: 'site', context: { relativeUrl: location.pathname + location.search } }
          : { target: 'addonModule', context: { addonKey: page.app.key, moduleKey: frame.module.key } },
      );
    },
    reload(_callback) {
      location.reload();
    },
  };
}

/** The address of a target of the documented kinds; null for others and for addresses of other sites. */
export function addressOf(target, context) {
  switch (String(target).toLowerCase()) {
    case 'issue':
      return context.issueKey ? `/browse/${segment(context.issueKey)}` : null;
    case 'dashboard':
      return context.dashboardId ? `/jira/dashboards/${segment(context.dashboardId)}` : null;
    case 'addonmodule':
      return moduleAddress(context);
    case 'projectadminsummary':
      return context.projectKey ? `/projects/${segment(context.projectKey)}` : null;
    case 'userprofile':
      return '/jira/your-work';
    case 'site':
      return siteAddress(context.relativeUrl ?? context.absoluteUrl);
    default:
      return null;
  }
}

function moduleAddress(context) {
  if (!context.addonKey || !context.moduleKey) return null;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(context.customData ?? {})) {
    if (value !== null && value !== undefined) query.append(`ac.${name}`, String(value));
  }
  const address = `/plugins/servlet/ac/${segment(context.addonKey)}/${segment(context.moduleKey)}`;
  return query.size > 0 ? `${address}?${query}` : address;
}

function siteAddress(text) {
  if (!text) return null;
  const url = new URL(text, location.origin);
  return url.origin === location.origin ? url.href : null;
}
