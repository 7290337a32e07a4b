import { expect, test } from 'vitest';
import { gadgetsOver } from './gadgets';
import { settingsOver } from './settings';
import type { Call, Transport } from './transport';

/** A transport that remembers calls and answers all of them alike. */
function recording(body: unknown): { sent: Call[]; transport: Transport } {
  const sent: Call[] = [];
  const transport: Transport = async (call) => {
    sent.push(call);
    return new Response(JSON.stringify(body));
  };
  return { sent, transport };
}

test('a choice names its place, escaped, and the version that it is meant for', async () => {
  const { sent, transport } = recording({ state: 'shown', version: 1 });
  const gadgets = gadgetsOver(transport);
  const place = { dashboard: '10000', item: 'a/b' };
  await gadgets.read(place);
  expect(await gadgets.choose(place, 0, 'r-1')).toEqual({ state: 'shown', version: 1 });
  expect(sent).toEqual([
    { path: '/gadgets/10000/a%2Fb' },
    {
      method: 'PUT',
      path: '/gadgets/10000/a%2Fb',
      body: { report: 'r-1' },
      headers: { 'If-Match': '"0"' },
    },
  ]);
});

test('settings are set against the version that was read', async () => {
  const { sent, transport } = recording({ contact_addresses: ['a@b.co'], version: 4 });
  const settings = settingsOver(transport);
  await settings.read();
  await settings.replace(3, { contact_addresses: ['a@b.co'] });
  expect(sent).toEqual([
    { path: '/settings' },
    {
      method: 'PUT',
      path: '/settings',
      body: { contact_addresses: ['a@b.co'] },
      headers: { 'If-Match': '"3"' },
    },
  ]);
});
