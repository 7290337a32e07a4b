import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { column, field, group, groupLines, issue, openSession, textOfCell } from '../../../tests/tables';
import type { Aggregate, Format } from '../../definition';
import type { RawIssue } from '../protocol';
import * as records from './records';
import { percentile } from './spread';

const issues = [
  issue(1, {
    customfield_10016: 1,
    timespent: 3600,
    created: '2024-01-01T10:00:00.000+0000',
    labels: ['b', 'a'],
    priority: { id: '2', name: 'High' },
  }),
  issue(2, {
    customfield_10016: 4,
    timespent: 30600,
    created: '2024-01-05T10:00:00.000+0000',
    labels: ['a'],
    priority: { id: '1', name: 'Highest' },
  }),
  issue(3, {
    customfield_10016: 4,
    timespent: null,
    created: '2024-01-02T22:00:00.000+0000',
    labels: [],
    priority: null,
  }),
  issue(4, {
    customfield_10016: null,
    timespent: 0,
    created: null,
    labels: ['c', 'a'],
    priority: { id: '2', name: 'High' },
  }),
];

function total(
  id: string,
  aggregate: Aggregate,
  format?: Format,
  held: readonly RawIssue[] = issues,
): string {
  const columns = [{ ...column(id, aggregate), ...(format && { format }) }];
  return textOfCell(openSession(held, { columns }).view().totals[0] ?? { values: [] });
}

describe('aggregates of numbers leave empty values out', () => {
  test.each<[Aggregate, string]>([
    ['count', '4'],
    ['count empty', '1'],
    ['count distinct', '2'],
    ['sum', '9'],
    ['average', '3'],
    ['minimum', '1'],
    ['maximum', '4'],
    ['range', '3'],
    ['median', '4'],
    ['standard deviation', '1.73'],
    [{ percentile: 25 }, '2.5'],
    [{ share: 'total' }, '100%'],
    ['first', '1'],
    ['list', '1, 4'],
  ])('%j is %s', (aggregate, text) => {
    expect(total('customfield_10016', aggregate)).toBe(text);
  });

  test.each<Aggregate>([
    'sum',
    'average',
    'minimum',
    'maximum',
    'range',
    'median',
    'standard deviation',
    { percentile: 50 },
    'first',
    'list',
    { share: 'total' },
  ])('%j of nothing is empty, not zero', (aggregate) => {
    expect(total('customfield_10016', aggregate, undefined, [issue(1, { customfield_10016: null })])).toBe(
      '–',
    );
  });

  test('of one value has no standard deviation', () => {
    expect(
      total('customfield_10016', 'standard deviation', undefined, [issue(1, { customfield_10016: 3 })]),
    ).toBe('–');
  });
});

describe('aggregates of durations and dates', () => {
  test.each<[string, Aggregate, string]>([
    ['timespent', 'sum', '1d 1h 30m'],
    ['timespent', 'minimum', '0m'],
    ['timespent', 'average', '3h 10m'],
    ['timespent', 'count', '4'],
    ['created', 'minimum', '1 Jan 2024, 11:00'],
    ['created', 'maximum', '5 Jan 2024, 11:00'],
    ['created', 'range', '4 d'],
    ['created', 'median', '2 Jan 2024, 23:00'],
    ['created', 'sum', 'Dates do not add up.'],
    ['created', { share: 'total' }, 'Dates do not add up: there is no share of them.'],
  ])('%s %j is %s', (id, aggregate, text) => {
    expect(total(id, aggregate)).toBe(text);
  });
});

describe('aggregates of names', () => {
  test.each<[string, Aggregate, string]>([
    ['labels', 'count', '4'],
    ['labels', 'count empty', '1'],
    ['labels', 'count distinct', '3'],
    ['labels', 'first', 'b'],
    ['labels', 'list', 'b, a, c'],
    ['labels', 'minimum', 'a'],
    ['labels', 'maximum', 'c'],
    ['priority', 'maximum', 'Highest'],
    ['labels', 'sum', 'Sum needs numbers.'],
    ['labels', { percentile: 5 }, 'A percentile needs numbers or dates.'],
    ['labels', { share: 'total' }, '100%'],
  ])('%s %j is %s', (id, aggregate, text) => {
    expect(total(id, aggregate)).toBe(text);
  });

  test('tell how many values a list leaves out', () => {
    const many = Array.from({ length: 60 }, (_, index) => issue(index + 1, { labels: [`l${index}`] }));
    expect(total('labels', 'list', undefined, many)).toMatch(/l49, and 10 more$/);
  });
});

