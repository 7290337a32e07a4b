import type { Bridge, BridgeRequest, BridgeXhr } from './bridge';
import type { JiraRequest, JiraResponse } from './host';

/** Asked for one by one where the bridge offers neither an object of headers nor all of them as text. */
const HEADERS_READ = [
  'content-type',
  'retry-after',
  'ratelimit-reason',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-ratelimit-nearlimit',
];

const PATIENCE_SECONDS = 90;

/**
 * One call to Jira through `AP.request`. An HTTP error is an answer; only silence, a broken bridge and an
 * abort reject (the bridge cannot cancel a call, so an aborted one's answer is dropped).
 */
export function connectRequest(bridge: Bridge, request: JiraRequest): Promise<JiraResponse> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(aborted());
      return;
    }
    const finish = (settle: () => void) => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', stop);
      settle();
    };
    const stop = () => finish(() => reject(aborted()));
    const deadline = setTimeout(
      () => finish(() => reject(new Error(`Jira did not answer within ${PATIENCE_SECONDS} seconds.`))),
      PATIENCE_SECONDS * 1000,
    );
    signal?.addEventListener('abort', stop);
    exchange(bridge, request).then(
      (response) => finish(() => resolve(response)),
      (error: unknown) => finish(() => reject(error)),
    );
  });
}

async function exchange(bridge: Bridge, request: JiraRequest): Promise<JiraResponse> {
  try {
    const { body, xhr } = await bridge.request(bridgeRequest(request));
    return { status: xhr?.status ?? 200, headers: headersOf(xhr), body: parsed(body) };
  } catch (refusal) {
    return refused(refusal);
  }
}

function bridgeRequest(request: JiraRequest): BridgeRequest {
  const call = { url: request.path, type: request.method ?? 'GET' };
  return request.body === undefined
    ? call
    : { ...call, data: JSON.stringify(request.body), contentType: 'application/json' };
}

/** The bridge rejects with `{xhr, err}`; without a status there was no answer. */
function refused(refusal: unknown): JiraResponse {
  const xhr = (refusal as { readonly xhr?: BridgeXhr } | null)?.xhr;
  if (!xhr?.status) {
    throw new Error('Jira could not be reached.', { cause: refusal });
  }
  return { status: xhr.status, headers: headersOf(xhr), body: parsed(xhr.responseText ?? '') };
}

function headersOf(xhr: BridgeXhr | undefined): Record<string, string> {
  if (xhr?.headers) {
    return lowerCased(Object.entries(xhr.headers));
  }
  if (xhr?.getAllResponseHeaders) {
    return lowerCased(
      xhr
        .getAllResponseHeaders()
        .split(/\r?\n/)
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    );
  }
  return lowerCased(HEADERS_READ.map((name) => [name, xhr?.getResponseHeader?.(name) ?? null]));
}

function lowerCased(entries: (readonly [string, string | null] | string[])[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (name && value !== null && value !== undefined) {
      headers[name.toLowerCase()] = String(value);
    }
  }
  return headers;
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') {
    return body;
  }
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function aborted(): DOMException {
  return new DOMException('The call was aborted.', 'AbortError');
}
