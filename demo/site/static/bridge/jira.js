/** `AP.jira`, as far as dashboard items and issue pages need it. */

export function jiraModule(page) {
  return {
    isDashboardItemEditable(callback) {
      callback(page.place.kind === 'dashboard' && page.account?.admin === true);
    },
    setDashboardItemTitle(title, callback) {
      const frame = document.getElementById(callback._context.extension_id);
      const heading = frame?.closest('.gadget')?.querySelector('.gadget-title');
      if (heading) heading.textContent = String(title);
    },
    refreshIssuePage() {
      if (page.place.kind === 'issue') location.reload();
    },
  };
}