describe('formats', () => {
  test.each<[string, Aggregate, Format, string]>([
    ['customfield_10016', 'sum', { style: 'decimal', digits: 2 }, '9.00'],
    ['customfield_10016', 'average', { style: 'percent', digits: 0 }, '300%'],
    ['customfield_10016', 'sum', { style: 'plain' }, '9'],
    ['customfield_10016', 'sum', { style: 'hours' }, '9 h'],
    ['timespent', 'sum', { style: 'hours', digits: 1 }, '9.5 h'],
    ['timespent', 'sum', { style: 'decimal' }, '9.5'],
    ['timespent', 'sum', { style: 'plain' }, '34200'],
    ['created', 'maximum', { style: 'date' }, '5 Jan 2024'],
  ])('%s %j as %j is %s', (id, aggregate, format, text) => {
    expect(total(id, aggregate, format)).toBe(text);
  });
});

test('shares are of the parent’s sum, or of everything', () => {
  const columns = [
    column('customfield_10016', { share: 'parent' }),
    column('customfield_10016', { share: 'total' }),
  ];
  const session = openSession(issues, { columns, groups: [group('priority'), group('labels')] });
  expect(groupLines(session)).toEqual([
    'High (2): 11.1% | 11.1%',
    '  a (2): 100% | 11.1%',
    '  b (1): 100% | 11.1%',
    '  c (1): – | –',
    'Highest (1): 44.4% | 44.4%',
    '  a (1): 100% | 44.4%',
    '– (1): 44.4% | 44.4%',
    '  – (1): 100% | 44.4%',
  ]);
});

test('first and list follow the report’s sort', () => {
  const sort = [{ of: field('customfield_10016'), direction: 'descending' as const }];
  const columns = [column('issuekey', 'first'), column('issuekey', 'list')];
  const [first, list] = openSession(issues, { columns, sort }).view().totals.map(textOfCell);
  expect([first, list]).toEqual(['A-2', 'A-2, A-3, A-1, A-4']);
});

describe('Σ fields, which include sub-tasks', () => {
  const type = (subtask: boolean) => ({
    id: subtask ? '5' : '1',
    name: subtask ? 'Sub-task' : 'Task',
    subtask,
  });
  const parent = { id: '1', key: 'A-1' };
  const family = [
    issue(1, { issuetype: type(false), aggregatetimeoriginalestimate: 10 * 3600, labels: ['x'] }),
    issue(2, { issuetype: type(true), parent, aggregatetimeoriginalestimate: 3 * 3600, labels: ['x', 'y'] }),
    issue(3, { issuetype: type(true), parent, aggregatetimeoriginalestimate: 5 * 3600, labels: ['y'] }),
    issue(4, { issuetype: type(false), parent, aggregatetimeoriginalestimate: 3600, labels: ['y'] }),
  ];
  const columns = [
    { ...column('aggregatetimeoriginalestimate', 'sum'), format: { style: 'hours' as const } },
  ];

  test('are not added twice where a parent stands beside its sub-tasks', () => {
    const session = openSession(family, { columns, groups: [group('labels')] });
    expect(groupLines(session)).toEqual(['x (2): 10 h', 'y (3): 9 h']);
    expect(session.view().totals.map(textOfCell)).toEqual(['11 h']);
  });

  test('show each issue’s own number in its row', () => {
    const session = openSession(family, { columns });
    expect(session.rows(1, 2).rows[0]?.cells.map(textOfCell)).toEqual(['3 h']);
  });
});

describe('records', () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 40 });

  test.each(Object.entries(records))('%s merged from parts is that of the whole', (_, record) => {
    const property = fc.property(numbers, numbers, (left, right) => {
      const merged = stateOf(record, left);
      record.mergeGroups(merged, stateOf(record, right), Int32Array.of(0));
      const whole = record.value(stateOf(record, [...left, ...right]), 0);
      const value = record.value(merged, 0);
      if (Number.isNaN(whole)) expect(value).toBeNaN();
      else expect(Math.abs(value - whole)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(whole)));
    });
    fc.assert(property);
  });

  test.each(Object.entries(records))('%s of many rows at once is that of one after another', (_, record) => {
    const property = fc.property(numbers, (values) => {
      const rows = Int32Array.from(values, (_value, row) => row);
      const atOnce = Float64Array.from(record.empty);
      record.addEntries(atOnce, Float64Array.from(values), {
        entries: rows,
        groupOf: new Int32Array(rows.length),
      });
      expect(record.value(atOnce, 0)).toBe(record.value(stateOf(record, values), 0));
    });
    fc.assert(property);
  });

  test('a sum loses nothing to rounding', () => {
    const values = [1e16, 1, -1e16, ...Array<number>(10).fill(0.1)];
    expect(records.sum.value(stateOf(records.sum, values), 0)).toBe(2);
  });
});

function stateOf(record: records.AggregateRecord, values: readonly number[]): Float64Array {
  const state = Float64Array.from(record.empty);
  for (const value of values) record.add(state, 0, value);
  return state;
}

test('a percentile lies between its neighbours, in proportion', () => {
  const values = Float64Array.of(10, Number.NaN, 30, 20, 40);
  expect([0, 25, 50, 85, 100].map((percent) => percentile(values, percent))).toEqual([
    10, 17.5, 25, 35.5, 40,
  ]);
});
