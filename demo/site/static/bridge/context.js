/** `AP.context` and `AP.user`: who is looking, from where, and a token that says so to the app's server. */

/** Both functions answer by callback or by promise, as the real ones do. */
export function contextModule() {
  const module = {
    async getToken(_callback) {
      const answer = await fetch('/-/token', { method: 'POST' });
      if (!answer.ok) throw new Error('The app is not installed or is disabled');
      return (await answer.json()).token;
    },
    async getContext(callback) {
      return callback._context.extension.options.structuredContext ?? {};
    },
  };
  module.getToken.returnsPromise = true;
  module.getContext.returnsPromise = true;
  return module;
}

/** Zone and locale are those of the person's Jira profile, not the browser's. */
export function userModule(account) {
  return {
    getCurrentUser(callback) {
      callback({ atlassianAccountId: account?.id });
    },
    getTimeZone(callback) {
      callback(account?.zone ?? 'Etc/UTC');
    },
    getLocale(callback) {
      callback(account?.locale ?? 'en_US');
    },
  };
}
