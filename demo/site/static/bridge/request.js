/**
 * `AP.request`: a call to Jira's REST API with the person's own session, marked as the app's.
 * Only paths below /rest/ of this site, only the headers that Jira lets through, no binary answers.
 */

const HEADERS = ['accept', 'if-match', 'if-none-match'];
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** The bridge module; the app's side of it is in all-product.js. */
export function requestModule() {
  return {
    request(options, callback) {
      send(options ?? {}, callback._context.extension.addon_key).then(
        (answer) => callback(!answer.ok && 'error', answer.response, answer.body),
        (error) => callback('error', { status: 0, statusText: 'error', headers: {} }, String(error.message)),
      );
    },
  };
}

async function send(options, appKey) {
  const method = (options.type ?? 'GET').toUpperCase();
  const url = target(options, method);
  if (options.binaryAttachment) throw new Error('binaryAttachment is not supported here');
  const answer = await fetch(url, {
    method,
    headers: headersOf(options, method, appKey),
    body: bodyOf(options, method),
    credentials: 'same-origin',
    redirect: 'error',
    cache: options.cache === false ? 'no-store' : 'default',
  });
  const headers = Object.fromEntries(answer.headers.entries());
  const response = { status: answer.status, statusText: answer.statusText, headers };
  return { ok: answer.ok, response, body: await answer.text() };
}

function target(options, method) {
  const url = new URL(String(options.url ?? ''), `${location.origin}/`);
  if (url.origin !== location.origin || !url.pathname.startsWith('/rest/')) {
    throw new Error('AP.request takes paths of the REST API only');
  }
  if (!WRITES.includes(method) && options.data && typeof options.data === 'object') {
    for (const [name, value] of Object.entries(options.data)) url.searchParams.append(name, String(value));
  }
  return url;
}

function headersOf(options, method, appKey) {
  const headers = { 'X-Addon-Key': appKey, Accept: '*/*' };
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (HEADERS.includes(name.toLowerCase())) headers[name] = String(value);
  }
  if (options.experimental) headers['X-ExperimentalApi'] = 'opt-in';
  if (WRITES.includes(method) && options.data !== undefined) {
    headers['Content-Type'] = options.contentType ?? 'application/x-www-form-urlencoded; charset=UTF-8';
  }
  return headers;
}

function bodyOf(options, method) {
  if (!WRITES.includes(method) || options.data === undefined || options.data === null) return undefined;
  return typeof options.data === 'string' ? options.data : new URLSearchParams(options.data).toString();
}
