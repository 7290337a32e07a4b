import { describe, expect, test } from 'vitest';
import { column, field, group, groupLines, issue, openSession } from '../../../tests/tables';
import type { Definition, Group, Options } from '../../definition';
import type { RawIssue } from '../protocol';

const component = (id: string, name = id) => ({ id, name });

const issues = [
  issue(1, {
    components: [component('b'), component('a')],
    customfield_10016: 1,
    created: '2024-01-01T00:30:00.000+0100',
    assignee: { accountId: '1', displayName: 'ada' },
  }),
  issue(2, {
    components: [component('a'), component('b')],
    customfield_10016: 2,
    created: '2023-12-31T23:30:00.000+0100',
    assignee: { accountId: '2', displayName: 'Ada' },
  }),
  issue(3, {
    components: [component('c')],
    customfield_10016: 9,
    created: '2024-03-31T12:00:00.000+0200',
    assignee: { accountId: '3', displayName: 'Älva' },
  }),
  issue(4, { components: [], customfield_10016: 4, created: '2024-03-31T00:30:00.000+0100', assignee: null }),
  issue(5, {
    components: [component('d')],
    customfield_10016: null,
    created: null,
    assignee: { accountId: '4', displayName: 'Zoe' },
  }),
];

function grouped(
  rule: Group,
  options: Options = {},
  held: readonly RawIssue[] = issues,
  rest: Partial<Definition> = {},
) {
  return groupLines(
    openSession(held, { columns: [column('customfield_10016', 'sum')], groups: [rule], options, ...rest }),
  );
}

describe('a field with several values', () => {
  test('puts an issue into the group of each', () => {
    expect(grouped(group('components'))).toEqual([
      'a (2): 3',
      'b (2): 3',
      'c (1): 9',
      'd (1): –',
      '– (1): 4',
    ]);
  });

  test('or of the first it has', () => {
    expect(grouped(group('components', { values: 'first' }))).toEqual([
      'a (1): 2',
      'b (1): 1',
      'c (1): 9',
      'd (1): –',
      '– (1): 4',
    ]);
  });

  test('or of all together, whatever their order', () => {
    expect(grouped(group('components', { values: 'combined' }))).toEqual([
      'a, b (2): 3',
      'c (1): 9',
      'd (1): –',
      '– (1): 4',
    ]);
  });
});

describe('the order of groups', () => {
  test('turns round, with the empty group still last', () => {
    expect(grouped(group('components', { direction: 'descending' })).map((line) => line[0])).toEqual([
      'd',
      'c',
      'b',
      'a',
      '–',
    ]);
  });

  test('has the empty group first where wanted, or not at all', () => {
    expect(grouped(group('components', { empty: 'first' }))[0]).toBe('– (1): 4');
    const hidden = openSession(issues, {
      columns: [column('customfield_10016', 'sum')],
      groups: [group('components', { empty: 'hide' })],
    });
    expect(groupLines(hidden)).toEqual(['a (2): 3', 'b (2): 3', 'c (1): 9', 'd (1): –']);
    expect(hidden.view().issueCount).toBe(5);
    expect(hidden.view().totals).toMatchObject([{ values: [{ number: 16 }] }]);
  });

  test('follows a measure, groups without one last', () => {
    const orderBy = { of: field('customfield_10016'), aggregate: 'sum' as const };
    expect(grouped(group('components', { orderBy, direction: 'descending' }))).toEqual([
      'c (1): 9',
      'a (2): 3',
      'b (2): 3',
      'd (1): –',
      '– (1): 4',
    ]);
    expect(grouped(group('components', { orderBy }))[0]).toBe('a (2): 3');
  });
});

describe('a limit', () => {
  test('gathers the rest as Others, each issue once', () => {
    const orderBy = { of: field('customfield_10016'), aggregate: 'sum' as const };
    expect(grouped(group('components', { orderBy, direction: 'descending', limit: 1 }))).toEqual([
      'c (1): 9',
      'Others (3): 3',
      '– (1): 4',
    ]);
  });

  test('gathers even a single group left over, as no more were asked for by name', () => {
    expect(grouped(group('components', { limit: 3 })).at(-2)).toBe('Others (1): –');
  });

  test('groups Others further', () => {
    const session = openSession(issues, {
      columns: [column('customfield_10016', 'sum')],
      groups: [group('components', { limit: 1 }), group('components')],
    });
    expect(groupLines(session).slice(3, 8)).toEqual([
      'Others (4): 12',
      '  a (2): 3',
      '  b (2): 3',
      '  c (1): 9',
      '  d (1): –',
    ]);
  });
});

