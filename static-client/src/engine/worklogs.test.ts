import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRows, column, group, issue, openSession, textOfCell } from '../../tests/tables';
import type { Definition } from '../definition';
import type { GroupRow, RawIssue } from './protocol';
import type { EngineSession } from './session';

interface Logged {
  readonly author: string;
  readonly started: string;
  readonly seconds: number;
}

function logged(number: number, worklogs: readonly Logged[], fields: Record<string, unknown> = {}): RawIssue {
  return issue(number, {
    ...fields,
    worklog: {
      total: worklogs.length,
      worklogs: worklogs.map(({ author, started, seconds }, index) => ({
        id: String(number * 1000 + index),
        author: { accountId: author, displayName: author, active: true },
        started,
        timeSpentSeconds: seconds,
      })),
    },
  });
}

const MONDAY = '2024-01-01T09:00:00.000+0100';
const TUESDAY = '2024-01-02T09:00:00.000+0100';
const NEXT_WEEK = '2024-01-08T09:00:00.000+0100';
const HOUR = 3600;

const ISSUES = [
  logged(
    1,
    [
      { author: 'Ann', started: MONDAY, seconds: HOUR },
      { author: 'Ben', started: TUESDAY, seconds: 2 * HOUR },
      { author: 'Ann', started: NEXT_WEEK, seconds: 4 * HOUR },
    ],
    { timeoriginalestimate: 10 * HOUR },
  ),
  logged(2, [{ author: 'Ann', started: TUESDAY, seconds: 8 * HOUR }], { timeoriginalestimate: 20 * HOUR }),
  logged(3, [], { timeoriginalestimate: 40 * HOUR }),
];

const COLUMNS = [
  column('issuekey', 'count'),
  column('worklog.timeSpentSeconds', 'sum'),
  column('timeoriginalestimate', 'sum'),
  column('worklog.started', 'count'),
];

function open(rest: Partial<Definition> = {}, issues: readonly RawIssue[] = ISSUES): EngineSession {
  return openSession(issues, { rows: 'worklog', columns: COLUMNS, ...rest });
}

function groupsOf(session: EngineSession): readonly GroupRow[] {
  session.expand('all');
  return allRows(session).filter((row) => row.kind === 'group');
}

function told(row: GroupRow): readonly unknown[] {
  return [textOfCell(row.label), row.count, row.worklogs, ...row.cells.map(textOfCell)];
}

