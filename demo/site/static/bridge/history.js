/**
 * `AP.history`: the app's state in the fragment of the page's own address, after `#!`.
 * Open to general, admin, configure and get-started pages only, as Atlassian documents; elsewhere it does nothing.
 */

const PREFIX = '#!';
let known = state();

/** The state in the address, as it was pushed. */
export function state() {
  if (!location.hash.startsWith(PREFIX)) return '';
  const text = location.hash.slice(PREFIX.length);
  try {
    return decodeURI(text);
  } catch {
    return text; // typed by hand, and not a valid escape
  }
}

export function historyModule() {
  return {
    getState(type, callback) {
      callback(type === 'all' ? entry() : allowed(callback) ? state() : '');
    },
    // The library appends its callback to whatever was passed, so it is looked for at the end.
    pushState(newState, ...rest) {
      change(newState, rest.at(-1), 'pushState');
    },
    replaceState(newState, ...rest) {
      change(newState, rest.at(-1), 'replaceState');
    },
    go(delta, callback) {
      if (allowed(callback)) history.go(Number(delta));
    },
    back(callback) {
      if (allowed(callback)) history.back();
    },
    forward(callback) {
      if (allowed(callback)) history.forward();
    },
  };
}

/** Tells the frames about steps back and forward and about a fragment that was typed. */
export function watchHistory() {
  let before = location.href;
  window.addEventListener('popstate', () => {
    const event = { ...entry(), newURL: location.href, oldURL: before };
    before = location.href;
    if (state() === known) return;
    known = state();
    for (const extension of Object.values(window.connectHost.getExtensions())) {
      if (extension.extension.options.history) broadcast(extension.extension, event);
    }
  });
}

function broadcast(extension, event) {
  window.connectHost.broadcastEvent(
    'history_popstate',
    { addon_key: extension.addon_key, key: extension.key },
    event,
  );
}

function change(newState, callback, how) {
  if (!allowed(callback)) return;
  const text =
    typeof newState === 'object' && newState !== null ? (newState.hash ?? '') : String(newState ?? '');
  if (how === 'pushState' && text === state()) return;
  known = text;
  history[how](
    history.state,
    '',
    text === '' ? location.pathname + location.search : PREFIX + encodeURI(text),
  );
}

function entry() {
  return { hash: state(), query: location.search.slice(1), title: document.title, href: location.href };
}

function allowed(callback) {
  return callback?._context.extension.options.history === true;
}
