import { beforeAll, describe, expect, test } from 'vitest';
import { contextOf } from '../../tests/generated-issues';
import { readIssues, realFile } from '../../tests/real-data';
import { allRows, column, field, group, NOW, textOfCell } from '../../tests/tables';
import type { Aggregate, Group } from '../definition';
import type { Cell, RawIssue } from './protocol';
import { EngineSession } from './session';

/*
 * Totals of real issues against plain loops over Jira's JSON that share no code with the engine: no columns, no
 * codes, `Intl` for every date.
 */

const path = realFile('REAL_ISSUES');

const FIELDS = [
  'summary',
  'project',
  'status',
  'priority',
  'created',
  'components',
  'parent',
  'issuetype',
  'timespent',
  'timeoriginalestimate',
  'aggregatetimeoriginalestimate',
  'customfield_10016',
  'customfield_10020',
];

type Json = Record<string, never>;

function names(raw: unknown): readonly string[] {
  const values = Array.isArray(raw) ? raw : [raw];
  const texts = values.map((value) => (value as Json | null)?.name ?? (value as Json | null)?.displayName);
  const distinct = [...new Set(texts.filter((text) => text !== undefined && text !== null))];
  return distinct.length === 0 ? ['–'] : distinct;
}

const month = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  month: 'short',
  year: 'numeric',
});

type Keys = (issue: RawIssue) => readonly string[];
const byMonth: Keys = ({ fields }) => [
  month.format(Date.parse(String(fields.created).replace(/(\d\d)$/, ':$1'))),
];
const byName =
  (id: string): Keys =>
  ({ fields }) =>
    names(fields[id]);

/** The numbers of every group by its path of names, `''` being the whole. */
function naiveGroups(issues: readonly RawIssue[], keys: readonly Keys[], id: string) {
  const groups = new Map<string, { issues: Set<string>; numbers: number[] }>();
  const enter = (path: string, issue: RawIssue) => {
    const group = groups.get(path) ?? { issues: new Set<string>(), numbers: [] };
    groups.set(path, group);
    if (group.issues.has(issue.id)) return;
    group.issues.add(issue.id);
    const number = issue.fields[id];
    if (typeof number === 'number') group.numbers.push(number);
  };
  for (const issue of issues) {
    let paths = [''];
    enter('', issue);
    for (const keysOf of keys) {
      paths = paths.flatMap((path) => keysOf(issue).map((key) => `${path}/${key}`));
      for (const path of paths) enter(path, issue);
    }
  }
  return groups;
}

const NAIVE: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  sum: (numbers) => numbers.reduce((sum, number) => sum + number, 0),
  average: (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length,
  minimum: (numbers) => numbers.reduce((least, number) => Math.min(number, least)),
  maximum: (numbers) => numbers.reduce((most, number) => Math.max(number, most)),
  median: (numbers) => {
    const sorted = [...numbers].sort((left, right) => left - right);
    const middle = sorted.length / 2;
    return sorted.length % 2
      ? Number(sorted[Math.floor(middle)])
      : (Number(sorted[middle - 1]) + Number(sorted[middle])) / 2;
  },
  'standard deviation': (numbers) => {
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
    return Math.sqrt(squares / (numbers.length - 1));
  },
};

function numberOf(cell: Cell | undefined): number | undefined {
  const [value] = cell?.values ?? [];
  if (value?.kind === 'number') return value.number;
  return value?.kind === 'duration' ? value.seconds : undefined;
}

function expectSame(
  cell: Cell | undefined,
  numbers: readonly number[],
  aggregate: Aggregate,
  where: string,
): void {
  const enough = aggregate === 'standard deviation' ? 2 : 1;
  const expected = numbers.length < enough ? undefined : NAIVE[String(aggregate)]?.(numbers);
  const found = numberOf(cell);
  if (expected === undefined) expect(found, where).toBeUndefined();
  else
    expect(Math.abs((found ?? Number.NaN) - expected), where).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(expected)),
    );
}

describe.skipIf(path === undefined)('29,057 real issues', () => {
  const issues = path ? readIssues(path) : [];
  const session = new EngineSession({ jql: 'x', columns: FIELDS.map((id) => column(id)) }, contextOf(), NOW);
  beforeAll(() => session.add(issues));

  const cases: [string, readonly Group[], readonly Keys[], string][] = [
    [
      'project and status',
      [group('project'), group('status')],
      [byName('project'), byName('status')],
      'timeoriginalestimate',
    ],
    [
      'month and component',
      [group('created', { by: 'month' }), group('components')],
      [byMonth, byName('components')],
      'timespent',
    ],
    ['sprint', [group('customfield_10020')], [byName('customfield_10020')], 'customfield_10016'],
    [
      'assignee and priority',
      [group('priority'), group('status'), group('components')],
      [byName('priority'), byName('status'), byName('components')],
      'customfield_10016',
    ],
  ];

  test.each(cases)('by %s have the totals of plain loops', (_, groups, keys, id) => {
    const aggregates = Object.keys(NAIVE) as Aggregate[];
    const columns = [column('issuekey', 'count'), ...aggregates.map((aggregate) => column(id, aggregate))];
    session.define({ jql: 'x', columns, groups: [...groups] });
    session.expand(groups.length - 1);
    const naive = naiveGroups(issues, keys, id);
    const check = (where: string, cells: readonly Cell[]) => {
      const group = naive.get(where);
      expect(numberOf(cells[0]), where).toBe(group?.issues.size);
      aggregates.forEach((aggregate, index) => {
        expectSame(cells[index + 1], group?.numbers ?? [], aggregate, `${where} ${aggregate}`);
      });
    };
    check('', session.view().totals);
    const paths: string[] = [];
    for (const row of allRows(session)) {
      if (row.kind !== 'group') throw new Error('Only groups are open.');
      paths.length = row.depth;
      paths.push(textOfCell(row.label));
      check(`/${paths.join('/')}`, row.cells);
    }
    expect(session.view().rowCount).toBe(naive.size - 1);
  });

  test('count each issue once in Σ: where a parent stands beside its sub-tasks only the parent’s is added', () => {
    const columns = [column('aggregatetimeoriginalestimate', 'sum'), column('timeoriginalestimate', 'sum')];
    const [sigma, own] = session.define({ jql: 'x', columns }).totals.map(numberOf);
    expect(sigma).toBe(own);
    const plain = issues.reduce(
      (sum, { fields }) => sum + Number(fields.aggregatetimeoriginalestimate ?? 0),
      0,
    );
    expect(sigma).toBeLessThan(plain);
  });

  test('sort by summary as the language does', () => {
    const sort = [{ of: field('summary') }];
    session.define({ jql: 'x', columns: [column('summary')], sort });
    session.expand('all');
    const shown = allRows(session).map(({ cells }) => textOfCell(cells[0] ?? { values: [] }));
    const { compare } = new Intl.Collator('en-GB');
    expect(shown).toHaveLength(issues.length);
    while (shown.at(-1) === '–') shown.pop();
    for (let at = 1; at < shown.length; at++) {
      const pair = [shown[at - 1] ?? '', shown[at] ?? ''] as const;
      expect(compare(...pair), pair.join(' / ')).toBeLessThanOrEqual(0);
    }
  });
});
