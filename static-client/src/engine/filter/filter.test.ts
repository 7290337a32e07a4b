import { describe, expect, test } from 'vitest';
import { allRows, field, issue, openSession } from '../../../tests/tables';
import type { Filter } from '../../definition';
import type { EngineContext } from '../protocol';

const person = (id: string) => ({ accountId: id, displayName: `Name of ${id}` });
const component = (id: string, name: string) => ({ id, name });

const issues = [
  issue(1, {
    summary: 'Crash on login',
    assignee: person('a'),
    priority: { id: '1', name: 'Highest' },
    components: [component('20', 'API'), component('21', 'Web')],
    labels: ['red'],
    customfield_10016: 5,
    timespent: 3600,
    created: '2024-02-15T00:30:00.000+0100',
    duedate: '2024-02-20',
  }),
  issue(2, {
    summary: 'crash twice',
    assignee: person('b'),
    priority: { id: '3', name: 'Medium' },
    components: [component('20', 'API')],
    labels: ['red', 'blue'],
    customfield_10016: 0,
    timespent: 7200,
    created: '2024-02-14T23:59:00.000+0100',
    duedate: '2024-02-15',
  }),
  issue(3, {
    summary: 'Layout',
    assignee: null,
    priority: null,
    components: [],
    labels: [],
    customfield_10016: null,
    timespent: null,
    created: '2023-12-31T23:30:00.000+0000',
    duedate: null,
  }),
];

function kept(
  id: string,
  operator: Filter['operator'],
  values: Filter['values'] = [],
  context: Partial<EngineContext> = {},
) {
  const filters = [{ of: field(id), operator, values }];
  return allRows(openSession(issues, { filters }, context)).map((row) =>
    row.kind === 'issue' ? Number(row.id) : 0,
  );
}

describe('filters on values with ids', () => {
  test.each<[string, Filter['operator'], Filter['values'], number[]]>([
    ['assignee', 'any of', ['a', 'x'], [1]],
    ['assignee', 'any of', ['Name of a'], []],
    ['assignee', 'none of', ['a'], [2, 3]],
    ['assignee', 'is empty', [], [3]],
    ['assignee', 'is not empty', [], [1, 2]],
    ['components', 'any of', ['21'], [1]],
    ['components', 'all of', ['20', '21'], [1]],
    ['components', 'none of', ['21'], [2, 3]],
    ['components', 'is empty', [], [3]],
    ['labels', 'any of', ['blue'], [2]],
    ['labels', 'all of', ['red'], [1, 2]],
    ['priority', 'greater', ['3'], [1]],
    ['priority', 'at least', ['3'], [1, 2]],
    ['priority', 'less', ['1'], [2]],
    ['priority', 'at most', ['3'], [2]],
    ['priority', 'between', ['3', '1'], [1, 2]],
    ['priority', 'greater', ['99'], []],
  ])('%s %s %j keeps %j', (id, operator, values, numbers) => {
    expect(kept(id, operator, values)).toEqual(numbers);
  });
});

describe('filters on texts', () => {
  test.each<[Filter['operator'], Filter['values'], number[]]>([
    ['contains', ['CRASH'], [1, 2]],
    ['contains', ['login', 'layout'], [1, 3]],
    ['does not contain', ['crash'], [3]],
    ['equals', ['Layout'], [3]],
    ['differs', ['Layout'], [1, 2]],
  ])('%s %j keeps %j', (operator, values, numbers) => {
    expect(kept('summary', operator, values)).toEqual(numbers);
  });
});

describe('filters on numbers', () => {
  test.each<[string, Filter['operator'], Filter['values'], number[]]>([
    ['customfield_10016', 'equals', [0], [2]],
    ['customfield_10016', 'differs', [0], [1, 3]],
    ['customfield_10016', 'less', [5], [2]],
    ['customfield_10016', 'at most', [5], [1, 2]],
    ['customfield_10016', 'greater', [0], [1]],
    ['customfield_10016', 'at least', [0], [1, 2]],
    ['customfield_10016', 'between', [0, 4], [2]],
    ['customfield_10016', 'any of', [5, 7], [1]],
    ['customfield_10016', 'none of', [5], [2, 3]],
    ['customfield_10016', 'is empty', [], [3]],
    ['customfield_10016', 'greater', [], []],
    ['timespent', 'greater', ['PT1H'], [2]],
    ['timespent', 'equals', [3600], [1]],
  ])('%s %s %j keeps %j', (id, operator, values, numbers) => {
    expect(kept(id, operator, values)).toEqual(numbers);
  });
});

describe('filters on dates', () => {
  test.each<[string, Filter['operator'], Filter['values'], number[]]>([
    ['created', 'equals', ['2024-02-15'], [1]],
    ['created', 'before', ['2024-02-15'], [2, 3]],
    ['created', 'after', ['2024-02-14'], [1]],
    ['created', 'at most', ['2024-02-14'], [2, 3]],
    ['created', 'between', ['2024-01-01', '2024-02-14'], [2, 3]],
    ['created', 'before', ['2024-02-14T23:00:00Z'], [2, 3]],
    ['created', 'in the last', ['P1D'], [1, 2]],
    ['created', 'in the last', ['PT13H'], [1]],
    ['created', 'in the last', ['nonsense'], []],
    ['duedate', 'in the next', ['P7D'], [1, 2]],
    ['duedate', 'in the last', ['P7D'], [2]],
    ['duedate', 'after', ['2024-02-15'], [1]],
    ['duedate', 'at least', ['2024-02-15'], [1, 2]],
    ['duedate', 'is empty', [], [3]],
  ])('%s %s %j keeps %j', (id, operator, values, numbers) => {
    expect(kept(id, operator, values)).toEqual(numbers);
  });

  test('begin their days in the report’s zone', () => {
    expect(kept('created', 'equals', ['2024-02-14'], { timeZone: 'America/New_York' })).toEqual([1, 2]);
    expect(kept('created', 'equals', ['2024-01-01'])).toEqual([3]);
  });
});

test('all filters must hold', () => {
  const filters: Filter[] = [
    { of: field('components'), operator: 'any of', values: ['20'] },
    { of: field('timespent'), operator: 'greater', values: [3600] },
  ];
  expect(openSession(issues, { filters }).view()).toMatchObject({ issueCount: 1, heldCount: 3 });
});
