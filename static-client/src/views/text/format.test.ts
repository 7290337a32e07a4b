import { expect, test } from 'vitest';
import {
  formatAgo,
  formatAhead,
  formatBytes,
  formatCount,
  formatDay,
  formatHeld,
  formatIssues,
  formatMoment,
  formatSeconds,
  formatShare,
  initials,
} from './format';

test('counts are grouped and issues agree with their number', () => {
  expect(formatCount(4812)).toBe('4,812');
  expect([formatHeld(2, undefined), formatHeld(1, 1), formatHeld(2, 0)]).toEqual([
    '2 issues',
    '1 issue, 1 worklog',
    '2 issues, 0 worklogs',
  ]);
  expect([0, 1, 29057].map((count) => formatIssues(count))).toEqual(['0 issues', '1 issue', '29,057 issues']);
});

test.each([
  [0, '0.0 %'],
  [0.0001, '<0.1 %'],
  [0.425, '42.5 %'],
  [1, '100.0 %'],
])('a share of %d is %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test.each([
  [-1, '0.0 s'],
  [0.44, '0.4 s'],
  [13.7, '13.7 s'],
  [59.4, '59 s'],
  [59.9, '1 min'],
  [125, '2 min 5 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test.each([
  ['2026-11-23T11:59:30Z', 'just now'],
  ['2026-11-23T11:58:00Z', '2 minutes ago'],
  ['2026-11-22T11:00:00Z', 'yesterday'],
  ['2026-11-23T12:00:30Z', 'just now'],
  ['2024-11-01T00:00:00Z', '2 years ago'],
  ['not a time', 'not a time'],
])('%s is %s', (time, text) => {
  expect(formatAgo(time, Date.parse('2026-11-23T12:00:00Z'))).toBe(text);
});

test('a moment is told in the zone asked for', () => {
  expect(formatMoment('2026-11-30T23:30:00Z', 'Asia/Kolkata')).toBe('1 December 2026 at 05:00');
  expect(formatMoment('odd', 'UTC')).toBe('odd');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_250, '1.3 kB'],
  [250_000, '250 kB'],
  [5_000_000_000, '5.0 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  ['Ada Lovett', 'AL'],
  ['  Plato ', 'P'],
  ['Jean-Luc van der Berg', 'JB'],
  ['𝒳 ß', '𝒳SS'],
  ['', ''],
])('the initials of %s are %s', (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test.each([
  ['2026-11-30T12:00:00Z', 'in 7 days'],
  ['2026-11-30T11:59:01Z', 'in 7 days'],
  ['2026-11-24T12:00:00Z', 'in 24 hours'],
  ['2026-11-23T13:00:00Z', 'in 60 minutes'],
  ['2026-11-23T12:01:05Z', 'in 1 minute'],
  ['2026-11-23T12:00:05Z', 'in less than a minute'],
  ['2026-11-23T12:00:00Z', 'now'],
  ['2026-11-22T12:00:00Z', 'now'],
  ['soon', 'now'],
])('%s, seen from noon of 23 November, is %s', (time, text) => {
  expect(formatAhead(time, Date.parse('2026-11-23T12:00:00Z'))).toBe(text);
});

test('a day is the same day in every zone', () => {
  expect(formatDay('2026-12-28')).toBe('28 December 2026');
  expect(formatDay('some day')).toBe('some day');
});
