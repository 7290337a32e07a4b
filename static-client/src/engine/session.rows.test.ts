import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateIssues } from '../../tests/generated-issues';
import { allRows, column, group, issue, openSession, textOfCell } from '../../tests/tables';
import type { Group } from '../definition';
import type { GroupRow, Row } from './protocol';

const version = (id: string, name: string) => ({ id, name });
const BUG = { id: '1', name: 'Bug', subtask: false, iconUrl: 'https://site/bug.svg' };

function groupRows(rows: readonly Row[]): readonly GroupRow[] {
  return rows.flatMap((row) => (row.kind === 'group' ? [row] : []));
}

/** A group with all that stands below it, each row by its issues and cells. */
function below(rows: readonly Row[], top: Row | undefined): readonly string[] {
  const from = top ? rows.indexOf(top) : -1;
  const end = rows.findIndex((row, at) => at > from && row.depth <= (top?.depth ?? 0));
  return rows.slice(from, end < 0 ? rows.length : end).map((row) => {
    const name = row.kind === 'group' ? `${textOfCell(row.label)} (${row.count})` : row.key;
    return [row.depth, name, ...row.cells.map(textOfCell)].join(' | ');
  });
}

describe('values of one name in several projects', () => {
  const issues = [
    { id: '1', key: 'AB-1', fields: { fixVersions: [version('10', '1.0')] } },
    { id: '2', key: 'AB-2', fields: { fixVersions: [version('10', '1.0')] } },
    { id: '3', key: 'X-Y-9', fields: { fixVersions: [version('20', '1.0'), version('21', '2.0')] } },
    { id: '4', key: 'AB-4', fields: { fixVersions: [] } },
  ];

  test('are one group that tells its projects apart', () => {
    const session = openSession(issues, { groups: [group('fixVersions')] });
    const rows = groupRows(allRows(session));
    expect(rows.map(({ count, projects }) => [count, projects])).toEqual([
      [
        3,
        [
          { key: 'AB', count: 2 },
          { key: 'X-Y', count: 1 },
        ],
      ],
      [1, undefined],
      [1, undefined],
    ]);
  });

  test('do so where the values of an issue are combined, too', () => {
    const both = [version('20', '1.0'), version('11', '2.0')];
    const more = [
      ...issues,
      { id: '5', key: 'AB-5', fields: { fixVersions: [version('10', '1.0'), version('11', '2.0')] } },
      { id: '6', key: 'X-Y-1', fields: { fixVersions: both } },
    ];
    const session = openSession(more, { groups: [group('fixVersions', { values: 'combined' })] });
    const told = groupRows(allRows(session)).map(({ projects }) =>
      projects?.map(({ key, count }) => `${key} ${count}`),
    );
    expect(told).toEqual([undefined, ['X-Y 2', 'AB 1'], undefined]);
  });

  test('are told apart on demand, with counts and totals of each project, and joined again', () => {
    const held = issues.map((one, at) => ({ ...one, fields: { ...one.fields, timespent: 60 * (at + 1) } }));
    const columns = [column('timespent', 'sum'), column('timespent', { share: 'parent' })];
    const session = openSession(held, { columns, groups: [group('fixVersions'), group('timespent')] });
    session.expand(0);
    const before = allRows(session);
    const path = groupRows(before)[0]?.path ?? '';

    const { totals } = session.tellApart(path);

    const parts = groupRows(allRows(session)).map(({ label, part, count, cells }) =>
      [textOfCell(label), part?.project, count, ...cells.map(textOfCell)].join(' '),
    );
    expect(parts).toEqual(['1.0 AB 2 3m 30%', '1.0 X-Y 1 3m 30%', '2.0  1 3m 30%', '–  1 4m 40%']);
    expect(totals.map(textOfCell)).toEqual(['10m', '100%']);
    expect(groupRows(allRows(session)).map(({ part }) => part?.of)).toEqual([
      path,
      path,
      undefined,
      undefined,
    ]);
    session.tellApart(path);
    expect(allRows(session)).toEqual(before);
  });

  test('that are told apart open one by one, and stay apart when issues come', () => {
    const session = openSession(issues, { groups: [group('fixVersions')] });
    session.expand(0);
    session.tellApart(groupRows(allRows(session))[0]?.path ?? '');
    const [first, second] = groupRows(allRows(session));
    expect(first?.path).not.toBe(second?.path);
    session.toggle(second?.path ?? '');
    session.add([{ id: '7', key: 'AB-7', fields: { fixVersions: [version('10', '1.0')] } }]);
    session.refresh();

    expect(allRows(session).map((row) => (row.kind === 'issue' ? row.key : row.count))).toEqual([
      3,
      1,
      'X-Y-9',
      1,
      1,
    ]);
  });

  test('are told apart below one group and stay one below another', () => {
    const status = (id: string) => ({ id, name: id, statusCategory: { key: 'new' } });
    const held = issues.flatMap((one, at) => [
      { ...one, fields: { ...one.fields, status: status('a') } },
      { id: `b${one.id}`, key: `${one.key}${at}`, fields: { ...one.fields, status: status('b') } },
    ]);
    const session = openSession(held, { groups: [group('status'), group('fixVersions')] });
    session.expand(1);
    session.tellApart(groupRows(allRows(session))[1]?.path ?? '');

    expect(groupRows(allRows(session)).map(({ count, part }) => [count, part?.project])).toEqual(
      [[4], [2, 'AB'], [1, 'X-Y'], [1], [1], [4], [3], [1], [1]].map(([count, project]) => [count, project]),
    );
  });

  test('each project’s part is, down to its issues, what a report over that project alone shows', () => {
    const rules = fc.constantFrom<Group[]>(
      [group('fixVersions')],
      [group('fixVersions'), group('status')],
      [group('status'), group('fixVersions'), group('priority')],
      [group('priority'), group('status'), group('fixVersions', { values: 'first' })],
    );
    const columns = [column('timespent', 'sum'), column('timespent', 'median'), column('components', 'list')];
    const property = fc.property(
      fc.integer({ min: 5, max: 40 }),
      fc.integer(),
      rules,
      (size, seed, groups) => {
        const held = generateIssues(size, seed).map((one, at) => {
          const project = one.key.slice(0, one.key.indexOf('-'));
          const name = `${at % 3}.0`;
          return { ...one, fields: { ...one.fields, fixVersions: [version(`${project} ${name}`, name)] } };
        });
        const session = openSession(held, { columns, groups });
        session.expand('all');
        const before = session.view().totals;
        const whole = groupRows(allRows(session)).find(({ projects }) => projects);
        if (!whole) return;
        expect(session.tellApart(whole.path).totals).toEqual(before);
        const rows = allRows(session);
        const parts = groupRows(rows).filter(({ part }) => part?.of === whole.path);
        expect(parts.map(({ part, count }) => ({ key: part?.project, count }))).toEqual(whole.projects);
        for (const row of parts) {
          const own = held.filter(({ key }) => key.startsWith(`${row.part?.project}-`));
          const alone = openSession(own, { columns, groups });
          alone.expand('all');
          const ownRows = allRows(alone);
          const same = ownRows.find((one) => one.kind === 'group' && one.path === whole.path);
          expect(below(rows, row)).toEqual(below(ownRows, same));
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test('say nothing of projects where all are of one', () => {
    const twice = [version('10', '1.0'), version('11', '1.0')].map((fixVersion, index) =>
      issue(index + 1, { fixVersions: [fixVersion] }),
    );
    const [row] = groupRows(allRows(openSession(twice, { groups: [group('fixVersions')] })));
    expect(row).toMatchObject({ count: 2 });
    expect(row).not.toHaveProperty('projects');
  });
});

test('the rows of issues carry the type, whether a column shows it or not', () => {
  const session = openSession([issue(1, { issuetype: BUG }), issue(2, { issuetype: null })], {
    columns: [column('issuekey')],
  });
  const [typed, untyped] = allRows(session);
  expect(typed).toMatchObject({
    type: { kind: 'issuetype', text: 'Bug', subtask: false, iconUrl: 'https://site/bug.svg' },
    cells: [{ values: [{ kind: 'key', key: 'A-1' }] }],
  });
  expect(untyped).not.toHaveProperty('type');
});

test('columns say how names are to be drawn', () => {
  const session = openSession([], {
    columns: [
      { ...column('assignee'), format: { style: 'text' } },
      { ...column('priority'), format: { style: 'icon' } },
      { ...column('timespent'), format: { style: 'hours' } },
    ],
  });
  expect(session.view().columns.map(({ style }) => style)).toEqual(['text', 'icon', undefined]);
});

/** As a person would find it: upwards to the first row that stands further left. */
function parentByLooking(rows: readonly Row[], at: number): number | undefined {
  for (let above = at - 1; above >= 0; above--) {
    if ((rows[above]?.depth ?? 0) < (rows[at]?.depth ?? 0)) return above;
  }
  return undefined;
}

test('every row knows the row around it, wherever the window begins', () => {
  const issues = Array.from({ length: 60 }, (_, index) =>
    issue(index + 1, {
      status: { id: String(index % 3), name: `S${index % 3}` },
      priority: { id: String(index % 4), name: `P${index % 4}` },
      labels: [`l${index % 2}`, `l${index % 5}`],
    }),
  );
  const session = openSession(issues, { groups: [group('status'), group('labels'), group('priority')] });
  const all = allRows(session);
  all.forEach((row, at) => {
    expect(row.parent).toBe(parentByLooking(all, at));
  });
  const property = fc.property(fc.nat(all.length), fc.nat(30), (from, length) => {
    expect(session.rows(from, from + length).rows).toEqual(all.slice(from, from + length));
  });
  fc.assert(property);
  const flat = openSession(issues);
  expect(allRows(flat).some((row) => 'parent' in row)).toBe(false);
});
