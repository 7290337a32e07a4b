import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../tests/generated-issues';
import { column, issue, lines, NOW, openSession } from '../../../tests/tables';
import type { Aggregate, Format } from '../../definition';
import type { EngineContext } from '../protocol';
import { formatNumber, type NumberKind } from './format-number';

const BERLIN: EngineContext = { ...contextOf({ hoursPerDay: 7.5, daysPerWeek: 4 }), now: NOW };

function shown(number: number, kind: NumberKind, format?: Format, context = BERLIN): string {
  const value = formatNumber(number, kind, format, context);
  return value.kind === 'key' ? value.key : value.text;
}

const style = (name: Format['style'], digits?: number): Format =>
  digits === undefined ? { style: name } : { style: name, digits };

describe('a number', () => {
  test.each<[number, Format | undefined, string]>([
    [1234.567, undefined, '1,234.57'],
    [1234.567, style('decimal'), '1,234.57'],
    [1234.5, style('decimal', 3), '1,234.500'],
    [1234.5, style('decimal', 0), '1,235'],
    [1234.567, style('plain'), '1234.567'],
    [0.1 + 0.2, style('plain'), '0.3'],
    [1234.5, style('plain', 2), '1234.50'],
    [0.256, style('percent'), '25.6%'],
    [0.256, style('percent', 0), '26%'],
    [0.25, style('percent', 2), '25.00%'],
    [1.5, style('hours'), '1.5 h'],
    [1.5, style('hours', 2), '1.50 h'],
    [5400, style('duration'), '1h 30m'],
    [7, style('date'), '7'],
    [7, style('relative'), '7'],
    [7, style('icon'), '7'],
    [-0.5, style('decimal', 1), '-0.5'],
  ])('%d as %j is %s', (number, format, text) => {
    expect(shown(number, 'number', format)).toBe(text);
  });
});

describe('a duration, in Jira’s own hours a day and days a week', () => {
  test.each<[number, Format | undefined, string]>([
    [7.5 * 3600, undefined, '1d'],
    [4 * 7.5 * 3600 + 5400, style('duration'), '1w 1h 30m'],
    [-3600, undefined, '-1h'],
    [0, undefined, '0m'],
    [5400, style('hours'), '1.5 h'],
    [5400, style('hours', 2), '1.50 h'],
    [5400, style('decimal'), '1.5'],
    [5400, style('decimal', 2), '1.50'],
    [5400, style('plain'), '5400'],
    [5400, style('percent'), '1h 30m'],
    [5400, style('text'), '1h 30m'],
  ])('%d seconds as %j are %s', (seconds, format, text) => {
    expect(shown(seconds, 'duration', format)).toBe(text);
  });

  test('of a custom day is told in it', () => {
    const week = { ...BERLIN, hoursPerDay: 8, daysPerWeek: 5 };
    expect(shown(40 * 3600, 'duration', undefined, week)).toBe('1w');
    expect(shown(40 * 3600, 'duration')).toBe('1w 1d 2h 30m');
  });
});

describe('progress and shares', () => {
  test.each<[number, NumberKind, Format | undefined, string]>([
    [25, 'progress', undefined, '25%'],
    [33.333, 'progress', style('percent', 1), '33.3%'],
    [33.333, 'progress', style('decimal'), '33.33'],
    [150, 'progress', style('plain'), '150'],
    [0.425, 'ratio', undefined, '42.5%'],
    [0.425, 'ratio', style('percent', 0), '43%'],
    [0.425, 'ratio', style('decimal', 3), '0.425'],
    [0.425, 'ratio', style('hours'), '42.5%'],
    [29_057, 'count', undefined, '29,057'],
    [29_057, 'count', style('plain'), '29057'],
    [29_057, 'count', style('hours', 2), '29,057'],
  ])('%d as %s and %j is %s', (number, kind, format, text) => {
    expect(shown(number, kind, format)).toBe(text);
  });
});

test.each<[Format | undefined, string]>([
  [undefined, '1.5 d'],
  [style('decimal', 2), '1.50'],
  [style('hours'), '36 h'],
  [style('duration'), '1d 12h'],
  [style('plain'), '1.5'],
])('a day and a half between two dates as %j is %s', (format, text) => {
  expect(shown(129_600_000, 'span', format)).toBe(text);
});