describe('dates', () => {
  test('are grouped by the days of the report’s zone', () => {
    expect(grouped(group('created', { by: 'month' }))).toEqual([
      'Dec 2023 (1): 2',
      'Jan 2024 (1): 1',
      'Mar 2024 (2): 13',
      '– (1): –',
    ]);
    const newYork = openSession(
      issues,
      { columns: [], groups: [group('created', { by: 'year' })] },
      { timeZone: 'America/New_York' },
    );
    expect(groupLines(newYork)).toEqual(['2023 (2): ', '2024 (2): ', '– (1): ']);
  });

  test('by value are their days', () => {
    expect(grouped(group('created')).map((line) => line.split(' (')[0])).toEqual([
      '31 Dec 2023',
      '1 Jan 2024',
      '31 Mar 2024',
      '–',
    ]);
  });

  test('by week follow the report’s options', () => {
    expect(grouped(group('created', { by: 'week' }))[0]).toBe('2023-W52 (1): 2');
    expect(grouped(group('created', { by: 'week' }), { weekStart: 'sunday' })[0]).toBe(
      'Week of 31 Dec 2023 (2): 3',
    );
  });
});

describe('numbers', () => {
  test('are grouped by ranges that hold their lower end', () => {
    expect(grouped(group('customfield_10016', { by: 'range', step: 2 }))).toEqual([
      '0 to 2 (1): 1',
      '2 to 4 (1): 2',
      '4 to 6 (1): 4',
      '8 to 10 (1): 9',
      '– (1): –',
    ]);
  });

  test('in ranges of tenths stay where they belong', () => {
    const tenths = [0.1, 0.2, 0.3, 0.6, 0.7].map((points, index) =>
      issue(index + 1, { customfield_10016: points }),
    );
    expect(grouped(group('customfield_10016', { by: 'range', step: 0.1 }), {}, tenths)).toHaveLength(5);
  });

  test('by value are in their order', () => {
    expect(grouped(group('customfield_10016'))[3]).toBe('9 (1): 9');
  });
});

test('names are grouped by their first letter, whatever its case', () => {
  expect(grouped(group('assignee', { by: 'first letter' }))).toEqual([
    'A (2): 3',
    'Ä (1): 9',
    'Z (1): –',
    '– (1): 4',
  ]);
});

test('two people of one name are two groups', () => {
  const two = ['1', '2'].map((accountId, index) =>
    issue(index + 1, { assignee: { accountId, displayName: 'Kim' } }),
  );
  expect(grouped(group('assignee'), {}, two)).toEqual(['Kim (1): –', 'Kim (1): –']);
});

describe('Jira’s own order', () => {
  test('holds for priorities, statuses, versions and sprints', () => {
    const held = [
      issue(1, {
        priority: { id: '1', name: 'Highest' },
        status: { id: '9', name: 'A done', statusCategory: { key: 'done' } },
      }),
      issue(2, {
        priority: { id: '4', name: 'Blah' },
        status: { id: '8', name: 'Z new', statusCategory: { key: 'new' } },
      }),
      issue(3, {
        fixVersions: [
          { id: '1', name: 'alpha', releaseDate: '2024-02-01' },
          { id: '2', name: 'zeta', releaseDate: '2024-01-01' },
          { id: '3', name: 'no date 10' },
          { id: '4', name: 'no date 9' },
        ],
      }),
      issue(4, {
        customfield_10020: [
          { id: 1, name: 'A', startDate: '2024-02-01T00:00:00Z' },
          { id: 2, name: 'B', startDate: '2024-01-01T00:00:00Z' },
          { id: 3, name: 'future' },
        ],
      }),
    ];
    const labels = (rule: Group) => grouped(rule, {}, held).map((line) => line.split(' (')[0]);
    expect(labels(group('priority', { direction: 'descending' }))).toEqual(['Highest', 'Blah', '–']);
    expect(labels(group('status'))).toEqual(['Z new', 'A done', '–']);
    expect(labels(group('fixVersions'))).toEqual(['zeta', 'alpha', 'no date 9', 'no date 10', '–']);
    expect(labels(group('customfield_10020'))).toEqual(['B', 'A', 'future', '–']);
  });
});
