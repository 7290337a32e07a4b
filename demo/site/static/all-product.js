/*
 * What Jira's all.js has beside the published iframe.js: callbacks and promises of AP.request, the listeners of
 * AP.history, and a few functions of AP.env on AP itself. Functions cannot cross the bridge, so these live on the
 * app's side of it.
 */
((AP) => {
  const host = AP?._hostModules?._globals;
  if (!host?.request) return;

  for (const name of ['getLocation', 'sizeToParent', 'hideFooter']) {
    if (AP[name] === undefined) AP[name] = AP._hostModules.env[name];
  }

  const send = host.request;

  function xhrOf(response, body) {
    const headers = response.headers || {};
    return {
      status: response.status,
      statusText: response.statusText,
      readyState: 4,
      responseText: body,
      getResponseHeader: (name) => {
        const value = headers[String(name).toLowerCase()];
        return value === undefined ? null : value;
      },
      getAllResponseHeaders: () =>
        Object.keys(headers)
          .map((name) => `${name}: ${headers[name]}\r\n`)
          .join(''),
    };
  }

  function request(url, options) {
    const all = typeof url === 'object' ? { ...url } : { ...options, url };
    const success = all.success;
    const error = all.error;
    delete all.success;
    delete all.error;
    const promise = new Promise((resolve, reject) => {
      send(all, (failure, response, body) => {
        const xhr = xhrOf(response || {}, body);
        if (failure) {
          if (error) error(xhr, 'error', failure);
          reject({ xhr, err: failure });
        } else {
          if (success) success(body, 'success', xhr);
          resolve({ body, xhr });
        }
      });
    });
    if (success || error) promise.catch(() => undefined); // told by callback already
    return promise;
  }
  AP.request = host.request = request;

  const remote = AP._hostModules.history;
  let current = AP._data.options.historyState || '';
  const listeners = [];

  function getState(type, callback) {
    if (typeof type === 'function') return getState(undefined, type);
    if (callback) remote.getState(type, callback);
    return current;
  }

  function remember(method) {
    return (newState, ...rest) => {
      if (AP._data.options.history) {
        current = newState && typeof newState === 'object' ? newState.hash || '' : String(newState ?? '');
      }
      remote[method](newState, ...rest);
    };
  }

  const history = {
    ...remote,
    getState,
    pushState: remember('pushState'),
    replaceState: remember('replaceState'),
    popState: (listener) => {
      listeners.push(listener);
    },
  };
  AP.register({
    history_popstate: (event) => {
      current = event.hash;
      for (const listener of listeners) listener(event);
    },
  });
  AP.history = AP._hostModules.history = history;
})(window.AP);
