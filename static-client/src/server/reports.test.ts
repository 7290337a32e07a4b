import { expect, test } from 'vitest';
import { exportsOver, isOver, type Task } from './exports';
import { type ReportContent, reportsOver } from './reports';
import type { Call, Transport } from './transport';

/** A transport that remembers calls and answers all of them alike. */
function recording(
  body: unknown,
  headers: Record<string, string> = {},
): { sent: Call[]; transport: Transport } {
  const sent: Call[] = [];
  const transport: Transport = async (call) => {
    sent.push(call);
    return new Response(JSON.stringify(body), { headers });
  };
  return { sent, transport };
}

const CONTENT: ReportContent = {
  name: 'n',
  description: '',
  visibility: 'private',
  definition: { jql: 'project = A', columns: [{ of: { field: 'summary' } }] },
};

test('a list asks only for what is given, escaped', async () => {
  const { sent, transport } = recording({ items: [], next: null });
  const reports = reportsOver(transport);
  await reports.list({});
  await reports.list({ search: 'a&b = "ü"', sort: '-name', starred: true, limit: 50, cursor: 'c+/=' });
  expect(sent.map(({ path }) => path)).toEqual([
    '/reports',
    '/reports?search=a%26b+%3D+%22%C3%BC%22&sort=-name&starred=true&limit=50&cursor=c%2B%2F%3D',
  ]);
});

test('changes name the version that they were made from', async () => {
  const { sent, transport } = recording({});
  const reports = reportsOver(transport);
  await reports.replace('1/2', 7, CONTENT);
  await reports.remove('x', 3);
  expect(sent).toEqual([
    { method: 'PUT', path: '/reports/1%2F2', body: CONTENT, headers: { 'If-Match': '"7"' } },
    { method: 'DELETE', path: '/reports/x', headers: { 'If-Match': '"3"' } },
  ]);
});

test('a creation carries its key, so that a second try makes no second report', async () => {
  const { sent, transport } = recording({ id: '1' });
  await reportsOver(transport).create(CONTENT, 'key-1');
  expect(sent[0]).toMatchObject({ method: 'POST', headers: { 'Idempotency-Key': 'key-1' }, body: CONTENT });
});

test('a star is set and taken away', async () => {
  const { sent, transport } = recording({});
  const reports = reportsOver(transport);
  await reports.star('x', true);
  await reports.star('x', false);
  expect(sent.map(({ method, path }) => [method, path])).toEqual([
    ['PUT', '/reports/x/star'],
    ['DELETE', '/reports/x/star'],
  ]);
});

test('an export has the name that the server gives it, if it is a plain one', async () => {
  const named = recording({}, { 'Content-Disposition': 'attachment; filename="acme-2026.json.gz"' });
  expect((await exportsOver(named.transport).file('1')).name).toBe('acme-2026.json.gz');
  const odd = recording({}, { 'Content-Disposition': 'attachment; filename="../../evil"' });
  expect((await exportsOver(odd.transport).file('1')).name).toBe('sightline-export.json.gz');
});

test('only an ended task is over', () => {
  const states: Task['state'][] = ['waiting', 'queued', 'running', 'done', 'failed', 'cancelled'];
  const over = states.filter((state) => isOver({ state }));
  expect(over).toEqual(['done', 'failed', 'cancelled']);
});
