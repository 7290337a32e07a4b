import { expect, test } from 'vitest';
import type { Bridge, BridgeRequest } from './bridge';
import { connectRequest } from './connect-request';

function bridgeThat(answer: (request: BridgeRequest) => Promise<{ body: unknown; xhr?: object }>): Bridge {
  return { request: answer } as unknown as Bridge;
}

test('an answer is parsed, with its status and its headers in lower case', async () => {
  const sent: BridgeRequest[] = [];
  const bridge = bridgeThat(async (request) => {
    sent.push(request);
    return { body: '{"issues":[]}', xhr: { status: 200, headers: { 'Retry-After': '3', ETag: null } } };
  });
  const path = '/rest/api/3/search/jql';
  const response = await connectRequest(bridge, { method: 'POST', path, body: { jql: 'a' } });
  expect(response).toEqual({ status: 200, headers: { 'retry-after': '3' }, body: { issues: [] } });
  expect(sent).toEqual([{ url: path, type: 'POST', data: '{"jql":"a"}', contentType: 'application/json' }]);
});

test('a call without a body is a plain GET', async () => {
  const sent: BridgeRequest[] = [];
  const bridge = bridgeThat(async (request) => {
    sent.push(request);
    return { body: 'plain', xhr: { status: 200, getAllResponseHeaders: () => 'X-A: b: c\r\nx-d:e\r\n' } };
  });
  const response = await connectRequest(bridge, { path: '/rest/api/3/field' });
  expect(sent).toEqual([{ url: '/rest/api/3/field', type: 'GET' }]);
  expect(response).toEqual({ status: 200, headers: { 'x-a': 'b: c', 'x-d': 'e' }, body: 'plain' });
});

test('an error status is an answer', async () => {
  const headers: Record<string, string> = { 'Retry-After': '7' };
  const getResponseHeader = (name: string) =>
    name === 'retry-after' ? (headers['Retry-After'] ?? null) : null;
  const xhr = { status: 429, responseText: '{"errorMessages":["slow down"]}', getResponseHeader };
  const bridge = bridgeThat(() => Promise.reject({ xhr, err: 'Too Many Requests' }));
  expect(await connectRequest(bridge, { path: '/x' })).toEqual({
    status: 429,
    headers: { 'retry-after': '7' },
    body: { errorMessages: ['slow down'] },
  });
});

test.each([[new Error('gone')], [{ xhr: { status: 0 } }], [undefined]])(
  'a rejection without a status (%o) is no answer',
  async (reason) => {
    const bridge = bridgeThat(() => Promise.reject(reason));
    await expect(connectRequest(bridge, { path: '/x' })).rejects.toThrow('Jira could not be reached');
  },
);

test('an aborted call rejects at once and drops the late answer', async () => {
  let answer: (value: { body: string }) => void = () => undefined;
  const bridge = bridgeThat(() => new Promise((resolve) => (answer = resolve)));
  const call = new AbortController();
  const sent = connectRequest(bridge, { path: '/x', signal: call.signal });
  call.abort();
  answer({ body: '{}' });
  await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
});

test('a call that was aborted before is not sent', async () => {
  let sent = 0;
  const bridge = bridgeThat(async () => {
    sent += 1;
    return { body: '' };
  });
  const request = connectRequest(bridge, { path: '/x', signal: AbortSignal.abort() });
  await expect(request).rejects.toMatchObject({ name: 'AbortError' });
  expect(sent).toBe(0);
});
