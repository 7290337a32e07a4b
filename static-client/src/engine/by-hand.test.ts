import { describe, expect, test } from 'vitest';
import { column, field, group, groupLines, issue, openSession, textOfCell } from '../../tests/tables';
import type { Definition } from '../definition';
import type { EngineContext } from './protocol';

/*
 * Reports over five issues whose answers were worked out on paper. What matters of the five:
 *
 * | Key | Project | Status | Assignee | Components | Points | Spent | Priority | Due        | Created (UTC)    |
 * |-----|---------|--------|----------|------------|--------|-------|----------|------------|------------------|
 * | A-1 | Alpha   | Open   | Ada      | API, Web   | 5      | 1h    | Highest  | 2024-04-01 | 2024-03-30 23:30 |
 * | A-2 | Alpha   | Open   | Ben      | API        | 3      | –     | Medium   | –          | 2024-03-31 01:30 |
 * | A-3 | Beta    | Done   | Ada      | –          | 0      | 2h    | –        | 2024-12-31 | 2024-12-30 12:00 |
 * | A-4 | Beta    | Done   | –        | Web, DB    | –      | 30m   | Highest  | 2023-01-01 | 2023-01-01 12:00 |
 * | A-5 | Alpha   | Done   | Ben      | DB         | 8      | 0m    | Medium   | –          | 2024-10-27 00:30 |
 *
 * A-5 is a sub-task of A-1; their Σ original estimates are 5h (2h of A-1's own and 3h of A-5) and 3h.
 */

const ada = { accountId: 'u1', displayName: 'Ada' };
const ben = { accountId: 'u2', displayName: 'Ben' };
const alpha = { id: '1', key: 'AL', name: 'Alpha' };
const beta = { id: '2', key: 'BE', name: 'Beta' };
const open = { id: '1', name: 'Open', statusCategory: { key: 'new' } };
const done = { id: '2', name: 'Done', statusCategory: { key: 'done' } };
const [api, web, db] = ['API', 'Web', 'DB'].map((name) => ({ id: name, name }));
const highest = { id: '1', name: 'Highest' };
const medium = { id: '3', name: 'Medium' };
const story = { id: '1', name: 'Story', subtask: false };

const POINTS = 'customfield_10016';
const SIGMA = 'aggregatetimeoriginalestimate';

const ISSUES = [
  issue(1, {
    ...{ project: alpha, status: open, assignee: ada, components: [api, web], priority: highest },
    ...{ [POINTS]: 5, timespent: 3600, duedate: '2024-04-01', created: '2024-03-30T23:30:00.000+0000' },
    ...{ issuetype: story, timeoriginalestimate: 7200, [SIGMA]: 18_000 },
  }),
  issue(2, {
    ...{ project: alpha, status: open, assignee: ben, components: [api], priority: medium },
    ...{ [POINTS]: 3, timespent: null, duedate: null, created: '2024-03-31T03:30:00.000+0200' },
    ...{ issuetype: story, timeoriginalestimate: null, [SIGMA]: null },
  }),
  issue(3, {
    ...{ project: beta, status: done, assignee: ada, components: [], priority: null },
    ...{ [POINTS]: 0, timespent: 7200, duedate: '2024-12-31', created: '2024-12-30T12:00:00.000+0000' },
    ...{ issuetype: story, timeoriginalestimate: null, [SIGMA]: null },
  }),
  issue(4, {
    ...{ project: beta, status: done, assignee: null, components: [web, db], priority: highest },
    ...{ [POINTS]: null, timespent: 1800, duedate: '2023-01-01', created: '2023-01-01T12:00:00.000+0000' },
    ...{ issuetype: story, timeoriginalestimate: null, [SIGMA]: null },
  }),
  issue(5, {
    ...{ project: alpha, status: done, assignee: ben, components: [db], priority: medium },
    ...{ [POINTS]: 8, timespent: 0, duedate: null, created: '2024-10-27T00:30:00.000+0000' },
    ...{ issuetype: { id: '5', name: 'Sub-task', subtask: true }, parent: { id: '1', key: 'A-1' } },
    ...{ timeoriginalestimate: 10_800, [SIGMA]: 10_800 },
  }),
];

function table(rest: Partial<Definition>, context: Partial<EngineContext> = {}): readonly string[] {
  const session = openSession(ISSUES, { columns: [column('issuekey', 'count')], ...rest }, context);
  const { issueCount, totals } = session.view();
  return [`Total (${issueCount}): ${totals.map(textOfCell).join(' | ')}`, ...groupLines(session)];
}

/** The total alone. */
function total(rest: Partial<Definition>): string | undefined {
  return table(rest)[0];
}

const points = (...aggregates: NonNullable<Definition['columns'][number]['aggregate']>[]) => ({
  columns: aggregates.map((aggregate) => column(POINTS, aggregate)),
});

/** Numbers of issues only: what is asked for is which issues stand in which group. */
function counts(rest: Partial<Definition>, context: Partial<EngineContext> = {}): readonly string[] {
  return table(rest, context).map((line) => line.replace(/:[^:]*$/, ''));
}

