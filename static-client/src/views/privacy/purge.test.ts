import { expect, test } from 'vitest';
import { Problem } from '../../server/problem';
import type { Purge, PurgeReceipt } from '../../server/purges';
import { comingOf, pauseOf, stageOf } from './purge-stage';
import { confirmFaults, receiptFile, removedBy } from './purge-text';

const NOW = Date.parse('2026-11-23T12:00:00Z');

function purge(state: Purge['state'], due_at = '2026-11-30T12:00:00Z'): Purge {
  return { id: state, state, due_at, receipt: state === 'done' } as Purge;
}

const RECEIPT: PurgeReceipt = {
  id: '0199',
  tenant_hash: 'a',
  salt: 'b',
  asked_by: 'site admin',
  reason: null,
  asked_at: '2026-11-23T12:00:00Z',
  begun_at: '2026-11-30T12:00:00Z',
  ended_at: '2026-11-30T12:00:02Z',
  counts: { reports: 12, stars: 0, report_versions: 30, novelties: 1 },
  files: 2,
  backups_until: '2027-01-05',
};

test('a purge can be stopped until it has begun', () => {
  expect((['waiting', 'queued', 'running'] as const).map((state) => stageOf(purge(state)))).toEqual([
    'planned',
    'planned',
    'running',
  ]);
  for (const ended of [undefined, purge('done'), purge('failed'), purge('cancelled')]) {
    expect(stageOf(ended)).toBe('none');
  }
});

test('the purge to come is found among those that are over', () => {
  const coming = purge('waiting');
  expect(comingOf([purge('cancelled'), coming, purge('done')])).toBe(coming);
  expect(comingOf([purge('cancelled'), purge('done')])).toBeUndefined();
});

test('a page looks often when it is near, seldom before, and not at all without one', () => {
  expect(pauseOf(undefined, NOW)).toBeUndefined();
  const far = pauseOf(purge('waiting'), NOW) ?? 0;
  const near = pauseOf(purge('waiting', '2026-11-23T12:00:30Z'), NOW) ?? 0;
  expect(far).toBeGreaterThan(near);
  expect(pauseOf(purge('running'), NOW)).toBe(near);
  expect(pauseOf(purge('queued', '2026-11-23T11:59:00Z'), NOW)).toBe(near);
});

test('a receipt is told in plain words, the most first, tables of a newer server by their names', () => {
  expect(removedBy(RECEIPT)).toEqual([
    { what: 'Earlier versions of reports', count: 30 },
    { what: 'Reports', count: 12 },
    { what: 'Files', count: 2 },
    { what: 'novelties', count: 1 },
  ]);
  expect(removedBy({ ...RECEIPT, counts: { toString: 1 }, files: 0 })).toEqual([
    { what: 'toString', count: 1 },
  ]);
});

test('the file of a receipt is named by its day and holds all of it', async () => {
  const { name, content } = receiptFile(RECEIPT);
  expect(name).toBe('sightline-purge-2026-11-30.json');
  expect(JSON.parse(await content.text())).toEqual(RECEIPT);
});

test('a name that does not confirm is a fault of the field, other refusals are not', () => {
  const faults = [{ pointer: '/confirm', detail: 'must name the site, acme.atlassian.net' }];
  expect(confirmFaults(new Problem(422, 'The body is not valid.', faults))).toEqual([
    'This must name the site, acme.atlassian.net.',
  ]);
  expect(confirmFaults(new Problem(403, 'Only admins', faults))).toEqual([]);
  expect(confirmFaults(undefined)).toEqual([]);
});