describe('a report whose rows are worklogs', () => {
  test('has a row for each worklog, with its fields beside those of its issue', () => {
    const columns = ['issuekey', 'worklog.author', 'worklog.timeSpentSeconds', 'timeoriginalestimate'];
    const session = open({ columns: columns.map((id) => column(id)) });
    const rows = allRows(session).map((row) => row.cells.map(textOfCell));
    expect(rows).toEqual([
      ['A-1', 'Ann', '1h', '1d 2h'],
      ['A-1', 'Ben', '2h', '1d 2h'],
      ['A-1', 'Ann', '4h', '1d 2h'],
      ['A-2', 'Ann', '1d', '2d 4h'],
    ]);
  });

  test('counts issues distinct, adds worklogs up row by row and what is the issue’s own once', () => {
    const view = open().view();
    expect([view.issueCount, view.heldCount, view.worklogs]).toEqual([2, 3, 4]);
    expect(view.totals.map(textOfCell)).toEqual(['2', '1d 7h', '3d 6h', '4']);
    expect(view.notices).toEqual([]);
  });

  test('groups by who logged and when; an issue stands in each group and counts once above', () => {
    const groups = [group('worklog.author'), group('worklog.started', { by: 'week' })];
    const rows = groupsOf(open({ groups }));
    expect(rows.map((row) => told(row).slice(1))).toEqual([
      [2, 3, '2', '1d 5h', '3d 6h', '3'],
      [2, 2, '2', '1d 1h', '3d 6h', '2'],
      [1, 1, '1', '4h', '1d 2h', '1'],
      [1, 1, '1', '2h', '1d 2h', '1'],
      [1, 1, '1', '2h', '1d 2h', '1'],
    ]);
    expect(rows[0]?.share).toBe(1);
    expect(rows[3]?.share).toBe(0.5);
  });

  test('is filtered by worklogs, and an issue without one left is counted no more', () => {
    const filters: Definition['filters'] = [
      { of: { field: 'worklog.author' }, operator: 'any of', values: ['Ben'] },
    ];
    const view = open({ filters }).view();
    expect([view.issueCount, view.worklogs]).toEqual([1, 1]);
    expect(view.totals.map(textOfCell)).toEqual(['1', '2h', '1d 2h', '1']);
  });

  test('orders groups by what was logged', () => {
    const orderBy = { of: { field: 'worklog.timeSpentSeconds' }, aggregate: 'sum' as const };
    const rows = groupsOf(open({ groups: [group('worklog.author', { orderBy })] }));
    expect(rows.map((row) => textOfCell(row.label))).toEqual(['Ben', 'Ann']);
  });

  test('computes formulas over worklogs row by row, and over issues once an issue', () => {
    const formulas: Definition['formulas'] = [
      { id: 'logged', name: 'Hours', expression: 'worklog.timeSpentSeconds / 3600', rollup: 'sum' },
      { id: 'planned', name: 'Planned', expression: 'timeoriginalestimate / 3600', rollup: 'sum' },
      {
        id: 'part',
        name: 'Part',
        expression: 'worklog.timeSpentSeconds / timeoriginalestimate',
        rollup: 'evaluate',
      },
    ];
    const columns = ['logged', 'planned', 'part'].map((formula) => ({ of: { formula } }));
    expect(open({ formulas, columns }).view().totals.map(textOfCell)).toEqual(['15', '30', '0.5']);
  });

  test('does not add a parent’s Σ where its sub-tasks were worked on too', () => {
    const subtask = {
      issuetype: { id: '5', name: 'Sub-task', subtask: true },
      parent: { id: '1', key: 'A-1' },
    };
    const work = [
      { author: 'Ann', started: MONDAY, seconds: HOUR },
      { author: 'Ann', started: TUESDAY, seconds: HOUR },
    ];
    const issues = [
      logged(1, work, { aggregatetimeoriginalestimate: 8 * HOUR }),
      logged(2, work, { ...subtask, aggregatetimeoriginalestimate: 3 * HOUR }),
    ];
    const columns = [column('aggregatetimeoriginalestimate', 'sum')];
    for (const order of [issues, [...issues].reverse()]) {
      expect(open({ columns }, order).view().totals.map(textOfCell)).toEqual(['1d']);
    }
  });

  test('must be run again where a row becomes another thing', () => {
    const session = open();
    expect(session.define({ jql: 'a = b', columns: COLUMNS }).notices.join()).toContain(
      'run the report again',
    );
  });

  test('whose rows are issues has no worklogs to tell', () => {
    const session = openSession(ISSUES, { columns: [column('worklog.author')] });
    expect(session.view().worklogs).toBeUndefined();
    expect(allRows(session)[0]?.cells[0]?.error).toContain('not a worklog');
  });
});

describe('whatever was logged', () => {
  const log = fc.record({
    author: fc.constantFrom('Ann', 'Ben', 'Cid'),
    started: fc.constantFrom(MONDAY, TUESDAY, NEXT_WEEK),
    seconds: fc.integer({ min: 1, max: 40 }).map((quarters) => quarters * 900),
  });
  const work = fc.array(fc.record({ logs: fc.array(log, { maxLength: 5 }), estimate: fc.nat(50) }), {
    maxLength: 12,
  });
  const groups = fc.shuffledSubarray([
    group('worklog.author'),
    group('worklog.started', { by: 'week' }),
    group('timeoriginalestimate'),
  ]);

  test('a group holds the sums of its own worklogs and of its distinct issues', () => {
    const property = fc.property(work, groups, (items, rules) => {
      const issues = items.map(({ logs, estimate }, index) =>
        logged(index + 1, logs, { timeoriginalestimate: estimate * HOUR }),
      );
      const columns = [column('worklog.timeSpentSeconds', 'sum'), column('timeoriginalestimate', 'sum')];
      const session = open({ groups: rules, columns }, issues);
      const worked = items.filter(({ logs }) => logs.length > 0);
      const view = session.view();
      expect(view.issueCount).toBe(worked.length);
      expect(view.worklogs).toBe(items.reduce((count, { logs }) => count + logs.length, 0));
      expect(numbersOf(view.totals)).toEqual([
        sumOf(worked.flatMap(({ logs }) => logs.map(({ seconds }) => seconds))),
        sumOf(worked.map(({ estimate }) => estimate * HOUR)),
      ]);
      const outermost = groupsOf(session).filter(({ depth }) => depth === 0);
      if (rules.length > 0) {
        expect(outermost.reduce((sum, { worklogs }) => sum + (worklogs ?? 0), 0)).toBe(view.worklogs);
        for (const { count } of outermost) expect(count).toBeLessThanOrEqual(view.issueCount);
      }
    });
    fc.assert(property, { numRuns: 150 });
  });
});

function sumOf(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, number) => sum + number, 0);
}

function numbersOf(cells: readonly { readonly values: readonly unknown[] }[]): readonly unknown[] {
  return cells.map(({ values: [value] }) => (value as { seconds?: number } | undefined)?.seconds);
}
