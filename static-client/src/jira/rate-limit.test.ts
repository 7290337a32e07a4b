import { expect, test } from 'vitest';
import { answer } from '../../tests/simulated-jira';
import { limitText, pauseAsked, withEnd } from './rate-limit';

/** Local time, as the texts are; so the tests hold in every zone. */
const NOW = new Date(2026, 4, 6, 15, 20, 30).getTime();
const FOUR = new Date(2026, 4, 6, 16, 0, 0).toISOString();

const refused = (headers: Record<string, string>) => answer({}, 429, headers);

test.each(['jira-quota-global-based', 'jira-quota-tenant-based'])(
  'a used-up quota (%s) is told with the time it begins anew',
  (reason) => {
    const limited = { 'ratelimit-reason': reason };
    const text = 'Jira’s hourly quota is used up until 16:00.';
    expect(limitText(refused({ ...limited, 'x-ratelimit-reset': FOUR, 'retry-after': '2370' }), NOW)).toBe(
      text,
    );
    expect(limitText(refused({ ...limited, 'x-ratelimit-reset': FOUR }), NOW)).toBe(text);
    expect(limitText(refused({ ...limited, 'retry-after': '2370' }), NOW)).toBe(text);
    expect(limitText(refused(limited), NOW)).toBe('Jira’s hourly quota is used up.');
  },
);

test.each(['jira-burst-based', 'jira-per-issue-on-write', 'jira-max-concurrent-threads'])(
  'every other limit (%s) asks for slower calls, whatever the quota’s headers say',
  (reason) => {
    const headers = { 'ratelimit-reason': reason, 'x-ratelimit-reset': FOUR, 'retry-after': '4' };
    expect(limitText(refused(headers), NOW)).toBe('Jira asks for slower calls.');
    expect(pauseAsked(refused(headers), NOW)).toBe(4_000);
  },
);

test('without a reason a long pause is that of a quota', () => {
  expect(limitText(refused({ 'retry-after': '1800' }), NOW)).toBe(
    'Jira’s hourly quota is used up until 15:51.',
  );
  expect(limitText(refused({ 'retry-after': '12' }), NOW)).toBe('Jira asks for slower calls.');
  expect(limitText(refused({}), NOW)).toBe('Jira asks for slower calls.');
});

test('the pause comes in seconds, as a date, or as the time at which a quota begins anew', () => {
  expect(pauseAsked(refused({ 'retry-after': '7' }), NOW)).toBe(7_000);
  expect(pauseAsked(refused({ 'retry-after': new Date(NOW + 9_000).toUTCString() }), NOW)).toBe(9_000);
  expect(pauseAsked(refused({ 'retry-after': '-3' }), NOW)).toBe(0);
  const quota = { 'ratelimit-reason': 'jira-quota-global-based', 'x-ratelimit-reset': FOUR };
  expect(pauseAsked(refused(quota), NOW)).toBe(39.5 * 60_000);
  for (const header of ['', 'soon'])
    expect(pauseAsked(refused({ 'retry-after': header }), NOW)).toBeUndefined();
  expect(pauseAsked(refused({ 'x-ratelimit-reset': FOUR }), NOW)).toBeUndefined();
});

test('a refusal told later still ends when it did', () => {
  const kept = withEnd(refused({ 'retry-after': '1800' }), NOW);
  expect(limitText(kept, NOW + 20 * 60_000)).toBe('Jira’s hourly quota is used up until 15:51.');
  const dated = refused({ 'retry-after': '1800', 'x-ratelimit-reset': FOUR });
  expect(withEnd(dated, NOW)).toBe(dated);
});
