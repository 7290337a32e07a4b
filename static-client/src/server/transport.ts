import type { JiraHost } from '../host/host';
import { type Problem, problemOf, Unreachable } from './problem';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends one call to our API and returns its successful answer. */
export type Transport = (call: Call) => Promise<Response>;

export interface TransportOptions {
  /** Where the API lives; empty for the page's own origin. */
  readonly origin?: string;
  readonly timeoutSeconds?: number;
  /** Waits between the tries of a GET; nothing else is ever sent twice. */
  readonly pausesSeconds?: readonly number[];
}

const WORTH_ANOTHER_TRY = new Set([429, 502, 503, 504]);
const LONGEST_WAIT_SECONDS = 10;

/**
 * A transport that asks the host for a fresh token for each try.
 * Its calls reject with `Problem` (an error status), `Unreachable` (no answer) or an `AbortError`.
 */
export function createTransport(
  host: Pick<JiraHost, 'authorization'>,
  { origin = '', timeoutSeconds = 30, pausesSeconds = [0.5, 2] }: TransportOptions = {},
): Transport {
  const once = (call: Call) => send(host, origin, timeoutSeconds, call);
  return async (call) => {
    const pauses = (call.method ?? 'GET') === 'GET' ? pausesSeconds : [];
    for (const pause of pauses) {
      const outcome = await once(call);
      if (outcome instanceof Response) {
        return outcome;
      }
      await rest(pauseBefore(outcome, pause), call.signal);
    }
    const outcome = await once(call);
    if (outcome instanceof Response) {
      return outcome;
    }
    throw outcome;
  };
}

/** The answer, or the error that another try may heal; other errors are thrown. */
async function send(
  host: Pick<JiraHost, 'authorization'>,
  origin: string,
  timeoutSeconds: number,
  call: Call,
): Promise<Response | Problem | Unreachable> {
  const authorization = await host.authorization();
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
  try {
    const response = await fetch(`${origin}/api/v1${call.path}`, { ...initOf(call, authorization), signal });
    if (response.ok) {
      return response;
    }
    const problem = await problemOf(response);
    if (WORTH_ANOTHER_TRY.has(problem.status)) {
      return problem;
    }
    throw problem;
  } catch (error) {
    return unreachable(error, call, timeout);
  }
}

function initOf(call: Call, authorization: string): RequestInit {
  const json = call.body === undefined ? {} : { 'Content-Type': 'application/json' };
  return {
    method: call.method ?? 'GET',
    headers: { Accept: 'application/json', ...json, ...call.headers, Authorization: authorization },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  };
}

/** Network failures become `Unreachable`; whatever else was thrown goes on. */
function unreachable(error: unknown, call: Call, timeout: AbortSignal): Unreachable {
  if (call.signal?.aborted) {
    throw new DOMException('The call was aborted.', 'AbortError');
  }
  if (timeout.aborted) {
    return new Unreachable('The Sightline server did not answer in time.', error);
  }
  if (error instanceof TypeError) {
    return new Unreachable('The Sightline server could not be reached.', error);
  }
  throw error;
}

function pauseBefore(outcome: Problem | Unreachable, usual: number): number {
  const asked = 'retryAfter' in outcome ? outcome.retryAfter : undefined;
  if (asked !== undefined && asked > LONGEST_WAIT_SECONDS) {
    throw outcome;
  }
  return asked ?? usual;
}

function rest(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException('The call was aborted.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
