import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { Busy } from './busy';
import { Problem, Unreachable } from './problem';
import { createTransport, type TransportOptions } from './transport';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (seen: Seen, response: ServerResponse) => void;

const servers: Server[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that gives the answers in turn, the last one for ever, and what it has been sent. */
async function serving(...answers: Answer[]): Promise<{ readonly origin: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    const call = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    seen.push(call);
    answers[Math.min(seen.length, answers.length) - 1]?.(call, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const ok: Answer = (_, response) => response.end('{"fine":true}');
const failing =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(status, headers).end('not json');

function transportTo(origin: string, options: TransportOptions = {}) {
  let tokens = 0;
  const authorization = async () => {
    tokens += 1;
    return `JWT token-${tokens}`;
  };
  return createTransport({ authorization }, { origin, pausesSeconds: [0.01, 0.01], ...options });
}

test('a call carries a fresh token and JSON to the versioned API', async () => {
  const { origin, seen } = await serving(ok);
  const send = transportTo(origin);
  await send({ method: 'POST', path: '/reports', body: { name: 'é' }, headers: { 'Idempotency-Key': 'k' } });
  await send({ path: '/me' });
  expect(seen.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ['POST', '/api/v1/reports', 'JWT token-1'],
    ['GET', '/api/v1/me', 'JWT token-2'],
  ]);
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ name: 'é' });
  expect(seen[0]?.headers['idempotency-key']).toBe('k');
  expect(seen[0]?.headers['content-type']).toBe('application/json');
  expect(seen[1]?.headers['content-type']).toBeUndefined();
});

test('a problem keeps its words, its pointers and the number of the request', async () => {
  const body = {
    title: 'Invalid',
    detail: 'The report is not valid.',
    errors: [{ pointer: '/definition/columns/0/of', detail: 'unknown formula' }, { other: 1 }],
  };
  const { origin } = await serving((_, response) =>
    response
      .writeHead(422, { 'Content-Type': 'application/problem+json', 'X-Request-Id': 'r-1' })
      .end(JSON.stringify(body)),
  );
  const error = await transportTo(origin)({ method: 'PUT', path: '/reports/1', body: {} }).catch((e) => e);
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({ status: 422, message: 'The report is not valid.', requestId: 'r-1' });
  expect(error.faults).toEqual([{ pointer: '/definition/columns/0/of', detail: 'unknown formula' }]);
});

test('reading is tried again while the server is busy or gone, with another token each time', async () => {
  const dropped: Answer = (_, response) => response.socket?.destroy();
  const { origin, seen } = await serving(failing(503), dropped, ok);
  const response = await transportTo(origin)({ path: '/reports' });
  expect(await response.json()).toEqual({ fine: true });
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([
    'JWT token-1',
    'JWT token-2',
    'JWT token-3',
  ]);
});

test('reading gives up after its tries with the last problem', async () => {
  const { origin, seen } = await serving(failing(502));
  await expect(transportTo(origin)({ path: '/reports' })).rejects.toMatchObject({ status: 502 });
  expect(seen).toHaveLength(3);
});

test.each([400, 401, 403, 404, 500])('a refusal with %i is not tried again', async (status) => {
  const { origin, seen } = await serving(failing(status));
  await expect(transportTo(origin)({ path: '/reports' })).rejects.toMatchObject({ status });
  expect(seen).toHaveLength(1);
});

test.each(['POST', 'PUT', 'DELETE'] as const)('%s is never sent twice', async (method) => {
  const { origin, seen } = await serving(failing(503));
  await expect(transportTo(origin)({ method, path: '/reports' })).rejects.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(1);
});

test('a write with an idempotency key is tried again as a read is', async () => {
  const { origin, seen } = await serving(failing(503), ok);
  const headers = { 'Idempotency-Key': 'k' };
  await transportTo(origin)({ method: 'POST', path: '/reports', body: { name: 'a' }, headers });
  expect(seen.map((call) => [call.headers['idempotency-key'], call.body])).toEqual([
    ['k', '{"name":"a"}'],
    ['k', '{"name":"a"}'],
  ]);
});

