import type { JiraHost } from '../host/host';
import { Busy } from './busy';
import { Problem, problemOf, Unreachable } from './problem';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** Bytes to send as they are, instead of a body. */
  readonly content?: Blob;
  /** The server does the same once, however often it is asked: for calls that are not so anyway. */
  readonly repeatable?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends one call to our API and returns its successful answer. */
export type Transport = (call: Call) => Promise<Response>;

export interface TransportOptions {
  /** Where the API lives; empty for the page's own origin. */
  readonly origin?: string;
  readonly timeoutSeconds?: number;
  /** Waits between the tries of a call that may be repeated, where the server does not name one. */
  readonly pausesSeconds?: readonly number[];
  /** Told of the waits for a server that is busy. */
  readonly busy?: Busy;
}

const WORTH_ANOTHER_TRY = new Set([429, 502, 503, 504]);
const PAUSES_SECONDS = [0.5, 2, 5];
/** All tries and waits of a call together. */
const PATIENCE_SECONDS = 30;

/**
 * A transport that asks the host for a fresh token for each try.
 * Reads, and writes that may be repeated, are tried again as long as `Retry-After` asks for; other writes
 * are sent once. Its calls reject with `Problem` (an error status), `Unreachable` (no answer) or an `AbortError`.
 */
export function createTransport(
  host: Pick<JiraHost, 'authorization'>,
  {
    origin = '',
    timeoutSeconds = 30,
    pausesSeconds = PAUSES_SECONDS,
    busy = new Busy(),
  }: TransportOptions = {},
): Transport {
  const attempt = async (call: Call, pauses: readonly number[], end: number): Promise<Response> => {
    const left = (end - Date.now()) / 1000;
    const outcome = await send(host, origin, Math.min(timeoutSeconds, left), call);
    if (outcome instanceof Response) {
      return outcome;
    }
    const [usual, ...others] = pauses;
    const pause = usual === undefined ? Number.POSITIVE_INFINITY : (retryAfterOf(outcome) ?? usual);
    if (Date.now() + pause * 1000 >= end) {
      throw outcome;
    }
    const waited = rest(pause, call.signal);
    await (outcome instanceof Problem ? busy.during(pause, waited) : waited);
    return attempt(call, others, end);
  };
  return (call) =>
    attempt(call, mayBeRepeated(call) ? pausesSeconds : [], Date.now() + PATIENCE_SECONDS * 1000);
}

/** Whether the server does the same once, however often it is asked. */
function mayBeRepeated({ method = 'GET', headers = {}, repeatable = false }: Call): boolean {
  return method === 'GET' || 'Idempotency-Key' in headers || repeatable;
}

function retryAfterOf(outcome: Problem | Unreachable): number | undefined {
  return outcome instanceof Problem ? outcome.retryAfter : undefined;
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
  const { type, body } = contentOf(call);
  return {
    method: call.method ?? 'GET',
    headers: { Accept: 'application/json', ...type, ...call.headers, Authorization: authorization },
    body,
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  };
}

/** What is sent, and the header that names its kind. */
function contentOf({ body, content }: Call) {
  if (content) {
    return { type: { 'Content-Type': 'application/octet-stream' }, body: content };
  }
  return body === undefined
    ? { type: {}, body: null }
    : { type: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
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
