import { describe, expect, test } from 'vitest';
import {
  allRows,
  column,
  field,
  group,
  groupLines,
  issue,
  lines,
  openSession,
  textOfCell,
} from '../../tests/tables';

const open = { id: '1', name: 'Open', statusCategory: { key: 'new' } };
const done = { id: '6', name: 'Done', statusCategory: { key: 'done' } };
const api = { id: '20', name: 'API' };
const web = { id: '21', name: 'Web' };

const issues = [
  issue(10, { status: done, components: [api, web], customfield_10016: 3, timespent: 3600 }),
  issue(2, { status: open, components: [api], customfield_10016: 5, timespent: null }),
  issue(9, { status: open, components: [], customfield_10016: null, timespent: 5400 }),
];

describe('a flat report', () => {
  test('shows issues in natural order of their keys', () => {
    const session = openSession(issues, {
      columns: [column('issuekey'), column('customfield_10016', 'sum')],
    });
    expect(lines(session)).toEqual(['A-2: A-2 | 5', 'A-9: A-9 | –', 'A-10: A-10 | 3']);
    expect(session.view()).toMatchObject({
      rowCount: 3,
      issueCount: 3,
      heldCount: 3,
      groupLabels: [],
      notices: [],
    });
    expect(session.view().totals.map(textOfCell)).toEqual(['–', '8']);
  });

  test('follows the base query’s order where the definition has none of its own', () => {
    const jql = 'project = A ORDER BY "Story Points" DESC, key';
    const columns = [column('customfield_10016')];
    expect(lines(openSession(issues, { jql, columns })).map((line) => line.split(':')[0])).toEqual([
      'A-2',
      'A-10',
      'A-9',
    ]);
  });

  test('gives any window of its rows', () => {
    const session = openSession(issues);
    expect(session.rows(1, 2)).toMatchObject({ from: 1, rows: [{ key: 'A-9' }] });
    expect(session.rows(-5, 99).rows).toHaveLength(3);
    expect(session.rows(7, 9).rows).toEqual([]);
  });

  test('leaves hidden columns out and keeps the index of the rest', () => {
    const columns = [
      { ...column('issuekey'), hidden: true },
      { ...column('timespent', 'sum'), label: 'Spent', width: 90 },
    ];
    const session = openSession(issues, { columns });
    expect(session.view().columns).toEqual([
      {
        index: 1,
        label: 'Spent',
        kind: 'duration',
        numeric: true,
        aggregate: 'sum',
        width: 90,
        missing: false,
      },
    ]);
    expect(lines(session)[1]).toBe('A-9: 1h 30m');
  });

  test('holds an issue once however often it comes', () => {
    const session = openSession([...issues, ...issues]);
    expect(session.refresh().heldCount).toBe(3);
  });
});

describe('a grouped report', () => {
  const columns = [column('customfield_10016', 'sum'), column('timespent', 'sum')];
  const groups = [group('components'), group('status')];

  test('puts an issue with two values in both groups and counts it once above', () => {
    const session = openSession(issues, { columns, groups });
    expect(groupLines(session)).toEqual([
      'API (2): 8 | 1h',
      '  Open (1): 5 | –',
      '  Done (1): 3 | 1h',
      'Web (1): 3 | 1h',
      '  Done (1): 3 | 1h',
      '– (1): – | 1h 30m',
      '  Open (1): – | 1h 30m',
    ]);
    expect(session.view().totals.map(textOfCell)).toEqual(['8', '2h 30m']);
    expect(session.view().groupLabels).toEqual(['Components', 'Status']);
  });

  test('tells each group’s share of its parent’s distinct issues', () => {
    const session = openSession(issues, { groups });
    session.expand(1);
    const shares = allRows(session).map((row) => (row.kind === 'group' ? row.share : undefined));
    expect(shares).toEqual([2 / 3, 1 / 2, 1 / 2, 1 / 3, 1, 1 / 3, 1]);
  });

  test('opens to a depth, to its issues, and by single groups', () => {
    const session = openSession(issues, { groups });
    expect(session.view().rowCount).toBe(3 + 4 + 4);
    expect(session.expand(0).rowCount).toBe(3);
    expect(session.expand(1).rowCount).toBe(7);
    expect(session.expand('all').rowCount).toBe(11);
    const [first] = allRows(session);
    const path = first?.kind === 'group' ? first.path : '';
    expect(session.toggle(path).rowCount).toBe(7);
    expect(allRows(session)[0]).toMatchObject({ expanded: false });
    expect(session.toggle(path).rowCount).toBe(11);
  });

  test('begins closed where a rule says so', () => {
    const closed = openSession(issues, {
      groups: [group('components', { collapsed: true }), group('status')],
    });
    expect(closed.view().rowCount).toBe(3);
  });

  test('keeps what a person opened when the definition changes elsewhere', () => {
    const session = openSession(issues, { groups: [group('status')] });
    session.expand(0);
    const [first] = allRows(session);
    session.toggle(first?.kind === 'group' ? first.path : '');
    const before = session.view().rowCount;
    expect(
      session.define({ jql: 'x', columns: [column('issuekey')], groups: [group('status')] }).rowCount,
    ).toBe(before);
  });

  test('has paths that are the same in another session and hold no value', () => {
    const paths = () =>
      allRows(openSession(issues, { groups })).flatMap((row) => (row.kind === 'group' ? row.path : []));
    expect(paths()).toEqual(paths());
    expect(new Set(paths()).size).toBe(paths().length);
    expect(paths().join()).not.toMatch(/API|Web|Open|Done/i);
  });

  test('takes same-named values of different projects as one group', () => {
    const other = issue(11, { components: [{ id: '99', name: 'API' }, api] });
    const session = openSession([...issues, other], { groups: [group('components')] });
    expect(groupLines(session)).toEqual(['API (3): 3', 'Web (1): 1', '– (1): 1']);
  });
});

describe('what a definition asks for in vain', () => {
  test('is shown as gone, and the rest is computed', () => {
    const columns = [column('customfield_99', 'sum'), column('timespent', 'sum')];
    const rest = {
      columns,
      groups: [group('customfield_98'), group('status')],
      sort: [{ of: field('customfield_97') }],
    };
    const filters = [{ of: field('customfield_96'), operator: 'is empty' as const }];
    const session = openSession(issues, { ...rest, filters });
    expect(session.view().columns.map(({ missing }) => missing)).toEqual([true, false]);
    expect(groupLines(session)[0]).toMatch(
      /^Open \(2\): This field no longer exists, or you may not see it\. \| 1h 30m$/,
    );
    expect(session.view().notices).toHaveLength(3);
    expect(session.view().notices).toContainEqual(
      expect.stringMatching(/^Filter “customfield_96” is left out/),
    );
  });

  test('is told where a field was not loaded', () => {
    const session = openSession(issues);
    const view = session.define({ jql: 'x', columns: [column('duedate')] });
    expect(view.columns[0]?.missing).toBe(true);
    expect(lines(session)[0]).toBe('A-2: Not loaded yet: run the report again.');
  });

  test('is empty where no issue has the field', () => {
    const session = openSession(issues, {
      columns: [column('resolution'), column('duedate', 'count empty')],
    });
    expect(lines(session)[0]).toBe('A-2: – | –');
    expect(session.view().totals.map(textOfCell)).toEqual(['–', '3']);
  });
});