describe('aggregates of 5, 3, 0, empty and 8', () => {
  test('sum, average and median leave the empty one out: 16, 16 / 4, between 3 and 5', () => {
    expect(total(points('sum', 'average', 'median'))).toBe('Total (5): 16 | 4 | 4');
  });

  test('counts see it: 5 issues, 4 values, 1 without', () => {
    expect(total(points('count', 'count distinct', 'count empty'))).toBe('Total (5): 5 | 4 | 1');
  });

  test('minimum is the zero, maximum 8, range 8', () => {
    expect(total(points('minimum', 'maximum', 'range'))).toBe('Total (5): 0 | 8 | 8');
  });

  test('the sample deviates by the root of (1 + 1 + 16 + 16) / 3', () => {
    expect(total(points('standard deviation'))).toBe('Total (5): 3.37');
  });

  test('percentiles lie between neighbours: 0 + 3 × 0.75, 5 + 3 × 0.7, and the ends', () => {
    const asked = [25, 90, 0, 100].map((percentile) => ({ percentile }));
    expect(total(points(...asked))).toBe('Total (5): 2.25 | 7.1 | 0 | 8');
  });

  test('first and list follow the sort rule, which puts empty last', () => {
    const sort = [{ of: field(POINTS), direction: 'descending' as const }];
    expect(total({ ...points('first', 'list'), sort })).toBe('Total (5): 8 | 8, 5, 3, 0');
  });

  test('durations are told in Jira’s units: 3h 30m in all, 45m in the middle', () => {
    const columns = [column('timespent', 'sum'), column('timespent', 'median')];
    expect(total({ columns })).toBe('Total (5): 3h 30m | 45m');
  });

  test('dates have an earliest and a latest, and lie 730 days apart', () => {
    const columns = [column('duedate', 'minimum'), column('duedate', 'maximum'), column('duedate', 'range')];
    expect(total({ columns })).toBe('Total (5): 1 Jan 2023 | 31 Dec 2024 | 730 d');
  });
});

describe('groups', () => {
  test('by status stand in the order of Jira’s categories', () => {
    expect(table({ ...points('sum'), groups: [group('status')] })).toEqual([
      'Total (5): 16',
      'Open (2): 8',
      'Done (3): 8',
    ]);
  });

  test('by component hold an issue once for each, and the total once', () => {
    expect(table({ ...points('sum'), groups: [group('components')] })).toEqual([
      'Total (5): 16',
      'API (2): 8',
      'DB (2): 8',
      'Web (2): 5',
      '– (1): 0',
    ]);
  });

  test('by all components together hold each issue once', () => {
    expect(counts({ groups: [group('components', { values: 'combined' })] })).toEqual([
      'Total (5)',
      'API (1)',
      'API, Web (1)',
      'DB (1)',
      'DB, Web (1)',
      '– (1)',
    ]);
  });

  test('by first component take the first that Jira names', () => {
    expect(counts({ groups: [group('components', { values: 'first' })] })).toEqual([
      'Total (5)',
      'API (2)',
      'DB (1)',
      'Web (1)',
      '– (1)',
    ]);
  });

  test('of issues without a value come first where asked for', () => {
    expect(counts({ groups: [group('assignee', { empty: 'first' })] })).toEqual([
      'Total (5)',
      '– (1)',
      'Ada (2)',
      'Ben (2)',
    ]);
  });

  test('of issues without a value are hidden where asked for, and the total still holds them', () => {
    expect(table({ ...points('count'), groups: [group('assignee', { empty: 'hide' })] })).toEqual([
      'Total (5): 5',
      'Ada (2): 2',
      'Ben (2): 2',
    ]);
  });

  test('in groups add up to their parent where each issue stands once', () => {
    expect(table({ ...points('sum'), groups: [group('project'), group('status')] })).toEqual([
      'Total (5): 16',
      'Alpha (3): 16',
      '  Open (2): 8',
      '  Done (1): 8',
      'Beta (2): 0',
      '  Done (2): 0',
    ]);
  });

  test('by priority begin with the lowest, or with the highest where descending', () => {
    const byPriority = (direction: 'ascending' | 'descending') =>
      counts({ groups: [group('priority', { direction })] }).slice(1);
    expect(byPriority('ascending')).toEqual(['Medium (2)', 'Highest (2)', '– (1)']);
    expect(byPriority('descending')).toEqual(['Highest (2)', 'Medium (2)', '– (1)']);
  });

  test('beyond a limit are Others; an issue in two of them counts once', () => {
    const rule = group('components', {
      ...{ orderBy: { of: field('timespent'), aggregate: 'sum' }, direction: 'descending', limit: 1 },
    });
    expect(table({ columns: [column('timespent', 'sum')], groups: [rule] })).toEqual([
      'Total (5): 3h 30m',
      'Web (2): 1h 30m',
      'Others (4): 1h 30m',
      '– (1): 2h',
    ]);
  });

  test('by ranges of 3 points hold their lower end', () => {
    expect(counts({ groups: [group(POINTS, { by: 'range', step: 3 })] })).toEqual([
      'Total (5)',
      '0 to 3 (1)',
      '3 to 6 (2)',
      '6 to 9 (1)',
      '– (1)',
    ]);
  });

  test('by first letter', () => {
    expect(counts({ groups: [group('assignee', { by: 'first letter' })] })).toEqual([
      'Total (5)',
      'A (2)',
      'B (2)',
      '– (1)',
    ]);
  });
});