const at = (iso: string) => Date.parse(iso);

describe('a date', () => {
  test.each<[string, 'date' | 'datetime', Format | undefined, string]>([
    ['2024-02-12', 'date', undefined, '12 Feb 2024'],
    ['2024-02-12', 'date', style('time'), '12 Feb 2024'],
    ['2024-02-12', 'date', style('plain'), '2024-02-12'],
    ['2024-02-12T23:30:00Z', 'datetime', undefined, '13 Feb 2024, 00:30'],
    ['2024-02-12T23:30:00Z', 'datetime', style('time'), '13 Feb 2024, 00:30'],
    ['2024-02-12T23:30:00Z', 'datetime', style('date'), '13 Feb 2024'],
    ['2024-02-12T23:30:00Z', 'datetime', style('plain'), '2024-02-13 00:30'],
    ['2024-02-12T23:30:00Z', 'datetime', style('decimal', 2), '13 Feb 2024, 00:30'],
  ])('%s, a %s, as %j is %s', (iso, kind, format, text) => {
    expect(shown(at(iso), kind, format)).toBe(text);
  });

  test.each<[string, 'date' | 'datetime', string]>([
    ['2024-02-15', 'date', 'today'],
    ['2024-02-14', 'date', 'yesterday'],
    ['2024-02-12', 'date', '3 days ago'],
    ['2024-02-18', 'date', 'in 3 days'],
    ['2024-02-01', 'date', '2 weeks ago'],
    ['2023-11-01', 'date', '3 months ago'],
    ['2021-02-01', 'date', '3 years ago'],
    ['2024-02-15T11:59:40Z', 'datetime', 'now'],
    ['2024-02-15T11:15:00Z', 'datetime', '45 minutes ago'],
    ['2024-02-15T17:30:00Z', 'datetime', 'in 5 hours'],
    ['2024-02-13T23:30:00Z', 'datetime', 'yesterday'],
    ['2024-02-13T22:30:00Z', 'datetime', '2 days ago'],
  ])('%s, a %s, is %s on the noon of 15 February in Berlin', (iso, kind, text) => {
    expect(shown(at(iso), kind, style('relative'))).toBe(text);
  });

  test('that is told relative to now carries the date itself', () => {
    expect(formatNumber(at('2024-02-12'), 'date', style('relative'), BERLIN)).toEqual({
      kind: 'date',
      text: '3 days ago',
      iso: '2024-02-12',
      title: '12 Feb 2024',
    });
  });

  test('that no calendar holds says so', () => {
    expect(shown(1e17, 'datetime')).toBe('beyond the calendar');
  });
});

describe('aggregates take the format of their column', () => {
  const issues = [1800, 5400].map((timespent, index) =>
    issue(index + 1, { timespent, duedate: `2024-02-1${index}`, customfield_10016: index + 0.5 }),
  );
  const total = (id: string, aggregate: Aggregate, format: Format) => {
    const session = openSession(issues, {
      columns: [{ ...column(id, aggregate), format }],
      groups: [{ of: { field: 'status' } }],
    });
    return lines(session)[0]?.split(': ')[1];
  };

  test.each<[string, Aggregate, Format, string]>([
    ['timespent', 'sum', style('hours', 1), '2.0 h'],
    ['timespent', 'average', style('decimal', 2), '1.00'],
    ['timespent', 'median', style('hours'), '1 h'],
    ['timespent', { percentile: 90 }, style('hours', 2), '1.40 h'],
    ['timespent', 'list', style('plain'), '1800, 5400'],
    ['timespent', { share: 'parent' }, style('percent', 0), '100%'],
    ['duedate', 'maximum', style('relative'), '4 days ago'],
    ['duedate', 'first', style('plain'), '2024-02-10'],
    ['duedate', 'range', style('hours'), '24 h'],
    ['customfield_10016', 'sum', style('decimal', 3), '2.000'],
    ['issuekey', 'count', style('plain'), '2'],
  ])('%s, %j as %j', (id, aggregate, format, text) => {
    expect(total(id, aggregate, format)).toBe(text);
  });
});