test('bytes go as they are, and again where the server does the same once', async () => {
  const { origin, seen } = await serving(failing(503), ok);
  const content = new Blob(['\u001f{}']);
  await transportTo(origin)({ method: 'PUT', path: '/imports/1/parts/1', content, repeatable: true });
  expect(seen.map((call) => [call.headers['content-type'], call.body])).toEqual([
    ['application/octet-stream', '\u001f{}'],
    ['application/octet-stream', '\u001f{}'],
  ]);
});

/** A transport under a clock that the test sets, and what it shows. */
function underClock(origin: string) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const busy = new Busy();
  const told: (number | null)[] = [];
  busy.subscribe(() => told.push(busy.seconds()));
  return { send: transportTo(origin, { busy, pausesSeconds: [0.5, 2, 5] }), busy, told };
}

test.each([429, 503])('after %i reading waits as long as it is told to and says so', async (status) => {
  const { origin, seen } = await serving(failing(status, { 'Retry-After': '5' }), ok);
  const { send, busy, told } = underClock(origin);
  const answer = send({ path: '/reports' });
  await vi.waitUntil(() => busy.seconds() === 5);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(seen).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect((await answer).ok).toBe(true);
  expect(seen).toHaveLength(2);
  expect(told).toEqual([5, null]);
});

test('reading waits three times and thirty seconds in all at most', async () => {
  const { origin, seen } = await serving(failing(503, { 'Retry-After': '12' }));
  const { send, busy } = underClock(origin);
  const ended = expect(send({ path: '/reports' })).rejects.toMatchObject({ status: 503, retryAfter: 12 });
  for (const tries of [1, 2]) {
    await vi.waitUntil(() => seen.length === tries && busy.seconds() === 12);
    await vi.advanceTimersByTimeAsync(12_000);
  }
  await ended;
  expect(seen).toHaveLength(3);
  expect(busy.seconds()).toBeNull();
});

test('reading is tried four times and not more', async () => {
  const { origin, seen } = await serving(failing(503, { 'Retry-After': '1' }));
  const { send, busy } = underClock(origin);
  const ended = expect(send({ path: '/reports' })).rejects.toMatchObject({ status: 503 });
  for (const tries of [1, 2, 3]) {
    await vi.waitUntil(() => seen.length === tries && busy.seconds() === 1);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  await ended;
  expect(seen).toHaveLength(4);
});

test('an aborted wait is not shown any more', async () => {
  const { origin } = await serving(failing(429, { 'Retry-After': '9' }));
  const { send, busy } = underClock(origin);
  const call = new AbortController();
  const ended = expect(send({ path: '/me', signal: call.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  await vi.waitUntil(() => busy.seconds() === 9);
  call.abort();
  await ended;
  expect(busy.seconds()).toBeNull();
});

test('a write is not sent again and tells when to try', async () => {
  const { origin, seen } = await serving(failing(429, { 'Retry-After': '4' }));
  const sent = transportTo(origin)({ method: 'PUT', path: '/reports/1', headers: { 'If-Match': '"1"' } });
  await expect(sent).rejects.toMatchObject({ status: 429, retryAfter: 4 });
  expect(seen).toHaveLength(1);
});

test('a wait longer than a person would sit through is told at once', async () => {
  const { origin, seen } = await serving(failing(429, { 'Retry-After': '3600' }));
  await expect(transportTo(origin)({ path: '/me' })).rejects.toMatchObject({ status: 429, retryAfter: 3600 });
  expect(seen).toHaveLength(1);
});

test('a server that does not answer in time is unreachable', async () => {
  const { origin } = await serving(() => undefined);
  const send = transportTo(origin, { timeoutSeconds: 0.05, pausesSeconds: [] });
  await expect(send({ path: '/me' })).rejects.toBeInstanceOf(Unreachable);
});

test('a server that is not there is unreachable', async () => {
  const { origin } = await serving(ok);
  const gone = servers.splice(0)[0];
  await new Promise((resolve) => gone?.close(resolve));
  await expect(transportTo(origin)({ path: '/me' })).rejects.toBeInstanceOf(Unreachable);
});

test('an aborted call ends as aborted, also while it waits for its next try', async () => {
  const { origin, seen } = await serving(failing(503));
  const call = new AbortController();
  const sent = transportTo(origin, { pausesSeconds: [20] })({ path: '/me', signal: call.signal });
  const ended = expect(sent).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => seen.length).toBe(1);
  call.abort();
  await ended;
});