describe('shares', () => {
  test('of the parent and of the total', () => {
    const columns = [column(POINTS, { share: 'parent' }), column(POINTS, { share: 'total' })];
    expect(table({ columns, groups: [group('status'), group('project')] })).toEqual([
      'Total (5): 100% | 100%',
      'Open (2): 50% | 50%',
      '  Alpha (2): 100% | 50%',
      'Done (3): 50% | 50%',
      '  Alpha (1): 100% | 50%',
      '  Beta (2): 0% | 0%',
    ]);
  });
});

describe('Σ original estimates of 5h, of which 3h are its sub-task’s', () => {
  test('are 5h where both stand together, and each its own where they stand apart', () => {
    expect(table({ columns: [column(SIGMA, 'sum')], groups: [group('status')] })).toEqual([
      'Total (5): 5h',
      'Open (2): 5h',
      'Done (3): 3h',
    ]);
  });

  test('equal the own estimates in all', () => {
    const columns = [column(SIGMA, 'sum'), column('timeoriginalestimate', 'sum')];
    expect(total({ columns })).toBe('Total (5): 5h | 5h');
  });
});

describe('periods', () => {
  const byCreated = (by: NonNullable<Parameters<typeof group>[1]>['by'], timeZone: string, options = {}) =>
    counts({ groups: [group('created', by ? { by } : {})], options }, { timeZone }).slice(1);

  test('months begin at Berlin’s midnight: 23:30 on the 30th is the 31st there, still March', () => {
    expect(byCreated('month', 'Europe/Berlin')).toEqual([
      'Jan 2023 (1)',
      'Mar 2024 (2)',
      'Oct 2024 (1)',
      'Dec 2024 (1)',
    ]);
  });

  test('days tell Berlin from New York: 23:30 and 01:30 UTC are one day there, and one day here', () => {
    expect(byCreated('day', 'Europe/Berlin')[1]).toBe('31 Mar 2024 (2)');
    expect(byCreated('day', 'America/New_York').slice(1, 3)).toEqual(['30 Mar 2024 (2)', '26 Oct 2024 (1)']);
  });

  test('ISO weeks give 1 January 2023 to 2022 and 30 December 2024 to 2025', () => {
    expect(byCreated('week', 'UTC')).toEqual([
      '2022-W52 (1)',
      '2024-W13 (2)',
      '2024-W43 (1)',
      '2025-W01 (1)',
    ]);
  });

  test('weeks from Sunday part what Saturday and Sunday held', () => {
    expect(byCreated('week', 'UTC', { weekStart: 'sunday' })).toEqual([
      'Week of 1 Jan 2023 (1)',
      'Week of 24 Mar 2024 (1)',
      'Week of 31 Mar 2024 (1)',
      'Week of 27 Oct 2024 (1)',
      'Week of 29 Dec 2024 (1)',
    ]);
  });

  test('a fiscal year from April is named after the year in which it ends', () => {
    expect(byCreated('fiscal year', 'UTC', { fiscalYearStart: 4 })).toEqual([
      'FY2023 (1)',
      'FY2024 (2)',
      'FY2025 (2)',
    ]);
  });

  test('fiscal quarters are counted from its first month', () => {
    expect(byCreated('fiscal quarter', 'UTC', { fiscalYearStart: 4 })).toEqual([
      'FY2023 Q4 (1)',
      'FY2024 Q4 (2)',
      'FY2025 Q3 (2)',
    ]);
  });
});

describe('filters', () => {
  test('“none of” leaves empties in, “less” leaves them out', () => {
    const filters = (operator: 'none of' | 'less', value: number) =>
      total({ ...points('sum'), filters: [{ of: field(POINTS), operator, values: [value] }] });
    expect(filters('none of', 8)).toBe('Total (4): 8');
    expect(filters('less', 5)).toBe('Total (2): 3');
  });

  test('“all of” asks for both components, “any of” for one', () => {
    const filters = (operator: 'all of' | 'any of') =>
      counts({ filters: [{ of: field('components'), operator, values: ['API', 'Web'] }] });
    expect(filters('all of')).toEqual(['Total (1)', 'A-1']);
    expect(filters('any of')).toEqual(['Total (3)', 'A-1', 'A-2', 'A-4']);
  });

  test('a day is the whole day in the report’s zone', () => {
    const on = (timeZone: string) =>
      counts(
        { filters: [{ of: field('created'), operator: 'equals', values: ['2024-03-31'] }] },
        { timeZone },
      );
    expect(on('Europe/Berlin')).toEqual(['Total (2)', 'A-1', 'A-2']);
    expect(on('UTC')).toEqual(['Total (1)', 'A-2']);
  });
});
